"""What other sites, other ports and other programs get of the app: nothing; and what a link and a listed name open."""

from __future__ import annotations

import base64
import http.client
import os
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from gaitlab.storage import open_store
from gaitlab.ui.analyse.upload_route import UPLOAD_URL
from gaitlab.ui.live.socket import LIVE_URL
from tests.app.builders_ui import walk
from tests.browser.conftest import CHROMIUM_FLAGS, PATIENCE_MS, ServedApp, serving, settled

pytestmark = pytest.mark.browser

EVIL, NAME, PERSON = "evil.example", "gait.example", "Ann Almond"
STREAM_URL, BACKUP_URL = "/_stcore/stream", "/gaitlab/backup"
# What an open socket, or a closed one, tells; the page waits for it.
TRY_SOCKET = """url => new Promise(resolve => {
    const socket = new WebSocket(url, url.endsWith("stream") ? ["streamlit"] : []);
    socket.onopen = () => resolve("open");
    socket.onclose = () => resolve("closed");
})"""
SEND = "([url, method]) => fetch(url, { method, mode: 'no-cors', body: method === 'GET' ? null : 'x' }).catch(() => 0)"
MESSAGE_BYTES, PIECE_BYTES, GROWTH_MAX_BYTES = 120_000_000, 1 << 20, 40_000_000


@pytest.fixture(scope="module")
def browser(playwright: Playwright, chromium: Path) -> Iterator[Browser]:
    """Start Chromium with two names that lead to this computer, as rebinding makes them."""
    rules = f"--host-resolver-rules=MAP {EVIL} 127.0.0.1, MAP {NAME} 127.0.0.1"
    browser = playwright.chromium.launch(executable_path=str(chromium), args=[*CHROMIUM_FLAGS, rules])
    yield browser
    browser.close()


def _with_somebody(app: ServedApp) -> ServedApp:
    store = open_store(f"sqlite:///{app.data_dir / 'gaitlab.db'}")
    store.save(walk(), person=PERSON)
    store.close()
    return app


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedApp]:
    """Serve the app with one person in it for all tests of this file: none changes anything."""
    with serving(tmp_path_factory.mktemp("app")) as app:
        yield _with_somebody(app)


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Page]:
    """Open a page for all tests of this file: each goes somewhere before it looks."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


@pytest.fixture
def page(window: Page) -> Iterator[Page]:
    """Lend the page, empty; its faults are not counted: here they are what is hoped for."""
    yield window
    window.goto("about:blank")


class _Other(BaseHTTPRequestHandler):
    """Serves one page for every address."""

    def __init__(self, html: str, *args: object) -> None:
        self._html = html
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(self._html.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def other(served: ServedApp) -> Iterator[int]:
    """Serve a page that frames the app and links to it, and yield its port."""
    html = f'<iframe src="{served.url}/people"></iframe><a href="{served.url}/people">Detection</a>'
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Other, html))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


class Answers:
    """The status of what the server answers to a page, also where the browser keeps the answer from the page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._addresses: dict[str, str] = {}
        self._statuses: dict[str, int] = {}
        network = page.context.new_cdp_session(page)
        network.on("Network.requestWillBeSent", self._sent)
        network.on("Network.responseReceivedExtraInfo", self._received)
        network.send("Network.enable")

    def _sent(self, event: dict[str, Any]) -> None:
        self._addresses[event["requestId"]] = event["request"]["url"]

    def _received(self, event: dict[str, Any]) -> None:
        self._statuses[event["requestId"]] = event["statusCode"]

    def status(self, address: str) -> int:
        """Wait for the answer to a request for an address."""
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while time.monotonic() < deadline:
            for number, status in self._statuses.items():
                if self._addresses.get(number) == address:
                    return status
            self._page.wait_for_timeout(50)
        raise AssertionError(f"nobody answered {address}")


def shows_the_person(page: Page) -> None:
    settled(page)
    expect(page.get_by_text(PERSON).first).to_be_visible()


@pytest.mark.parametrize("path", ["/people", "/", BACKUP_URL, STREAM_URL, "/_stcore/health"])
def test_a_name_that_was_led_to_this_computer_opens_nothing(page: Page, served: ServedApp, path: str) -> None:
    answer = page.goto(f"http://{EVIL}:{served.port}{path}")
    assert answer is not None
    assert answer.status == 403
    expect(page.locator("body")).to_contain_text("open it at localhost")
    assert page.get_by_text(PERSON).count() == 0
    assert page.locator("#root").count() == 0


@pytest.mark.parametrize("name", [EVIL, "127.0.0.1", "localhost"])
@pytest.mark.parametrize("path", [STREAM_URL, LIVE_URL])
def test_no_page_of_another_port_opens_a_socket(
    page: Page, served: ServedApp, other: int, name: str, path: str
) -> None:
    page.goto(f"http://{name}:{other}")
    for asked in {name, "127.0.0.1"}:
        assert page.evaluate(TRY_SOCKET, f"ws://{asked}:{served.port}{path}") == "closed"


@pytest.mark.parametrize("name", [EVIL, "127.0.0.1"])
@pytest.mark.parametrize("asked", [f"POST {UPLOAD_URL}", f"GET {BACKUP_URL}", "GET /people", "GET /_stcore/health"])
def test_no_page_of_another_port_sends_or_asks(
    page: Page, served: ServedApp, other: int, name: str, asked: str
) -> None:
    method, path = asked.split()
    page.goto(f"http://{name}:{other}")
    answers = Answers(page)
    page.evaluate(SEND, [f"{served.url}{path}", method])
    assert answers.status(f"{served.url}{path}") == 403


