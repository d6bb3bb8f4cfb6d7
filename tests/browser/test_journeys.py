"""Whole ways through the app, from the first action to what somebody came for; one server for all of them."""

from __future__ import annotations

import base64
import re
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from gaitlab.storage import open_store
from tests.app.builders_ui import walk
from tests.app.scenes import people_clip
from tests.browser.conftest import ServedApp, choose, watched_context

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("both_models", "lasting")]

ANALYSIS_MS = 480_000  # on a busy machine two clips wait for one another
PRESSED_MS = 5_000  # by then a press that was not swallowed shows
_DROP = """(zone, [name, content]) => {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], name, { type: "video/mp4" }));
    for (const kind of ["dragenter", "dragover", "drop"])
        zone.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
}"""


class Visitor:
    """Somebody in front of a page, whose actions are counted; waiting is none."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.actions: list[str] = []

    def drop(self, clip: Path) -> None:
        """Let go of a file over the page's drop zone."""
        self.actions.append(f"drop {clip.name}")
        content = base64.b64encode(clip.read_bytes()).decode("ascii")
        self._page.locator(".upload .zone").evaluate(_DROP, [clip.name, content])

    def press(self, button: str) -> None:
        """Press a button as soon as it can be pressed."""
        self.actions.append(f"press {button}")
        self._page.get_by_role("button", name=button, exact=True).click(timeout=ANALYSIS_MS)


def upload(page: Page, clip: Path) -> None:
    page.locator("input[type=file]").set_input_files(clip)


def open_page(page: Page, name: str, *, presses: int = 3) -> None:
    """Press the link of a page until the page is there: a page that looks for news may swallow a press."""
    heading = page.get_by_role("heading", name=name)
    for _ in range(presses - 1):
        page.get_by_role("link", name=name).click()
        with suppress(AssertionError):
            expect(heading).to_be_visible(timeout=PRESSED_MS)
            return
    page.get_by_role("link", name=name).click()
    expect(heading).to_be_visible()


def session_number(page: Page) -> str:
    return page.url.rpartition("session=")[2]


def test_from_a_freshly_opened_app_to_the_first_number_in_two_actions(
    page: Page, served: ServedApp, short_walk: Path
) -> None:
    page.goto(served.url)
    visitor = Visitor(page)
    visitor.drop(short_walk)
    visitor.press("Analyse")
    number = page.get_by_test_id("stMetricValue").first
    expect(number).to_contain_text("steps/min", timeout=ANALYSIS_MS)  # the report opened by itself
    assert len(visitor.actions) == 2


def test_upload_report_history_compare_and_pdf(page: Page, served: ServedApp, short_walk: Path) -> None:
    store = open_store(f"sqlite:///{served.data_dir / 'gaitlab.db'}")
    store.save(walk(file="earlier.mp4"), person="Żofia")
    store.close()

    page.goto(served.url)
    choose(page, "Who", "Żofia")
    upload(page, short_walk)
    page.get_by_role("button", name="Analyse", exact=True).click(timeout=ANALYSIS_MS)
    expect(page.get_by_role("heading", level=1, name="Walking")).to_be_visible(timeout=ANALYSIS_MS)
    report = page.url

    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("heading", level=1, name="Żofia")).to_be_visible()
    expect(page.get_by_text("earlier.mp4")).to_be_visible()  # the history of the person just measured
    boxes = page.locator("label").filter(has_text="Compare").filter(has=page.get_by_role("checkbox"))
    expect(boxes).to_have_count(2)
    for box in boxes.all():
        box.click()
    page.get_by_role("button", name="Compare the two").click()
    expect(page.get_by_role("heading", level=1, name="Compare two sessions")).to_be_visible()
    expect(page.get_by_text(re.compile(r"numbers? changed")).first).to_be_visible()

    page.goto(report)
    page.get_by_role("tab", name="Share").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF report").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")


@pytest.mark.accuracy  # `tests/app/test_pages.py` asks each time what another tab is offered
def test_two_tabs_at_once_get_each_its_own_report(
    browser: Browser, served: ServedApp, other_walk: Path, short_walk: Path
) -> None:
    clips = (other_walk, short_walk)
    with watched_context(browser, base_url=served.url) as context:
        tabs = {clip.name: context.new_page() for clip in clips}
        for clip in clips:
            tabs[clip.name].goto("/")
            upload(tabs[clip.name], clip)
        for tab in tabs.values():
            tab.get_by_role("button", name="Analyse", exact=True).click(timeout=ANALYSIS_MS)
        for name, tab in tabs.items():
            expect(tab.get_by_role("heading", level=1, name="Walking")).to_be_visible(timeout=ANALYSIS_MS)
            expect(tab.get_by_text(f"· {name}")).to_be_visible()  # below the title
        assert len({session_number(tab) for tab in tabs.values()}) == len(clips)


