"""The contents of a report: the session page, HTML, PDF and the command line all render one `Document`.

Words, decimals, units, comparisons and the reasons for missing numbers are made here once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from typing import Final, Literal

from gaitlab.history.goals import GoalOfMetric, goal_for, goal_words
from gaitlab.history.trends import Trend
from gaitlab.metrics.confidence import is_never_measured, is_result
from gaitlab.metrics.table import HEADLINES
from gaitlab.metrics.units import Units, in_units
from gaitlab.metrics.words import (
    CONFIDENCE_HELP,
    metric_basis,
    metric_help,
    metric_label,
    metric_name,
    metric_spread,
    metric_value,
    rate_words,
    view_words,
)
from gaitlab.records import Analysis, Metric, Side
from gaitlab.reports.events import Events, events_of
from gaitlab.reports.highlight import highlight
from gaitlab.reports.panels import Panel, curve_panels, cycle_panels, key_panel, trend_panel
from gaitlab.reports.sentences import (
    headline_words,
    moving_label,
    norm_sentences,
    note_words,
    plain_sentences,
    remark_words,
    typical_words,
)
from gaitlab.settings import real_rate

__all__ = ["NO_DEVICE", "About", "Document", "Number", "Table", "document_of", "tables_of"]

NO_DEVICE: Final = (
    "GaitLab is not a medical device. Made from video in two dimensions; angles are good to 5 to 8 degrees."
)
_CARDS_MAX: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The person of a session, its date and remark, and the units of the reader.

    Attributes
    ----------
    person, when, remark : str
        Name, date in words and remark; empty = left out.
    goals : sequence of goals of the store
        Of that person, in metric units.
    sex, age : str or None, int or None
        For the usual values of healthy people of that sex and age (years).
    units : Units
    trend : Trend or None
        The main number over the person's sessions, up to this one.
    zone : tzinfo or None
        Of dates; None = that of this machine.
    """

    person: str = ""
    when: str = ""
    remark: str = ""
    goals: Sequence[GoalOfMetric] = ()
    sex: str | None = None
    age: int | None = None
    units: Units = "metric"
    trend: Trend | None = None
    zone: tzinfo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number in words, in the reader's units.

    Attributes
    ----------
    metric : Metric
        In the reader's units; its value is None where it was not measured.
    label, name : str
        With and without the side.
    value, spread, basis : str
        The value with its unit (of a count also how many are shallow), the standard deviation (empty = unknown), and
        the basis of the value.
    typical, goal : str
        For comparison; empty where there is none.
    help : str
        One sentence of explanation.
    """

    metric: Metric
    label: str
    name: str
    value: str
    spread: str
    basis: str
    typical: str
    goal: str
    help: str

    @property
    def side(self) -> Side | None:
        """The side of the body that was measured."""
        return self.metric.side

    @property
    def is_measured(self) -> bool:
        """Whether it has a value; else `metric.reason` says why it has none."""
        return self.metric.value is not None

    @property
    def is_whole(self) -> bool:
        """Whether it is of the whole body, not of one side."""
        return self.metric.side in (None, "both")

    @property
    def is_headline(self) -> bool:
        """Whether it sums the session up: it comes first, and is shown even when it was withheld."""
        return self.metric.name in HEADLINES

    @property
    def beside(self) -> tuple[str, ...]:
        """Values for comparison, each with its name: "typical: …", "goal: …"."""
        named = (("typical", self.typical), ("goal", self.goal))
        return tuple(f"{name}: {words}" for name, words in named if words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole report in words and drawings.

    Attributes
    ----------
    title, subtitle : str
    highlight : str
        What stands out, in one sentence.
    plain : tuple of str
        The reading in plain language.
    numbers : tuple of Number
        Measured or not, those that sum the session up first.
    drawings : tuple of Panel
    events : Events
        Repetitions, or contacts of the feet.
    notes : tuple of str
    origin : tuple of str
        Program version, model and other facts about the origin of the numbers.
    settings : str
        As JSON.
    """

    title: str
    subtitle: str
    highlight: str
    plain: tuple[str, ...]
    numbers: tuple[Number, ...]
    drawings: tuple[Panel, ...]
    events: Events
    notes: tuple[str, ...]
    origin: tuple[str, ...]
    settings: str

    @property
    def measured(self) -> tuple[Number, ...]:
        """The numbers that have a value."""
        return tuple(number for number in self.numbers if number.is_measured)

    @property
    def missing(self) -> tuple[Number, ...]:
        """The numbers that this clip does not give; not those that no clip does."""
        return tuple(n for n in self.numbers if not is_result(n.metric) and not is_never_measured(n.metric))

    @property
    def without_value(self) -> tuple[Number, ...]:
        """All numbers that have no value, each with its reason."""
        return tuple(number for number in self.numbers if not number.is_measured)

    @property
    def never(self) -> tuple[Number, ...]:
        """The numbers that no clip gives, each with its reason."""
        return tuple(number for number in self.numbers if is_never_measured(number.metric))

    @property
    def cards(self) -> tuple[Number, ...]:
        """The few numbers of the whole body that stand out."""
        return tuple(number for number in self.measured if number.is_whole)[:_CARDS_MAX]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of words."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _ConvertedGoal:
    """A goal in the reader's units."""

    target: float
    direction: Literal["at_least", "at_most"]
    due: date | None


def tables_of(document: Document) -> tuple[Table, ...]:
    """Return the tables of the clinical reading: numbers with n and SD, missing numbers with reasons, and events.

    Columns that are empty in every row are left out, and so are tables without a row.
    """
    missing = tuple((number.label, number.metric.reason or "") for number in document.without_value)
    tables = (
        _numbers(document.measured),
        Table(title="Not measured, and why", head=("Number", "Reason"), rows=missing),
        Table(title=document.events.title, head=document.events.columns, rows=document.events.words),
    )
    return tuple(table for table in tables if table.rows)


