"""Movements in phase: a stride or a repetition stretched to 0..100 %, by straight lines in time between its events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from gaitlab.records import FloatArray
from gaitlab.settings import GAP_MAX_S

__all__ = ["N_POINTS", "known_in_phase", "most_typical", "phase_times", "values_at"]

#: At 0, 1, .. 100 %.
N_POINTS: Final = 101
_GRID: Final = np.linspace(0.0, 1.0, N_POINTS)


def phase_times(events_s: Sequence[float]) -> FloatArray:
    """Return the times of 0, 1, .. 100 % of a movement, shape (101,).

    Parameters
    ----------
    events_s : sequence of float
        Start and end, or start, turning point and end, which then is at 50 %; none before the one before it.
    """
    return np.interp(_GRID, np.linspace(0.0, 1.0, len(events_s)), events_s)


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
    """Return a number over time at 0, 1, .. 100 % of a movement, shape (101,).

    None where it is not known throughout: a NaN in it, frames more than 0.12 s apart, or a movement that begins before
    the first or ends after the last frame.

    Parameters
    ----------
    time_s, values : ndarray, shape (T,)
    events_s : sequence of float
        As for `phase_times`.
    """
    first = int(np.searchsorted(time_s, events_s[0], side="right")) - 1
    last = int(np.searchsorted(time_s, events_s[-1], side="left"))
    if first < 0 or last >= len(time_s):
        return None
    own_s, own = time_s[first : last + 1], values[first : last + 1]
    if not np.isfinite(own).all() or np.diff(own_s).max(initial=0.0) > GAP_MAX_S:
        return None
    return np.interp(phase_times(events_s), own_s, own)


def most_typical(curves: Sequence[FloatArray]) -> int:
    """Return which of several curves, each of shape (101,), is nearest to their mean by the root mean square."""
    stack = np.array(curves)
    return int(np.argmin(np.square(stack - stack.mean(axis=0)).mean(axis=1)))
