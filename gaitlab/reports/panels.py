"""The drawings of a report, each with its heading and what must be said with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import groupby
from typing import Final

from gaitlab.gait.cycle_curves import cycle_curves
from gaitlab.gait.norms import NormGroup, group_of_age, has_norm, norm_band
from gaitlab.history.goals import GoalOfMetric, goal_for
from gaitlab.history.trends import Trend
from gaitlab.metrics.table import row_of
from gaitlab.metrics.units import unit_of
from gaitlab.metrics.words import angle_label
from gaitlab.records import Analysis, Picture
from gaitlab.records.skeleton import Side
from gaitlab.repetitions.repetition_curves import RepetitionCurve, repetition_curves
from gaitlab.reports.charts import curve_chart
from gaitlab.reports.cycle_chart import cycle_chart
from gaitlab.reports.drawing import Drawing
from gaitlab.reports.figures import figure_chart
from gaitlab.reports.key_moments import front_words, key_moments, main_angles, main_joint
from gaitlab.reports.sentences import cycle_words
from gaitlab.reports.trend_chart import trend_chart

__all__ = ["Panel", "curve_panels", "cycle_panels", "key_panel", "main_curve_panel", "trend_panel"]

_WIDTH: Final = 520.0
_CYCLE: Final = "gait cycle (%)"
_REPETITION: Final = "repetition (%)"
_CURVES_OF_GAIT: Final = ("knee", "hip", "ankle", "trunk")
_CURVES: Final = (*_CURVES_OF_GAIT, "elbow", "shoulder")


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A drawing with its heading and its caption, which may be empty.

    `counted` is what the caption counts, the strides of each side, and the people of the norm; one caption can stand
    for panels of which it is the same.
    """

    heading: str
    drawing: Drawing
    caption: str = ""
    counted: tuple[tuple[Side, int] | NormGroup, ...] = ()


def key_panel(
    analysis: Analysis,
    *,
    pictures: Mapping[float, Picture] | None = None,
    width: float = _WIDTH,
    height: float = 170.0,
) -> Panel | None:
    """Return the person at the key moments; None where nothing was recognised or nobody is seen there."""
    moments = key_moments(analysis)
    if not moments:
        return None
    title = f"The person at {len(moments)} moments: {', '.join(one.label for one in moments)}"
    drawing = figure_chart(analysis, moments, title=title, pictures=pictures, width=width, height=height)
    return Panel(heading="Key moments", drawing=drawing) if drawing else None


def cycle_panels(
    analysis: Analysis, *, age: int | None = None, width: float = _WIDTH, height: float = 190.0
) -> Iterator[Panel]:
    """Yield each angle over the gait cycle, beside that of healthy people; of an exercise over the mean repetition.

    Parameters
    ----------
    analysis : Analysis
    age : int or None
        Of the person in years; it selects the norm.
    width, height : float
        In points.
    """
    for name, own in groupby(cycle_curves(analysis), key=lambda curve: curve.name):
        curves = tuple(own)
        band = norm_band(name, group_of_age(age)) if has_norm(analysis) else None
        heading = f"{angle_label(name)} over the gait cycle"
        drawing = cycle_chart(curves, title=heading, x_label=_CYCLE, band=band, width=width, height=height)
        group = band.group if band else None
        yield Panel(
            heading=heading,
            drawing=drawing,
            caption=cycle_words(curves, group),
            counted=(*((curve.side, curve.n) for curve in curves), *([group] if group else [])),
        )
    if repetitions := [curve for curve in repetition_curves(analysis) if curve.angle in main_angles(analysis)]:
        heading = f"{angle_label(main_joint(analysis))} over the mean repetition"
        drawing = cycle_chart(repetitions, title=heading, x_label=_REPETITION, width=width, height=height)
        yield Panel(heading=heading, drawing=drawing, caption=_repetition_words(repetitions))


def _repetition_words(curves: Sequence[RepetitionCurve]) -> str:
    counted = " and ".join(f"{curve.n}{f' {curve.side}' if curve.side != 'both' else ''}" for curve in curves)
    return f"Lines and shades: mean and spread (standard deviation) of {counted} repetitions; the turn is at 50 %."


def curve_panels(analysis: Analysis) -> Iterator[Panel]:
    """Yield the angles over time, with heel strikes or repetitions."""
    shallow, seen = analysis.exercise is not None and analysis.exercise.partial > 0, front_words(analysis)
    in_brackets = ", shallow repetitions in brackets" * shallow
    for joint in _CURVES_OF_GAIT if analysis.gait else _CURVES:
        names = [name for name in analysis.angles.names if joint in name.split("_")]
        drawing = curve_chart(analysis, names, title=f"{joint.capitalize()} angle over time{seen}") if names else None
        if drawing is not None:
            yield Panel(heading=f"{angle_label(joint)} angle{seen}{in_brackets}", drawing=drawing)


def main_curve_panel(analysis: Analysis, *, width: float, height: float) -> Panel | None:
    """Return over time the angle that the movement is measured by; None where it is not known."""
    names = main_angles(analysis)
    heading = f"{angle_label(main_joint(analysis))} angle over time{front_words(analysis)}"
    drawing = curve_chart(analysis, names, title=heading, width=width, height=height) if names else None
    return Panel(heading=heading, drawing=drawing) if drawing else None


def trend_panel(
    trend: Trend | None,
    *,
    goals: Sequence[GoalOfMetric] = (),
    zone: tzinfo | None = None,
    width: float = _WIDTH,
    height: float = 150.0,
) -> Panel | None:
    """Return a number over the person's sessions with the verdict on the last; None for less than two sessions.

    Parameters
    ----------
    trend : Trend or None
    goals : sequence of goals of the store
        Of the person, in metric units.
    zone : tzinfo, optional
        Of the dates; default: that of this machine.
    width, height : float
        In points.
    """
    if trend is None:
        return None
    label = row_of(trend.name).label
    goal = goal_for(goals, trend.name, trend.side)
    drawing = trend_chart(
        trend,
        title=f"{label} over {len(trend.points)} sessions",
        label=f"{label.lower()} {f'({written})' if (written := unit_of(trend.unit).written.strip()) else ''}".strip(),
        target=goal.target if goal else None,
        zone=zone,
        width=width,
        height=height,
    )
    if drawing is None:
        return None
    return Panel(
        heading=f"{label} since before", drawing=drawing, caption=_trend_words(trend, has_goal=goal is not None)
    )


def _trend_words(trend: Trend, *, has_goal: bool) -> str:
    """Return the verdict on the last session, and what is drawn beside the sessions."""
    change = trend.change
    words = [] if change is None else [f"{change.word.capitalize()}.", *change.why]
    words += ["Grey: where a session lies that shows no change."] if trend.band else []
    words += ["Dashed: the goal."] if has_goal else []
    if not all(point.comparable for point in trend.points):
        words.append("Hollow: filmed or measured differently, not counted.")
    return " ".join(words)
