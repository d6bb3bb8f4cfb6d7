"""GaitLab: gait and repetition reports from video of one person."""

from importlib.metadata import PackageNotFoundError, version

# The name of the distribution: on package indexes "gaitlab" is somebody else's package.
try:
    __version__ = version("gaitlab-video")
except PackageNotFoundError:  # run from a bare checkout that was never installed
    __version__ = "0.0.0+unknown"
