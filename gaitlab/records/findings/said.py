"""A finding as a code with its values, and its sentence in a language."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from string import Formatter
from typing import Any, Final

from gaitlab.records.findings.english import SENTENCES

__all__ = ["LANGUAGES", "Said", "Words", "fields_of", "said", "sentence_of", "sentences_of"]

#: How a table says a code: a text with fields in braces, or a function of the fields where there are plurals or lists.
Words = str | Callable[..., str]

#: The table of each language, by its code (ISO 639-1). All have the same codes with the same fields.
LANGUAGES: Final[Mapping[str, Mapping[str, Words]]] = {"en": SENTENCES}


@dataclass(frozen=True, slots=True)
class Said:
    """A finding for the reader: why a number is missing, or what there is to know about an analysis.

    Attributes
    ----------
    code : str
        Of the table of sentences. It never changes its meaning and is never removed, as sessions keep it.
    values : mapping of str to JSON value
        The numbers, words and lists that the sentence names.

    Raises
    ------
    ValueError
        For a code that is not in the table, or for values that are not those of its sentence.
    """

    code: str
    values: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if self.code not in SENTENCES:
            raise ValueError(f"finding: expected a code of the table of sentences, got {self.code[:40]!r}")
        object.__setattr__(self, "values", {str(name): _plain(value) for name, value in self.values.items()})
        if set(self.values) != fields_of(SENTENCES[self.code]):
            wanted = ", ".join(sorted(fields_of(SENTENCES[self.code]))) or "no values"
            raise ValueError(f"{self.code}: expected {wanted}, got {', '.join(sorted(self.values)) or 'no values'}")
        try:
            sentence_of(self)
        except (TypeError, ValueError, LookupError, AttributeError) as error:
            raise ValueError(f"{self.code}: its values make no sentence ({error})") from error

    def __str__(self) -> str:
        """Return the English sentence."""
        return sentence_of(self)


def said(code: str, **values: Any) -> Said:
    """Return a finding; NumPy's numbers become plain ones, so that it can be kept as JSON."""
    return Said(code, values)


def sentence_of(finding: Said, language: str = "en") -> str:
    """Return the sentence of a finding."""
    words = LANGUAGES[language][finding.code]
    return words.format(**finding.values) if isinstance(words, str) else words(**finding.values)


def sentences_of(findings: Iterable[Said], language: str = "en") -> tuple[str, ...]:
    """Return the sentences of findings, in their order."""
    return tuple(sentence_of(one, language) for one in findings)


@cache
def fields_of(words: Words) -> frozenset[str]:
    """Return the names of the values that a sentence needs."""
    if isinstance(words, str):
        return frozenset(name for _, name, _, _ in Formatter().parse(words) if name)
    return frozenset(inspect.signature(words).parameters)


def _plain(value: Any) -> Any:
    """Return a JSON value: a Python number for a NumPy one, a list for a tuple."""
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.item() if hasattr(value, "item") else value
