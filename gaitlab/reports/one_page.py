"""A session on one page: who and why, the key moments, left and right, the movement, the trend, what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from typing import Final

from gaitlab.metrics.words import rate_words, shortened, view_words
from gaitlab.records import Analysis, Picture
from gaitlab.reports.document import About, Document, Number, document_of
from gaitlab.reports.drawing import Drawing
from gaitlab.reports.panels import Panel, cycle_panels, key_panel, main_curve_panel, trend_panel
from gaitlab.reports.side_chart import side_chart
from gaitlab.reports.sides import legend_words, side_rows
from gaitlab.settings import real_rate

__all__ = ["COLUMN_WIDTH", "PAGE_WIDTH", "OnePage", "one_page_of"]

# What one page has room for (ours); the report of several pages has it all.
_SIDES_MAX: Final = 5
_NUMBERS_MAX: Final = 6
_CURVES_MAX: Final = 2
_REASONS_MAX: Final = 6
_NOTES_MAX: Final = 3
_NAME_MAX: Final = 120  # letters of a name, of a file and of a remark
_QUESTION_MAX: Final = 300
_SENTENCE_MAX: Final = 260
_LINE_MAX: Final = 170

#: Widths of the drawings in points: of the whole page, and of one of two columns.
PAGE_WIDTH: Final = 516.0
COLUMN_WIDTH: Final = 249.0
_KEY_HEIGHT: Final = 158.0
_CURVE_HEIGHT: Final = 116.0
_TREND_HEIGHT: Final = 96.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OnePage:
    """The words and drawings of one page, short enough for it.

    Attributes
    ----------
    title, person : str
    facts : tuple of str
        When, what and how it was filmed.
    question : str
        Why it was filmed; may be empty.
    highlight : str
        What stands out.
    key : Panel or None
        The person at the key moments.
    sides : Drawing or None
        Left beside right.
    legend : str
        Of `sides`: what is drawn there beside the bars.
    numbers : tuple of Number
        Of the whole body.
    movement : tuple of Panel
        The angles over the cycle, the mean repetition, or time.
    trend : Panel or None
    missing : tuple of (str, str)
        What was not measured, and why; those with one reason together.
    notes : tuple of str
    made : str
        Program and model.
    """

    title: str
    person: str
    facts: tuple[str, ...]
    question: str
    highlight: str
    key: Panel | None
    sides: Drawing | None
    legend: str
    numbers: tuple[Number, ...]
    movement: tuple[Panel, ...]
    trend: Panel | None
    missing: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    made: str


def one_page_of(
    analysis: Analysis,
    about: About | None = None,
    *,
    question: str = "",
    pictures: Mapping[float, Picture] | None = None,
) -> OnePage:
    """Make the page of an analysis.

    Parameters
    ----------
    analysis : Analysis
    about : About, optional
        Default: no person, no earlier sessions, in metric units.
    question : str
        Question or reason; it is kept nowhere but on this page.
    pictures : mapping of float to Picture, optional
        Of the clip at the key moments, as of `figures.pictures_at`; default: drawn figures.
    """
    about = about or About()
    document, made = document_of(analysis, about, with_drawings=False), analysis.provenance
    rows = side_rows(analysis, document)[:_SIDES_MAX]
    beside = {row.label for row in rows}
    movement = tuple(
        islice(cycle_panels(analysis, age=about.age, width=COLUMN_WIDTH, height=_CURVE_HEIGHT), _CURVES_MAX)
    )
    over_time = None if movement else main_curve_panel(analysis, width=COLUMN_WIDTH, height=_CURVE_HEIGHT)
    return OnePage(
        title=document.title,
        person=shortened(about.person, _NAME_MAX),
        facts=tuple(_facts(analysis, about)),
        question=shortened(question, _QUESTION_MAX),
        highlight=shortened(document.highlight, _SENTENCE_MAX),
        key=key_panel(analysis, pictures=pictures, width=PAGE_WIDTH, height=_KEY_HEIGHT),
        sides=side_chart(rows, title="Left and right", width=COLUMN_WIDTH),
        legend=legend_words(rows, band="Grey"),
        numbers=tuple(number for number in document.cards if number.name not in beside)[:_NUMBERS_MAX],
        movement=tuple(_with_one_caption(movement)) or tuple(filter(None, [over_time])),
        trend=trend_panel(about.trend, goals=about.goals, zone=about.zone, width=COLUMN_WIDTH, height=_TREND_HEIGHT),
        missing=tuple(_missing(document)),
        notes=tuple(_at_most(document.notes, _NOTES_MAX)),
        made=f"GaitLab {made.gaitlab}. {document.origin[1]}",
    )


def _facts(analysis: Analysis, about: About) -> Iterator[str]:
    source, subject, settings = analysis.source, analysis.subject, analysis.provenance.settings
    age = f"{about.age} years" if about.age is not None else ""
    yield " · ".join(part for part in (age, about.when, shortened(source.file, _NAME_MAX)) if part)
    seen = [f"seen {view_words(subject.view)}"]
    seen += [f"facing {subject.facing}"] if subject.facing != "unknown" else []
    seen += [] if source.duration_s is None else [f"{source.duration_s:.1f} s"]
    seen += [rate_words(real_rate(source.fps_mean, settings))]
    seen += [f"the person in {subject.frames_tracked} of {source.frames} frames"]
    seen += [_scale_words(analysis)] if analysis.gait else []
    yield f"How it was filmed: {', '.join(seen)}."
    if about.remark:
        yield f"Remark: {shortened(about.remark, _SENTENCE_MAX)}"


def _scale_words(analysis: Analysis) -> str:
    """Return what metres were made of."""
    settings = analysis.provenance.settings
    if settings.get("treadmill_mps") is not None:
        return "on a belt of known speed"
    if settings.get("px_per_m") is not None or settings.get("scale_line") is not None:
        return "scale from a known length"
    return "scale from the body height" if settings.get("height_m") is not None else "without a scale"


def _with_one_caption(panels: Sequence[Panel]) -> Iterator[Panel]:
    """Yield panels; where they count the same, the longest caption says what the others say, below the last."""
    if len({panel.counted for panel in panels}) > 1:
        yield from panels
        return
    longest = max((panel.caption for panel in panels), key=len, default="")
    for panel in panels:
        yield replace(panel, caption=longest if panel is panels[-1] else "")


def _missing(document: Document) -> Iterator[tuple[str, str]]:
    """Yield the numbers that this clip does not give with their reason, those with the same one together."""
    by_reason: dict[str, list[Number]] = {}
    for number in document.missing:
        by_reason.setdefault(number.metric.reason or "", []).append(number)
    groups = [(" · ".join(_labels(numbers)), reason) for reason, numbers in by_reason.items()]
    shown = groups if len(groups) <= _REASONS_MAX else groups[: _REASONS_MAX - 1]
    for labels, reason in shown:
        yield shortened(labels, _LINE_MAX), shortened(reason, _LINE_MAX)
    left = sum(len(numbers) for numbers in list(by_reason.values())[len(shown) :])
    if left:
        yield f"{left} more", "the full report has their reasons."


def _labels(numbers: Sequence[Number]) -> Iterator[str]:
    """Yield what numbers are called; of both sides once, without them."""
    for name, own in groupby(numbers, key=lambda number: number.name):
        same = tuple(own)
        yield name if len(same) > 1 else same[0].label


def _at_most(sentences: Sequence[str], most: int) -> Iterator[str]:
    """Yield the first sentences, and how many others there are."""
    shown = sentences if len(sentences) <= most else sentences[: most - 1]
    yield from (shortened(sentence, _SENTENCE_MAX) for sentence in shown)
    if len(shown) < len(sentences):
        yield f"{len(sentences) - len(shown)} more notes are in the full report."
