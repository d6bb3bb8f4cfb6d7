"""Pose estimation: model files, the crop that follows a person, and the networks."""