@pytest.mark.parametrize("name", [EVIL, "127.0.0.1"])
def test_a_frame_around_the_app_stays_empty(page: Page, other: int, name: str) -> None:
    page.goto(f"http://{name}:{other}", wait_until="networkidle")
    frame = page.frames[1]
    page.wait_for_timeout(1000)
    assert frame.get_by_text(PERSON).count() == 0
    assert frame.locator("#root").count() == 0


@pytest.mark.parametrize("name", [EVIL, "127.0.0.1"])
def test_a_link_on_another_page_opens_the_app(page: Page, other: int, name: str) -> None:
    page.goto(f"http://{name}:{other}")
    page.get_by_role("link", name="Detection").click()
    shows_the_person(page)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_under_its_own_names_the_app_is_there(page: Page, served: ServedApp, name: str) -> None:
    page.goto(f"http://{name}:{served.port}/people")
    shows_the_person(page)


def test_a_page_hands_out_with_its_key_what_its_address_alone_does_not(page: Page, served: ServedApp) -> None:
    page.goto(f"{served.url}/settings")
    settled(page)
    link = page.get_by_role("link", name="Make a backup (zip)")
    address = f"{served.url}{link.get_attribute('href')}"
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename.endswith("_GaitLab-backup.zip")
    asked = page.context.request
    assert (asked.get(address).status, asked.get(address.partition("?")[0]).status) == (200, 403)


def test_under_a_listed_name_the_app_is_there_and_under_no_other(page: Page, tmp_path: Path) -> None:
    with serving(tmp_path, name=NAME) as app:
        _with_somebody(app)
        page.goto(f"{app.url}/people")
        shows_the_person(page)
        page.goto(app.url)
        with page.expect_response(lambda answer: UPLOAD_URL in answer.url) as upload:
            page.locator("input[type=file]").set_input_files({"name": "a.mp4", "mimeType": "", "buffer": b"no clip"})
        assert upload.value.status == 200
        for other in (EVIL, "127.0.0.1"):
            answer = page.goto(f"http://{other}:{app.port}/people")
            assert answer is not None
            assert answer.status == 403
        page.goto("about:blank")  # a page left open would complain that the server is gone


def _answer(port: int, method: str, path: str) -> http.client.HTTPResponse:
    own = {"Origin": f"http://127.0.0.1:{port}"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, body=b"x" if method == "POST" else None, headers=own)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/people", 200),
        ("GET", "/favicon.png", 200),
        ("GET", "/_stcore/health", 200),
        ("GET", "/_stcore/host-config", 200),
        ("GET", "/media/nothing.png", 404),
        ("GET", "/component/nothing/x.js", 404),
        ("GET", "/gaitlab/media/99", 403),
        ("GET", "/gaitlab/export/1/json", 403),
        ("GET", "/gaitlab/person/1", 403),
        ("GET", BACKUP_URL, 403),
        ("GET", f"{BACKUP_URL}?key=x", 403),
        ("POST", UPLOAD_URL, 403),
        ("POST", BACKUP_URL, 405),
        ("GET", "/%2e%2e//evil.example", 400),
    ],
)
def test_no_answer_of_the_server_can_be_framed(served: ServedApp, method: str, path: str, status: int) -> None:
    answer = _answer(served.port, method, path)
    assert answer.status == status
    policies = answer.headers.get_all("Content-Security-Policy") or []
    assert policies[-1].endswith("frame-ancestors 'none'")
    assert answer.headers.get_all("Referrer-Policy") == ["same-origin"]
    assert answer.headers.get_all("X-Content-Type-Options") == ["nosniff"]
    assert answer.headers.get_all("X-Frame-Options") == ["DENY"]
    assert answer.headers.get_all("Cross-Origin-Resource-Policy") == ["same-origin"]


def _open_socket(port: int, path: str) -> socket.socket:
    """Shake hands as a program on this computer can that claims to be a page of the app."""
    line = socket.create_connection(("127.0.0.1", port), timeout=10)
    key = base64.b64encode(os.urandom(16)).decode()
    here = f"127.0.0.1:{port}"
    line.sendall(
        f"GET {path} HTTP/1.1\r\nHost: {here}\r\nOrigin: http://{here}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    assert line.recv(4096).startswith(b"HTTP/1.1 101")
    return line


def _stuff(line: socket.socket) -> bytes:
    """Send most of a huge message without ever ending it, and return what comes back."""
    with suppress(OSError):  # the server has hung up
        line.sendall(struct.pack(">BBQ4s", 0x82, 0xFF, MESSAGE_BYTES, bytes(4)))
        for _ in range(MESSAGE_BYTES // PIECE_BYTES - 1):
            line.sendall(bytes(PIECE_BYTES))
    with suppress(OSError):
        return line.recv(4096)
    return b""


@pytest.mark.parametrize("path", [STREAM_URL, LIVE_URL])
def test_a_huge_message_is_refused_before_it_is_taken_in(served: ServedApp, path: str) -> None:
    server = psutil.Process(served.pid)
    before = server.memory_info().rss
    lines = [_open_socket(served.port, path) for _ in range(6)]
    answers = [_stuff(line) for line in lines]
    grown = server.memory_info().rss - before
    for line in lines:
        line.close()
    assert grown < GROWTH_MAX_BYTES, f"{grown / 1e6:.0f} MB for {answers}"
