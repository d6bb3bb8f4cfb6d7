"""The guard around the app: under which names it answers, whom, and what every answer says to browsers."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from collections.abc import MutableMapping, Sequence
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from gaitlab.ui.live.socket import LIVE_URL
from gaitlab.ui.routes import MIDDLEWARE, ROUTES
from gaitlab.ui.server.request_guard import Guard, ServedAs, is_own_origin
from gaitlab.ui.server.tokens import signed

HERE = "127.0.0.1:8501"
OWN = {"Host": HERE, "Origin": f"http://{HERE}"}
FOLLOWED_LINK = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
LOOPBACK, EVERYWHERE = ServedAs(address="127.0.0.1"), ServedAs(address="0.0.0.0")


def page(_: Request) -> PlainTextResponse:
    return PlainTextResponse("page")


def broken(_: Request) -> PlainTextResponse:
    raise ZeroDivisionError


async def talk(socket: WebSocket) -> None:
    await socket.accept()
    await socket.close()


OWN_ROUTES = [Route("/own", page, methods=["GET", "POST"]), WebSocketRoute("/own-socket", talk)]
OTHERS = [Route("/page", page, methods=["GET", "PUT"]), Route("/broken", broken), WebSocketRoute("/socket", talk)]


def guarded(routes: Sequence[BaseRoute]) -> Starlette:
    guard = Middleware(Guard, own=OWN_ROUTES, served_as=lambda: LOOPBACK)
    return Starlette(routes=routes, middleware=[guard])


class Asked:
    """What a guarded app says to one request."""

    def __init__(self, path: str, *, method: str | None = "GET", app: Starlette | None = None, **headers: str) -> None:
        self._app = app or guarded([*OWN_ROUTES, *OTHERS])
        self.sent: list[MutableMapping[str, Any]] = []
        self._coming: list[MutableMapping[str, Any]] = [
            {"type": "websocket.connect"},
            {"type": "websocket.disconnect", "code": 1000},
        ]
        kind: dict[str, Any] = {"method": method} if method else {"subprotocols": []}
        self._scope: Scope = kind | {
            "type": "http" if method else "websocket", "path": path.partition("?")[0], "root_path": "",
            "query_string": path.partition("?")[2].encode(),
            "scheme": "http", "headers": [(key.lower().encode(), value.encode()) for key, value in headers.items()],
        }  # fmt: skip

    async def _receive(self) -> MutableMapping[str, Any]:
        return self._coming.pop(0)

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        """Status of the answer; of a socket 101 when it was accepted, else its close code."""
        asyncio.run(self._app(self._scope, self._receive, self._send))
        first = self.sent[0]
        return 101 if first["type"] == "websocket.accept" else int(first.get("status", first.get("code")))

    @property
    def headers(self) -> Headers:
        return Headers(raw=self.sent[0]["headers"])

    @property
    def body(self) -> str:
        return b"".join(message.get("body", b"") for message in self.sent).decode()


def status(path: str, **options: Any) -> int:
    return Asked(path, **options).status


@pytest.mark.parametrize(
    ("host", "on_loopback", "on_every_network"),
    [
        (HERE, True, True),
        ("127.0.0.1", True, True),
        ("127.1.2.3:8501", True, True),
        ("localhost:8501", True, True),
        ("LOCALHOST", True, True),
        ("localhost.:8501", True, True),
        ("[::1]:8501", True, True),
        ("[::1]", True, True),
        ("192.168.1.7:8501", False, True),
        ("[fe80::7]:8501", False, True),
        ("evil.example:8501", False, False),
        ("127.0.0.1.evil.example", False, False),
        ("localhost.evil.example", False, False),
        ("evil.example@127.0.0.1", False, False),
        ("127.0.0.1/evil.example", False, False),
        ("127.0.0.1:port", False, False),
        ("127.0.0.1:99999", False, False),
        ("127.0.0.1\t", False, False),
        ("[::1", False, False),
        ("::1", False, False),
        (".", False, False),
        ("", False, False),
    ],
)
def test_only_names_of_this_server_are_answered(host: str, on_loopback: bool, on_every_network: bool) -> None:
    assert LOOPBACK.knows(host) is on_loopback
    assert EVERYWHERE.knows(host) is on_every_network
    assert ServedAs().knows(host) is on_every_network
    assert ServedAs(address="::").knows(host) is on_every_network


@pytest.mark.parametrize(
    ("address", "host", "known"),
    [
        ("gait.example", "gait.example:8501", True),
        ("Gait.Example.", "gait.example", True),
        ("gait.example", "other.example", False),
        ("gait.example", "192.168.1.7", True),
        ("192.168.1.7", "192.168.1.7:8501", True),
        ("localhost", "192.168.1.7", False),
        ("::1", "192.168.1.7", False),
        ("::1", "localhost:8501", True),
    ],
)
def test_the_address_it_listens_at_is_a_name_of_the_server(address: str, host: str, known: bool) -> None:
    assert ServedAs(address=address).knows(host) is known


@pytest.mark.parametrize(
    ("allowed", "host", "known"),
    [
        ("gait.example", "gait.example:8501", True),
        (" Gait.Example. ", "GAIT.example.", True),
        ("gait.example", "a.gait.example", False),
        ("*.gait.example", "a.gait.example", True),
        ("*.gait.example", "gait.example", False),
        ("*.gait.example", "evilgait.example", False),
        ("*", "any.example", True),
        ("*", "", False),
        ("gait.example", "localhost", False),
        ("gait.example", "192.168.1.7", False),
    ],
)
def test_once_names_are_listed_nothing_else_is_answered(allowed: str, host: str, known: bool) -> None:
    assert ServedAs(address="0.0.0.0", allowed=(allowed,)).knows(host) is known


@pytest.mark.parametrize(
    ("origin", "host", "own"),
    [
        (f"http://{HERE}", HERE, True),
        ("http://localhost:8501", "localhost:8501", True),
        ("http://[::1]:8501", "[::1]:8501", True),
        ("https://gait.example", "gait.example", True),
        ("https://gait.example", "gait.example:443", True),
        ("http://gait.example", "gait.example:80", True),
        ("http://gait.example:80", "GAIT.example.", True),
        ("http://gait.example", "gait.example:8501", False),
        ("http://evil.example", HERE, False),
        ("http://127.0.0.1:9999", HERE, False),
        ("http://127.0.0.1", HERE, False),
        ("http://localhost:8501", HERE, False),
        ("http://[::1", "[::1", False),
        (f"http://{HERE}/page", HERE, False),
        (f"file://{HERE}", HERE, False),
        ("null", HERE, False),
        ("http://", "", False),
        ("", HERE, False),
        (None, HERE, False),
    ],
)
def test_only_pages_of_this_server_are_its_own(origin: str | None, host: str, own: bool) -> None:
    headers = {"host": host} | ({} if origin is None else {"origin": origin})
    assert is_own_origin(Headers(headers)) is own


@pytest.mark.parametrize("path", ["/page", "/own", "/nowhere"])
def test_under_another_name_nothing_is_answered(path: str) -> None:
    asked = Asked(path, Host="evil.example:8501")
    assert asked.status == 403
    assert "--server.allowedHosts" in asked.body
    assert "\n" not in asked.body


@pytest.mark.parametrize("path", ["/socket", "/own-socket"])
@pytest.mark.parametrize(
    ("headers", "answer"),
    [
        (OWN, 101),
        ({"Host": "localhost:8501", "Origin": "http://localhost:8501", "Sec-Fetch-Site": "same-origin"}, 101),
        ({"Host": HERE, "Origin": "http://127.0.0.1:9999"}, 1008),
        ({"Host": HERE, "Origin": "http://evil.example"}, 1008),
        ({"Host": HERE, "Origin": "null"}, 1008),
        ({"Host": "evil.example", "Origin": "http://evil.example"}, 1008),
    ],
)
def test_a_socket_is_opened_by_pages_of_this_server_only(path: str, headers: dict[str, str], answer: int) -> None:
    assert status(path, method=None, **headers) == answer


def test_who_tells_no_origin_is_no_browser_and_gets_streamlits_socket_but_not_ours() -> None:
    assert status("/socket", method=None, Host=HERE) == 101
    assert status("/own-socket", method=None, Host=HERE) == 1008


@pytest.mark.parametrize(
    ("path", "method", "headers", "answer"),
    [
        ("/own signed", "GET", {}, 200),
        ("/own signed", "GET", {"Sec-Fetch-Site": "same-origin"}, 200),
        ("/own signed", "GET", {"Sec-Fetch-Site": "none"}, 200),
        ("/own signed", "GET", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("/own signed", "GET", {"Sec-Fetch-Site": "same-site"}, 403),
        ("/own signed", "GET", FOLLOWED_LINK, 403),
        ("/own signed", "GET", {"Origin": "http://127.0.0.1:9999"}, 403),
        ("/own", "GET", {}, 403),
        ("/own", "GET", {"Origin": f"http://{HERE}"}, 403),
        ("/other signed", "GET", {}, 404),
        ("/own", "POST", {"Origin": f"http://{HERE}"}, 200),
        ("/own", "POST", {}, 403),
        ("/own", "POST", {"Origin": "null"}, 403),
        ("/own", "POST", {"Origin": "http://evil.example"}, 403),
        ("/page", "GET", FOLLOWED_LINK, 200),
        ("/page", "GET", {**FOLLOWED_LINK, "Sec-Fetch-Site": "same-site"}, 200),
        ("/page", "GET", {**FOLLOWED_LINK, "Sec-Fetch-Dest": "iframe"}, 403),
        ("/page", "GET", {**FOLLOWED_LINK, "Origin": "http://evil.example"}, 403),
        ("/page", "GET", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403),
        ("/page", "PUT", {"Origin": f"http://{HERE}"}, 200),
        ("/page", "PUT", {}, 200),
        ("/page", "PUT", {"Origin": "http://127.0.0.1:9999"}, 403),
        ("/page", "PUT", FOLLOWED_LINK, 403),
    ],
)
def test_other_pages_get_nothing_but_a_link_opens_a_page(
    path: str, method: str, headers: dict[str, str], answer: int
) -> None:
    address = signed(path.removesuffix(" signed")) if path.endswith(" signed") else path
    assert status(address, method=method, Host=HERE, **headers) == answer


@pytest.mark.parametrize(("path", "host", "answer"), [("/page", HERE, 200), ("/", HERE, 404), ("/page", "evil", 403)])
def test_no_answer_can_be_framed(path: str, host: str, answer: int) -> None:
    asked = Asked(path, Host=host)
    assert asked.status == answer
    assert "frame-ancestors 'none'" in asked.headers["content-security-policy"]
    assert asked.headers["x-frame-options"] == "DENY"
    assert asked.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(("path", "answer"), [("/page", 200), ("/own", 403), ("/nothing", 404)])
def test_pages_and_all_that_they_load_are_kept_apart_from_other_sites(path: str, answer: int) -> None:
    asked = Asked(path, Host=HERE)
    assert asked.status == answer
    kept = {kind: asked.headers[f"cross-origin-{kind}-policy"] for kind in ("opener", "embedder", "resource")}
    assert kept == {"opener": "same-origin", "embedder": "require-corp", "resource": "same-origin"}


def test_an_answer_that_a_sandbox_keeps_apart_says_so_itself() -> None:
    async def report(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("", headers={"Cross-Origin-Opener-Policy": "unsafe-none"})(scope, receive, send)

    asked = Asked("/", app=guarded([Mount("/", report)]), Host=HERE)
    assert asked.status == 200
    assert asked.headers.getlist("cross-origin-opener-policy") == ["unsafe-none"]


def test_a_fault_is_marked_too_and_still_reaches_the_log() -> None:
    asked = Asked("/broken", Host=HERE)
    with pytest.raises(ZeroDivisionError):
        _ = asked.status
    assert [message.get("status") for message in asked.sent] == [500, None]
    assert asked.headers["x-frame-options"] == "DENY"


def test_a_message_that_a_socket_cannot_take_ends_it_with_one_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """Streamlit's socket expects bytes, and raises for a text."""

    async def expects_bytes(socket: WebSocket) -> None:
        await socket.accept()
        await socket.receive_bytes()

    app = guarded([WebSocketRoute("/socket", expects_bytes)])
    said: list[MutableMapping[str, Any]] = [
        {"type": "websocket.connect"},
        {"type": "websocket.receive", "text": "a text"},
    ]
    scope = {"type": "websocket", "path": "/socket", "root_path": "", "query_string": b"", "subprotocols": []}

    async def receive() -> MutableMapping[str, Any]:
        return said.pop(0)

    async def send(_: MutableMapping[str, Any]) -> None:
        return

    asyncio.run(app({**scope, "headers": [(b"host", HERE.encode())]}, receive, send))
    (line,) = caplog.records
    assert "a socket was ended by what came in" in line.getMessage()
    assert line.exc_info is None


