"""Compare: two sessions of one person, one over the other; up to six side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from gaitlab.errors import UsageError
from gaitlab.history.sessions import Comparison, compare_sessions
from gaitlab.metrics.words import date_words, view_words
from gaitlab.records import Repetition
from gaitlab.repetitions.activities import activity_label, filming_of
from gaitlab.repetitions.repetition_curves import whole_repetitions
from gaitlab.repetitions.sets import best_and_worst
from gaitlab.storage import SessionHeader, StoredSession
from gaitlab.ui.compare.against_baseline import show_against_baseline
from gaitlab.ui.compare.changes import show_changes
from gaitlab.ui.compare.laid_over import laid_over
from gaitlab.ui.compare.session_card import show_card
from gaitlab.ui.resources import store
from gaitlab.ui.shared.help_texts import markdown_text
from gaitlab.ui.shared.overlay import overlay
from gaitlab.ui.shared.widgets import HISTORY_PAGE, headline, nothing_yet, time_zone

_OFFERED: Final = 100  # most sessions in a list to choose from
_NUMBER_DIGITS_MAX: Final = 18
_SESSIONS_MAX: Final = 6  # more are too small to be seen
#: As on the report: what is compared is seen on the first screen.
_STYLE: Final = "<style>[data-testid=stMain] h1 { font-size: 2rem; padding: 0 }</style>"


def _numbers_of(asked: str) -> list[int]:
    parts = asked.split("-")
    return [int(p) for p in parts if p.isascii() and p.isdigit() and len(p) <= _NUMBER_DIGITS_MAX] if asked else []


def _asked() -> list[int]:
    """Return the sessions of the address, as in ``?sessions=3-12``; the first two are laid over one another."""
    asked = st.query_params.get("sessions")
    if not asked:
        return []
    numbers = _numbers_of(asked)
    if not 2 <= len(set(numbers)) <= _SESSIONS_MAX or asked.count("-") != len(set(numbers)) - 1:
        raise UsageError(
            f"sessions: expected two to {_SESSIONS_MAX} numbers in the address, each once, as in 3-12, got "
            f"{asked[:40]!r}; choose two under History"
        )
    return numbers


def _words(header: SessionHeader) -> str:
    return f"{date_words(header.recorded_at, time_zone())} · {headline(header)} · session {header.id}"


def _short_words(header: SessionHeader) -> str:
    """Return what tells a session from others of its activity, where there is little room."""
    return f"{date_words(header.recorded_at, time_zone()).partition(',')[0]} · session {header.id}"


def _two_alike(headers: Sequence[SessionHeader]) -> list[int]:
    """Return an earlier and a later session: the newest two of one activity, else the two newest of all."""
    for number, later in enumerate(headers):
        for earlier in headers[number + 1 :]:
            if earlier.kind == later.kind:
                return [earlier.id, later.id]
    return [headers[1].id, headers[0].id]


def _choose(person: str, asked: Sequence[int]) -> tuple[int, int, list[int]] | None:
    """Let the user choose two sessions of a person, and others beside them; default: the two newest of one activity."""
    headers = {header.id: header for header in store().sessions(person=person, limit=_OFFERED)}
    for number in asked:  # an older one that a link leads to
        headers.setdefault(number, store().get(number).header)
        if headers[number].person != person:
            raise UsageError(
                f"sessions {asked[0]} and {number} are of {person} and of {headers[number].person}: choose those of "
                "one person"
            )
    numbers = list(headers)
    if len(numbers) < 2:
        return None
    first, second, *beside = asked or _two_alike(list(headers.values()))
    left, right, last = st.columns(3)
    one = left.selectbox("One session", numbers, index=numbers.index(first), format_func=lambda n: _words(headers[n]))
    rest = [number for number in numbers if number != one]
    now = first if one == second else second  # the other one of the pair was chosen: they change places
    other = right.selectbox("Another session", rest, index=rest.index(now), format_func=lambda n: _words(headers[n]))
    alike = [n for n in numbers if n not in {one, other} and headers[n].kind == headers[other].kind]
    if alike:
        beside = last.multiselect(
            "More sessions beside them",
            alike,
            default=[number for number in beside if number in alike],
            format_func=lambda n: _short_words(headers[n]),
            max_selections=_SESSIONS_MAX - 2,
            placeholder="None; up to four",
        )
    chosen = [one, other, *(beside if alike else [])]
    if {one, other} != {first, second} or set(chosen) != set(asked or (first, second)):
        st.query_params["sessions"] = "-".join(map(str, chosen))
    return one, other, chosen[2:]


def _not_alike(first: StoredSession, second: StoredSession) -> str:
    """Return why two sessions cannot be laid over one another; empty where they can."""
    if first.header.kind != second.header.kind:
        kinds = [activity_label(stored.header.kind).lower() for stored in (first, second)]
        return f"one shows {kinds[0]}, the other {kinds[1]}"
    views = [view_words(stored.analysis.subject.view) for stored in (first, second)]
    return "" if views[0] == views[1] else f"one was seen {views[0]}, the other {views[1]}"


def _how_to_film(kind: str) -> str:
    filming = filming_of(kind)
    return f"Film both visits {view_words(filming.view)}, from the same place: {filming.in_picture}."


def _show_over_one_another(comparison: Comparison, beside: Sequence[StoredSession]) -> None:
    """Show the two sessions one over the other, and the others beside them; else say why not, and how to film."""
    pair = (comparison.first, comparison.second)
    if why := _not_alike(*pair):
        words = f"The two cannot be laid over one another: {why}. {_how_to_film(comparison.second.header.kind)}"
        st.info(markdown_text(words), icon=":material/videocam_off:")
        return
    others = [stored for stored in beside if not _not_alike(comparison.second, stored)]
    if left_out := [stored for stored in beside if stored not in others]:
        st.caption(markdown_text(f"Filmed from elsewhere, and left out: {_dates(left_out)}."))
    sessions = sorted((*pair, *others), key=lambda s: (s.header.recorded_at, s.header.id))
    numbers = (sessions.index(comparison.first), sessions.index(comparison.second))
    repetitions = _choose_repetitions(pair)
    laid = laid_over(sessions, numbers, rows=comparison.rows, repetitions=repetitions, zone=time_zone())
    if laid.data is None:
        advice = f" {_how_to_film(pair[1].header.kind)}" if laid.unseen else ""
        st.info(markdown_text(f"{laid.why_not}{advice}"), icon=":material/videocam_off:")
        return
    if laid.left_out:
        dates = _dates(laid.left_out)
        st.caption(markdown_text(f"Too little of the body was seen to show it as large, and left out: {dates}."))
    overlay(laid.data, key="overlay")


def _dates(sessions: Sequence[StoredSession]) -> str:
    return ", ".join(date_words(stored.header.recorded_at, time_zone()) for stored in sessions)


def _choose_repetitions(pair: Sequence[StoredSession]) -> dict[int, int]:
    """Let the user choose the repetition of each session that is shown; default: the most typical one."""
    offered = [(stored, whole_repetitions(stored.analysis)) for stored in pair]
    if not all(repetitions for _, repetitions in offered):
        return {}
    chosen = {}
    for column, (stored, repetitions), which in zip(st.columns(2), offered, ("earlier", "later"), strict=True):
        with column:
            number = _choose_repetition(stored.header.id, repetitions, which)
        if number is not None:
            chosen[stored.header.id] = number
    return chosen


def _choose_repetition(session_id: int, repetitions: Sequence[Repetition], which: str) -> int | None:
    best, weakest = best_and_worst(repetitions) or (None, None)
    remarks = {rep.index: " · best" * (rep is best) + " · weakest" * (rep is weakest) for rep in repetitions}
    return st.selectbox(
        f"Repetition of the {which} session",
        (None, *remarks),
        format_func=lambda number: f"Number {number}{remarks[number]}" if number else "Most typical",
        key=f"repetition-{session_id}",
    )


def _asked_for_one() -> int | None:
    """Return the session of an address as in ``?session=3``."""
    asked = st.query_params.get("session", "")
    if not asked or st.query_params.get("sessions"):
        return None
    numbers = _numbers_of(asked)
    if len(numbers) != 1 or not asked.isdigit():
        raise UsageError(f"session: expected a number in the address, got {asked[:40]!r}; choose one in History")
    return numbers[0]


def _render() -> None:
    if (one := _asked_for_one()) is not None:
        show_against_baseline(one)
        return
    st.html(_STYLE)
    st.title("Compare two sessions")
    asked = _asked()
    newest = store().sessions(limit=1)
    person = store().get(asked[0]).header.person if asked else st.session_state.get("person")
    person = person or (newest[0].person if newest else None)
    chosen = _choose(person, asked) if person else None
    if not newest:
        nothing_yet()
        return
    if chosen is None:
        st.info("This needs two sessions of one person. Analyse another clip, or choose another person under History.")
        if st.button("History", type="primary", icon=":material/history:"):
            st.switch_page(HISTORY_PAGE)
        return
    first, second, beside = chosen
    comparison = compare_sessions(store(), first, second)
    st.caption(markdown_text(comparison.first.header.person))
    if comparison.rows:
        show_changes(comparison.rows, comparison.note)
    else:
        st.info("Neither session has a number that could be compared.")
    _show_over_one_another(comparison, [store().get(number) for number in beside])
    pair = (comparison.first, comparison.second)
    for column, stored, title in zip(st.columns(2), pair, ("Earlier", "Later"), strict=True):
        with column:
            show_card(stored, title)


_render()
