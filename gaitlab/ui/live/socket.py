"""The socket of the Live page: JPEG frames in, skeleton and numbers out; or points in, and numbers out.

::

    page                                    server
    {"token", "activity", "model"}     ->
                                       <-   {"kind": "ready"}         the networks are loaded
    number, time, JPEG (binary)        ->
                                       <-   {"kind": "pose", ...}     of the newest frame, when the worker has time
                                       <-   {"kind": "result", ...}  twice a second, and when the count has changed

A frame that arrives while another one waits replaces it: frames are dropped, never queued. The answer contains the
number of its frame, so the page knows that earlier frames will not be answered. A message of more than
``server.maxMessageSize`` ends the connection before it is read; the limits here are for smaller messages.

Where the browser runs the network, "model" is null and points come in place of frames (`points.py`)::

    {"token", "activity", "model": null} ->
                                       <-   {"kind": "ready"}
    points of frames (binary)          ->
                                       <-   {"kind": "heard", "number"}   of the last frame that is counted
                                       <-   {"kind": "result", ...}

They are small: all are taken, in their order.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import struct
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import numpy as np
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from gaitlab.errors import GaitLabError, InputError
from gaitlab.limits import (
    LIVE_FRAME_MAX_BYTES,
    LIVE_FRAMES_PER_S_MAX,
    LIVE_HELLO_MAX_CHARS,
    LIVE_HELLO_MAX_S,
    LIVE_IDLE_MAX_S,
    LIVE_POINT_SESSIONS_MAX,
    LIVE_POINTS_MAX,
    LIVE_SESSIONS_MAX,
    LIVE_SIDE_MAX_PX,
    LIVE_WAITING_MAX,
)
from gaitlab.live import LiveCount, LiveResult, LiveSession, Seen
from gaitlab.ui.live.points import RECORD, poses_of
from gaitlab.ui.server import tokens
from gaitlab.ui.server.sign_in import ASKING
from gaitlab.ui.shared.help_texts import live_unit
from gaitlab.video import picture_of_jpeg

__all__ = ["LIVE_URL", "LiveDesk", "LiveLimits", "live_route"]

LIVE_URL: Final = "/gaitlab/live"
#: Number of the frame and its time in seconds by the page's clock, before the JPEG.
_HEADER: Final = struct.Struct(">Id")

# Close codes of our own (RFC 6455 leaves 4000 to 4999 to applications); the page has a sentence for each.
_BAD_HELLO, _BAD_TOKEN, _FULL, _TOO_MUCH, _IDLE, _FAILED = 4400, 4401, 4429, 4413, 4408, 4500

_TOO_MANY_FRAMES = "The page sends more frames than agreed; reload it."

_logger = logging.getLogger(__name__)

#: Returns the session of one camera, for an activity and a model; raises GaitLabError.
OpenSession = Callable[[str, str], LiveSession]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveLimits:
    """Limits for one camera *(ours)*.

    Attributes
    ----------
    sessions : int
        Cameras at once; the worker looks at their frames in turn.
    point_sessions : int
        Cameras at once whose browsers run the network.
    waiting : int
        Connections that have not sent their first message.
    hello_chars : int
        The first message has about 160.
    frame_bytes : int
        A frame of 640 x 480 has about 40,000.
    side_px : int
    frames_per_s : float
        Averaged over two seconds.
    points : int
        Frames whose points may come at once, and so many more than `frames_per_s` in all.
    hello_s, idle_s : float
        Longest wait for the first message and for every later one.
    read_every_s, read_share_max : float
        Interval between two counts, and the largest share of time for counting: a slow machine counts less often.
    """

    sessions: int = LIVE_SESSIONS_MAX
    point_sessions: int = LIVE_POINT_SESSIONS_MAX
    waiting: int = LIVE_WAITING_MAX
    hello_chars: int = LIVE_HELLO_MAX_CHARS
    frame_bytes: int = LIVE_FRAME_MAX_BYTES
    side_px: int = LIVE_SIDE_MAX_PX
    frames_per_s: float = LIVE_FRAMES_PER_S_MAX
    points: int = LIVE_POINTS_MAX
    hello_s: float = LIVE_HELLO_MAX_S
    idle_s: float = LIVE_IDLE_MAX_S
    read_every_s: float = 0.5
    read_share_max: float = 0.2


class LiveDesk:
    """The places and the three threads that all live sessions of a server share.

    Parameters
    ----------
    open_session : callable
        Runs in a thread of its own: it may have to load, or even fetch, a model.
    limits : LiveLimits, optional
    """

    def __init__(self, open_session: OpenSession, limits: LiveLimits | None = None) -> None:
        self.open_session = open_session
        self.limits = limits or LiveLimits()
        self.n_open = self.n_open_for_points = self.n_waiting = 0
        # One thread looks at frames, one takes points, and one counts; the networks have threads of their own.
        self.taking = ThreadPoolExecutor(max_workers=1, thread_name_prefix="gaitlab-live-points")
        self.looking = ThreadPoolExecutor(max_workers=1, thread_name_prefix="gaitlab-live")
        self.counting = ThreadPoolExecutor(max_workers=1, thread_name_prefix="gaitlab-live-count")

    def close(self) -> None:
        """Stop the threads after their current work."""
        self.taking.shutdown(wait=False, cancel_futures=True)
        self.looking.shutdown(wait=False, cancel_futures=True)
        self.counting.shutdown(wait=False, cancel_futures=True)


class _Refused(Exception):
    """The connection must be closed: code and reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


