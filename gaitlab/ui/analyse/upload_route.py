"""The route that takes a clip from a page's script: streamed to disk, then queued as an analysis."""

from __future__ import annotations

import asyncio
import math
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gaitlab.errors import GaitLabError, InputError, NotAllowedError, StoreError, UsageError
from gaitlab.limits import UPLOAD_MIN_BYTES, UPLOAD_WINDOW_S, UPLOADS_AT_ONCE_MAX
from gaitlab.paths import private_file, private_folder, safe_file_name
from gaitlab.sessions import AnalysisRequest, SubjectAt, request_of
from gaitlab.ui.server import tokens

__all__ = ["TOKEN_HEADER", "UPLOAD_URL", "Hold", "Submit", "in_time", "receive_clip", "upload_route"]

UPLOAD_URL: Final = "/gaitlab/upload"
TOKEN_HEADER: Final = "X-GaitLab-Token"
#: Queues the analysis of a clip, which then owns the clip's folder, and returns the job's id.
Submit = Callable[[Path, AnalysisRequest], str]
#: Keeps a clip with its folder until its analysis is requested, and returns its id.
Hold = Callable[[Path], str]

_PIECE_BYTES = 1 << 20
#: Kind of error → status; 503 for all others.
_STATUS: Final[tuple[tuple[type[GaitLabError], int], ...]] = (
    (InputError, 400),
    (UsageError, 400),
    (NotAllowedError, 403),
)


async def receive_clip(pieces: AsyncIterator[bytes], name: str, *, folder: Path, limit_bytes: int) -> Path:
    """Write an incoming clip to its own private folder below `folder`; the caller removes that folder.

    Raises
    ------
    InputError
        When it is empty or larger than `limit_bytes`.
    StoreError
        When it cannot be written. On every error no file remains.
    """
    own: Path | None = None
    try:
        private_folder(folder.parent)
        private_folder(folder)
        own = Path(tempfile.mkdtemp(prefix="upload-", dir=folder))
        clip = own / safe_file_name(name)
        n_bytes = await _write(pieces, clip, limit_bytes)
        if n_bytes == 0:
            raise InputError(f"{clip.name}: the file is empty; record or choose it again")
    except BaseException as error:
        if own is not None:
            shutil.rmtree(own, ignore_errors=True)
        if isinstance(error, OSError):
            raise StoreError(
                f"the upload could not be kept in {folder} ({error}); free some space and try again"
            ) from error
        raise
    return clip


async def _write(pieces: AsyncIterator[bytes], clip: Path, limit_bytes: int) -> int:
    """Write the incoming bytes, one megabyte at a time and outside the event loop; return their number."""
    n_bytes, waiting = 0, bytearray()
    with private_file(clip).open("wb") as file:
        async for piece in pieces:
            n_bytes += len(piece)
            if n_bytes > limit_bytes:
                raise InputError(f"{clip.name}: expected at most {limit_bytes >> 20} MB; cut the clip or film shorter")
            waiting += piece
            if len(waiting) >= _PIECE_BYTES:
                await asyncio.to_thread(file.write, bytes(waiting))
                waiting.clear()
        await asyncio.to_thread(file.write, bytes(waiting))
    return n_bytes


async def in_time(
    pieces: AsyncIterator[bytes], *, min_bytes: int = UPLOAD_MIN_BYTES, window_s: float = UPLOAD_WINDOW_S
) -> AsyncIterator[bytes]:
    """Yield the pieces of an upload that goes on: nobody keeps a place by sending nothing, or a byte now and then.

    Raises
    ------
    InputError
        When fewer than `min_bytes` come within `window_s` seconds, unless that is the end.
    """
    loop = asyncio.get_running_loop()
    until_s, n_bytes = loop.time() + window_s, 0
    while True:
        try:
            async with asyncio.timeout_at(until_s):
                piece = await anext(pieces, None)
        except TimeoutError:
            raise InputError(
                f"the upload stands still: expected at least {min_bytes >> 10} kB in {window_s:g} seconds, got "
                f"{n_bytes >> 10}; send it again, nearer to the router or by cable"
            ) from None
        if piece is None:
            return
        n_bytes += len(piece)
        if n_bytes >= min_bytes:
            until_s, n_bytes = loop.time() + window_s, 0
        yield piece


