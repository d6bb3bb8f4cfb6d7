"""Small forms that put one thing of a report right: the results follow at once, from the kept keypoints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

import streamlit as st

from gaitlab.errors import GaitLabError
from gaitlab.limits import NAME_MAX_CHARS
from gaitlab.repetitions.activities import activities, activity_label
from gaitlab.sessions import recompute
from gaitlab.settings import AnalysisSettings
from gaitlab.storage import Moved, Person, StoredSession
from gaitlab.ui.resources import preferences, store
from gaitlab.ui.shared.amounts import belt_input, height_input, height_words
from gaitlab.ui.shared.description import date_form
from gaitlab.ui.shared.help_texts import markdown_text
from gaitlab.ui.shared.widgets import open_session, show_script_error

__all__ = ["CHIPS", "FORMS", "Part", "moved_session", "put_right", "settings_of", "undo_move"]

#: How the keys of rows of chips begin; `chips` styles them.
CHIPS: Final = "chips"
#: What can be put right below the title of a report.
Part = Literal["activity", "person", "height", "belt", "scale", "slow_motion", "date"]
_FACTORS: Final[Mapping[float, str]] = {1.0: "Normal speed", 2.0: "2 times slower", 4.0: "4 times", 8.0: "8 times"}
_PEOPLE_MAX: Final = 8  # as buttons; more stand in a list
_MOVED_KEY: Final = "moved-session"


def settings_of(stored: StoredSession) -> AnalysisSettings:
    """Return the settings that a session was computed with."""
    return AnalysisSettings.from_json(stored.analysis.provenance.settings)


def put_right(stored: StoredSession, **told: Any) -> None:
    """Compute a session anew with these settings and open it; an error is shown where the form is."""
    try:
        with st.spinner("Computing anew…"):
            number = recompute(store(), stored.header.id, told)
    except GaitLabError as error:
        show_script_error(error)
        return
    st.toast("Computed anew.", icon=":material/check:")
    open_session(number)


def moved_session(session_id: int) -> Moved | None:
    """Return how this session was just moved, for its undo; None if it was not."""
    moved: Moved | None = st.session_state.get(_MOVED_KEY)
    return moved if moved is not None and moved.session_id == session_id else None


def undo_move(moved: Moved) -> None:
    """Give a session that was just moved back to whose it was."""
    st.session_state.pop(_MOVED_KEY, None)
    store().take_back(moved)
    st.rerun()


def _key(stored: StoredSession, part: Part, place: str) -> str:
    return f"fix-{part}-{place}-{stored.header.id}"


def _activity(stored: StoredSession, place: str) -> None:
    st.caption("What is the person doing?")
    now, asked = stored.analysis.activity.kind, settings_of(stored).activity
    with st.container(horizontal=True, gap="xsmall"):
        for name in (*activities()[1:], activities()[0]):
            is_now = name == (asked if asked == "auto" and now == "none" else now)
            kind = "primary" if is_now else "secondary"
            if st.button(activity_label(name), key=f"{_key(stored, 'activity', place)}-{name}", type=kind):  # type: ignore[arg-type]
                put_right(stored, activity=name)


def _person(stored: StoredSession, place: str) -> None:
    key, now = _key(stored, "person", place), stored.header.person
    others = [person.name for person in store().people() if person.name != now]
    st.caption("Whose session is it? Numbers, date, remark and tags go along.")
    if len(others) > _PEOPLE_MAX:
        chosen = st.selectbox("Another person", others, index=None, key=f"{key}-list", placeholder="Choose…")
        if chosen is not None:
            _move(stored, chosen)
    else:
        with st.container(horizontal=True, gap="xsmall"):
            for name in others:
                if st.button(markdown_text(name), key=f"{key}-{name}"):
                    _move(stored, name)
    with st.form(f"{key}-new", border=False, clear_on_submit=True):
        name = st.text_input("Somebody new", max_chars=NAME_MAX_CHARS, placeholder="Name", key=f"{key}-name")
        if st.form_submit_button("Move") and name.strip():
            _move(stored, name)


def _move(stored: StoredSession, name: str) -> None:
    try:
        st.session_state[_MOVED_KEY] = store().move_session(stored.header.id, name)
    except GaitLabError as error:
        show_script_error(error)
        return
    st.rerun()


def _height(stored: StoredSession, place: str) -> None:
    key, person = _key(stored, "height", place), store().person(stored.header.person)
    units, now_m = preferences().units, settings_of(stored).height_m
    if person.height_m is not None and person.height_m != now_m:
        label = f"{height_words(person.height_m, units)}, as under People"
        if st.button(label, key=f"{key}-known"):
            put_right(stored, height_m=person.height_m)
    with st.form(key, border=False):
        height_m = height_input(now_m, units, key=f"{key}-value")
        is_kept = person.height_m is None and st.checkbox(
            f"Also for later clips of {markdown_text(person.name)}", value=True, key=f"{key}-keep"
        )
        if st.form_submit_button("Compute"):
            if is_kept and height_m is not None:
                _keep_height(person, height_m)
            put_right(stored, height_m=height_m)


def _keep_height(person: Person, height_m: float) -> None:
    store().add_person(person.name, height_m=height_m)


def _belt(stored: StoredSession, place: str) -> None:
    key = _key(stored, "belt", place)
    with st.form(key, border=False):
        belt_mps = belt_input(settings_of(stored).treadmill_mps, preferences().units, key=f"{key}-value")
        st.caption("On a treadmill only; empty: none.")
        if st.form_submit_button("Compute"):
            put_right(stored, treadmill_mps=belt_mps)


def _scale(stored: StoredSession, place: str) -> None:
    key = _key(stored, "scale", place)
    with st.form(key, border=False):
        px_per_m = st.number_input(
            "Scale (pixels per metre)",
            min_value=1.0,
            max_value=1e5,
            value=settings_of(stored).px_per_m,
            step=1.0,
            format="%.1f",
            placeholder="none",
            key=f"{key}-value",
        )
        st.caption("Where the person walks: a length in pixels, divided by its metres.")
        if st.form_submit_button("Compute"):
            put_right(stored, px_per_m=px_per_m)


def _slow_motion(stored: StoredSession, place: str) -> None:
    key, now = _key(stored, "slow_motion", place), settings_of(stored).slow_motion
    st.caption("How many times slower than life does the clip play?")
    with st.container(horizontal=True, gap="xsmall"):
        for factor, label in _FACTORS.items():
            if st.button(label, key=f"{key}-{factor:g}", type="primary" if factor == now else "secondary"):
                put_right(stored, slow_motion=factor)
    with st.form(key, border=False):
        factor = st.number_input(
            "Another factor", min_value=0.1, max_value=64.0, value=now, step=0.5, format="%g", key=f"{key}-value"
        )
        st.caption("0.5: twice as fast as life.")
        if st.form_submit_button("Compute"):
            put_right(stored, slow_motion=factor)


def _date(stored: StoredSession, place: str) -> None:
    if date_form(stored, key=_key(stored, "date", place)):
        st.rerun()


#: Part -> its form; the second argument makes the keys of its widgets one of a kind.
FORMS: Final[Mapping[Part, Callable[[StoredSession, str], None]]] = {
    "activity": _activity,
    "person": _person,
    "height": _height,
    "belt": _belt,
    "scale": _scale,
    "slow_motion": _slow_motion,
    "date": _date,
}
