"""Did it change: what can be compared, verdicts, trends, goals."""
