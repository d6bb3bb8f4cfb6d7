"""The page History: sessions, trends and goals."""
