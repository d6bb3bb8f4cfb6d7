"""Every number of one session beside the mean of the baseline sessions."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from gaitlab.history.sessions import changes_of_session
from gaitlab.history.verdict import many_verdicts_note
from gaitlab.metrics.units import in_units
from gaitlab.metrics.words import metric_label, metric_value
from gaitlab.ui.compare.changes import value_words
from gaitlab.ui.compare.session_card import show_card
from gaitlab.ui.resources import preferences, store
from gaitlab.ui.shared.help_texts import markdown_text
from gaitlab.ui.shared.verdicts import VERDICT_HELP, show_reasons, verdict_badge

__all__ = ["show_against_baseline"]


def show_against_baseline(number: int) -> None:
    """Show every number of one session beside the mean of the baseline sessions."""
    st.title("Compare with the baseline")
    stored = store().get(number)
    st.caption(markdown_text(stored.header.person))
    show_card(stored, "Session")
    changes = changes_of_session(store(), stored)
    units = preferences().units
    table, compared = [], []
    for metric in stored.analysis.metrics:
        change = changes.get((metric.name, metric.side))
        if change is None:
            continue
        before = None if change.reference is None else in_units(replace(metric, value=change.reference), units)
        table.append(
            {
                "": f"**{metric_label(metric)}**",
                "Before": "–" if before is None else metric_value(before),
                "Session": value_words(metric),
                "Verdict": verdict_badge(change),
            }
        )
        compared.append((metric_label(metric), change))
    if not table:
        st.info("This session has no number that could be compared.")
        return
    st.table(table, border="horizontal", alt="Numbers of the session beside those before it")
    show_reasons(compared)
    judged = sum(1 for change in changes.values() if change.limit is not None)
    st.caption(" ".join([VERDICT_HELP, markdown_text(many_verdicts_note(judged))]))
