"""Sets of repetitions: count, tempo, best and worst repetition, and the trend from the first to the last.

They are derived from a summary whenever they are needed; nothing here is stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student_t

from gaitlab.records import Repetition

__all__ = ["SetSummary", "Slope", "best_and_worst", "slope_of", "summarise_sets"]

_SLOPE_MIN_N = 4  # a line through three points always looks like a trend (ours)
_LEVEL = 0.95
_RANGE_APART_DEG = 8.0  # angles from one camera are good to 5 to 8 degrees
_DEPTH_APART = 0.1  # of the standard: of a squat, about as much (ours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slope:
    """A least-squares line over the number of the repetition.

    Attributes
    ----------
    per_repetition : float
        Change from one repetition to the next.
    se : float
        Its standard error.
    low, high : float
        Its 95 % interval (Student's t, n - 2).
    n : int
    """

    per_repetition: float
    se: float
    low: float
    high: float
    n: int

    @property
    def is_clear(self) -> bool:
        """Whether the interval excludes 0."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSummary:
    """One set.

    Attributes
    ----------
    index : int
        From 1.
    count : int
    partial : int
        How many of them are shallow.
    start_s, end_s : float
        Of the first and the last repetition.
    tempo_per_min : float or None
        Repetitions per minute from turn to turn; None with one repetition alone.
    best, worst : int or None
        Numbers of repetitions; None where none stands out.
    range_slope, duration_slope : Slope or None
        Of the range of motion in degrees (of the depth in percent of the standard where no range was seen) and of the
        duration in s; None below four whole repetitions.
    range_unit : {"deg", "%"}
    """

    index: int
    count: int
    partial: int
    start_s: float
    end_s: float
    tempo_per_min: float | None
    best: int | None
    worst: int | None
    range_slope: Slope | None
    duration_slope: Slope | None
    range_unit: str


def summarise_sets(repetitions: Sequence[Repetition]) -> tuple[SetSummary, ...]:
    """Return the sets of an exercise in time order."""
    numbers = sorted({one.set_index for one in repetitions})
    return tuple(_summary(number, [one for one in repetitions if one.set_index == number]) for number in numbers)


def _summary(number: int, repetitions: Sequence[Repetition]) -> SetSummary:
    turns = [one.turn_s for one in repetitions]
    has_range = all(one.range_deg is not None for one in repetitions)
    ranges = [one.range_deg if has_range else None if one.depth is None else 100.0 * one.depth for one in repetitions]
    pair = best_and_worst(repetitions)
    return SetSummary(
        index=number,
        count=len(repetitions),
        partial=sum(one.is_shallow for one in repetitions),
        start_s=repetitions[0].start_s,
        end_s=repetitions[-1].end_s,
        tempo_per_min=60.0 * (len(turns) - 1) / (turns[-1] - turns[0]) if turns[-1] > turns[0] else None,
        best=pair[0].index if pair else None,
        worst=pair[1].index if pair else None,
        range_slope=_slope_over(repetitions, ranges),
        duration_slope=_slope_over(repetitions, [one.end_s - one.start_s for one in repetitions]),
        range_unit="deg" if has_range else "%",
    )


def _slope_over(repetitions: Sequence[Repetition], values: Sequence[float | None]) -> Slope | None:
    """Return the slope over the whole repetitions whose value is known, numbered within the set."""
    known = [
        (number, value)
        for number, (one, value) in enumerate(zip(repetitions, values, strict=True))
        if value is not None and one.is_whole
    ]
    return slope_of([number for number, _ in known], [value for _, value in known])


def slope_of(numbers: Sequence[float], values: Sequence[float]) -> Slope | None:
    """Return the least-squares slope of values over numbers with its 95 % interval; None below four of them.

    ``se = sqrt(sum of squared residuals / (n - 2) / sum (x - mean x)^2)`` (ordinary least squares).
    """
    n = len(numbers)
    if n < _SLOPE_MIN_N:
        return None
    x = np.asarray(numbers, dtype=np.float64) - np.mean(numbers)
    y = np.asarray(values, dtype=np.float64) - np.mean(values)
    spread = float(np.sum(x**2))
    slope = float(np.sum(x * y)) / spread
    se = float(np.sqrt(np.sum((y - slope * x) ** 2) / (n - 2) / spread))
    half = float(student_t.ppf((1 + _LEVEL) / 2, n - 2)) * se
    return Slope(per_repetition=slope, se=se, low=slope - half, high=slope + half, n=n)


def best_and_worst(repetitions: Sequence[Repetition]) -> tuple[Repetition, Repetition] | None:
    """Return the best and the worst repetition: by the number of form notes, then depth, then range of motion.

    Deeper than the standard is not better; a depth or range that is not known of all is not compared. Repetitions that
    are cut off are left out. None where fewer than two are left, or where the two are alike within the error of
    measurement: as many form notes, depths less than a tenth and ranges less than 8 degrees apart.
    """
    whole = [one for one in repetitions if one.is_whole]
    depths = _of_all([one.depth for one in whole])
    ranges = _of_all([one.range_deg for one in whole])
    marks = [
        (-len(one.form), min(depth, 1.0), range_deg)
        for one, depth, range_deg in zip(whole, depths, ranges, strict=True)
    ]
    order = sorted(range(len(whole)), key=lambda i: (marks[i][0], round(marks[i][1], 1), marks[i][2]))
    if len(whole) < 2 or not _tells_apart(marks[order[-1]], marks[order[0]]):
        return None
    return whole[order[-1]], whole[order[0]]


def _of_all(values: Sequence[float | None]) -> list[float]:
    """Return the values, or zeros where one of them is not known."""
    known = [value for value in values if value is not None]
    return known if len(known) == len(values) else [0.0] * len(values)


def _tells_apart(best: tuple[int, float, float], worst: tuple[int, float, float]) -> bool:
    """Return whether form notes, depth or range differ by more than the error of one camera."""
    remarks, depth, range_deg = (abs(one - other) for one, other in zip(best, worst, strict=True))
    return remarks > 0 or depth >= _DEPTH_APART or range_deg >= _RANGE_APART_DEG
