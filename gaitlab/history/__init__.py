"""Changes over sessions: comparable sessions, verdicts, trends and goals."""
