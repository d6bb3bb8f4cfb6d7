"""A folder of OpenPose JSON files, one per frame; Pose2Sim and Sports2D write the same with other points."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from gaitlab.errors import InputError
from gaitlab.formats.detections import Detections, chosen_rows, layout_of, number_in, points_of
from gaitlab.formats.loading import FRAMES_MAX_FILE, json_of, one_line
from gaitlab.formats.names import BODY_25
from gaitlab.records import FloatArray, PoseTrack, Recording
from gaitlab.records.skeleton import Keypoint

__all__ = ["read_openpose", "write_openpose"]

K = Keypoint
#: Points that OpenPose has between two of ours.
_MIDDLES: Final = {1: (K.LEFT_SHOULDER, K.RIGHT_SHOULDER), 8: (K.LEFT_HIP, K.RIGHT_HIP)}
_SUFFIX: Final = "_keypoints.json"
_PROVENANCE: Final = "provenance.json"  # beside the frames


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
        (folder / _PROVENANCE).write_text(json.dumps(provenance, indent=1), encoding="utf-8")


def _points_25(xy_px: FloatArray, score: FloatArray) -> FloatArray:
    points = np.zeros((25, 3))
    for place, keypoint in BODY_25.items():
        points[place] = (*xy_px[keypoint], score[keypoint])
    for place, (one, other) in _MIDDLES.items():
        points[place] = (*((xy_px[one] + xy_px[other]) / 2), min(score[one], score[other]))
    return np.where(np.isfinite(points).all(axis=1, keepdims=True), points, 0.0)


def read_openpose(folder: Path, *, fps: float | None, image_wh: tuple[int, int] | None = None) -> Recording:
    """Read a folder with one JSON file a frame, with everybody in it.

    The last number in a file's name is the number of its frame, as OpenPose, Pose2Sim and Sports2D write it.

    Parameters
    ----------
    folder : Path
    fps : float or None
        Frames per second: the files contain no times.
    image_wh : tuple of int, optional

    Raises
    ------
    UsageError
        Without `fps`.
    InputError
        When there is no such file, or one cannot be read.
    """
    files = [file for file in sorted(folder.glob("[!.]*.json")) if file.name != _PROVENANCE]
    if not files:
        raise InputError(f"{folder.name}: expected a folder of JSON files, one a frame, found none")
    if len(files) > FRAMES_MAX_FILE:
        raise InputError(f"{folder.name}: expected at most {FRAMES_MAX_FILE:,} frames; cut the recording into parts")
    numbers = chosen_rows([number_in(file.name) for file in files], folder.name)
    _check_one_recording(files, numbers, folder.name)
    found = Detections(file=folder.name, program="OpenPose JSON", image_wh=image_wh)
    sizes: set[int] = set()
    for number, file in zip(numbers, files, strict=True):
        found.numbers.add(number)
        for person in _people(file):
            name, layout = layout_of(len(person), file.name)
            found.program, found.order_is_assumed = f"OpenPose JSON with {name}", True
            found.points.update(layout.values())
            sizes.add(len(person))
            found.add(number, *points_of(person, layout))
    if len(sizes) > 1:
        raise InputError(f"{folder.name}: people with {' and '.join(map(str, sorted(sizes)))} points in one folder")
    if not sizes:
        raise InputError(f"{folder.name}: nobody is in these {len(files)} frames")
    return found.by_number(fps=fps)


def _check_one_recording(files: list[Path], numbers: list[int], folder: str) -> None:
    known: dict[int, str] = {}
    for number, file in zip(numbers, files, strict=True):
        if number in known:
            raise InputError(
                f"{folder}: {known[number]} and {file.name} are both frame {number}; put each recording into a folder "
                "of its own"
            )
        known[number] = file.name


def _people(file: Path) -> list[FloatArray]:
    """Return the points of everybody in a frame, shapes (P, 3)."""
    document = json_of(file)
    try:
        flat = [person["pose_keypoints_2d"] for person in document["people"]]
        return [np.array(one, dtype=np.float64).reshape(-1, 3) for one in flat if one]
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise InputError(
            f'{file.name}: this is not an OpenPose file that can be read ({one_line(error)}); expected "people" with '
            '"pose_keypoints_2d"'
        ) from error
