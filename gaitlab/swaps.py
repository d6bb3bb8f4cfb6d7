"""Left and right legs exchanged by the model: found over the whole clip and put right.

Seen from the side, a pose model now and then takes one leg for the other, mostly while they pass each other. Which
frames are exchanged is decided for all frames together: the labelling under which the legs move most smoothly.
"""

from __future__ import annotations

from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gaitlab.series import true_runs
from gaitlab.skeleton import LEG_KEYPOINTS
from gaitlab.types import FloatArray, PoseTrack

__all__ = ["repair_leg_swaps", "swapped_ranges_s"]

_SWITCH_COST = 0.15  # leg lengths; a change of labelling must save this much (ours)
_STATE_COST = 0.002  # leg lengths a frame; the labelling of the model holds unless there is a reason (ours)
_SCORE_MIN = 0.3
_MIRRORED: Final = [1, 0, 3, 2, 5, 4]  # left and right exchanged within LEG_KEYPOINTS


def _leg_px(legs: FloatArray) -> float:
    """Return the median length of thigh plus shank; `legs` is (T, 6, 2) in the order of LEG_KEYPOINTS."""
    length = sum(np.linalg.norm(legs[:, i] - legs[:, i + 2], axis=-1) for i in (0, 1, 2, 3))
    known = np.asarray(length)[np.isfinite(length)]
    return float(np.median(known)) / 2 if known.size else float("nan")


def _bend_costs(legs: FloatArray) -> FloatArray:
    """Return the cost of every labelling of three frames in a row, shape (T - 2, 2, 2, 2), in leg lengths.

    The distance of each joint from where constant velocity would have brought it, summed over the joints known in all
    three frames and divided by the number of joints.
    """
    both = np.stack([legs, legs[:, _MIRRORED]], axis=1) / _leg_px(legs)
    costs = np.zeros((len(legs) - 2, 2, 2, 2))
    for a, b, c in product((0, 1), repeat=3):
        bend = np.linalg.norm(both[2:, c] - 2 * both[1:-1, b] + both[:-2, a], axis=-1)
        costs[:, a, b, c] = np.nansum(bend, axis=1) / len(LEG_KEYPOINTS)
    return costs


def _smoothest_labelling(costs: FloatArray) -> NDArray[np.bool_]:
    """Return for each of T frames whether it is exchanged: Viterbi over pairs of neighbouring frames."""
    n = len(costs)
    switch = _SWITCH_COST * np.array([[0.0, 1.0], [1.0, 0.0]])
    state = _STATE_COST * np.array([0.0, 1.0])
    # total[a, b]: least cost of a labelling that ends with a, b.
    total = switch + state[:, np.newaxis] + state[np.newaxis, :]
    came_from = np.zeros((n, 2, 2), dtype=np.intp)
    for t in range(n):
        through = total[:, :, np.newaxis] + costs[t] + switch[np.newaxis] + state[np.newaxis, np.newaxis, :]
        came_from[t] = through.argmin(axis=0)
        total = through.min(axis=0)
    b, c = np.unravel_index(int(total.argmin()), (2, 2))
    labels = np.zeros(n + 2, dtype=bool)
    labels[-2:] = b, c
    for t in range(n - 1, -1, -1):
        labels[t] = came_from[t, int(labels[t + 1]), int(labels[t + 2])]
    return labels


def repair_leg_swaps(track: PoseTrack) -> tuple[PoseTrack, NDArray[np.bool_]]:
    """Return the track with exchanged legs put right, and where that was done, shape (T,).

    Parameters
    ----------
    track : PoseTrack
        Hips, knees and ankles scored below 0.3 or NaN do not take part in the decision, but are exchanged too.

    Returns
    -------
    PoseTrack
    ndarray of bool, shape (T,)

    Notes
    -----
    The labelling with the least sum of departures from constant velocity over hips, knees and ankles, plus 0.15 leg
    lengths for each change of labelling and 0.002 a frame for contradicting the model *(ours)*; an exact minimum by
    dynamic programming (Viterbi) over pairs of neighbouring frames.
    """
    legs_index = [int(keypoint) for keypoint in LEG_KEYPOINTS]
    legs = np.where(track.score[:, legs_index, np.newaxis] >= _SCORE_MIN, track.xy_px[:, legs_index], np.nan)
    if len(track) < 3 or not np.isfinite(_leg_px(legs)):
        return track, np.zeros(len(track), dtype=bool)
    swapped = _smoothest_labelling(_bend_costs(legs))
    if not swapped.any():
        return track, swapped
    xy_px, score = track.xy_px.copy(), track.score.copy()
    mirrored = [legs_index[i] for i in _MIRRORED]
    for array, source in ((xy_px, track.xy_px), (score, track.score)):
        array[:, legs_index] = np.where(
            swapped.reshape(-1, *[1] * (source.ndim - 1)), source[:, mirrored], source[:, legs_index]
        )
    return PoseTrack(time_s=track.time_s, xy_px=xy_px, score=score, image_wh=track.image_wh), swapped


def swapped_ranges_s(time_s: FloatArray, swapped: NDArray[np.bool_]) -> tuple[tuple[float, float], ...]:
    """Return first and last time of each stretch of exchanged frames."""
    return tuple((float(time_s[run][0]), float(time_s[run][-1])) for run in true_runs(swapped))
