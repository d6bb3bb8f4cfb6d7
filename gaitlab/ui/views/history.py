"""History: the sessions of a person over time."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from gaitlab.figures import trend_figure
from gaitlab.storage import SessionHeader
from gaitlab.ui.resources import store
from gaitlab.ui.widgets import ANALYSE_PAGE, headline, headline_metric, open_session, sample_offer, time_zone
from gaitlab.words import activity_label, confidence_words, date_words, markdown_text, metric_label

_SHOWN_AT_ONCE = 15


def _empty() -> None:
    st.info("There are no sessions yet. Analyse a first clip, or look around with the sample sessions.")
    if st.button("Analyse a video", type="primary", icon=":material/upload:"):
        st.switch_page(ANALYSE_PAGE)
    sample_offer()


def _chart(headers: Sequence[SessionHeader]) -> None:
    """Draw cadence or repetitions over time for one kind of activity."""
    measured = [(header, metric) for header in headers if (metric := headline_metric(header))]
    kinds = list(dict.fromkeys(header.kind for header, metric in measured if metric.value is not None))
    if not kinds:
        return
    kind = kinds[0]
    if len(kinds) > 1:
        kind = st.segmented_control("Show", kinds, format_func=activity_label, default=kind, required=True)
    points = [(header, metric) for header, metric in reversed(measured) if header.kind == kind]
    if len(points) < 2:
        st.caption("With a second session of the same kind, a chart over time appears here.")
        return
    metric = points[-1][1]
    figure = trend_figure(
        [header.recorded_at.astimezone(time_zone()) for header, _ in points],
        [point.value for _, point in points],
        label=metric_label(metric),
        unit="" if metric.name == "repetition_count" else metric.unit,
    )
    st.plotly_chart(figure, key="trend", config={"displayModeBar": False}, alt=f"{metric_label(metric)} over time")


def _row(header: SessionHeader) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap="xsmall"):
            st.markdown(f"**{markdown_text(headline(header))}**")
            parts = [date_words(header.recorded_at, time_zone()), header.file]
            metric = headline_metric(header)
            if metric and metric.value is not None:
                parts.append(confidence_words(metric.confidence))
            st.caption(markdown_text(" · ".join(parts)))
        if st.button("Open report", key=f"open-{header.id}", icon=":material/monitoring:", width="content"):
            open_session(header.id)


def _list(headers: Sequence[SessionHeader]) -> None:
    shown = st.session_state.get("history_shown", _SHOWN_AT_ONCE)
    for header in headers[:shown]:
        _row(header)
    if len(headers) > shown and st.button(f"Show more ({len(headers) - shown})"):
        st.session_state["history_shown"] = shown + _SHOWN_AT_ONCE
        st.rerun()


def _render() -> None:
    st.title("History")
    st.write("Every analysed clip is kept here; open any of them again or watch a number change.")
    headers = store().sessions()
    if not headers:
        _empty()
        return
    newest_first = list(dict.fromkeys(header.person for header in headers))
    last = st.session_state.get("person")
    person = st.selectbox("Person", newest_first, index=newest_first.index(last) if last in newest_first else 0)
    st.session_state["person"] = person
    own = [header for header in headers if header.person == person]
    _chart(own)
    st.subheader(f"{len(own)} session{'s' if len(own) != 1 else ''}")
    _list(own)


_render()
