"""The report as PDF, with vector charts, embedded fonts and names in any script.

Typst lays it out, because it sets every script: it joins Arabic letters, orders text from right to left, takes each
letter from the first font that has it, and writes tags for screen readers. `report.typ` and `one-page.typ` beside this
file are the layouts, both behind `words.typ`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final, Literal

import typst

from gaitlab.reports.document import NO_DEVICE, Document, Number, Table, tables_of
from gaitlab.reports.drawing import Drawing, to_svg
from gaitlab.reports.fonts import BASE, EMOJI, FAMILIES, fonts, letters_of, print_families
from gaitlab.reports.one_page import COLUMN_WIDTH, PAGE_WIDTH, OnePage
from gaitlab.reports.panels import Panel
from gaitlab.reports.wishes import Paper

__all__ = ["one_page_pdf", "pdf_of", "pieces", "write_one_page", "write_pdf"]

Standard = Literal["a-2u", "ua-1"]

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
_SHARED: Final = "words.typ"
_HERE: Final = Path(__file__).parent
#: Paper → its name in Typst.
_PAPERS: Final[Mapping[Paper, str]] = {"a4": "a4", "letter": "us-letter"}

_FROM_RIGHT: Final = ("R", "AL")  # classes of letters in the Unicode bidirectional algorithm
_FROM_LEFT: Final = "L"
_ISOLATE, _END_OF_ISOLATE = "\u2068", "\u2069"
#: What sets the direction of text by force: of no use in a name, and it would turn what stands behind it.
_CONTROLS: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_WITHOUT_SHAPE: Final = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]"
)
_JOINER: Final = "\u200d"
_LOOKS: Final = "\ufe0e\ufe0f\u20e3"  # as text, as emoji, as key
_AS_EMOJI: Final = "\ufe0f"
_BREAK: Final = "\u200b"
#: A word that is longer than a line may be; a checksum is not.
_LONG: Final = re.compile(r"\S{70,}")
_PART: Final = re.compile(r"\S{24,}?(?=\w)")  # not before a vowel sign


def write_pdf(path: Path, document: Document) -> None:
    """Write a report as PDF on A4; raises OSError when the file cannot be written."""
    path.write_bytes(pdf_of(document))


def pdf_of(document: Document, *, standards: Sequence[Standard] = ()) -> bytes:
    """Return a report as PDF.

    Parameters
    ----------
    document : Document
    standards : sequence of str
        The file must keep to, such as "ua-1" for screen readers; TypstError when it does not.
    """
    return _compiled("report.typ", _report(document), standards)


def write_one_page(path: Path, page: OnePage, *, paper: Paper = "a4") -> None:
    """Write the page of a session as PDF; raises OSError when the file cannot be written."""
    path.write_bytes(one_page_pdf(page, paper=paper))


def one_page_pdf(page: OnePage, *, paper: Paper = "a4", standards: Sequence[Standard] = ()) -> bytes:
    """Return the page of a session as PDF: one page, whatever it holds; `standards` as of `pdf_of`."""
    return _compiled("one-page.typ", {**_page(page), "paper": _PAPERS[paper]}, standards)


def _compiled(layout: str, report: Mapping[str, Any], standards: Sequence[Standard]) -> bytes:
    words = json.dumps(report, ensure_ascii=False)
    return typst.compile(
        b"\n".join((_HERE / name).read_bytes() for name in (_SHARED, layout)),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"report": json.dumps({**report, "families": print_families(words), "emoji": EMOJI})},
        pdf_standards=list(standards),
    )


def _report(document: Document) -> dict[str, Any]:
    """Return the words and drawings as `report.typ` wants them."""
    return {
        "title": _printable(document.title),
        "heading": pieces(document.title),
        "subtitle": pieces(document.subtitle),
        "plain": [pieces(sentence) for sentence in document.plain],
        "cards": [_card(number) for number in document.cards],
        "notes": [pieces(note) for note in document.notes],
        "drawings": [_panel(panel) for panel in document.drawings],
        "tables": [_table(table) for table in tables_of(document)],
        "origin": [pieces(sentence) for sentence in document.origin],
        "settings": pieces(f"All settings: {document.settings}"),
        "footer": NO_DEVICE,
    }


def _page(page: OnePage) -> dict[str, Any]:
    """Return the words and drawings as `one-page.typ` wants them."""
    return {
        "title": _printable(f"{page.title} · {page.person}".removesuffix(" · ")),
        "heading": pieces(page.title),
        "person": pieces(page.person),
        "facts": [pieces(fact) for fact in page.facts],
        "question": pieces(page.question),
        "highlight": pieces(page.highlight),
        "key": _panel(page.key) if page.key else None,
        "sides": _drawing(page.sides) if page.sides else None,
        "legend": pieces(page.legend),
        "numbers": [_card(number) for number in page.numbers],
        "movement": [_panel(panel) for panel in page.movement],
        "trend": _panel(page.trend) if page.trend else None,
        "missing": [[pieces(labels), pieces(reason)] for labels, reason in page.missing],
        "notes": [pieces(note) for note in page.notes],
        "widths": [PAGE_WIDTH, COLUMN_WIDTH],
        "footer": NO_DEVICE,
        "made": page.made,
    }


def _panel(panel: Panel) -> dict[str, Any]:
    return {"heading": panel.heading, "caption": pieces(panel.caption), **_drawing(panel.drawing)}


def _drawing(drawing: Drawing) -> dict[str, str]:
    return {"title": drawing.title, "svg": to_svg(drawing, font=BASE)}


def _card(number: Number) -> dict[str, Any]:
    beside = [pieces(line) for line in (number.basis, *number.beside)]
    return {"label": pieces(number.label), "value": pieces(number.value), "beside": beside}


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": table.title,
        "head": table.head,
        "widths": [_WEIGHTS.get(name, _WEIGHT) for name in table.head],
        "rows": [[{"pieces": pieces(cell)} for cell in row] for row in table.rows],
    }


def pieces(text: str) -> list[str | Mapping[str, str]]:
    """Cut a text into what the layout draws in different ways.

    Parameters
    ----------
    text : str
        Of a user, a file or the program.

    Returns
    -------
    list
        Strings; ``{"emoji": …}`` for a run of emoji; ``{"unknown": code}`` for a letter that no font has, which is
        drawn as its code in a frame.
    """
    shown = _printable(text)
    kinds = _kinds(shown)
    found: list[str | Mapping[str, str]] = []
    for kind, run in groupby(zip(kinds, shown, strict=True), key=lambda pair: pair[0]):
        letters = "".join(letter for _, letter in run)
        if kind == "unknown":
            found += [{"unknown": f"{ord(letter):04X}"} for letter in letters]
        else:
            found.append({"emoji": letters} if kind == "emoji" else letters)
    return found


def _printable(text: str) -> str:
    """Return a text with blanks for control characters, right-to-left parts kept together, and places to break."""
    blank = ("Cc", "Zl", "Zp")
    plain = "".join(" " if unicodedata.category(letter) in blank else letter for letter in _CONTROLS.sub("", text))
    return _breakable(_isolated(plain))


def _isolated(text: str) -> str:
    """Frame each part that runs from right to left, so that what stands around it keeps its place.

    A part begins and ends with a letter of such a script, and may hold digits, blanks and signs: without a frame, "3 h"
    after a Hebrew name would stand before it.
    """
    frames: list[list[int]] = []
    is_open = False
    for place, kind in enumerate(map(unicodedata.bidirectional, text)):
        if kind in _FROM_RIGHT and not is_open:
            frames.append([place, place + 1])
            is_open = True
        elif is_open and (kind in _FROM_RIGHT or (kind == "NSM" and frames[-1][1] == place)):  # NSM: vowel signs
            frames[-1][1] = place + 1
        elif kind == _FROM_LEFT:
            is_open = False
    framed = text
    for start, end in reversed(frames):
        framed = framed[:start] + _ISOLATE + framed[start:end] + _END_OF_ISOLATE + framed[end:]
    return framed


def _breakable(text: str) -> str:
    """Let long names of files and the like go on in the next line."""
    return _LONG.sub(lambda word: _PART.sub(lambda part: part[0] + _BREAK, word[0]), text)


def _kinds(text: str) -> Iterator[str]:
    """Yield "word", "emoji" or "unknown" for each letter; what joins or changes an emoji is of its kind."""
    emoji, base = letters_of(EMOJI) - {_JOINER, *_LOOKS}, letters_of(BASE)
    kind = "word"
    for letter, before, after in zip(text, " " + text, text[1:] + " ", strict=False):
        if kind == "emoji" and (letter in _LOOKS or letter == _JOINER):
            pass
        elif letter in emoji and (letter not in base or after == _AS_EMOJI or (kind == "emoji" and before == _JOINER)):
            kind = "emoji"
        else:
            kind = "word" if _is_known(letter) else "unknown"
        yield kind


def _is_known(letter: str) -> bool:
    """Whether a font of the report has a letter, or it has no shape."""
    return any(letter in letters_of(family) for family in FAMILIES) or _WITHOUT_SHAPE.match(letter) is not None
