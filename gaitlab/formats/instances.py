"""JSON with the people of one frame after the other: MMPose, Ultralytics and MediaPipe.

These files are lists; the number of a frame is stated (`frame_id`) or its place in the list.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from gaitlab.errors import InputError
from gaitlab.formats.detections import Detections, layout_of, points_of
from gaitlab.formats.loading import one_line
from gaitlab.formats.names import MEDIAPIPE, places_of
from gaitlab.records import FloatArray, Recording

__all__ = ["is_mediapipe", "is_ultralytics", "read_mediapipe", "read_mmpose", "read_ultralytics"]

_BAD: Final = (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError)
#: Keys under which people keep the landmarks of a frame of MediaPipe.
_LANDMARKS: Final = ("pose_landmarks", "landmarks", "keypoints", "poseLandmarks")


def read_mmpose(
    path: Path, document: dict[str, Any], *, fps: float | None, image_wh: tuple[int, int] | None
) -> Recording:
    """Return what the predictions of MMPose's inferencer tell: ``instance_info`` and, where it stands, ``meta_info``.

    Raises
    ------
    InputError, UsageError
        As `Detections.by_number`.
    """
    found = Detections(file=path.name, program="MMPose JSON", image_wh=image_wh)
    try:
        layout = _named_layout(document.get("meta_info") or {})
        for place, info in enumerate(document["instance_info"]):
            number = int(info.get("frame_id", place))
            found.numbers.add(number)
            for one in info["instances"]:
                xy = np.array(one["keypoints"], dtype=np.float64)
                if xy.ndim == 2 and xy.shape[1] == 3:
                    raise InputError(f"{path.name}: these points have depth; GaitLab reads positions in the picture")
                score = np.array(one.get("keypoint_scores", np.ones(len(xy))), dtype=np.float64)
                _add(found, number, np.column_stack([xy, score]), layout, who=one.get("track_id"))
    except _BAD as error:
        raise InputError(f"{path.name}: this is not MMPose JSON that can be read ({one_line(error)})") from error
    return found.by_number(fps=fps)


def _named_layout(meta: Mapping[str, Any]) -> Mapping[int, int] | None:
    names = meta.get("keypoint_id2name")
    if not names:
        return None
    ordered = [str(names[key]) for key in sorted(names, key=int)]
    return {place: point for point, place in places_of(ordered).items()}


def _add(
    found: Detections, number: int, points: FloatArray, layout: Mapping[int, int] | None, *, who: Any = None
) -> None:
    if layout is None:
        name, layout = layout_of(len(points), found.file)
        found.program, found.order_is_assumed = f"{found.program.partition(' with ')[0]} with {name}", True
    found.points.update(layout.values())
    found.add(number, *points_of(points, layout), who=None if who is None else str(who))


def is_ultralytics(document: Any) -> bool:
    """Return whether it is a list of frames, each a list of results with keypoints x, y and visible."""
    if not isinstance(document, list):
        return False
    first = next((frame[0] for frame in document if isinstance(frame, list) and frame), None)
    return isinstance(first, dict) and isinstance(first.get("keypoints"), dict) and "x" in first["keypoints"]


def read_ultralytics(
    path: Path, document: list[Any], *, fps: float | None, image_wh: tuple[int, int] | None
) -> Recording:
    """Return what a list of Ultralytics' results tells, one list a frame, as ``json.loads(result.to_json())`` gives."""
    found = Detections(file=path.name, program="Ultralytics JSON", image_wh=image_wh)
    try:
        for number, frame in enumerate(document):
            found.numbers.add(number)
            for one in frame:
                given = one["keypoints"]
                score = given.get("visible") or [1.0] * len(given["x"])
                points = np.array([given["x"], given["y"], score], dtype=np.float64).T
                _add(found, number, points, None, who=one.get("track_id"))
    except _BAD as error:
        raise InputError(f"{path.name}: this is not Ultralytics JSON that can be read ({one_line(error)})") from error
    return found.by_number(fps=fps)


def is_mediapipe(document: Any) -> bool:
    """Return whether it is a list of frames with 33 landmarks, each with x and y."""
    frames = _frames(document)
    first = next((_landmarks(frame) for frame in frames if _landmarks(frame)), None)
    return first is not None and isinstance(first[0], dict) and {"x", "y"} <= set(first[0])


def _frames(document: Any) -> list[Any]:
    if isinstance(document, dict):
        document = next((document[key] for key in ("frames", "data", "results") if key in document), [])
    return document if isinstance(document, list) else []


def _landmarks(frame: Any) -> list[Any]:
    """Return a frame's landmarks; of the lists that MediaPipe's tasks give, one a person, the first."""
    if isinstance(frame, dict):
        frame = next((frame[key] for key in _LANDMARKS if key in frame), [])
    if isinstance(frame, list) and frame and isinstance(frame[0], list):
        frame = frame[0]
    return frame if isinstance(frame, list) else []


def read_mediapipe(path: Path, document: Any, *, fps: float | None, image_wh: tuple[int, int] | None) -> Recording:
    """Return what a list of frames with MediaPipe's 33 landmarks tells; shares of the picture need its size.

    A frame is the list itself, or holds it under a key such as "landmarks". It may state "frame" or "time_s".
    """
    program, layout = MEDIAPIPE
    found = Detections(file=path.name, program=program, image_wh=image_wh, points=set(layout.values()))
    times: list[float] = []
    try:
        frames = _frames(document)
        timed = all(isinstance(frame, dict) and "time_s" in frame for frame in frames)
        for place, frame in enumerate(frames):
            number = int(frame.get("frame", place)) if isinstance(frame, dict) and not timed else place
            found.numbers.add(number)
            if timed:
                times.append(float(frame["time_s"]))
            marks = _landmarks(frame)
            if marks and len(marks) != 33:
                raise InputError(f"{path.name}: expected 33 landmarks in frame {number}, got {len(marks)}")
            if marks:
                points = [(m["x"], m["y"], m.get("visibility", m.get("score", 1.0))) for m in marks]
                found.add(number, *points_of(points, layout))
    except _BAD as error:
        raise InputError(f"{path.name}: these landmarks cannot be read ({one_line(error)})") from error
    return found.by_times(np.array(times)) if times else found.by_number(fps=fps)
