"""Left beside right as bars, with the typical range behind them and how far each may be off."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

import streamlit as st

from gaitlab.records import Analysis
from gaitlab.records.skeleton import SIDE_COLORS
from gaitlab.reports import Document
from gaitlab.reports.sides import SIDE_NAMES, Bar, Row, legend_words, side_rows

__all__ = ["bars_html", "show_bars"]

#: What the first screen has room for (ours).
_FIRST_MAX: Final = 4

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
.sides .zero { width: 1px; top: -0.2rem; bottom: -0.2rem; background: currentColor }
.sides .number { text-align: right; font-weight: 600; white-space: nowrap; font-variant-numeric: tabular-nums }
</style>"""


def bars_html(rows: Sequence[Row]) -> str:
    """Draw rows as bars, one below the other; a screen reader reads their values."""
    drawn = "".join(f"<div>{_label(row)}{''.join(_drawn(bar, row) for bar in row.bars)}</div>" for row in rows)
    legend = legend_words(rows, band="Dark band")
    spoken = escape("; ".join(row.spoken for row in rows), quote=True)
    return (
        f'{_STYLE}<div class="sides" role="img" aria-label="Left and right: {spoken}">'
        f'{drawn}<div class="legend">{legend}</div></div>'
    )


def _label(row: Row) -> str:
    words = "right more ← 0 → left more" if row.is_difference else f"typical {row.typical_words}" * bool(row.typical)
    return f'<div class="label"><span>{escape(row.label)}</span><span class="small">{escape(words)}</span></div>'


def _drawn(bar: Bar, row: Row) -> str:
    low, high = row.scale

    def place(start: float, end: float) -> str:
        left, right = (100.0 * (min(max(x, low), high) - low) / ((high - low) or 1.0) for x in sorted((start, end)))
        return f"left:{left:.1f}%;width:{right - left:.1f}%"

    parts = [f'<span class="typical" style="{place(*row.typical)}"></span>'] if row.typical else []
    parts += [f'<span class="zero" style="left:{-100.0 * low / (high - low):.1f}%"></span>'] if low < 0.0 else []
    unsure = "" if bar.is_sure else " unsure"
    color = f"background:{SIDE_COLORS[bar.side]}"
    parts.append(f'<span class="value{unsure}" style="{place(0.0, bar.value)};{color}"></span>')
    if bar.error is not None:
        start, end = bar.value - bar.error, bar.value + bar.error
        cut = " from-less" * (start < low) + " to-more" * (end > high)
        parts.append(f'<span class="error{cut}" style="{place(start, end)}"></span>')
    track = f'<div class="track">{"".join(parts)}</div>'
    words = f'<span class="number">{escape(bar.words)}</span>'
    return f'<div class="bar"><span>{SIDE_NAMES[bar.side]}</span>{track}{words}</div>'


def show_bars(analysis: Analysis, document: Document, *, is_whole: bool = False) -> None:
    """Show the numbers of left and right as bars: the few most telling ones, or the whole of them."""
    rows = side_rows(analysis, document)[: None if is_whole else _FIRST_MAX]
    if rows:
        st.html(bars_html(rows))
