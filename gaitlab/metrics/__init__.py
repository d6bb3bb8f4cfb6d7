"""What a number is: its name, unit and direction, how it is said, how sure it is."""
