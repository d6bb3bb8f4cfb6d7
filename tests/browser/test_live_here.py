"""The Live page whose network runs in the browser: only points leave it, and the server stands in where it cannot."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Playwright, WebSocket, expect

from gaitlab.ui.live.points import RECORD, poses_of
from gaitlab.ui.live.socket import LIVE_URL
from tests.browser.conftest import ServedApp, choose, settled
from tests.browser.cut_connection import relay_to
from tests.browser.fake_camera import browser_with_camera, film_for_camera, somebody_standing

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("both_models", "web_networks", "lasting")]

CAMERA_MS = 60_000
# A browser whose worker says that it cannot.
UNABLE = """
  window.Worker = class extends EventTarget {
    postMessage() {
      const data = { kind: "unable", reason: "this browser cannot run the pose network" };
      setTimeout(() => this.dispatchEvent(new MessageEvent("message", { data })));
    }
    terminate() {}
  };
"""


@pytest.fixture(scope="module")
def browser(
    playwright: Playwright, chromium: Path, shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """Start Chromium with somebody who stands before its camera."""
    with somebody_standing(playwright, chromium, shared_data, tmp_path_factory.mktemp("camera")) as browser:
        yield browser


class Sent:
    """What a page sends: through its sockets, by the path of their address, and in requests."""

    def __init__(self, page: Page) -> None:
        self.by_socket: dict[str, list[str | bytes]] = {}
        self.methods: set[str] = set()
        page.on("websocket", self._listen)
        page.on("request", lambda request: self.methods.add(request.method))

    def _listen(self, socket: WebSocket) -> None:
        sent = self.by_socket.setdefault(urlsplit(socket.url).path, [])

        def note(message: str | bytes) -> None:
            sent.append(message)

        socket.on("framesent", note)


class Heard:
    """The number of the last frame of which a server says to a page that it heard it."""

    def __init__(self, page: Page) -> None:
        self.last = 0
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        if urlsplit(socket.url).path == LIVE_URL:
            socket.on("framereceived", self._note)

    def _note(self, message: str | bytes) -> None:
        said = json.loads(message)
        if said["kind"] == "heard":
            self.last = said["number"]


def test_no_picture_leaves_a_browser_that_runs_the_network(page: Page, served: ServedApp) -> None:
    sent = Sent(page)
    page.goto(f"{served.url}/live")
    choose(page, "Where the pose model runs", "On this computer: Lightning")
    settled(page)
    expect(page.get_by_text("Pose model: ")).to_have_count(0)
    page.get_by_role("button", name="Start the camera").click()
    expect(page.get_by_text("Only points leave this browser, no picture.")).to_be_visible(timeout=CAMERA_MS)
    before = {path: len(messages) for path, messages in sent.by_socket.items()}
    expect(page.locator(".value")).to_have_text("0", timeout=CAMERA_MS)  # the server counts
    expect(page.locator(".pace")).to_contain_text("frames per second", timeout=CAMERA_MS)
    assert page.evaluate("crossOriginIsolated")  # with the camera, as the threads of WebAssembly need it
    page.get_by_role("button", name="Stop").click()

    hello, *points = sent.by_socket.pop(LIVE_URL)
    assert isinstance(hello, str)
    assert json.loads(hello)["model"] is None
    frames = [frame for message in points if isinstance(message, bytes) for frame in poses_of(message)]
    assert len(frames) == sum(len(message) for message in points) / RECORD.itemsize  # and nothing else
    assert any(frame.detection is not None for frame in frames)
    assert sent.methods == {"GET"}
    assert all(len(messages) == before[path] for path, messages in sent.by_socket.items())  # nor through the page's own


@pytest.mark.accuracy  # `tests/javascript/network_choice.test.js` asks for it each time, without a browser
def test_a_browser_that_cannot_says_so_and_the_server_does_it(page: Page, served: ServedApp) -> None:
    page.add_init_script(f"{{ {UNABLE} }}")
    page.goto(f"{served.url}/live")
    page.get_by_role("button", name="Start the camera").click()
    words = "This browser cannot run the pose network: on the server. Frames go there and are not kept."
    expect(page.get_by_text(words)).to_be_visible()
    expect(page.locator(".pace")).to_contain_text("frames per second", timeout=CAMERA_MS)


def test_where_a_network_was_chosen_by_its_name_no_frame_goes_to_the_server_instead(
    page: Page, served: ServedApp
) -> None:
    sent = Sent(page)
    page.add_init_script(f"{{ {UNABLE} }}")
    page.goto(f"{served.url}/live")
    choose(page, "Where the pose model runs", "On this computer: Thunder")
    settled(page)
    page.get_by_role("button", name="Start the camera").click()
    alert = page.get_by_role("alert").filter(has_text="This browser cannot run the pose network. Choose another place")
    expect(alert).to_be_visible()
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    assert LIVE_URL not in sent.by_socket


@pytest.mark.accuracy  # `tests/javascript/points_line.test.js` and `tests/app/live/test_socket.py` ask for it each time
def test_while_the_connection_is_cut_the_skeleton_is_drawn_and_what_was_done_is_counted_afterwards(
    browser: Browser, served: ServedApp
) -> None:
    context = browser.new_context()  # not `page`: Streamlit logs errors of its own when its server is gone
    with relay_to(served.url) as relay:
        page = context.new_page()
        page.goto(f"{relay.url}/live")
        choose(page, "Where the pose model runs", "On this computer: Lightning")
        settled(page)
        heard = Heard(page)
        page.get_by_role("button", name="Start the camera").click()
        expect(page.locator(".value")).to_have_text("0", timeout=CAMERA_MS)
        expect(page.locator(".pace")).to_contain_text("frames per second", timeout=CAMERA_MS)
        relay.cut()
        expect(page.locator(".tempo")).to_have_text("waiting", timeout=CAMERA_MS)
        expect(page.get_by_text("what you do is kept here and counted when it is back")).to_be_visible()
        before = heard.last
        page.evaluate(
            "() => { window.n = 0; document.addEventListener('gaitlab-live-pose', () => { window.n += 1; }); }"
        )
        page.wait_for_function("() => window.n >= 20", timeout=CAMERA_MS)  # drawn meanwhile
        assert heard.last == before
        relay.mend()
        expect(page.locator(".tempo")).not_to_have_text("waiting", timeout=CAMERA_MS)
        assert heard.last >= before + 20
        expect(page.locator(".value")).to_have_text("0")
        expect(page.get_by_role("button", name="Stop")).to_be_visible()
    context.close()


@pytest.mark.accuracy  # `tests/javascript/live_vectors.test.js` and `pointing.test.js` ask for it each time
def test_of_two_people_the_one_who_is_clicked_or_chosen_with_the_keys_is_followed(
    playwright: Playwright, chromium: Path, shared_data: Path, served: ServedApp, tmp_path: Path
) -> None:
    clip = shared_data / "hard" / "pose2sim__Demo_MultiPerson_cam01.mp4"
    film = film_for_camera(clip, tmp_path / "two.mjpeg", wh=(272, 480), to_s=0.02, still_s=1.0)
    with browser_with_camera(playwright, chromium, film) as browser:
        page = browser.new_page()
        sent = Sent(page)
        page.goto(f"{served.url}/live")
        choose(page, "Where the pose model runs", "On this computer: Lightning")
        settled(page)
        page.get_by_role("button", name="Start the camera").click()
        expect(page.locator(".pace")).to_contain_text("frames per second", timeout=CAMERA_MS)
        for x, y in ((0.37, 0.39), (0.70, 0.67), (0.37, 0.39)):  # by eye, the middle of either
            _click_in_picture(page, x, y)
            _until_followed(page, sent, x)
        for key, x in (("ArrowRight", 0.70), ("ArrowLeft", 0.37)):
            page.locator(".stage").press(key)
            _until_followed(page, sent, x)


def _click_in_picture(page: Page, x: float, y: float) -> None:
    """Click at a place of the picture, which is as high as its stage."""
    stage = page.locator(".stage").bounding_box()
    assert stage is not None
    wide = stage["height"] * 272 / 480
    page.locator(".stage").click(position={"x": stage["width"] / 2 + (x - 0.5) * wide, "y": y * stage["height"]})


def _followed_x(sent: Sent) -> float:
    """Return the middle of the newest body that was sent, as a share of the picture's width."""
    frames = [poses_of(one)[-1] for one in sent.by_socket[LIVE_URL] if isinstance(one, bytes)]
    seen = [frame for frame in frames if frame.detection is not None]
    return float(seen[-1].detection.middle_px[0]) / seen[-1].image_wh[0] if seen and seen[-1].detection else math.nan


def _until_followed(page: Page, sent: Sent, x: float) -> None:
    """Wait until somebody is followed whose middle is there, as a share of the picture's width."""
    end_s = time.monotonic() + CAMERA_MS / 1000
    while not abs(_followed_x(sent) - x) < 0.1:
        assert time.monotonic() < end_s
        page.wait_for_timeout(200)
