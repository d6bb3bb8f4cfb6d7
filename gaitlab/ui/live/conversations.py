"""What the server says to one camera: the pose of the newest frame, or that points were heard; and numbers."""

from __future__ import annotations

import asyncio
import math
import struct
import time
from abc import ABC, abstractmethod
from collections import deque
from dataclasses import asdict, replace
from typing import Any, Final

import numpy as np
from starlette.websockets import WebSocket

from gaitlab.errors import InputError
from gaitlab.live import LiveCount, LiveResult, LiveSession, Seen
from gaitlab.records import Side
from gaitlab.ui.live.places import Connection, LiveDesk, PointCamera
from gaitlab.ui.live.points import RECORD, PosedFrame, poses_of
from gaitlab.ui.server.sign_in import ASKING
from gaitlab.ui.shared.help_texts import live_unit
from gaitlab.video import picture_of_jpeg

__all__ = [
    "BAD_HELLO",
    "BAD_TOKEN",
    "FAILED",
    "FULL",
    "IDLE",
    "TOO_MUCH",
    "FrameConversation",
    "PointConversation",
    "Refused",
]

#: Number of the frame and its time in seconds by the page's clock, before the JPEG.
_HEADER: Final = struct.Struct(">Id")
#: Close codes of our own (RFC 6455 leaves 4000 to 4999 to applications); the page has a sentence for each.
BAD_HELLO, BAD_TOKEN, FULL, TOO_MUCH, IDLE, FAILED = 4400, 4401, 4429, 4413, 4408, 4500

_TOO_MANY_FRAMES: Final = "The page sends more frames than agreed; reload it."
_READ_AGAIN_S: Final = 2.0  # of frames that come at once: where a reading changes nothing, the next one can wait (ours)


