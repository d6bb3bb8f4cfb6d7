"""A movement in one curve: an angle over the gait cycle beside the norm, or over the mean repetition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np

from gaitlab.gait.norms import NormBand
from gaitlab.motion.phase import N_POINTS
from gaitlab.records import FloatArray, Side
from gaitlab.records.skeleton import SIDE_COLORS
from gaitlab.reports.charts import GRAY, Axes, angle_limits, legend
from gaitlab.reports.drawing import Drawing, Line, Shape

__all__ = ["Curve", "cycle_chart"]

_NORM_SHADE, _OWN_SHADE = 0.28, 0.16
_PERCENT: Final = np.linspace(0.0, 100.0, N_POINTS)


class Curve(Protocol):
    """A mean curve of one side with its spread, each of shape (101,): of strides, or of repetitions."""

    @property
    def side(self) -> Side: ...  # noqa: D102
    @property
    def n(self) -> int: ...  # noqa: D102
    @property
    def mean_deg(self) -> FloatArray: ...  # noqa: D102
    @property
    def sd_deg(self) -> FloatArray: ...  # noqa: D102


def cycle_chart(
    curves: Sequence[Curve],
    *,
    title: str,
    x_label: str,
    band: NormBand | None = None,
    width: float = 520.0,
    height: float = 190.0,
) -> Drawing:
    """Draw mean curves, left solid and right dashed, each with its spread, on the band of healthy people.

    Parameters
    ----------
    curves : sequence of Curve
        At least one.
    title, x_label : str
    band : NormBand, optional
    width, height : float
        In points.
    """
    ends = [curve.mean_deg + sign * curve.sd_deg for curve in curves for sign in (-1, 1)]
    ends += [band.mean_deg + sign * band.sd_deg for sign in (-1, 1)] if band else []
    axes = Axes(width, height, (0.0, 100.0), angle_limits(np.array(ends)))
    shapes: list[Shape] = []
    if band:
        shapes.append(_area(axes, band.mean_deg, band.sd_deg, color=GRAY, opacity=_NORM_SHADE))
    shapes += axes.frame(x_label, "angle (°)")
    shapes += legend((curve.side for curve in curves), width)
    for curve in curves:
        shapes.append(_area(axes, curve.mean_deg, curve.sd_deg, color=SIDE_COLORS[curve.side], opacity=_OWN_SHADE))
    for curve in curves:
        points = tuple(axes.at(x, y) for x, y in zip(_PERCENT.tolist(), curve.mean_deg.tolist(), strict=True))
        shapes.append(Line(points=points, color=SIDE_COLORS[curve.side], width=2, dashed=curve.side == "right"))
    return Drawing(width=width, height=height, title=title, shapes=tuple(shapes))


def _area(axes: Axes, mean_deg: FloatArray, sd_deg: FloatArray, *, color: str, opacity: float) -> Line:
    there = [axes.at(float(x), float(y)) for x, y in zip(_PERCENT, mean_deg + sd_deg, strict=True)]
    back = [axes.at(float(x), float(y)) for x, y in zip(_PERCENT[::-1], (mean_deg - sd_deg)[::-1], strict=True)]
    return Line(points=(*there, *back), color=color, closed=True, opacity=opacity)
