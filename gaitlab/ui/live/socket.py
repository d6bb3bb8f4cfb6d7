"""The socket of the Live page: JPEG frames in, skeleton and numbers out; or points in, and numbers out.

::

    page                                    server
    {"token", "activity", "model", "at"} ->
                                       <-   {"kind": "ready"}         the networks are loaded
    number, time, JPEG (binary)        ->
                                       <-   {"kind": "pose", ...}     of the newest frame, when the worker has time
                                       <-   {"kind": "result", ...}  twice a second, and when the count has changed

"at" is null, or where the person stands who was pointed at: x and y as shares of the picture's width and height.
A frame that arrives while another one waits replaces it: frames are dropped, never queued. The answer contains the
number of its frame, so the page knows that earlier frames will not be answered. A message of more than
``server.maxMessageSize`` ends the connection before it is read; the limits here are for smaller messages.

Where the browser runs the network, "model" is null and points come in place of frames (`points.py`)::

    {"token", "activity", "model": null, "camera"} ->
                                       <-   {"kind": "ready", "camera", "number"}
    points of frames (binary)          ->
                                       <-   {"kind": "heard", "number"}   of the last frame that is counted
                                       <-   {"kind": "result", ...}

They are small: all are taken, in their order. The page keeps them. When the connection breaks off it comes back with
the name of its camera, is told of which frame the server heard last (of none, if the server was started anew or waited
for too long), and sends what came after that.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from gaitlab.errors import GaitLabError
from gaitlab.live import LiveSession
from gaitlab.ui.live.conversations import (
    BAD_HELLO,
    BAD_TOKEN,
    FAILED,
    FULL,
    IDLE,
    FrameConversation,
    PointConversation,
    Refused,
)
from gaitlab.ui.live.places import LiveDesk, LiveLimits, Place
from gaitlab.ui.server import tokens
from gaitlab.ui.server.sign_in import ASKING, EVERYBODY

__all__ = ["LIVE_URL", "live_route"]

LIVE_URL: Final = "/gaitlab/live"

_STOPPED: Final = 1000  # how a page says that it was stopped (RFC 6455); any other end is a connection that broke off

_logger = logging.getLogger(__name__)


def live_route(desk: Callable[[], LiveDesk]) -> WebSocketRoute:
    """Return the route of the socket."""

    async def live(socket: WebSocket) -> None:
        await socket.accept()
        try:
            await _serve(socket, desk())
        except WebSocketDisconnect:
            return
        except Refused as refusal:
            await _close(socket, refusal.code, refusal.reason)
        except GaitLabError as error:
            await _close(socket, FAILED, str(error))
        except Exception:
            _logger.exception("a live session failed")
            await _close(socket, FAILED, "Something went wrong; the server wrote the details to its terminal.")

    return WebSocketRoute(LIVE_URL, live)


async def _close(socket: WebSocket, code: int, reason: str) -> None:
    try:
        # A close frame has room for 123 bytes only, so the sentence goes before it.
        await socket.send_json({"kind": "end", "code": code, "reason": reason})
        await socket.close(code)
    except (RuntimeError, WebSocketDisconnect):  # the other side was quicker
        return


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hello:
    """The first message.

    `model` is None where points will come, `camera` the name of one that comes back, and `at` where the person stands
    who is to be followed in frames.
    """

    activity: str
    model: str | None
    camera: str
    at: Place | None


async def _serve(socket: WebSocket, desk: LiveDesk) -> None:
    if desk.n_waiting >= desk.limits.waiting:
        raise Refused(FULL, "Many pages ask for a camera at this moment; try again in a few seconds.")
    desk.n_waiting += 1
    try:
        hello = await _hello(socket, desk.limits)
    finally:
        desk.n_waiting -= 1
    if hello.model is None:
        await _serve_points(socket, desk, hello)
    else:
        await _serve_frames(socket, desk, hello.activity, hello.model, hello.at)


async def _serve_frames(socket: WebSocket, desk: LiveDesk, activity: str, model: str, at: Place | None) -> None:
    if desk.n_open >= desk.limits.sessions:
        raise _full(desk.n_open)
    desk.n_open += 1
    try:
        session = await _opened(socket, desk, activity, model, at)
        await socket.send_json({"kind": "ready"})
        await FrameConversation(socket, desk, session).run()
    finally:
        desk.n_open -= 1


async def _serve_points(socket: WebSocket, desk: LiveDesk, hello: _Hello) -> None:
    who = ASKING.get() or EVERYBODY
    camera = await desk.camera(hello.camera, activity=hello.activity, subject=who.owner)
    if desk.n_open_for_points >= desk.limits.point_sessions:
        raise _full(desk.n_open_for_points)
    connection, comes_back = desk.connect(camera), False
    try:
        await socket.send_json({"kind": "ready", "camera": camera.name, "number": camera.number})
        await PointConversation(socket, desk, camera, connection).run()
        comes_back = True
    except WebSocketDisconnect as gone:
        comes_back = gone.code != _STOPPED
        raise
    except Refused as refusal:
        comes_back = refusal.code == IDLE
        raise
    finally:
        desk.leave(camera, comes_back=comes_back)


def _full(n_open: int) -> Refused:
    return Refused(FULL, f"{n_open} cameras are live on this server already; stop one, or try again later.")


async def _opened(socket: WebSocket, desk: LiveDesk, activity: str, model: str, at: Place | None) -> LiveSession:
    """Return the session, unless the page leaves meanwhile: fetching a model may take minutes."""
    opening = asyncio.ensure_future(asyncio.to_thread(desk.open_session, activity, model, at))
    leaving = asyncio.ensure_future(socket.receive())
    try:
        await asyncio.wait({opening, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not leaving.done():
            return opening.result()
        if leaving.result()["type"] == "websocket.disconnect":  # perhaps at the very moment in which it is loaded
            raise WebSocketDisconnect
        raise Refused(BAD_HELLO, "Expected nothing before the answer; reload the page.")
    finally:
        opening.cancel()
        leaving.cancel()


async def _hello(socket: WebSocket, limits: LiveLimits) -> _Hello:
    """Return the first message, which must carry a token."""
    try:
        text = await asyncio.wait_for(socket.receive_text(), limits.hello_s)
        if len(text) > limits.hello_chars:
            raise ValueError(f"expected at most {limits.hello_chars} characters, got {len(text)}")
        hello = json.loads(text)
        token, activity, model, camera = hello["token"], hello["activity"], hello["model"], hello.get("camera")
        at = _place(hello.get("at"))
    except (TimeoutError, AttributeError, KeyError, OverflowError, TypeError, ValueError, RecursionError) as error:
        raise Refused(BAD_HELLO, "The page and the server do not understand each other; reload the page.") from error
    if not tokens.is_valid(token, "live"):
        raise Refused(BAD_TOKEN, "The page was open for too long; reload it.")
    return _Hello(activity=str(activity), model=None if model is None else str(model), camera=str(camera or ""), at=at)


def _place(said: Any) -> Place | None:
    """Return a place of the picture; ValueError or TypeError for what is none."""
    if said is None:
        return None
    x, y = (float(share) for share in said)
    if not (0.0 <= x <= 1.0 and 0.0 <= y <= 1.0):
        raise ValueError(f"at: expected shares of the picture, got {x} and {y}")
    return x, y
