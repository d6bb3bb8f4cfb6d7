"""Keypoint files of any format: detection by name, and reading."""

from __future__ import annotations

from pathlib import Path

from gaitlab.errors import UsageError
from gaitlab.formats.coco import read_coco
from gaitlab.formats.csv import is_keypoint_csv, read_track
from gaitlab.formats.openpose import read_openpose
from gaitlab.formats.trc import read_trc
from gaitlab.records import PoseTrack

__all__ = ["holds_keypoints", "read_keypoints"]


def holds_keypoints(path: Path) -> bool:
    """Return whether the name of a file or folder is that of keypoints."""
    return is_keypoint_csv(path) or path.suffix.lower() in {".json", ".trc"} or path.is_dir()


def read_keypoints(path: Path, *, fps: float | None = None, image_wh: tuple[int, int] | None = None) -> PoseTrack:
    """Read a wide CSV, COCO JSON, .trc, or a folder of OpenPose JSON.

    Parameters
    ----------
    path : Path
    fps : float, optional
        Frames per second, for files without times.
    image_wh : tuple of int, optional
        Size of a frame, where the file does not give it.

    Raises
    ------
    InputError
        When the file cannot be read.
    UsageError
        When the time is not known.
    """
    if path.is_dir():
        if fps is None:
            raise UsageError(f"{path.name}: OpenPose files tell no time; give the frames per second with --fps")
        return read_openpose(path, fps=fps, image_wh=image_wh)
    if path.suffix.lower() == ".json":
        return read_coco(path, fps=fps)
    if path.suffix.lower() == ".trc":
        return read_trc(path)
    return read_track(path, image_wh=image_wh)
