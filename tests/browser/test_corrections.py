"""Corrections on the player of the session page: dragged, double-clicked, by the keyboard, undone and redone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from gaitlab.archive.samples import analyse_sample, samples
from gaitlab.records import Analysis
from gaitlab.storage import open_store
from tests.browser.conftest import ServedApp, watched_context

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("lasting")]

SAVED_MS = 15_000
SAMPLES = {"gait": "Walking from standing", "squat": "Squats from the front"}

Open = Callable[[str], Callable[[], Analysis]]


@pytest.fixture
def page(browser: Browser, lasting: ServedApp) -> Iterator[Page]:
    with watched_context(browser, base_url=lasting.url) as context:
        yield context.new_page()


@pytest.fixture
def open_sample(page: Page, served: ServedApp, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open the report of a sample of an activity; return what reads its analysis as it is kept now."""

    def save_and_open(activity: str) -> Callable[[], Analysis]:
        monkeypatch.setenv("GAITLAB_DATA_DIR", str(served.data_dir))
        store = open_store()
        sample = next(one for one in samples() if one.title == SAMPLES[activity])
        number = store.save(analyse_sample(sample), person="Ann")
        store.close()
        page.goto(f"/session?session={number}")
        page.locator(".player .plot path").first.wait_for()

        def kept() -> Analysis:
            again = open_store()
            try:
                return again.get(number).analysis
            finally:
                again.close()

        return kept

    return save_and_open


def strikes(analysis: Analysis) -> list[tuple[str, float]]:
    assert analysis.gait is not None
    return [(one.side, one.time_s) for one in analysis.gait.contacts if one.kind == "heel_strike"]


def test_a_heel_strike_is_dragged_to_where_it_belongs_undone_and_redone(page: Page, open_sample: Open) -> None:
    kept = open_sample("gait")
    before = strikes(kept())
    mark = page.get_by_role("button", name=re.compile("^Left heel strike, on the ground")).first
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 3, y)
    page.mouse.down()
    page.mouse.move(box["x"] + 10, y, steps=3)
    page.mouse.move(box["x"] + 13, y)
    page.mouse.up()
    expect(page.get_by_text(re.compile("^The left heel strike moved from"))).to_be_visible(timeout=SAVED_MS)
    after = strikes(kept())
    [(old, new)] = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert old[0] == new[0] == "left"
    assert 0.02 < new[1] - old[1] < 0.2

    page.get_by_role("button", name="Undo the last correction").click()
    expect(page.get_by_role("button", name="Redo")).to_be_visible(timeout=SAVED_MS)
    assert strikes(kept()) == before
    page.get_by_role("button", name="Redo").click()
    expect(page.get_by_text("Corrected again.")).to_be_visible(timeout=SAVED_MS)
    assert strikes(kept()) == after


def test_a_repetition_is_deleted_by_the_keyboard_added_by_a_double_click_and_deleted_at_its_tile(
    page: Page, open_sample: Open
) -> None:
    kept = open_sample("squat")
    exercise = kept().exercise
    assert exercise is not None
    second = page.get_by_role("button", name=re.compile("^Repetition 2, [0-9]")).first
    page.locator(".player .lanes").scroll_into_view_if_needed()
    box, plot = second.bounding_box(), page.locator(".player .plot").bounding_box()
    assert box is not None
    assert plot is not None
    second.focus()
    page.keyboard.press("Delete")
    expect(page.get_by_text(re.compile("^The repetition at .* deleted"))).to_be_visible(timeout=SAVED_MS)
    expect(page.get_by_role("heading", level=1)).to_contain_text(str(exercise.count - 1))

    page.mouse.dblclick(box["x"] + box["width"] / 2, plot["y"] + plot["height"] / 2)
    expect(page.get_by_text(re.compile("^A repetition at .* added"))).to_be_visible(timeout=SAVED_MS)
    expect(page.get_by_role("heading", level=1)).to_contain_text(str(exercise.count))

    first = page.get_by_role("button", name=re.compile("^Repetition 1, turns at"))
    first.click()
    page.keyboard.press("ArrowRight")
    page.locator(".tile-delete").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(str(exercise.count - 1), timeout=SAVED_MS)
    expect(page.locator(".player .tile")).to_have_count(exercise.count - 1)
