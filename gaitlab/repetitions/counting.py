"""Excursions of a signal from rest and back, by two thresholds: the engine that all exercises share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gaitlab.settings import RepetitionSettings
from gaitlab.types import FloatArray, Side

__all__ = ["Excursion", "find_excursions"]

_GAP_MAX_S = 0.5  # a longer loss of sight ends a repetition under way (ours)
_START_SHARE = 0.10  # of the range: nearer to the resting level than that, the movement may begin and end (ours)
_STILL_SHARE, _STILL_S = 0.01, 0.1  # a signal that changes by less of its range in that time is at rest (ours)
_MIN_FRAMES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Excursion:
    """One excursion of a signal, as sample indices.

    Attributes
    ----------
    start, turn, end : int
        Frames of the track.
    full : bool
        It reached the upper threshold; else it is a partial one.
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


class _Counter:
    """The state of the count while the signal is read once from left to right."""

    def __init__(self, low: float, high: float, settings: RepetitionSettings) -> None:
        self._range = high - low
        self._leave = low + settings.leave_share * self._range
        self._enter = low + settings.enter_share * self._range
        self._return = settings.return_share * self._range
        self._rest: int | None = None  # last sample below the lower threshold; None = not seen at rest yet
        self._peak: tuple[int, float] | None = None  # highest sample since then, above the lower threshold
        self.found: list[Excursion] = []

    def reset(self) -> None:
        """Forget a movement under way: the joints were out of sight."""
        self._rest, self._peak = None, None

    def read(self, i: int, value: float) -> None:
        """Take the next sample."""
        if value < self._leave:
            if self._rest is not None and self._peak is not None:
                self._close(i, cut_off=False)
            self._rest, self._peak = i, None
        elif self._rest is not None and (self._peak is None or value > self._peak[1]):
            self._peak = (i, value)

    def finish(self, i: int, value: float) -> None:
        """Count a movement the clip ends in, when it has turned at full range."""
        if self._rest is not None and self._peak is not None:
            turned = self._peak[1] - value >= self._return
            if turned and self._peak[1] >= self._enter:
                self._close(i, cut_off=True)

    def _close(self, i: int, *, cut_off: bool) -> None:
        assert self._rest is not None
        assert self._peak is not None
        turn, height = self._peak
        self.found.append(Excursion(start=self._rest, turn=turn, end=i, full=height >= self._enter, cut_off=cut_off))


def find_excursions(
    time_s: FloatArray, signal: FloatArray, *, range_min: float, settings: RepetitionSettings
) -> tuple[Excursion, ...]:
    """Return the excursions of a signal from its resting level and back.

    Parameters
    ----------
    time_s, signal : ndarray, shape (T,)
        NaN = unknown; a loss of sight of more than 0.5 s ends an excursion under way.
    range_min : float
        A signal whose p2-p98 range is smaller has none.
    settings : RepetitionSettings
        Two thresholds, as shares of the p2-p98 range: an excursion begins when the signal rises above the lower one,
        is full when it reaches the upper one, and ends when it falls below the lower one again. One that is already
        under way at the first sample does not count; one that the clip ends in counts once it has turned at full range
        and come back by `return_share`. Excursions shorter than `duration_min_s` do not count.

    Returns
    -------
    tuple of Excursion
        Start and end are moved outward to where the signal comes to rest, or to its lowest point before the next one.
    """
    known = np.flatnonzero(np.isfinite(signal))
    if known.size < _MIN_FRAMES:
        return ()
    low, high = np.percentile(signal[known], [2, 98])
    if high - low < range_min:
        return ()
    counter = _Counter(float(low), float(high), settings)
    previous = int(known[0])
    for i in known:
        if time_s[i] - time_s[previous] > _GAP_MAX_S:
            counter.reset()
        counter.read(int(i), float(signal[i]))
        previous = int(i)
    counter.finish(int(known[-1]), float(signal[known[-1]]))
    widened = _widen(time_s, signal, counter.found, low=float(low), high=float(high))
    return tuple(
        one for one in widened if one.cut_off or time_s[one.end] - time_s[one.start] >= settings.duration_min_s
    )


def _widen(
    time_s: FloatArray, signal: FloatArray, found: Sequence[Excursion], *, low: float, high: float
) -> list[Excursion]:
    """Move each start back and each end on to where the signal comes to rest, at most to the neighbouring excursion."""
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


def _rest_after(time_s: FloatArray, signal: FloatArray, *, low: float, high: float) -> int:
    """Return the index at which a signal that sinks has come to rest.

    That is the first one near the resting level from which it sinks by less than 1 % of the range within 0.1 s.
    """
    known = np.flatnonzero(np.isfinite(signal))
    if known.size < 2:
        return 0
    t, values = time_s[known], signal[known]
    later = np.interp(t + _STILL_S, t, values)
    at_rest = (values <= low + _START_SHARE * (high - low)) & (values - later < _STILL_SHARE * (high - low))
    still = np.flatnonzero(at_rest)
    return int(known[still[0]] if still.size else known[np.argmin(values)])
