"""The metrics: their names, units, directions and wording, and the confidence in them."""
