"""The page Live: the camera, its socket and what the live sessions of a process share."""
