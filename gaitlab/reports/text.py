"""The report as plain text, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from gaitlab.reports.document import Document, Number

__all__ = ["text_report"]

_LABEL_WIDTH = 32


def text_report(document: Document) -> str:
    """Return a report as lines of text, with the words and digits of the session page and the PDF."""
    return "\n".join(_printable(line) for line in _lines(document))


def _printable(line: str) -> str:
    """Make one line of words that a file or somebody else may have written: no line ends, nothing for the terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in line)


def _lines(document: Document) -> Iterator[str]:
    yield document.title
    yield document.subtitle
    yield ""
    yield from document.plain
    yield ""
    yield from (_measured(number) for number in document.measured)
    yield from (f"  {number.label:{_LABEL_WIDTH}} –  {number.metric.reason}" for number in document.without_value)
    for row in document.events.rows:
        if row.get("Notes"):
            label = f"repetition {row['#']}"
            yield f"  {label:{_LABEL_WIDTH}} {row['Notes']}"
    yield from (f"  note: {note}" for note in document.notes)
    yield document.origin[0]


def _measured(number: Number) -> str:
    rests_on = [f"n={number.metric.n}"] if number.metric.n else []
    rests_on += [f"confidence {number.metric.confidence:.2f}", *number.beside]
    spread = f" ± {number.spread}" if number.spread else ""
    return f"  {number.label:{_LABEL_WIDTH}} {number.value}{spread} ({', '.join(rests_on)})"
