"""Charts as Plotly figures: pure functions from records.

One chart library for the whole app: Plotly, because its charts report hover and click to the page and need no other
server. Only the session's player (`ui/session/player.js`) draws its curve itself, because it follows the clip frame by
frame, and reports (`charts`) are plain shapes. Background and font are left to the page's theme, so that dark and light
both fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go

from gaitlab.gait.cycle_curves import CycleCurve
from gaitlab.gait.norms import NormBand
from gaitlab.history.comparable import usable
from gaitlab.history.trends import Line, Trend, TrendPoint
from gaitlab.records import AngleSeries, Contact, ExerciseSummary, FloatArray, GaitSummary, Repetition
from gaitlab.records.skeleton import SIDE_COLORS, SIDES, side_of_name
from gaitlab.reports.charts import SPAN_MIN_DEG

__all__ = ["angle_figure", "angle_joints", "cycle_figure", "trend_figure"]

_NORM_COLOR: Final = "#808080"  # not a colour of a side; visible on dark and light
_MARGIN: Final = {"l": 8, "r": 8, "t": 32, "b": 8}
_SMALL_MARGIN: Final = {"l": 4, "r": 8, "t": 4, "b": 4}
_GREY: Final = "#888888"
_GOAL: Final = "#CC79A7"
_TRANSPARENT: Final = "rgba(0,0,0,0)"


def _joint(name: str) -> str:
    return "_".join(word for word in name.split("_") if word not in SIDES)


def angle_joints(angles: AngleSeries) -> dict[str, tuple[str, ...]]:
    """Group angle names by joint: ``{"knee_flexion": ("left_knee_flexion", "right_knee_flexion"), ...}``.

    Angles that are unknown throughout are left out, since they cannot be drawn.
    """
    groups: dict[str, tuple[str, ...]] = {}
    for name in angles.names:
        if np.isfinite(angles.angle(name)).any():
            groups[_joint(name)] = (*groups.get(_joint(name), ()), name)
    return groups


def _base_figure(*, height_px: int) -> Any:
    figure = go.Figure()
    figure.update_layout(
        height=height_px,
        margin=_MARGIN,
        paper_bgcolor=_TRANSPARENT,
        plot_bgcolor=_TRANSPARENT,
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0},
        hoverlabel={"namelength": -1},
    )
    return figure


def _value_at(angles: AngleSeries, name: str, time_s: FloatArray) -> FloatArray:
    """Return an angle at given times; NaN between unknown samples."""
    return np.interp(time_s, angles.time_s, angles.angle(name), left=np.nan, right=np.nan)


def _add_repetitions(figure: Any, angles: AngleSeries, names: Sequence[str], repetitions: Sequence[Repetition]) -> None:
    for rep in repetitions:
        figure.add_vrect(
            x0=rep.start_s,
            x1=rep.end_s,
            fillcolor=SIDE_COLORS[rep.side],
            opacity=0.06 if rep.is_shallow else 0.12,
            line_width=0,
            layer="below",
            annotation={"text": f"({rep.index})" if rep.is_shallow else str(rep.index), "font": {"size": 12}},
            annotation_position="top left",
        )
    for name in names:
        figure.add_scatter(
            x=[rep.turn_s for rep in repetitions],
            y=_value_at(angles, name, np.array([rep.turn_s for rep in repetitions], dtype=np.float64)),
            mode="markers",
            marker={"symbol": "circle", "size": 8, "color": SIDE_COLORS[side_of_name(name)]},
            hovertext=[f"turning point of repetition {rep.index}{', shallow' * rep.is_shallow}" for rep in repetitions],
            hovertemplate="%{hovertext}<br>%{x:.2f} s: %{y:.0f}°<extra></extra>",
            name="turning points",
            showlegend=False,
        )


def _add_heel_strikes(figure: Any, angles: AngleSeries, names: Sequence[str], contacts: Sequence[Contact]) -> None:
    """Mark heel strikes on the curve of their side, or as lines across the chart if that curve is missing."""
    for side in SIDES:
        times = [c.time_s for c in contacts if c.kind == "heel_strike" and c.side == side]
        own = next((name for name in names if side_of_name(name) == side), None)
        if own is None:
            for time_s in times:
                figure.add_vline(x=time_s, line={"color": SIDE_COLORS[side], "width": 1, "dash": "dot"})
        elif times:
            figure.add_scatter(
                x=times,
                y=_value_at(angles, own, np.array(times, dtype=np.float64)),
                mode="markers",
                marker={"symbol": "triangle-up", "size": 11, "color": SIDE_COLORS[side]},
                hovertemplate=f"{side} heel strike at %{{x:.2f}} s<extra></extra>",
                name=f"{side} heel strike",
            )


def _angle_range(angles: AngleSeries, names: Sequence[str]) -> tuple[float, float] | None:
    """Return axis limits for movements too small to fill a chart; None lets the chart choose its limits."""
    deg = np.array([angles.angle(name) for name in names])
    if not np.isfinite(deg).any() or (span := np.nanmax(deg) - np.nanmin(deg)) >= SPAN_MIN_DEG:
        return None
    pad = (SPAN_MIN_DEG - span) / 2
    return float(np.nanmin(deg) - pad), float(np.nanmax(deg) + pad)


def angle_figure(
    angles: AngleSeries,
    names: Sequence[str],
    *,
    exercise: ExerciseSummary | None = None,
    gait: GaitSummary | None = None,
    height_px: int = 340,
) -> Any:
    """Draw angles over time, with repetitions and heel strikes marked.

    Parameters
    ----------
    angles : AngleSeries
    names : sequence of str
        Which of its angles; unknown stretches (NaN) stay gaps.
    exercise : ExerciseSummary, optional
        Its repetitions become shaded spans with a point at each turn; shallow ones are fainter, with
        their number in brackets.
    gait : GaitSummary, optional
        Its heel strikes become triangles in the colour of their side.
    height_px : int

    Returns
    -------
    plotly.graph_objects.Figure
    """
    figure = _base_figure(height_px=height_px)
    for name in names:
        side = side_of_name(name)
        figure.add_scatter(
            x=angles.time_s,
            y=angles.angle(name),
            mode="lines",
            line={"color": SIDE_COLORS[side], "width": 2, "dash": "dash" if side == "right" else "solid"},
            name=name.replace("_", " "),
            hovertemplate="%{x:.2f} s: %{y:.0f}°",
        )
    if exercise:
        _add_repetitions(figure, angles, names, exercise.repetitions)
    if gait:
        _add_heel_strikes(figure, angles, names, gait.contacts)
    figure.update_xaxes(title="time (s)", showgrid=False, range=[angles.time_s[0], angles.time_s[-1]])
    figure.update_yaxes(title="angle (°)", zeroline=False, range=_angle_range(angles, names))
    return figure


def _add_band(figure: Any, mean: FloatArray, sd: FloatArray, *, color: str, name: str) -> None:
    """Shade mean - SD to mean + SD over 0..100 %."""
    percent = np.arange(len(mean))
    figure.add_scatter(
        x=np.concatenate([percent, percent[::-1]]),
        y=np.concatenate([mean + sd, (mean - sd)[::-1]]),
        mode="lines",
        line={"width": 0, "color": color},
        fill="toself",
        fillcolor=color,
        opacity=0.18,
        hoverinfo="skip",
        legendgroup=name,
        showlegend=False,
        name=f"{name} ± SD",
    )


def cycle_figure(curves: Sequence[CycleCurve], *, band: NormBand | None = None, height_px: int = 340) -> Any:
    """Draw one angle over the gait cycle: a line and the spread between strides for each side, a norm in grey behind.

    Parameters
    ----------
    curves : sequence of CycleCurve
        Of one angle, one per side.
    band : NormBand, optional
        Of the same angle.
    height_px : int

    Returns
    -------
    plotly.graph_objects.Figure
    """
    if len(names := {curve.name for curve in curves} | ({band.angle} if band else set())) > 1:
        raise ValueError(f"curves: expected one angle, got {', '.join(sorted(names))}")
    figure = _base_figure(height_px=height_px)
    lines = [(band.group.title, _NORM_COLOR, "dot", band.mean_deg, band.sd_deg)] if band else []
    for curve in curves:
        dash = "dash" if curve.side == "right" else "solid"
        label = f"{curve.side}, {curve.n} strides"
        lines.append((label, SIDE_COLORS[curve.side], dash, curve.mean_deg, curve.sd_deg))
    for label, color, _, mean, sd in lines:
        _add_band(figure, mean, sd, color=color, name=label)
    for label, color, dash, mean, sd in lines:
        figure.add_scatter(
            x=np.arange(len(mean)),
            y=mean,
            customdata=sd,
            mode="lines",
            line={"color": color, "width": 2, "dash": dash},
            name=label,
            legendgroup=label,
            hovertemplate="%{x} %: %{y:.0f}° ± %{customdata:.0f}°",
        )
    figure.update_layout(margin={**_MARGIN, "r": 16})  # room for half of "100"
    figure.update_xaxes(
        title="gait cycle (%), from heel strike to heel strike", showgrid=False, range=[0, 100], dtick=20
    )
    figure.update_yaxes(title="angle (°)", zeroline=False, range=_curves_range(curves) if band is None else None)
    return figure


def _curves_range(curves: Sequence[CycleCurve]) -> tuple[float, float] | None:
    """Return axis limits for curves too flat to fill a chart; None lets the chart choose its limits."""
    low = min((float((curve.mean_deg - curve.sd_deg).min()) for curve in curves), default=0.0)
    high = max((float((curve.mean_deg + curve.sd_deg).max()) for curve in curves), default=0.0)
    pad = (SPAN_MIN_DEG - (high - low)) / 2
    return (low - pad, high + pad) if pad > 0 else None


def _add_range(figure: Any, band: tuple[float, float, float]) -> None:
    mean, low, high = band
    figure.add_hrect(
        y0=low, y1=high, fillcolor=_GREY, opacity=0.2, line_width=0, layer="below", name="no change", showlegend=True
    )
    figure.add_hline(y=mean, line={"color": _GREY, "width": 1, "dash": "dash"})


def _add_sessions(figure: Any, shown: Trend, points: Sequence[TrendPoint], zone: tzinfo | None, *, name: str) -> None:
    """Draw some sessions of a trend; filled marks have enough confidence, diamonds are baseline sessions."""
    bars = [(p.high - p.low) / 2 if p.high is not None and p.low is not None else None for p in points]
    shapes = ["diamond" if p.measurement.is_baseline else "circle" for p in points]
    color = SIDE_COLORS[shown.side or "both"] if points[0].comparable else _GREY
    figure.add_scatter(
        x=[point.measurement.recorded_at.astimezone(zone) for point in points],
        y=[point.measurement.value for point in points],
        error_y={"type": "data", "array": bars, "thickness": 1, "width": 4, "color": color} if any(bars) else None,
        mode="markers",
        customdata=[[point.measurement.session_id] for point in points],
        marker={
            "size": 10,
            "color": color,
            "symbol": [s if usable(p.measurement) else f"{s}-open" for s, p in zip(shapes, points, strict=True)],
        },
        name=name,
        hovertemplate="%{x|%d %b %Y %H:%M}<br>%{y:.4g} " + shown.unit,
    )


def trend_figure(
    shown: Trend,
    *,
    label: str,
    target: float | None = None,
    zone: tzinfo | None = None,
    since: datetime | None = None,
    height_px: int = 320,
    is_small: bool = False,
) -> Any:
    """Draw one metric over sessions with its uncertainty.

    Parameters
    ----------
    shown : Trend
        The grey band is its range without a change, the bars are the 95 % intervals of the sessions' own means.
    label : str
        Label of the metric, for the axis.
    target : float, optional
        A goal, drawn as a line.
    zone : tzinfo, optional
        Of the dates; None = this machine's.
    since : datetime, optional
        Earlier sessions are not drawn; band and line stay those of all of them.
    height_px : int
    is_small : bool
        One of several small charts: without legend and title of the axis.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    figure = _base_figure(height_px=height_px)
    if shown.band:
        _add_range(figure, shown.band)
    if target is not None:
        word = {} if is_small else {"annotation": {"text": "goal"}}
        figure.add_hline(y=target, line={"color": _GOAL, "width": 2, "dash": "dot"}, **word)
    drawn = [p for p in shown.points if since is None or p.measurement.recorded_at >= since]
    groups = (
        ("sessions", [p for p in drawn if p.comparable and not p.measurement.is_baseline]),
        ("baseline sessions", [p for p in drawn if p.comparable and p.measurement.is_baseline]),
        ("filmed or measured differently", [p for p in drawn if not p.comparable]),
    )
    for name, points in groups:
        if points:
            _add_sessions(figure, shown, points, zone, name=name)
    if shown.line:
        _add_line(figure, shown.line, color=SIDE_COLORS[shown.side or "both"], zone=zone, since=since)
    figure.update_xaxes(showgrid=False)
    if is_small:
        figure.update_layout(showlegend=False, margin=_SMALL_MARGIN)
        figure.update_traces(marker={"size": 6}, selector={"mode": "markers"})
        figure.update_xaxes(nticks=3)
        figure.update_yaxes(nticks=4)
    else:
        figure.update_layout(showlegend=len(figure.data) > 1)
        has_unit = shown.unit not in ("", "count", "repetitions")
        figure.update_yaxes(title=f"{label} ({shown.unit})" if has_unit else label)
    return figure


def _add_line(figure: Any, line: Line, *, color: str, zone: tzinfo | None, since: datetime | None) -> None:
    start, value = line.start
    if since is not None and since > start:
        value += line.slope_per_day * (since - start) / timedelta(days=1)
        start = since
    if start >= line.end[0]:
        return
    figure.add_scatter(
        x=[start.astimezone(zone), line.end[0].astimezone(zone)],
        y=[value, line.end[1]],
        mode="lines",
        line={"color": color, "width": 1, "dash": "dash"},
        name="trend",
        hoverinfo="skip",
    )
