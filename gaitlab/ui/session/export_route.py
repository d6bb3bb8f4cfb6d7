"""The route that hands a session out as a file: made when it is asked for, sent from disk, then removed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gaitlab.errors import NotFoundError
from gaitlab.reports import EXPORTS, About, Shared, write_export
from gaitlab.sessions import about_session
from gaitlab.storage import SessionStore, StoredSession
from gaitlab.ui.server.one_time_files import PRIVATE_HEADERS, answer_with_file
from gaitlab.video import frames
from gaitlab.video.overlay import write_blurred_copy

__all__ = ["VIDEO", "export_route", "export_url"]

VIDEO: Final = "video"
_PREFIX: Final = "/gaitlab/export"
_AT_ONCE = 2  # a video without faces is encoded again: more at once would only slow each other
_HEADERS: Final = {
    **PRIVATE_HEADERS,
    # A report is opened from disk, not shown by this server; if a browser shows it all the same, it stays in a box.
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
}


def export_url(session_id: int, name: str, *, hide_faces: bool = False) -> str:
    """Return where a session is handed out in a format of `EXPORTS`, or as "video"."""
    return f"{_PREFIX}/{session_id:d}/{name}" + ("?faces=hidden" if hide_faces else "")


def export_route(open_sessions: Callable[[], SessionStore]) -> Route:
    """Return the route that hands out sessions of the store that `open_sessions` returns."""
    slots = threading.BoundedSemaphore(_AT_ONCE)

    def export(request: Request) -> Response:
        name, hide = request.path_params["name"], request.query_params.get("faces") == "hidden"
        if name != VIDEO and name not in EXPORTS:
            return PlainTextResponse("There is no such format.", status_code=404)

        def make(folder: Path) -> Path:
            with slots:
                sessions = open_sessions()
                stored = sessions.get(request.path_params["session_id"])
                return _made(stored, name, folder, about=about_session(sessions, stored), hide=hide)

        return answer_with_file(
            make,
            media_type="video/mp4" if name == VIDEO else EXPORTS[name].media_type,
            headers=_HEADERS,
        )

    return Route(f"{_PREFIX}/{{session_id:int}}/{{name:str}}", export, methods=["GET"])


def _made(stored: StoredSession, name: str, folder: Path, *, about: About, hide: bool) -> Path:
    """Write the file into `folder`, or name the kept one, and return where it is."""
    header = stored.header
    stem = f"gaitlab-session-{header.id}"
    if name != VIDEO:
        out = folder / f"{stem}{EXPORTS[name].suffix}"
        write_export(name, out, Shared(analysis=stored.analysis, session_id=header.id, about=about))
        return out
    clip = stored.media.get("overlay")
    if clip is None:
        raise NotFoundError(f"session {header.id}: no video is kept with it")
    if not hide:
        return clip
    out = folder / f"{stem}.mp4"
    write_blurred_copy(frames(clip), stored.analysis.track_raw, out)
    return out
