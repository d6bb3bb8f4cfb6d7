"""A vote of many signals on when a movement turns: each signal tells its own turning points, the weight of all decides.

No signal has a level or a position to reach. What counts is that many parts of the body turn at the same moments by
about the same amount each time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from gaitlab.records import FloatArray
from gaitlab.repetitions.body_signals import RATE_HZ

__all__ = ["TurningPoints", "Vote", "turning_points", "vote"]

_SEEN_MIN = 0.3  # share of the clip in which a signal must be known (ours)
_SIZE_SHARE = 0.25  # of the usual size: smaller excursions are no repetition of the same (ours)
_ASIDE_SHARE = 0.5  # of the usual size: smaller peaks count only between valleys at rest (ours)
_AT_REST_SHARE = 0.25  # of the size of a smaller peak: so near the resting level its valleys are (ours)
_NEAREST_S = 0.2  # two turning points of one signal are further apart (ours)
_RETURN_SHARE = 0.10  # of the way out: a last excursion that came back by less has not turned
_TOO_LATE_SHARE = 0.5  # a first excursion with less of the way out seen began before the clip (ours)
_SIZE_MIN = 0.05  # of the body height: what moves less has no vote (ours)
_LARGE = 0.5  # of the body height: larger movements have no more weight (ours)
_NEAR_SHARE, _NEAR_MAX_S, _NEAR_MIN_S = 0.12, 0.25, 0.1  # of the period: so near is the same moment (ours)
_FAR_SHARE = 0.4  # of the period: nearer voted turns are one (ours)

Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vote:
    """The turning points that the signals agree on.

    Attributes
    ----------
    rows : ndarray of int, shape (R,)
    shares : ndarray, shape (R,)
        Of the weight of all signals, the share that turns there.
    agreement : float
        0..1: how many agree on each turn and on their number, and how little speaks for others.
    period_s : float
        The usual time from turn to turn; NaN with one turn.
    """

    rows: Rows
    shares: FloatArray
    agreement: float
    period_s: float


NOTHING: Final = Vote(rows=np.empty(0, np.intp), shares=np.empty(0), agreement=0.0, period_s=float("nan"))


def turning_points(signal: FloatArray, *, size_min: float = _SIZE_MIN) -> TurningPoints | None:
    """Return the excursions of a signal upward and back, whatever its level; None where it hardly moves or is unknown.

    Parameters
    ----------
    signal : ndarray, shape (N,)
        On the clock of `RATE_HZ`. NaN = unknown.
    size_min : float
        Least usual size.
    """
    known = np.isfinite(signal)
    if known.mean() < _SEEN_MIN or known.sum() < RATE_HZ / 2:
        return None
    x = np.interp(np.arange(len(signal)), np.flatnonzero(known), signal[known])
    floor = float(x.min()) - 1e-6
    peaks, found = find_peaks(
        np.concatenate([[floor], x, [floor]]), prominence=0.5 * size_min, distance=max(1, round(_NEAREST_S * RATE_HZ))
    )
    if not peaks.size:
        return None
    heights = found["prominences"]
    rows, sizes = _with_both_ways(x, _apart_from_noise(x, peaks - 1, heights))
    if not rows.size:
        return None
    usual = _usual(sizes)
    counted = (sizes >= _SIZE_SHARE * usual) & _seen_at(known, rows)
    if usual < size_min or not counted.any():
        return None
    return TurningPoints(rows=rows[counted], sizes=sizes[counted], usual=usual, seen=float(known.mean()))


def _usual(sizes: FloatArray) -> float:
    """Return the size of which larger ones make half of the way, so that many small movements hardly count."""
    ordered = np.sort(sizes)[::-1]
    way = np.cumsum(ordered)
    return float(ordered[np.searchsorted(way, way[-1] / 2)])


def _apart_from_noise(x: FloatArray, peaks: Rows, heights: FloatArray) -> Rows:
    """Return the peaks that are large, and the smaller ones that begin and end at rest.

    A small peak on the way of a large one, or at its turn, is shaking; one that starts from rest and comes back to rest
    is a shallow repetition.
    """
    usual = _usual(heights)
    kept = heights >= _SIZE_SHARE * usual
    peaks, heights = peaks[kept], heights[kept]
    large = heights >= _ASIDE_SHARE * usual
    if large.all():
        return peaks
    valleys = _valleys(x, peaks)
    deep = _valleys(x, peaks[large])
    rest = float(np.median(x[deep]))
    sides = np.maximum(x[valleys[:-1]], x[valleys[1:]])
    return peaks[large | (sides - rest <= _AT_REST_SHARE * (x[peaks] - rest))]


def _valleys(x: FloatArray, peaks: Rows) -> Rows:
    """Return the lowest rows before the first peak, between the peaks and after the last one, shape (R + 1,)."""
    inner = [int(a + np.argmin(x[a : b + 1])) for a, b in zip(peaks[:-1], peaks[1:], strict=True)]
    return np.array([int(np.argmin(x[: peaks[0] + 1])), *inner, int(peaks[-1] + np.argmin(x[peaks[-1] :]))])


def _with_both_ways(x: FloatArray, peaks: Rows) -> tuple[Rows, FloatArray]:
    """Return the peaks that are seen to turn, and the smaller way to the valleys at their sides."""
    if not peaks.size:
        return peaks, np.empty(0)
    valleys = _valleys(x, peaks)
    out, back = x[peaks] - x[valleys[:-1]], x[peaks] - x[valleys[1:]]
    sizes = np.minimum(out, back)
    turned = np.ones(len(peaks), dtype=bool)
    turned[0] = out[0] >= _TOO_LATE_SHARE * back[0]
    if back[-1] < _TOO_LATE_SHARE * out[-1]:
        sizes[-1] = out[-1]
        turned[-1] &= back[-1] >= _RETURN_SHARE * out[-1]
    return peaks[turned], sizes[turned]


def _seen_at(known: NDArray[np.bool_], rows: Rows) -> NDArray[np.bool_]:
    """Return whether anything is known within 0.2 s of rows."""
    reach = round(_NEAREST_S * RATE_HZ)
    count = np.concatenate([[0], np.cumsum(known)])
    return np.asarray(count[np.minimum(rows + reach + 1, len(known))] > count[np.maximum(rows - reach, 0)])


def vote(
    signals: Mapping[str, FloatArray], ways: Mapping[str, int], *, main: Sequence[str] = (), share_min: float
) -> Vote:
    """Return the turns on which signals agree.

    Parameters
    ----------
    signals : mapping of str to ndarray, shape (N,)
    ways : mapping of str to int
        Signals with a vote: +1 where the signal rises toward the turn, -1 where it falls.
    main : sequence of str
        Signals with two votes.
    share_min : float
        Least share of the weight for a turn.
    """
    voters = {name: found for name, way in ways.items() if (found := turning_points(way * signals[name])) is not None}
    if not voters:
        return NOTHING
    n = len(signals[next(iter(voters))])
    weights = {name: _weight(one) * (2.0 if name in main else 1.0) for name, one in voters.items()}
    total = sum(weights.values())
    period = float(np.median([np.median(np.diff(one.rows)) if len(one.rows) > 1 else n for one in voters.values()]))
    near = float(np.clip(_NEAR_SHARE * period, _NEAR_MIN_S * RATE_HZ, _NEAR_MAX_S * RATE_HZ))
    share = sum(weights[name] * _nearness(one.rows, n, near) for name, one in voters.items()) / total
    apart = max(2, round(_FAR_SHARE * period)) if period < n else 5
    padded = np.concatenate([[0.0], share, [0.0]])
    rows = find_peaks(padded, height=share_min, distance=apart)[0] - 1
    if not rows.size:
        return NOTHING
    others = find_peaks(padded, height=0.15, distance=max(2, round(0.75 * apart)))[0] - 1
    against = float(share[others][share[others] < share_min].sum())
    alike = sum(weights[name] for name, one in voters.items() if len(one.rows) == len(rows)) / total
    shares = share[rows]
    agreement = shares.mean() * (1 - against / (shares.sum() + against)) * (0.5 + 0.5 * alike)
    period_s = float(np.median(np.diff(rows))) / RATE_HZ if len(rows) > 1 else float("nan")
    return Vote(rows=rows, shares=shares, agreement=float(np.clip(agreement, 0.0, 1.0)), period_s=period_s)


def _weight(one: TurningPoints) -> float:
    even = 1.0 - min(0.9, float(np.std(one.sizes) / np.mean(one.sizes)))
    return float(np.sqrt(min(one.usual, _LARGE))) * even * one.seen


def _nearness(rows: Rows, n: int, near: float) -> FloatArray:
    """Return for each of n rows how near it is to one of some rows: 1 there, a Gaussian of their distance elsewhere."""
    at = np.arange(n)
    after = np.clip(np.searchsorted(rows, at), 0, len(rows) - 1)
    before = np.maximum(after - 1, 0)
    distance = np.minimum(np.abs(rows[after] - at), np.abs(rows[before] - at))
    return np.asarray(np.exp(-0.5 * (distance / near) ** 2))
