"""A served app and a page of headless Chromium, both watched: what goes wrong unseen fails the test at its end."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    ViewportSize,
    WebSocket,
    expect,
    sync_playwright,
)
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from gaitlab.archive.samples import load_samples
from gaitlab.storage import open_store
from gaitlab.video import frames
from gaitlab.video.picture import upright_rgb
from tests.app.builders_ui import drawn_clip, squats
from tests.builders_store import A_PROGRAMME
from tests.clips import write_clip

REPO = Path(__file__).resolve().parents[2]
START_S = 120.0  # with many others at work it takes more than a minute
PATIENCE_MS = 40_000  # a busy machine takes several seconds for the first chart of a fresh browser
CHROMIUM_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PAGES = ("", "live", "session", "history", "compare", "people", "settings")
WIDE: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
# On a deep link Streamlit asks for these two beside the page's own address first, and then finds them at the root.
STREAMLITS_OWN_404S = frozenset(
    f"/{name}{path}" for name in PAGES[1:] for path in ("/_stcore/health", "/_stcore/host-config")
)
# How exceptions that nobody caught show up in the server's log.
LOGGED_FAULTS = ("Traceback", "Uncaught", "was never retrieved", "was never awaited", "Exception in")
# Of a window that closes while the server is about to send to it, Streamlit's socket reads once more, takes the answer
# for a wrong message and closes what is closed already. All of it is Streamlit's: no frame of ours, nothing is lost.
STREAMLITS_OWN_FAULT = re.compile(
    r"Exception in ASGI application\nTraceback \(most recent call last\):\n"
    r"  File \"[^\"]*/streamlit/web/server/starlette/starlette_websocket\.py\".*\n"
    r"    data = await websocket\.receive_bytes\(\)\n"
    r"(?:(?: .*)?\n)*?"
    r"starlette\.websockets\.WebSocketDisconnected: WebSocket is not connected\..*\n"
    r"\nDuring handling of the above exception, another exception occurred:\n\n"
    r"Traceback \(most recent call last\):\n"
    r"(?: .*\n)+"
    r"starlette\.websockets\.WebSocketDisconnected: Cannot call \"send\" once a close message has been sent\.\n"
)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class ServedApp:
    """`streamlit run app.py`, or another script, on a free port of this machine, with a data folder of its own.

    With a `name` it is the only one that is answered. With `secrets` people sign in.
    """

    def __init__(
        self,
        data_dir: Path,
        log: Path,
        *,
        script: Path = REPO / "app.py",
        name: str | None = None,
        secrets: Path | None = None,
    ) -> None:
        self.data_dir, self.log, self._script, self._name, self._secrets = data_dir, log, script, name, secrets
        self.url, self.port = "", 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self.port = _free_port()
        here, asked = f"127.0.0.1:{self.port}", f"{self._name or '127.0.0.1'}:{self.port}"
        self.url = f"http://{asked}"
        command = [sys.executable, "-m", "streamlit", "run", str(self._script), "--server.port", str(self.port)]
        command += ["--server.allowedHosts", self._name] if self._name else []
        command += ["--secrets.files", str(self._secrets)] if self._secrets else []
        env = {**os.environ, "GAITLAB_DATA_DIR": str(self.data_dir), "PYTHONPATH": str(REPO)}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, cwd=REPO, env=env, stdout=log, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                health = urllib.request.Request(f"http://{here}/_stcore/health", headers={"Host": asked})
                with urllib.request.urlopen(health, timeout=1):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        raise AssertionError(f"the server did not start: {self.log.read_text()}")

    @property
    def pid(self) -> int:
        """Number of the server's process."""
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        """Stop the server as Ctrl-C does."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def restart(self) -> None:
        """Stop and start again, on another port."""
        self.stop()
        self.start()

    def kept_files(self) -> list[str]:
        """Return what lies in the data folder beside the database and the notes of running programs."""
        files = (path.relative_to(self.data_dir) for path in self.data_dir.rglob("*") if path.is_file())
        return sorted(str(path) for path in files if not path.name.startswith("gaitlab.db") and path.suffix != ".lock")


@contextmanager
def serving(folder: Path, *, name: str | None = None, secrets: Path | None = None) -> Iterator[ServedApp]:
    """Serve the app with its data in a folder; at the end its log tells of no exception that nobody caught."""
    app = ServedApp(folder / "data", folder / "server.log", name=name, secrets=secrets)
    try:
        app.start()
        yield app
    finally:
        app.stop()
    log = STREAMLITS_OWN_FAULT.sub("", app.log.read_text())
    assert not any(words in log for words in LOGGED_FAULTS), f"the server met an exception:\n{log}"


@pytest.fixture(scope="package")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedApp]:
    """Serve the app for all tests that use this: they need no empty store and leave the server alone.

    Whose history is looked at has a name that no other test uses.
    """
    with serving(tmp_path_factory.mktemp("lasting")) as app:
        yield app


@pytest.fixture(scope="package")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServedApp, dict[str, int]]]:
    """Serve the app with sessions in it, one of them with a clip, to be looked at only; with their numbers."""
    folder = tmp_path_factory.mktemp("samples")
    (folder / "data").mkdir()
    store = open_store(f"sqlite:///{folder / 'data' / 'gaitlab.db'}")
    load_samples(store)
    headers = store.sessions()
    walk = next(header for header in headers if header.kind == "gait")
    numbers = {
        "walk": walk.id,
        "other": next(one.id for one in headers if one.person == walk.person and one.id != walk.id),
        "squat": next(header.id for header in headers if header.kind == "squat"),
        "clip": store.save(squats(), person="Ann", media={"overlay": drawn_clip(folder / "drawn.mp4")}),
    }
    for person in store.people():
        store.set_programme(person.name, A_PROGRAMME)
    store.close()
    with serving(folder) as app:
        yield app, numbers


def thinned(clip: Path, target: Path) -> Path:
    """Write every second picture of a clip, so that its analysis takes half as long."""
    kept = [(round(1000 * one.time_s), upright_rgb(one.picture)) for one in islice(frames(clip), 0, None, 2)]
    pictures = [picture for _, picture in kept]
    return write_clip(
        target,
        times_ms=[time_ms for time_ms, _ in kept],
        pictures=pictures,
        wh=pictures[0].shape[1::-1],
        options={"crf": "18", "preset": "ultrafast"},
    )


@pytest.fixture(scope="package")
def short_walk(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a clip of somebody who walks, quick to analyse."""
    return thinned(shared_data / "gait" / "walking-gait-as__walk.mp4", tmp_path_factory.mktemp("clips") / "walk.mp4")


