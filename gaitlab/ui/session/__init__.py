"""The page Session: the report of one clip."""