def live_route(desk: Callable[[], LiveDesk]) -> WebSocketRoute:
    """Return the route of the socket."""

    async def live(socket: WebSocket) -> None:
        await socket.accept()
        try:
            await _serve(socket, desk())
        except WebSocketDisconnect:
            return
        except _Refused as refusal:
            await _close(socket, refusal.code, refusal.reason)
        except GaitLabError as error:
            await _close(socket, _FAILED, str(error))
        except Exception:
            _logger.exception("a live session failed")
            await _close(socket, _FAILED, "Something went wrong; the server wrote the details to its terminal.")

    return WebSocketRoute(LIVE_URL, live)


async def _close(socket: WebSocket, code: int, reason: str) -> None:
    try:
        # A close frame has room for 123 bytes only, so the sentence goes before it.
        await socket.send_json({"kind": "end", "code": code, "reason": reason})
        await socket.close(code)
    except (RuntimeError, WebSocketDisconnect):  # the other side was quicker
        return


async def _serve(socket: WebSocket, desk: LiveDesk) -> None:
    if desk.n_waiting >= desk.limits.waiting:
        raise _Refused(_FULL, "Many pages ask for a camera at this moment; try again in a few seconds.")
    desk.n_waiting += 1
    try:
        activity, model = await _hello(socket, desk.limits)
    finally:
        desk.n_waiting -= 1
    if model is None:
        await _serve_points(socket, desk, activity)
    else:
        await _serve_frames(socket, desk, activity, model)


async def _serve_frames(socket: WebSocket, desk: LiveDesk, activity: str, model: str) -> None:
    if desk.n_open >= desk.limits.sessions:
        raise _Refused(_FULL, f"{desk.n_open} cameras are live on this server already; stop one, or try again later.")
    desk.n_open += 1
    try:
        session = await _opened(socket, desk, activity, model)
        await socket.send_json({"kind": "ready"})
        await _Frames(socket, desk, session).run()
    finally:
        desk.n_open -= 1


async def _serve_points(socket: WebSocket, desk: LiveDesk, activity: str) -> None:
    n_open = desk.n_open_for_points
    if n_open >= desk.limits.point_sessions:
        raise _Refused(_FULL, f"{n_open} cameras are live on this server already; stop one, or try again later.")
    desk.n_open_for_points += 1
    try:
        count = LiveCount(activity)
        await socket.send_json({"kind": "ready"})
        await _Points(socket, desk, count).run()
    finally:
        desk.n_open_for_points -= 1


