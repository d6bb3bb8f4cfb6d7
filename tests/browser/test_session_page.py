"""The session page in headless Chromium: clip and curves move as one, and reports are downloaded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from gaitlab.pipeline import analyse_track
from gaitlab.records import Analysis, SourceInfo
from gaitlab.records.skeleton import SIDE_COLORS, SIDES
from gaitlab.settings import AnalysisSettings
from gaitlab.storage import open_store
from tests.app.builders_ui import drawn_clip, long_walk, squats, walk
from tests.browser.conftest import WIDE, ServedApp, wait_until, watched_context
from tests.builders import walker

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("lasting")]

PLOT = ".player .plot"
VIDEO = ".player .stage video"
PAIR = ".player .pair video"

Open = Callable[[Analysis], None]


@pytest.fixture(scope="module")
def window(browser: Browser, lasting: ServedApp) -> Iterator[Page]:
    """Open a window for all tests of this file: a new one takes as long as a page."""
    with watched_context(browser, base_url=lasting.url) as context:
        yield context.new_page()


@pytest.fixture
def page(window: Page) -> Iterator[Page]:
    """Lend the window, and put right afterwards what a test may have changed of it."""
    yield window
    window.goto("about:blank")
    window.mouse.move(0, 0)
    window.set_viewport_size(WIDE)
    window.emulate_media(reduced_motion="no-preference")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return drawn_clip(tmp_path_factory.mktemp("clip") / "drawn.mp4")


@pytest.fixture
def open_report(page: Page, served: ServedApp, clip: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Save an analysis with a clip of eight seconds and open its report."""

    def save_and_open(analysis: Analysis) -> None:
        monkeypatch.setenv("GAITLAB_DATA_DIR", str(served.data_dir))
        store = open_store()
        number = store.save(analysis, person="Ann", media={"overlay": clip})
        store.close()
        page.goto(f"{served.url}/session?session={number}")
        page.locator(PLOT).wait_for()
        wait_until(page, VIDEO, "v => v.readyState >= 2")

    return save_and_open


def cursor_s(page: Page) -> float:
    return float(page.locator(".player").get_attribute("data-time-s") or "nan")


def clip_s(page: Page) -> float:
    wait_until(page, VIDEO, "v => !v.seeking")
    return float(page.locator(VIDEO).evaluate("v => v.currentTime"))


def clip_shows(page: Page, time_s: float, *, within_s: float) -> None:
    """Wait until the clip is at a moment."""
    wait_until(page, VIDEO, f"v => !v.seeking && Math.abs(v.currentTime - {time_s}) < {within_s}")


def test_moving_over_the_curve_seeks_the_clip(page: Page, open_report: Open) -> None:
    open_report(squats())
    box = page.locator(PLOT).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 40)
    clip_shows(page, 4.0, within_s=0.5)
    assert cursor_s(page) == pytest.approx(clip_s(page), abs=0.05)
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + 40)
    clip_shows(page, 6.0, within_s=0.5)


def test_the_playing_clip_moves_the_cursor(page: Page, open_report: Open) -> None:
    open_report(squats())
    page.get_by_role("button", name="Play", exact=True).click()
    wait_until(page, ".player", "p => Number(p.dataset.timeS) > 1.0")
    page.get_by_role("button", name="Pause", exact=True).click()
    assert cursor_s(page) == pytest.approx(clip_s(page), abs=0.15)


def test_a_mark_goes_to_its_moment(page: Page, open_report: Open) -> None:
    open_report(walk())
    page.get_by_role("button", name=re.compile("^Left heel strike")).first.click()
    struck = min(c.time_s for c in walk().gait.contacts if c.side == "left")  # type: ignore[union-attr]
    clip_shows(page, struck, within_s=0.01)
    assert cursor_s(page) == pytest.approx(struck, abs=0.01)


