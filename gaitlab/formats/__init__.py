"""Files of other programs: one module a format, each reading or writing records."""