@pytest.fixture(scope="package")
def other_walk(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a clip of somebody else who walks, as quick to analyse."""
    clip = shared_data / "gait" / "biomech-of-gait_normal_01.mp4"
    return thinned(clip, tmp_path_factory.mktemp("clips") / "other.mp4")


@pytest.fixture(scope="package")
def two_people(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a clip of a man and a woman, quick to analyse."""
    clip = shared_data / "hard" / "pose2sim__Demo_MultiPerson_cam01.mp4"
    return thinned(clip, tmp_path_factory.mktemp("clips") / "two.mp4")


@pytest.fixture
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ServedApp]:
    """Serve the app for one test, with nothing in it, unless the test uses the one that lasts."""
    if "lasting" in request.fixturenames:
        yield request.getfixturevalue("lasting")
        return
    with serving(tmp_path) as app:
        yield app


def wait_until(page: Page, selector: str, condition: str, *, timeout_s: float = 40.0) -> None:
    """Wait until a condition on an element holds; in shadow trees too, where `wait_for_function` sees nothing."""
    page.locator(selector).first.wait_for(state="attached", timeout=timeout_s * 1000)
    deadline = time.monotonic() + timeout_s
    while not page.locator(selector).first.evaluate(condition):
        assert time.monotonic() < deadline, f"{selector}: {condition} did not come true within {timeout_s:.0f} s"
        page.wait_for_timeout(50)


def settled(page: Page, *, timeout_s: float = 30.0) -> None:
    """Wait until a page has its title and nothing on it is still on its way."""
    page.get_by_role("heading", level=1).first.wait_for(timeout=timeout_s * 1000)
    page.locator("[data-test-script-state=notRunning]").wait_for(state="attached", timeout=timeout_s * 1000)
    for part in ("stSkeleton", "stStatusWidget"):
        page.wait_for_function(
            "part => !document.querySelector(`[data-testid=${part}]`)", arg=part, timeout=timeout_s * 1000
        )
    page.wait_for_timeout(300)


def choose(page: Page, label: str | re.Pattern[str], option: str) -> None:
    """Choose from a list; it closes when the page moves under it, and is opened again then."""
    box = page.get_by_role("combobox", name=label)
    box.scroll_into_view_if_needed()
    one = page.get_by_role("option", name=option).first  # others may hold the same words
    for _ in range(10):
        box.fill("")
        box.fill(option)
        with suppress(PlaywrightTimeout):
            one.wait_for(timeout=PATIENCE_MS / 10)
            box.press("Enter")
            return
    raise AssertionError(f"{label} does not offer {option}")


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Start Playwright for these tests only: it keeps an event loop running meanwhile.

    What is expected has time, whichever test comes first.
    """
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def browser(playwright: Playwright, chromium: Path) -> Iterator[Browser]:
    """Start Chromium."""
    browser = playwright.chromium.launch(executable_path=str(chromium), args=list(CHROMIUM_FLAGS))
    yield browser
    browser.close()


def _is_here(address: str) -> bool:
    """Return whether an address is on this machine, or names no machine at all (data:, blob:, about:)."""
    return urlsplit(address).hostname in {None, "127.0.0.1"}


def _is_streamlits_own_404(message: ConsoleMessage) -> bool:
    return "404" in message.text and urlsplit(message.location["url"]).path in STREAMLITS_OWN_404S


def _watch(context: BrowserContext, faults: list[str]) -> None:
    """Note errors on the console, exceptions in a page and requests to other machines, of every page of a context."""

    def note_message(message: ConsoleMessage) -> None:
        if message.type == "error" and not _is_streamlits_own_404(message):
            faults.append(f"console: {message.text} ({message.location['url']})")

    def note_address(request: Request | WebSocket) -> None:
        if not _is_here(request.url):
            faults.append(f"asked another machine: {request.url}")

    def watch_sockets(page: Page) -> None:
        page.on("websocket", note_address)

    context.on("console", note_message)
    context.on("weberror", lambda error: faults.append(f"exception in the page: {error.error}"))
    context.on("request", note_address)
    context.on("page", watch_sockets)


@contextmanager
def watched_context(browser: Browser, **options: Any) -> Iterator[BrowserContext]:
    """Open a browser window of its own, wide unless told otherwise; at the end nothing went wrong in its pages."""
    context = browser.new_context(**{"viewport": WIDE, **options})
    context.set_default_timeout(PATIENCE_MS)
    faults: list[str] = []
    _watch(context, faults)
    try:
        yield context
    finally:
        context.close()
    assert faults == []


@pytest.fixture
def page(browser: Browser, served: ServedApp) -> Iterator[Page]:
    """Open a page of the served app; at the end its console has no error but Streamlit's own two."""
    with watched_context(browser, base_url=served.url) as context:
        yield context.new_page()
