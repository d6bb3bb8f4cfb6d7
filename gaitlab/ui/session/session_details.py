"""What a user may change about a session: when it was filmed, the remark, the tags; and its older results."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import streamlit as st

from gaitlab.metrics.words import date_words
from gaitlab.storage import RecordedFrom, StoredSession
from gaitlab.ui.resources import store
from gaitlab.ui.shared.help_texts import markdown_text
from gaitlab.ui.shared.widgets import open_session, time_zone

__all__ = ["WHEN_KNOWN", "offer_description", "offer_versions"]

#: How the time of a recording is known, in words.
WHEN_KNOWN: Final[Mapping[RecordedFrom, str]] = {
    "user": "told by you",
    "metadata": "as the file says",
    "file_time": "when the file was last written: the file itself does not say",
    "now": "when it was analysed: the file does not say when it was filmed",
    "unknown": "how this is known was not kept",
}


def offer_description(stored: StoredSession) -> None:
    """Offer to change the date, the remark and the tags of a session."""
    header = stored.header
    number = header.id
    local = header.recorded_at.astimezone(time_zone())
    with st.expander("Date, remark and tags", icon=":material/edit_note:"), st.form(f"describe-{number}", border=False):
        with st.container(horizontal=True):
            day = st.date_input("Filmed on", local.date(), min_value=datetime(1990, 1, 1).date(), key=f"day-{number}")
            hour = st.time_input("at", local.time(), step=60, key=f"hour-{number}")
        st.caption(f"Now: {WHEN_KNOWN[header.recorded_from]}.")
        remark = st.text_area("Remark", stored.remark, key=f"remark-{number}")
        tags = st.text_input("Tags, with commas between them", ", ".join(stored.tags), key=f"tags-{number}")
        if st.form_submit_button("Save changes"):
            moment = datetime.combine(day, hour, local.tzinfo)
            kept = local.replace(second=0, microsecond=0) == moment.replace(second=0, microsecond=0)
            words = [word for word in tags.split(",") if word.strip()]
            store().update_session(number, recorded_at=None if kept else moment, remark=remark, tags=words)
            st.rerun()


def offer_versions(stored: StoredSession) -> None:
    """Show the other analyses of the same recording, where there are any."""
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
