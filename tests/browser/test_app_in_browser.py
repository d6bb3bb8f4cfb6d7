"""The ways people go through the app, in headless Chromium against the real server."""

from __future__ import annotations

import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from gaitlab.records.skeleton import TORSO
from gaitlab.storage import open_store
from tests.app.builders_ui import drawn_clip, squats, walk
from tests.browser.conftest import ServedApp, choose, wait_until

pytestmark = pytest.mark.browser

ANALYSIS_MS = 300_000
FIRST_LOOK_MS = 120_000
LONG = "exercise/posetest__situp.mp4"  # its analysis is still under way when a test looks
PLAYABLE = "v => v.readyState >= 2 && v.duration > 0"


def upload_and_analyse(page: Page, clip: Path) -> None:
    page.locator("input[type=file]").set_input_files(clip)
    press_analyse(page)


def press_analyse(page: Page) -> None:
    """Press the button when there is one: while the page is made anew the one before may still stand beside it."""
    analyse = page.get_by_role("button", name="Analyse", exact=True)
    expect(analyse).to_have_count(1, timeout=FIRST_LOOK_MS)
    analyse.click()


def open_the_samples(page: Page, served: ServedApp) -> None:
    page.goto(served.url)
    page.get_by_role("button", name="Load the sample sessions").click()
    expect(page.get_by_role("heading", level=1, name="Walking")).to_be_visible(timeout=60_000)


@pytest.mark.usefixtures("both_models")
def test_upload_report_back_and_found_again_after_a_restart(page: Page, served: ServedApp, short_walk: Path) -> None:
    page.goto(served.url)
    upload_and_analyse(page, short_walk)
    expect(page.get_by_role("heading", name="Walking")).to_be_visible(timeout=ANALYSIS_MS)
    wait_until(page, ".stage video", PLAYABLE)
    assert "/session?session=" in page.url
    title = page.get_by_role("heading", level=1).inner_text()
    expect(page.locator(".player .plot path").first).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Analyse a video")).to_be_visible()

    page.goto("about:blank")  # a page left open would complain that the server is gone
    served.restart()
    page.goto(f"{served.url}/history")
    expect(page.get_by_text(title)).to_be_visible()
    page.locator("a[href*='session=']").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    wait_until(page, ".stage video", PLAYABLE)
    page.go_back()
    expect(page.get_by_text("1 session, the last on")).to_be_visible()
    assert [Path(name).suffix for name in served.kept_files()] == [".mp4"]


@pytest.mark.usefixtures("lasting")
def test_the_clip_can_be_played_from_the_middle(page: Page, served: ServedApp, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{served.data_dir / 'gaitlab.db'}")
    number = store.save(squats(), person="Ann", media={"overlay": drawn_clip(tmp_path / "drawn.mp4")})
    store.close()
    page.goto(f"{served.url}/session?session={number}")
    wait_until(page, ".stage video", PLAYABLE)
    page.locator(".stage video").evaluate("v => { v.currentTime = v.duration / 2; }")
    wait_until(page, ".stage video", "v => !v.seeking && v.currentTime > v.duration / 3")
    source = page.locator(".stage video").get_attribute("src")
    request = urllib.request.Request(f"{served.url}{source}", headers={"Range": "bytes=10-19"})
    with urllib.request.urlopen(request, timeout=5) as answer:
        assert (answer.status, len(answer.read())) == (206, 10)


@pytest.mark.usefixtures("both_models", "lasting")
@pytest.mark.accuracy  # without a browser `tests/app/analyse/test_subject_choice.py` asks for it each time
def test_the_person_who_is_clicked_is_the_one_measured(page: Page, served: ServedApp, two_people: Path) -> None:
    page.goto(served.url)
    page.locator("input[type=file]").set_input_files(two_people)
    box = page.get_by_role("button", name="2", exact=True)
    expect(box).to_be_visible(timeout=FIRST_LOOK_MS)
    box.click()
    second = page.get_by_role("radio", name="2", exact=True)
    expect(second).to_be_checked()
    second.press("ArrowLeft")  # the numbers work without a mouse as well
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="1", exact=True)).to_be_checked()
    box.press("Enter")
    expect(second).to_be_checked()

    press_analyse(page)
    expect(page.get_by_text("people were seen")).to_contain_text("the one you chose", timeout=ANALYSIS_MS)
    number = int(page.url.rpartition("=")[2])
    analysis = open_store(f"sqlite:///{served.data_dir / 'gaitlab.db'}").get(number).analysis
    x_px, y_px = np.nanmedian(analysis.track.xy_px[:, list(TORSO)], axis=(0, 1))
    assert x_px > 600  # the woman on the right; the man walks on the left, farther up
    assert y_px > 900


