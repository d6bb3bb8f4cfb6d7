"""Files of other programs: one module per format, each reading or writing records."""
