"""One number over a person's sessions, for paper."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Final

from gaitlab.history.trends import Trend, TrendPoint
from gaitlab.reports.charts import GRAY, INK, Axes
from gaitlab.reports.drawing import Drawing, Line, Rect, Shape

__all__ = ["trend_chart"]

_BAND_SHADE: Final = 0.22
_MARK: Final = 3.0  # half of the side of a session's mark
_GOAL: Final = "#CC79A7"
#: A range of less is within the error of any number: part of the largest value (ours).
_SPAN_MIN: Final = 0.1
_DAY_S: Final = 86400.0
_BELOW: Final = 16.0  # for dates, in points


def trend_chart(
    trend: Trend,
    *,
    title: str,
    label: str,
    target: float | None = None,
    zone: tzinfo | None = None,
    width: float = 520.0,
    height: float = 150.0,
) -> Drawing | None:
    """Draw the sessions of a trend with the 95 % intervals of their own means.

    Parameters
    ----------
    trend : Trend
        The last of its points is the session of the report. Sessions that cannot be compared with it are hollow, and
        the grey band is the range of a session without a change.
    title, label : str
        `label` is that of the number, with its unit.
    target : float, optional
        A goal, as a dashed line.
    zone : tzinfo, optional
        Of the dates; default: that of this machine.
    width, height : float
        In points.

    Returns
    -------
    Drawing or None
        None for less than two sessions.
    """
    if len(trend.points) < 2:
        return None
    first = trend.points[0].measurement.recorded_at
    days = [_days(first, point) for point in trend.points]
    room = max(0.04 * days[-1], 0.1)
    axes = Axes(width, height, (-room, days[-1] + room), _ends(trend, target), below=_BELOW)
    shapes: list[Shape] = []
    left, _, right, _ = axes.edges
    if trend.band:
        (_, low), (_, high) = (axes.at(0.0, end) for end in trend.band[1:])
        shapes.append(Rect(x=left, y=high, width=right - left, height=low - high, color=GRAY, opacity=_BAND_SHADE))
    shapes += axes.frame("", label, x_ticks=_date_ticks(trend, days, zone))
    if target is not None:
        goal_y = axes.at(0.0, target)[1]
        shapes.append(Line(points=((left, goal_y), (right, goal_y)), color=_GOAL, width=1.2, dashed=True))
    known = [axes.at(day, _value(point)) for day, point in zip(days, trend.points, strict=True) if point.comparable]
    if len(known) > 1:
        shapes.append(Line(points=tuple(known), color=GRAY, width=0.8))
    for day, point in zip(days, trend.points, strict=True):
        shapes += _mark(axes, day, point, is_last=point is trend.points[-1])
    return Drawing(width=width, height=height, title=title, shapes=tuple(shapes))


def _value(point: TrendPoint) -> float:
    return float(point.measurement.value or 0.0)


def _days(first: datetime, point: TrendPoint) -> float:
    return (point.measurement.recorded_at - first).total_seconds() / _DAY_S


def _ends(trend: Trend, target: float | None) -> tuple[float, float]:
    values = [_value(point) for point in trend.points]
    values += [end for point in trend.points for end in (point.low, point.high) if end is not None]
    values += [*(trend.band[1:] if trend.band else ()), *([target] if target is not None else ())]
    low, high = min(values), max(values)
    least = _SPAN_MIN * max(abs(low), abs(high), 1.0)
    pad = max((least - (high - low)) / 2, 0.08 * (high - low))
    return low - pad, high + pad


def _date_ticks(trend: Trend, days: list[float], zone: tzinfo | None) -> list[tuple[float, str]]:
    """Return the dates of the first and the last session; of one day one date."""
    ends = (trend.points[0], trend.points[-1])
    dates = [point.measurement.recorded_at.astimezone(zone) for point in ends]
    words = [f"{when.day} {when:%b %Y}" for when in dates]
    if words[0] == words[1]:
        return [(days[-1] / 2, words[0])]
    return [(0.0, words[0]), (days[-1], words[1])]


def _mark(axes: Axes, day: float, point: TrendPoint, *, is_last: bool) -> list[Shape]:
    x, y = axes.at(day, _value(point))
    size = _MARK * (1.5 if is_last else 1.0)
    shapes: list[Shape] = []
    if point.low is not None and point.high is not None:
        ends = (axes.at(day, point.low), axes.at(day, point.high))
        shapes.append(Line(points=ends, color=GRAY, width=1.0))
    shapes.append(Rect(x=x - size, y=y - size, width=2 * size, height=2 * size, color=INK if is_last else GRAY))
    if not point.comparable:
        inner = size - 1.2
        shapes.append(Rect(x=x - inner, y=y - inner, width=2 * inner, height=2 * inner, color="#ffffff"))
    return shapes
