"""The details of a session: date, remark and tags to change, its older results, where its numbers come from."""

from __future__ import annotations

import streamlit as st

from gaitlab.metrics.words import date_words, metric_help, metric_name
from gaitlab.records import Analysis
from gaitlab.reports import Document
from gaitlab.storage import StoredSession
from gaitlab.ui.resources import store
from gaitlab.ui.shared.description import description_form
from gaitlab.ui.shared.help_texts import markdown_text
from gaitlab.ui.shared.small_pictures import forget_figures
from gaitlab.ui.shared.widgets import HISTORY_PAGE, open_session, time_zone

__all__ = ["offer_deletion", "offer_description", "offer_versions", "show_meanings", "show_origin", "tell_if_older"]


def offer_description(stored: StoredSession) -> None:
    """Offer to change the date, the remark and the tags of a session."""
    with st.expander("Date, remark and tags", icon=":material/edit_note:"):
        saved = description_form(stored)
    if saved:
        st.rerun()


def tell_if_older(stored: StoredSession) -> None:
    """Say that a session has been analysed again since."""
    if stored.header.replaced_by is not None:
        st.info("These are older results: the clip has been analysed again since.", icon=":material/history:")


def offer_versions(stored: StoredSession) -> None:
    """Show the other analyses of the same recording, if any."""
    header = stored.header
    others = [one for one in store().versions(header.id) if one.id != header.id]
    if not others:
        return
    with st.expander(f"Other results of the same clip ({len(others)})", icon=":material/history:"):
        for one in others:
            with st.container(horizontal=True):
                said = f"GaitLab {one.version}, analysed {date_words(one.created_at, time_zone())}"
                st.write(markdown_text(said))
                if st.button("Show", key=f"version-{one.id}"):
                    open_session(one.id)


def show_meanings(analysis: Analysis) -> None:
    """Say in one sentence each what the numbers are."""
    meanings = {metric_name(metric): metric_help(metric) for metric in analysis.metrics}
    if meanings:
        with st.expander("What each number is", icon=":material/menu_book:"):
            st.markdown("\n".join(f"- **{name}**: {meaning}" for name, meaning in meanings.items() if meaning))


def show_origin(document: Document, analysis: Analysis) -> None:
    """Show clip, person, model and settings of an analysis."""
    source, subject, provenance = analysis.source, analysis.subject, analysis.provenance
    with st.expander("How these numbers were made", icon=":material/info:"):
        st.markdown("  \n".join(markdown_text(sentence) for sentence in document.origin))
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


def offer_deletion(session_id: int) -> None:
    """Offer to delete a session for good."""
    # Not a popover: if opened while charts still load, it ends up out of sight.
    with st.expander("Delete this session", icon=":material/delete:"):
        st.write("The report and its clip are removed from this computer. This cannot be undone.")
        if st.button("Delete for good", type="primary", key=f"delete-{session_id}"):
            store().delete(session_id)
            forget_figures()
            st.switch_page(HISTORY_PAGE)
