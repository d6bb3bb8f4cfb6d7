"""Verdicts on changes for the pages: a word, never only a colour, and the reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st

from gaitlab.history.verdict import Change
from gaitlab.ui.shared.help_texts import markdown_text
from gaitlab.ui.shared.widgets import reason_list

__all__ = ["VERDICT_HELP", "show_reasons", "verdict_badge", "verdict_reason"]

_BADGES: Final[Mapping[str, str]] = {
    "better": ":green-badge[:material/trending_up: better]",
    "worse": ":red-badge[:material/trending_down: worse]",
    "higher": ":blue-badge[:material/north: higher]",
    "lower": ":blue-badge[:material/south: lower]",
    "no clear change": ":gray-badge[no clear change]",
    "cannot tell": ":gray-badge[cannot tell]",
}
VERDICT_HELP: Final = (
    "A difference counts when it is larger than what happens without any change: as your own baseline sessions vary, "
    "or else a published limit. *Higher* and *lower* are real changes of which nobody has said what would be good: a "
    "goal says so. *No clear change* lies within what happens without one. *Cannot tell*: there is nothing to judge by."
)


def verdict_badge(change: Change) -> str:
    """Return a verdict as markdown: a coloured word."""
    return _BADGES[change.word]


def verdict_reason(change: Change) -> str:
    """Return the reasons of a verdict as markdown."""
    return markdown_text(" ".join(change.why))


def show_reasons(changes: Sequence[tuple[str, Change]]) -> None:
    """Show the reasons of verdicts, each once: at once where a limit was known, else on demand.

    Parameters
    ----------
    changes : sequence of (name of the number, Change)
        Metrics of a table, which has no room for the reasons on a phone.
    """
    judged = [(label, change) for label, change in changes if change.limit is not None]
    others = [(label, " ".join(change.why)) for label, change in changes if change.limit is None]
    for label, change in judged:
        st.markdown(f"**{markdown_text(label)}** {verdict_badge(change)}  \n:small[{verdict_reason(change)}]")
    if others:
        with st.expander(f"Why can the others not be told? ({len(others)})", icon=":material/help:"):
            reason_list(others)
