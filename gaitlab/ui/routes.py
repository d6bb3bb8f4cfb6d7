"""Routes beside the pages: clips and reports from disk, uploads to disk, and the socket of the Live page."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from starlette.middleware import Middleware
from starlette.routing import Route, WebSocketRoute

from gaitlab.errors import GaitLabError
from gaitlab.ui.analyse.queues import hold_clip, jobs, previews, resume_accepted, submit_clip, waiting_clips
from gaitlab.ui.analyse.upload_route import upload_route
from gaitlab.ui.live.desk import live_desk
from gaitlab.ui.live.networks import WORKER_URL, network_route
from gaitlab.ui.live.socket import live_route
from gaitlab.ui.people.archive_routes import archive_routes
from gaitlab.ui.resources import close_folders, engine, served_as, store, upload_dir, upload_limit_bytes
from gaitlab.ui.server.pace import Pace
from gaitlab.ui.server.refused_bytes import log_in_one_line
from gaitlab.ui.server.request_guard import Guard
from gaitlab.ui.server.signed_in_only import SignedInOnly
from gaitlab.ui.session.export_route import export_route
from gaitlab.ui.shared.clip_route import media_route
from gaitlab.ui.shared.warm_up import scripts_within_pages

__all__ = ["MIDDLEWARE", "ROUTES", "lifespan"]

_logger = logging.getLogger(__name__)

ROUTES: Final[tuple[Route | WebSocketRoute, ...]] = (
    media_route(store),
    export_route(store, lambda: engine(lambda _: None)),
    upload_route(submit_clip, hold_clip, folder=upload_dir, limit_bytes=upload_limit_bytes),
    live_route(live_desk),
    network_route(),
    *archive_routes(store),
)
#: Around the pages, Streamlit's own routes and ours.
MIDDLEWARE: Final = (
    Middleware(Guard, own=ROUTES, served_as=served_as, scripts=scripts_within_pages(), with_wasm=(WORKER_URL,)),
    Middleware(SignedInOnly, own=ROUTES),
    Middleware(Pace, own=ROUTES),
)


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """Go on with the clips accepted before; when the server stops, leave those not analysed yet to the next start.

    What this server writes is its user's alone. `atexit` would not do: it does not run in a server stopped by a signal.
    """
    os.umask(0o077)
    log_in_one_line()
    await asyncio.to_thread(_resume)
    yield
    live_desk().close()
    await asyncio.to_thread(previews().close)
    await asyncio.to_thread(jobs().close)
    await asyncio.to_thread(waiting_clips().close)
    await asyncio.to_thread(close_folders)


def _resume() -> None:
    try:
        resume_accepted()
    except (GaitLabError, OSError):  # the pages show what is wrong with the data folder
        _logger.exception("clips accepted before could not be taken over")
