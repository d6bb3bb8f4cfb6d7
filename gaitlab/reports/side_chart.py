"""Left beside right as bars, for paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from gaitlab.records.skeleton import SIDE_COLORS
from gaitlab.reports.charts import GRAY, INK
from gaitlab.reports.drawing import Drawing, Line, Rect, Shape, Text
from gaitlab.reports.sides import SIDE_NAMES, Bar, Row

__all__ = ["side_chart"]

_LABEL, _BAR, _GAP = 13.0, 13.0, 6.0  # heights, in points
_NAME, _WORDS = 28.0, 62.0  # widths beside the bars
_THICK: Final = 7.0
_UNSURE: Final = 0.55
_TYPICAL_SHADE: Final = 0.3
_GROUND: Final = "#f1f1f1"


def side_chart(rows: Sequence[Row], *, title: str, width: float = 260.0) -> Drawing | None:
    """Draw rows as bars, one below the other, on their typical ranges; None without a row.

    A thin line is what a value may be off by; a pale bar is not sure. The values are part of the drawing's title, too.
    """
    shapes: list[Shape] = []
    y = 0.0
    for row in rows:
        shapes += _label(row, y + 9.0, width)
        y += _LABEL
        for bar in row.bars:
            shapes += _bar(bar, row, y, width)
            y += _BAR
        y += _GAP
    words = f"{title}: {'; '.join(row.spoken for row in rows)}"
    return Drawing(width=width, height=y - _GAP, title=words, shapes=tuple(shapes)) if rows else None


def _label(row: Row, y: float, width: float) -> Iterator[Shape]:
    yield Text(x=0.0, y=y, text=row.label, color=INK, size=9)
    words = "right more ← 0 → left more" if row.is_difference else f"typical {row.typical_words}" * bool(row.typical)
    if words:
        yield Text(x=width, y=y, text=words, color=GRAY, size=8, anchor="end")


def _bar(bar: Bar, row: Row, top: float, width: float) -> Iterator[Shape]:
    low, high = row.scale
    start, end = _NAME, width - _WORDS
    middle = top + _BAR / 2

    def at(value: float) -> float:
        share = (min(max(value, low), high) - low) / ((high - low) or 1.0)
        return start + share * (end - start)

    yield Text(x=0.0, y=middle + 3, text=SIDE_NAMES[bar.side], color=INK, size=9)
    yield Rect(x=start, y=top + 1, width=end - start, height=_BAR - 2, color=_GROUND)
    if row.typical:
        left, right = (at(edge) for edge in row.typical)
        yield Rect(x=left, y=top + 1, width=right - left, height=_BAR - 2, color=GRAY, opacity=_TYPICAL_SHADE)
    left, right = sorted((at(0.0), at(bar.value)))
    opacity = 1.0 if bar.is_sure else _UNSURE
    color = SIDE_COLORS[bar.side]
    yield Rect(x=left, y=middle - _THICK / 2, width=right - left, height=_THICK, color=color, opacity=opacity)
    if low < 0.0:
        yield Line(points=((at(0.0), top), (at(0.0), top + _BAR)), color=INK, width=0.8)
    if bar.error is not None:
        ends = (at(bar.value - bar.error), at(bar.value + bar.error))
        yield Line(points=((ends[0], middle), (ends[1], middle)), color=INK, width=1.0)
        for x, value in zip(ends, (bar.value - bar.error, bar.value + bar.error), strict=True):
            if low <= value <= high:  # what goes on beyond the scale has no end here
                yield Line(points=((x, middle - 2.5), (x, middle + 2.5)), color=INK, width=1.0)
    yield Text(x=width, y=middle + 3, text=bar.words, color=INK, size=9, anchor="end")
