"""Tokens: good for one purpose and a short time, and not to be made up."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute

from gaitlab.ui import tokens
from gaitlab.ui.origin import guarded, is_known_host, is_own_origin
from gaitlab.ui.routes import ROUTES
from tests.app.test_routes import get

NOW_S = 1_000_000.0


def test_a_token_opens_its_door_until_it_expires() -> None:
    token = tokens.issue("live", now_s=NOW_S)
    assert tokens.is_valid(token, "live", now_s=NOW_S + tokens.LIFETIME_S)
    assert not tokens.is_valid(token, "live", now_s=NOW_S + tokens.LIFETIME_S + 1)


def test_a_token_is_for_one_purpose() -> None:
    assert not tokens.is_valid(tokens.issue("live", now_s=NOW_S), "upload", now_s=NOW_S)


def test_two_tokens_differ() -> None:
    assert tokens.issue("live", now_s=NOW_S) != tokens.issue("live", now_s=NOW_S)


def test_a_token_with_a_later_end_does_not_fit_its_signature() -> None:
    expires, nonce, signature = tokens.issue("live", now_s=NOW_S).split(".")
    assert not tokens.is_valid(f"{int(expires) + 60}.{nonce}.{signature}", "live", now_s=NOW_S)


@pytest.mark.parametrize("token", [None, 7, "", "..", "a.b", "1.2.3", "ä.ö.ü", "9" * 5000 + "..", {"a": 1}])
def test_what_is_no_token_is_refused(token: object) -> None:
    assert not tokens.is_valid(token, "live", now_s=NOW_S)


@pytest.mark.parametrize(
    ("origin", "host", "own"),
    [
        ("http://127.0.0.1:8501", "127.0.0.1:8501", True),
        ("https://gait.example", "gait.example", True),
        ("http://evil.example", "127.0.0.1:8501", False),
        ("http://127.0.0.1:9999", "127.0.0.1:8501", False),
        ("null", "127.0.0.1:8501", False),
        (None, "127.0.0.1:8501", False),
        ("file://127.0.0.1:8501", "127.0.0.1:8501", False),
    ],
)
def test_only_pages_of_this_server_are_its_own(origin: str | None, host: str, own: bool) -> None:
    headers = {"host": host} | ({"origin": origin} if origin else {})
    assert is_own_origin(Headers(headers)) is own


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "localhost:8501"}, 200),
        ({"Host": "192.168.1.7:8501"}, 200),
        ({"Host": "[::1]:8501", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Host": "gait.example", "Sec-Fetch-Site": "none"}, 200),
        ({"Host": "evil.example:8501"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Host": "[::1"}, 403),
        ({}, 403),
        ({"Host": "127.0.0.1:8501", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Host": "127.0.0.1:8501", "Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_other_names_and_other_sites_get_nothing_of_a_guarded_route(headers: dict[str, str], status: int) -> None:
    route = guarded(Route("/own", lambda _: PlainTextResponse("private")), lambda: ["gait.example"])
    assert get(Starlette(routes=[route]), "/own", **headers).status == status


def test_names_below_an_allowed_one_are_known_only_with_a_star() -> None:
    assert is_known_host("a.gait.example", ["*.gait.example"])
    assert not is_known_host("a.gait.example", ["gait.example"])


@pytest.mark.parametrize("route", ROUTES)
def test_every_own_route_is_guarded(route: Route | WebSocketRoute) -> None:
    sent: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async def receive() -> MutableMapping[str, Any]:
        raise AssertionError("a refused request is not read")

    kind = "websocket" if isinstance(route, WebSocketRoute) else "http"

    async def ask() -> None:
        await route.app(scope, receive, send)

    scope = {"type": kind, "headers": [(b"host", b"evil.example")]}
    asyncio.run(ask())
    assert sent[0].get("status", sent[0].get("code")) in (403, 1008)