async def _opened(socket: WebSocket, desk: LiveDesk, activity: str, model: str) -> LiveSession:
    """Return the session, unless the page leaves meanwhile: fetching a model may take minutes."""
    opening = asyncio.ensure_future(asyncio.to_thread(desk.open_session, activity, model))
    leaving = asyncio.ensure_future(socket.receive())
    try:
        await asyncio.wait({opening, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not leaving.done():
            return opening.result()
        if leaving.result()["type"] == "websocket.disconnect":  # perhaps at the very moment in which it is loaded
            raise WebSocketDisconnect
        raise _Refused(_BAD_HELLO, "Expected nothing before the answer; reload the page.")
    finally:
        opening.cancel()
        leaving.cancel()


async def _hello(socket: WebSocket, limits: LiveLimits) -> tuple[str, str | None]:
    """Return activity and model of the first message, which must carry a token; None where points will come."""
    try:
        text = await asyncio.wait_for(socket.receive_text(), limits.hello_s)
        if len(text) > limits.hello_chars:
            raise ValueError(f"expected at most {limits.hello_chars} characters, got {len(text)}")
        hello = json.loads(text)
        token, activity, model = hello["token"], hello["activity"], hello["model"]
    except (TimeoutError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise _Refused(_BAD_HELLO, "The page and the server do not understand each other; reload the page.") from error
    if not tokens.is_valid(token, "live"):
        raise _Refused(_BAD_TOKEN, "The page was open for too long; reload it.")
    return str(activity), None if model is None else str(model)


class _Conversation(ABC):
    """One camera: a task that takes in what it sends and one that answers."""

    def __init__(self, socket: WebSocket, desk: LiveDesk, session: LiveCount) -> None:
        self._socket, self._desk, self._session = socket, desk, session
        self._arrived = asyncio.Event()
        self._time_s = float("-inf")
        self._result: asyncio.Future[tuple[LiveResult, float]] | None = None
        self._told: LiveResult | None = None
        self._next_read_s = float("-inf")

    async def run(self) -> None:
        """Go on until one side ends it."""
        tasks = [asyncio.create_task(self._take_in()), asyncio.create_task(self._answer())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    @abstractmethod
    async def _take_in(self) -> None:
        """Take in messages until one is refused."""

    @abstractmethod
    async def _answer(self) -> None:
        """Answer what has arrived."""

    async def _next_message(self) -> bytes:
        try:
            message = await asyncio.wait_for(self._socket.receive_bytes(), self._desk.limits.idle_s)
        except TimeoutError as error:
            raise _Refused(_IDLE, "No frame came from the camera for a while; start again.") from error
        except KeyError as error:  # a text where a frame should be
            raise _Refused(_BAD_HELLO, "Expected a frame; reload the page.") from error
        if (asking := ASKING.get()) is not None and time.time() >= asking.until_s:
            raise _Refused(_BAD_TOKEN, "Your sign-in is over; sign in again.")
        return message

    async def _send_result(self, loop: asyncio.AbstractEventLoop, count: int | None) -> None:
        """Send a result that is ready, or the last one with a count that has changed; ask for the next when it is time.

        `count` is that of the newest frame.
        """
        before = self._told
        if self._result is not None and self._result.done():
            self._told, took_s = self._result.result()
            self._result = None
            pause_s = took_s * (1 / self._desk.limits.read_share_max - 1)
            self._next_read_s = max(self._next_read_s, loop.time() + pause_s)
        if self._told is not None and self._told.count is not None and count is not None:
            # Frames went on while the result was made.
            self._told = replace(self._told, count=max(self._told.count, count))
        if self._told is not None and self._told != before:
            unit = live_unit(self._told.activity, shallow=self._told.shallow)
            await self._socket.send_json({"kind": "result", **asdict(self._told), "unit": unit})
        if self._result is None and loop.time() >= self._next_read_s:
            self._next_read_s = loop.time() + self._desk.limits.read_every_s
            self._result = loop.run_in_executor(self._desk.counting, self._read)

    def _read(self) -> tuple[LiveResult, float]:
        """Return the result and the time that this thread spent on it, in seconds."""
        start_s = time.thread_time()
        return self._session.read(), time.thread_time() - start_s


class _Frames(_Conversation):
    """A camera that sends frames: the newest one is looked at."""

    _session: LiveSession

    def __init__(self, socket: WebSocket, desk: LiveDesk, session: LiveSession) -> None:
        super().__init__(socket, desk, session)
        self._newest: bytes | None = None

    async def _take_in(self) -> None:
        limits = self._desk.limits
        recent: deque[float] = deque(maxlen=round(2 * limits.frames_per_s))
        while True:
            frame = await self._next_message()
            now_s = time.monotonic()
            if len(frame) > limits.frame_bytes or (len(recent) == recent.maxlen and now_s - recent[0] < 2.0):
                raise _Refused(_TOO_MUCH, _TOO_MANY_FRAMES)
            recent.append(now_s)
            self._newest = frame
            self._arrived.set()

    async def _answer(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            frame, self._newest = self._newest, None
            if frame is None:
                continue
            number, seen = await loop.run_in_executor(self._desk.looking, self._look, frame)
            await self._socket.send_json(_pose_message(number, seen))
            await self._send_result(loop, None if seen is None else seen.count)

    def _look(self, frame: bytes) -> tuple[int, Seen | None]:
        """Return the number of a frame and the pose in it; None when its time is not later than the last one."""
        if len(frame) < _HEADER.size:
            raise InputError("frame: expected a number, a time and a JPEG; reload the page and start again")
        number, time_s = _HEADER.unpack_from(frame)
        if not math.isfinite(time_s) or time_s <= self._time_s:
            return number, None
        picture = picture_of_jpeg(frame[_HEADER.size :], side_max_px=self._desk.limits.side_px)
        self._time_s = time_s
        return number, self._session.see(picture, time_s)


class _Points(_Conversation):
    """A camera whose browser runs the network: all its points are taken, in their order."""

    def __init__(self, socket: WebSocket, desk: LiveDesk, session: LiveCount) -> None:
        super().__init__(socket, desk, session)
        self._waiting: deque[bytes] = deque()

    async def _take_in(self) -> None:
        limits, start_s, n_frames = self._desk.limits, time.monotonic(), 0
        while True:
            message = await self._next_message()
            n_frames += max(1, len(message) // RECORD.itemsize)
            if n_frames > limits.points + limits.frames_per_s * (time.monotonic() - start_s):
                raise _Refused(_TOO_MUCH, _TOO_MANY_FRAMES)
            self._waiting.append(message)
            self._arrived.set()

    async def _answer(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._waiting:
                message = self._waiting.popleft()
                number, count = await loop.run_in_executor(self._desk.taking, self._take, message)
                await self._socket.send_json({"kind": "heard", "number": number})
                await self._send_result(loop, count)

    def _take(self, message: bytes) -> tuple[int, int | None]:
        """Return the number of the last frame of a message, and the count; frames that came before are passed over."""
        frames, count = poses_of(message), None
        for frame in frames:
            if frame.time_s > self._time_s:
                self._time_s = frame.time_s
                count = self._session.take(frame.detection, frame.image_wh, frame.time_s).count
        return frames[-1].number, count


def _pose_message(number: int, seen: Seen | None) -> dict[str, Any]:
    """Return the pose as shares of the frame's width and height, None for an unknown keypoint."""
    points = None
    if seen is not None and np.isfinite(seen.xy_px).any():
        share = np.round(seen.xy_px / np.array(seen.image_wh), 4)
        points = [None if math.isnan(x) else [x, y] for x, y in share.tolist()]
    return {"kind": "pose", "number": number, "points": points}
