"""A folder of OpenPose JSON files, one per frame; Pose2Sim and Sports2D write the same with other points."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from gaitlab.errors import InputError
from gaitlab.formats.detections import Detections, layout_of, numbered_files, points_of
from gaitlab.formats.loading import FRAMES_MAX_FILE, json_in, json_of, one_line
from gaitlab.formats.names import BODY_25, BODY_25_FEET
from gaitlab.records import FloatArray, PoseTrack, Recording
from gaitlab.records.skeleton import Keypoint

__all__ = ["read_openpose", "write_openpose"]

K = Keypoint
#: Points that OpenPose has between two of ours.
_MIDDLES: Final = {1: (K.LEFT_SHOULDER, K.RIGHT_SHOULDER), 8: (K.LEFT_HIP, K.RIGHT_HIP)}
_SUFFIX: Final = "_keypoints.json"
_PROVENANCE: Final = "provenance.json"  # beside the frames
_PICTURES: Final = (".webp", ".gif", ".tif", ".tiff", ".avif", ".dng")
_FRAME_MAX, _UNPACKED_MAX = 8 << 20, 1 << 30


def write_openpose(folder: Path, track: PoseTrack, *, stem: str, provenance: dict[str, Any] | None = None) -> None:
    """Write one file per frame into `folder`, named ``STEM_000000000000_keypoints.json``.

    Parameters
    ----------
    folder : Path
        Created if it does not exist.
    track : PoseTrack
        Unknown points are written as zeros, as OpenPose does: small toes always, big toes and heels where the track
        has no feet.
    stem : str
        First part of the names.
    provenance : dict, optional
        JSON values for a file ``provenance.json`` beside the frames.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for i in range(len(track)):
        points = _points_25(track.xy_px[i], track.score[i])
        if track.feet is not None:
            places = list(BODY_25_FEET)
            points[places, :2], points[places, 2] = track.feet.xy_px[i], track.feet.score[i]
            points = np.where(np.isfinite(points).all(axis=1, keepdims=True), points, 0.0)
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
    """Read a folder, or a zip of one, with one JSON file a frame, with everybody in it.

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
    with _opened(folder) as files:
        if not files:
            raise InputError(
                f"{folder.name}: expected a folder of JSON files, one a frame, found none{_instead(folder)}"
            )
        if len(files) > FRAMES_MAX_FILE:
            raise InputError(
                f"{folder.name}: expected at most {FRAMES_MAX_FILE:,} frames; cut the recording into parts"
            )
        numbers = numbered_files(list(files), folder.name)
        found = Detections(file=folder.name, program="OpenPose JSON", image_wh=image_wh)
        sizes: set[int] = set()
        for number, file in numbers.items():
            found.numbers.add(number)
            for person in _people(files[file](), file):
                name, layout = layout_of(len(person), file)
                found.program, found.order_is_assumed = f"OpenPose JSON with {name}", True
                found.points.update(layout.values())
                sizes.add(len(person))
                found.add(number, *points_of(person, layout))
    if len(sizes) > 1:
        raise InputError(f"{folder.name}: people with {' and '.join(map(str, sorted(sizes)))} points in one folder")
    if not sizes:
        raise InputError(f"{folder.name}: nobody is in these {len(files)} frames")
    return found.by_number(fps=fps)


@contextmanager
def _opened(folder: Path) -> Iterator[Mapping[str, Callable[[], Any]]]:
    """Yield the JSON files in a folder or in a zip of one: name → what loads it."""
    if folder.is_dir():
        yield {file.name: partial(json_of, file) for file in sorted(folder.glob("[!.]*.json")) if _is_frame(file.name)}
        return
    try:
        with zipfile.ZipFile(folder) as archive:
            members = [one for one in archive.infolist() if _is_frame(one.filename) and "__MACOSX" not in one.filename]
            if sum(one.file_size for one in members) > _UNPACKED_MAX or any(m.file_size > _FRAME_MAX for m in members):
                raise InputError(f"{folder.name}: this zip unpacks to more than a folder of keypoints has")
            if len({Path(one.filename).parent for one in members}) > 1:
                raise InputError(
                    f"{folder.name}: JSON files lie in several folders of this zip; zip one recording alone"
                )
            yield {Path(one.filename).name: partial(_member, archive, one) for one in members}
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, EOFError) as error:
        raise InputError(f"{folder.name}: this zip cannot be read ({one_line(error)}); check the file") from error


def _instead(folder: Path) -> str:
    """Return what to do with pictures in the place of keypoints."""
    if folder.is_dir() and any(one.suffix.lower() in _PICTURES for one in folder.iterdir()):
        return "; these are pictures of a kind that is not read: save them as JPEG or PNG"
    return ""


def _is_frame(name: str) -> bool:
    plain = Path(name).name
    return plain.lower().endswith(".json") and plain != _PROVENANCE and not plain.startswith(".")


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Any:
    with archive.open(member) as file:
        raw = file.read(_FRAME_MAX + 1)
    if len(raw) > _FRAME_MAX:
        raise InputError(f"{member.filename[:80]}: this frame is larger than the zip says; check the file")
    return json_in(raw, Path(member.filename).name)


def _people(document: Any, file: str) -> list[FloatArray]:
    """Return the points of everybody in a frame, shapes (P, 3)."""
    try:
        flat = [person["pose_keypoints_2d"] for person in document["people"]]
        return [np.array(one, dtype=np.float64).reshape(-1, 3) for one in flat if one]
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise InputError(
            f'{file}: this is not an OpenPose file that can be read ({one_line(error)}); expected "people" with '
            '"pose_keypoints_2d"'
        ) from error
