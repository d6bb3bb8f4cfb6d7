"""Left beside right as bars, with the typical range behind them and how far each may be off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from statistics import fmean
from typing import Final

import streamlit as st

from gaitlab.metrics.confidence import FAIR_MIN, measured
from gaitlab.metrics.words import metric_name, metric_value
from gaitlab.records import Analysis, Metric
from gaitlab.records.skeleton import SIDE_COLORS, SIDES, Side
from gaitlab.reports import Document
from gaitlab.reports.highlight import uncertainty
from gaitlab.reports.sentences import typical_range, typical_words

__all__ = ["Bar", "Row", "bars_html", "show_bars", "side_rows"]

#: What the first screen has room for; the most telling first (ours).
_FIRST_MAX: Final = 4
_FIRST: Final = ("step_time", "stance_percent", "step_length", "knee_range", "hip_range", "range_of_motion")
_DIFFERENCE: Final = "left_right_difference"  # no number of one side, but of both against each other
_NAMES: Final[dict[Side, str]] = {"left": "Left", "right": "Right", "both": ""}
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
        """The ends of its scale, which begins at 0 (that of a difference at minus its end) and holds every bar."""
        longest = max(*(abs(bar.value) for bar in self.bars), *(self.typical or (0.0, 0.0)))
        with_error = max(abs(bar.value) + (bar.error or 0.0) for bar in self.bars)
        high = _ROOM * min(max(longest, with_error), _ERROR_MAX * longest)
        return -high if self.is_difference else 0.0, high


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
    bars = sorted((_bar(one) for one in metrics), key=lambda bar: tuple(_NAMES).index(bar.side))
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


_STYLE: Final = """<style>
.sides { display: grid; gap: 0.6rem; margin: 0; font-size: 0.875rem; line-height: 1.25 }
.sides .label { display: flex; justify-content: space-between; flex-wrap: wrap; gap: 0 1rem; margin-bottom: 0.15rem }
.sides .small, .sides .legend { font-size: 0.8rem; opacity: 0.8 }
.sides .bar { display: grid; grid-template-columns: 3rem minmax(0, 1fr) 5rem; align-items: center; gap: 0.4rem }
.sides .track { position: relative; height: 1.15rem; background: color-mix(in srgb, currentColor 7%, transparent) }
.sides .track > * { position: absolute }
.sides .typical { top: 0; bottom: 0; background: color-mix(in srgb, currentColor 24%, transparent) }
.sides .value { top: 0.25rem; bottom: 0.25rem }
.sides .unsure { opacity: 0.55 }
.sides .error { top: 0.5rem; height: 0.15rem; background: currentColor }
.sides .error::before, .sides .error::after { content: ""; position: absolute; left: 0; top: -0.2rem; height: 0.55rem;
  width: 2px; background: currentColor }
.sides .error::after { left: auto; right: 0 }
.sides .from-less::before, .sides .to-more::after { display: none }
.sides .middle { left: 50%; width: 1px; top: -0.2rem; bottom: -0.2rem; background: currentColor }
.sides .number { text-align: right; font-weight: 600; white-space: nowrap; font-variant-numeric: tabular-nums }
</style>"""


def bars_html(rows: Sequence[Row]) -> str:
    """Draw rows as bars, one below the other; a screen reader reads their values."""
    drawn = "".join(f"<div>{_label(row)}{''.join(_drawn(bar, row) for bar in row.bars)}</div>" for row in rows)
    is_typical = any(row.typical for row in rows)
    legend = "Dark band: typical of healthy adults. " * is_typical + "Line: 95 % interval of the mean."
    pale = " Pale: not sure." if any(not bar.is_sure for row in rows for bar in row.bars) else ""
    spoken = escape("; ".join(map(_spoken, rows)), quote=True)
    return (
        f'{_STYLE}<div class="sides" role="img" aria-label="Left and right: {spoken}">'
        f'{drawn}<div class="legend">{legend}{pale}</div></div>'
    )


def _label(row: Row) -> str:
    words = "right more ← 0 → left more" if row.is_difference else f"typical {row.typical_words}" * bool(row.typical)
    return f'<div class="label"><span>{escape(row.label)}</span><span class="small">{escape(words)}</span></div>'


def _spoken(row: Row) -> str:
    said = ", ".join(f"{_NAMES[bar.side].lower()} {bar.words}".strip() for bar in row.bars)
    return f"{row.label} {said}{f', typical {row.typical_words}' if row.typical_words else ''}"


def _drawn(bar: Bar, row: Row) -> str:
    low, high = row.scale

    def place(start: float, end: float) -> str:
        left, right = (100.0 * (min(max(x, low), high) - low) / ((high - low) or 1.0) for x in sorted((start, end)))
        return f"left:{left:.1f}%;width:{right - left:.1f}%"

    parts = [f'<span class="typical" style="{place(*row.typical)}"></span>'] if row.typical else []
    parts += ['<span class="middle"></span>'] * row.is_difference
    unsure = "" if bar.is_sure else " unsure"
    color = f"background:{SIDE_COLORS[bar.side]}"
    parts.append(f'<span class="value{unsure}" style="{place(0.0, bar.value)};{color}"></span>')
    if bar.error is not None:
        start, end = bar.value - bar.error, bar.value + bar.error
        cut = " from-less" * (start < low) + " to-more" * (end > high)
        parts.append(f'<span class="error{cut}" style="{place(start, end)}"></span>')
    track = f'<div class="track">{"".join(parts)}</div>'
    words = f'<span class="number">{escape(bar.words)}</span>'
    return f'<div class="bar"><span>{_NAMES[bar.side]}</span>{track}{words}</div>'


def show_bars(analysis: Analysis, document: Document, *, is_whole: bool = False) -> None:
    """Show the numbers of left and right as bars: the few most telling ones, or the whole of them."""
    rows = side_rows(analysis, document)[: None if is_whole else _FIRST_MAX]
    if rows:
        st.html(bars_html(rows))
