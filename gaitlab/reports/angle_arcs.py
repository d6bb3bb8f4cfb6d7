"""Angles drawn at their joints: an arc between the two segments, and beside it the number."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from gaitlab.motion.body_figure import body_figure
from gaitlab.motion.geometry import midpoint
from gaitlab.motion.kinematics import ANGLE_ARMS, Arms, Segment
from gaitlab.records import Analysis, FloatArray, Side
from gaitlab.records.skeleton import SIDE_COLORS, side_of_name
from gaitlab.reports.drawing import Line, Rect, Shape, Text
from gaitlab.reports.key_moments import is_walk_from_the_front

__all__ = ["DrawnAngle", "angle_at", "angle_shapes", "drawn_arms"]

#: An arc between keypoints that says more or less than its number is not drawn (ours; keypoints are sent to 0.1 px).
_APART_MAX_DEG: Final = 1.0
# In points. As on the page, but smaller: an arc as long as 0.4 of the shorter arm, and its number beside it.
_RADIUS_SHARE, _RADIUS_MIN, _RADIUS_MAX = 0.4, 6.0, 16.0
_BEYOND: Final = 1.35  # of the radius: how far the reference is drawn
_AWAY: Final = 13.0  # of the number from the arc
_SIZE: Final = 9.0
_LETTER: Final = 0.55  # width of a digit over the size


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnAngle:
    """An angle at one moment: where it lies in the picture, its number in words, and its side."""

    arms: Arms
    words: str
    side: Side


def drawn_arms(analysis: Analysis, name: str, rows: slice = slice(None)) -> Arms | None:
    """Return where an angle lies in the picture, judged by some frames; None where it is not to be drawn there.

    An arc needs a side that does the exercise, and keypoints that have the angle: not so where the angle is against a
    vertical that is no vertical of the picture, nor of a walk from the front, in which it is not seen.
    """
    if is_walk_from_the_front(analysis):
        return None
    arms, side = ANGLE_ARMS.get(name), side_of_name(name)
    busy = {rep.side for rep in analysis.exercise.repetitions} if analysis.exercise else set()
    if arms is None or (side != "both" and len(busy) == 1 and not busy & {side, "both"}):
        return None
    apart_deg = np.abs(arms.amount_deg(analysis.track.xy_px[rows]) - np.abs(analysis.angles.angle(name)[rows]))
    if not np.isfinite(apart_deg).any() or np.nanmedian(apart_deg) > _APART_MAX_DEG:
        return None
    return arms


def angle_at(analysis: Analysis, name: str, row: int) -> DrawnAngle | None:
    """Return an angle in one frame, to be drawn; None where it is unknown there or not to be drawn."""
    deg = float(analysis.angles.angle(name)[row])
    arms = drawn_arms(analysis, name) if math.isfinite(deg) else None
    if arms is None:
        return None
    return DrawnAngle(arms=arms, words=f"{round(deg) + 0:d}°".replace("-", "−"), side=side_of_name(name))


def _places(pose_xy: FloatArray, segment: Segment) -> tuple[FloatArray, FloatArray]:
    start, end = (midpoint(pose_xy[place[0]], pose_xy[place[-1]]) for place in segment)
    return start, end


def _clear_place(places: Sequence[FloatArray], pose_xy: FloatArray, *, wide: float) -> FloatArray:
    """Return the first place for a number of a width that no limb crosses; else the one furthest from all of them."""
    bones = [(np.array(start), np.array(end)) for start, end, _ in body_figure(pose_xy).bones]
    room = [min((_distance(place, *bone) for bone in bones), default=math.inf) for place in places]
    return next(
        (place for place, far in zip(places, room, strict=True) if far > wide / 2), places[int(np.argmax(room))]
    )


def _distance(point: FloatArray, start: FloatArray, end: FloatArray) -> float:
    """Return how far a point lies from a line that ends at both ends."""
    way = end - start
    along = np.clip((point - start) @ way / max(float(way @ way), 1e-9), 0.0, 1.0)
    return float(np.hypot(*(point - start - along * way)))


def angle_shapes(pose_xy: FloatArray, angle: DrawnAngle) -> Iterator[Shape]:
    """Yield the reference, the arc and the number of an angle; nothing where one of its points is unknown.

    Parameters
    ----------
    pose_xy : ndarray, shape (17, 2)
        The keypoints on the drawing, in points.
    angle : DrawnAngle
    """
    joint, end = _places(pose_xy, angle.arms.arm)
    way = end - joint
    if isinstance(angle.arms.reference, str):
        reference = np.array([0.0, -1.0 if angle.arms.reference == "up" else 1.0])
        lengths = [float(np.hypot(*way))]
    else:
        start, stop = _places(pose_xy, angle.arms.reference)
        reference = stop - start
        lengths = [float(np.hypot(*way)), float(np.hypot(*reference))]
    if not np.isfinite([*joint, *way, *reference]).all() or min(lengths) == 0.0:
        return
    radius = min(max(_RADIUS_SHARE * min(lengths), _RADIUS_MIN), _RADIUS_MAX)
    first = math.atan2(reference[1], reference[0])
    sweep = math.atan2(reference[0] * way[1] - reference[1] * way[0], float(reference @ way))

    def at(direction: float, far: float) -> tuple[float, float]:
        return float(joint[0] + far * math.cos(direction)), float(joint[1] + far * math.sin(direction))

    color = SIDE_COLORS[angle.side]
    arc = tuple(at(first + sweep * share, radius) for share in np.linspace(0.0, 1.0, 13))
    for stroke, width in (("#ffffff", 3.0), (color, 1.4)):  # a light rim, to be seen on any picture
        yield Line(points=((float(joint[0]), float(joint[1])), at(first, _BEYOND * radius)), color=stroke, width=width)
        yield Line(points=arc, color=stroke, width=width)
    wide = _SIZE * _LETTER * len(angle.words) + 4
    away = -1.0 if math.cos(first + sweep / 2) > 0 else 1.0  # the other side of the joint than the arc
    places = [joint + np.array([side * far, 0.0]) * (_AWAY + _SIZE / 2) for far in (1.0, 1.8) for side in (away, -away)]
    x, y = map(float, _clear_place(places, pose_xy, wide=wide))
    yield Rect(x=x - wide / 2, y=y - _SIZE / 2 - 2, width=wide, height=_SIZE + 4, color="#ffffff", opacity=0.85)
    yield Text(x=x, y=y + 0.36 * _SIZE, text=angle.words, color=color, size=_SIZE, anchor="middle")