def test_a_click_on_a_repetition_is_not_undone_by_the_mouse_that_still_lies_on_it(
    page: Page, open_report: Open
) -> None:
    open_report(squats())
    page.get_by_role("button", name="Repetition 2, 4.50").click()
    box = page.get_by_role("button", name="Repetition 2, 4.50").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2 + 3, box["y"] + box["height"] / 2)
    assert cursor_s(page) == pytest.approx(4.5, abs=0.01)
    page.mouse.move(box["x"] + box["width"] / 2 + 40, box["y"] + box["height"] / 2)
    assert cursor_s(page) > 5.5


def test_the_keyboard_steps_from_picture_to_picture(page: Page, open_report: Open) -> None:
    open_report(squats())
    page.get_by_role("slider", name="Moment").press("Home")
    page.get_by_role("button", name="One frame forward").focus()
    for _ in range(3):
        page.keyboard.press("Enter")
    assert cursor_s(page) == pytest.approx(3 / 25, abs=0.001)


def test_the_first_picture_is_where_the_movement_begins(page: Page, open_report: Open) -> None:
    open_report(squats())
    assert cursor_s(page) == pytest.approx(0.5, abs=0.001)
    clip_shows(page, 0.5, within_s=0.05)


def test_the_stick_figure_takes_the_place_of_the_clip_and_follows(page: Page, open_report: Open) -> None:
    open_report(squats())
    page.get_by_role("button", name="Stick figure").click()
    expect(page.locator(VIDEO)).to_be_hidden()
    canvas = page.get_by_role("img", name="Stick figure", exact=True)
    before = canvas.screenshot()
    page.get_by_role("button", name="Turn of repetition 1").click()
    assert canvas.screenshot() != before


def test_curves_have_the_colours_of_their_sides(page: Page, open_report: Open) -> None:
    open_report(walk())
    strokes = page.locator(f"{PLOT} svg path").evaluate_all("all => all.map(path => getComputedStyle(path).stroke)")
    colors = [SIDE_COLORS[side].removeprefix("#") for side in SIDES]
    assert strokes == ["rgb({}, {}, {})".format(*bytes.fromhex(color)) for color in colors]


def unlike_squats() -> Analysis:
    """Two squats of which the second goes further and turns late: from 4.5 over 6.8 to 7.5 s."""
    analysis = squats()
    assert analysis.exercise is not None
    first, second = analysis.exercise.repetitions
    unlike = (first, replace(second, notes=(), range_deg=110.0, turn_s=6.8))
    return replace(analysis, exercise=replace(analysis.exercise, repetitions=unlike))


def pair_s(page: Page) -> tuple[float, float]:
    """Return where the clips of the best and the least good repetition are."""
    best, worst = page.locator(PAIR).evaluate_all("videos => videos.map(v => v.currentTime)")
    return best, worst


def test_best_and_least_good_repetition_run_side_by_side_each_over_its_own_stretch(
    page: Page, open_report: Open
) -> None:
    open_report(unlike_squats())
    expect(page.get_by_text("Best: number 2")).to_be_visible()
    expect(page.locator(".pair .why").first).to_have_text("110° of movement")
    expect(page.get_by_text("Weakest: number 1")).to_be_visible()
    page.locator(".pair").scroll_into_view_if_needed()
    wait_until(page, ".pair-share", "s => Number(s.value) > 0.9")  # by themselves
    wait_until(page, ".pair-share", "s => Number(s.value) < 0.3")  # from the beginning again
    for _ in range(10):
        best, worst = pair_s(page)
        assert 4.4 < best < 7.7
        assert 0.4 < worst < 3.7
        page.wait_for_timeout(100)
    assert page.locator(PAIR).evaluate_all("videos => videos.every(v => v.muted)")


