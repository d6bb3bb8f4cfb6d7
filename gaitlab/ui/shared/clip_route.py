"""The route that serves the annotated clip of a session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from gaitlab.errors import StoreError
from gaitlab.storage import SessionStore
from gaitlab.ui.server.one_time_files import PRIVATE_HEADERS
from gaitlab.ui.server.tokens import signed

__all__ = ["clip_url", "media_route"]

_PREFIX: Final = "/gaitlab/media"


_HEADERS: Final = {**PRIVATE_HEADERS, "Cache-Control": "private, no-cache"}


def clip_url(session_id: int) -> str:
    """Return the address of the annotated clip of a session, signed."""
    return signed(f"{_PREFIX}/{session_id:d}")


def media_route(open_sessions: Callable[[], SessionStore]) -> Route:
    """Return the route that serves clips of the store that `open_sessions` returns."""

    def media(request: Request) -> Response:
        try:
            # The address holds a number only, never a path.
            path = open_sessions().media_path(request.path_params["session_id"], "overlay")
        except StoreError:
            return PlainTextResponse("The session store cannot be read at the moment.", status_code=503)
        if path is None:
            return PlainTextResponse("There is no such clip.", status_code=404)
        return FileResponse(
            path,
            media_type="video/mp4",
            filename=f"gaitlab-session-{request.path_params['session_id']}.mp4",
            content_disposition_type="inline",
            headers=_HEADERS,
        )

    return Route(f"{_PREFIX}/{{session_id:int}}", media, methods=["GET"])
