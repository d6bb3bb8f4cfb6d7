"""Foot and ankle angle in the picture plane, in degrees.

The foot is the line from heel to toe. Its angle is against the floor, toes up positive: 0 where the foot stands flat,
which is known from the strides, so it does not matter how high on the shoe the two points are. The ankle angle is that
of shank and foot, dorsiflexion positive (Winter 2009): 0 where the foot stands flat under a vertical shank. A
laboratory that takes 0 in quiet standing, where shanks lean forward, has values some 4 degrees smaller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gaitlab.gait.distance import FLAT_SHARES
from gaitlab.gait.markers import has_marked_feet
from gaitlab.motion.geometry import vertical_angle_deg
from gaitlab.motion.runs import rows_within
from gaitlab.records import AngleSeries, FeetTrack, FloatArray, GaitMode, PoseTrack, Stride
from gaitlab.records.skeleton import LEG_CHAINS, SIDES, OneSide

__all__ = ["ANKLES_DEG", "flat_in", "foot_angles_deg", "heel_to_toe_deg", "with_ankles"]

#: Names of the ankle angles in an `AngleSeries`, left first.
ANKLES_DEG: Final = tuple(f"{side}_ankle" for side in SIDES)
#: Shares of a stride in which a runner's foot stands flat, from some 0.05 to 0.13 s of a stride of 0.7 s (ours).
_FLAT: Final = {"run": (0.08, 0.18)}
_FLAT_MIN_FRAMES: Final = 2


def heel_to_toe_deg(feet: FeetTrack, forward: FloatArray) -> FloatArray:
    """Return the angle of the line from heel to toe against the horizontal, toes up positive.

    Parameters
    ----------
    feet : FeetTrack
    forward : ndarray, shape (T,)
        The direction of the person's front in the picture: +1 right, -1 left, 0 or NaN = unclear.

    Returns
    -------
    ndarray, shape (T, 2)
        Left first, without jumps by a whole turn within a run of known frames; NaN where something is unknown.
    """
    ahead = np.where(forward == 0, np.nan, forward)[:, np.newaxis]
    right, down = np.moveaxis(feet.xy_px[:, 2:] - feet.xy_px[:, :2], 2, 0)
    # From "straight down" over "forward" to "straight up" the angle has no jump: no foot points backward for long.
    return np.asarray(np.degrees(np.arctan2(-down, right * ahead)))


def flat_in(time_s: FloatArray, stride: Stride, mode: GaitMode) -> NDArray[np.intp]:
    """Return the rows of a stride in which its foot stands flat."""
    first, last = _FLAT.get(mode, FLAT_SHARES)
    rows = rows_within(time_s, stride.start_s, stride.end_s)
    share = (time_s[rows] - stride.start_s) / (stride.end_s - stride.start_s)
    return np.asarray(rows.start + np.flatnonzero((share >= first) & (share <= last)))


def foot_angles_deg(track: PoseTrack, forward: FloatArray, strides: Sequence[Stride], mode: GaitMode) -> FloatArray:
    """Return the angle of each foot against the floor, toes up positive, shape (T, 2); NaN without feet or strides.

    From it is taken, for each foot, its median angle while it stands flat, over all strides.
    """
    if track.feet is None:
        return np.full((len(track), 2), np.nan)
    deg = heel_to_toe_deg(track.feet, forward)
    return np.asarray(deg - [_flat_deg(track.time_s, deg[:, SIDES.index(side)], strides, side, mode) for side in SIDES])


def _flat_deg(time_s: FloatArray, deg: FloatArray, strides: Sequence[Stride], side: OneSide, mode: GaitMode) -> float:
    flat = [deg[flat_in(time_s, one, mode)] for one in strides if one.side == side]
    known = np.concatenate([*flat, np.empty(0)])
    known = known[np.isfinite(known)]
    return float(np.median(known)) if known.size >= _FLAT_MIN_FRAMES else float("nan")


def with_ankles(
    angles: AngleSeries, track: PoseTrack, *, forward: FloatArray, strides: Sequence[Stride], mode: GaitMode
) -> AngleSeries:
    """Return the angles with those of both ankles behind them: the lean of the shank plus the angle of the foot.

    Parameters
    ----------
    angles : AngleSeries
    track : PoseTrack
        Smoothed, on the same times. Without feet that are markers the angles come back unchanged.
    forward : ndarray, shape (T,)
        As for `heel_to_toe_deg`.
    strides : sequence of Stride
        They tell when a foot stands flat. Without a stride of a leg its ankle angle is NaN.
    mode : {"walk", "run", "unknown"}
    """
    if not has_marked_feet(track):
        return angles
    lean = [forward * vertical_angle_deg(track.xy_px[:, ankle], track.xy_px[:, knee]) for _, knee, ankle in LEG_CHAINS]
    ankles = np.stack(lean, axis=1) + foot_angles_deg(track, forward, strides, mode)
    return replace(angles, names=(*angles.names, *ANKLES_DEG), deg=np.concatenate([angles.deg, ankles], axis=1))
