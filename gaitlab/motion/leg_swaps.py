"""Repair of left and right legs that the model exchanged, over the whole clip.

From the side, a pose model sometimes takes one leg for the other, mostly while the legs pass each other. The exchanged
frames are found for all frames together: the chosen labelling is the one under which the legs move most smoothly. It
compares frames a few hundredths of a second apart, because the positions say little while the legs overlap: under wrong
labels the legs seem to bounce off each other.
"""

from __future__ import annotations

from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gaitlab.motion.runs import true_runs
from gaitlab.records import FloatArray, PoseTrack
from gaitlab.records.skeleton import KEYPOINT_SCORE_MIN, LEG_KEYPOINTS, MIRROR, N_KEYPOINTS, Keypoint

__all__ = ["repair_leg_swaps", "swapped_ranges_s"]

_SWITCH_COST = 0.1  # leg lengths; a change of labelling must save this much (ours)
_STATE_COST = 0.003  # leg lengths per frame; the labelling of the model holds unless there is a reason (ours)
# From the front the hips are 0.22 to 0.27 leg lengths wide, from the side at most 0.11. Where they are wide and lie as
# the shoulders do, the model knows left from right, and exchanged hips would be crossed (ours).
_WIDE_LEGS, _CROSSED_COST = 0.15, 0.1
_STEP_COST_MAX, _BEND_COST_MAX = 0.5, 1.0  # leg lengths; one wild joint does not decide (ours)
_UNKNOWN_PERCENTILE = 90  # of what the joints that are seen cost as labelled (ours)
_LAG_S = 0.07  # longer lags take a fast walker's own movement for an exchange where keypoints are missing (ours)
_BLOCK = 512  # frames whose costs are looked up together
_LAG_MAX_FRAMES = 4  # 4 to this power states; faster clips are decided on every n-th frame
_MIRRORED: Final = [LEG_KEYPOINTS.index(MIRROR[keypoint]) for keypoint in LEG_KEYPOINTS]
_LEGS_MIRROR: Final = tuple(MIRROR[k] if k in LEG_KEYPOINTS else k for k in range(N_KEYPOINTS))
_JOINT_WEIGHTS: Final = np.repeat([0.0, 0.2, 0.3], 2)  # hips, which lie too close together to tell, knees and ankles


def _leg_px(legs: FloatArray) -> float:
    """Return the median length of thigh plus shank; `legs` is (T, 6, 2) in the order of LEG_KEYPOINTS."""
    length = sum(np.linalg.norm(legs[:, i] - legs[:, i + 2], axis=-1) for i in (0, 1, 2, 3))
    known = np.asarray(length)[np.isfinite(length)]
    return float(np.median(known)) / 2 if known.size else float("nan")


def _weighted(away: FloatArray, at_most: float, *, unknown: float = 0.0) -> FloatArray:
    """Return the weighted mean over the joints, shape (T, 6) to (T,); an unknown joint costs `unknown`."""
    return np.asarray(np.where(np.isnan(away), unknown, np.minimum(away, at_most)) @ _JOINT_WEIGHTS)


def _price_of_unknown(away: FloatArray) -> float:
    """Return the cost of a joint that cannot be compared: that of the fastest joints under the model's labels.

    With a lower cost, a change of labels while one leg is hidden would pay, because it leaves nothing to compare.
    """
    known = away[:, _JOINT_WEIGHTS > 0]
    known = known[np.isfinite(known)]
    return float(np.percentile(known, _UNKNOWN_PERCENTILE)) if known.size else 0.0


def _step_costs(both: FloatArray) -> FloatArray:
    """Return the jumps of the joints between neighbouring frames under labels a, b; shape (T - 1, 2, 2)."""
    costs = np.zeros((len(both) - 1, 2, 2))
    unknown = _price_of_unknown(np.linalg.norm(np.diff(both[:, 0], axis=0), axis=-1))
    for a, b in product((0, 1), repeat=2):
        step = np.linalg.norm(both[1:, b] - both[:-1, a], axis=-1)
        costs[:, a, b] = _weighted(step, _STEP_COST_MAX, unknown=unknown)
    return costs


def _bend_costs(both: FloatArray, lag: int) -> FloatArray:
    """Return the departure from constant velocity over two lags under labels a, b, c; shape (T - 2 lag, 2, 2, 2)."""
    costs = np.zeros((len(both) - 2 * lag, 2, 2, 2))
    as_labelled = both[2 * lag :, 0] - 2 * both[lag:-lag, 0] + both[: -2 * lag, 0]
    unknown = _price_of_unknown(np.linalg.norm(as_labelled, axis=-1))
    for a, b, c in product((0, 1), repeat=3):
        bend = np.linalg.norm(both[2 * lag :, c] - 2 * both[lag:-lag, b] + both[: -2 * lag, a], axis=-1)
        costs[:, a, b, c] = _weighted(bend, _BEND_COST_MAX, unknown=unknown)
    return costs


