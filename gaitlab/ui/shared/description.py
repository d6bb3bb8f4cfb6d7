"""The form for date, remark and tags of a session."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, tzinfo
from typing import Final

import streamlit as st

from gaitlab.storage import RecordedFrom, StoredSession
from gaitlab.ui.resources import store
from gaitlab.ui.shared.widgets import time_zone

__all__ = ["description_form"]

_REMARK_MAX = 2000
_FIRST_DAY = date(1990, 1, 1)
#: Sources of the time of a recording, in words.
_WHEN_KNOWN: Final[Mapping[RecordedFrom, str]] = {
    "user": "told by you",
    "metadata": "as the file says",
    "file_time": "when the file was last written: the file itself does not say",
    "now": "when it was analysed: the file does not say when it was filmed",
    "unknown": "how this is known was not kept",
}


def description_form(stored: StoredSession) -> bool:
    """Show the form for date, remark and tags of a session; return whether changes were just saved."""
    header = stored.header
    number = header.id
    local = header.recorded_at.astimezone(time_zone())
    with st.form(f"describe-{number}", border=False):
        with st.container(horizontal=True):
            # A camera with a wrong clock may have dated a clip even earlier.
            first = min(_FIRST_DAY, local.date())
            day = st.date_input("Filmed on", local.date(), min_value=first, key=f"day-{number}")
            hour = st.time_input("at", local.time().replace(second=0, microsecond=0), step=60, key=f"hour-{number}")
        st.caption(f"Now: {_WHEN_KNOWN[header.recorded_from]}.")
        longest = max(_REMARK_MAX, len(stored.remark))
        remark = st.text_area("Remark", stored.remark, max_chars=longest, key=f"remark-{number}")
        tags = st.multiselect(
            "Tags",
            sorted({*store().tags(), *stored.tags}),
            default=list(stored.tags),
            accept_new_options=True,
            key=f"tags-{number}",
        )
        if not st.form_submit_button("Save changes"):
            return False
    moment = _moment(day, hour, local.tzinfo)
    kept = moment is None or moment == local.replace(second=0, microsecond=0)
    store().update_session(number, recorded_at=None if kept else moment, remark=remark, tags=tags)
    return True


def _moment(day: object, hour: object, zone: tzinfo | None) -> datetime | None:
    """Return the moment of a date and a time; None if one of them is empty."""
    return datetime.combine(day, hour, zone) if isinstance(day, date) and isinstance(hour, time) else None
