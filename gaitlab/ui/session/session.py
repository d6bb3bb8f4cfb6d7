"""Session: the report of one clip."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

import streamlit as st

from gaitlab.errors import GaitLabError, NotFoundError
from gaitlab.history.sessions import change_of_metric
from gaitlab.metrics.words import shortened
from gaitlab.reports import Document, document_of
from gaitlab.reports.events import Events
from gaitlab.sessions import about_session
from gaitlab.storage import StoredSession
from gaitlab.ui.resources import store
from gaitlab.ui.session.advice import offer_advice
from gaitlab.ui.session.chips import offer_chips
from gaitlab.ui.session.editing import correct, offer_undo, remember_moment
from gaitlab.ui.session.event_table import selected_start_s
from gaitlab.ui.session.numbers import clinical_reading, main_cards, why_missing
from gaitlab.ui.session.player import player_data, session_player
from gaitlab.ui.session.report_tabs import ask_for_corrections, show_tabs
from gaitlab.ui.session.session_details import tell_if_older
from gaitlab.ui.session.sharing import offer_paper
from gaitlab.ui.session.sides import show_bars
from gaitlab.ui.shared.clip_route import clip_url
from gaitlab.ui.shared.help_texts import markdown_text
from gaitlab.ui.shared.verdicts import VERDICT_HELP, verdict_badge, verdict_reason
from gaitlab.ui.shared.widgets import COMPARE_PAGE, nothing_yet, time_zone

_READINGS: Final = ("In plain words", "For clinicians")
_PLAYED: Final = "played"  # what the player showed last, in the session state
_SUBTITLE_MAX: Final = 400  # characters above the numbers; a full remark is shown where it is edited

#: In a wide window the player stands beside everything else and stays in sight; its own parts scroll if they must.
_LAYOUT: Final = """<style>
.st-key-report-head h1 { font-size: 2rem; padding: 0 }
.st-key-report [data-testid=stMetricValue] { font-size: 1.75rem }
.st-key-report [data-testid=stMetricValue] :is(div, p) { white-space: normal; overflow: visible }
@media (min-width: 1000px) {
  .st-key-report { display: grid; grid-template: auto 1fr / minmax(0, 11fr) minmax(0, 10fr); gap: 0.75rem 1.5rem }
  .st-key-report > * { grid-column: 2; min-width: 0 }
  .st-key-report > :has(> .st-key-report-clip) { grid-area: 1 / 1 / span 2 / 1; align-self: start; position: sticky;
    top: 4rem }
  .st-key-report-clip { --clip-max-height: 36vh; --plot-height: clamp(9rem, 22vh, 15rem) }
  .st-key-report-clip { max-height: calc(100vh - 5rem); overflow-y: auto;
    scrollbar-width: thin }
}
</style>"""


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


def _heading(document: Document, session_id: int) -> str | None:
    """Show title, reading and PDF in one row; return the reading."""
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="report-head"
    ):
        st.title(markdown_text(document.title), width="content")
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            reading = st.segmented_control(
                "Reading", _READINGS, default=_READINGS[0], required=True, key="reading", label_visibility="collapsed"
            )
            offer_paper(session_id)
    st.caption(markdown_text(shortened(document.subtitle, _SUBTITLE_MAX)))
    return reading


def _notes(document: Document, *, is_recognised: bool) -> None:
    """Show the notes of the analysis: folded, or in a box where nothing else is said."""
    if not document.notes:
        return
    words = "  \n".join(markdown_text(note) for note in document.notes)
    if is_recognised:
        with st.expander(f"Notes on this clip ({len(document.notes)})", icon=":material/info:"):
            st.markdown(words)
    else:
        st.warning(words, icon=":material/info:")


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
    if len(analysis.track):
        _moving(stored, src=clip_url(session_id) if has_clip else None, seek_s=selected_start_s(session_id, events))
    if not has_clip:
        st.caption("There is no video with this session, only the coordinates.")


def _moving(stored: StoredSession, *, src: str | None, seek_s: float | None) -> None:
    session_id, analysis = stored.header.id, stored.analysis
    version = f"{session_id}-{src}-{hash(analysis.edits)}"
    data = st.session_state.get(_PLAYED)
    if data is None or data["version"] != version:  # of a long clip it takes longer than the rest of the page
        data = st.session_state[_PLAYED] = player_data(analysis, src=src, version=version)
    told = session_player(data, key=f"player-{session_id}", seek_s=seek_s)
    if told.moment_s is not None:
        remember_moment(session_id, told.moment_s)
        st.toast(f"{told.moment_s:.2f} s is the moment to correct at.", icon=":material/schedule:")
        ask_for_corrections()
    if told.correction is not None:
        correct(session_id, analysis, told.correction)
    if not data["curves"]:
        st.info("No joint was seen well enough to draw its angle.")
    offer_undo(stored)


def _report(stored: StoredSession) -> None:
    analysis, session_id = stored.analysis, stored.header.id
    about = about_session(store(), stored, zone=time_zone())
    document = document_of(analysis, about, with_drawings=False)
    is_recognised = bool(analysis.gait or analysis.exercise)
    st.html(_LAYOUT)
    with st.container(gap="xsmall"):
        is_plain = _heading(document, session_id) == _READINGS[0]
        offer_chips(stored)
    with st.container(key="report"):
        with st.container(gap="small"):
            tell_if_older(stored)
            if not is_recognised:
                _notes(document, is_recognised=False)
            st.markdown(f"**{markdown_text(document.highlight)}**")
            _since_before(stored, document)
        with st.container(key="report-clip"):
            _player(stored, document.events)
        with st.container():
            if is_plain:
                show_bars(analysis, document)
                main_cards(stored, document)
            else:
                clinical_reading(document)
            offer_advice(stored, document)
            why_missing(stored, document)
            if is_recognised:
                _notes(document, is_recognised=True)
            show_tabs(stored, document, age=about.age, is_plain=is_plain)


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