def _smoothest_labelling(both: FloatArray, contradiction: FloatArray, lag: int) -> NDArray[np.bool_]:
    """Return for each of T frames whether it is exchanged.

    Viterbi over the labels of the last two lags: bit k of a state is the label k frames before its last one. `both`,
    shape (T, 2, 6, 2), holds the legs as labelled and exchanged; `contradiction`, shape (T,), what an exchange costs.
    """
    n, width = len(both), 2 * lag
    step, bend = _step_costs(both), _bend_costs(both, lag)
    n_states, half = 1 << width, 1 << (width - 1)
    bits = (np.arange(n_states)[:, np.newaxis] >> np.arange(width)) & 1
    last, middle, first = bits[:, 0], bits[:, lag - 1], bits[:, width - 1]
    total = bits @ contradiction[width - 1 :: -1][:width] + _SWITCH_COST * np.abs(np.diff(bits, axis=1)).sum(axis=1)
    for k in range(width - 1):
        total += step[width - 2 - k][bits[:, k + 1], bits[:, k]]
    from_upper = np.zeros((n, n_states), dtype=bool)
    label = np.array([[0], [1]])  # of the next frame
    of_switch = _SWITCH_COST * (last != label)
    for t in range(width, n):
        at = (t - width) % _BLOCK
        if at == 0:  # costs of some frames at once are fast, of all of them they would fill the memory
            steps = step[t - 1 : t - 1 + _BLOCK, last, label]
            bends = bend[t - width : t - width + _BLOCK, first, middle, label]
        cost = total + steps[at] + bends[at] + of_switch + contradiction[t] * label
        # Two states lead to the same next one: they differ in the label that drops out.
        upper = cost[:, half:] < cost[:, :half]
        total = np.where(upper, cost[:, half:], cost[:, :half]).T.ravel()
        from_upper[t] = upper.T.ravel()
    return _traced_back(int(total.argmin()), from_upper, width)


def _traced_back(state: int, from_upper: NDArray[np.bool_], width: int) -> NDArray[np.bool_]:
    n = len(from_upper)
    labels = np.zeros(n, dtype=bool)
    for t in range(n - 1, width - 1, -1):
        labels[t] = state & 1
        state = (state >> 1) | (int(from_upper[t, state]) << (width - 1))
    for k in range(width):
        labels[width - 1 - k] = (state >> k) & 1
    return labels


def _exchanged(legs: FloatArray, crossed: NDArray[np.bool_], time_s: FloatArray) -> NDArray[np.bool_]:
    """Return the mask of frames with exchanged legs; fast clips are decided on every n-th frame.

    `legs`, shape (T, 6, 2), are in leg lengths. An exchange costs more where the hips would be `crossed`, shape (T,).
    """
    n = len(legs)
    frames_in_lag = _LAG_S * (n - 1) / float(time_s[-1] - time_s[0])
    every = max(1, round(frames_in_lag / _LAG_MAX_FRAMES))
    lag = int(np.clip(round(frames_in_lag / every), 1, _LAG_MAX_FRAMES))
    both = np.stack([legs, legs[:, _MIRRORED]], axis=1)
    decided = both[::every]
    if len(decided) <= 2 * lag:
        return np.zeros(n, dtype=bool)
    contradiction = np.asarray(_STATE_COST + _CROSSED_COST * crossed[::every], dtype=np.float64)
    labels = np.repeat(_smoothest_labelling(decided, contradiction, lag), every)[:n]
    for t in np.flatnonzero(np.arange(n) % every):
        before = both[t - t % every, int(labels[t - t % every])]
        kept, swapped = (float(_weighted(np.linalg.norm(both[t : t + 1, i] - before, axis=-1), 1.0)[0]) for i in (0, 1))
        labels[t] = swapped < kept
    return labels


def _hips_as_shoulders(track: PoseTrack, leg_px: float) -> NDArray[np.bool_]:
    """Return where the hips are wide apart and left and right lie as those of the shoulders, shape (T,)."""
    seen = np.where(track.score >= KEYPOINT_SCORE_MIN, track.xy_px[..., 0], np.nan)
    hips = (seen[:, Keypoint.LEFT_HIP] - seen[:, Keypoint.RIGHT_HIP]) / leg_px
    shoulders = (seen[:, Keypoint.LEFT_SHOULDER] - seen[:, Keypoint.RIGHT_SHOULDER]) / leg_px
    with np.errstate(invalid="ignore"):
        return np.asarray((np.abs(hips) >= _WIDE_LEGS) & (hips * shoulders > 0))


def repair_leg_swaps(track: PoseTrack) -> tuple[PoseTrack, NDArray[np.bool_]]:
    """Return the track with exchanged legs put right, and where that was done, shape (T,).

    Parameters
    ----------
    track : PoseTrack
        Knees and ankles scored below 0.3 or NaN do not take part in the decision, but are exchanged too; so are feet.

    Returns
    -------
    PoseTrack
    ndarray of bool, shape (T,)

    Notes
    -----
    The labelling with the least sum of jumps between neighbouring frames and departures from constant velocity over two
    lags, weighted means over knees (0.4) and ankles (0.6), plus 0.1 leg lengths for each change of labelling and 0.003
    a frame for contradicting the model, 0.103 where the hips are wide and lie as the shoulders do *(ours)*; an exact
    minimum by dynamic programming (Viterbi) over the labels of the last two lags. What cannot be compared costs as much
    as the fastest tenth of what can, under every labelling.
    """
    legs_index = [int(keypoint) for keypoint in LEG_KEYPOINTS]
    legs = np.where(track.score[:, legs_index, np.newaxis] >= KEYPOINT_SCORE_MIN, track.xy_px[:, legs_index], np.nan)
    leg_px = _leg_px(legs)
    if len(track) < 3 or not np.isfinite(leg_px):
        return track, np.zeros(len(track), dtype=bool)
    swapped = _exchanged(legs / leg_px, _hips_as_shoulders(track, leg_px), track.time_s)
    if not swapped.any():
        return track, swapped
    return track.exchanged(swapped, mirror=_LEGS_MIRROR), swapped


def swapped_ranges_s(time_s: FloatArray, swapped: NDArray[np.bool_]) -> tuple[tuple[float, float], ...]:
    """Return first and last time of each stretch of exchanged frames."""
    return tuple((float(time_s[run][0]), float(time_s[run][-1])) for run in true_runs(swapped))
