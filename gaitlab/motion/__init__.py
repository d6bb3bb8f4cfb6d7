"""A track made fit to measure: repaired, smoothed, with angles and the view it was seen from."""
