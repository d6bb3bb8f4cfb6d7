"""Corrections by hand on the session page: each can be undone and redone, and the numbers are updated at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, cast

import streamlit as st

from gaitlab.pipeline import reanalyse
from gaitlab.records import Analysis, ContactKind, Edit, EditKind
from gaitlab.records.edits import correction_words, live_edits, may_redo, redone, undone_last
from gaitlab.records.skeleton import SIDES, OneSide
from gaitlab.storage import StoredSession
from gaitlab.ui.resources import store
from gaitlab.ui.shared.help_texts import EDIT_HELP
from gaitlab.ui.shared.widgets import open_session

__all__ = ["correct", "offer_edits", "offer_undo", "remember_moment"]

_STEP_S: Final = 0.01
_WORDS: Final[Mapping[ContactKind, str]] = {"heel_strike": "heel strike", "toe_off": "toe-off"}
#: Why a correction has no effect.
_NOTHING: Final[Mapping[EditKind, str]] = {
    "move_contact": "there is no such event near {at:.2f} s",
    "delete_contact": "there is no such event near {at:.2f} s",
    "add_contact": "at {at:.2f} s nobody is seen who walks, or the event is no part of a step",
    "delete_repetition": "there is no repetition at {at:.2f} s",
    "add_repetition": "the body does not turn near {at:.2f} s",
}
_KINDS: Final[Mapping[str, ContactKind]] = {"heel strike": "heel_strike", "toe off": "toe_off"}


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
        _repetition_buttons(session_id, analysis, moment_s, selected)
    _swap_buttons(session_id, analysis, end_s)


def offer_undo(stored: StoredSession) -> None:
    """Show the corrections made so far, with what takes the last one back or makes it again; nothing without any."""
    analysis, session_id = stored.analysis, stored.header.id
    live, again = live_edits(analysis.edits), may_redo(analysis.edits)
    if not live and not again:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if live and st.button("Undo the last correction", icon=":material/undo:", key=f"undo-{session_id}"):
            _revise(session_id, analysis, undone_last(analysis.edits), said="Taken back.")
        if again and st.button("Redo", icon=":material/redo:", key=f"redo-{session_id}"):
            _revise(session_id, analysis, redone(analysis.edits), said="Corrected again.")


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
            _selected_contact(session_id, analysis, moment_s, selected)
        for kind, words in _WORDS.items():
            for side in SIDES:
                if st.button(f"Add a {side} {words} at {moment_s:.2f} s", key=f"add-{kind}-{side}-{session_id}"):
                    correct(session_id, analysis, _edit("add_contact", moment_s, side=side, contact=kind))


def _selected_contact(session_id: int, analysis: Analysis, moment_s: float, selected: Mapping[str, Any]) -> None:
    side, kind, at_s = cast("OneSide", selected["Foot"]), _KINDS[selected["Event"]], float(selected["Time (s)"])
    which = f"the {side} {_WORDS[kind]} of {at_s:.2f} s"
    moves = abs(moment_s - at_s) >= _STEP_S  # to where it is would be no correction
    if moves and st.button(f"Move {which} to {moment_s:.2f} s", key=f"move-{session_id}"):
        correct(session_id, analysis, _edit("move_contact", at_s, to_s=moment_s, side=side, contact=kind))
    if st.button(f"Delete {which}", key=f"drop-{session_id}"):
        correct(session_id, analysis, _edit("delete_contact", at_s, side=side, contact=kind))


def _edit(
    kind: EditKind,
    time_s: float,
    *,
    to_s: float | None = None,
    side: OneSide | None = None,
    contact: ContactKind | None = None,
) -> Edit:
    return Edit(kind=kind, time_s=time_s, to_s=to_s, side=side, contact=contact, created_at=datetime.now(UTC))


def _repetition_buttons(
    session_id: int, analysis: Analysis, moment_s: float, selected: Mapping[str, Any] | None
) -> None:
    with st.container(horizontal=True):
        if selected is not None and st.button(
            f"Delete repetition {selected['#']}", icon=":material/delete:", key=f"drop-{session_id}"
        ):
            correct(session_id, analysis, _edit("delete_repetition", float(selected["Turn (s)"])))
        if st.button(f"Add a repetition at {moment_s:.2f} s", icon=":material/add:", key=f"add-rep-{session_id}"):
            correct(session_id, analysis, _edit("add_repetition", moment_s))
    if selected is None:
        st.caption("Select a repetition in the table to delete it; to add one, go to the moment at which it turns.")


def _swap_buttons(session_id: int, analysis: Analysis, end_s: float) -> None:
    start_s = float(analysis.track.time_s[0])
    if not end_s > start_s:
        return
    low_s, high_s = st.slider(
        "Left and right are mixed up between", start_s, end_s, (start_s, end_s), step=_STEP_S, key=f"range-{session_id}"
    )
    if st.button(f"Swap left and right from {low_s:.2f} to {high_s:.2f} s", key=f"swap-{session_id}"):
        correct(session_id, analysis, _edit("swap_sides", low_s, to_s=high_s))


def correct(session_id: int, analysis: Analysis, edit: Edit) -> None:
    """Put a correction into effect and show the report anew; one that would change nothing is said and not kept."""
    after = reanalyse(analysis, edits=(*analysis.edits, edit))
    if edit.kind in _NOTHING and _events(after) == _events(analysis):
        st.toast(f"Nothing changes: {_NOTHING[edit.kind].format(at=edit.time_s)}.", icon=":material/info:")
        return
    words = correction_words(edit)
    _save(session_id, after, said=f"{words[:1].upper()}{words[1:]}.")


def _events(analysis: Analysis) -> tuple[object, ...]:
    return (
        *((one.side, one.kind, one.time_s) for one in (analysis.gait.contacts if analysis.gait else ())),
        *((one.side, one.turn_s) for one in (analysis.exercise.repetitions if analysis.exercise else ())),
    )


def _revise(session_id: int, analysis: Analysis, edits: tuple[Edit, ...], *, said: str) -> None:
    _save(session_id, reanalyse(analysis, edits=edits), said=said)


def _save(session_id: int, analysis: Analysis, *, said: str) -> None:
    number = store().revise(session_id, analysis)
    st.toast(said, icon=":material/check_circle:")
    if number == session_id:
        st.rerun()
    open_session(number)
