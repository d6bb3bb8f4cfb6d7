"""Every page in the window of a phone: nothing to scroll sideways for, and its main action within reach."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PAGES, PHONE, ServedApp, watched_context

pytestmark = pytest.mark.browser

#: What somebody comes to each page for; role and name.
MAIN_ACTION = {
    "": ("button", "Analyse"),
    "live": ("button", "Start the camera"),
    "session": ("button", "Play"),
    "history": ("link", "Sample: walking"),
    "compare": ("link", "Open report"),
    "people": ("button", "Save"),
    "settings": ("button", "Save settings"),
}
_WIDTH = "() => document.documentElement.scrollWidth"
# Streamlit scrolls an inner element, which hides what is too wide from the document's own width.
_WIDER = """() => [...document.querySelectorAll("[data-testid=stMain], [data-testid=stAppViewContainer]")]
    .filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.dataset.testid)"""


@pytest.fixture(scope="module")
def phone(browser: Browser, samples: tuple[ServedApp, dict[str, int]]) -> Iterator[Page]:
    with watched_context(browser, base_url=samples[0].url, viewport=PHONE, has_touch=True, is_mobile=True) as context:
        yield context.new_page()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_phone_and_its_main_action_is_there(name: str, phone: Page) -> None:
    phone.goto(f"/{name}")
    role, label = MAIN_ACTION[name]
    action = phone.get_by_role(role, name=label, exact=True).first  # type: ignore[arg-type]
    expect(action).to_be_visible()
    expect(phone.locator("[data-test-script-state=notRunning]")).to_be_attached()
    box = action.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    assert phone.evaluate(_WIDTH) <= PHONE["width"]
    assert phone.evaluate(_WIDER) == []