def test_the_two_repetitions_stop_and_turn_together_by_the_keyboard(page: Page, open_report: Open) -> None:
    open_report(unlike_squats())
    page.locator(".pair").scroll_into_view_if_needed()
    stop = page.get_by_role("button", name="Pause both repetitions")
    stop.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Play both repetitions")).to_be_visible()
    assert page.locator(PAIR).evaluate_all("videos => videos.every(v => v.paused)")
    page.get_by_role("slider", name="Share of the repetition").focus()
    page.keyboard.press("End")
    wait_until(page, PAIR, "v => !v.seeking && v.currentTime > 7.4")
    page.locator(".pair-share").evaluate("s => { s.value = 0.5; s.dispatchEvent(new Event('input')); }")
    wait_until(page, PAIR, "v => !v.seeking && Math.abs(v.currentTime - 6.8) < 0.01")
    assert pair_s(page) == pytest.approx((6.8, 2.0), abs=0.01)


def test_who_wants_less_motion_starts_the_two_repetitions_themselves(page: Page, open_report: Open) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_report(unlike_squats())
    page.locator(".pair").scroll_into_view_if_needed()
    wait_until(page, PAIR, "v => v.readyState >= 2")
    page.wait_for_timeout(1000)
    assert pair_s(page) == pytest.approx((6.8, 2.0), abs=0.01)  # the turning points
    page.get_by_role("button", name="Play both repetitions").click()
    wait_until(page, ".pair-share", "s => Number(s.value) > 0.1 && Number(s.value) < 0.5")


def test_without_the_clip_figures_show_the_two_repetitions(page: Page, open_report: Open) -> None:
    open_report(unlike_squats())
    page.get_by_role("button", name="Stick figure").click()
    page.locator(".pair").scroll_into_view_if_needed()
    expect(page.locator(PAIR).first).to_be_hidden()
    expect(page.get_by_role("img", name="Stick figure, Best: number 2")).to_be_visible()
    wait_until(page, ".pair-share", "s => Number(s.value) > 0.9")


@pytest.mark.parametrize(("label", "start"), [("PDF report", b"%PDF"), ("Web page report", b"<!doctype html>")])
def test_a_report_is_downloaded(label: str, start: bytes, page: Page, open_report: Open) -> None:
    open_report(walk())
    page.get_by_role("tab", name="Share").click()
    with page.expect_download() as download:
        page.get_by_role("link", name=label).click()
    assert Path(download.value.path()).read_bytes().startswith(start)


def test_a_finger_on_the_curve_and_on_a_mark_goes_there(page: Page, open_report: Open) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    touch = page.context.new_cdp_session(page)
    touch.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    open_report(walk())
    page.locator(PLOT).scroll_into_view_if_needed()

    def move(*xs: float, y: float) -> None:
        for kind, x in zip(["touchStart"] + ["touchMove"] * (len(xs) - 1), xs, strict=True):
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
            page.wait_for_timeout(50)
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    plot = page.locator(PLOT).bounding_box()
    assert plot is not None
    places = [plot["x"] + share * plot["width"] for share in (0.3, 0.35, 0.4, 0.5, 0.6, 0.75)]
    move(*places, y=plot["y"] + 60)
    assert clip_s(page) == pytest.approx(6.0, abs=0.5)
    mark = page.get_by_role("button", name=re.compile("^Left heel strike")).first.bounding_box()
    assert mark is not None
    move(mark["x"] + mark["width"] / 2, y=mark["y"] + mark["height"] / 2)
    wait_until(page, ".player", "p => p.dataset.timeS === '1.600'")
    assert clip_s(page) == pytest.approx(1.6, abs=0.01)
    touch.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
    touch.detach()


def test_on_a_phone_the_curve_stands_below_the_clip(page: Page, open_report: Open) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_report(squats())
    clip, plot = page.locator(".player .stage").bounding_box(), page.locator(PLOT).bounding_box()
    assert clip is not None
    assert plot is not None
    assert plot["y"] > clip["y"] + clip["height"]
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")


def drawn_degrees(page: Page) -> list[str]:
    return page.locator(".player .arcs text").all_text_contents()


def legend_degrees(page: Page) -> list[str]:
    return page.locator(".player .legend b").all_text_contents()


