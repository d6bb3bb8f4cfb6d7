"""Findings of older sessions: GaitLab kept sentences until schema 0005 of the database and version 2 of archives."""

from __future__ import annotations

import re
from functools import cache
from string import Formatter
from typing import Final

from gaitlab.records.findings.earlier import EARLIER
from gaitlab.records.findings.english import SENTENCES
from gaitlab.records.findings.said import Said, said

__all__ = ["as_written", "recalled"]

_WHOLE_NUMBER: Final = r"\d+"
_NUMBER: Final = r"-?\d+(?:\.\d+)?"


def as_written(sentence: str) -> Said:
    """Return a finding of which only the sentence is known; it is shown as it is, in every language."""
    return said("as_written", text=sentence)


def recalled(sentence: str) -> Said:
    """Return the finding that an older version said with a sentence.

    It is recognised where exactly one code has that sentence, today or in an earlier wording, and its numbers make it
    again digit by digit; else it stays as it was written.
    """
    found = {}
    for code, template in _templates():
        if (match := _pattern(template).fullmatch(sentence)) is not None:
            values = {name: _read(text) for name, text in match.groupdict().items()}
            if template.format(**values) == sentence:
                found[code] = Said(code, values)
    return next(iter(found.values())) if len(found) == 1 else as_written(sentence)


@cache
def _templates() -> tuple[tuple[str, str], ...]:
    today = ((code, words) for code, words in SENTENCES.items() if isinstance(words, str) and code != "as_written")
    earlier = ((code, words) for code, wordings in EARLIER.items() for words in wordings)
    return (*today, *earlier)


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """Return what matches the sentences of a template; its fields are numbers."""
    parts = []
    for text, name, spec, _ in Formatter().parse(template):
        parts.append(re.escape(text))
        if name:
            parts.append(f"(?P<{name}>{_NUMBER if spec else _WHOLE_NUMBER})")
    return re.compile("".join(parts))


def _read(text: str) -> int | float:
    return int(text) if text.isdigit() else float(text)
