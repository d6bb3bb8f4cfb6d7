"""No barrier that axe-core calls serious or critical, with everything opened, light and dark; and the keyboard."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from functools import cache
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from gaitlab.reports import About, Comment
from gaitlab.reports.playing_page import playing_page
from tests.app.builders_ui import squats
from tests.browser.conftest import REPO, ServedApp, settled, watched_context

pytestmark = pytest.mark.browser

AXE = REPO / "node_modules" / "axe-core" / "axe.min.js"
Scheme = Literal["light", "dark"]
Windows = Callable[[Scheme], Page]
SEVERAL_PEOPLE = "hard/pose2sim__Demo_MultiPerson_cam01.mp4"
FIRST_LOOK_MS = 120_000
#: The dark one takes as long again, and only its contrasts are others.
SCHEMES = ("light", pytest.param("dark", marks=pytest.mark.accuracy))
#: Streamlit names a toast by an element that it does not draw (1.67.0 still does); what it says is read all the same.
STREAMLITS_TOAST = 'data-testid="stToast"'
#: Has what the squats with a clip have, and only no clip.
WITHOUT_A_CLIP = "session?session={squat}"
DAMAGED: FilePayload = {"name": "damaged.mp4", "mimeType": "video/mp4", "buffer": b"no video at all"}


def read_as_a_clinician(page: Page) -> None:
    page.get_by_role("radio", name="For clinicians").click()


def edit_the_first(page: Page) -> None:
    page.get_by_role("button", name="More").first.click()
    page.get_by_role("button", name="Edit").click()
    page.get_by_role("dialog").wait_for()


#: Address → what is done there after all expanders were opened.
SCENES: dict[str, Callable[[Page], None] | None] = {
    "": None,
    "live": None,
    "session?session={walk}": read_as_a_clinician,
    WITHOUT_A_CLIP: read_as_a_clinician,
    "session?session={clip}": read_as_a_clinician,
    "session?session=999": None,
    "history": None,
    "history?person=1": edit_the_first,
    "compare?sessions={walk}-{other}": None,
    "compare?session={walk}": None,
    "people": None,
    "settings": None,
}


@pytest.fixture(scope="module")
def axe() -> str:
    if not AXE.is_file():
        pytest.skip("axe-core is not on this machine; `make axe` fetches it from npm")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def windows(browser: Browser) -> Iterator[Windows]:
    """Return what opens a window of a colour scheme, once for all tests of this file."""
    with ExitStack() as contexts:

        @cache
        def window(scheme: Scheme) -> Page:
            return contexts.enter_context(watched_context(browser, color_scheme=scheme)).new_page()

        yield window


def opened(page: Page, url: str) -> Page:
    page.goto(url)
    settled(page)
    return page


def open_expanders(page: Page) -> None:
    """Open one expander after another; one that is made anew while it is pressed is pressed again."""
    closed = page.locator("[data-testid=stExpander] details:not([open]) > summary")
    deadline = time.monotonic() + 40.0
    while n := closed.count():
        assert time.monotonic() < deadline, "an expander does not open"
        closed.first.click()
        with suppress(AssertionError):
            expect(closed).to_have_count(n - 1, timeout=3000)


def tabs_of(page: Page) -> list[str]:
    """Return the names of the tabs of a report; none on other pages."""
    return page.get_by_role("tab").all_inner_texts()


def barriers(page: Page, axe: str) -> list[str]:
    """Return what axe-core calls serious or critical, once nothing moves or fades any more."""
    settled(page)
    page.wait_for_function("() => document.getAnimations().every((one) => one.playState !== 'running')")
    return barriers_now(page, axe)


def barriers_now(page: Page, axe: str) -> list[str]:
    """Return what axe-core calls serious or critical."""
    page.evaluate(axe)
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")["violations"]
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
        if not (one["id"] == "aria-dialog-name" and STREAMLITS_TOAST in node["html"])
    ]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    "path", [pytest.param(one, marks=pytest.mark.accuracy if one == WITHOUT_A_CLIP else ()) for one in SCENES]
)
def test_axe_finds_nothing_serious(
    path: str, scheme: Scheme, windows: Windows, samples: tuple[ServedApp, dict[str, int]], axe: str
) -> None:
    app, numbers = samples
    page = opened(windows(scheme), f"{app.url}/{path.format(**numbers)}")
    for tab in tabs_of(page) or [""]:
        if tab:
            page.get_by_role("tab", name=tab).click()
            expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
            settled(page)
        open_expanders(page)
        assert barriers(page, axe) == [], tab
    if (act := SCENES[path]) is not None:
        act(page)
        assert barriers(page, axe) == [], act.__name__


@pytest.mark.usefixtures("both_models")
@pytest.mark.accuracy  # first looks take their time
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_clips_that_wait(
    scheme: Scheme, browser: Browser, samples: tuple[ServedApp, dict[str, int]], axe: str, shared_data: Path
) -> None:
    with watched_context(browser, color_scheme=scheme) as context:  # a window in which no other clip waits
        page = opened(context.new_page(), samples[0].url)
        page.locator("input[type=file]").set_input_files(shared_data / SEVERAL_PEOPLE)
        page.get_by_role("radio", name="2", exact=True).click(timeout=FIRST_LOOK_MS)  # one of the people in the still
        open_expanders(page)  # how to film it, and the scale
        assert barriers(page, axe) == []
        page.locator("input[type=file]").set_input_files(DAMAGED)
        expect(page.get_by_text("a first look at it failed")).to_be_visible(timeout=FIRST_LOOK_MS)
        assert barriers(page, axe) == []


@pytest.mark.accuracy  # ten recordings are analysed
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_tour_and_the_keyboard_alone_goes_through_it(
    scheme: Scheme, browser: Browser, served: ServedApp, axe: str
) -> None:
    with watched_context(browser, color_scheme=scheme) as context:
        page = opened(context.new_page(), served.url)
        page.get_by_role("button", name="Load the sample sessions").click()
        for number in range(1, 5):
            expect(page.get_by_text(f"hint {number} of 4")).to_be_visible(timeout=FIRST_LOOK_MS)
            assert barriers(page, axe) == [], number
            page.get_by_role("button", name="Done" if number == 4 else "Next", exact=True).press("Enter")
        expect(page.get_by_text("of 4")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_page_that_plays(
    scheme: Scheme, browser: Browser, tmp_path: Path, axe: str
) -> None:
    comments = (Comment(time_s=2.0, text="deep"), Comment(time_s=6.0, text="deeper"))
    file = tmp_path / "page.html"
    file.write_text(playing_page(squats(), About(person="Anna"), comments=comments), encoding="utf-8")
    with watched_context(browser, color_scheme=scheme, offline=True) as context:
        page = context.new_page()
        page.goto(file.as_uri())
        page.get_by_role("button", name="deeper").click()
        assert barriers_now(page, axe) == []


def test_the_keyboard_alone_reaches_and_works_the_player(
    windows: Windows, samples: tuple[ServedApp, dict[str, int]]
) -> None:
    app, numbers = samples
    page = opened(windows("light"), f"{app.url}/session?session={numbers['squat']}")
    page.get_by_role("slider", name="Moment").focus()
    page.keyboard.press("End")
    last_s = float(page.locator(".player").get_attribute("data-time-s") or "nan")
    page.keyboard.press("Home")
    assert float(page.locator(".player").get_attribute("data-time-s") or "nan") < last_s
