"""Counting repetitions: a full excursion of the exercise's signal and back, by two thresholds.

One engine for every exercise; what differs stands in `gaitlab.exercises`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gaitlab.exercises import Exercise, Position, Signal
from gaitlab.geometry import midpoint, segment_length_px
from gaitlab.quality import REASONS, confidence, measured, withheld
from gaitlab.settings import RepetitionSettings
from gaitlab.skeleton import LEG_KEYPOINTS, Keypoint
from gaitlab.types import (
    AngleSeries,
    ExerciseSummary,
    FloatArray,
    Metric,
    PoseTrack,
    Repetition,
    SmoothedTrack,
)

__all__ = ["Excursion", "count_repetitions", "find_excursions"]

_GAP_MAX_S = 0.5  # a longer loss of sight ends a repetition under way (ours)
_UPRIGHT_SHARE = 0.3  # of the trunk's length: least height of the shoulders over the hips when upright (ours)
_START_SHARE = 0.10  # of the range: nearer to the resting level than that, the movement may begin and end (ours)
_STILL_SHARE, _STILL_S = 0.01, 0.1  # a signal that changes by less of its range in that time is at rest (ours)
_SIDE_SPREAD_MAX = 0.35  # shoulder width over trunk length up to which the knee angle is seen from the side (ours)
_REST_S = 1.0  # how long before its start the rest position of a repetition is looked for (ours)
_KNOWN_SHARE = 0.8
_MIN_FRAMES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Excursion:
    """One excursion of a signal, as sample indices; `full` reached the upper threshold, `cut_off` did not come back."""

    start: int
    turn: int
    end: int
    full: bool
    cut_off: bool = False


def _nan_min(values: FloatArray) -> FloatArray:
    """Return the minimum over the last axis, NaN ignored; NaN where nothing is known."""
    return np.asarray(np.where(np.isfinite(values).any(axis=-1), np.fmin.reduce(values, axis=-1), np.nan))


def _thigh_drop(track: PoseTrack) -> FloatArray:
    """Return how far the hips have come down to the knees, in shank lengths: about -1 standing, 0 thighs level.

    The leg that has come down less counts, so that one leg alone (a step, a lunge) is no squat. Vertical distances,
    each leg by its own shank: holds from the side and from the front, near and far.
    """
    hips = track.xy_px[:, [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]]
    knees = track.xy_px[:, [Keypoint.LEFT_KNEE, Keypoint.RIGHT_KNEE]]
    ankles = track.xy_px[:, [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]]
    shank = segment_length_px(knees, ankles)
    return _nan_min((hips[..., 1] - knees[..., 1]) / np.where(shank > 0, shank, np.nan))


def _upright(track: PoseTrack) -> NDArray[np.bool_]:
    """Return where the shoulders are well above the hips, which excludes lying and bending over to the ground."""
    shoulders = midpoint(track.xy_px[:, Keypoint.LEFT_SHOULDER], track.xy_px[:, Keypoint.RIGHT_SHOULDER])
    hips = midpoint(track.xy_px[:, Keypoint.LEFT_HIP], track.xy_px[:, Keypoint.RIGHT_HIP])
    length = segment_length_px(hips, shoulders)
    if not np.isfinite(length).any():
        return np.zeros(len(track), dtype=bool)
    return np.asarray(hips[:, 1] - shoulders[:, 1] > _UPRIGHT_SHARE * np.nanpercentile(length, 95))


_SIGNALS: Final[Mapping[Signal, Callable[[PoseTrack], FloatArray]]] = {"thigh_drop": _thigh_drop}
_POSITIONS: Final[Mapping[Position, Callable[[PoseTrack], NDArray[np.bool_]]]] = {"upright": _upright}


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


def count_repetitions(
    smoothed: SmoothedTrack, angles: AngleSeries, exercise: Exercise, settings: RepetitionSettings
) -> ExerciseSummary:
    """Count the repetitions of one exercise and describe each.

    Parameters
    ----------
    smoothed : SmoothedTrack
    angles : AngleSeries
        On the same times.
    exercise : Exercise
    settings : RepetitionSettings

    Returns
    -------
    ExerciseSummary
        Excursions whose turning point is not in the exercise's position are left out. One that stays below the upper
        threshold or short of `full_level` is partial when it reaches `partial_level`, else nothing.
    """
    track = smoothed.track
    signal = _SIGNALS[exercise.signal](track)
    in_position = _POSITIONS[exercise.position](track)
    signal = np.where(in_position, signal, np.nan)
    excursions = [
        one
        for one in find_excursions(track.time_s, signal, range_min=exercise.range_min, settings=settings)
        if signal[one.start] <= exercise.rest_level
    ]
    full = [one for one in excursions if one.full and signal[one.turn] >= exercise.full_level]
    turns = [0, *(one.turn for one in excursions), len(signal) - 1]
    repetitions = tuple(
        _describe(number, one, smoothed, _range_deg(one, turns, track, angles, exercise))
        for number, one in enumerate(full, start=1)
    )
    partial = sum(signal[one.turn] >= exercise.partial_level for one in excursions) - len(full)
    return ExerciseSummary(
        name=exercise.name,
        count=len(repetitions),
        partial=int(partial),
        repetitions=repetitions,
        metrics=_metrics(repetitions),
    )


def _describe(number: int, one: Excursion, smoothed: SmoothedTrack, range_deg: float | None) -> Repetition:
    rows = slice(one.start, one.end + 1)
    legs = list(LEG_KEYPOINTS)
    known = np.isfinite(smoothed.track.xy_px[rows][:, legs, 0])
    interpolated = smoothed.interpolated[rows][:, legs]
    time_s = smoothed.track.time_s
    return Repetition(
        index=number,
        side="both",
        start_s=float(time_s[one.start]),
        turn_s=float(time_s[one.turn]),
        end_s=float(time_s[one.end]),
        range_deg=range_deg,
        notes=("cut off",) if one.cut_off else (),
        confidence=confidence(
            view=None, coverage=float(known.mean()), interpolated=float(interpolated.mean()), n=1, n_min=1
        ),
    )


def _range_deg(
    one: Excursion, turns: Sequence[int], track: PoseTrack, angles: AngleSeries, exercise: Exercise
) -> float | None:
    """Return how far the exercise's joints bend, mean over them; None unless they are seen from the side.

    From the straightest position since the turning point before (at most 1 s before the start) to the most bent one.
    """
    if not _seen_from_side(track.xy_px[one.start : one.end + 1]):
        return None
    time_s = track.time_s
    earliest = max(turns[turns.index(one.turn) - 1], int(np.searchsorted(time_s, time_s[one.start] - _REST_S)))
    ranges = []
    for name in exercise.angles:
        rest, bent = angles.angle(name)[earliest : one.turn + 1], angles.angle(name)[one.start : one.end + 1]
        if np.isfinite(rest).mean() >= _KNOWN_SHARE and np.isfinite(bent).mean() >= _KNOWN_SHARE:
            ranges.append(float(np.nanmax(bent) - np.nanmin(rest)))
    return float(np.mean(ranges)) if ranges else None


def _seen_from_side(xy_px: FloatArray) -> bool:
    """Return whether the shoulders appear narrow against the trunk over a stretch of positions, shape (T, 17, 2)."""
    left, right = xy_px[:, Keypoint.LEFT_SHOULDER], xy_px[:, Keypoint.RIGHT_SHOULDER]
    hips = midpoint(xy_px[:, Keypoint.LEFT_HIP], xy_px[:, Keypoint.RIGHT_HIP])
    spread = np.abs(left[:, 0] - right[:, 0]) / segment_length_px(hips, midpoint(left, right))
    spread = spread[np.isfinite(spread)]
    return spread.size > 0 and bool(np.median(spread) <= _SIDE_SPREAD_MAX)


def _metrics(repetitions: tuple[Repetition, ...]) -> tuple[Metric, ...]:
    if not repetitions:
        names = (("repetition_count", "repetitions"), ("tempo", "repetitions/min"), ("repetition_duration", "s"))
        return tuple(
            Metric(name=name, value=None, unit=unit, reason=REASONS["no_repetitions"])
            for name, unit in (*names, ("range_of_motion", "deg"))
        )
    n = len(repetitions)
    sure = float(np.mean([one.confidence for one in repetitions]))
    whole = [one for one in repetitions if "cut off" not in one.notes]
    ranges = [one.range_deg for one in whole if one.range_deg is not None]
    intervals = np.diff([one.turn_s for one in repetitions])
    tempo = (
        measured("tempo", "repetitions/min", 60.0 / intervals, confidence=sure)
        if n > 1
        else withheld("tempo", "repetitions/min", "few_repetitions", n=n)
    )
    return (
        Metric(name="repetition_count", value=float(n), unit="repetitions", n=n, confidence=sure),
        tempo,
        measured("repetition_duration", "s", [one.end_s - one.start_s for one in whole], confidence=sure)
        if whole
        else withheld("repetition_duration", "s", "no_repetitions"),
        measured("range_of_motion", "deg", ranges, confidence=sure * len(ranges) / n, side="both")
        if ranges
        else withheld("range_of_motion", "deg", "view"),
    )
