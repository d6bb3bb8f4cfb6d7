"""Heels and toes of a pass, turned the way the person goes: forward and up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from gaitlab.gait.distance import flat_frames, way_sign
from gaitlab.gait.events import LEGS, Event, Pass
from gaitlab.records import FloatArray, PoseTrack

__all__ = ["Feet", "feet_of", "floor_speed_px_s", "walking_speed_px_s"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Feet:
    """Heels and toes in the frames of a pass.

    Attributes
    ----------
    heel_px, toe_px : ndarray, shape (T, 2, 2)
        Frame, side (left first), and forward and up: forward is the way of the pass, both from the picture's corner.
        NaN = unknown.
    """

    heel_px: FloatArray
    toe_px: FloatArray

    @property
    def middle_px(self) -> FloatArray:
        """The middle of heel and toe, shape (T, 2, 2)."""
        return (self.heel_px + self.toe_px) / 2


def feet_of(track: PoseTrack, walk: Pass) -> Feet | None:
    """Return heels and toes of a pass; None where the track has no feet."""
    if track.feet is None:
        return None
    turned = np.array([way_sign(track, walk), -1.0])  # y of the picture points down
    heel_toe = track.feet.xy_px[np.searchsorted(track.time_s, walk.time_s)] * turned
    return Feet(heel_px=heel_toe[:, :2], toe_px=heel_toe[:, 2:])


def floor_speed_px_s(walk: Pass, feet: Feet, strikes: Iterable[Event]) -> float:
    """Return how fast the floor goes forward in the picture: the median speed of the heels of flat feet.

    It is 0 before a still camera, and minus the belt's speed on a treadmill; NaN where no foot is seen flat.
    """
    speeds = np.gradient(feet.heel_px[:, :, 0], walk.time_s, axis=0)
    return _median_of_flat(walk, speeds, strikes)


def walking_speed_px_s(walk: Pass, strikes: Iterable[Event]) -> float:
    """Return how fast the hips go forward over the floor: minus the median speed of flat feet's ankles against them."""
    return -_median_of_flat(walk, np.gradient(walk.ahead_px, walk.time_s, axis=0), strikes)


def _median_of_flat(walk: Pass, values: FloatArray, strikes: Iterable[Event]) -> float:
    """Return the median of values of both feet, shape (T, 2), while the foot of a heel strike is flat."""
    flat = [values[flat_frames(walk, one.time_s), LEGS.index(one.side)] for one in strikes if one.kind == "heel_strike"]
    known = np.concatenate([*flat, np.empty(0)])
    known = known[np.isfinite(known)]
    return float(np.median(known)) if known.size else float("nan")
