"""A limit on requests per minute: a loop of one page or program must not keep the server from all others."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from gaitlab.limits import REQUESTS_PER_MINUTE_MAX

__all__ = ["Pace"]

_MINUTE_S: Final = 60.0
_ADDRESSES_MAX: Final = 1000
_TOO_OFTEN: Final = "Too many requests in a minute; wait a minute and try again."


class Pace:
    """ASGI middleware: beyond so many requests in a minute, the routes for data answer an address with 429.

    Parameters
    ----------
    app : ASGI application
    own : sequence of routes
        The routes that are counted, all together; the pages and their files are not.
    per_minute : int
    clock : callable
        Seconds that never go back.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        own: Sequence[BaseRoute],
        per_minute: int = REQUESTS_PER_MINUTE_MAX,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app, self._own, self._per_minute, self._clock = app, own, per_minute, clock
        self._since_s: dict[str, deque[float]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        is_own = scope["type"] in ("http", "websocket") and any(
            route.matches(scope)[0] is not Match.NONE for route in self._own
        )
        if not is_own or self._is_in_time((scope.get("client") or ("",))[0]):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            answer = PlainTextResponse(_TOO_OFTEN, status_code=429, headers={"Retry-After": f"{_MINUTE_S:.0f}"})
            await answer(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1013, "reason": ""})

    def _is_in_time(self, address: str) -> bool:
        now_s = self._clock()
        if address not in self._since_s and len(self._since_s) >= _ADDRESSES_MAX:
            self._since_s.pop(next(iter(self._since_s)))
        recent = self._since_s.setdefault(address, deque())
        while recent and now_s - recent[0] >= _MINUTE_S:
            recent.popleft()
        if len(recent) >= self._per_minute:
            return False
        recent.append(now_s)
        return True
