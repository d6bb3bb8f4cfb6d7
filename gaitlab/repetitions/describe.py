"""How one repetition was done: range of motion and confidence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gaitlab.exercises import Exercise
from gaitlab.geometry import midpoint, segment_length_px
from gaitlab.quality import confidence
from gaitlab.repetitions.counting import Excursion
from gaitlab.skeleton import LEG_KEYPOINTS, Keypoint
from gaitlab.types import AngleSeries, FloatArray, PoseTrack, Repetition, SmoothedTrack

__all__ = ["describe_repetition"]

_SIDE_SPREAD_MAX = 0.35  # shoulder width over trunk length up to which the knee angle is seen from the side (ours)
_REST_S = 1.0  # how long before its start the rest position of a repetition is looked for (ours)
_KNOWN_SHARE = 0.8


def describe_repetition(
    number: int,
    one: Excursion,
    *,
    turns: Sequence[int],
    smoothed: SmoothedTrack,
    angles: AngleSeries,
    exercise: Exercise,
) -> Repetition:
    """Return an excursion as a repetition; `turns` are all turning points, and the track's first and last frame."""
    rows = slice(one.start, one.end + 1)
    legs = list(LEG_KEYPOINTS)
    known = np.isfinite(smoothed.track.xy_px[rows][:, legs, 0])
    interpolated = smoothed.interpolated[rows][:, legs]
    time_s = smoothed.track.time_s
    return Repetition(
        index=number,
        side=one.side,
        start_s=float(time_s[one.start]),
        turn_s=float(time_s[one.turn]),
        end_s=float(time_s[one.end]),
        range_deg=_range_deg(one, turns, smoothed.track, angles, exercise),
        set_index=one.set_index,
        notes=("cut off",) if one.cut_off else (),
        confidence=confidence(
            view=None, coverage=float(known.mean()), interpolated=float(interpolated.mean()), n=1, n_min=1
        ),
    )


def _range_deg(
    one: Excursion, turns: Sequence[int], track: PoseTrack, angles: AngleSeries, exercise: Exercise
) -> float | None:
    """Return how far the exercise's joints bend, mean over them; None unless they are seen from the side.

    From the straightest position since the turning point before (at most 1 s before the start) to the most bent one.
    """
    if not _seen_from_side(track.xy_px[one.start : one.end + 1]):
        return None
    time_s = track.time_s
    earliest = max(turns[turns.index(one.turn) - 1], int(np.searchsorted(time_s, time_s[one.start] - _REST_S)))
    ranges = []
    for name in exercise.angles:
        rest, bent = angles.angle(name)[earliest : one.turn + 1], angles.angle(name)[one.start : one.end + 1]
        if np.isfinite(rest).mean() >= _KNOWN_SHARE and np.isfinite(bent).mean() >= _KNOWN_SHARE:
            ranges.append(float(np.nanmax(bent) - np.nanmin(rest)))
    return float(np.mean(ranges)) if ranges else None


def _seen_from_side(xy_px: FloatArray) -> bool:
    """Return whether the shoulders appear narrow against the trunk over a stretch of positions, shape (T, 17, 2)."""
    left, right = xy_px[:, Keypoint.LEFT_SHOULDER], xy_px[:, Keypoint.RIGHT_SHOULDER]
    hips = midpoint(xy_px[:, Keypoint.LEFT_HIP], xy_px[:, Keypoint.RIGHT_HIP])
    spread = np.abs(left[:, 0] - right[:, 0]) / segment_length_px(hips, midpoint(left, right))
    spread = spread[np.isfinite(spread)]
    return spread.size > 0 and bool(np.median(spread) <= _SIDE_SPREAD_MAX)
