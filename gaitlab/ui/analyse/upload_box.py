"""Where clips are dropped, as a Streamlit component: `upload.html`, `.css` and `.js` beside this file."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import streamlit as st

from gaitlab.ui.analyse.upload_route import TOKEN_HEADER, UPLOAD_URL
from gaitlab.ui.server import tokens

__all__ = ["upload_box"]

_HERE = files("gaitlab.ui.analyse")
_ACCEPT: Final = "video/*,.mp4,.mov,.m4v,.avi,.mkv,.webm,.3gp,.mpg,.mpeg,.mts,.ts,.wmv"


def upload_box(*, key: str, limit_bytes: int, has_clips: bool = False) -> tuple[str, ...]:
    """Show the place to drop clips on and return the ids of those that have arrived since it is there.

    Parameters
    ----------
    key : str
        Another one starts anew.
    limit_bytes : int
        How large a clip may be.
    has_clips : bool
        Whether clips wait already: then choosing more is no longer the main thing to do.
    """
    # Registered on every run, as Streamlit does not keep it over a restart of its runtime; the same again is no change.
    box = st.components.v2.component(
        "gaitlab.upload_box",
        html=_HERE.joinpath("upload.html").read_text(encoding="utf-8"),
        css=_HERE.joinpath("upload.css").read_text(encoding="utf-8"),
        js=_HERE.joinpath("upload.js").read_text(encoding="utf-8"),
    )
    result = box(
        key=key,
        data={
            "url": UPLOAD_URL,
            "token_header": TOKEN_HEADER,
            "token": tokens.issue("upload"),
            "token_ms": 1000 * tokens.LIFETIME_S,
            "limit_mb": limit_bytes >> 20,
            "accept": _ACCEPT,
            "has_clips": has_clips,
        },
        default={"arrived": []},
        on_arrived_change=_ignore,
        on_renew_change=_ignore,  # running the page again is the answer: it passes a new token
    )
    return tuple(str(clip_id) for clip_id in result.arrived or ())


def _ignore() -> None:
    """Name a state or a trigger for Streamlit; its value is in the result."""
