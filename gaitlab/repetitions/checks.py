"""Checks that distinguish exercises with similar signals: the body at the start against the turning point.

Each check returns False only where the clip shows a violation; joints that are not seen raise no objection.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from gaitlab.motion.anthropometry import LEG, SHANK, THIGH, UPPER_ARM
from gaitlab.motion.geometry import angle_at_deg
from gaitlab.motion.runs import known_median
from gaitlab.records import FloatArray, Side
from gaitlab.repetitions.body import Body
from gaitlab.repetitions.counting import Excursion
from gaitlab.repetitions.exercise_row import Check, SideOf
from gaitlab.repetitions.signals import hand_rise, thigh_drops

__all__ = ["CHECKS", "SIDE_OF"]

_STILL_SHARE = 0.5  # what stays moves less than half as far as what moves (ours)
_KNEES_SHARE = 0.25  # of a thigh: a lunge's knees differ by more in height, a squat's by less (ours)
_STEP_SHARE, _FEET_MIN_FRAMES = 0.3, 5  # of a leg: a step is longer, feet that stay seem to move less (ours)
_PART_SHARE = 0.25  # of a leg: a jump sets the feet further apart by more (ours)
_HANDS_SHARE = 0.3  # of a shank: hands at a bar are not higher over the knees (ours)
_ELBOW_DOWN, _ELBOW_UP = -0.6, -0.5  # of an upper arm: 53 degrees or less from hanging; raised by 60 or more (ours)
_OVERHEAD = 0.7  # arms 45 degrees above the shoulders
_HIPS_SHARE = 0.06  # of the body: thighs that sink by 50 degrees lower the hips by 0.09 (ours)
_THIGH_LEVEL = -0.35  # of a shank: thighs nearer to level than 20 degrees are a squat's (ours)


def _at_turn(values: FloatArray, one: Excursion) -> float:
    """Return the median of values, shape (T,) or (T, sides), around the turning point; NaN if unknown there."""
    return known_median(values[one.around_turn])


def _travel_px(points: FloatArray, one: Excursion) -> float:
    """Return the vertical shift of points, shape (T, 2), in the picture from start to turn; NaN if unknown."""
    y = points[one.start : one.turn + 1, 1]
    y = y[np.isfinite(y)]
    return float(abs(y[-1] - y[0])) if y.size > 1 else float("nan")


def _hands_stay(body: Body, one: Excursion) -> bool:
    hands, shoulders = _travel_px(body.middle("WRIST"), one), _travel_px(body.middle("SHOULDER"), one)
    return not hands > _STILL_SHARE * shoulders


def _body_stays(body: Body, one: Excursion) -> bool:
    hands, shoulders = _travel_px(body.middle("WRIST"), one), _travel_px(body.middle("SHOULDER"), one)
    return not shoulders > _STILL_SHARE * hands


def _hips_move(body: Body, one: Excursion) -> bool:
    """Return whether the hips themselves rise or sink in the picture, so that errors of distant knees do not count."""
    height_px = known_median(body.height_px[one.start : one.turn + 1])
    return not _travel_px(body.middle("HIP"), one) < _HIPS_SHARE * height_px


def _feet_stay(body: Body, one: Excursion) -> bool:
    """Return whether the feet keep their places relative to each other from start to end, unlike in walking."""
    feet = body.pair("ANKLE")
    apart = (feet[:, 0] - feet[:, 1])[one.start : one.end + 1] / (
        LEG * body.height_px[one.start : one.end + 1, np.newaxis]
    )
    apart = apart[np.isfinite(apart).all(axis=1)]
    if len(apart) < _FEET_MIN_FRAMES:
        return True
    return bool(np.ptp(np.percentile(apart, [10, 90], axis=0), axis=0).max() <= _STEP_SHARE)


def _knee_difference(body: Body, one: Excursion) -> float:
    """Return the height of the left knee above the right knee, in thigh lengths."""
    knees = body.pair("KNEE")
    return _at_turn(body.above(knees[:, 0], knees[:, 1], THIGH), one)


def _front_leg(body: Body, one: Excursion) -> Side:
    """Return the front leg of a lunge: its knee is the higher one; "both" where the knees are not seen."""
    difference = _knee_difference(body, one)
    if np.isnan(difference):
        return "both"
    return "left" if difference > 0 else "right"


def _bent_leg(body: Body, one: Excursion) -> Side:
    """Return the leg whose knee is bent more at the turn; "both" where the knees are not seen."""
    angles = angle_at_deg(body.pair("HIP"), body.pair("KNEE"), body.pair("ANKLE"))
    left, right = (_at_turn(angles[:, side], one) for side in range(2))
    if not np.isfinite(left + right):
        return "both"
    return "left" if left < right else "right"


def _knees_differ(body: Body, one: Excursion) -> bool:
    return not abs(_knee_difference(body, one)) < _KNEES_SHARE


def _knees_alike(body: Body, one: Excursion) -> bool:
    return not abs(_knee_difference(body, one)) > _KNEES_SHARE


def _legs_part(body: Body, one: Excursion) -> bool:
    feet = body.pair("ANKLE")
    apart = np.abs(feet[:, 0, 0] - feet[:, 1, 0]) / (LEG * body.height_px)
    return not _at_turn(apart, one) - float(apart[one.start]) <= _PART_SHARE


def _hands_low(body: Body, one: Excursion) -> bool:
    return not _at_turn(body.above(body.middle("WRIST"), body.middle("KNEE"), SHANK), one) > _HANDS_SHARE


def _of_sides(pair: FloatArray, one: Excursion) -> FloatArray:
    """Return the columns (left, right) of the sides that the excursion belongs to."""
    return pair if one.side == "both" else pair[:, [0 if one.side == "left" else 1]]


def _elbows(body: Body, one: Excursion) -> float:
    return _at_turn(_of_sides(body.above(body.pair("ELBOW"), body.pair("SHOULDER"), UPPER_ARM), one), one)


def _hands(body: Body, one: Excursion) -> float:
    return _at_turn(_of_sides(hand_rise(body), one), one)


#: Checks by name.
CHECKS: Final[Mapping[Check, Callable[[Body, Excursion], bool]]] = {
    "hands_stay": _hands_stay,
    "body_stays": _body_stays,
    "feet_stay": _feet_stay,
    "knees_differ": _knees_differ,
    "knees_alike": _knees_alike,
    "legs_part": _legs_part,
    "hands_low": _hands_low,
    "elbows_down": lambda body, one: not _elbows(body, one) > _ELBOW_DOWN,
    "arms_raised": lambda body, one: not _elbows(body, one) < _ELBOW_UP,
    "not_overhead": lambda body, one: not _hands(body, one) > _OVERHEAD,
    "hips_move": _hips_move,
    "thighs_steep": lambda body, one: not _at_turn(thigh_drops(body), one) > _THIGH_LEVEL,
}
#: Functions that find the side of a repetition where the signal has none.
SIDE_OF: Final[Mapping[SideOf, Callable[[Body, Excursion], Side]]] = {"front_leg": _front_leg, "bent_leg": _bent_leg}
