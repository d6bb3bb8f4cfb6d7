"""The signals that are counted, and the positions the person must be in: functions of the body, by name.

Signals are vertical distances in body lengths. They do not change when the person turns on the spot, so they hold from
the side, from the front and from behind, but not under a camera that points down steeply.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gaitlab.motion.anthropometry import ARM, FOREARM, LEG, THIGH, TRUNK
from gaitlab.motion.geometry import midpoint, segment_length_px
from gaitlab.records import FloatArray, Side
from gaitlab.repetitions.body import Body
from gaitlab.repetitions.exercise_row import Counting, Position, Signal

__all__ = ["POSITIONS", "SIGNALS", "hand_rise", "row_signals", "thigh_drops"]

_UPRIGHT_SHARE = 0.3  # of the trunk's length: least height of the shoulders over the hips when upright (ours)
_PLANK_SHARE = 0.7  # of the trunk's length: the trunk is nearer to level than to upright (45 degrees)
_FLOOR_SHARE = 0.35  # of the leg: the hips of somebody who sits or lies are not higher above the feet (ours)
_STANDING_SHARE = 0.55  # of the leg: higher than sitting on a chair, where the shank alone carries the hips (ours)


def _nan_min(values: FloatArray) -> FloatArray:
    """Return the minimum over the last axis, NaN ignored; NaN where nothing is known."""
    return np.asarray(np.where(np.isfinite(values).any(axis=-1), np.fmin.reduce(values, axis=-1), np.nan))


def thigh_drops(body: Body) -> FloatArray:
    """Return the height of the knees minus that of the hips, in shank lengths, (T, 2): about -1 standing, 0 level.

    Each leg is measured by its own shank, so it holds from the side and from the front, near and far.
    """
    hips, knees, ankles = body.pair("HIP"), body.pair("KNEE"), body.pair("ANKLE")
    shank = segment_length_px(knees, ankles)
    return np.asarray((hips[..., 1] - knees[..., 1]) / np.where(shank > 0, shank, np.nan))


def _thigh_drop(body: Body) -> FloatArray:
    """Return the smaller thigh drop of the two legs, so that one leg alone (a step, a lunge) is no squat."""
    return _nan_min(thigh_drops(body))


def _thigh_rise(body: Body) -> FloatArray:
    """Return the steepness of the thighs: 0 seated, 1 standing; the mean of the legs."""
    drops = thigh_drops(body)
    return -midpoint(drops[:, 0], drops[:, 1])


def _knee_lift(body: Body) -> FloatArray:
    """Return the height of each knee over its hip in thigh lengths, shape (T, 2): -1 standing, 0 with a level thigh."""
    return -body.above(body.pair("HIP"), body.pair("KNEE"), THIGH)


def _hip_heights(body: Body) -> FloatArray:
    """Return the height of the hips over each foot in leg lengths, shape (T, 2): about 1 standing."""
    return body.above(body.middle("HIP")[:, np.newaxis], body.pair("ANKLE"), LEG)


def _hip_drop(body: Body) -> FloatArray:
    """Return minus the height of the hips over the lower foot, so that a foot raised or set back does not matter."""
    return _nan_min(-_hip_heights(body))


def hand_rise(body: Body) -> FloatArray:
    """Return the height of each hand over its shoulder in arm lengths, shape (T, 2): -1 hanging, +1 overhead."""
    return body.above(body.pair("WRIST"), body.pair("SHOULDER"), ARM)


def _hands_rise(body: Body) -> FloatArray:
    rise = hand_rise(body)
    return midpoint(rise[:, 0], rise[:, 1])


def _forearm_rise(body: Body) -> FloatArray:
    return body.above(body.pair("WRIST"), body.pair("ELBOW"), FOREARM)


def _trunk_rise(body: Body) -> FloatArray:
    """Return the height of the shoulders over the hips in trunk lengths: 0 lying, 1 upright."""
    return body.above(body.middle("SHOULDER"), body.middle("HIP"), TRUNK)


def _upright(body: Body) -> NDArray[np.bool_]:
    """Return the mask of an upright trunk: shoulders well above the hips, neither lying nor bent to the ground."""
    shoulders, hips = body.middle("SHOULDER"), body.middle("HIP")
    length = segment_length_px(hips, shoulders)
    if not np.isfinite(length).any():
        return np.zeros(len(body.track), dtype=bool)
    return np.asarray(hips[:, 1] - shoulders[:, 1] > _UPRIGHT_SHARE * np.nanpercentile(length, 95))


def _plank(body: Body) -> NDArray[np.bool_]:
    """Return the mask of a trunk that is level or points at the camera; unknown hips are no objection."""
    rise = _trunk_rise(body)
    return np.asarray(~(np.abs(rise) > _PLANK_SHARE))


def _on_floor(body: Body) -> NDArray[np.bool_]:
    """Return the mask of hips hardly above the feet, or below the knees where no foot is seen."""
    feet = _nan_min(-_hip_heights(body))
    knees = body.above(body.middle("HIP"), body.middle("KNEE"), THIGH)
    return np.asarray(np.where(np.isfinite(feet), -feet < _FLOOR_SHARE, knees < _FLOOR_SHARE))


def _standing(body: Body) -> NDArray[np.bool_]:
    return np.asarray(-_hip_drop(body) > _STANDING_SHARE)


def _hands_up(body: Body) -> NDArray[np.bool_]:
    return np.asarray(_hands_rise(body) > 0.0)


def _anywhere(body: Body) -> NDArray[np.bool_]:
    return np.ones(len(body.track), dtype=bool)


#: Signals by name: shape (T,), or (T, 2) for left and right.
SIGNALS: Final[Mapping[Signal, Callable[[Body], FloatArray]]] = {
    "thigh_drop": _thigh_drop,
    "thigh_rise": _thigh_rise,
    "hip_drop": _hip_drop,
    "shoulders_to_hands": _hands_rise,
    "shoulders_down": lambda body: -_hands_rise(body),
    "forearm_rise": _forearm_rise,
    "hand_rise": hand_rise,
    "hands_rise": _hands_rise,
    "trunk_rise": _trunk_rise,
    "knee_lift": _knee_lift,
    "trunk_bend": lambda body: -_trunk_rise(body),
}
#: Positions by name: where, shape (T,), the person is in it.
POSITIONS: Final[Mapping[Position, Callable[[Body], NDArray[np.bool_]]]] = {
    "upright": _upright,
    "standing": _standing,
    "plank": _plank,
    "on_floor": _on_floor,
    "hands_up": _hands_up,
    "anywhere": _anywhere,
}


def row_signals(body: Body, counting: Counting) -> dict[Side, FloatArray]:
    """Return the signal of an exercise's row: of "both", or of "left" and "right" where it has two columns."""
    signal = SIGNALS[counting.signal](body)
    return {"both": signal} if signal.ndim == 1 else {"left": signal[:, 0], "right": signal[:, 1]}
