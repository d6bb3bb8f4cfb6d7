"""GaitLab: gait and repetition reports from video of one person."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("gaitlab")
except PackageNotFoundError:  # run from a bare checkout that was never installed
    __version__ = "0.0.0+unknown"