def upload_route(submit: Submit, hold: Hold, *, folder: Callable[[], Path], limit_bytes: Callable[[], int]) -> Route:
    """Return the route: the clip is the body; its name, the person and the activity are in the address.

    A recording of the Live page brings what that told of it, too. With ``hold=1`` the clip waits until its analysis is
    requested, and needs only a name. The route answers ``{"job": id}`` or ``{"held": id}``, or ``{"error": sentence}``
    with 4xx or 5xx.
    """
    under_way = 0

    async def upload(request: Request) -> Response:
        nonlocal under_way
        if not tokens.is_valid(request.headers.get(TOKEN_HEADER), "upload"):
            return _error(403, "The page was open for too long; reload it and try again.")
        if under_way >= UPLOADS_AT_ONCE_MAX:
            return _error(429, "Several clips are on their way already; wait until one has arrived.")
        under_way += 1
        try:
            if request.query_params.get("hold") == "1":
                answer = {"held": await _keep(request, hold, folder(), limit_bytes())}
            else:
                answer = {"job": await _take(request, submit, folder(), limit_bytes())}
            return JSONResponse(answer)
        except ClientDisconnect:
            return _error(400, "The upload was broken off.")
        except GaitLabError as error:
            return _error(next((code for kind, code in _STATUS if isinstance(error, kind)), 503), str(error))
        finally:
            under_way -= 1

    return Route(UPLOAD_URL, upload, methods=["POST"])


async def _keep(request: Request, hold: Hold, folder: Path, limit_bytes: int) -> str:
    clip = await _received(request, folder, limit_bytes)
    try:
        return hold(clip)
    except BaseException:
        shutil.rmtree(clip.parent, ignore_errors=True)
        raise


async def _take(request: Request, submit: Submit, folder: Path, limit_bytes: int) -> str:
    query = request.query_params
    wanted = request_of(
        query.get("person"),
        query.get("activity", ""),
        _subject_at(query.get("subject_at")),
        live_told=_number(query.get("live")),
    )
    clip = await _received(request, folder, limit_bytes)
    try:
        return await asyncio.to_thread(submit, clip, wanted)
    except BaseException:
        shutil.rmtree(clip.parent, ignore_errors=True)
        raise


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        raise UsageError(f"live: expected a number, got {text!r:.40}; reload the page") from None


def _subject_at(text: str | None) -> SubjectAt | None:
    """Return seconds of the clip and a point of its picture in pixels, from three numbers with commas."""
    if text is None:
        return None
    try:
        time_s, x_px, y_px = (float(part) for part in text.split(","))
        if not all(map(math.isfinite, (time_s, x_px, y_px))):
            raise ValueError
    except ValueError:
        raise UsageError(f"subject_at: expected seconds, x and y, got {text!r:.40}; reload the page") from None
    return time_s, x_px, y_px


async def _received(request: Request, folder: Path, limit_bytes: int) -> Path:
    name = request.query_params.get("name", "clip")
    stated = request.headers.get("content-length", "0")
    if stated.isascii() and stated.isdigit() and int(stated) > limit_bytes:  # before anything is written
        raise InputError(
            f"{safe_file_name(name)}: expected at most {limit_bytes >> 20} MB; cut the clip or film shorter"
        )
    return await receive_clip(in_time(request.stream()), name, folder=folder, limit_bytes=limit_bytes)


def _error(status: int, sentence: str) -> JSONResponse:
    return JSONResponse({"error": sentence}, status_code=status)
