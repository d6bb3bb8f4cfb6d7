"""Two views of a session's metrics: cards in plain words, and a clinical table with n, SD and ranges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from gaitlab.metrics.words import CONFIDENCE_HELP, TYPICAL_HELP
from gaitlab.reports import Document
from gaitlab.reports.document import Number
from gaitlab.storage import StoredSession
from gaitlab.ui.session.advice import advised, offer_parts
from gaitlab.ui.session.fixing import FORMS
from gaitlab.ui.shared.help_texts import markdown_text
from gaitlab.ui.shared.widgets import reason_list

__all__ = ["clinical_reading", "main_cards", "other_cards", "plain_sentences", "reading_by_side", "why_missing"]

_MAIN_MAX = 4  # cards beside the clip, before the eye must search (ours)

_TYPICAL, _GOAL = _OPTIONAL = ("Typical", "Goal")  # columns that are left out where they are empty


def _shown(document: Document) -> list[Number]:
    """Return the metrics with a value, and the headline metric, which has a card even when it was withheld."""
    return [number for number in document.numbers if number.is_measured or number.is_headline]


def plain_sentences(document: Document) -> None:
    """Show the results in plain words."""
    st.markdown("\n".join(f"- {markdown_text(sentence)}" for sentence in document.plain))


def _whole(document: Document) -> list[Number]:
    return [number for number in _shown(document) if number.is_whole]


def main_cards(stored: StoredSession, document: Document) -> None:
    """Show the main metrics of the whole body as cards."""
    _cards(stored, _whole(document)[:_MAIN_MAX])


def other_cards(stored: StoredSession, document: Document) -> None:
    """Show the other metrics of the whole body as cards, and what stands below a value."""
    _cards(stored, _whole(document)[_MAIN_MAX:])
    if document.measured:
        st.caption(CONFIDENCE_HELP)


def _cards(stored: StoredSession, numbers: Sequence[Number]) -> None:
    if numbers:
        with st.container(horizontal=True, vertical_alignment="distribute"):
            for number in numbers:
                _card(stored, number)


def reading_by_side(document: Document) -> None:
    """Show a table of the metrics measured per side, left beside right; a dash for a side without a value."""
    rows: dict[str, dict[str, str]] = {}
    for number in document.measured:
        if not number.is_whole:
            row = rows.setdefault(number.name, {"": number.name, "Left": "–", "Right": "–"})
            row[str(number.side).capitalize()] = _cell(number)
    if rows:
        st.table(list(rows.values()), border="horizontal", hide_header=False, alt="Numbers of the left and right side")


def clinical_reading(document: Document) -> None:
    """Show the clinical table: every metric with n, SD and confidence, and with typical range and goal if known."""
    rows = [_row(number) for number in _shown(document)]
    if not rows:
        return
    idle = [name for name in _OPTIONAL if not any(row[name] for row in rows)]
    st.dataframe(
        [{name: value for name, value in row.items() if name not in idle} for row in rows],
        hide_index=True,
        placeholder="–",
        key="all-numbers",
        height="content",
        column_config={
            "Number": st.column_config.Column(width=190),
            "SD": st.column_config.Column(alignment="right"),
            "Typical": st.column_config.Column(width=130),
            "Confidence": st.column_config.ProgressColumn(min_value=0.0, max_value=1.0, format="%.2f", width=120),
        },
    )
    st.caption(markdown_text(document.origin[0]) + ("" if _TYPICAL in idle else f" {TYPICAL_HELP}"))


def why_missing(stored: StoredSession, document: Document) -> None:
    """Show the missing metrics with their reasons, one line per reason."""
    missing = document.missing
    if missing or document.never:
        with st.expander(f"Not measured, and why ({len(missing)})", icon=":material/help:"):
            findings = {number.metric.reason: number.metric.why for number in missing}
            reason_list(
                [(number.label, number.metric.reason or "") for number in missing],
                below=lambda reason, at: offer_parts(stored, advised((findings[reason],)), f"why-{at}"),
            )
            if document.never:
                st.caption("From no clip, however it is filmed:")
                reason_list([(number.label, number.metric.reason or "") for number in document.never])


def _card(stored: StoredSession, number: Number) -> None:
    value, _, unit = number.value.partition(" ")
    with st.container(border=True, gap="xsmall"):
        st.metric(number.label, f"{value} :small[{unit}]" if unit else value, help=number.help or None)
        if not number.is_measured:
            with st.popover("Why is this missing?", type="tertiary"):
                st.markdown(markdown_text(number.metric.reason or ""))
                for part in advised((number.metric.why,)):  # no popover opens in another one
                    FORMS[part](stored, "card")
            return
        for words in _lines(number):
            st.caption(words)


def _lines(number: Number) -> list[str]:
    return [number.basis, *(markdown_text(words) for words in number.beside)]


def _cell(number: Number) -> str:
    small = "  \n".join(f":gray[:small[{line}]]" for line in _lines(number))
    return f"**{number.value}**  \n{small}"


def _row(number: Number) -> dict[str, Any]:
    return {
        "Number": number.label,
        "Value": number.value,
        "n": number.metric.n or None,
        "SD": number.spread or None,
        "Confidence": number.metric.confidence,
        _TYPICAL: number.typical,
        _GOAL: number.goal,
        "What it is": number.help,
    }