def test_an_answer_keeps_its_own_policy_beside_ours() -> None:
    async def report(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("", headers={"Content-Security-Policy": "sandbox"})(scope, receive, send)

    asked = Asked("/", app=guarded([Mount("/", report)]), Host=HERE)
    assert asked.status == 200
    sandbox, everywhere = asked.headers.getlist("content-security-policy")
    assert (sandbox, everywhere.split("; ")[0]) == ("sandbox", "default-src 'self'")


@pytest.mark.parametrize(
    ("host", "named"), [(HERE, HERE), ("[::1]:8501", "[::1]:8501"), ("LOCALHOST", "localhost"), ("a; b", "localhost")]
)
def test_pages_use_this_server_only_and_tell_nobody_where_they_were(host: str, named: str) -> None:
    asked = Asked("/page", Host=host)
    assert asked.status in {200, 403}
    policy = dict(part.split(" ", 1) for part in asked.headers["content-security-policy"].split("; "))
    assert policy["connect-src"] == f"'self' blob: ws://{named} wss://{named}"
    assert "unsafe" not in policy["script-src"]
    assert {policy[kind] for kind in ("object-src", "frame-src", "base-uri")} == {"'none'"}
    assert asked.headers["referrer-policy"] == "same-origin"


def test_no_script_within_a_page_runs_but_those_that_are_known() -> None:
    guard = Middleware(Guard, own=[], served_as=lambda: LOOPBACK, scripts=["run()"])
    asked = Asked("/page", app=Starlette(routes=OTHERS, middleware=[guard]), Host=HERE)
    assert asked.status == 200
    hashed = base64.b64encode(hashlib.sha256(b"run()").digest()).decode()
    assert f"script-src 'self' blob: 'sha256-{hashed}';" in asked.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/page", "/worker.js"])
def test_only_the_named_workers_may_run_webassembly(path: str) -> None:
    guard = Middleware(Guard, own=[], served_as=lambda: LOOPBACK, with_wasm=["/worker.js"])
    answers = [Route(one, page) for one in ("/page", "/worker.js")]
    asked = Asked(path, app=Starlette(routes=answers, middleware=[guard]), Host=HERE)
    assert asked.status == 200
    allowed = "script-src 'self' 'wasm-unsafe-eval' blob:;" in asked.headers["content-security-policy"]
    assert allowed is (path == "/worker.js")


@pytest.mark.parametrize("path", [re.sub(r"{\w+:?\w*}", "1", route.path) for route in ROUTES])
@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Host": HERE, **FOLLOWED_LINK}])
def test_no_own_route_answers_another_name_or_a_link(path: str, headers: dict[str, str]) -> None:
    app = Starlette(routes=ROUTES, middleware=MIDDLEWARE)
    if path == LIVE_URL:
        assert Asked(path, method=None, app=app, **headers).status == 1008
    else:
        assert Asked(signed(path), app=app, **headers).status == 403


@pytest.mark.parametrize("path", [re.sub(r"{\w+:?\w*}", "1", route.path) for route in ROUTES])
def test_no_own_route_hands_out_anything_without_the_key_that_a_page_gives(path: str) -> None:
    app = Starlette(routes=ROUTES, middleware=MIDDLEWARE)
    for address in (path, signed("/gaitlab/media/2").replace("/gaitlab/media/2", path), f"{path}?key="):
        asked = Asked(address, app=app, Host=HERE)
        assert asked.status in {403, 404} if path == LIVE_URL else asked.status == 403
