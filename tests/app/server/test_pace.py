"""The limit on requests per minute: what is counted, for whom, and when it ends."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from gaitlab.ui.server.pace import Pace


def answer(_: Request) -> PlainTextResponse:
    return PlainTextResponse("here")


OWN = [Route("/own", answer)]


class Desk:
    """An app that takes two requests in a minute, with a clock that is set by hand."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._app = Pace(
            Starlette(routes=[*OWN, Route("/page", answer)]), own=OWN, per_minute=2, clock=lambda: self.now_s
        )

    def ask(self, path: str = "/own", *, client: str = "192.168.1.7") -> int:
        """Return the status of the response."""
        sent: list[MutableMapping[str, Any]] = []

        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.request"}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": path, "headers": [], "client": (client, 5000)}
        asyncio.run(self._app(scope | {"query_string": b"", "root_path": ""}, receive, send))
        return int(sent[0]["status"])


def test_the_third_request_in_a_minute_is_refused_and_the_first_after_it_is_not() -> None:
    desk = Desk()
    assert [desk.ask() for _ in range(3)] == [200, 200, 429]
    desk.now_s = 59.9
    assert desk.ask() == 429
    desk.now_s = 60.0
    assert desk.ask() == 200


def test_another_address_has_its_own_minute() -> None:
    desk = Desk()
    assert [desk.ask() for _ in range(3)] == [200, 200, 429]
    assert desk.ask(client="192.168.1.8") == 200


def test_pages_are_not_counted() -> None:
    desk = Desk()
    assert [desk.ask("/page") for _ in range(5)] == [200] * 5
    assert desk.ask() == 200
