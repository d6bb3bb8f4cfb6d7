"""A session that is compared: when and how it was filmed, and the way to its report."""

from __future__ import annotations

import streamlit as st

from gaitlab.metrics.words import date_words, rate_words, view_words
from gaitlab.settings import real_rate
from gaitlab.storage import StoredSession
from gaitlab.ui.shared.help_texts import markdown_text
from gaitlab.ui.shared.widgets import SESSION_PAGE, time_zone

__all__ = ["show_card"]


def _circumstances(stored: StoredSession) -> str:
    source, subject = stored.analysis.source, stored.analysis.subject
    rate = rate_words(real_rate(source.fps_mean, stored.analysis.provenance.settings))
    model = stored.analysis.provenance.model or "keypoint file"
    baseline = " · baseline" if stored.header.is_baseline else ""
    return f"{stored.header.file} · seen {view_words(subject.view)} · {rate} · {model}{baseline}"


def show_card(stored: StoredSession, title: str) -> None:
    """Show a session below a title such as "Earlier"."""
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{title}: {markdown_text(date_words(stored.header.recorded_at, time_zone()))}**")
        st.caption(markdown_text(_circumstances(stored)))
        link = {"session": str(stored.header.id)}
        st.page_link(SESSION_PAGE, label="Open report", icon=":material/monitoring:", query_params=link)
