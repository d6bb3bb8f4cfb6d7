"""The curves over the gait cycle as a Plotly figure, and which angles are drawn together: pure functions from records.

All other charts draw themselves: those that follow a clip frame by frame (`ui/session/player.js`, `overlay.js`), the
trends (`ui/history/trend_chart.js`), of which five stand on one page, and those of reports (`reports/charts`), which
are plain shapes. Background and font are left to the page's theme, so that dark and light both fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go

from gaitlab.gait.cycle_curves import CycleCurve
from gaitlab.gait.norms import NormBand
from gaitlab.records import AngleSeries, FloatArray
from gaitlab.records.skeleton import SIDE_COLORS, SIDES
from gaitlab.reports.charts import SPAN_MIN_DEG

__all__ = ["angle_joints", "cycle_figure"]

_NORM_COLOR: Final = "#808080"  # not a colour of a side; visible on dark and light
_MARGIN: Final = {"l": 8, "r": 8, "t": 32, "b": 8}
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
