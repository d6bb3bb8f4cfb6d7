"""Pose estimation: the networks, the detections they make, and the tracks of the people in a clip."""
