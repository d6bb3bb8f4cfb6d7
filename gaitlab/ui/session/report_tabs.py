"""The tabs of a report: only the open one is made, and opening another one leaves the rest of the page alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from gaitlab.gait.cycle_curves import cycle_curves
from gaitlab.reports import Document
from gaitlab.reports.sides import side_rows
from gaitlab.storage import StoredSession
from gaitlab.ui.session.curves import show_cycles
from gaitlab.ui.session.editing import offer_edits
from gaitlab.ui.session.event_table import selected_event, show_events
from gaitlab.ui.session.numbers import other_cards, plain_sentences, reading_by_side
from gaitlab.ui.session.session_details import (
    offer_deletion,
    offer_description,
    offer_versions,
    show_meanings,
    show_origin,
)
from gaitlab.ui.session.sharing import offer_files
from gaitlab.ui.session.sides import show_bars

__all__ = ["ask_for_corrections", "show_tabs"]

_LAST: Final = "last-tab"  # the one that is open stays so in the next report
_ASKED: Final = "asked-tab"
_EVENTS: Final = ("Steps", "Repetitions")
_DETAILS: Final = "Details"


def ask_for_corrections() -> None:
    """Open the tab in which steps or repetitions are corrected, when the tabs are shown next."""
    st.session_state[_ASKED] = (*_EVENTS, _DETAILS)


@st.fragment
def show_tabs(stored: StoredSession, document: Document, *, age: int | None, is_plain: bool) -> None:
    """Show the tabs of a report.

    Parameters
    ----------
    stored : StoredSession
    document : Document
    age : int or None
        Of the person, in years; it selects the norm curves shown at first.
    is_plain : bool
        Whether the plain reading is on; in the clinical one all numbers stand above.
    """
    makers = _makers(stored, document, age=age, is_plain=is_plain)
    labels = tuple(makers)
    key = f"tabs-{'-'.join(labels)}"
    asked = st.session_state.pop(_ASKED, ()) or (() if key in st.session_state else (st.session_state.get(_LAST),))
    if chosen := [label for label in labels if label in asked]:
        st.session_state[key] = chosen[0]
    for label, tab in zip(labels, st.tabs(labels, key=key, on_change="rerun"), strict=True):
        if tab.open:
            st.session_state[_LAST] = label
            with tab:
                makers[label]()


def _makers(
    stored: StoredSession, document: Document, *, age: int | None, is_plain: bool
) -> dict[str, Callable[[], None]]:
    """Return what shows each tab; without any content it has none."""
    analysis, session_id, events = stored.analysis, stored.header.id, document.events
    makers: dict[str, Callable[[], None]] = {}
    if analysis.gait and (curves := cycle_curves(analysis)):
        makers["Curves"] = lambda: show_cycles(analysis, curves, session_id, age=age)

    def show_steps() -> None:
        if events.rows:
            show_events(events, session_id)
        offer_edits(stored, selected_event(session_id, events))

    if analysis.gait or analysis.exercise:
        makers[_EVENTS[analysis.exercise is not None]] = show_steps

    def show_sides() -> None:
        show_bars(analysis, document, is_whole=True)
        reading_by_side(document)

    if side_rows(analysis, document):
        makers["Left and right"] = show_sides

    makers[_DETAILS] = lambda: _show_details(stored, document, is_plain=is_plain)
    makers["Share"] = lambda: offer_files(stored)
    return makers


def _show_details(stored: StoredSession, document: Document, *, is_plain: bool) -> None:
    analysis = stored.analysis
    if is_plain:
        if len(document.plain) > 1:  # the only one stands above
            plain_sentences(document)
        other_cards(stored, document)
    show_meanings(analysis)
    if not (analysis.gait or analysis.exercise):
        offer_edits(stored, None)
    offer_description(stored)
    offer_versions(stored)
    show_origin(document, analysis)
    offer_deletion(stored.header.id)
