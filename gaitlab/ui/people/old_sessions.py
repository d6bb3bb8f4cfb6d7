"""What a body height means for sessions that were computed with none, or another one."""

from __future__ import annotations

from typing import Final

import streamlit as st

from gaitlab.errors import GaitLabError
from gaitlab.sessions import recompute
from gaitlab.storage import Person
from gaitlab.ui.resources import preferences, store
from gaitlab.ui.shared.amounts import height_words
from gaitlab.ui.shared.help_texts import UNDO_HELP
from gaitlab.ui.shared.widgets import show_script_error

__all__ = ["offer_height"]

#: Key of the sessions just computed anew, by person: new number -> former number.
_DONE_KEY: Final = "heights-reached"


def offer_height(person: Person) -> None:
    """Offer a person's body height to their walks that were computed without it, and an undo afterwards."""
    _offer_undo(person)
    if person.height_m is None:
        return
    heights = store().heights(person.name)
    without = [number for number, height_m in heights.items() if height_m is None]
    other = [number for number, height_m in heights.items() if height_m not in (None, person.height_m)]
    words = height_words(person.height_m, preferences().units)
    for name, numbers, what in (("without", without, "without a height"), ("other", other, "with another height")):
        if not numbers:
            continue
        walks = f"{len(numbers)} walk{'s' if len(numbers) > 1 else ''}"
        with st.container(horizontal=True, vertical_alignment="center"):
            were = "were" if len(numbers) > 1 else "was"
            st.write(f"{walks} {were} computed {what}.")
            if st.button(f"Compute with {words}", key=f"height-{name}-{person.id}", icon=":material/straighten:"):
                _compute(person, numbers)


def _compute(person: Person, numbers: list[int]) -> None:
    done: dict[int, int] = {}
    bar = st.progress(0.0, f"Computing {len(numbers)} anew…")
    for at, number in enumerate(numbers, start=1):
        try:
            done[recompute(store(), number, {"height_m": person.height_m})] = number
        except GaitLabError as error:
            show_script_error(error)
        bar.progress(at / len(numbers))
    st.session_state[_DONE_KEY] = (person.id, done)
    if len(done) == len(numbers):
        st.rerun()
    bar.empty()


def _offer_undo(person: Person) -> None:
    whose, done = st.session_state.get(_DONE_KEY, (None, {}))
    if whose != person.id or not done:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(f"{len(done)} computed with the height. {UNDO_HELP}")
        if st.button("Undo", key=f"height-undo-{person.id}", icon=":material/undo:"):
            st.session_state.pop(_DONE_KEY)
            for former in done.values():
                try:
                    store().use_version(former)
                except GaitLabError as error:  # it may have been deleted meanwhile
                    show_script_error(error)
            st.rerun()
