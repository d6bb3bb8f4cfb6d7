"""The route that exports a session as a file: made on request, sent from disk, then removed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gaitlab.pipeline import PoseEngine
from gaitlab.reports import EXPORTS, Wishes
from gaitlab.sessions import VIDEO, file_name_of, hand_out
from gaitlab.storage import SessionStore
from gaitlab.ui.server.one_time_files import PRIVATE_HEADERS, answer_with_file
from gaitlab.ui.server.tokens import signed

__all__ = ["VIDEO", "Hide", "export_route", "export_url"]

#: Whose head is hidden in a video.
Hide = Literal["nobody", "person", "everybody"]

_PREFIX: Final = "/gaitlab/export"
_AT_ONCE = 2  # a video without faces is encoded again: more at once would only slow each other
_HEADERS: Final = {
    **PRIVATE_HEADERS,
    # A report is meant to be opened from disk; if a browser shows it from this server, it runs in a sandbox.
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    "Cross-Origin-Opener-Policy": "unsafe-none",  # the HTML standard answers a sandbox that asks for more with an error
}


#: What was asked for on the pages, newest last: words about a person belong into no address.
_asked: dict[str, Wishes] = {}
_ASKED_MAX: Final = 500


def export_url(session_id: int, name: str, *, hide: Hide = "nobody", wishes: Wishes | None = None) -> str:
    """Return the address, signed, of a session in a format of `EXPORTS`, or as "video".

    The wishes stay in the memory of this server; the address has only their checksum, so that no history of a browser
    and no log holds them.
    """
    query: dict[str, str] = {"hide": hide} if hide != "nobody" else {}
    if wishes is not None:
        query["asked"] = _remember(wishes)
    return signed(f"{_PREFIX}/{session_id:d}/{name}" + (f"?{urlencode(query)}" if query else ""))


def _remember(wishes: Wishes) -> str:
    key = sha256(repr(wishes).encode()).hexdigest()
    _asked.pop(key, None)
    _asked[key] = wishes
    while len(_asked) > _ASKED_MAX:
        _asked.pop(next(iter(_asked)), None)
    return key


def export_route(open_sessions: Callable[[], SessionStore], open_engine: Callable[[], PoseEngine]) -> Route:
    """Return the route that exports sessions of the store; the engine finds everybody whose head is to be hidden."""
    slots = threading.BoundedSemaphore(_AT_ONCE)

    def export(request: Request) -> Response:
        name, hide = request.path_params["name"], request.query_params.get("hide", "nobody")
        if name != VIDEO and name not in EXPORTS:
            return PlainTextResponse("There is no such format.", status_code=404)
        key = request.query_params.get("asked")
        wishes = Wishes() if key is None else _asked.get(key)
        if wishes is None:
            return PlainTextResponse("What was asked for is not known any more: open Share again.", status_code=404)

        def make(folder: Path) -> tuple[Path, str]:
            with slots:
                store, number = open_sessions(), request.path_params["session_id"]
                file_name = file_name_of(store.get(number).header, name)
                engine = open_engine if hide == "everybody" else None
                hidden = hide != "nobody"
                out = folder / file_name
                made = hand_out(store, number, name, out, hide_faces=hidden, everybody_with=engine, wishes=wishes)
                return made, file_name

        return answer_with_file(
            make,
            media_type="video/mp4" if name == VIDEO else EXPORTS[name].media_type,
            headers=_HEADERS,
        )

    return Route(f"{_PREFIX}/{{session_id:int}}/{{name:str}}", export, methods=["GET"])
