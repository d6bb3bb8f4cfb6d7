"""The report as PDF, with vector charts and embedded fonts.

ReportLab is used because it lays out tables over pages, draws vector shapes and embeds the letters used. The font is
that of the app, Source Sans, which has Latin, Greek and Cyrillic letters.
"""

from __future__ import annotations

import importlib.resources
from collections.abc import Callable, Iterator
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final

from reportlab.graphics import shapes
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import KeepTogether, LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle
from reportlab.platypus import Table as Grid

from gaitlab.reports.charts import GRAY
from gaitlab.reports.document import NO_DEVICE, Document, Number, Table, tables_of
from gaitlab.reports.drawing import Drawing, Line, Rect, Text

__all__ = ["write_pdf"]

_FONT, _BOLD = "GaitLabSans", "GaitLabSans-Bold"
_FILES: Final = {_FONT: "SourceSansPro-Regular.ttf", _BOLD: "SourceSansPro-Semibold.ttf"}
_MARGIN: Final = 18 * mm
_WIDTH: Final = A4[0] - 2 * _MARGIN
_CARDS_A_ROW: Final = 4
_GRID: Final = colors.HexColor("#dddddd")
#: Column heading → width relative to the other columns of its table.
_WEIGHTS: Final = {
    "Number": 20,
    "Value": 14,
    "n": 5,
    "SD": 8,
    "Typical": 14,
    "Goal": 18,
    "What it is": 28,
    "Reason": 60,
    "#": 5,
    "Confidence": 13,
    "Notes": 28,
}
_WEIGHT: Final = 10  # of the other columns


@cache
def _styles() -> dict[str, ParagraphStyle]:
    fonts = importlib.resources.files("font_source_sans_pro") / "files"
    for name, file in _FILES.items():
        with importlib.resources.as_file(fonts / file) as path:
            pdfmetrics.registerFont(TTFont(name, str(path)))
    pdfmetrics.registerFontFamily(_FONT, normal=_FONT, bold=_BOLD, italic=_FONT, boldItalic=_BOLD)
    gray = colors.HexColor("#595959")

    def style(name: str, size: float, **more: Any) -> ParagraphStyle:
        return ParagraphStyle(name, **{"fontName": _FONT, "fontSize": size, "leading": size * 1.3, **more})

    return {
        "title": style("title", 20, fontName=_BOLD),
        "heading": style("heading", 13, fontName=_BOLD, spaceBefore=10, spaceAfter=4),
        "body": style("body", 10, spaceAfter=2),
        "muted": style("muted", 8.5, textColor=gray),
        "value": style("value", 15, fontName=_BOLD),
        "cell": style("cell", 8, wordWrap="LTR"),
        "head": style("head", 8, fontName=_BOLD),
        "small": style("small", 6.5, textColor=gray, wordWrap="CJK"),  # lines may break anywhere: JSON has few blanks
    }


def _words(text: str, style: str) -> Paragraph:
    return Paragraph(escape(text), _styles()[style])


def write_pdf(path: Path, document: Document) -> None:
    """Write a report as PDF on A4; raises OSError when the file cannot be written."""
    _styles()
    template = SimpleDocTemplate(
        str(path),
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=document.title,
        subject=document.subtitle,
        creator="GaitLab",
        lang="en",
    )
    template.build(list(_story(document)), onFirstPage=_footer, onLaterPages=_footer)


def _footer(canvas: Any, template: Any) -> None:
    canvas.saveState()
    canvas.setFont(_FONT, 7.5)
    canvas.setFillColor(colors.HexColor("#595959"))
    canvas.drawString(_MARGIN, 9 * mm, NO_DEVICE)
    canvas.drawRightString(A4[0] - _MARGIN, 9 * mm, str(template.page))
    canvas.restoreState()


def _story(document: Document) -> Iterator[Any]:
    yield _words(document.title, "title")
    yield _words(document.subtitle, "muted")
    yield Spacer(1, 8)
    yield from (_words(sentence, "body") for sentence in document.plain)
    if document.cards:
        yield Spacer(1, 6)
        yield _cards(document.cards)
    if document.notes:
        yield _words("Worth knowing", "heading")
        yield from (_words(note, "body") for note in document.notes)
    for heading, drawing in document.drawings:
        yield KeepTogether([_words(heading, "heading"), _shapes(drawing)])
    for table in tables_of(document):
        yield _words(table.title, "heading")
        yield _table(table)
    yield _words("How these numbers were made", "heading")
    yield from (_words(sentence, "body") for sentence in document.origin)
    yield _words(f"All settings: {document.settings}", "small")


def _cards(cards: tuple[Number, ...]) -> Grid:
    cells: list[Any] = [
        [_words(c.label, "cell"), _words(c.value, "value"), *(_words(w, "muted") for w in (c.basis, *c.beside))]
        for c in cards
    ]
    cells += [""] * (-len(cells) % _CARDS_A_ROW)
    rows = [cells[i : i + _CARDS_A_ROW] for i in range(0, len(cells), _CARDS_A_ROW)]
    places = [(number % _CARDS_A_ROW, number // _CARDS_A_ROW) for number in range(len(cards))]
    lines = [("BOX", place, place, 0.5, _GRID) for place in places]
    return Grid(
        rows,
        colWidths=[_WIDTH / _CARDS_A_ROW] * _CARDS_A_ROW,
        style=TableStyle([*lines, ("VALIGN", (0, 0), (-1, -1), "TOP")]),
    )


def _table(table: Table) -> LongTable:
    weights = [_WEIGHTS.get(name, _WEIGHT) for name in table.head]
    rows = [[_words(cell, "head") for cell in table.head]]
    rows += [[_words(cell, "cell") for cell in row] for row in table.rows]
    style = TableStyle(
        [
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, _GRID),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 1.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
        ]
    )
    return LongTable(rows, colWidths=[_WIDTH * weight / sum(weights) for weight in weights], repeatRows=1, style=style)


def _shapes(drawing: Drawing) -> shapes.Drawing:
    """Return a drawing for ReportLab, scaled to the width of the page; ReportLab counts y upwards."""
    scale = _WIDTH / drawing.width
    paper = shapes.Drawing(_WIDTH, drawing.height * scale)
    group = shapes.Group(transform=(scale, 0, 0, scale, 0, 0))
    for shape in drawing.shapes:
        group.add(_WRITERS[type(shape)](shape, drawing.height))
    paper.add(group)
    return paper


def _line(shape: Line, height: float) -> Any:
    flat = [value for x, y in shape.points for value in (x, height - y)]
    color = colors.HexColor(shape.color)
    if shape.closed:
        return shapes.Polygon(flat, fillColor=color, fillOpacity=shape.opacity, strokeColor=None)
    dashes = [5, 3] if shape.dashed else None
    return shapes.PolyLine(flat, strokeColor=color, strokeWidth=shape.width, strokeDashArray=dashes, strokeLineJoin=1)


def _rect(shape: Rect, height: float) -> Any:
    y = height - shape.y - shape.height
    color = colors.HexColor(shape.color)
    return shapes.Rect(
        shape.x, y, shape.width, shape.height, fillColor=color, fillOpacity=shape.opacity, strokeColor=None
    )


def _text(shape: Text, height: float) -> Any:
    color = colors.HexColor(shape.color or GRAY)
    return shapes.String(
        shape.x,
        height - shape.y,
        shape.text,
        fontName=_FONT,
        fontSize=shape.size,
        fillColor=color,
        textAnchor=shape.anchor,
    )


_WRITERS: Final[dict[type, Callable[..., Any]]] = {Line: _line, Rect: _rect, Text: _text}
