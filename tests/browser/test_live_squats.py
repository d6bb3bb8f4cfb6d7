"""Squats before the camera of the Live page, in headless Chromium: counted while they are done, and saved.

The slowest way through the app. `tests/unit/live` and `tests/app/live` count each time without a browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from gaitlab.reports.sentences import note_words
from gaitlab.storage import open_store
from tests.browser.conftest import ServedApp
from tests.browser.fake_camera import browser_with_camera, film_for_camera
from tests.browser.test_live_in_browser import ANALYSIS_MS, start

pytestmark = [pytest.mark.browser, pytest.mark.accuracy, pytest.mark.usefixtures("both_models")]

SQUATS, FROM_S, TO_S = 3, 1.0, 12.45
BEFORE_S = 5.0  # a busy server needs a while until it is ready
STILL_S = 40.0  # the camera's file starts over afterwards; until then everything must be looked at
SAVED = re.compile("^Squats: [23] repetitions")  # the report counts the recording: a busy browser leaves frames out
COUNTED_MS = 24_000


@pytest.fixture(scope="module")
def browser(
    playwright: Playwright, chromium: Path, shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """Start Chromium with three squats for a camera."""
    film = film_for_camera(
        shared_data / "exercise" / "posetest__squat1.mp4",
        tmp_path_factory.mktemp("camera") / "squats.mjpeg",
        wh=(640, 360),
        from_s=FROM_S,
        to_s=TO_S,
        before_s=BEFORE_S,
        still_s=STILL_S,
    )
    browser = browser_with_camera(playwright, chromium, film)
    yield browser
    browser.close()


def drawn(page: Page) -> bool:
    """Return whether there is anything on the canvas over the camera picture."""
    return bool(
        page.locator("canvas").evaluate(
            "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((value) => value > 0)"
        )
    )


def test_squats_before_the_camera_are_counted_and_saved_as_a_session(page: Page, served: ServedApp) -> None:
    start(page, served)
    expect(page.locator(".value")).to_have_text("1", timeout=COUNTED_MS)
    assert drawn(page)
    expect(page.locator(".value")).to_have_text(str(SQUATS), timeout=COUNTED_MS)
    expect(page.locator(".tempo")).to_contain_text("per minute")
    page.wait_for_timeout(2000)  # the person stands still: nothing is added
    expect(page.locator(".value")).to_have_text(str(SQUATS))

    page.get_by_role("button", name="Save this session").click()
    report = page.get_by_role("heading", name=SAVED)
    expect(report).to_be_visible(timeout=ANALYSIS_MS)
    title = report.inner_text()
    page.goto(f"{served.url}/history")
    expect(page.get_by_text(title)).to_be_visible()
    store = open_store(f"sqlite:///{served.data_dir / 'gaitlab.db'}")
    (header,) = store.sessions()
    assert re.fullmatch(r"live-.*\.(mp4|webm)", header.file)
    assert note_words(store.get(header.id).analysis)[-1].startswith(f"Live counted {SQUATS}, ")
    assert [Path(name).suffix for name in served.kept_files()] == [".mp4"]
