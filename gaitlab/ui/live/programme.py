"""A person's programme on the Live page: its exercises as choices, and what was done the last time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import streamlit as st

from gaitlab.history.last_time import last_time
from gaitlab.repetitions.activities import activity_label, counted_activities
from gaitlab.repetitions.exercises import EXERCISES
from gaitlab.repetitions.least_range import least_range_pct
from gaitlab.storage import ProgrammeItem, SessionStore
from gaitlab.ui.resources import store
from gaitlab.ui.shared.help_texts import PROGRAMME_CHOICE_HELP, markdown_text
from gaitlab.ui.shared.programme_words import item_words, short_item_words

__all__ = ["choose_item", "last_time_words", "plan_of_item", "programme_of", "take_item"]

_FULL_PCT: Final = 100


def take_item(key: str, items: Sequence[ProgrammeItem], place: int | None = None) -> None:
    """Fill the widgets of the page from an item of a programme; for a callback, before they are drawn.

    Parameters
    ----------
    key : str
        Of the choice in the session state.
    items : sequence of ProgrammeItem
    place : int, optional
        Default: what is chosen.
    """
    if place is not None:
        st.session_state[key] = place
    chosen = st.session_state.get(key)
    if chosen is None or not 0 <= chosen < len(items):
        return
    item = items[chosen]
    st.session_state["live-activity"] = item.exercise
    st.session_state["live-in-sets"] = True
    st.session_state["live-sets"], st.session_state["live-repetitions"] = item.sets, item.repetitions
    st.session_state["live-rest"], st.session_state["live-tempo"] = item.rest_s, item.tempo or ""


def choose_item(key: str, items: Sequence[ProgrammeItem], activity: str) -> int | None:
    """Offer the items of a programme and return the place of the chosen one.

    None where none is chosen, or where the activity was changed by hand since.
    """
    if not items:
        return None
    chosen = st.session_state.get(key)
    if chosen is not None and (chosen >= len(items) or items[chosen].exercise != activity):
        st.session_state[key] = None
    return st.pills(
        "Programme",
        range(len(items)),
        format_func=lambda place: markdown_text(f"{place + 1}. {item_words(items[place])}"),
        key=key,
        on_change=take_item,
        args=(key, items),
        help=PROGRAMME_CHOICE_HELP,
    )


def programme_of(person: str | None) -> tuple[ProgrammeItem, ...]:
    """Return what a person trains, without exercises that this program does not know."""
    known = counted_activities()
    return tuple(item for item in (store().programme(person) if person else ()) if item.exercise in known)


def plan_of_item(items: Sequence[ProgrammeItem], place: int | None) -> dict[str, Any]:
    """Return what the script of the camera needs to know of the chosen item beside its sets.

    Returns
    -------
    dict
        "item": its place, "name": its exercise, "range": by side the share of a full repetition where the band to reach
        begins, None for a full one; "next": what comes after it in words. All are None where none is chosen.
    """
    if place is None:
        return dict.fromkeys(("item", "name", "range", "next"))
    item = items[place]
    following = items[place + 1] if place + 1 < len(items) else None
    return {
        "item": place,
        "name": activity_label(item.exercise),
        "range": _range_of(item),
        "next": None if following is None else short_item_words(following),
    }


def _range_of(item: ProgrammeItem) -> dict[str, float] | None:
    """Return where the band begins, by side; "both" is for exercises that move both sides as one.

    It never begins below what is counted, however the programme came here.
    """
    if item.exercise not in EXERCISES or item.range_left_pct is item.range_right_pct is None:
        return None
    least = least_range_pct(item.exercise)
    left, right = (_FULL_PCT if one is None else max(one, least) for one in (item.range_left_pct, item.range_right_pct))
    return {"left": left / 100, "right": right / 100, "both": min(left, right) / 100}


def last_time_words(sessions: SessionStore, person: str | None, activity: str, *, now: datetime) -> str | None:
    """Return what a person did in an exercise the last time, as a sentence; None where that is not known.

    Parameters
    ----------
    sessions : SessionStore
    person : str or None
    activity : str
        A movement that has no name is not compared.
    now : datetime
        With the zone in which days are told.
    """
    if person is None or activity not in EXERCISES or (last := last_time(sessions, person, activity)) is None:
        return None
    return f"Last time, {_day_words(last.recorded_at, now)}: {_sets_words(last.count, last.sets)}."


def _day_words(when: datetime, now: datetime) -> str:
    local = when.astimezone(now.tzinfo)
    if local.date() == now.date():
        return f"today at {local:%H:%M}"
    year = "" if local.year == now.year else f" {local.year}"
    return f"{local.day} {local:%B}{year}"


def _sets_words(count: int, sets: Sequence[int]) -> str:
    words = f"{count} repetition{'s' if count != 1 else ''}"
    return words if len(sets) < 2 else f"{words} in {len(sets)} sets: {', '.join(map(str, sets))}"
