"""History: everybody with their last session; and one person over time: numbers, goals and sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import streamlit as st

from gaitlab.errors import NotFoundError
from gaitlab.metrics.words import date_words
from gaitlab.repetitions.activities import activity_label
from gaitlab.storage import KindOverview, Person, SessionFilter, SessionHeader
from gaitlab.ui.history.people_list import EVERYBODY, everybody_link, people_list
from gaitlab.ui.history.programme_editor import programme_editor
from gaitlab.ui.history.session_rows import session_rows
from gaitlab.ui.history.small_multiples import small_multiples
from gaitlab.ui.history.trend_and_goals import goal_list, trend_section
from gaitlab.ui.resources import store
from gaitlab.ui.shared.help_texts import markdown_text
from gaitlab.ui.shared.widgets import PEOPLE_PAGE, nothing_yet, time_zone

#: Widths of trend and small charts.
_TREND_AND_OTHERS: Final = (3, 2)
_ALL: Final = "All"
#: Days that charts can be limited to.
_PERIODS: Final = {_ALL: None, "1 year": 365, "3 months": 92, "1 month": 31}


def _asked_person(people: Sequence[Person]) -> Person | None:
    """Return the person in the address, else the one looked at last, else the only one; None shows the list."""
    asked = st.query_params.get("person")
    if asked is None:
        last = [person for person in people if person.name == st.session_state.get("person")]
        return next(iter(last), people[0] if len(people) == 1 else None)
    if asked == EVERYBODY:
        return None
    for person in people:
        if str(person.id) == asked:
            return person
    raise NotFoundError(
        f"person: there is nobody of the number {asked[:40]!r} (any more); choose somebody from the list"
    )


def _head(person: Person, kinds: Sequence[KindOverview], *, is_only: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title(markdown_text(person.name), width="content")
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            if not is_only:
                everybody_link()
            if st.button("Details and data", icon=":material/badge:", help="Facts, joining, export and erasure"):
                st.switch_page(PEOPLE_PAGE)
    n = sum(kind.n_sessions for kind in kinds)
    first, last = min(kind.first_at for kind in kinds), max(kind.last_at for kind in kinds)
    words = f"{n} session{'s' if n != 1 else ''}, the last on {date_words(last, time_zone())}"
    st.caption(markdown_text(words if n == 1 else f"{words}, the first on {date_words(first, time_zone())}"))
    if person.remark:
        st.markdown(markdown_text(person.remark))


def _choose(person: Person, kinds: Sequence[KindOverview]) -> tuple[str, datetime | None]:
    """Let the user choose one of the person's activities and a time; the activity done last comes first."""
    shown = {kind.kind: kind for kind in kinds if kind.kind != "none"} or {kind.kind: kind for kind in kinds}
    with st.container(horizontal=True, gap="large"):
        chosen = st.segmented_control(
            "Activity",
            list(shown),
            default=next(iter(shown)),
            required=True,
            format_func=lambda kind: f"{activity_label(kind)} ({shown[kind].n_sessions})",
            key=f"activity-{person.id}",
        )
        since_first, since_last = (datetime.now(UTC) - at for at in (shown[chosen].first_at, shown[chosen].last_at))
        periods = [name for name, days in _PERIODS.items() if days is None or since_last.days < days < since_first.days]
        period = _ALL
        if len(periods) > 1:
            period = st.segmented_control("Time", periods, default=_ALL, required=True, key=f"period-{person.id}")
    days = _PERIODS[period]
    return chosen, None if days is None else datetime.now(UTC) - timedelta(days=days)


def _newest_measured(person: str, kind: str) -> SessionHeader | None:
    """Return the newest session of an activity; None for those in which nothing was recognised."""
    if kind == "none":
        return None
    return next(iter(store().sessions(person=person, where=SessionFilter(kind=kind), limit=1)), None)


def _numbers(person: str, kind: str, since: datetime | None) -> None:
    newest = _newest_measured(person, kind)
    if newest is None:
        return
    trend, others = st.columns(_TREND_AND_OTHERS, gap="large")
    with trend:
        name = trend_section(person, newest, since=since)
    with others:
        small_multiples(person, kind, without=name, since=since)


def _one_person(person: Person, *, is_only: bool) -> None:
    st.session_state["person"] = person.name
    kinds = store().kinds_overview(person.name)
    if not kinds:
        st.title(markdown_text(person.name))
        st.info("No session yet: choose this name when you analyse a clip.")
        programme_editor(person)
        everybody_link()
        return
    _head(person, kinds, is_only=is_only)
    kind, since = _choose(person, kinds)
    _numbers(person.name, kind, since)
    goal_list(person.name)
    programme_editor(person)
    session_rows(person, kinds)


def _render() -> None:
    people = store().people()
    if not store().sessions(limit=1):
        st.title("History")
        nothing_yet()
        return
    try:
        person = _asked_person(people)
    except NotFoundError:
        st.title("History")
        raise
    if person is None:
        people_list(people)
    else:
        _one_person(person, is_only=len(people) == 1)


_render()
