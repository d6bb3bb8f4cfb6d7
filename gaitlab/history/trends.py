"""Trends: one metric over sessions with its uncertainty, the range without change, a robust line and a goal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

import numpy as np
from scipy.stats import theilslopes

from gaitlab.history.comparable import Measurement, reasons_not_comparable, usable
from gaitlab.history.goals import AnyGoal, missing_to, progress_words
from gaitlab.history.verdict import BASELINE_MIN, Change, judge, limit_of_new_session, own_half_width, sd_of_sessions
from gaitlab.metrics.table import Aim, row_of
from gaitlab.metrics.words import amount
from gaitlab.records import Side

__all__ = ["LINE_MIN", "GoalState", "Line", "Trend", "TrendPoint", "aim_of", "goal_state", "main_side", "trend"]

#: Sessions needed for a line *(ours)*: four values are in rising or falling order by chance once in twelve.
LINE_MIN: Final = 5
_DAY_S: Final = 86400.0

Course = Literal["rising", "falling", "no clear trend"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPoint:
    """One session of a trend.

    Attributes
    ----------
    measurement : Measurement
    low, high : float or None
        95 % interval of the session's own mean (`verdict.own_half_width`); None where the session has no spread.
    comparable : bool
        Whether it can be compared with the newest session; others are shown, but not judged and not in the line.
    """

    measurement: Measurement
    low: float | None
    high: float | None
    comparable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A Theil-Sen line through at least `LINE_MIN` sessions (Sen 1968: its 95 % interval).

    Attributes
    ----------
    course : {"rising", "falling", "no clear trend"}
        "rising" when the whole interval of the slope is above 0, "falling" when it is below.
    slope_per_day, slope_low, slope_high : float
        In the metric's unit per day.
    start, end : tuple of (datetime, float)
        The two ends of the drawn line.
    n : int
    """

    course: Course
    slope_per_day: float
    slope_low: float
    slope_high: float
    start: tuple[datetime, float]
    end: tuple[datetime, float]
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """One metric of one side over time.

    Attributes
    ----------
    points : tuple of TrendPoint
        Oldest first; sessions without a value are left out.
    band : tuple of (mean, low, high), or None
        Range of a session without change, as wide as the limit of `verdict.judge`; None without baseline sessions,
        or when they agree to the last digit.
    line : Line or None
    change : Change or None
        Verdict on the newest session; None without any value.
    """

    name: str
    side: Side | None
    unit: str
    points: tuple[TrendPoint, ...]
    band: tuple[float, float, float] | None
    line: Line | None
    change: Change | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalState:
    """The progress of a person towards a goal.

    Attributes
    ----------
    state : {"reached", "not yet", "cannot tell"}
    share : float or None
        Share of the way from the first session to the goal, 0..1.
    words : str
        One sentence.
    """

    state: Literal["reached", "not yet", "cannot tell"]
    share: float | None
    words: str


def main_side(history: Sequence[Measurement]) -> Side | None:
    """Return the side to show first: both sides together where there is such a value, else the first side found."""
    sides = {measurement.side for measurement in history}
    order: tuple[Side | None, ...] = (None, "both", "left", "right")
    return next((side for side in order if side in sides), None)


def aim_of(goal: AnyGoal | None) -> Aim | None:
    """Return the better direction according to a goal."""
    if goal is None:
        return None
    return "more" if goal.direction == "at_least" else "less"


def trend(name: str, history: Sequence[Measurement], *, side: Side | None = None, aim: Aim | None = None) -> Trend:
    """Return the trend of one metric and side.

    Parameters
    ----------
    name : str
    history : sequence of Measurement
        One metric of one person, oldest first.
    side : Side, optional
    aim : Aim, optional
        The better direction, as for `verdict.judge`.
    """
    measured = [measurement for measurement in history if measurement.side == side and measurement.value is not None]
    points = tuple(_point(measurement, measured[-1]) for measurement in measured)
    unit = measured[-1].unit if measured else ""
    fit = [point.measurement for point in points if point.comparable and usable(point.measurement)]
    return Trend(
        name=name,
        side=side,
        unit=unit,
        points=points,
        band=_band(name, [measurement for measurement in fit if measurement.is_baseline]),
        line=_line(fit),
        change=judge(name, measured[-1], measured, aim=aim) if measured else None,
    )


def _point(measurement: Measurement, newest: Measurement) -> TrendPoint:
    value = float(measurement.value or 0.0)
    half = own_half_width(measurement)
    return TrendPoint(
        measurement=measurement,
        low=None if half is None else value - half,
        high=None if half is None else value + half,
        comparable=not reasons_not_comparable(newest, measurement),
    )


def _band(name: str, baseline: Sequence[Measurement]) -> tuple[float, float, float] | None:
    values = np.array([measurement.value for measurement in baseline], dtype=np.float64)
    if not values.size:
        return None
    mean = float(values.mean())
    if values.size >= BASELINE_MIN:
        limit = float(limit_of_new_session(sd_of_sessions(name, baseline), values.size))
    elif (bound := row_of(name).bound) is not None:
        limit = bound.limit
    else:
        return None
    return (mean, mean - limit, mean + limit) if limit > 0.0 else None


def _line(measurements: Sequence[Measurement]) -> Line | None:
    days = np.array([(r.recorded_at - measurements[0].recorded_at).total_seconds() / _DAY_S for r in measurements])
    if len(measurements) < LINE_MIN or len(np.unique(days)) < LINE_MIN:
        return None
    values = np.array([measurement.value for measurement in measurements], dtype=np.float64)
    slope, intercept, low, high = (float(number) for number in theilslopes(values, days, alpha=0.95))
    course: Course = "rising" if low > 0 else "falling" if high < 0 else "no clear trend"
    return Line(
        course=course,
        slope_per_day=slope,
        slope_low=low,
        slope_high=high,
        start=(measurements[0].recorded_at, intercept),
        end=(measurements[-1].recorded_at, intercept + slope * float(days[-1])),
        n=len(measurements),
    )


def goal_state(goal: AnyGoal, shown: Trend, *, today: date | None = None) -> GoalState:
    """Return the progress of the newest session with the metric towards a goal.

    The way starts at the first comparable session. A newest session of low confidence is not replaced by an older one.

    Parameters
    ----------
    goal : Goal of the store
    shown : Trend
        Of the goal's metric and side.
    today : date, optional
        Tells whether the due date of the goal has passed; default: not checked.
    """
    known = [point.measurement for point in shown.points if point.comparable and usable(point.measurement)]
    if not shown.points or not usable(shown.points[-1].measurement):
        words = "The newest session with this number has it with too little confidence."
        return GoalState(
            state="cannot tell", share=None, words=words if shown.points else "No session has this number."
        )
    first, last = float(known[0].value or 0.0), float(known[-1].value or 0.0)
    missing, whole = missing_to(goal, last), missing_to(goal, first)
    if missing <= 0.0:
        words = f"Reached: {amount(last, shown.unit)} in the newest session with this number."
        return GoalState(state="reached", share=1.0, words=words)
    share = min(max(1.0 - missing / whole, 0.0), 1.0) if whole > 0.0 else 0.0
    late = " The day set for it is over." if goal.due and today and today > goal.due else ""
    return GoalState(state="not yet", share=share, words=f"{progress_words(goal, last, shown.unit)}.{late}")
