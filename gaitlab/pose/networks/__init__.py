"""Pose networks behind one protocol, and the one place that runs them."""
