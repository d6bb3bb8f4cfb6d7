"""Forward or backward walking, by the motion of the feet; it works on a treadmill and before a camera that follows.

A swinging foot is higher than the standing foot, and it moves in the direction of walking. So the height of an ankle
and its velocity against the hips correlate positively in walking forward (0.3 to 0.7 over the recorded walks, with the
front of the body as the positive direction) and negatively in walking backward.

Walking backward is close to walking forward played backward (Winter et al. 1989, Hum Mov Sci 8:291; Thorstensson 1986,
Acta Physiol Scand 128:595): the toes touch down behind the body, where a forward walker's foot would leave the ground.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from gaitlab.motion.runs import true_runs, without_gaps
from gaitlab.records import FloatArray

__all__ = ["cut_at_reversals", "goes_backward"]

_BACKWARD_MAX = -0.2  # of the correlation; recorded walks forward have 0.31 or more, reversed -0.31 or less (ours)
_REVERSAL_LEGS_S = 0.5  # leg lengths per second; the hips travel from this speed on (ours)
_VELOCITY_WINDOW_S = 0.5
_MIN_FRAMES = 10


def foot_correlation(time_s: FloatArray, ahead_px: FloatArray, below_px: FloatArray) -> float:
    """Return the correlation of the ankles' height with their forward velocity; NaN if unknown.

    Parameters
    ----------
    time_s : ndarray, shape (T,)
    ahead_px, below_px : ndarray, shape (T, 2)
        Of the left and right ankle against the mid-hip, forward and downward; NaN = unknown.
    """
    if len(time_s) < _MIN_FRAMES:
        return float("nan")
    velocity = np.gradient(ahead_px, time_s, axis=0)
    known = np.isfinite(velocity) & np.isfinite(below_px)
    products, squares = 0.0, np.zeros(2)
    for leg in range(ahead_px.shape[1]):
        rows = known[:, leg]
        if rows.sum() < _MIN_FRAMES:
            continue
        forward, raised = (values - values.mean() for values in (velocity[rows, leg], -below_px[rows, leg]))
        products += float(forward @ raised)
        squares += np.array([forward @ forward, raised @ raised])
    return products / float(np.sqrt(squares.prod())) if squares.all() else float("nan")


def goes_backward(time_s: FloatArray, ahead_px: FloatArray, below_px: FloatArray) -> bool:
    """Return whether the feet swing against the direction the body faces; unclear counts as forward."""
    return bool(foot_correlation(time_s, ahead_px, below_px) <= _BACKWARD_MAX)


def cut_at_reversals(
    time_s: FloatArray, hip_x_px: FloatArray, ahead_px: FloatArray, below_px: FloatArray, *, leg_px: float
) -> list[slice]:
    """Return the stretches between changes from walking forward to walking backward or the reverse.

    A stretch may end where the hips turn back in the picture. It does end there if the feet before and after swing in
    opposite directions, so that a camera that pans to and fro cuts nothing.
    """
    borders = [0, *_turning_rows(time_s, hip_x_px, leg_px), len(time_s)]
    pieces = [slice(start, stop) for start, stop in pairwise(borders)]
    merged = pieces[:1]
    for piece in pieces[1:]:
        ways = [goes_backward(time_s[one], ahead_px[one], below_px[one]) for one in (merged[-1], piece)]
        if ways[0] == ways[1]:
            merged[-1] = slice(merged[-1].start, piece.stop)
        else:
            merged.append(piece)
    return merged


def _turning_rows(time_s: FloatArray, hip_x_px: FloatArray, leg_px: float) -> Sequence[int]:
    """Return the rows half-way between travelling in one direction and in the other."""
    if np.isfinite(hip_x_px).sum() < _MIN_FRAMES:
        return []
    x = without_gaps(time_s, hip_x_px)
    half = _VELOCITY_WINDOW_S / 2
    velocity = (np.interp(time_s + half, time_s, x) - np.interp(time_s - half, time_s, x)) / _VELOCITY_WINDOW_S
    travels = true_runs(np.abs(velocity) > _REVERSAL_LEGS_S * leg_px)
    return [
        (before.stop + after.start) // 2
        for before, after in pairwise(travels)
        if np.sign(velocity[before.start]) != np.sign(velocity[after.start])
    ]
