"""Distances of feet and body: foot placements, step and stride length and speed, in pixels of the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gaitlab.gait.events import LEGS, Leg, Pass, Step
from gaitlab.gait.markers import has_marked_feet
from gaitlab.gait.toe_off import ANKLES
from gaitlab.motion.geometry import midpoint
from gaitlab.motion.runs import rows_within
from gaitlab.records import FloatArray, PoseTrack
from gaitlab.records.skeleton import Keypoint

__all__ = ["FLAT_SHARES", "Ground", "Travel", "flat_frames", "ground_of", "measure_travel", "way_sign"]

#: The foot is flat from the end of loading to the rise of the heel: 12-31 % of the stride (Perry 1992).
FLAT_SHARES: Final = (0.12, 0.31)
# Walking backward it is the other way round, from the toes' touch-down: from 62 - 31 to 62 - 12 %.
_FLAT_SHARES_BACKWARD = (0.31, 0.50)
_MIN_FRAMES = 3
_LIKELY_SHARES, _LIKELY_MIN_STEPS = (0.5, 1.5), 3  # of the median step length (ours)
#: The body's speed over that of the standing foot against it: 1 before a still camera, 0 on a belt (ours: 0.75).
_STILL_CAMERA_SHARE = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Whether the picture shows the ground at rest, and the standing foot's speed against the hips, px/s backward."""

    at_rest: bool
    foot_speed_px_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Travel:
    """Step and stride lengths by side (px), the pelvis' speed per stride (px/s), its path and time over all steps."""

    steps: tuple[tuple[Leg, float], ...]
    strides: tuple[tuple[Leg, float], ...]
    speeds: tuple[float, ...]
    way_px: float
    time_s: float


def _forward_x(track: PoseTrack, walk: Pass) -> tuple[FloatArray, FloatArray]:
    """Return the positions of mid-hip, (T,), and feet, (T, 2), along the walking direction, px.

    A foot is its heel where that is a marker, else its ankle.
    """
    rows = np.searchsorted(track.time_s, walk.time_s)
    xy = track.xy_px[rows]
    hip_x = midpoint(xy[:, Keypoint.LEFT_HIP], xy[:, Keypoint.RIGHT_HIP])[:, 0]
    feet = track.feet if has_marked_feet(track) else None
    ankle_x = np.stack([xy[:, ANKLES[side], 0] for side in LEGS], axis=1)
    foot_x = ankle_x if feet is None else feet.xy_px[rows, : len(LEGS), 0]
    direction = way_sign(track, walk)
    return direction * hip_x, direction * foot_x


def way_sign(track: PoseTrack, walk: Pass) -> float:
    """Return +1 for a pass that goes to the right in the picture, -1 to the left.

    `ahead_px` is ankle minus hip times the direction, so its sign against the picture gives the direction.
    """
    xy = track.xy_px[np.searchsorted(track.time_s, walk.time_s)]
    hip_x = midpoint(xy[:, Keypoint.LEFT_HIP], xy[:, Keypoint.RIGHT_HIP])[:, 0]
    ankle_x = np.stack([xy[:, ANKLES[side], 0] for side in LEGS], axis=1)
    return float(np.sign(np.nanmedian((ankle_x - hip_x[:, np.newaxis]) * walk.ahead_px)))


def flat_frames(walk: Pass, strike_s: float) -> NDArray[np.intp]:
    """Return the frames of a pass in which the foot that lands at `strike_s` stands flat."""
    rows = rows_within(walk.time_s, strike_s, strike_s + walk.period_s)
    after = (walk.time_s[rows] - strike_s) / walk.period_s
    first, last = _FLAT_SHARES_BACKWARD if walk.backward else FLAT_SHARES
    return np.asarray(rows.start + np.flatnonzero((after >= first) & (after <= last)))


def _slope(time_s: FloatArray, values: FloatArray) -> float:
    """Return the slope of a straight line through the known values; NaN with fewer than three."""
    known = np.isfinite(values)
    return float(np.polyfit(time_s[known], values[known], 1)[0]) if known.sum() >= _MIN_FRAMES else float("nan")


