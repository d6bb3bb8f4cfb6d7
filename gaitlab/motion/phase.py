"""Movements in phase: a stride or a repetition stretched to 0..100 %, by straight lines in time between its events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from gaitlab.records import FloatArray
from gaitlab.settings import GAP_MAX_S

__all__ = ["N_POINTS", "all_in_phase", "known_in_phase", "most_typical", "phase_times", "values_at"]

#: At 0, 1, .. 100 %.
N_POINTS: Final = 101
_GRID: Final = np.linspace(0.0, 1.0, N_POINTS)


def phase_times(events_s: FloatArray | Sequence[float]) -> FloatArray:
    """Return the times of 0, 1, .. 100 % of movements, shape (..., 101).

    Parameters
    ----------
    events_s : array_like, shape (..., K)
        Of each movement start and end, or start, turning point and end, which then is at 50 %; none before the one
        before it.
    """
    events = np.asarray(events_s, dtype=np.float64)
    knots = np.linspace(0.0, 1.0, events.shape[-1])
    before = np.minimum(np.searchsorted(knots, _GRID, side="right") - 1, len(knots) - 2)
    slope = np.diff(events) / np.diff(knots)
    times = slope[..., before] * (_GRID - knots[before]) + events[..., before]
    times[..., -1] = events[..., -1]  # exactly
    return times


def values_at(time_s: FloatArray, values: FloatArray, at_s: FloatArray) -> FloatArray:
    """Return values between frames by straight lines.

    Parameters
    ----------
    time_s : ndarray, shape (T,)
        Of the frames, at least two.
    values : ndarray, shape (T, ...)
        NaN = unknown; beside an unknown frame nothing is known.
    at_s : ndarray, shape (N,)
        Within the frames.

    Returns
    -------
    ndarray, shape (N, ...)
    """
    after = np.clip(np.searchsorted(time_s, at_s, side="left"), 1, len(time_s) - 1)
    share = (at_s - time_s[after - 1]) / (time_s[after] - time_s[after - 1])
    share = share.reshape(-1, *[1] * (values.ndim - 1))
    return np.asarray(np.where(share == 1.0, values[after], (1.0 - share) * values[after - 1] + share * values[after]))


def known_in_phase(time_s: FloatArray, values: FloatArray, events_s: Sequence[float]) -> FloatArray | None:
    """Return a number over time at 0, 1, .. 100 % of one movement, shape (101,); None where `all_in_phase` has NaN."""
    (found,) = all_in_phase(time_s, values, [events_s])
    return None if np.isnan(found[0]) else found


def all_in_phase(
    time_s: FloatArray, values: FloatArray, events_s: FloatArray | Sequence[Sequence[float]]
) -> FloatArray:
    """Return a number over time at 0, 1, .. 100 % of several movements, shape (N, 101).

    NaN all along where it is not known throughout: a NaN in it, frames more than 0.12 s apart, or a movement that
    begins before the first or ends after the last frame.

    Parameters
    ----------
    time_s, values : ndarray, shape (T,)
    events_s : array_like, shape (N, K)
        As for `phase_times`.
    """
    events = np.asarray(events_s, dtype=np.float64)
    found = np.full((len(events), N_POINTS), np.nan)
    if not events.size or not len(time_s):
        return found
    first = np.searchsorted(time_s, events[:, 0], side="right") - 1
    last = np.searchsorted(time_s, events[:, -1], side="left")
    inside = np.flatnonzero((first >= 0) & (last < len(time_s)))
    first, last = first[inside], last[inside]
    unknown = np.concatenate([[0], np.cumsum(~np.isfinite(values))])  # before each frame
    gaps = np.concatenate([[0], np.cumsum(np.diff(time_s) > GAP_MAX_S)])
    is_known = (unknown[last + 1] == unknown[first]) & (gaps[last] == gaps[first])
    known = inside[is_known]
    found[known] = np.interp(phase_times(events[known]), time_s, values)
    return found


def most_typical(curves: Sequence[FloatArray]) -> int:
    """Return which of several curves, each of shape (101,), is nearest to their mean by the root mean square."""
    stack = np.array(curves)
    return int(np.argmin(np.square(stack - stack.mean(axis=0)).mean(axis=1)))
