"""A person's sessions as rows of one line, with what can be done with each, and the filter of the list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import streamlit as st

from gaitlab.metrics.confidence import FAIR_MIN
from gaitlab.metrics.words import confidence_words, date_words, shortened
from gaitlab.repetitions.activities import activity_label
from gaitlab.storage import KindOverview, Person, SessionFilter, SessionHeader
from gaitlab.ui.resources import store
from gaitlab.ui.shared.description import description_form
from gaitlab.ui.shared.help_texts import markdown_text
from gaitlab.ui.shared.small_pictures import session_figure
from gaitlab.ui.shared.widgets import COMPARE_PAGE, SESSION_PAGE, headline, headline_metric, time_zone

__all__ = ["session_rows"]

_AT_ONCE: Final = 15
_PAIR: Final = 2
_REMARK_MAX: Final = 60  # characters in a row
_EDITED: Final = "history-edited"  # in the session state, the number of the session whose form is open

_STYLE: Final = """<style>
[class*="st-key-session-row-"] { border-bottom: 1px solid rgba(128, 128, 128, 0.25); padding: 0.15rem 0 }
</style>"""


def session_rows(person: Person, kinds: Sequence[KindOverview]) -> None:
    """Show a person's sessions, newest first, some at a time.

    Parameters
    ----------
    person : Person
    kinds : sequence of KindOverview
        The activities to filter by.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.subheader("Sessions", width="content")
        with st.popover("Filter", icon=":material/filter_list:"):
            where = _filter(person, [kind.kind for kind in kinds])
    total = store().count_sessions(person=person.name, where=where)
    if not total:
        st.info("No session fits the filter.")
        return
    shown_key = f"history-shown-{person.id}"
    shown = int(st.session_state.get(shown_key, _AT_ONCE))
    headers = store().sessions(person=person.name, where=where, limit=shown)
    if total > 1:
        _compare_offer(headers)
    st.html(_STYLE)
    with st.container(gap=None):
        for header in headers:
            _row(header)
    if total > shown and st.button(f"Show more ({total - shown})"):
        st.session_state[shown_key] = shown + _AT_ONCE
        st.rerun()


def _moment(day: Any) -> datetime | None:
    """Return the start of a day in the time zone of the browser."""
    return datetime.combine(day, time.min, time_zone()).astimezone() if isinstance(day, date) else None


def _filter(person: Person, kinds: Sequence[str]) -> SessionFilter:
    """Let the user filter the list."""
    kind = st.selectbox("Activity", kinds, index=None, format_func=activity_label, placeholder="All", key="of-activity")
    tag = st.selectbox("Tag", store().tags(person=person.name), index=None, placeholder="All")
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
    day = date_words(header.recorded_at, time_zone())
    with st.container(horizontal=True, vertical_alignment="center", key=f"session-row-{header.id}", gap="small"):
        st.html(session_figure(header.id, f"Figure of the session of {day}"), width="content")
        with st.container(width=200):
            link = {"session": str(header.id)}
            st.page_link(SESSION_PAGE, label=markdown_text(day), query_params=link, icon=":material/monitoring:")
        st.markdown(f"**{markdown_text(headline(header))}**", width=260)
        tags = [f":gray-badge[{markdown_text(tag)}]" for tag in header.tags]
        if header.is_baseline:
            tags.insert(0, ":blue-badge[:material/flag: baseline]")
        st.markdown(" ".join([*tags, f":small[{markdown_text(_facts(header))}]"]), width="stretch")
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            _row_controls(header)


def _facts(header: SessionHeader) -> str:
    """Return what else is known of a session: its remark, else its file; a low confidence; an older program."""
    parts = [shortened(header.remark, _REMARK_MAX) if header.remark else header.file]
    metric = headline_metric(header)
    if metric and metric.value is not None and metric.confidence < FAIR_MIN:
        parts.append(confidence_words(metric.confidence))
    if header.replaced_by is not None:
        parts.append(f"older analysis, by GaitLab {header.version}")
    return " · ".join(parts)


def _row_controls(header: SessionHeader) -> None:
    st.checkbox("Compare", key=f"compare-{header.id}")
    with st.popover("More", help="Baseline, tags, remark and date"):
        key = f"baseline-{header.id}"
        if st.session_state.get(key) != header.is_baseline:  # changed elsewhere; setting it anew could undo a click
            st.session_state[key] = header.is_baseline
        st.toggle("Baseline", key=key, on_change=_mark, args=(header.id,))
        if st.button("Edit", key=f"edit-{header.id}", icon=":material/edit:", help="Tags, remark and date"):
            st.session_state[_EDITED] = header.id
    if st.session_state.get(_EDITED) == header.id:
        _edit(header)


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
