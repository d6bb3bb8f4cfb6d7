"""What can be handed on of a session: one page to print, a page that plays, the clip, and files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, get_args

import streamlit as st

from gaitlab.errors import UsageError
from gaitlab.extras import missing_extra
from gaitlab.limits import PLAYED_CLIP_MAX_BYTES, QUESTION_MAX_CHARS
from gaitlab.reports import EXPORTS, Comment, Wishes, read_comment
from gaitlab.reports.playing_page import check_moments
from gaitlab.reports.wishes import Paper
from gaitlab.storage import StoredSession
from gaitlab.ui.session.export_route import VIDEO, Hide, export_url
from gaitlab.ui.shared.help_texts import (
    COMMENTS_HELP,
    HIDE_HELP,
    ONE_PAGE_HELP,
    QUESTION_HELP,
    SHARE_HELP,
    markdown_text,
)
from gaitlab.ui.shared.widgets import say_it_is_made

__all__ = ["offer_files", "offer_paper"]

_HIDE: Final[Mapping[Hide, str]] = {
    "person": "the face of the person measured",
    "everybody": "the faces of everybody who is followed",
    "nobody": "nothing",
}
_PAPER: Final = "pdf"  # the export at the top of the page
_ONE_PAGE: Final = "one-page"
_PLAYING: Final = "playing"
_PAPERS: Final[Mapping[Paper, str]] = {"a4": "A4", "letter": "Letter"}
_FIGURE: Final = "a drawn figure"


@dataclass(frozen=True, slots=True)
class _Shown:
    """How a person is shown: `hide` is None for a drawn figure."""

    hide: Hide | None

    @property
    def words(self) -> str:
        return _FIGURE if self.hide is None else f"the clip, hiding {_HIDE[self.hide]}"


def offer_paper(session_id: int) -> None:
    """Offer the report as PDF: as one page, with a drawn figure and no question, and as a whole."""
    missing = missing_extra("pdf", "A PDF report")
    for name, label, icon in ((_ONE_PAGE, "One page", "print"), (_PAPER, EXPORTS[_PAPER].label, "picture_as_pdf")):
        st.link_button(
            label,
            export_url(session_id, name),
            icon=f":material/{icon}:",
            width="content",
            disabled=bool(missing),
            help=missing or (ONE_PAGE_HELP if name == _ONE_PAGE else None),
            on_click=say_it_is_made,
        )


def offer_files(stored: StoredSession) -> None:
    """Offer one page, the page that plays, the clip and all other files but the PDF."""
    session_id = stored.header.id
    st.caption(SHARE_HELP)
    _offer_one_page(stored)
    _offer_playing_page(stored)
    st.subheader("Files", anchor=False)
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
            if name not in (_PAPER, _ONE_PAGE, _PLAYING):
                st.link_button(export.label, export_url(session_id, name), icon=":material/download:")


def _offer_one_page(stored: StoredSession) -> None:
    session_id = stored.header.id
    st.subheader("One page to print", anchor=False)
    # A form: words outside of one would reach the link only after the click that leaves the field.
    with st.form(f"one-page-{session_id}", border=False):
        question = st.text_input(
            "Question or reason (optional)",
            max_chars=QUESTION_MAX_CHARS,
            key=f"question-{session_id}",
            help=QUESTION_HELP,
        ).strip()
        st.form_submit_button("Put it on the page")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        paper = st.segmented_control(
            "Paper", get_args(Paper), format_func=_PAPERS.__getitem__, default="a4", required=True, key="paper"
        )
        shown = _ask_shown(stored, "Pictures", key=f"pictures-{session_id}", prefer_clip=False)
    missing = missing_extra("pdf", "A PDF page")
    wishes = Wishes(question=question, paper=paper or "a4", with_clip=shown.hide is not None)
    st.link_button(
        EXPORTS[_ONE_PAGE].label,
        export_url(session_id, _ONE_PAGE, hide=shown.hide or "nobody", wishes=wishes),
        icon=":material/print:",
        type="primary",
        disabled=bool(missing),
        help=missing or None,
        on_click=say_it_is_made,
    )
    st.caption(f"With the question: {markdown_text(question)}" if question else "Without a question.")


def _offer_playing_page(stored: StoredSession) -> None:
    session_id = stored.header.id
    st.subheader("Page that plays", anchor=False)
    shown = _ask_shown(stored, "Show", key=f"played-{session_id}", prefer_clip=True)
    with st.form(f"playing-{session_id}", border=False):
        typed = st.text_area(
            "Comments (optional), one a line: seconds, then words",
            placeholder="2.31 the heel comes up early",
            key=f"comments-{session_id}",
            help=COMMENTS_HELP,
            height=100,
        )
        st.form_submit_button("Pin them to the page")
    clip = stored.media.get("overlay")
    try:
        comments = _comments(typed, stored)
        wishes = Wishes(with_clip=shown.hide is not None, comments=comments)
    except UsageError as error:
        st.error(error.on_page)
        wishes = None
    if shown.hide and clip is not None and clip.is_file() and clip.stat().st_size > PLAYED_CLIP_MAX_BYTES:
        st.warning(
            f"The clip has {clip.stat().st_size / 1e6:.0f} MB; such a page holds {PLAYED_CLIP_MAX_BYTES / 1e6:.0f} MB "
            "at most. Choose the drawn figure, or hand on the video below."
        )
    st.link_button(
        EXPORTS[_PLAYING].label,
        export_url(session_id, _PLAYING, hide=shown.hide or "nobody", wishes=wishes),
        icon=":material/smart_display:",
        disabled=wishes is None,
        on_click=say_it_is_made,
    )
    if wishes is not None:
        count = len(wishes.comments)
        st.caption(f"With {count} comment{'s' * (count > 1)}." if count else "Without comments.")


def _comments(typed: str, stored: StoredSession) -> tuple[Comment, ...]:
    comments = tuple(read_comment(line) for line in typed.splitlines() if line.strip())
    check_moments(stored.analysis, comments)
    return comments


def _ask_shown(stored: StoredSession, label: str, *, key: str, prefer_clip: bool) -> _Shown:
    """Ask for a drawn figure or the clip; where no clip is kept, it is the figure."""
    if "overlay" not in stored.media:
        return _Shown(None)
    figure, clips = _Shown(None), tuple(map(_Shown, _HIDE))
    options = (*clips, figure) if prefer_clip else (figure, *clips)
    by_words = {one.words: one for one in options}
    return by_words[st.selectbox(label, tuple(by_words), key=key, help=HIDE_HELP)]
