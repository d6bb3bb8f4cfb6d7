"""What a report rests on is put right in the browser: activity, height and person, and two people who are one."""

from __future__ import annotations

from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, expect

from gaitlab.archive.samples import analyse_sample, samples
from gaitlab.pipeline import reanalyse
from gaitlab.settings import AnalysisSettings
from gaitlab.storage import SessionStore, open_store
from tests.browser.conftest import PHONE, ServedApp, settled, watched_context

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("lasting")]


def store_of(served: ServedApp) -> SessionStore:
    return open_store(f"sqlite:///{served.data_dir / 'gaitlab.db'}")


def saved(store: SessionStore, title: str, person: str, *, activity: str | None = None) -> int:
    """Save a sample as a session of a person, taken for another activity where one is named."""
    analysis = analyse_sample(next(one for one in samples() if one.title == title))
    if activity is not None:
        analysis = reanalyse(analysis, settings=AnalysisSettings(activity=activity))
    return store.save(analysis, person=person)


def title(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1, name=words)).to_be_visible()


def test_a_wrong_activity_is_right_after_two_clicks_and_wrong_again_after_one(page: Page, served: ServedApp) -> None:
    with closing(store_of(served)) as store:
        wrong = saved(store, "Squats from the side", "Petra", activity="biceps-curl")
    page.goto(f"{served.url}/session?session={wrong}")
    title(page, "Biceps curls")

    page.get_by_role("button", name="Activity: Biceps curls").click()
    page.get_by_role("button", name="Squats", exact=True).click()

    title(page, "Squats")
    expect(page.get_by_role("button", name="Activity: Squats")).to_be_visible()
    expect(page.get_by_role("button", name="Detect automatically")).to_be_hidden()
    page.get_by_role("button", name="Undo the last change").click()
    title(page, "Biceps curls")


@pytest.mark.accuracy
def test_a_height_typed_where_it_is_missing_shows_the_speed(page: Page, served: ServedApp) -> None:
    with closing(store_of(served)) as store:
        number = saved(store, "Walking past the camera", "Quentin")
    page.goto(f"{served.url}/session?session={number}")

    page.get_by_role("button", name="Give the body height").first.click()
    page.get_by_role("spinbutton", name="Height (cm)").filter(visible=True).fill("175")
    page.keyboard.press("Enter")

    expect(page.get_by_test_id("stMetricValue").filter(has_text="m/s")).to_be_visible()
    expect(page.get_by_role("button", name="Height: 175 cm")).to_be_visible()


def test_a_session_moves_on_a_phone_by_keyboard_and_back(browser: Browser, served: ServedApp) -> None:
    with closing(store_of(served)) as store:
        number = saved(store, "Squats from the side", "Rahel")
        store.add_person("Simon")
    with watched_context(browser, base_url=served.url, viewport=PHONE) as context:
        page = context.new_page()
        page.goto(f"/session?session={number}")
        settled(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.get_by_role("button", name="Person: Rahel").focus()
        page.keyboard.press("Enter")
        name = page.get_by_role("textbox", name="Somebody new")
        name.fill("Tilda")
        name.press("Enter")
        expect(page.get_by_role("button", name="Person: Tilda")).to_be_visible()
        expect(page.get_by_text("Moved from Rahel to Tilda")).to_be_visible()
        page.get_by_role("button", name="Undo the move").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Person: Rahel")).to_be_visible()
    with closing(store_of(served)) as store:
        assert "Tilda" not in [person.name for person in store.people()]


def test_two_names_of_one_person_are_joined_and_parted(page: Page, served: ServedApp) -> None:
    with closing(store_of(served)) as store:
        number = saved(store, "Squats from the side", "Ulrike")
        saved(store, "Walking past the camera", "ulrike")
    page.goto(f"{served.url}/session?session={number}")
    title(page, "Squats")
    page.get_by_role("link", name="People").click()
    expect(page.get_by_text("look like one person")).to_be_visible()

    page.get_by_role("button", name="Join the two").click()
    expect(page.get_by_text("ulrike is joined with Ulrike")).to_be_visible()
    expect(page.get_by_text("2 sessions.")).to_be_visible()

    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("1 session.")).to_be_visible()
    expect(page.get_by_text("look like one person")).to_be_visible()
