"""A folder of OpenPose JSON files, one per frame, with the 25 points of its default model or 18 of its older one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from gaitlab.errors import InputError
from gaitlab.records import FloatArray, PoseTrack
from gaitlab.records.skeleton import N_KEYPOINTS, Keypoint

__all__ = ["read_openpose", "write_openpose"]

K = Keypoint
#: Index in OpenPose's BODY_25 list → our keypoint.
_BODY_25: Final = {
    0: K.NOSE, 2: K.RIGHT_SHOULDER, 3: K.RIGHT_ELBOW, 4: K.RIGHT_WRIST, 5: K.LEFT_SHOULDER, 6: K.LEFT_ELBOW,
    7: K.LEFT_WRIST, 9: K.RIGHT_HIP, 10: K.RIGHT_KNEE, 11: K.RIGHT_ANKLE, 12: K.LEFT_HIP, 13: K.LEFT_KNEE,
    14: K.LEFT_ANKLE, 15: K.RIGHT_EYE, 16: K.LEFT_EYE, 17: K.RIGHT_EAR, 18: K.LEFT_EAR,
}  # fmt: skip
#: The same for the 18 points of its COCO model, which has no middle of the hips.
_COCO_18: Final = {place - (place > 8): keypoint for place, keypoint in _BODY_25.items()}
_LAYOUTS: Final = {25: _BODY_25, 18: _COCO_18}
#: Points that OpenPose has between two of ours.
_MIDDLES: Final = {1: (K.LEFT_SHOULDER, K.RIGHT_SHOULDER), 8: (K.LEFT_HIP, K.RIGHT_HIP)}
_SUFFIX: Final = "_keypoints.json"


def write_openpose(folder: Path, track: PoseTrack, *, stem: str, provenance: dict[str, Any] | None = None) -> None:
    """Write one file per frame into `folder`, named ``STEM_000000000000_keypoints.json``.

    Parameters
    ----------
    folder : Path
        Created if it does not exist.
    track : PoseTrack
        Unknown points are written as zeros, as OpenPose does; toes and heels as well, which are not measured.
    stem : str
        First part of the names.
    provenance : dict, optional
        JSON values for a file ``provenance.json`` beside the frames.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for i in range(len(track)):
        points = _points_25(track.xy_px[i], track.score[i])
        person = {"person_id": [-1], "pose_keypoints_2d": [round(float(v), 4) for v in points.ravel()]}
        frame = {"version": 1.3, "people": [person] if points.any() else []}
        (folder / f"{stem}_{i:012d}{_SUFFIX}").write_text(json.dumps(frame), encoding="utf-8")
    if provenance is not None:
        (folder / "provenance.json").write_text(json.dumps(provenance, indent=1), encoding="utf-8")


def _points_25(xy_px: FloatArray, score: FloatArray) -> FloatArray:
    points = np.zeros((25, 3))
    for place, keypoint in _BODY_25.items():
        points[place] = (*xy_px[keypoint], score[keypoint])
    for place, (one, other) in _MIDDLES.items():
        points[place] = (*((xy_px[one] + xy_px[other]) / 2), min(score[one], score[other]))
    return np.where(np.isfinite(points).all(axis=1, keepdims=True), points, 0.0)


def read_openpose(folder: Path, *, fps: float, image_wh: tuple[int, int] | None = None) -> PoseTrack:
    """Read a folder of OpenPose files, sorted by name; of several people in a frame the first is taken.

    Parameters
    ----------
    folder : Path
    fps : float
        Frames per second: the files contain no times.
    image_wh : tuple of int, optional

    Returns
    -------
    PoseTrack

    Raises
    ------
    InputError
        When there is no such file, or one cannot be read.
    """
    files = sorted(folder.glob(f"*{_SUFFIX}"))
    if not files:
        raise InputError(f"{folder.name}: expected files named ..{_SUFFIX} in this folder, found none")
    xy_px = np.full((len(files), N_KEYPOINTS, 2), np.nan)
    score = np.zeros((len(files), N_KEYPOINTS))
    for i, file in enumerate(files):
        points = _first_person(file)
        for place, keypoint in _LAYOUTS[len(points)].items():
            if points[place, 2] > 0:
                xy_px[i, keypoint], score[i, keypoint] = points[place, :2], min(points[place, 2], 1.0)
    return PoseTrack(time_s=np.arange(len(files)) / fps, xy_px=xy_px, score=score, image_wh=image_wh)


def _first_person(file: Path) -> FloatArray:
    try:
        people = json.loads(file.read_text(encoding="utf-8"))["people"]
        flat = people[0]["pose_keypoints_2d"] if people else [0.0] * 75
        points = np.array(flat, dtype=np.float64).reshape(-1, 3)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{file.name}: this is not an OpenPose file that can be read ({error})") from error
    if len(points) not in _LAYOUTS:
        raise InputError(f"{file.name}: expected 25 or 18 body points, got {len(points)}")
    return points
