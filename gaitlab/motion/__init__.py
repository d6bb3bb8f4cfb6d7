"""Preparation of a pose track for measurement: repair, smoothing, camera view and joint angles."""
