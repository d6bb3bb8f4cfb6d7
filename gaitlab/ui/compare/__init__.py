"""The page Compare: two sessions side by side."""