def test_the_angles_on_the_picture_are_those_of_the_curve_and_can_be_hidden(page: Page, open_report: Open) -> None:
    analysis = long_walk()
    open_report(analysis)
    for time_s in (2.0, 3.4):  # frames of both the analysis, 30 a second, and the clip, 25
        page.locator(".moment").evaluate("(s, t) => { s.value = t; s.dispatchEvent(new Event('input')); }", time_s)
        assert clip_s(page) == pytest.approx(time_s, abs=0.01)
        page.wait_for_timeout(300)
        row = int(np.abs(analysis.track.time_s - time_s).argmin())
        told = [f"{round(float(analysis.angles.angle(name)[row]))}°" for name in ("left_knee", "right_knee")]
        assert drawn_degrees(page) == legend_degrees(page) == told
    page.get_by_role("button", name="Angles on the picture").click()
    expect(page.locator(".player .arcs text")).to_have_count(0)
    page.get_by_role("button", name="Stick figure").click()
    expect(page.locator(".player .arcs text")).to_have_count(0)
    page.get_by_role("button", name="Angles on the picture").click()
    assert drawn_degrees(page) == told


def test_a_tile_of_a_step_goes_there_and_the_arrow_keys_to_the_next(page: Page, open_report: Open) -> None:
    open_report(walk())
    page.get_by_role("button", name="Left heel strike at 1.60 s, 0.60 s after the right one").click()
    assert cursor_s(page) == pytest.approx(1.6)
    assert clip_s(page) == pytest.approx(1.6, abs=0.01)
    page.keyboard.press("ArrowRight")
    assert cursor_s(page) == pytest.approx(2.2)
    current = page.locator(".tile[aria-current]")
    expect(current).to_have_accessible_name("Right heel strike at 2.20 s, 0.60 s after the left one")
    expect(current).to_be_focused()
    page.keyboard.press("Home")
    assert cursor_s(page) == pytest.approx(1.0)


def test_of_many_tiles_and_marks_those_in_sight_are_in_the_page_and_the_keyboard_reaches_all(
    page: Page, open_report: Open
) -> None:
    track = walker(n_strikes=150).track
    source = SourceInfo(file="long.mp4", frames=len(track), duration_s=None, fps_mean=None, sha256="0" * 64)
    analysis = analyse_track(track, AnalysisSettings(activity="gait"), source=source)
    strikes = [contact.time_s for contact in analysis.gait.contacts if contact.kind == "heel_strike"]  # type: ignore[union-attr]
    assert len(strikes) > 120
    open_report(analysis)
    tiles, marks = page.locator(".player .tile"), page.locator(".player .lane button")
    expect(tiles.first).to_be_visible()
    assert tiles.count() < 40
    assert 40 < marks.count() < 80  # of half a minute
    tiles.first.click()
    page.keyboard.press("End")
    assert cursor_s(page) == pytest.approx(strikes[-1], abs=0.001)
    current = page.locator(".tile[aria-current]")
    expect(current).to_be_focused()
    expect(current).to_be_in_viewport()
    page.locator(".tiles").evaluate("row => { row.scrollLeft = 0; }")
    expect(page.get_by_role("button", name=f"heel strike at {strikes[1]:.2f} s")).to_be_attached()
    expect(current).to_be_focused()
    assert tiles.count() < 40
    page.keyboard.press("ArrowLeft")
    assert cursor_s(page) == pytest.approx(strikes[-2], abs=0.001)
    expect(page.locator(".tile[tabindex='0']")).to_have_count(1)


def test_the_tile_of_the_repetition_that_plays_is_marked(page: Page, open_report: Open) -> None:
    open_report(squats())
    page.get_by_role("button", name="Repetition 2, turns at 6.00 s").click()
    expect(page.locator(".tile[aria-current] .words")).to_have_text("2 95°")
    page.locator(".moment").evaluate("s => { s.value = 3.3; s.dispatchEvent(new Event('input')); }")
    expect(page.locator(".tile[aria-current] .words")).to_have_text("1 95°")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.locator(".tile[aria-current]")).to_have_count(0)
    wait_until(page, ".player", "p => Number(p.dataset.timeS) > 4.6")
    expect(page.locator(".tile[aria-current] .words")).to_have_text("2 95°")
