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
from gaitlab.geometry import segment_length_px
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
_START_SHARE = 0.10  # of the range: where the movement is said to begin and end
_SIDE_SPREAD_MAX = 0.35  # shoulder width over trunk length up to which the knee angle is seen from the side (ours)
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
    shoulders = track.xy_px[:, [Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER]].mean(axis=1)
    hips = track.xy_px[:, [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]].mean(axis=1)
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
        Start and end are moved outward to where the signal is within a tenth of the range of its resting level.
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
    widened = _widen(signal, counter.found, rest_level=float(low + _START_SHARE * (high - low)))
    return tuple(
        one for one in widened if one.cut_off or time_s[one.end] - time_s[one.start] >= settings.duration_min_s
    )


def _widen(signal: FloatArray, found: Sequence[Excursion], *, rest_level: float) -> list[Excursion]:
    """Move each start back and each end on to the nearest sample at rest, at most to the neighbouring excursion.

    Where the signal does not come to rest in between, to its lowest sample there.
    """
    starts = [one.start for one in found] + [len(signal)]
    ends = [0] + [one.end for one in found]
    widened = []
    for number, one in enumerate(found):
        before = signal[ends[number] : one.start + 1]
        after = signal[one.end : starts[number + 1]]
        end = one.end if one.cut_off or not np.isfinite(after).any() else one.end + _first_rest(after, rest_level)
        start = one.start
        if np.isfinite(before).any():
            start -= _first_rest(before[::-1], rest_level)
        widened.append(replace(one, start=start, end=end))
    return widened


def _first_rest(values: FloatArray, rest_level: float) -> int:
    """Return the index of the first value at rest, else of the lowest."""
    at_rest = np.flatnonzero(values <= rest_level)
    return int(at_rest[0]) if at_rest.size else int(np.nanargmin(values))


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
    excursions = find_excursions(track.time_s, signal, range_min=exercise.range_min, settings=settings)
    full = [one for one in excursions if one.full and signal[one.turn] >= exercise.full_level]
    repetitions = tuple(_describe(number, one, smoothed, angles, exercise) for number, one in enumerate(full, start=1))
    partial = sum(signal[one.turn] >= exercise.partial_level for one in excursions) - len(full)
    return ExerciseSummary(
        name=exercise.name,
        count=len(repetitions),
        partial=int(partial),
        repetitions=repetitions,
        metrics=_metrics(repetitions),
    )


def _describe(
    number: int, one: Excursion, smoothed: SmoothedTrack, angles: AngleSeries, exercise: Exercise
) -> Repetition:
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
        range_deg=_range_deg(rows, smoothed.track, angles, exercise),
        notes=("cut off",) if one.cut_off else (),
        confidence=confidence(
            view=None, coverage=float(known.mean()), interpolated=float(interpolated.mean()), n=1, n_min=1
        ),
    )


def _range_deg(rows: slice, track: PoseTrack, angles: AngleSeries, exercise: Exercise) -> float | None:
    """Return the mean range of the exercise's angles; None unless they are seen from the side."""
    xy = track.xy_px[rows]
    width = np.abs(xy[:, Keypoint.LEFT_SHOULDER, 0] - xy[:, Keypoint.RIGHT_SHOULDER, 0])
    shoulders = (xy[:, Keypoint.LEFT_SHOULDER] + xy[:, Keypoint.RIGHT_SHOULDER]) / 2
    hips = (xy[:, Keypoint.LEFT_HIP] + xy[:, Keypoint.RIGHT_HIP]) / 2
    spread = width / segment_length_px(hips, shoulders)
    spread = spread[np.isfinite(spread)]
    if spread.size == 0 or np.median(spread) > _SIDE_SPREAD_MAX:
        return None
    curves = [angles.angle(name)[rows] for name in exercise.angles]
    ranges = [float(np.ptp(deg[np.isfinite(deg)])) for deg in curves if np.isfinite(deg).mean() >= 0.8]
    return float(np.mean(ranges)) if ranges else None


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
