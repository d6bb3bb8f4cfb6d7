"""The places and threads that the cameras of a server share, and the cameras whose connection broke off."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

from gaitlab.limits import (
    LIVE_FRAME_MAX_BYTES,
    LIVE_FRAMES_PER_S_MAX,
    LIVE_HELLO_MAX_CHARS,
    LIVE_HELLO_MAX_S,
    LIVE_IDLE_MAX_S,
    LIVE_KEPT_S,
    LIVE_POINT_SESSIONS_MAX,
    LIVE_POINTS_KEPT_MAX,
    LIVE_SESSIONS_MAX,
    LIVE_SIDE_MAX_PX,
    LIVE_WAITING_MAX,
)
from gaitlab.live import LiveCount, LiveSession

__all__ = ["Connection", "LiveDesk", "LiveLimits", "OpenSession", "Place", "PointCamera"]

#: Where somebody stands in the picture, as shares of its width and height.
Place = tuple[float, float]
#: Returns the session of one camera, for an activity, a model and the place of the person, None for the nearest one;
#: raises GaitLabError.
OpenSession = Callable[[str, str, Place | None], LiveSession]

_NAME_BYTES: Final = 16  # nobody guesses it, and no two are alike


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveLimits:
    """Limits for one camera *(ours)*.

    Attributes
    ----------
    sessions : int
        Cameras at once; the worker looks at their frames in turn.
    point_sessions : int
        Cameras at once whose browsers run the network, and as many whose connection broke off.
    waiting : int
        Connections that have not sent their first message.
    hello_chars : int
        The first message has about 180.
    frame_bytes : int
        A frame of 640 x 480 has about 40,000.
    side_px : int
    frames_per_s : float
        Averaged over two seconds.
    points : int
        Frames whose points may come at once, and so many more than `frames_per_s` in all: what a browser keeps.
    hello_s, idle_s : float
        Longest wait for the first message and for every later one.
    kept_s : float
        So long a camera is waited for whose connection broke off.
    read_every_s, read_quiet_s : float
        Shortest interval between two counts, and the longest while nobody comes back from a turn.
    read_share_max, read_share_watched, read_share_of_all : float
        The largest share of time for counting: of one camera, of one where what turns between two counts is told at
        once, and of all that send points. A slow machine, or a full one, counts less often.
    """

    sessions: int = LIVE_SESSIONS_MAX
    point_sessions: int = LIVE_POINT_SESSIONS_MAX
    waiting: int = LIVE_WAITING_MAX
    hello_chars: int = LIVE_HELLO_MAX_CHARS
    frame_bytes: int = LIVE_FRAME_MAX_BYTES
    side_px: int = LIVE_SIDE_MAX_PX
    frames_per_s: float = LIVE_FRAMES_PER_S_MAX
    points: int = LIVE_POINTS_KEPT_MAX
    hello_s: float = LIVE_HELLO_MAX_S
    idle_s: float = LIVE_IDLE_MAX_S
    kept_s: float = LIVE_KEPT_S
    read_every_s: float = 0.5
    read_quiet_s: float = 4.0
    read_share_max: float = 0.2
    read_share_watched: float = 0.03
    read_share_of_all: float = 0.5


class Connection:
    """What a camera is heard through: one asks for its end with `over`, and it tells of it with `left`."""

    def __init__(self) -> None:
        self.over, self.left = asyncio.Event(), asyncio.Event()


@dataclass(slots=True, kw_only=True, eq=False)
class PointCamera:
    """A camera that sends points, as far as it was heard; it may outlive its connection.

    Attributes
    ----------
    activity : str
    subject : str
        Who opened its page.
    count : LiveCount
    name : str
        With it a page comes back; a secret of the page.
    number : int
        Of the last frame that was heard.
    time_s, read_s : float
        Of that frame, and of the one before which frames had to wait for a reading last, by the page's clock.
    connection : Connection or None
        None while it has none.
    kept_until_s : float
        Time of `time.monotonic` until which a camera without a connection is waited for.
    """

    activity: str
    subject: str
    count: LiveCount
    name: str = field(default_factory=lambda: secrets.token_urlsafe(_NAME_BYTES))
    number: int = 0
    time_s: float = float("-inf")
    read_s: float = float("-inf")
    connection: Connection | None = None
    kept_until_s: float = 0.0


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
        self.n_open = self.n_waiting = 0
        self._cameras: dict[str, PointCamera] = {}
        # One thread looks at frames, one takes points, and one counts; the networks have threads of their own.
        self.taking = ThreadPoolExecutor(max_workers=1, thread_name_prefix="gaitlab-live-points")
        self.looking = ThreadPoolExecutor(max_workers=1, thread_name_prefix="gaitlab-live")
        self.counting = ThreadPoolExecutor(max_workers=1, thread_name_prefix="gaitlab-live-count")

    @property
    def n_open_for_points(self) -> int:
        """Return how many cameras that send points are connected."""
        return sum(one.connection is not None for one in self._cameras.values())

    def pause_s(self, took_s: float, *, tells_turns: bool) -> float:
        """Return how long to wait after a count that took so much time of the processor, as full as the server is."""
        limits = self.limits
        share = min(limits.read_share_max, limits.read_share_of_all / max(1, self.n_open_for_points))
        longer_s = min(took_s * (1 / limits.read_share_watched - 1), limits.read_quiet_s) if tells_turns else 0.0
        return max(took_s * (1 / share - 1), longer_s)

    async def camera(self, name: str, *, activity: str, subject: str) -> PointCamera:
        """Return the camera of that name, or a new one where none is waited for.

        A connection that it still has is ended first: the page knows better than the server that it broke off.
        """
        known = self._cameras.get(name)
        if known is None or (known.activity, known.subject) != (activity, subject) or self._is_over(known):
            return PointCamera(activity=activity, subject=subject, count=LiveCount(activity))
        while known.connection is not None:  # another page may have come back with it meanwhile
            known.connection.over.set()
            await known.connection.left.wait()
        return known

    def connect(self, camera: PointCamera) -> Connection:
        """Give the camera a place."""
        camera.connection = Connection()
        self._cameras[camera.name] = camera
        return camera.connection

    def leave(self, camera: PointCamera, *, comes_back: bool) -> None:
        """Take the place back; of the cameras that come back, those that left first give way when there are many."""
        if camera.connection is not None:
            camera.connection.left.set()
            camera.connection = None
        del self._cameras[camera.name]
        if comes_back:
            camera.kept_until_s = time.monotonic() + self.limits.kept_s
            self._cameras[camera.name] = camera
        away = [one for one in self._cameras.values() if one.connection is None]
        for i, one in enumerate(away):
            if self._is_over(one) or i < len(away) - self.limits.point_sessions:
                del self._cameras[one.name]

    def _is_over(self, camera: PointCamera) -> bool:
        return camera.connection is None and time.monotonic() >= camera.kept_until_s

    def close(self) -> None:
        """Stop the threads after their current work."""
        self.taking.shutdown(wait=False, cancel_futures=True)
        self.looking.shutdown(wait=False, cancel_futures=True)
        self.counting.shutdown(wait=False, cancel_futures=True)