def _numbers(numbers: Sequence[Number]) -> Table:
    columns: dict[str, list[str]] = {
        "Number": [number.label for number in numbers],
        "Value": [number.value for number in numbers],
        "n": [str(number.metric.n or "") for number in numbers],
        "SD": [number.spread for number in numbers],
        "Confidence": [f"{number.metric.confidence:.2f}" for number in numbers],
        "Typical": [number.typical for number in numbers],
        "Goal": [number.goal for number in numbers],
        "What it is": [number.help for number in numbers],
    }
    said = {name: cells for name, cells in columns.items() if any(cells)}
    rows = tuple(tuple(cell or "–" for cell in row) for row in zip(*said.values(), strict=True))
    return Table(title="All numbers", head=tuple(said), rows=rows)


def document_of(analysis: Analysis, about: About | None = None, *, with_drawings: bool = True) -> Document:
    """Make the report of an analysis.

    Parameters
    ----------
    analysis : Analysis
    about : About, optional
        Default: no person, in metric units.
    with_drawings : bool
        Whether figures and curves are drawn; a page with charts of its own needs none.
    """
    about = about or About()
    shown = _in_units(analysis, about.units)
    norms = norm_sentences(
        analysis, sex=about.sex, age=about.age, in_units=lambda metric: in_units(metric, about.units)
    )
    in_order = sorted(analysis.metrics, key=lambda metric: metric.name not in HEADLINES)
    return Document(
        title=headline_words(
            analysis.activity.kind,
            next((m for m in analysis.metrics if m.name in HEADLINES and m.value is not None), None),
            shallow=_shallow(analysis),
            mode=analysis.gait.mode if analysis.gait else None,
        ),
        subtitle=" · ".join(part for part in (about.person, about.when, analysis.source.file, about.remark) if part),
        highlight=highlight(shown),
        plain=(*plain_sentences(shown), *norms),
        numbers=tuple(_number(metric, analysis, about) for metric in in_order),
        drawings=tuple(_drawings(analysis, about)) if with_drawings else (),
        events=events_of(analysis),
        notes=(*note_words(analysis), *remark_words(analysis)),
        origin=tuple(_origin(analysis)),
        settings=json.dumps(dict(analysis.provenance.settings), ensure_ascii=False, sort_keys=True, default=str),
    )


def _in_units(analysis: Analysis, units: Units) -> Analysis:
    """Return the analysis with the numbers of a walk in the reader's units."""
    if analysis.gait is None:
        return analysis
    metrics = tuple(in_units(metric, units) for metric in analysis.gait.metrics)
    return replace(analysis, gait=replace(analysis.gait, metrics=metrics))


def _number(metric: Metric, analysis: Analysis, about: About) -> Number:
    shown = in_units(metric, about.units)
    return Number(
        metric=shown,
        label=metric_label(metric),
        name=metric_name(metric),
        value=_value(shown, analysis),
        spread=metric_spread(shown) or "",
        basis=metric_basis(shown) if metric.value is not None else "",
        typical=typical_words(shown, analysis),
        goal=_goal(metric, about),
        help=metric_help(metric) or "",
    )


def _goal(metric: Metric, about: About) -> str:
    """Return the goal of a metric and the distance to it, both in the reader's units."""
    goal = goal_for(about.goals, metric.name, metric.side)
    shown = in_units(metric, about.units)
    if goal is None or shown.unit == metric.unit:
        return goal_words(goal, shown)
    target = in_units(replace(metric, value=goal.target), about.units).value or 0.0
    return goal_words(_ConvertedGoal(target=target, direction=goal.direction, due=goal.due), shown)


def _shallow(analysis: Analysis) -> int:
    return analysis.exercise.partial if analysis.exercise else 0


def _value(metric: Metric, analysis: Analysis) -> str:
    """Return the value with its unit; a count of repetitions also says how many of them are shallow."""
    shallow = _shallow(analysis) if metric.name == "repetition_count" and metric.value is not None else 0
    return f"{metric_value(metric)} ({shallow} shallow)" if shallow else metric_value(metric)


def _drawings(analysis: Analysis, about: About) -> Iterator[Panel]:
    if key := key_panel(analysis):
        yield key
    yield from cycle_panels(analysis, age=about.age)
    if trend := trend_panel(about.trend, goals=about.goals, zone=about.zone):
        yield trend
    yield from curve_panels(analysis)


def _origin(analysis: Analysis) -> Iterator[str]:
    source, subject, made = analysis.source, analysis.subject, analysis.provenance
    rate = rate_words(real_rate(source.fps_mean, made.settings))
    length = "" if source.duration_s is None else f"{source.duration_s:.1f} s, "
    facing = "" if subject.facing == "unknown" else f", facing {subject.facing}"
    yield (
        f"GaitLab {made.gaitlab} found the person in {subject.frames_tracked} of {source.frames} frames "
        f"({length}{rate}), seen {view_words(subject.view)}{facing}{_activity(analysis)}."
    )
    yield f"Pose model: {made.model or 'none, a keypoint file'}; SHA-256 {made.model_sha256 or '–'}."
    yield f"Clip: {source.file}; SHA-256 {source.sha256 or '–'}."
    yield CONFIDENCE_HELP


def _activity(analysis: Analysis) -> str:
    if analysis.activity.kind == "none":
        return ""
    chosen = "chosen" if analysis.activity.chosen_by == "user" else "recognised"
    return f": {moving_label(analysis.activity.kind, analysis.gait.mode if analysis.gait else None)} ({chosen})"
