"""Stretches of time series, rows by their times, and medians and percentiles of known values."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gaitlab.records import FloatArray

__all__ = ["known_median", "nearest_row", "row_percentiles", "rows_within", "true_runs", "without_gaps"]


def true_runs(mask: NDArray[np.bool_]) -> list[slice]:
    """Return the contiguous stretches of True in a mask of shape (T,), in order."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(int)))
    return [slice(int(start), int(stop)) for start, stop in zip(edges[::2], edges[1::2], strict=True)]


def rows_within(time_s: FloatArray, first_s: float, last_s: float) -> slice:
    """Return the rows of increasing times from one moment to another, both included."""
    return slice(int(np.searchsorted(time_s, first_s)), int(np.searchsorted(time_s, last_s, side="right")))


def nearest_row(time_s: FloatArray, at_s: float) -> int:
    """Return the row of increasing times that is nearest to a moment; the first of two that are equally near."""
    after = int(np.searchsorted(time_s, at_s))
    if after == 0 or (after < len(time_s) and time_s[after] - at_s < at_s - time_s[after - 1]):
        return after
    return int(np.searchsorted(time_s, time_s[after - 1]))


def without_gaps(time_s: FloatArray, values: FloatArray) -> FloatArray:
    """Interpolate over NaN, ends held, however long a gap is: to find periods and turns, not to measure.

    Parameters
    ----------
    time_s, values : ndarray, shape (T,)
        At least one value is known.
    """
    known = np.isfinite(values)
    return np.interp(time_s, time_s[known], values[known])


def known_median(values: FloatArray) -> float:
    """Return the median of the known values, of any shape; NaN without any."""
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else float("nan")


def row_percentiles(values: FloatArray, percent: float) -> FloatArray:
    """Return a percentile of the known values of each row, shape (T,); NaN for a row without any.

    The same as ``np.nanpercentile(values, percent, axis=1)``, which goes through the rows one by one and takes long.
    """
    ordered = np.sort(values, axis=1)  # NaN goes to the end
    last = np.isfinite(values).sum(axis=1) - 1
    rank = np.maximum(last, 0) * (percent / 100)
    rows, below = np.arange(len(values)), np.floor(rank).astype(int)
    low, high = ordered[rows, below], ordered[rows, np.minimum(below + 1, np.maximum(last, 0))]
    return np.asarray(low + (rank - below) * (high - low))
