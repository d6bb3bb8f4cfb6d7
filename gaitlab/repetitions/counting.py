"""Excursions of a signal from rest and back, by two thresholds (hysteresis): the engine that all exercises share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gaitlab.records import FloatArray, Side
from gaitlab.settings import RepetitionSettings

__all__ = ["Excursion", "excursions_around", "find_excursions"]

_GAP_MAX_S = 0.5  # a longer loss of sight ends a repetition under way (ours)
_GAP_AT_TURN_MAX_S = 1.0  # unless it is away from rest before and after: a hand hides where it turns (ours)
_START_SHARE = 0.10  # of the range: nearer to the resting level than that, the movement may begin and end (ours)
_TOP_SHARE = 0.10  # of the height: within that of the highest sample the movement is turning or held (ours)
_TOP_OF_COSINE = float(np.arccos(1 - 2 * _TOP_SHARE) / np.pi)
_HOLD_SHARE = 0.25  # how far into a hold the turning point is seen by eye (ours)
_STILL_SHARE, _STILL_S = 0.01, 0.1  # a signal that changes by less of its range in that time is at rest (ours)
_REST_MIN_S = 1.0  # at a level of its own; between repetitions without a rest the lowest point is meant (ours)
_CALM_S = 0.07  # standard deviation of the kernel that calms the signal (ours)
_SHAKE_MAX_S = 0.2  # over the lower threshold for a shorter time and not over the upper one is shaking (ours)
_MIN_FRAMES = 10
_REACH_PERIODS, _REACH_MIN_S = 2.0, 2.0  # so far around a turn its start and end are looked for (ours)
_AROUND_SHARE = 0.15  # of the duration: what holds at rest or at the turn is looked for within it (ours)
_AT_TURN_PERIODS = 0.25  # the signal is highest so near to the turn that the body tells (ours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Excursion:
    """One excursion of a signal, as sample indices.

    Attributes
    ----------
    start, turn, end : int
        Frames of the track.
    full : bool
        It reached the upper threshold; else it is a shallow one.
    cut_off : bool
        The clip ended before it came back.
    side : {"left", "right", "both"}
    set_index : int
        From 1.
    """

    start: int
    turn: int
    end: int
    full: bool
    cut_off: bool = False
    side: Side = "both"
    set_index: int = 1

    @property
    def around_start(self) -> slice:
        """The frames from the start in which what holds at rest is looked for."""
        return slice(self.start, self.start + self._reach + 1)

    @property
    def around_turn(self) -> slice:
        """The frames around the turning point in which what holds there is looked for."""
        return slice(max(self.start, self.turn - self._reach), min(self.end, self.turn + self._reach) + 1)

    @property
    def _reach(self) -> int:
        return max(1, round(_AROUND_SHARE * (self.end - self.start)))


class _Counter:
    """The state of the count while one pass goes through the signal in time order."""

    def __init__(self, low: float, high: float, settings: RepetitionSettings) -> None:
        self._range = high - low
        self._leave = low + settings.leave_share * self._range
        self._enter = low + settings.enter_share * self._range
        self._return = settings.return_share * self._range
        self._top = high - _TOP_SHARE * self._range
        self._rest: int | None = None  # last sample below the lower threshold; None = not seen at rest yet
        self._peak: tuple[int, float] | None = None  # highest sample since then, above the lower threshold
        self.found: list[Excursion] = []

    def lose_sight(self, gap_s: float, value: float) -> None:
        """Drop a movement under way after a long gap; `value` is the first after it."""
        away = self._peak is not None and value >= self._leave
        if gap_s > (_GAP_AT_TURN_MAX_S if away else _GAP_MAX_S):
            self._rest, self._peak = None, None

    def is_at_rest(self, values: FloatArray) -> NDArray[np.bool_]:
        """Return which values are below the lower threshold."""
        return np.asarray(values < self._leave)

    def read(self, rows: NDArray[np.intp], values: FloatArray) -> None:
        """Take the next samples, all of them at rest or all of them away from it."""
        if values[0] < self._leave:
            if self._rest is not None and self._peak is not None:
                self._close(int(rows[0]), cut_off=False)
            self._rest, self._peak = int(rows[-1]), None
        elif self._rest is not None:
            highest = int(np.argmax(values))
            if self._peak is None or values[highest] > self._peak[1]:
                self._peak = (int(rows[highest]), float(values[highest]))

    def finish(self, i: int, value: float, *, ends_at_turn: bool) -> None:
        """Count a movement that the end of the clip cuts off, when it has turned at full range."""
        if self._rest is not None and self._peak is not None:
            turned = self._peak[1] - value >= self._return
            reached = ends_at_turn and self._peak[1] >= self._top
            if (turned or reached) and self._peak[1] >= self._enter:
                self._close(i, cut_off=True)

    def _close(self, i: int, *, cut_off: bool) -> None:
        assert self._rest is not None
        assert self._peak is not None
        turn, height = self._peak
        self.found.append(Excursion(start=self._rest, turn=turn, end=i, full=height >= self._enter, cut_off=cut_off))


def find_excursions(
    time_s: FloatArray,
    signal: FloatArray,
    *,
    range_min: float,
    settings: RepetitionSettings,
    ends_at_turn: bool = False,
) -> tuple[Excursion, ...]:
    """Return the excursions of a signal from its resting level and back.

    Parameters
    ----------
    time_s, signal : ndarray, shape (T,)
        NaN = unknown. A gap of more than 0.5 s ends an excursion under way; where the signal is away from rest before
        and after the gap, only a gap of more than 1 s does.
    range_min : float
        A signal whose p2-p98 range is smaller has none.
    settings : RepetitionSettings
        Two thresholds (hysteresis), as shares of the p2-p98 range: an excursion begins when the signal rises above the
        lower threshold, is full when it reaches the upper one, and ends when it falls below the lower one again. An
        excursion already under way at the first sample does not count. An excursion cut off by the end of the clip
        counts once it has turned at full range and come back by `return_share`. Excursions shorter than
        `duration_min_s` do not count.
    ends_at_turn : bool
        A last excursion counts when it has reached the height of the others, though it has not begun to return.

    Returns
    -------
    tuple of Excursion
        Start and end are moved outward to where the signal comes to rest, or to its lowest point before the next one.
    """
    known = np.flatnonzero(np.isfinite(signal))
    if known.size < _MIN_FRAMES:
        return ()
    calm = calmed(time_s, signal)
    low, high = np.percentile(calm[known], [2, 98])
    if high - low < range_min:
        return ()
    counter = _Counter(float(low), float(high), settings)
    values, gaps_s = calm[known], np.diff(time_s[known], prepend=time_s[known[0]])
    # In one go from threshold to threshold: sample by sample an hour takes many times as long.
    crosses = np.diff(counter.is_at_rest(values), prepend=counter.is_at_rest(values[:1])) | (gaps_s > _GAP_MAX_S)
    for first, stop in pairwise([0, *np.flatnonzero(crosses), known.size]):
        counter.lose_sight(float(gaps_s[first]), float(values[first]))
        counter.read(known[first:stop], values[first:stop])
    counter.finish(int(known[-1]), float(signal[known[-1]]), ends_at_turn=ends_at_turn)
    lasting = [one for one in counter.found if one.full or time_s[one.end] - time_s[one.start] > _SHAKE_MAX_S]
    widened = [
        replace(one, turn=_turning_point(time_s, signal, one))
        for one in _widen(time_s, signal, lasting, low=float(low), high=float(high))
    ]
    return tuple(
        one for one in widened if one.cut_off or time_s[one.end] - time_s[one.start] >= settings.duration_min_s
    )


def excursions_around(
    time_s: FloatArray, signal: FloatArray, turns_s: FloatArray, *, settings: RepetitionSettings, ends_at_turn: bool
) -> tuple[Excursion, ...]:
    """Return the excursion of a signal around each of some moments at which the body turns, however far it goes.

    Parameters
    ----------
    time_s, signal : ndarray, shape (T,)
        NaN = unknown. Rises toward the turns.
    turns_s : ndarray, shape (R,)
        In time order.
    settings : RepetitionSettings
        The lower threshold, as a share of the height over the lowest value on that side, and `return_share`.
    ends_at_turn : bool
        The last excursion counts when it has reached its turn; else only when it has begun to return.

    Returns
    -------
    tuple of Excursion
        One for each turn at which the signal is known and higher than before, but a last one that has not turned.
    """
    known = np.flatnonzero(np.isfinite(signal))
    if not (known.size and turns_s.size):
        return ()
    period_s = float(np.median(np.diff(turns_s))) if len(turns_s) > 1 else float(time_s[-1] - time_s[0])
    reach_s = max(_REACH_MIN_S, _REACH_PERIODS * period_s)
    edges_s = np.concatenate([[-np.inf], turns_s, [np.inf]])
    known_s, near_s = time_s[known], _AT_TURN_PERIODS * min(period_s, reach_s)
    found = []
    for before_s, turn_s, after_s in zip(edges_s, turns_s, edges_s[2:], strict=False):
        near = slice(*_rows_between(known_s, max(before_s, turn_s - near_s), min(after_s, turn_s + near_s)))
        if near.start >= near.stop:
            continue
        at = near.start + int(np.argmax(signal[known[near]]))
        first, stop = _rows_between(known_s, max(before_s, turn_s - reach_s), min(after_s, turn_s + reach_s))
        way_out, way_back = known[first : at + 1], known[at:stop]
        one = _one_around(time_s, signal, way_out, way_back, settings, is_last=after_s == np.inf)
        if one is not None and (ends_at_turn or not one.cut_off or _returns(signal, one, settings)):
            found.append(replace(one, turn=_turning_point(time_s, signal, one)))
    return tuple(found)


def _rows_between(times_s: FloatArray, first_s: float, last_s: float) -> tuple[int, int]:
    """Return the rows of the first time that is not before `first_s`, and of the first one after `last_s`."""
    return int(np.searchsorted(times_s, first_s)), int(np.searchsorted(times_s, last_s, side="right"))


def _one_around(
    time_s: FloatArray,
    signal: FloatArray,
    way_out: NDArray[np.intp],
    way_back: NDArray[np.intp],
    settings: RepetitionSettings,
    *,
    is_last: bool,
) -> Excursion | None:
    """Return the excursion whose turn is the last row of the way out and the first of the way back."""
    turn = int(way_out[-1])
    low, low_after = float(signal[way_out].min()), float(signal[way_back].min())
    height = float(signal[turn]) - low
    if height <= 0:
        return None
    below = way_out[signal[way_out] <= low + settings.leave_share * height]
    stretch = way_out[way_out <= below[-1]][::-1]
    start = int(stretch[_rest_after(-time_s[stretch], signal[stretch], low=low, high=low + height)])
    came_back = way_back[signal[way_back] <= max(low_after, low) + settings.leave_share * height]
    if is_last and signal[turn] - low_after < (1 - settings.leave_share) * height:
        return Excursion(start=start, turn=turn, end=int(way_back[-1]), full=True, cut_off=True)
    stretch = way_back[way_back >= (came_back[0] if came_back.size else way_back[-1])]
    end = int(stretch[_rest_after(time_s[stretch], signal[stretch], low=low_after, high=low_after + height)])
    return Excursion(start=start, turn=turn, end=end, full=True)


def _returns(signal: FloatArray, one: Excursion, settings: RepetitionSettings) -> bool:
    return bool(signal[one.turn] - signal[one.end] >= settings.return_share * (signal[one.turn] - signal[one.start]))


def calmed(time_s: FloatArray, signal: FloatArray) -> FloatArray:
    """Return the signal without shaking and noise: a Gaussian of 0.07 s over known values; unknown stays unknown.

    At 4 Hz, where held weights shake, a fifth of the amplitude is left; of the fastest repetitions (1.25 Hz) six
    sevenths. The result serves only to compare with the thresholds; the range of a repetition is taken from the signal
    itself.
    """
    known = np.isfinite(signal)
    interval = float(np.median(np.diff(time_s)))
    reach = max(1, round(3 * _CALM_S / interval))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) * interval / _CALM_S) ** 2)
    total = np.convolve(np.where(known, signal, 0.0), weights, mode="full")[reach:-reach]
    share = np.convolve(known.astype(np.float64), weights, mode="full")[reach:-reach]
    return np.asarray(np.where(known, total / np.where(known, share, 1.0), np.nan))


def _widen(
    time_s: FloatArray, signal: FloatArray, found: Sequence[Excursion], *, low: float, high: float
) -> list[Excursion]:
    """Move each start and end outward to where the signal comes to rest, at most to the neighbouring excursion."""
    starts = [one.start for one in found] + [len(signal)]
    ends = [0] + [one.end for one in found]
    widened = []
    for number, one in enumerate(found):
        before = slice(ends[number], one.start + 1)
        after = slice(one.end, starts[number + 1])
        start = one.start - _rest_after(-time_s[before][::-1], signal[before][::-1], low=low, high=high)
        end = one.end if one.cut_off else one.end + _rest_after(time_s[after], signal[after], low=low, high=high)
        widened.append(replace(one, start=start, end=end))
    return widened


def _turning_point(time_s: FloatArray, signal: FloatArray, one: Excursion) -> int:
    """Return the sample at which the way out ends: the middle of the top, or early in it where there is a hold.

    The top is the time around the highest sample in which the signal hardly comes down. The time by which it exceeds
    the top of a cosine of the same height and duration is a hold.
    """
    values = signal[one.start : one.end + 1]
    highest = int(np.nanargmax(values))
    lower = np.flatnonzero(values < values[highest] - _TOP_SHARE * (values[highest] - values[0]))
    at = int(np.searchsorted(lower, highest))
    first = int(lower[at - 1]) + 1 if at else 1
    stop = int(lower[at]) if at < len(lower) else len(values)
    top = one.start + first + np.flatnonzero(np.isfinite(values[first:stop]))
    if not top.size:
        return one.turn
    top_s = float(time_s[top[-1]] - time_s[top[0]])
    hold_s = max(0.0, top_s - _TOP_OF_COSINE * float(time_s[one.end] - time_s[one.start]))
    at_s = float(time_s[top[0]]) + (top_s - hold_s) / 2 + _HOLD_SHARE * hold_s
    return int(top[np.argmin(np.abs(time_s[top] - at_s))])


def _rest_after(time_s: FloatArray, signal: FloatArray, *, low: float, high: float) -> int:
    """Return the index at which a falling signal has come to rest, before it becomes unknown.

    That is the first sample near the resting level from which the signal falls by less than 1 % of the range within
    0.1 s. A person who rests higher now than before, and for some time, comes to rest near the lowest level of the
    stretch instead.
    """
    known = np.isfinite(signal).nonzero()[0]
    t = time_s[known]
    gaps = (t[1:] - t[:-1] > _GAP_MAX_S).nonzero()[0]
    if gaps.size:
        known, t = known[: gaps[0] + 1], t[: gaps[0] + 1]
    if known.size < 2:
        return 0
    values = signal[known]
    near_share = _START_SHARE * (high - low)
    lowest = values.min()
    lows = (values <= lowest + near_share).nonzero()[0]
    level = lowest if t[lows[-1]] - t[lows[0]] >= _REST_MIN_S else low
    nearly = (values <= max(level, low) + near_share).nonzero()[0]
    still = values[nearly] - np.interp(t[nearly] + _STILL_S, t, values) < _STILL_SHARE * (high - low)
    at_rest = nearly[still]
    return int(known[at_rest[0] if at_rest.size else values.argmin()])
