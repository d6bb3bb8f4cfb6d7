"""Session: the report of one clip."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from textwrap import shorten
from typing import Any

import streamlit as st

from gaitlab.errors import GaitLabError, NotFoundError
from gaitlab.extras import missing_extra
from gaitlab.gait.cycle_curves import cycle_curves
from gaitlab.history.sessions import change_of_metric
from gaitlab.metrics.words import metric_help, metric_name
from gaitlab.records import Analysis
from gaitlab.reports import EXPORTS, Document, document_of
from gaitlab.reports.events import Events
from gaitlab.sessions import about_session
from gaitlab.storage import StoredSession
from gaitlab.ui.resources import store
from gaitlab.ui.session.advice import offer_advice
from gaitlab.ui.session.chips import offer_chips
from gaitlab.ui.session.clip_route import clip_url
from gaitlab.ui.session.curves import show_cycles
from gaitlab.ui.session.editing import correct, offer_edits, remember_moment
from gaitlab.ui.session.export_route import VIDEO, Hide, export_url
from gaitlab.ui.session.numbers import cards, clinical_reading, plain_sentences, reading_by_side, why_missing
from gaitlab.ui.session.player import player_data, session_player
from gaitlab.ui.session.session_details import offer_description, offer_versions
from gaitlab.ui.shared.help_texts import HIDE_HELP, SHARE_HELP, markdown_text
from gaitlab.ui.shared.verdicts import VERDICT_HELP, verdict_badge, verdict_reason
from gaitlab.ui.shared.widgets import COMPARE_PAGE, HISTORY_PAGE, nothing_yet, say_it_is_made, time_zone

_READINGS = ("In plain words", "For clinicians")
_HIDE: Mapping[Hide, str] = {
    "person": "the face of the person measured",
    "everybody": "the faces of everybody who is followed",
    "nobody": "nothing",
}
_PAPER = "pdf"  # the export at the top of the page
_SUBTITLE_MAX = 400  # characters above the numbers; a full remark is shown where it is edited


def _chosen() -> StoredSession | None:
    """Return the session in the address, else the last one opened, else the newest; None without sessions."""
    asked = st.query_params.get("session")
    if asked is not None:
        if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
            raise NotFoundError(
                f"session: expected a number in the address, got {asked[:40]!r}; choose one under History"
            )
        return store().get(int(asked))
    if "session" in st.session_state:
        with suppress(NotFoundError):  # it may have been deleted
            return store().get(st.session_state["session"])
    newest = store().sessions(limit=1)
    return store().get(newest[0].id) if newest else None


def _heading(document: Document) -> None:
    st.title(markdown_text(document.title))
    st.caption(markdown_text(shorten(document.subtitle, _SUBTITLE_MAX, placeholder=" …")))


def _notes(document: Document, analysis: Analysis) -> None:
    """Show the notes of the analysis in one box."""
    if document.notes:
        say = st.info if analysis.gait or analysis.exercise else st.warning
        say("  \n".join(markdown_text(note) for note in document.notes), icon=":material/info:")


def _table_key(session_id: int) -> str:
    return f"events-{session_id}"


def _selected(session_id: int, events: Events) -> Mapping[str, Any] | None:
    table = st.session_state.get(_table_key(session_id))
    rows = table.selection.rows if table else []
    return events.rows[rows[0]] if rows and rows[0] < len(events.rows) else None


def _selected_start_s(session_id: int, events: Events) -> float | None:
    """Return the start of the event selected in the table below; None without a selection."""
    event = _selected(session_id, events)
    if event is None:
        return None
    return float(event["Start (s)"] if "Start (s)" in event else event["Time (s)"])


def _since_before(stored: StoredSession, document: Document) -> None:
    """Show what the main number says beside earlier sessions; nothing where there is none to compare with."""
    main = next((number for number in document.measured if number.is_headline), None)
    change = change_of_metric(store(), stored, main.metric) if main is not None else None
    if main is None or change is None or change.reference is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"{markdown_text(main.name)} since before: {verdict_badge(change)} :small[{verdict_reason(change)}]",
            help=VERDICT_HELP,
            width="content",
        )
        session = {"session": str(stored.header.id)}
        st.page_link(COMPARE_PAGE, label="All numbers", icon=":material/rule:", query_params=session)


def _player(stored: StoredSession, events: Events) -> None:
    """Show clip and curves together; without a clip, a moving stick figure."""
    session_id, analysis = stored.header.id, stored.analysis
    path = stored.media.get("overlay")
    has_clip = path is not None and path.is_file()
    if not has_clip:
        st.caption("There is no video with this session, only the coordinates.")
    if not len(analysis.track):
        return
    data = player_data(
        analysis,
        src=clip_url(session_id) if has_clip else None,
        version=f"{session_id}-{has_clip}-{hash(analysis.edits)}",
    )
    seek_s = _selected_start_s(session_id, events)
    told = session_player(data, key=f"player-{session_id}", seek_s=seek_s)
    remember_moment(session_id, told.moment_s)
    if told.correction is not None:
        correct(session_id, analysis, told.correction)
    if not data["curves"]:
        st.info("No joint was seen well enough to draw its angle.")


def _cycles(analysis: Analysis, session_id: int, age: int | None) -> None:
    curves = cycle_curves(analysis)
    if curves:
        st.subheader("Over the gait cycle")
        show_cycles(analysis, curves, session_id, age=age)


def _table(events: Events, session_id: int) -> None:
    if not events.rows:
        return
    st.subheader(events.title)
    hints = ["Select a row to go to that moment."]
    if any(row.get("Range (°)", 0.0) is None for row in events.rows):
        hints.append("A dash: the joints were not seen well enough from the side to measure the range.")
    st.caption(" ".join(hints))
    numbers = {name: events.decimals(name) for name in events.columns}
    st.dataframe(
        [dict(row) for row in events.rows],
        hide_index=True,
        placeholder="–",
        on_select="rerun",
        selection_mode="single-row",
        key=_table_key(session_id),
        column_config={
            name: st.column_config.NumberColumn(format=f"%.{decimals}f")
            for name, decimals in numbers.items()
            if decimals is not None
        },
    )


def _provenance(document: Document, analysis: Analysis) -> None:
    source, subject, provenance = analysis.source, analysis.subject, analysis.provenance
    with st.expander("How these numbers were made", icon=":material/info:"):
        st.markdown("  \n".join(markdown_text(sentence) for sentence in document.origin))
        meanings = {metric_name(metric): metric_help(metric) for metric in analysis.metrics}
        st.markdown("\n".join(f"- **{name}**: {meaning}" for name, meaning in meanings.items() if meaning))
        st.json(
            {
                "clip": {
                    "frames": source.frames,
                    "duration_s": source.duration_s,
                    "frames_per_second": source.fps_mean,
                    "size_px": [source.width_px, source.height_px],
                    "sha256": source.sha256,
                },
                "person": {
                    "people_seen": subject.people_seen,
                    "frames_tracked": subject.frames_tracked,
                    "view": subject.view,
                    "facing": subject.facing,
                },
                "activity": {
                    "kind": analysis.activity.kind,
                    "chosen_by": analysis.activity.chosen_by,
                    "confidence": analysis.activity.confidence,
                },
                "gaitlab": provenance.gaitlab,
                "model": provenance.model,
                "model_sha256": provenance.model_sha256,
                "settings": dict(provenance.settings),
            },
            expanded=1,
        )


def _delete_offer(session_id: int) -> None:
    # Not a popover: if opened while charts still load, it ends up out of sight.
    with st.expander("Delete this session", icon=":material/delete:"):
        st.write("The report and its clip are removed from this computer. This cannot be undone.")
        if st.button("Delete for good", type="primary", key=f"delete-{session_id}"):
            store().delete(session_id)
            st.switch_page(HISTORY_PAGE)


def _share(stored: StoredSession) -> None:
    session_id = stored.header.id
    with st.expander("Share and export", icon=":material/share:"):
        st.caption(SHARE_HELP)
        if "overlay" in stored.media:
            hide = st.selectbox(
                "Hide in the video",
                tuple(_HIDE),
                format_func=_HIDE.__getitem__,
                key=f"hide-{session_id}",
                help=HIDE_HELP,
            )
            st.link_button(
                "Video with the skeleton",
                export_url(session_id, VIDEO, hide=hide),
                icon=":material/movie:",
                on_click=say_it_is_made,
            )
        with st.container(horizontal=True):
            for name, export in EXPORTS.items():
                if name == _PAPER:
                    continue
                st.link_button(export.label, export_url(session_id, name), icon=":material/download:")


def _report(stored: StoredSession) -> None:
    analysis, session_id = stored.analysis, stored.header.id
    about = about_session(store(), stored, zone=time_zone())
    document = document_of(analysis, about, with_drawings=False)
    _heading(document)
    offer_chips(stored)
    recognised = bool(analysis.gait or analysis.exercise)
    if not recognised:
        _notes(document, analysis)
    is_plain = _reading(session_id) == _READINGS[0]
    if is_plain:
        plain_sentences(document)
    _since_before(stored, document)
    offer_advice(stored, document)
    events = document.events
    _player(stored, events)
    offer_edits(stored, _selected(session_id, events))
    if is_plain:
        cards(stored, document)
    else:
        clinical_reading(document)
    _cycles(analysis, session_id, about.age)
    if is_plain:
        reading_by_side(document)
    _table(events, session_id)
    if recognised:
        _notes(document, analysis)
    why_missing(stored, document)
    _share(stored)
    offer_description(stored)
    offer_versions(stored)
    _provenance(document, analysis)
    _delete_offer(session_id)


def _reading(session_id: int) -> str | None:
    """Show the choice between plain and clinical view, beside the report as PDF."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        reading = st.segmented_control(
            "Reading", _READINGS, default=_READINGS[0], required=True, key="reading", label_visibility="collapsed"
        )
        missing = missing_extra("pdf", "A PDF report")
        st.link_button(
            EXPORTS[_PAPER].label,
            export_url(session_id, _PAPER),
            icon=":material/picture_as_pdf:",
            width="content",
            disabled=bool(missing),
            help=missing or None,
        )
    return reading


def _render() -> None:
    try:
        stored = _chosen()
    except GaitLabError:
        st.title("Session")
        raise
    if stored is None:
        st.title("Session")
        nothing_yet()
        return
    # The other pages start with this session.
    st.session_state["person"], st.session_state["session"] = stored.header.person, stored.header.id
    _report(stored)


_render()
