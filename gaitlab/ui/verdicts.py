"""Verdicts on change as the pages show them: a word, never a colour alone, and the reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gaitlab.change import Change, Verdict
from gaitlab.words import markdown_text

__all__ = ["VERDICT_HELP", "verdict_badge", "verdict_reason"]

_BADGES: Final[Mapping[Verdict, str]] = {
    "better": ":green-badge[:material/trending_up: better]",
    "worse": ":red-badge[:material/trending_down: worse]",
    "higher": ":blue-badge[:material/north: higher]",
    "lower": ":blue-badge[:material/south: lower]",
    "cannot tell": ":gray-badge[cannot tell]",
}
VERDICT_HELP: Final = (
    "A difference counts when it is larger than what happens without any change: as your own baseline sessions vary, "
    "or else a published limit. *Higher* and *lower* are real changes of which nobody has said what would be good: a "
    "goal says so. *Cannot tell* does not mean that nothing changed."
)


def verdict_badge(change: Change) -> str:
    """Return a verdict as markdown: a coloured word."""
    return _BADGES[change.verdict]


def verdict_reason(change: Change) -> str:
    """Return why, as markdown."""
    return markdown_text(" ".join(change.why))
