"""The page that plays, opened from disk: no server is there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from gaitlab.reports import About, Comment
from gaitlab.reports.playing_page import playing_page
from tests.app.builders_ui import drawn_clip, squats
from tests.browser.conftest import watched_context

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}

#: Counts how many animation frames the page's own `tick` waits for at once: each one is another loop that draws.
COUNT_FRAMES = """(() => {
  const awaited = new Set();
  const [ask, cancel] = [window.requestAnimationFrame.bind(window), window.cancelAnimationFrame.bind(window)];
  window.mostAwaited = 0;
  window.requestAnimationFrame = (draw) => {
    if (draw.name !== "tick") return ask(draw);
    const id = ask((now) => {
      awaited.delete(id);
      draw(now);
    });
    awaited.add(id);
    window.mostAwaited = Math.max(window.mostAwaited, awaited.size);
    return id;
  };
  window.cancelAnimationFrame = (id) => {
    awaited.delete(id);
    cancel(id);
  };
})()"""


def moment_s(page: Page) -> float:
    return float(page.locator("#moment").inner_text().split()[0])


@pytest.mark.parametrize("with_clip", [True, False], ids=["clip", "figure"])
def test_it_plays_from_disk_in_step_with_its_curve_and_asks_for_nothing(
    with_clip: bool, browser: Browser, tmp_path: Path
) -> None:
    clip = drawn_clip(tmp_path / "clip.mp4") if with_clip else None
    comments = (Comment(time_s=6.0, text="<b>deep</b>"),)
    file = tmp_path / "page.html"
    file.write_text(playing_page(squats(), About(person="Anna"), clip=clip, comments=comments), encoding="utf-8")
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    with watched_context(browser, viewport=PHONE, offline=True) as context:
        context.on("request", note)
        context.add_init_script(COUNT_FRAMES)
        page = context.new_page()
        page.goto(file.as_uri())
        expect(page.locator("#moment")).to_have_text("0.00 s · left 0° · right 3°")

        page.get_by_role("button", name="<b>deep</b>").click()
        expect(page.locator("#moment")).to_have_text("6.00 s · left 100° · right 98°")
        if with_clip:
            page.wait_for_function("Math.abs(document.querySelector('video').currentTime - 6) < 0.04")

        page.get_by_role("slider").focus()
        page.keyboard.press("ArrowLeft")
        expect(page.locator("#moment")).to_have_text("5.88 s · left 99° · right 97°")
        page.keyboard.press("End")
        expect(page.locator("#moment")).to_contain_text("7.96 s")
        page.keyboard.press("Home")
        expect(page.locator("#moment")).to_contain_text("0.00 s")

        box = page.locator("#curve").bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        assert 3.4 < moment_s(page) < 4.4

        before_s = moment_s(page)
        page.get_by_role("button", name="Play").click()
        expect(page.get_by_role("button", name="Pause")).to_be_visible()
        page.wait_for_function(
            "from => parseFloat(document.querySelector('#moment').innerText) > from", arg=before_s + 0.2
        )
        for _ in range(3):
            page.get_by_role("button", name="<b>deep</b>").click()
        page.get_by_role("button", name="Pause").click()
        assert page.evaluate("window.mostAwaited") == 1

        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]


def test_an_arrow_goes_one_row_on_where_rows_are_far_apart(browser: Browser, tmp_path: Path) -> None:
    analysis = squats()
    rows = slice(None, None, 10)  # 0.4 s
    track = replace(
        analysis.track, **{name: getattr(analysis.track, name)[rows] for name in ("time_s", "xy_px", "score")}
    )
    angles = replace(analysis.angles, time_s=analysis.angles.time_s[rows], deg=analysis.angles.deg[rows])
    file = tmp_path / "page.html"
    file.write_text(playing_page(replace(analysis, track=track, track_raw=track, angles=angles)), encoding="utf-8")
    with watched_context(browser, offline=True) as context:
        page = context.new_page()
        page.goto(file.as_uri())
        page.get_by_role("slider").focus()
        for key, moment in (("ArrowRight", "0.40 s"), ("ArrowRight", "0.80 s"), ("ArrowLeft", "0.40 s")):
            page.keyboard.press(key)
            expect(page.locator("#moment")).to_contain_text(moment)
