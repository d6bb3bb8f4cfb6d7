"""A served app and a page of headless Chromium."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

REPO = Path(__file__).resolve().parents[2]
START_S = 30.0
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
# Streamlit asks for these two beside a page's own address and then finds them at the root.
STREAMLITS_OWN_404S = ("/_stcore/health", "/_stcore/host-config")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class ServedApp:
    """`streamlit run app.py` on a free port of this machine, with a data folder of the test's own."""

    def __init__(self, data_dir: Path, log: Path) -> None:
        self.data_dir, self.log = data_dir, log
        self.url = ""
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        env = {**os.environ, "GAITLAB_DATA_DIR": str(self.data_dir), "PYTHONPATH": str(REPO)}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, cwd=REPO, env=env, stdout=log, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1):
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
        """Return what lies in the data folder beside the database."""
        files = (path.relative_to(self.data_dir) for path in self.data_dir.rglob("*") if path.is_file())
        return sorted(str(path) for path in files if not path.name.startswith("gaitlab.db"))


@pytest.fixture
def served(tmp_path: Path) -> Iterator[ServedApp]:
    app = ServedApp(tmp_path / "data", tmp_path / "server.log")
    try:
        app.start()
        yield app
    finally:
        app.stop()
    log = app.log.read_text()
    assert "Traceback" not in log, f"the server met an exception:\n{log}"


def wait_until(page: Page, selector: str, condition: str, *, timeout_s: float = 20.0) -> None:
    """Wait until a condition on an element holds; in shadow trees too, where `wait_for_function` sees nothing."""
    page.locator(selector).first.wait_for(state="attached", timeout=timeout_s * 1000)
    deadline = time.monotonic() + timeout_s
    while not page.locator(selector).first.evaluate(condition):
        assert time.monotonic() < deadline, f"{selector}: {condition} did not come true within {timeout_s:.0f} s"
        page.wait_for_timeout(50)


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    """Start Chromium once a module; not once a session, since Playwright keeps an event loop running meanwhile."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, served: ServedApp) -> Iterator[Page]:
    """Open a page of the served app; at the end its console has no error but Streamlit's own two."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=served.url)
    page = context.new_page()
    page.set_default_timeout(20_000)
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.location["url"].endswith(STREAMLITS_OWN_404S):
            errors.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []
