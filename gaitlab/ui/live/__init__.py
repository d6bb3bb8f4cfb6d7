"""The page Live: the camera, its socket and the resources shared by the live sessions of a process."""
