"""Two names of one person are joined; one press takes it back."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final

import streamlit as st

from gaitlab.storage import Joined, Person
from gaitlab.ui.people.archive_upload import analyses_under_way
from gaitlab.ui.resources import store
from gaitlab.ui.shared.help_texts import UNDO_HELP, markdown_text

__all__ = ["alike", "offer_joining", "offer_undo_of_joining"]

_JOINED_KEY: Final = "joined-people"


def alike(name: str, others: Sequence[str]) -> str | None:
    """Return another name that differs only in capitals, accents, blanks or punctuation; None without one."""
    return next((other for other in others if other != name and _plain(other) == _plain(name)), None)


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in letters if letter.isalnum()) or name


def offer_joining(person: Person, others: Sequence[str]) -> None:
    """Offer to put all that is of another person to this one; a name that looks alike is offered at once."""
    key = f"join-{person.id}"
    if (twin := alike(person.name, others)) is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.write(markdown_text(f"“{person.name}” and “{twin}” look like one person."))
            if st.button("Join the two", key=f"{key}-twin", icon=":material/group:"):
                _join(twin, person)
    with st.expander("Join with another person", icon=":material/group:"):
        st.write(
            markdown_text(
                f"The other's sessions, remark, goals and programme become those of {person.name}. Height, sex, year "
                f"of birth, goals and programme of {person.name} stay; the other's fill gaps. The other name is gone."
            )
        )
        other = st.selectbox("The other person", others, index=None, key=key, placeholder="Choose…")
        if st.button("Join", key=f"{key}-other", disabled=other is None) and other is not None:
            _join(other, person)


def _join(name: str, person: Person) -> None:
    if analyses_under_way():  # one that ends afterwards would make the other name again
        return
    st.session_state[_JOINED_KEY] = store().join_people(name, into=person.name)
    st.session_state["person"] = person.name
    st.rerun()


def offer_undo_of_joining() -> None:
    """Tell which two were just joined, with a button that takes it back."""
    joined: Joined | None = st.session_state.get(_JOINED_KEY)
    if joined is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(markdown_text(f"{joined.gone.name} is joined with {joined.kept.name}. {UNDO_HELP}"))
        if st.button("Undo", key="join-undo", icon=":material/undo:"):
            st.session_state.pop(_JOINED_KEY)
            store().take_back(joined)
            st.rerun()
