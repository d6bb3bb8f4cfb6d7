"""The box to drop clips on, as a Streamlit component: `upload.html`, `.css` and `.js` beside this file."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Final

import streamlit as st

from gaitlab.formats.picture_files import PICTURE_ENDINGS
from gaitlab.ui.analyse.keypoint_files import KEYPOINT_FILES
from gaitlab.ui.analyse.upload_route import TOKEN_HEADER, UPLOAD_URL
from gaitlab.ui.server import tokens
from gaitlab.ui.shared.component_script import component_script, no_callback
from gaitlab.video import VIDEO_ENDINGS

__all__ = ["upload_box"]

_HERE = files("gaitlab.ui.analyse")
_ACCEPT: Final = f"video/*,{','.join(VIDEO_ENDINGS)},{KEYPOINT_FILES},{','.join(PICTURE_ENDINGS)}"


def upload_box(*, key: str, limit_bytes: int, held: Sequence[str] = ()) -> tuple[str, ...]:
    """Show the box to drop clips on; return the ids of clips that have arrived.

    Parameters
    ----------
    key : str
        A new key empties the box.
    limit_bytes : int
        Largest size of a clip.
    held : sequence of str
        The ids of the clips that the page knows, which need not be told again. With some, choosing more is not the
        main action of the page.
    """
    # Registered on every run, as Streamlit does not keep it over a restart of its runtime; the same again is no change.
    box = st.components.v2.component(
        "gaitlab.upload_box",
        html=_HERE.joinpath("upload.html").read_text(encoding="utf-8"),
        css=_HERE.joinpath("upload.css").read_text(encoding="utf-8"),
        js=component_script("analyse/upload.js"),
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
            "held": list(held),
        },
        default={"arrived": []},
        on_arrived_change=no_callback,
        on_renew_change=no_callback,  # nothing to do: the page runs again and passes a new token
    )
    return tuple(str(clip_id) for clip_id in result.arrived or ())
