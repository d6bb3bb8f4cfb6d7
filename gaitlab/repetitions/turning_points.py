"""The turning points of one signal: excursions from valley to valley, whatever their level."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from gaitlab.motion.runs import without_gaps
from gaitlab.records import FloatArray
from gaitlab.repetitions.body_signals import RATE_HZ

__all__ = ["LARGE_SHARE", "Rows", "TurningPoints", "filled", "turning_points", "usual_size"]

_SEEN_MIN = 0.3  # share of the clip in which a signal must be known (ours)
_SIZE_SHARE = 0.25  # of the usual size: smaller excursions are no repetition of the same (ours)
#: Of the usual size: smaller peaks count only between valleys at rest *(ours)*.
LARGE_SHARE: Final = 0.5
_AT_REST_SHARE = 0.25  # of the size of a smaller peak: so near the resting level its valleys are (ours)
_NEAREST_S = 0.2  # two turning points of one signal are further apart (ours)
_RETURN_SHARE = 0.10  # of the way out: a last excursion that came back by less has not turned
_TOO_LATE_SHARE = 0.5  # a first excursion with less of the way out seen began before the clip (ours)
_SIZE_MIN = 0.05  # of the body height: what moves less has no vote (ours)
_LARGE = 0.5  # of the body height: larger movements have no more weight (ours)
_HOLD_MAX_S = 10.0  # holds that last longer are not measured to their end (ours)
_TOP_SHARE = 0.1  # of the size: within that of its highest value a signal is at its turn (ours)

Rows = NDArray[np.intp]


@dataclass(frozen=True, kw_only=True, eq=False)
class TurningPoints:
    """The turning points of one signal, and how large and how visible its excursions are.

    Attributes
    ----------
    rows : ndarray of int, shape (R,)
    sizes : ndarray, shape (R,)
        The smaller of the way out and the way back, in the unit of the signal.
    usual : float
        The size that half of all the way is made in.
    seen : float
        Share of the clip in which the signal is known.
    """

    rows: Rows
    sizes: FloatArray
    usual: float
    seen: float

    @cached_property
    def gap(self) -> float:
        """Usual number of rows from one to the next; NaN with one."""
        return float(np.median(np.diff(self.rows))) if len(self.rows) > 1 else float("nan")

    @cached_property
    def weight(self) -> float:
        """What the signal weighs in a vote: more the further and more evenly it moves, and the longer it is seen."""
        even = 1.0 - min(0.9, float(np.std(self.sizes) / np.mean(self.sizes)))
        return float(np.sqrt(min(self.usual, _LARGE))) * even * self.seen


def filled(signal: FloatArray) -> FloatArray:
    """Return a signal on an even clock, shape (N,), interpolated over what is unknown; at least one value is known."""
    return without_gaps(np.arange(float(len(signal))), signal)


def turning_points(
    signal: FloatArray, *, size_min: float = _SIZE_MIN, ends_at_turn: bool = False
) -> TurningPoints | None:
    """Return the excursions of a signal upward and back, whatever its level; None where it hardly moves or is unknown.

    Parameters
    ----------
    signal : ndarray, shape (N,)
        On the clock of `RATE_HZ`. NaN = unknown.
    size_min : float
        Least usual size.
    ends_at_turn : bool
        A last excursion that reaches the height of the others counts though it does not return.
    """
    known = np.isfinite(signal)
    if known.mean() < _SEEN_MIN or known.sum() < RATE_HZ / 2:
        return None
    x = filled(signal)
    floor = float(x.min()) - 1e-6
    peaks, found = find_peaks(
        np.concatenate([[floor], x, [floor]]), prominence=0.5 * size_min, distance=max(1, round(_NEAREST_S * RATE_HZ))
    )
    if not peaks.size:
        return None
    heights = found["prominences"]
    rows, sizes = _with_both_ways(x, _apart_from_noise(x, peaks - 1, heights), ends_at_turn=ends_at_turn)
    if not rows.size:
        return None
    usual = usual_size(sizes)
    counted = (sizes >= _SIZE_SHARE * usual) & _seen_at(known, rows)
    if usual < size_min or not counted.any():
        return None
    return TurningPoints(rows=rows[counted], sizes=sizes[counted], usual=usual, seen=float(known.mean()))


def usual_size(sizes: FloatArray) -> float:
    """Return the size such that it and larger ones make half of the way: many small movements hardly count."""
    ordered = np.sort(sizes)[::-1]
    way = np.cumsum(ordered)
    return float(ordered[np.searchsorted(way, way[-1] / 2)])


def _apart_from_noise(x: FloatArray, peaks: Rows, heights: FloatArray) -> Rows:
    """Return the peaks that are large, and the smaller ones that begin and end at rest.

    A small peak on the way of a large one, or at its turn, is shaking; one that starts from rest and comes back to rest
    is a shallow repetition.
    """
    usual = usual_size(heights)
    kept = heights >= _SIZE_SHARE * usual
    peaks, heights = peaks[kept], heights[kept]
    large = heights >= LARGE_SHARE * usual
    if large.all():
        return peaks
    valleys = _valleys(x, peaks)
    deep = _valleys(x, peaks[large])
    rest = float(np.median(x[deep]))
    sides = np.maximum(x[valleys[:-1]], x[valleys[1:]])
    return peaks[large | (sides - rest <= _AT_REST_SHARE * (x[peaks] - rest))]


def _valleys(x: FloatArray, peaks: Rows) -> Rows:
    """Return the lowest rows before the first peak, between the peaks and after the last one, shape (R + 1,)."""
    inner = [int(a + np.argmin(x[a : b + 1])) for a, b in pairwise(peaks)]
    return np.array([int(np.argmin(x[: peaks[0] + 1])), *inner, int(peaks[-1] + np.argmin(x[peaks[-1] :]))])


def _with_both_ways(x: FloatArray, peaks: Rows, *, ends_at_turn: bool) -> tuple[Rows, FloatArray]:
    """Return the middles of the peaks that are seen to turn, and the smaller way to the valleys at their sides."""
    if not peaks.size:
        return peaks, np.empty(0)
    valleys = _valleys(x, peaks)
    out, back = x[peaks] - x[valleys[:-1]], x[peaks] - x[valleys[1:]]
    sizes = np.minimum(out, back)
    turned = np.ones(len(peaks), dtype=bool)
    turned[0] = out[0] >= _TOO_LATE_SHARE * back[0]
    if back[-1] < _TOO_LATE_SHARE * out[-1]:
        sizes[-1] = out[-1]
        reached = ends_at_turn and out[-1] >= (1 - _TOP_SHARE) * np.median(sizes)
        turned[-1] &= reached or back[-1] >= _RETURN_SHARE * out[-1]
    return _middles_of_tops(x, peaks, sizes)[turned], sizes[turned]


def _middles_of_tops(x: FloatArray, peaks: Rows, sizes: FloatArray) -> Rows:
    """Return the middles of the rows around peaks in which the signal is within a tenth of its height: of holds."""
    lower, reach = x[peaks] - _TOP_SHARE * sizes, round(_HOLD_MAX_S * RATE_HZ)
    first = [_last_not_lower(x[: at + 1][::-1], level, reach) for at, level in zip(peaks, lower, strict=True)]
    last = [_last_not_lower(x[at:], level, reach - 1) for at, level in zip(peaks, lower, strict=True)]
    return np.asarray((peaks - first + peaks + last) // 2)


def _last_not_lower(x: FloatArray, level: float, reach: int) -> int:
    """Return how many samples one can go on from the first before one is lower than a level."""
    lower = x[1 : reach + 1] < level
    return int(lower.argmax()) if lower.any() else len(lower)


def _seen_at(known: NDArray[np.bool_], rows: Rows) -> NDArray[np.bool_]:
    """Return whether anything is known within 0.2 s of rows."""
    reach = round(_NEAREST_S * RATE_HZ)
    count = np.concatenate([[0], np.cumsum(known)])
    return np.asarray(count[np.minimum(rows + reach + 1, len(known))] > count[np.maximum(rows - reach, 0)])