def ground_of(track: PoseTrack, walk: Pass, steps: Sequence[Step]) -> Ground:
    """Return whether camera and ground stand still; on a belt or before a following camera the hips stay in place.

    A flat foot moves backward against the hips at walking speed; before a still camera the hips move forward at that
    speed.
    """
    hip_x, _ = _forward_x(track, walk)
    backward, travel = [], []
    for step in steps:
        rows = flat_frames(walk, step.end_s)
        backward.append(-_slope(walk.time_s[rows], walk.ahead_px[rows, LEGS.index(step.side)]))
        travel.append(_slope(walk.time_s[rows], hip_x[rows]))
    known = np.isfinite(backward) & np.isfinite(travel)
    if not known.any():
        return Ground(at_rest=False, foot_speed_px_s=float("nan"))
    foot, hips = (float(np.median(np.asarray(speeds)[known])) for speeds in (backward, travel))
    return Ground(at_rest=foot > 0 and hips >= _STILL_CAMERA_SHARE * foot, foot_speed_px_s=foot)


def _placement(walk: Pass, foot_x: FloatArray, side: Leg, strike_s: float) -> float:
    """Return the placement of a foot, the median over the time it is flat; NaN when that is not seen."""
    values = foot_x[flat_frames(walk, strike_s), LEGS.index(side)]
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size >= _MIN_FRAMES else float("nan")


def measure_travel(track: PoseTrack, walk: Pass, steps: Sequence[Step]) -> Travel:
    """Return lengths and speeds of one pass before a still camera.

    Step length is the distance of a placement ahead of the other foot's last placement, stride length that ahead of the
    same foot's last placement, of the heels where they are markers, else of the ankles; speed is the distance of the
    pelvis over its time.
    """
    hip_x, foot_x = _forward_x(track, walk)
    lengths: list[tuple[Leg, float]] = []
    for step in steps:
        other: Leg = "right" if step.side == "left" else "left"
        here = _placement(walk, foot_x, step.side, step.end_s)
        lengths.append((step.side, here - _placement(walk, foot_x, other, step.start_s)))
    lengths = _likely(lengths)
    strides: list[tuple[Leg, float]] = []
    speeds = []
    for (first, second), (before, after) in zip(pairwise(steps), pairwise(lengths), strict=True):
        if abs(first.end_s - second.start_s) < 1e-9:
            strides.append((second.side, before[1] + after[1]))
            speeds.append(_way_px(walk, hip_x, first.start_s, second.end_s) / (second.end_s - first.start_s))
    ways = [(_way_px(walk, hip_x, step.start_s, step.end_s), step.end_s - step.start_s) for step in steps]
    seen = [(way, time_s) for way, time_s in ways if np.isfinite(way)]
    return Travel(
        steps=tuple(_known(lengths)),
        strides=tuple(_known(strides)),
        speeds=tuple(value for value in speeds if np.isfinite(value)),
        way_px=sum(way for way, _ in seen),
        time_s=sum(time_s for _, time_s in seen),
    )


def _way_px(walk: Pass, hip_x: FloatArray, start_s: float, end_s: float) -> float:
    return float(np.diff(np.interp([start_s, end_s], walk.time_s, hip_x))[0])


def _likely(lengths: Sequence[tuple[Leg, float]]) -> list[tuple[Leg, float]]:
    """Make lengths far from their median unknown, as of a misplaced foot; fewer than three steps stay unchanged."""
    px = np.array([length for _, length in lengths])
    if np.isfinite(px).sum() < _LIKELY_MIN_STEPS:
        return list(lengths)
    shortest, longest = np.nanmedian(px) * np.array(_LIKELY_SHARES)
    return [(side, length if shortest <= length <= longest else float("nan")) for side, length in lengths]


def _known(samples: Sequence[tuple[Leg, float]]) -> list[tuple[Leg, float]]:
    return [sample for sample in samples if np.isfinite(sample[1])]