def test_clips_that_arrive_together_all_wait_and_the_damaged_one_is_named(
    page: Page, served: ServedApp, tmp_path: Path
) -> None:
    clips = [people_clip(tmp_path / f"{name}.mp4", 1) for name in ("one", "two", "three", "four")]
    (tmp_path / "damaged.mp4").write_bytes(b"no video at all")
    page.goto(served.url)
    page.locator("input[type=file]").set_input_files([*clips[:2], tmp_path / "damaged.mp4", *clips[2:]])
    expect(page.get_by_text("is ready to be analysed")).to_have_count(len(clips), timeout=ANALYSIS_MS)
    expect(page.get_by_text("a first look at it failed")).to_have_count(1)
    expect(page.get_by_role("alert").filter(has_text="damaged.mp4: this is not a video")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Remove")).to_have_count(len(clips) + 1)
    expect(page.get_by_role("button", name="Analyse 4 clips")).to_be_enabled()
    for _ in range(len(clips) + 1):
        n = page.get_by_role("button", name="Remove").count()
        page.get_by_role("button", name="Remove").first.click()
        expect(page.get_by_role("button", name="Remove")).to_have_count(n - 1)


def test_clips_under_way_arrive_although_the_page_is_left_for_a_moment(
    page: Page, served: ServedApp, tmp_path: Path
) -> None:
    clips = [people_clip(tmp_path / f"{name}.mp4", 1) for name in ("one", "two", "three")]

    page.route("**/gaitlab/upload**", lambda route: None, times=1)  # the first one never ends
    page.goto(served.url)
    page.locator("input[type=file]").set_input_files(clips)
    expect(page.get_by_label("one.mp4: share uploaded")).to_be_attached()
    open_page(page, "History")
    open_page(page, "Analyse")
    expect(page.get_by_role("button", name="Remove")).to_have_count(len(clips), timeout=ANALYSIS_MS)
    for left in reversed(range(len(clips))):
        page.get_by_role("button", name="Remove").first.click()
        expect(page.get_by_role("button", name="Remove")).to_have_count(left)


def test_a_slow_press_on_analyse_is_not_lost_when_a_first_look_comes_in_meanwhile(
    page: Page, served: ServedApp, tmp_path: Path
) -> None:
    page.goto(served.url)
    upload(page, people_clip(tmp_path / "nobody.mp4", 0, n=60))
    button = page.get_by_role("button", name="Analyse", exact=True)
    expect(button).to_be_enabled()
    button.hover()
    page.mouse.down()
    expect(page.get_by_text("First look at the filming")).to_be_visible(timeout=ANALYSIS_MS)
    page.mouse.up()
    expect(page.get_by_role("alert").filter(has_text="nobody.mp4")).to_be_visible(timeout=ANALYSIS_MS)
    page.get_by_role("button", name="Dismiss").click()


def test_the_keyboard_alone_starts_an_analysis_and_stops_it(page: Page, served: ServedApp, shared_data: Path) -> None:
    clip = shared_data / "exercise" / "posetest__situp.mp4"  # long: the keyboard is slow
    # Listened for from the start: a dialog that opens before the browser knows of the listener is lost.
    page.on("filechooser", lambda chooser: chooser.set_files(clip))
    page.goto(served.url)
    expect(page.get_by_text("Drop videos here")).to_be_visible()
    expect(page.locator("[data-test-script-state=notRunning]")).to_be_attached()  # the page has come to rest
    tab_to(page, "Choose videos")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Analyse", exact=True)).to_be_enabled(timeout=ANALYSIS_MS)
    tab_to(page, "Analyse")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    tab_to(page, "Cancel")
    page.keyboard.press("Enter")
    expect(page.get_by_text("cancelled; nothing was saved")).to_be_visible(timeout=ANALYSIS_MS)


_FOCUSED = """() => {
    let one = document.activeElement;
    while (one && one.shadowRoot && one.shadowRoot.activeElement) one = one.shadowRoot.activeElement;
    return one ? one.getAttribute("aria-label") || one.innerText || "" : "";
}"""


def tab_to(page: Page, name: str, *, at_most: int = 60) -> None:
    """Press Tab until what has the focus is called so."""
    for _ in range(at_most):
        page.keyboard.press("Tab")
        words = str(page.evaluate(_FOCUSED)).split("\n")
        if words[-1].strip() == name:
            return
    raise AssertionError(f"{at_most} times Tab never reached {name!r}")
