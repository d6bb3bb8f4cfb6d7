"""Keypoint files of any format: one reader that recognises what a file is."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from gaitlab.errors import InputError
from gaitlab.formats.c3d import read_c3d
from gaitlab.formats.coco import read_coco
from gaitlab.formats.hdf5 import read_hdf5
from gaitlab.formats.instances import is_mediapipe, is_ultralytics, read_mediapipe, read_mmpose, read_ultralytics
from gaitlab.formats.loading import json_of
from gaitlab.formats.markers import MarkerView
from gaitlab.formats.openpose import read_openpose
from gaitlab.formats.picture_files import holds_pictures
from gaitlab.formats.tables import read_table
from gaitlab.formats.trc import read_trc
from gaitlab.records import Recording

__all__ = ["holds_keypoints", "read_keypoints"]

_TABLES: Final = (".csv", ".csv.gz", ".tsv")
_HDF5: Final = (".h5", ".hdf5", ".nc")
#: Files of people's programs that are something else, and what to do with them.
_ELSEWHERE: Final = {
    ".slp": "a SLEAP project; export it as analysis HDF5 or CSV (in SLEAP: File, Export Analysis)",
    ".pkl": "a Python pickle, which may run programs and is never opened; save the keypoints as CSV or JSON",
    ".pickle": "a Python pickle, which may run programs and is never opened; save the keypoints as CSV or JSON",
    ".npy": "a bare array without names; save the keypoints as CSV",
    ".npz": "a bundle of arrays without names; save the keypoints as CSV",
    ".mat": "a MATLAB file; save the keypoints as CSV",
    ".xlsx": "an Excel workbook; save the sheet as CSV",
    ".xls": "an Excel workbook; save the sheet as CSV",
    ".bvh": "a motion of joint angles, without positions in a picture",
    ".fbx": "a motion of joint angles, without positions in a picture",
    ".mot": "angles or forces over time, without positions; analyse the .trc of the same recording",
    ".sto": "angles or forces over time, without positions; analyse the .trc of the same recording",
}


def holds_keypoints(path: Path) -> bool:
    """Return whether the name of a file or folder is that of keypoints, or of a known file that is not read.

    A folder or a zip of pictures is a video.
    """
    if holds_pictures(path):
        return False
    name = path.name.lower()
    return (
        name.endswith(_TABLES)
        or path.suffix.lower() in {".json", ".trc", ".c3d", ".zip", *_HDF5, *_ELSEWHERE}
        or path.is_dir()
    )


def read_keypoints(
    path: Path,
    *,
    fps: float | None = None,
    image_wh: tuple[int, int] | None = None,
    view: MarkerView = "side",
) -> Recording:
    """Read a file, or a folder or zip of OpenPose JSON, in any of the formats that `gaitlab formats` lists.

    Parameters
    ----------
    path : Path
    fps : float, optional
        Frames per second, for files without times.
    image_wh : tuple of int, optional
        Size of a frame, where the file does not give it.
    view : {"side", "front"}
        From where markers in space are seen.

    Raises
    ------
    InputError
        When the file cannot be read.
    UsageError
        When the time is not known.
    """
    suffix = path.suffix.lower()
    if path.is_dir() or suffix == ".zip":
        return read_openpose(path, fps=fps, image_wh=image_wh)
    if suffix in _ELSEWHERE:
        raise InputError(f"{path.name}: this is {_ELSEWHERE[suffix]}")
    if suffix == ".json":
        return _read_json(path, json_of(path), fps=fps, image_wh=image_wh)
    if suffix == ".trc":
        return read_trc(path, view=view)
    if suffix == ".c3d":
        return read_c3d(path, view=view)
    if suffix in _HDF5:
        return read_hdf5(path, fps=fps, image_wh=image_wh)
    return read_table(path, fps=fps, image_wh=image_wh)


def _read_json(path: Path, document: Any, *, fps: float | None, image_wh: tuple[int, int] | None) -> Recording:
    if isinstance(document, dict):
        if "instance_info" in document:
            return read_mmpose(path, document, fps=fps, image_wh=image_wh)
        if "images" in document or "annotations" in document:
            return read_coco(path, document, fps=fps, image_wh=image_wh)
        if "people" in document:
            raise InputError(f"{path.name}: this is one frame of OpenPose; give the folder with all of them")
    if is_ultralytics(document):
        return read_ultralytics(path, document, fps=fps, image_wh=image_wh)
    if is_mediapipe(document):
        return read_mediapipe(path, document, fps=fps, image_wh=image_wh)
    if isinstance(document, list) and document and isinstance(document[0], dict) and "keypoints" in document[0]:
        return read_coco(path, document, fps=fps, image_wh=image_wh)
    what = f"with {', '.join(map(repr, list(document)[:4]))}" if isinstance(document, dict) else "of another kind"
    raise InputError(
        f"{path.name}: this is JSON {what}; expected keypoints as COCO, AlphaPose, MMPose, Ultralytics or MediaPipe "
        "write them, or a folder of OpenPose JSON"
    )
