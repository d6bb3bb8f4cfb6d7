"""The second visit: from the samples and their tour over one person's time line to a comparison and a page to print."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ServedApp, settled

pytestmark = [pytest.mark.browser, pytest.mark.accuracy]

LOADED_MS = 120_000  # ten recordings are analysed


def next_hint(page: Page, number: int) -> None:
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_text(f"hint {number} of 4")).to_be_visible()


def test_from_the_samples_to_what_changed_and_a_page_to_print(page: Page, served: ServedApp, tmp_path: Path) -> None:
    page.goto(served.url)
    page.get_by_role("button", name="Load the sample sessions").click()
    expect(page.get_by_text("hint 1 of 4")).to_be_visible(timeout=LOADED_MS)
    expect(page.get_by_role("heading", level=1, name="Walking: 122 steps/min")).to_be_visible()  # the newest report
    next_hint(page, 2)
    next_hint(page, 3)
    expect(page.get_by_role("heading", level=1, name="Sample: walking")).to_be_visible()
    page.get_by_role("button", name="Close the tour").click()
    expect(page.get_by_text("hint 3 of 4")).to_have_count(0)

    marks = page.get_by_role("group", name="Cadence over time").get_by_role("link")
    expect(marks).to_have_count(3)
    settled(page)
    marks.last.click()
    expect(page.get_by_role("heading", level=1, name=re.compile("^Walking: [0-9]+ steps"))).to_be_visible()

    page.get_by_role("tab", name="Share").click()
    page.get_by_role("textbox", name="Question or reason (optional)").fill("Has the left knee changed?")
    page.get_by_role("button", name="Put it on the page").click()
    expect(page.get_by_text("With the question: Has the left knee changed?")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="One page (PDF)").click()
    download.value.save_as(tmp_path / "page.pdf")
    document = pypdfium2.PdfDocument(tmp_path / "page.pdf")
    assert len(document) == 1
    assert "Has the left knee changed?" in document[0].get_textpage().get_text_range()
    document.close()

    page.get_by_role("link", name="Compare", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Compare two sessions")).to_be_visible()
    expect(page.get_by_text(re.compile("Knee range, left: .* no clear change"))).to_be_visible()
