"""A short tour of the sample sessions: four hints, each on its page, until they are read or closed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

import streamlit as st
from streamlit.navigation.page import Page

from gaitlab.archive.samples import samples
from gaitlab.errors import NotFoundError
from gaitlab.paths import data_dir
from gaitlab.storage import Person
from gaitlab.storage.preferences import write_preferences
from gaitlab.ui.resources import preferences, store

__all__ = ["begin_tour", "follow_tour", "show_hint"]

_AT: Final = "tour-at"  # in the session state: the number of the hint that is shown
_MOVED: Final = "tour-moved"  # whether that is for another page than the last one


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hint:
    """One hint and the title of the page it is for."""

    page: str
    title: str
    words: str


_HINTS: Final = (
    _Hint(
        page="Session",
        title="The report",
        words="Move along the curve, or play: the figure and every angle follow. The marks are heel strikes.",
    ),
    _Hint(
        page="Session",
        title="Since before",
        words="The line below the highlight compares with earlier visits. It calls a difference a change only where "
        "it is larger than what happens without one.",
    ),
    _Hint(
        page="History",
        title="One person over time",
        words="Cadence has risen: the newest visit lies above the grey band. The largest knee bend has not changed. "
        "A click on a mark opens its session.",
    ),
    _Hint(
        page="Analyse",
        title="Your own clip",
        words="Drop a clip of somebody walking or exercising. It stays on this computer.",
    ),
)
_STYLE: Final = """<style>
.st-key-tour { position: fixed; right: 1rem; bottom: 1rem; z-index: 1000; width: min(24rem, calc(100vw - 2rem));
  background: PAPER; border: 2px solid LINE; border-radius: 0.5rem; padding: 0.75rem 1rem;
  box-shadow: 0 4px 18px rgba(0, 0, 0, 0.25) }
</style>"""


def begin_tour() -> None:
    """Begin the tour, unless it was read or closed before."""
    if not preferences().tour_done:
        st.session_state[_AT] = 0


def show_hint(page: str) -> None:
    """Show the hint that is next, if it is for this page.

    Parameters
    ----------
    page : str
        Title of the page.
    """
    at = st.session_state.get(_AT)
    if at is None or _HINTS[at].page != page or (page == "History" and not _is_walker_shown()):
        return
    hint, is_dark = _HINTS[at], st.context.theme.type == "dark"
    paper, line = ("#1B2028", "#56B4E9") if is_dark else ("#FFFFFF", "#0072B2")
    st.html(_STYLE.replace("PAPER", paper).replace("LINE", line))
    with st.container(key="tour", gap="small"):
        st.markdown(f"**{hint.title}** :small[· hint {at + 1} of {len(_HINTS)}]  \n{hint.words}")
        with st.container(horizontal=True):
            is_last = at + 1 == len(_HINTS)
            st.button("Done" if is_last else "Next", key="tour-next", type="primary", on_click=_go_on)
            if not is_last:
                st.button("Close the tour", key="tour-close", on_click=_end)


def follow_tour(pages: Iterable[Page]) -> None:
    """Go to the page of the next hint, after a click on Next that leads to another one; without its person end."""
    if not st.session_state.pop(_MOVED, False):
        return
    title, query = _HINTS[st.session_state[_AT]].page, {}
    if title == "History":
        walker = _walker()
        if walker is None:
            _end()
            return
        query = {"person": str(walker.id)}
    st.switch_page(next(page for page in pages if page.title == title), query_params=query)


def _walker() -> Person | None:
    """Return the person of the first sample; None once renamed, joined or erased."""
    try:
        return store().person(samples()[0].person)
    except NotFoundError:
        return None


def _is_walker_shown() -> bool:
    """Return whether the page History shows the person of the first sample."""
    walker, asked = _walker(), st.query_params.get("person")
    if walker is None:
        return False
    return asked == str(walker.id) if asked else st.session_state.get("person") == walker.name


def _go_on() -> None:
    at = st.session_state[_AT] + 1
    if at == len(_HINTS):
        _end()
        return
    st.session_state[_AT] = at
    st.session_state[_MOVED] = _HINTS[at].page != _HINTS[at - 1].page


def _end() -> None:
    st.session_state.pop(_AT, None)
    write_preferences(data_dir(), replace(preferences(), tour_done=True))
