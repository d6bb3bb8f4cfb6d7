"""Corrections by hand on the session page: each can be undone, and the numbers are updated at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, Literal, cast

import streamlit as st

from gaitlab.pipeline import reanalyse
from gaitlab.records import Analysis, Edit
from gaitlab.records.edits import edit_notes, live_edits, undone_last
from gaitlab.records.skeleton import SIDES
from gaitlab.storage import StoredSession
from gaitlab.ui.resources import store
from gaitlab.ui.shared.help_texts import EDIT_HELP, markdown_text
from gaitlab.ui.shared.widgets import open_session

__all__ = ["offer_edits", "remember_moment"]

_STEP_S: Final = 0.01


def _moment_key(session_id: int) -> str:
    return f"edit-moment-{session_id}"


def remember_moment(session_id: int, moment_s: float | None) -> None:
    """Copy the moment shown by the player into the field for corrections; call it before `offer_edits`."""
    if moment_s is not None:
        st.session_state[_moment_key(session_id)] = round(moment_s, 2)


def offer_edits(stored: StoredSession, selected: Mapping[str, Any] | None) -> None:
    """Offer corrections.

    Parameters
    ----------
    stored : StoredSession
    selected : mapping, optional
        The row of the table of repetitions or heel strikes that is selected.
    """
    analysis, session_id = stored.analysis, stored.header.id
    if not len(analysis.track):
        return
    _begin_at(session_id, selected)
    live = live_edits(analysis.edits)
    label = f"Correct by hand ({len(live)})" if live else "Correct by hand"
    # With a key the expander stays the same, and open, when the number in its label changes after a correction.
    with st.expander(label, icon=":material/edit:", key=f"edits-{session_id}"):
        st.caption(EDIT_HELP)
        end_s = float(analysis.track.time_s[-1])
        moment_s = st.number_input(
            "Moment (s)",
            float(analysis.track.time_s[0]),
            max(end_s, _STEP_S),
            step=_STEP_S,
            format="%.2f",
            key=_moment_key(session_id),
        )
        if analysis.gait:
            _contact_buttons(session_id, analysis, moment_s, selected)
        elif analysis.exercise:
            _repetition_button(session_id, analysis, selected)
        _swap_buttons(session_id, analysis, end_s)
        for note in edit_notes(analysis.edits):
            st.write(markdown_text(note))
        if live and st.button("Undo the last correction", icon=":material/undo:", key=f"undo-{session_id}"):
            _revise(session_id, analysis, undone_last(analysis.edits))


def _begin_at(session_id: int, selected: Mapping[str, Any] | None) -> None:
    """Copy the moment of a newly selected heel strike into the field, from where it is moved by small changes."""
    at_s = selected.get("Time (s)") if selected else None
    key = f"edit-selected-{session_id}"
    if at_s is not None and st.session_state.get(key) != at_s:
        remember_moment(session_id, float(at_s))
    st.session_state[key] = at_s


def _contact_buttons(session_id: int, analysis: Analysis, moment_s: float, selected: Mapping[str, Any] | None) -> None:
    with st.container(horizontal=True):
        if selected is not None:
            foot = cast("Literal['left', 'right']", selected["Foot"])
            at_s = float(selected["Time (s)"])
            if st.button(f"Move the {foot} heel strike of {at_s:.2f} s to {moment_s:.2f} s", key=f"move-{session_id}"):
                _add(session_id, analysis, _edit("move_contact", at_s, to_s=moment_s, side=foot))
            if st.button(f"Delete the {foot} heel strike of {at_s:.2f} s", key=f"drop-{session_id}"):
                _add(session_id, analysis, _edit("delete_contact", at_s, side=foot))
        for side in SIDES:
            if st.button(f"Add a {side} heel strike at {moment_s:.2f} s", key=f"add-{side}-{session_id}"):
                _add(session_id, analysis, _edit("add_contact", moment_s, side=side))


def _edit(kind: str, time_s: float, *, to_s: float | None = None, side: str | None = None) -> Edit:
    contact = "heel_strike" if side is not None else None
    now = datetime.now(UTC)
    return Edit(kind=kind, time_s=time_s, to_s=to_s, side=side, contact=contact, created_at=now)  # type: ignore[arg-type]


def _repetition_button(session_id: int, analysis: Analysis, selected: Mapping[str, Any] | None) -> None:
    if selected is None:
        st.caption("Select a repetition in the table to delete it.")
    elif st.button(f"Delete repetition {selected['#']}", icon=":material/delete:", key=f"drop-{session_id}"):
        _add(session_id, analysis, _edit("delete_repetition", float(selected["Turn (s)"])))


def _swap_buttons(session_id: int, analysis: Analysis, end_s: float) -> None:
    start_s = float(analysis.track.time_s[0])
    if not end_s > start_s:
        return
    low_s, high_s = st.slider(
        "Left and right are mixed up between", start_s, end_s, (start_s, end_s), step=_STEP_S, key=f"range-{session_id}"
    )
    if st.button(f"Swap left and right from {low_s:.2f} to {high_s:.2f} s", key=f"swap-{session_id}"):
        _add(session_id, analysis, _edit("swap_sides", low_s, to_s=high_s))


def _add(session_id: int, analysis: Analysis, edit: Edit) -> None:
    _revise(session_id, analysis, (*analysis.edits, edit))


def _revise(session_id: int, analysis: Analysis, edits: tuple[Edit, ...]) -> None:
    open_session(store().revise(session_id, reanalyse(analysis, edits=edits)))