@pytest.mark.usefixtures("both_models", "lasting")
@pytest.mark.accuracy  # without a browser `tests/app/analyse/test_scaling.py` asks for it each time
def test_two_clicks_on_the_still_and_a_length_give_metres_though_the_page_is_loaded_again_meanwhile(
    page: Page, served: ServedApp, short_walk: Path
) -> None:
    page.goto(served.url)
    page.locator("input[type=file]").set_input_files(short_walk)
    page.get_by_text("Scale: step length and speed in metres").click(timeout=FIRST_LOOK_MS)
    still = page.get_by_role("img", name="click two points")
    expect(still).to_be_visible()
    box = still.bounding_box()
    assert box is not None
    for share, label in ((0.25, "First point, x (px)"), (0.75, "Second point, x (px)")):
        still.click(position={"x": share * box["width"], "y": box["height"] / 2})
        expect(page.get_by_label(label)).to_have_value(str(round(share * 640)))
    second = page.get_by_label("Second point, x (px)")
    second.fill("500")  # the keyboard puts a point right
    second.press("Enter")
    length = page.get_by_label("Distance between them (m)")
    length.fill("2")
    length.press("Enter")
    expect(page.get_by_text("340 px are 2 m: 170 px a metre")).to_be_visible()
    press_analyse(page)
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    page.reload()  # the analysis goes on
    expect(page.get_by_role("heading", name="Walking")).to_be_visible(timeout=ANALYSIS_MS)
    number = int(page.url.rpartition("=")[2])
    analysis = open_store(f"sqlite:///{served.data_dir / 'gaitlab.db'}").get(number).analysis
    (speed,) = [metric for metric in analysis.metrics if metric.name == "speed"]
    assert speed.value == pytest.approx(0.82, abs=0.1)  # 0.69 m/s at 200 px/m


@pytest.mark.accuracy  # without a browser `tests/app/analyse/test_queue_survives.py` asks for it each time
@pytest.mark.usefixtures("both_models")
def test_an_analysis_that_a_stop_of_the_server_broke_off_goes_on_at_the_next_start(
    page: Page, served: ServedApp, shared_data: Path
) -> None:
    page.goto(served.url)
    upload_and_analyse(page, shared_data / LONG)
    expect(page.get_by_role("button", name="Cancel")).to_be_visible(timeout=ANALYSIS_MS)
    page.goto("about:blank")
    served.stop()
    assert sorted(Path(name).name for name in served.kept_files()) == sorted([Path(LONG).name, "order.json"])
    served.start()
    page.goto(served.url)
    expect(page.get_by_role("button", name="Cancel")).to_be_visible(timeout=ANALYSIS_MS)


@pytest.mark.usefixtures("both_models")
def test_what_is_no_video_and_what_is_cancelled_leave_nothing(
    page: Page, served: ServedApp, shared_data: Path, tmp_path: Path
) -> None:
    clip = tmp_path / "diary.mp4"
    clip.write_text("Dear diary")
    page.goto(served.url)
    upload_and_analyse(page, clip)
    expect(page.get_by_role("button", name="Dismiss")).to_be_visible(timeout=ANALYSIS_MS)
    expect(page.get_by_role("alert")).to_contain_text("diary.mp4")
    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert served.kept_files() == []

    upload_and_analyse(page, shared_data / LONG)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("cancelled; nothing was saved")).to_be_visible(timeout=ANALYSIS_MS)
    assert served.kept_files() == []
    page.goto(f"{served.url}/history")
    expect(page.get_by_text("There are no sessions yet")).to_be_visible()


@pytest.mark.accuracy  # `tests/app/test_pages.py` asks for it each time, without a browser
def test_the_samples_open_as_reports_without_a_model_or_a_clip(page: Page, served: ServedApp) -> None:
    open_the_samples(page, served)
    expect(page.get_by_text("There is no video with this session")).to_be_visible()
    expect(page.locator(".player .plot path").first).to_be_visible()


@pytest.mark.usefixtures("lasting")
def test_a_new_name_counts_without_enter(page: Page, served: ServedApp) -> None:
    page.goto(served.url)
    choose(page, "Who", "Somebody")
    name = page.get_by_role("textbox", name="Name")
    name.fill("Żaneta <b>O'Neil</b>")
    name.press("Tab")
    page.wait_for_timeout(500)
    expect(name).to_have_value("Żaneta <b>O'Neil</b>")
    expect(page.get_by_role("combobox", name="Who")).to_have_value("Somebody new…")


@pytest.mark.usefixtures("lasting")
def test_a_session_is_deleted_after_a_second_thought(page: Page, served: ServedApp) -> None:
    store = open_store(f"sqlite:///{served.data_dir / 'gaitlab.db'}")
    for _ in range(2):
        store.save(walk(), person="Delia", recorded_at=datetime.now(UTC))
    number = store.person("Delia").id
    store.close()
    page.goto(f"{served.url}/history?person={number}")
    rows = page.locator("[class*=st-key-session-row] a")
    expect(rows).to_have_count(2)
    rows.first.click()
    page.get_by_role("tab", name="Details").click()
    page.get_by_text("Delete this session").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("heading", level=1, name="Delia")).to_be_visible()
    expect(rows).to_have_count(1)


@pytest.mark.usefixtures("lasting")
def test_a_clip_asked_for_without_a_page_is_refused(served: ServedApp) -> None:
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{served.url}/gaitlab/media/999999", timeout=5)
