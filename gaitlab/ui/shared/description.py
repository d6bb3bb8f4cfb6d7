"""The forms for date, remark and tags of a session."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, tzinfo
from typing import Final

import streamlit as st

from gaitlab.storage import RecordedFrom, StoredSession
from gaitlab.ui.resources import store
from gaitlab.ui.shared.widgets import time_zone

__all__ = ["date_form", "description_form"]

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
    number = stored.header.id
    with st.form(f"describe-{number}", border=False):
        moment = _date_fields(stored, day_key=f"day-{number}", hour_key=f"hour-{number}")
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
    store().update_session(number, recorded_at=moment, remark=remark, tags=tags)
    return True


def date_form(stored: StoredSession, *, key: str) -> bool:
    """Show the form for the date of a session alone; return whether it was just saved."""
    with st.form(key, border=False):
        moment = _date_fields(stored, day_key=f"{key}-day", hour_key=f"{key}-hour")
        if not st.form_submit_button("Save the date"):
            return False
    store().update_session(stored.header.id, recorded_at=moment)
    return True


def _date_fields(stored: StoredSession, *, day_key: str, hour_key: str) -> datetime | None:
    """Show the fields for day and time; return the moment in them, None while it is the session's own."""
    local = stored.header.recorded_at.astimezone(time_zone())
    with st.container(horizontal=True):
        # A camera with a wrong clock may have dated a clip even earlier.
        first = min(_FIRST_DAY, local.date())
        day = st.date_input("Filmed on", local.date(), min_value=first, key=day_key)
        hour = st.time_input("at", local.time().replace(second=0, microsecond=0), step=60, key=hour_key)
    st.caption(f"Now: {_WHEN_KNOWN[stored.header.recorded_from]}.")
    moment = _moment(day, hour, local.tzinfo)
    return None if moment == local.replace(second=0, microsecond=0) else moment


def _moment(day: object, hour: object, zone: tzinfo | None) -> datetime | None:
    """Return the moment of a date and a time; None if one of them is empty."""
    return datetime.combine(day, hour, zone) if isinstance(day, date) and isinstance(hour, time) else None
