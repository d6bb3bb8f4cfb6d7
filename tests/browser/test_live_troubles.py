"""The Live page when something goes wrong: the camera, the socket, the disk, a hasty user."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, Route, WebSocketRoute, expect

from gaitlab.ui.analyse.upload_route import UPLOAD_URL
from tests.browser.conftest import ServedApp

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("both_models", "lasting")]

CAMERA_MS = 30_000
UPLOADS = re.compile(re.escape(UPLOAD_URL))
# A camera that is a canvas: it can be turned, unplugged, and made to wait for leave.
CAMERA = """
  window.streams = [];
  window.leave = Promise.resolve();
  navigator.mediaDevices.getUserMedia = async () => {
    await window.leave;
    window.picture = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
    const pen = window.picture.getContext("2d");
    let n = 0;
    setInterval(() => { pen.fillStyle = (n += 1) % 2 ? "#345" : "#678"; pen.fillRect(0, 0, 640, 640); }, 33);
    const stream = window.picture.captureStream(30);
    window.streams.push(stream);
    return stream;
  };
"""
FULL_DISK = """
  const full = () => Promise.reject(new DOMException("full", "QuotaExceededError"));
  const file = { createWritable: async () => ({ write: full, close: full, abort: async () => {} }) };
  navigator.storage.getDirectory = async () => ({
    getFileHandle: async () => file, removeEntry: async () => {}, entries: async function* () {},
  });
"""


def opened(page: Page, *scripts: str) -> Page:
    for script in (CAMERA, *scripts):
        page.add_init_script(f"{{ {script} }}")
    page.goto("/live")
    expect(page.get_by_role("button", name="Start the camera")).to_be_visible()
    return page


def started(page: Page, *scripts: str) -> Page:
    opened(page, *scripts).get_by_role("button", name="Start the camera").click()
    expect(page.locator(".pace")).to_contain_text("frames per second", timeout=CAMERA_MS)
    return page


def said(page: Page, words: str) -> None:
    expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()


def test_a_phone_that_is_turned_goes_on_and_the_recording_ends(page: Page) -> None:
    started(page).evaluate("() => { picture.width = 480; picture.height = 640; }")
    said(page, "The picture was turned: the recording ends here")
    assert page.locator(".stage").evaluate("stage => stage.style.aspectRatio") == "480 / 640"
    expect(page.get_by_role("button", name="Stop")).to_be_visible()


def test_a_camera_that_is_unplugged_leaves_its_recording_which_is_sent_once(page: Page) -> None:
    sent: list[str] = []

    def answer(route: Route) -> None:
        sent.append(route.request.url)
        route.fulfill(status=200, json={"error": "No."})

    page.route(UPLOADS, answer)
    started(page).wait_for_timeout(1500)
    page.evaluate(
        "() => { const [track] = streams[0].getTracks(); track.stop(); track.dispatchEvent(new Event('ended')); }"
    )
    said(page, "The camera was switched off")
    page.get_by_role("button", name="Save this session").dblclick()
    said(page, "No.")
    assert len(sent) == 1
    expect(page.get_by_role("button", name="Save this session")).to_be_enabled()  # to try again


def test_a_recording_is_sent_again_with_a_new_token_when_the_server_was_started_anew(
    browser: Browser, served: ServedApp
) -> None:
    page = browser.new_page(base_url=served.url)  # not `page`: the browser logs that the first one was refused
    tokens: list[str | None] = []

    def answer(route: Route) -> None:
        tokens.append(route.request.headers.get("x-gaitlab-token"))
        known = len(tokens) > 1
        route.fulfill(
            status=200 if known else 403, json={"error": "Enough." if known else "The page was open too long."}
        )

    page.route(UPLOADS, answer)
    started(page).wait_for_timeout(1500)
    page.get_by_role("button", name="Save this session").click()
    said(page, "Enough.")
    assert len(set(tokens)) == 2
    page.close()


def test_nothing_can_be_saved_before_anything_is_recorded(page: Page) -> None:
    page.route_web_socket("**/gaitlab/live", lambda _: None)  # a server that never gets ready
    opened(page).get_by_role("button", name="Start the camera").click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    expect(page.get_by_role("button", name="Save this session")).to_be_hidden()


def test_a_full_disk_is_said_when_it_happens_and_when_the_recording_is_asked_for(page: Page) -> None:
    started(page, FULL_DISK)
    said(page, "no more room")
    page.get_by_role("button", name="Save this session").click()
    said(page, "Nothing was recorded, or the browser had no room")


def test_starting_and_stopping_ten_times_in_haste_leaves_a_camera_that_works(page: Page) -> None:
    opened(page)
    for _ in range(10):
        page.get_by_role("button", name="Start").click()
        page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Start").click()
    expect(page.locator(".pace")).to_contain_text("frames per second", timeout=CAMERA_MS)
    assert page.evaluate("() => streams.filter((one) => one.active).length") == 1


def test_leaving_while_the_browser_asks_for_the_camera_starts_nothing(page: Page) -> None:
    sockets: list[WebSocketRoute] = []

    def note(socket: WebSocketRoute) -> None:
        sockets.append(socket)

    page.route_web_socket("**/gaitlab/live", note)
    opened(page, "window.leave = new Promise((resolve) => { window.allow = resolve; });")
    page.get_by_role("button", name="Start the camera").click()
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    page.evaluate("() => allow()")
    page.wait_for_function("() => streams.length === 1 && !streams[0].active")
    page.wait_for_timeout(300)
    assert sockets == []
