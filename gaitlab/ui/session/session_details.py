"""The details of a session that a user may change (date, remark, tags), and its older results."""

from __future__ import annotations

import streamlit as st

from gaitlab.metrics.words import date_words
from gaitlab.storage import StoredSession
from gaitlab.ui.resources import store
from gaitlab.ui.shared.description import description_form
from gaitlab.ui.shared.help_texts import markdown_text
from gaitlab.ui.shared.widgets import open_session, time_zone

__all__ = ["offer_description", "offer_versions"]


def offer_description(stored: StoredSession) -> None:
    """Offer to change the date, the remark and the tags of a session."""
    with st.expander("Date, remark and tags", icon=":material/edit_note:"):
        saved = description_form(stored)
    if saved:
        st.rerun()


def offer_versions(stored: StoredSession) -> None:
    """Show the other analyses of the same recording, if any."""
    header = stored.header
    others = [one for one in store().versions(header.id) if one.id != header.id]
    if not others:
        return
    if header.replaced_by is not None:
        st.info("These are older results: the clip has been analysed again since.", icon=":material/history:")
    with st.expander(f"Other results of the same clip ({len(others)})", icon=":material/history:"):
        for one in others:
            with st.container(horizontal=True):
                said = f"GaitLab {one.version}, analysed {date_words(one.created_at, time_zone())}"
                st.write(markdown_text(said))
                if st.button("Show", key=f"version-{one.id}"):
                    open_session(one.id)
