"""The fonts of the PDF report, and which letters they have.

The fonts are Python packages, so that none is in this repository and all machines print alike. Source Sans writes
Latin, Greek and Cyrillic, Kurinto and Noto Sans write nearly all other living scripts, and Noto Emoji draws emoji. They
lack letters of dead scripts, of a few living ones (Tibetan) and of the latest Unicode.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

import typst
import uharfbuzz

__all__ = ["BASE", "EMOJI", "FAMILIES", "font_files", "fonts", "letters_of", "print_families"]

BASE: Final = "Source Sans 3"
EMOJI: Final = "Noto Emoji"
_CHINESE, _JAPANESE, _KOREAN, _TAIWANESE = (f"Kurinto Sans {part}" for part in ("SC", "JP", "KR", "TC"))
_REST: Final = ("Kurinto Sans", "Noto Sans Khmer", "Noto Sans Myanmar", "Noto Sans Symbols")
#: Families for words; `print_families` says in which order they are tried.
FAMILIES: Final = (BASE, _CHINESE, _JAPANESE, _KOREAN, _TAIWANESE, *_REST)
_FOLDERS: Final = (
    ("weblate_fonts", "static/weblate_fonts/source-sans/ttf"),
    ("weblate_fonts", "static/weblate_fonts/kurinto/ttf"),
    ("manimgx_fonts", ""),
)
_REGULAR: Final = 400


@cache
def fonts() -> typst.Fonts:
    """Return the fonts of these packages and no other: a report looks alike on every machine."""
    folders = [Path(str(resources.files(package))) / folder for package, folder in _FOLDERS]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


@cache
def font_files() -> dict[str, Path]:
    """Return the file of every family in upright regular."""
    return {
        one.family: Path(one.path)
        for one in fonts().fonts()
        if one.path and one.style == "normal" and one.weight == _REGULAR
    }


@cache
def letters_of(family: str) -> frozenset[str]:
    """Return the letters that a family has; none, when the family is not there."""
    file = font_files().get(family)
    if file is None:
        return frozenset()
    face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(file)))
    return frozenset(map(chr, face.unicodes))


def _has_any(text: str, first: str, last: str) -> bool:
    return any(first <= letter <= last for letter in text)


def print_families(text: str) -> tuple[str, ...]:
    """Return the families for a report in the order they are tried.

    Chinese, Japanese and Korean write some letters with one code and different strokes. Kana tell a Japanese report and
    Hangul a Korean one; without them the strokes are those of mainland China.
    """
    if _has_any(text, "\u3040", "\u30ff"):
        local = _JAPANESE
    elif _has_any(text, "\uac00", "\ud7a3"):
        local = _KOREAN
    else:
        local = _CHINESE
    others = (family for family in FAMILIES[1:] if family != local)
    return (BASE, local, *others)
