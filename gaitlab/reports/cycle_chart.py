"""A movement in one curve: an angle over the gait cycle beside the norm, or over the mean repetition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from gaitlab.gait.cycle_curves import N_POINTS, stretch
from gaitlab.gait.norms import NormBand
from gaitlab.records import Analysis, FloatArray, Side
from gaitlab.records.skeleton import SIDE_COLORS, SIDES, side_of_name
from gaitlab.repetitions.exercises import standard_of
from gaitlab.reports.charts import GRAY, Axes, angle_limits, legend
from gaitlab.reports.drawing import Drawing, Line, Shape

__all__ = ["Curve", "RepetitionCurve", "cycle_chart", "repetition_curves"]

#: As many as strides in a mean of the gait cycle.
_REPETITIONS_MIN: Final = 3
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RepetitionCurve:
    """One angle over the repetition: every one stretched from its start, 0 %, to its end, 100 %.

    Attributes
    ----------
    joint : str
        Name of the angle without its side.
    side : {"left", "right", "both"}
    n : int
        Number of repetitions in the mean, at least three.
    mean_deg, sd_deg : ndarray, shape (101,)
        SD with ddof 1, between repetitions. No NaN.
    """

    joint: str
    side: Side
    n: int
    mean_deg: FloatArray
    sd_deg: FloatArray


def repetition_curves(analysis: Analysis) -> tuple[RepetitionCurve, ...]:
    """Return the angle that an exercise is measured by over its mean repetition, left before right.

    Repetitions that are cut off are left out, and so is a side with less than three that are known throughout.
    """
    if analysis.exercise is None:
        return ()
    joint = standard_of(analysis.activity.kind).angle or "knee"
    curves = []
    for name in (joint, *(f"{side}_{joint}" for side in SIDES)):
        side = side_of_name(name)
        whole = [rep for rep in analysis.exercise.repetitions if rep.is_whole]
        own = [rep for rep in whole if "both" in (rep.side, side) or rep.side == side]
        known = np.array([one for one in (stretch(analysis.angles, name, rep) for rep in own) if one is not None])
        if len(known) >= _REPETITIONS_MIN:
            mean, sd = known.mean(axis=0), known.std(axis=0, ddof=1)
            curves.append(RepetitionCurve(joint=joint, side=side, n=len(known), mean_deg=mean, sd_deg=sd))
    return tuple(curves)


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
