"""History: the sessions of a person over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import streamlit as st

from gaitlab.metrics.words import confidence_words, date_words
from gaitlab.repetitions.activities import activity_label, kinds
from gaitlab.storage import SessionFilter, SessionHeader
from gaitlab.ui.history.trend_and_goals import goal_list, trend_section
from gaitlab.ui.resources import store
from gaitlab.ui.shared.description import description_form
from gaitlab.ui.shared.help_texts import markdown_text
from gaitlab.ui.shared.widgets import COMPARE_PAGE, SESSION_PAGE, headline, headline_metric, nothing_yet, time_zone

_SHOWN_AT_ONCE = 15
_PAIR = 2
_EDITED = "history-edited"  # in the session state, the number of the session whose form is open


def _moment(day: Any) -> datetime | None:
    """Return the start of a day in the time zone of the browser."""
    return datetime.combine(day, time.min, time_zone()).astimezone() if isinstance(day, date) else None


def _choose_activity() -> str | None:
    return st.selectbox("Activity", kinds(), index=None, format_func=activity_label, placeholder="All")


def _filter(kind: str | None) -> SessionFilter:
    """Let the user filter the sessions of an activity (None = all)."""
    with st.expander("Filter", icon=":material/filter_list:"), st.container(horizontal=True):
        tag = st.selectbox("Tag", store().tags(), index=None, placeholder="All")
        since = _moment(st.date_input("From", value=None))
        until = _moment(st.date_input("To", value=None))
        replaced = st.checkbox("Show older analyses of the same recording too")
    return SessionFilter(
        kind=kind,
        tag=tag,
        since=since,
        until=until + timedelta(days=1) if until else None,
        with_replaced=replaced,
    )


def _end_edit() -> None:
    st.session_state.pop(_EDITED, None)


@st.dialog("Tags, remark and date", on_dismiss=_end_edit)
def _edit(header: SessionHeader) -> None:
    """Show the form for tags, remark and date of a session."""
    if description_form(store().get(header.id)):
        _end_edit()
        st.rerun()


def _mark(session_id: int) -> None:
    store().update_session(session_id, is_baseline=bool(st.session_state[f"baseline-{session_id}"]))


def _row(header: SessionHeader) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap="xsmall", width="stretch"):
            tags = "".join(f" :gray-badge[{markdown_text(tag)}]" for tag in header.tags)
            st.markdown(f"**{markdown_text(headline(header))}**{tags}")
            parts = [date_words(header.recorded_at, time_zone()), header.file]
            metric = headline_metric(header)
            if metric and metric.value is not None:
                parts.append(confidence_words(metric.confidence))
            if header.replaced_by is not None:
                parts.append(f"older analysis, by GaitLab {header.version}")
            st.caption(markdown_text(" · ".join(parts)))
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            _row_controls(header)


def _row_controls(header: SessionHeader) -> None:
    key = f"baseline-{header.id}"
    if st.session_state.get(key) != header.is_baseline:  # changed elsewhere; setting it anew could undo a click
        st.session_state[key] = header.is_baseline
    st.toggle("Baseline", key=key, on_change=_mark, args=(header.id,))
    st.checkbox("Compare", key=f"compare-{header.id}")
    if st.button("Edit", key=f"edit-{header.id}", icon=":material/edit:", help="Tags, remark and date"):
        st.session_state[_EDITED] = header.id
    if st.session_state.get(_EDITED) == header.id:
        _edit(header)
    link = {"session": str(header.id)}
    st.page_link(SESSION_PAGE, label="Open report", icon=":material/monitoring:", query_params=link)


def _compare_offer(headers: Sequence[SessionHeader]) -> None:
    chosen = [header.id for header in headers if st.session_state.get(f"compare-{header.id}")]
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(
            "Compare the two", type="primary", icon=":material/compare_arrows:", disabled=len(chosen) != _PAIR
        ):
            st.switch_page(COMPARE_PAGE, query_params={"sessions": "-".join(str(number) for number in chosen)})
        if len(chosen) != _PAIR:
            st.caption(
                "Tick *Compare* at two sessions to see them side by side; later sessions are compared with those "
                "marked as *Baseline*."
            )


def _list(person: str, where: SessionFilter) -> None:
    total = store().count_sessions(person=person, where=where)
    st.subheader(f"{total} session{'s' if total != 1 else ''}")
    if not total:
        st.info("No session fits the filter.")
        return
    shown = st.session_state.get("history_shown", _SHOWN_AT_ONCE)
    headers = store().sessions(person=person, where=where, limit=shown)
    if total > 1:
        _compare_offer(headers)
    for header in headers:
        _row(header)
    if total > shown and st.button(f"Show more ({total - shown})"):
        st.session_state["history_shown"] = shown + _SHOWN_AT_ONCE
        st.rerun()


def _choose_person() -> str:
    names = [person.name for person in store().people()]
    last = st.session_state.get("person") or store().sessions(limit=1)[0].person
    person = st.selectbox("Person", names, index=names.index(last) if last in names else 0)
    if person != st.session_state.get("person"):
        st.session_state["person"] = person
        st.session_state.pop("history_shown", None)
    return str(person)


def _newest_measured(person: str, kind: str | None) -> SessionHeader | None:
    """Return the newest session in which something was recognised."""
    headers = store().sessions(person=person, where=SessionFilter(kind=kind), limit=_SHOWN_AT_ONCE)
    return next((header for header in headers if header.kind != "none"), None)


def _render() -> None:
    st.title("History")
    st.write("Every analysed clip is kept here; open any of them again or watch a number change.")
    if not store().sessions(limit=1):
        nothing_yet()
        return
    with st.container(horizontal=True):
        person = _choose_person()
        kind = _choose_activity()
    where = _filter(kind)
    newest = _newest_measured(person, where.kind)
    if newest:
        trend_section(person, newest)
    goal_list(person)
    _list(person, where)


_render()