class Refused(Exception):
    """The connection must be closed: code and reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class Conversation(ABC):
    """One camera: a task that takes in what it sends and one that answers."""

    def __init__(self, socket: WebSocket, desk: LiveDesk, session: LiveCount) -> None:
        self._socket, self._desk, self._session = socket, desk, session
        self._arrived = asyncio.Event()
        self._result: asyncio.Future[tuple[LiveResult, float]] | None = None
        self._told: LiveResult | None = None
        self._began_s = self._next_read_s = float("-inf")  # of readings

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
            raise Refused(IDLE, "No frame came from the camera for a while; start again.") from error
        except KeyError as error:  # a text where a frame should be
            raise Refused(BAD_HELLO, "Expected a frame; reload the page.") from error
        if (asking := ASKING.get()) is not None and time.time() >= asking.until_s:
            raise Refused(BAD_TOKEN, "Your sign-in is over; sign in again.")
        return message

    async def _send_result(self, loop: asyncio.AbstractEventLoop, count: int | None) -> None:
        """Send a result that is ready, or the last one with a count that has changed; ask for the next when it is time.

        `count` is that of the newest frame.
        """
        before = self._told
        if self._result is not None and self._result.done():
            self._told, took_s = self._result.result()
            self._result = None
            pause_s = self._desk.pause_s(took_s, tells_turns=self._session.tells_turns)
            self._next_read_s = max(self._next_read_s, loop.time() + pause_s)
        if self._told is not None and self._told.count is not None and count is not None:
            # Frames went on while the result was made.
            self._told = replace(self._told, count=max(self._told.count, count))
        if self._told is not None and self._told != before:
            unit = live_unit(self._told.activity, shallow=self._told.shallow)
            await self._socket.send_json({"kind": "result", **asdict(self._told), "unit": unit})
        if self._result is None and self._is_time_to_read(loop.time()):
            self._began_s = loop.time()
            self._next_read_s = self._began_s + self._desk.limits.read_every_s
            self._result = loop.run_in_executor(self._desk.counting, self._read)

    def _is_time_to_read(self, now_s: float) -> bool:
        is_long_ago = now_s >= self._began_s + self._desk.limits.read_quiet_s
        return now_s >= self._next_read_s and (is_long_ago or self._session.may_have_changed())

    def _read(self) -> tuple[LiveResult, float]:
        """Return the result and the time that this thread spent on it, in seconds."""
        start_s = time.thread_time()
        return self._session.read(), time.thread_time() - start_s


class FrameConversation(Conversation):
    """A camera that sends frames: the newest one is looked at."""

    _session: LiveSession

    def __init__(self, socket: WebSocket, desk: LiveDesk, session: LiveSession) -> None:
        super().__init__(socket, desk, session)
        self._newest: bytes | None = None
        self._time_s = float("-inf")

    async def _take_in(self) -> None:
        limits = self._desk.limits
        recent: deque[float] = deque(maxlen=round(2 * limits.frames_per_s))
        while True:
            frame = await self._next_message()
            now_s = time.monotonic()
            if len(frame) > limits.frame_bytes or (len(recent) == recent.maxlen and now_s - recent[0] < 2.0):
                raise Refused(TOO_MUCH, _TOO_MANY_FRAMES)
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


class PointConversation(Conversation):
    """A camera whose browser runs the network: all its points are taken, in their order."""

    def __init__(self, socket: WebSocket, desk: LiveDesk, camera: PointCamera, connection: Connection) -> None:
        super().__init__(socket, desk, camera.count)
        self._camera, self._connection = camera, connection
        self._waiting: deque[bytes] = deque()

    async def run(self) -> None:
        """Go on until one side ends it, or the camera is heard through another connection."""
        going_on = asyncio.create_task(super().run())
        over = asyncio.create_task(self._connection.over.wait())
        try:
            await asyncio.wait({going_on, over}, return_when=asyncio.FIRST_COMPLETED)
            if going_on.done():
                going_on.result()
        finally:
            going_on.cancel()
            over.cancel()
            await asyncio.gather(going_on, over, return_exceptions=True)

    async def _take_in(self) -> None:
        limits, start_s, n_frames = self._desk.limits, time.monotonic(), 0
        while True:
            message = await self._next_message()
            n_frames += max(1, len(message) // RECORD.itemsize)
            if n_frames > limits.points + limits.frames_per_s * (time.monotonic() - start_s):
                raise Refused(TOO_MUCH, _TOO_MANY_FRAMES)
            self._waiting.append(message)
            self._arrived.set()

    async def _answer(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._waiting:
                frames, seen = poses_of(self._waiting.popleft()), None
                while frames:
                    frames, seen = await loop.run_in_executor(self._desk.taking, self._take, frames)
                    if frames:
                        await self._read_now(loop)
                heard = {"kind": "heard", "number": self._camera.number, "reach": _reach(seen)}
                await self._socket.send_json(heard)
                await self._send_result(loop, None if seen is None else seen.count)

    async def _read_now(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wait for a reading that knows the newest frame."""
        self._camera.read_s = self._camera.time_s
        if self._result is not None:
            await asyncio.wait({self._result})
        self._result = loop.run_in_executor(self._desk.counting, self._read)
        await asyncio.wait({self._result})

    def _take(self, frames: tuple[PosedFrame, ...]) -> tuple[tuple[PosedFrame, ...], Seen | None]:
        """Take frames until there must be a reading; return those after it, and what is seen last.

        Frames that came before are passed over.
        """
        camera, seen = self._camera, None
        for i, frame in enumerate(frames):
            if frame.time_s - camera.read_s > _READ_AGAIN_S and camera.count.must_be_read():
                return frames[i:], seen
            if frame.time_s > camera.time_s:
                camera.time_s = frame.time_s
                seen = camera.count.take(frame.detection, frame.image_wh, frame.time_s)
        camera.number = frames[-1].number
        return (), seen


def _pose_message(number: int, seen: Seen | None) -> dict[str, Any]:
    """Return the pose as shares of the frame's width and height, None for an unknown keypoint."""
    points = None
    if seen is not None and np.isfinite(seen.xy_px).any():
        share = np.round(seen.xy_px / np.array(seen.image_wh), 4)
        points = [None if math.isnan(x) else [x, y] for x, y in share.tolist()]
    return {"kind": "pose", "number": number, "points": points, "reach": _reach(seen)}


def _reach(seen: Seen | None) -> dict[Side, float]:
    return {} if seen is None else {side: round(share, 3) for side, share in seen.reach.items()}
