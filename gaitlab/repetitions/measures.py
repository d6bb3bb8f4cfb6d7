"""Measures of the depth of a repetition, from heights in the picture: true from the side, the front and between.

A level camera shows the true height of a bone from any side; only the distance to the camera stays hidden. So the angle
of a bone to the vertical follows from its height and its length, and its length is the largest seen in the repetition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from gaitlab.motion.anthropometry import ARM, TRUNK, UPPER_ARM
from gaitlab.motion.geometry import midpoint, segment_length_px
from gaitlab.records import FloatArray
from gaitlab.records.skeleton import SIDES, Keypoint, OneSide
from gaitlab.repetitions.standards import Aspect, Measure

__all__ = ["MEASURES", "UPPER_ARM_SHARE", "aspect_of", "joint_of", "longest_px"]

_LONGEST_PERCENTILE = 95
# Width of the shoulders over the length of the trunk: people seen from the side measure at most 0.17 in walking, from
# the front 0.44 to 0.84; 0.35 is where knee angles begin to be foreshortened visibly (ours).
_SIDE_MAX, _FRONT_MIN = 0.35, 0.50
#: Upper arm over arm to the wrist.
UPPER_ARM_SHARE: Final = UPPER_ARM / ARM


def joint_of(xy_px: FloatArray, side: OneSide, name: str) -> FloatArray:
    """Return one side's joint ("hip", "wrist", ...) of positions of shape (T, 17, 2), shape (T, 2)."""
    return xy_px[:, Keypoint[f"{side}_{name}".upper()]]


def _middle(xy_px: FloatArray, name: str) -> FloatArray:
    return midpoint(joint_of(xy_px, "left", name), joint_of(xy_px, "right", name))


def longest_px(lengths: FloatArray) -> float:
    """Return the length that is hardly ever exceeded, shape (T,) -> number; NaN where nothing is known."""
    known = lengths[np.isfinite(lengths)]
    return float(np.percentile(known, _LONGEST_PERCENTILE)) if known.size else float("nan")


def _from_down_deg(high: FloatArray, low: FloatArray) -> FloatArray:
    """Return the angle of a bone to the downward vertical, 0..180, from its height and its largest length."""
    length = longest_px(segment_length_px(high, low))
    drop = (low[:, 1] - high[:, 1]) / (length if length > 0 else np.nan)
    return np.asarray(np.degrees(np.arccos(np.clip(drop, -1.0, 1.0))))


def _bone(high: str, low: str) -> Callable[[FloatArray, OneSide], FloatArray]:
    return lambda xy_px, side: _from_down_deg(joint_of(xy_px, side, high), joint_of(xy_px, side, low))


def _trunk(xy_px: FloatArray, _: OneSide) -> FloatArray:
    return _from_down_deg(_middle(xy_px, "shoulder"), _middle(xy_px, "hip"))


def _arm_bend(xy_px: FloatArray, side: OneSide) -> FloatArray:
    """Return the angle of an upper arm to the vertical, from the height of the shoulder over the hand.

    For an arm whose forearm stays upright, as in a push-up; the arm is straight where that height is largest.
    """
    height = np.abs(joint_of(xy_px, side, "wrist")[:, 1] - joint_of(xy_px, side, "shoulder")[:, 1])
    arm = longest_px(height)
    upper = (height / (arm if arm > 0 else np.nan) - (1.0 - UPPER_ARM_SHARE)) / UPPER_ARM_SHARE
    return np.asarray(np.degrees(np.arccos(np.clip(upper, -1.0, 1.0))))


def _pull(xy_px: FloatArray, side: OneSide) -> FloatArray:
    """Return the rise of the nose toward the height of the hand, in percent of the largest distance."""
    below = xy_px[:, Keypoint.NOSE, 1] - joint_of(xy_px, side, "wrist")[:, 1]
    longest = longest_px(below)
    return np.asarray(100.0 * (1.0 - below / (longest if longest > 0 else np.nan)))


#: Measures by name: positions of one repetition, shape (T, 17, 2), and a side -> degrees (pull: percent), shape (T,).
MEASURES: Final[Mapping[Measure, Callable[[FloatArray, OneSide], FloatArray]]] = {
    "thigh": _bone("hip", "knee"),
    "thigh_lift": lambda xy_px, side: 90.0 - _bone("hip", "knee")(xy_px, side),
    "upper_arm": _bone("shoulder", "elbow"),
    "forearm": _bone("elbow", "wrist"),
    "arm_bend": _arm_bend,
    "trunk": _trunk,
    "trunk_lift": lambda xy_px, side: 90.0 - _trunk(xy_px, side),
    "pull": _pull,
}


def aspect_of(xy_px: FloatArray) -> Aspect:
    """Return the view of positions of shape (T, 17, 2), by the width of the shoulders over the length of the trunk.

    Lying people included; where the hips are not seen an arm stands for the trunk. Unknown counts as oblique.
    """
    shoulders = segment_length_px(joint_of(xy_px, "left", "shoulder"), joint_of(xy_px, "right", "shoulder"))
    trunk = segment_length_px(_middle(xy_px, "hip"), _middle(xy_px, "shoulder"))
    arms = [
        segment_length_px(joint_of(xy_px, side, "shoulder"), joint_of(xy_px, side, "elbow"))
        + segment_length_px(joint_of(xy_px, side, "elbow"), joint_of(xy_px, side, "wrist"))
        for side in SIDES
    ]
    length = trunk if np.isfinite(trunk).mean() >= 0.5 else midpoint(arms[0], arms[1]) * TRUNK / ARM
    spread = shoulders / np.where(length > 0, length, np.nan)
    known = spread[np.isfinite(spread)]
    if not known.size:
        return "oblique"
    middle = float(np.median(known))
    return "side" if middle <= _SIDE_MAX else "front" if middle >= _FRONT_MIN else "oblique"
