"""Left beside right: which numbers a report has of both sides, on which scale, and how far each may be off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import fmean
from typing import Final

from gaitlab.metrics.confidence import FAIR_MIN, measured
from gaitlab.metrics.words import metric_name, metric_value
from gaitlab.records import Analysis, Metric
from gaitlab.records.skeleton import SIDES, Side
from gaitlab.reports.document import Document
from gaitlab.reports.highlight import uncertainty
from gaitlab.reports.sentences import typical_range, typical_words

__all__ = ["SIDE_NAMES", "Bar", "Row", "legend_words", "side_rows"]

#: The most telling first (ours).
_FIRST: Final = ("step_time", "stance_percent", "step_length", "knee_range", "hip_range", "range_of_motion")
_DIFFERENCE: Final = "left_right_difference"  # no number of one side, but of both against each other
#: Of the bars, in their order.
SIDE_NAMES: Final[dict[Side, str]] = {"left": "Left", "right": "Right", "both": ""}
_ROOM: Final = 1.08  # so that the longest bar does not touch the end of its scale
_ERROR_MAX: Final = 1.5  # of the longest bar: a longer line is cut off, or nothing of the bar would be seen (ours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A value of one side in the reader's units.

    Attributes
    ----------
    side : {"left", "right", "both"}
    value : float
    words : str
        The value with its unit.
    error : float or None
        What it may be off by; None = not known.
    is_sure : bool
        Whether its confidence is at least fair.
    """

    side: Side
    value: float
    words: str
    error: float | None
    is_sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A number of both sides, or their difference, left minus right.

    Attributes
    ----------
    label : str
    bars : tuple of Bar
    typical : (float, float) or None
        The range of healthy adults.
    typical_words : str
        The same with its unit; empty without one.
    is_difference : bool
        Whether its one bar grows from the middle, to the side that moves more.
    """

    label: str
    bars: tuple[Bar, ...]
    typical: tuple[float, float] | None = None
    typical_words: str = ""
    is_difference: bool = False

    @property
    def scale(self) -> tuple[float, float]:
        """The ends of its scale, which holds 0 and every bar; that of a difference has 0 in its middle."""
        values = (0.0, *(bar.value for bar in self.bars), *(self.typical or ()))
        ends = [bar.value + sign * (bar.error or 0.0) for bar in self.bars for sign in (-1, 1)]
        reach = _ERROR_MAX * max(map(abs, values))
        high = _ROOM * min(max(*values, *ends), reach)
        if self.is_difference:
            high = _ROOM * min(max(map(abs, ends)), reach)
            return -high, high
        low = max(min(*values, *ends), -reach) if min(values) < 0.0 else 0.0
        return _ROOM * low, high

    @property
    def spoken(self) -> str:
        """The row as it is read aloud."""
        said = ", ".join(f"{SIDE_NAMES[bar.side].lower()} {bar.words}".strip() for bar in self.bars)
        return f"{self.label} {said}{f', typical {self.typical_words}' if self.typical_words else ''}"


def side_rows(analysis: Analysis, document: Document) -> tuple[Row, ...]:
    """Return the numbers that a report has of left and right, the most telling first."""
    alternating = tuple(_of_each_side(analysis))
    told = {metric.name for metric in alternating}
    shown = [n.metric for n in document.measured if not n.is_whole or n.metric.name == _DIFFERENCE]
    metrics = [*alternating, *(metric for metric in shown if metric.name not in told)]
    metrics.sort(key=lambda one: (_FIRST.index(one.name) if one.name in _FIRST else len(_FIRST), one.name))
    return tuple(_row(tuple(own), analysis) for _, own in groupby(metrics, key=lambda one: one.name))


def _of_each_side(analysis: Analysis) -> Iterator[Metric]:
    """Yield the range of each side where repetitions alternate: the report has it of both together."""
    repetitions = analysis.exercise.repetitions if analysis.exercise else ()
    for side in SIDES:
        own = [rep for rep in repetitions if rep.side == side and rep.is_whole and rep.range_deg is not None]
        if own:
            confidence = fmean(rep.confidence for rep in own)
            ranges = [rep.range_deg for rep in own if rep.range_deg is not None]
            yield measured("range_of_motion", ranges, confidence=confidence, side=side)


def _row(metrics: Sequence[Metric], analysis: Analysis) -> Row:
    first = metrics[0]
    bars = sorted((_bar(one) for one in metrics), key=lambda bar: tuple(SIDE_NAMES).index(bar.side))
    return Row(
        label=metric_name(first),
        bars=tuple(bars),
        typical=typical_range(first, analysis),
        typical_words=typical_words(first, analysis),
        is_difference=first.name == _DIFFERENCE,
    )


def _bar(metric: Metric) -> Bar:
    return Bar(
        side=metric.side or "both",
        value=metric.value or 0.0,
        words=metric_value(metric),
        error=uncertainty(metric),
        is_sure=metric.confidence >= FAIR_MIN,
    )


def legend_words(rows: Sequence[Row], *, band: str) -> str:
    """Return what is drawn beside the bars of some rows; `band` is how the typical range looks."""
    bars = [bar for row in rows for bar in row.bars]
    drawn = {
        f"{band}: typical of healthy adults.": any(row.typical for row in rows),
        "Line: 95 % interval of the mean.": any(bar.error is not None for bar in bars),
        "Pale: not sure.": not all(bar.is_sure for bar in bars),
    }
    return " ".join(words for words, is_there in drawn.items() if is_there)
