"""Two visits one over the other: figures, the slider between them, keys, mean strides, and clips."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from gaitlab.storage import open_store
from tests.app.builders_ui import drawn_clip, long_walk, squats
from tests.browser.conftest import ServedApp, serving, wait_until, watched_context

pytestmark = pytest.mark.browser

#: Whether the ghost's grey, and the blue of the left leg, are on the stage.
_SEEN: Final = """canvas => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let [grey, blue] = [false, false];
    for (let i = 0; i < data.length; i += 4) {
        if (data[i + 3] < 255) continue;
        grey ||= data[i] === 128 && data[i + 1] === 128 && data[i + 2] === 128;
        blue ||= data[i] === 0 && data[i + 1] === 114 && data[i + 2] === 178;
    }
    return [grey, blue];
}"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedApp]:
    """Serve the app with two walks, as coordinates, and two sets of squats with their clips."""
    folder = tmp_path_factory.mktemp("visits")
    with serving(folder) as app:
        store = open_store(f"sqlite:///{app.data_dir / 'gaitlab.db'}")
        walked, clip = long_walk(), drawn_clip(folder / "drawn.mp4")
        for month in (3, 4):
            when = datetime(2026, month, 1, 10, tzinfo=UTC)
            store.save(walked, person="Ann", recorded_at=when)
            store.save(squats(), person="Ben", recorded_at=when, media={"overlay": clip})
        store.close()
        yield app


@pytest.fixture(scope="module")
def still(browser: Browser, served: ServedApp) -> Iterator[Page]:
    """Open a window of somebody who wants no motion."""
    with watched_context(browser, base_url=served.url, reduced_motion="reduce") as context:
        yield context.new_page()


def share(page: Page) -> float:
    return float(page.locator(".overlay").get_attribute("data-share") or "nan")


def test_two_walks_as_figures_with_slider_and_keys(still: Page) -> None:
    still.goto("/compare?sessions=1-3")
    stage = still.locator(".overlay .stage canvas")
    expect(stage).to_be_visible()
    expect(still.get_by_role("button", name="Play")).to_be_visible()  # nothing moves by itself
    phase, mix = still.get_by_role("slider", name="Moment of the gait cycle"), still.locator(".overlay .mix input")
    phase.focus()
    phase.press("ArrowRight")
    phase.press("ArrowRight")
    assert share(still) == pytest.approx(0.02)
    mix.press("Home")
    assert stage.evaluate(_SEEN) == [True, False]
    mix.press("End")
    assert stage.evaluate(_SEEN) == [False, True]
    still.get_by_role("button", name="Mean strides").press("Enter")
    assert stage.evaluate(_SEEN) == [False, True]
    still.locator(".overlay select.side").select_option("right")
    expect(still.locator(".overlay .plot .line.right")).to_be_visible()
    still.get_by_role("button", name="Play").press("Enter")
    wait_until(still, ".overlay", "one => Number(one.dataset.share) > 0.2")


def test_two_clips_run_in_step_person_on_person(still: Page) -> None:
    still.goto("/compare?sessions=2-4")
    expect(still.get_by_role("button", name="Clips")).to_have_attribute("aria-pressed", "true")
    clips = still.locator(".overlay .stage video")
    for clip in clips.all():
        expect(clip).to_be_visible()
        wait_until(still, ".overlay .stage video", "one => one.readyState >= 2 && one.style.transform !== ''")
    assert len({clip.evaluate("one => one.style.transform") for clip in clips.all()}) == 1  # the same clip twice
    still.get_by_role("button", name="Play").click()
    wait_until(still, ".overlay", "one => Number(one.dataset.share) > 0.2")
    assert [clip.evaluate("one => one.currentTime > 0.5") for clip in clips.all()] == [True, True]
