"""From the history to a comparison, a person's data as a file, and the settings, in headless Chromium."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from gaitlab.storage import open_store
from tests.app.builders_ui import walk
from tests.browser.conftest import PHONE, ServedApp, serving, settled

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedApp]:
    """Serve the app with three walks of 98, 100 and 102 steps per minute and one of 115."""
    with serving(tmp_path_factory.mktemp("walks")) as app:
        store = open_store(f"sqlite:///{app.data_dir / 'gaitlab.db'}")
        for day, cadence in enumerate((98.0, 100.0, 102.0, 115.0)):
            when = datetime(2026, 3, 1, 10, tzinfo=UTC) + timedelta(days=day)
            store.save(walk(cadence=cadence), person="Ann", recorded_at=when)
        store.close()
        yield app


def test_baseline_marks_lead_to_a_verdict_and_two_sessions_to_a_comparison(page: Page, served: ServedApp) -> None:
    page.goto(f"{served.url}/history")
    expect(page.get_by_text("15.0 steps/min")).to_have_count(0)
    for row in (1, 2, 3):
        page.get_by_role("button", name="More").nth(row).click()
        # With the keyboard: on a slow machine the page moves below what has opened, and leaves it outside the window.
        page.get_by_test_id("stCheckbox").filter(has_text="Baseline").locator("input").press("Space")
        settled(page)
        page.keyboard.press("Escape")
    expect(page.get_by_text("15.0 steps/min above the mean of 3 baseline sessions")).to_be_visible()
    expect(page.get_by_role("group", name="Cadence over time, 4 sessions").locator(".legend")).to_contain_text(
        "no change"
    )

    for row in (0, 3):
        page.get_by_test_id("stCheckbox").filter(has_text="Compare").nth(row).click()
        settled(page)
    page.get_by_role("button", name="Compare the two").click()
    expect(page.get_by_role("heading", name="Compare two sessions")).to_be_visible()
    expect(page.get_by_role("table").first).to_contain_text("+17 steps/min")
    page.get_by_text("Why · no clear change").click()
    expect(page.get_by_text("17.0 steps/min above the session compared with")).to_be_visible()
    expect(page.locator(".overlay .stage canvas")).to_be_visible()

    page.get_by_role("link", name="Open report").last.click()
    expect(page.get_by_role("heading", name="Walking: 115 steps/min")).to_be_visible()


def test_a_persons_data_are_taken_along_as_one_file(page: Page, served: ServedApp, tmp_path: Path) -> None:
    page.goto(f"{served.url}/people")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download everything").click()
    download.value.save_as(tmp_path / "ann.zip")
    assert re.fullmatch(r"Ann_\d{4}-\d\d-\d\d_GaitLab-archive\.zip", download.value.suggested_filename)
    assert "gaitlab.json" in zipfile.ZipFile(tmp_path / "ann.zip").namelist()


def trend_marks(page: Page, served: ServedApp) -> Locator:
    """Open the history and return the marks of the chart in large."""
    page.goto(f"{served.url}/history")
    marks = page.get_by_role("group", name="Cadence over time").get_by_role("link")
    expect(marks).to_have_count(4)
    settled(page)
    return marks


def test_a_click_beside_a_mark_of_the_trend_opens_its_session(page: Page, served: ServedApp) -> None:
    last = trend_marks(page, served).last
    last.scroll_into_view_if_needed()
    box = last.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 + 11)  # a target is 24 px or more
    expect(page.get_by_role("heading", level=1, name="Walking: 115 steps/min")).to_be_visible()


def test_the_keyboard_reads_the_marks_of_the_trend_and_opens_one(page: Page, served: ServedApp) -> None:
    marks = trend_marks(page, served)
    tip = page.locator(".trend .tip").first
    page.get_by_role("button", name="All numbers of the newest session").focus()
    page.keyboard.press("Shift+Tab")
    expect(tip).to_contain_text("115 steps/min")
    page.keyboard.press("ArrowLeft")
    expect(marks.nth(2)).to_be_focused()
    expect(marks.nth(2)).to_have_accessible_name(
        re.compile(r"^3 Mar 2026, \d\d:00, 102 steps/min.*: open its session$")
    )
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    page.keyboard.press("Home")
    expect(tip).to_contain_text("1 Mar 2026")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Walking: 98 steps/min")).to_be_visible()


def test_the_trend_is_drawn_anew_for_another_width(page: Page, served: ServedApp) -> None:
    last = trend_marks(page, served).last
    wide = last.get_attribute("transform") or ""
    page.set_viewport_size(PHONE)
    expect(last).not_to_have_attribute("transform", wide)
    box = last.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= PHONE["width"]
