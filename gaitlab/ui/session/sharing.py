"""What can be handed on of a session: the clip with faces hidden, and reports as files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import streamlit as st

from gaitlab.extras import missing_extra
from gaitlab.reports import EXPORTS
from gaitlab.storage import StoredSession
from gaitlab.ui.session.export_route import VIDEO, Hide, export_url
from gaitlab.ui.shared.help_texts import HIDE_HELP, SHARE_HELP
from gaitlab.ui.shared.widgets import say_it_is_made

__all__ = ["offer_files", "offer_paper"]

_HIDE: Final[Mapping[Hide, str]] = {
    "person": "the face of the person measured",
    "everybody": "the faces of everybody who is followed",
    "nobody": "nothing",
}
_PAPER: Final = "pdf"  # the export at the top of the page


def offer_paper(session_id: int) -> None:
    """Offer the report as PDF."""
    missing = missing_extra("pdf", "A PDF report")
    st.link_button(
        EXPORTS[_PAPER].label,
        export_url(session_id, _PAPER),
        icon=":material/picture_as_pdf:",
        width="content",
        disabled=bool(missing),
        help=missing or None,
    )


def offer_files(stored: StoredSession) -> None:
    """Offer the clip and all reports but the PDF."""
    session_id = stored.header.id
    st.caption(SHARE_HELP)
    if "overlay" in stored.media:
        hide = st.selectbox(
            "Hide in the video", tuple(_HIDE), format_func=_HIDE.__getitem__, key=f"hide-{session_id}", help=HIDE_HELP
        )
        st.link_button(
            "Video with the skeleton",
            export_url(session_id, VIDEO, hide=hide),
            icon=":material/movie:",
            on_click=say_it_is_made,
        )
    with st.container(horizontal=True):
        for name, export in EXPORTS.items():
            if name != _PAPER:
                st.link_button(export.label, export_url(session_id, name), icon=":material/download:")
