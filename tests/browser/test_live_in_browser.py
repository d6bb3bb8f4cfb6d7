"""The Live page in headless Chromium, with a file for a camera."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from gaitlab.ui.live.networks import networks_for_browsers
from tests.browser.conftest import ServedApp, choose
from tests.browser.fake_camera import somebody_standing

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("both_models")]

CAMERA_MS = 30_000
ANALYSIS_MS = 300_000
# A clock that can be put forward.
LATE = "{ const now = performance.now.bind(performance); performance.now = () => now() + (window.late ?? 0); }"


@pytest.fixture(scope="module")
def browser(
    playwright: Playwright, chromium: Path, shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """Start Chromium with somebody who stands before its camera."""
    with somebody_standing(playwright, chromium, shared_data, tmp_path_factory.mktemp("camera")) as browser:
        yield browser


def on_the_server(page: Page) -> None:
    """Choose the server for the network, where there is a choice."""
    if networks_for_browsers() is not None:
        choose(page, "Where the pose model runs", "On the server")


def start(page: Page, served: ServedApp) -> None:
    page.goto(f"{served.url}/live")
    on_the_server(page)
    page.get_by_role("button", name="Start the camera").press("Enter")
    expect(page.locator(".pace")).to_contain_text("frames per second", timeout=CAMERA_MS)


@pytest.mark.usefixtures("lasting")
def test_stop_releases_the_camera_and_another_activity_starts_the_count_anew(page: Page, served: ServedApp) -> None:
    start(page, served)
    choose(page, "What", "Walking")
    expect(page.locator(".unit")).to_have_text("steps per minute", timeout=CAMERA_MS)
    expect(page.locator(".pace")).to_contain_text("frames per second", timeout=CAMERA_MS)
    page.get_by_role("button", name="Stop").press("Enter")
    assert page.locator("video").evaluate("v => v.srcObject === null")
    expect(page.get_by_role("button", name="Start again")).to_be_visible()


@pytest.mark.usefixtures("lasting")
def test_leaving_the_page_releases_the_camera_and_the_place(page: Page, served: ServedApp) -> None:
    for _ in range(3):  # more often than there are places
        start(page, served)
        page.get_by_role("link", name="History").click()
        expect(page.get_by_role("heading", name="History")).to_be_visible()


@pytest.mark.usefixtures("lasting")
def test_a_page_that_was_open_for_long_gets_a_new_token(page: Page, served: ServedApp) -> None:
    page.add_init_script(LATE)
    page.goto(f"{served.url}/live")
    button = page.get_by_role("button", name="Start the camera")
    expect(button).to_be_visible()
    page.evaluate("() => { window.late = 3_600_000; }")
    button.click()
    expect(page.locator(".pace")).to_contain_text("frames per second", timeout=CAMERA_MS)


@pytest.mark.usefixtures("lasting")
def test_without_https_a_clip_can_be_filmed_instead(page: Page, served: ServedApp, shared_data: Path) -> None:
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', { get: () => false });")
    page.goto(f"{served.url}/live")
    expect(page.get_by_text("only to pages that are opened over HTTPS")).to_be_visible()
    expect(page.get_by_role("button", name="Start the camera")).to_be_hidden()
    clip = shared_data / "exercise" / "posetest__situp.mp4"  # long enough to be cancelled
    page.get_by_label("Film or choose a clip").set_input_files(clip)
    expect(page.get_by_role("heading", name="Analyse a video")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()  # its analysis is under way
    expect(page.get_by_text("cancelled; nothing was saved")).to_be_visible(timeout=ANALYSIS_MS)


def test_a_server_that_stops_is_said_while_counting_and_before_it(browser: Browser, served: ServedApp) -> None:
    context = browser.new_context()  # not `page`: Streamlit logs errors of its own when its server goes
    waiting, counting = context.new_page(), context.new_page()
    waiting.add_init_script(LATE)
    waiting.goto(f"{served.url}/live")
    button = waiting.get_by_role("button", name="Start the camera")
    expect(button).to_be_visible(timeout=CAMERA_MS)
    start(counting, served)
    served.stop()
    waiting.evaluate("() => { window.late = 3_600_000; }")
    button.click()
    for page, words in ((waiting, "The server does not answer"), (counting, "connection to the server broke off")):
        expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible(timeout=CAMERA_MS)
    context.close()
