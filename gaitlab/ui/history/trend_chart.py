"""One number over sessions as a Streamlit component: `trend_chart.html`, `.css` and the scripts beside it.

A chart of its own, because five of them stand on one page: a chart library takes longer to load than all else there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from importlib.resources import files
from typing import Any, Final

import streamlit as st

from gaitlab.history.comparable import usable
from gaitlab.history.trends import Line, Trend, TrendPoint
from gaitlab.metrics.units import unit_of
from gaitlab.metrics.words import date_words, metric_value
from gaitlab.records import Metric
from gaitlab.records.skeleton import SIDE_COLORS
from gaitlab.ui.shared.component_script import component_script, no_callback
from gaitlab.ui.shared.widgets import open_session

__all__ = ["trend_chart", "trend_chart_data"]

_HERE: Final = files("gaitlab.ui.history")
_COLORS: Final = "".join(f"--{side}: {color};" for side, color in SIDE_COLORS.items())


def trend_chart_data(
    shown: Trend,
    *,
    label: str,
    target: float | None = None,
    zone: tzinfo | None = None,
    since: datetime | None = None,
    is_small: bool = False,
) -> dict[str, Any]:
    """Return the data of the chart of one metric over sessions as JSON values.

    Moments are what a clock in `zone` showed, as milliseconds since its 1970 began.

    Parameters
    ----------
    shown : Trend
        The grey band is its range without a change, the bars are the 95 % intervals of the sessions' own means.
    label : str
        Label of the metric.
    target : float, optional
        A goal, drawn as a line.
    zone : tzinfo, optional
        Of the dates; None = this machine's.
    since : datetime, optional
        Earlier sessions are not drawn; band and line stay those of all of them.
    is_small : bool
        One of several small charts: without legend and title of the axis.
    """
    unit = unit_of(shown.unit)
    drawn = [point for point in shown.points if since is None or point.measurement.recorded_at >= since]
    return {
        "label": label,
        "axis": f"{label} ({written})" if (written := unit.written.strip()) else label,
        "is_small": is_small,
        "is_counted": unit.is_counted,
        "side": shown.side or "both",
        "points": [_point(point, shown, zone) for point in drawn],
        "band": shown.band,
        "goal": target,
        "course": _course(shown.line, zone, since) if shown.line else None,
    }


def _point(point: TrendPoint, shown: Trend, zone: tzinfo | None) -> dict[str, Any]:
    measured = point.measurement
    value = Metric(name=shown.name, value=measured.value, unit=measured.unit, side=shown.side)
    return {
        "session": measured.session_id,
        "at": _clock_ms(measured.recorded_at, zone),
        "when": date_words(measured.recorded_at, zone),
        "value": measured.value,
        "said": metric_value(value),
        "low": point.low,
        "high": point.high,
        "is_baseline": measured.is_baseline,
        "is_sure": usable(measured),
        "is_comparable": point.comparable,
    }


def _clock_ms(when: datetime, zone: tzinfo | None) -> float:
    """Return what a clock in a time zone showed, in milliseconds, as if the zone were UTC."""
    return 1000.0 * when.astimezone(zone).replace(tzinfo=UTC).timestamp()


def _course(line: Line, zone: tzinfo | None, since: datetime | None) -> list[tuple[float, float]] | None:
    """Return both ends of the line, moment and value; None where it ends before what is drawn begins."""
    start, value = line.start
    if since is not None and since > start:
        value += line.slope_per_day * ((since - start) / timedelta(days=1))
        start = since
    if start >= line.end[0]:
        return None
    return [(_clock_ms(start, zone), value), (_clock_ms(line.end[0], zone), line.end[1])]


def trend_chart(data: Mapping[str, Any], *, key: str) -> None:
    """Show the chart, and open the session of a mark that is clicked; `data` is that of `trend_chart_data`."""
    # Registered on every run, as Streamlit does not keep it over a restart of its runtime; the same again is no change.
    component = st.components.v2.component(
        "gaitlab.trend_chart",
        html=_HERE.joinpath("trend_chart.html").read_text(encoding="utf-8"),
        css=f".trend {{ {_COLORS} }}\n{_HERE.joinpath('trend_chart.css').read_text(encoding='utf-8')}",
        js=component_script("history/trend_chart.js"),
    )
    chosen = component(key=key, data=dict(data), on_session_change=no_callback).session
    if chosen is not None:
        open_session(int(chosen))
