"""What a report says, before it is a web page or paper: plain sentences, numbers, charts, tables and their origin."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from gaitlab.history.goals import GoalOfMetric, goal_for, goal_words
from gaitlab.metrics.words import (
    CONFIDENCE_HELP,
    angle_label,
    confidence_words,
    metric_basis,
    metric_help,
    metric_label,
    metric_value,
    rate_words,
    view_words,
)
from gaitlab.records import Analysis, Metric, Repetition
from gaitlab.repetitions.activities import activity_label
from gaitlab.repetitions.sets import best_and_worst
from gaitlab.reports.charts import curve_chart, figure_chart
from gaitlab.reports.drawing import Drawing
from gaitlab.reports.sentences import note_words, plain_sentences, typical_words
from gaitlab.settings import real_rate

__all__ = ["NO_DEVICE", "Card", "Document", "Table", "document_of"]

NO_DEVICE: Final = (
    "GaitLab is not a medical device. Made from video in two dimensions; angles are good to 5 to 8 degrees."
)
_HEADLINES: Final = ("cadence", "repetition_count")
_CARDS_MAX: Final = 8
_CURVES_OF_GAIT: Final = ("knee", "hip", "trunk")
_CURVES: Final = (*_CURVES_OF_GAIT, "elbow", "shoulder")


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A number that stands out: its name, value with unit, what it rests on; beside it a typical range and a goal."""

    label: str
    value: str
    basis: str
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Words in rows and columns."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole report in words and drawings.

    Attributes
    ----------
    title, subtitle : str
    plain : tuple of str
        The reading in plain language.
    cards : tuple of Card
    drawings : tuple of (str, Drawing)
        Each with its heading.
    tables : tuple of Table
        The clinician's reading: numbers with n and SD, what is missing and why, repetitions or heel strikes.
    notes : tuple of str
    origin : tuple of str
        How the numbers were made.
    settings : str
        As JSON.
    """

    title: str
    subtitle: str
    plain: tuple[str, ...]
    cards: tuple[Card, ...]
    drawings: tuple[tuple[str, Drawing], ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...]
    origin: tuple[str, ...]
    settings: str


def document_of(
    analysis: Analysis,
    *,
    person: str = "",
    when: str = "",
    remark: str = "",
    goals: Sequence[GoalOfMetric] = (),
    norms: Sequence[str] = (),
) -> Document:
    """Return the report of an analysis.

    Parameters
    ----------
    analysis : Analysis
    person, when, remark : str
        Whose session it is, the day in words, and what was noted about it; empty = left out.
    goals : sequence of goals of the store
        Of that person.
    norms : sequence of str
        What is usual among healthy people like that person (`gaitlab.reports.sentences.norm_sentences`).
    """
    shown = [metric for metric in analysis.metrics if metric.value is not None]
    whole = sorted((m for m in shown if m.side in (None, "both")), key=lambda m: m.name not in _HEADLINES)
    return Document(
        title=_title(analysis),
        subtitle=" · ".join(part for part in (person, when, analysis.source.file, remark) if part),
        plain=(*plain_sentences(analysis), *norms),
        cards=tuple(_card(metric, analysis, goals) for metric in whole[:_CARDS_MAX]),
        drawings=tuple(_drawings(analysis)),
        tables=tuple(table for table in _tables(analysis, goals) if table.rows),
        notes=note_words(analysis),
        origin=tuple(_origin(analysis)),
        settings=json.dumps(dict(analysis.provenance.settings), ensure_ascii=False, sort_keys=True, default=str),
    )


def _title(analysis: Analysis) -> str:
    label = activity_label(analysis.activity.kind)
    metric = next((m for m in analysis.metrics if m.name in _HEADLINES and m.value is not None), None)
    if metric is None or metric.value is None:
        return label
    if metric.name == "repetition_count":
        return f"{label}: {metric.value:.0f} repetition{'s' if metric.value != 1 else ''}"
    return f"{label}: {metric_value(metric)}"


def _goal(metric: Metric, goals: Sequence[GoalOfMetric]) -> str:
    return goal_words(goal_for(goals, metric.name, metric.side), metric)


def _card(metric: Metric, analysis: Analysis, goals: Sequence[GoalOfMetric]) -> Card:
    return Card(
        label=metric_label(metric),
        value=metric_value(metric),
        basis=metric_basis(metric),
        beside=tuple(words for words in (typical_words(metric, analysis), _goal(metric, goals)) if words),
    )


def _drawings(analysis: Analysis) -> Iterator[tuple[str, Drawing]]:
    pair = best_and_worst(analysis.exercise.repetitions) if analysis.exercise else None
    if pair is not None:
        moments = [(rep, at) for rep in pair for at in (rep.start_s, rep.turn_s)]
        labels = [f"no. {rep.index}, {at:.2f} s" for rep, at in moments]
        words = f"Repetition {pair[0].index} and repetition {pair[1].index}, at the start and at the turning point"
        drawing = figure_chart(analysis.track, [at for _, at in moments], labels, title=words)
        if drawing is not None:
            yield "Best and least good repetition", drawing
    for joint in _CURVES_OF_GAIT if analysis.gait else _CURVES:
        names = [name for name in analysis.angles.names if joint in name.split("_")]
        drawing = curve_chart(analysis, names, title=f"{joint.capitalize()} angle over time") if names else None
        if drawing is not None:
            yield f"{angle_label(joint)} angle", drawing


def _spread(sd: float | None) -> str:
    return "–" if sd is None else f"{sd:.3f}" if sd < 1 else f"{sd:.1f}"


def _numbers(analysis: Analysis, goals: Sequence[GoalOfMetric]) -> Table:
    """Return the numbers that were measured; a column of goals only where there is one."""
    measured = [metric for metric in analysis.metrics if metric.value is not None]
    has_goal = any(_goal(metric, goals) for metric in measured)
    rows = tuple(
        (
            metric_label(metric),
            metric_value(metric),
            str(metric.n or "–"),
            _spread(metric.sd),
            f"{metric.confidence:.2f}",
            typical_words(metric, analysis).removeprefix("typical: ") or "–",
            *((_goal(metric, goals).removeprefix("goal: ") or "–",) if has_goal else ()),
            metric_help(metric) or "",
        )
        for metric in measured
    )
    goal = ("Goal",) if has_goal else ()
    head = ("Number", "Value", "n", "SD", "Confidence", "Typical", *goal, "What it is")
    return Table(title="All numbers", head=head, rows=rows)


def _tables(analysis: Analysis, goals: Sequence[GoalOfMetric]) -> Iterator[Table]:
    yield _numbers(analysis, goals)
    yield Table(
        title="Not measured, and why",
        head=("Number", "Reason"),
        rows=tuple((metric_label(m), m.reason or "") for m in analysis.metrics if m.value is None),
    )
    if analysis.exercise:
        yield Table(
            title="Repetitions",
            head=("No.", "Start (s)", "Turn (s)", "End (s)", "Range", "Side", "Confidence", "Notes"),
            rows=tuple(_repetition(rep) for rep in analysis.exercise.repetitions),
        )
    if analysis.gait:
        names = {"heel_strike": "heel strike", "toe_off": "toe off"}
        yield Table(
            title="Foot events",
            head=("Time (s)", "Foot", "Event", "Picture"),
            rows=tuple((f"{c.time_s:.3f}", c.side, names[c.kind], str(c.frame)) for c in analysis.gait.contacts),
        )


def _repetition(rep: Repetition) -> tuple[str, ...]:
    remarks = [*rep.notes, *(f"{note.text} at {note.time_s:.2f} s" for note in rep.form if not rep.notes)]
    return (
        str(rep.index),
        f"{rep.start_s:.2f}",
        f"{rep.turn_s:.2f}",
        f"{rep.end_s:.2f}",
        "–" if rep.range_deg is None else f"{rep.range_deg:.0f}°",
        rep.side,
        confidence_words(rep.confidence).split(maxsplit=1)[0],
        "; ".join(remarks),
    )


def _origin(analysis: Analysis) -> Iterator[str]:
    source, subject, made = analysis.source, analysis.subject, analysis.provenance
    rate = rate_words(real_rate(source.fps_mean, made.settings))
    yield (
        f"GaitLab {made.gaitlab} found the person in {subject.frames_tracked} of {source.frames} pictures "
        f"({rate}), seen {view_words(subject.view)}, {activity_label(analysis.activity.kind)} "
        f"({'chosen' if analysis.activity.chosen_by == 'user' else 'recognised'})."
    )
    yield f"Pose model: {made.model or 'none, a keypoint file'}; SHA-256 {made.model_sha256 or '–'}."
    yield f"Clip: {source.file}; SHA-256 {source.sha256 or '–'}."
    yield CONFIDENCE_HELP
