"""Sets and the metronome on the Live page, by keyboard: what happens is written, and spoken where the voice is on.

The camera is a canvas and the server is the test, which says who is seen and what was counted.
"""

from __future__ import annotations

import json
import re
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Page, Route, WebSocketRoute, expect

from gaitlab.storage import ProgrammeItem, open_store
from gaitlab.ui.analyse.upload_route import UPLOAD_URL
from gaitlab.ui.live.networks import networks_for_browsers
from tests.browser.conftest import ServedApp, choose, settled
from tests.browser.test_live_troubles import CAMERA

# tests/javascript asks each time, without a browser.
pytestmark = [pytest.mark.browser, pytest.mark.accuracy, pytest.mark.usefixtures("both_models", "lasting")]

# A voice that notes what it says.
VOICE = """
  window.spoken = [];
  window.SpeechSynthesisUtterance = class extends EventTarget { constructor(words) { super(); this.words = words; } };
  Object.defineProperty(window, "speechSynthesis", { value: {
    speak: (one) => { window.spoken.push(one.words); setTimeout(() => one.dispatchEvent(new Event("end"))); },
    cancel: () => {},
  } });
"""
STANDING = [
    [0.5, y] for y in (0.13, 0.12, 0.12, 0.13, 0.13, 0.2, 0.2, 0.35, 0.35, 0.5, 0.5, 0.5, 0.5, 0.7, 0.7, 0.9, 0.9)
]


class Server:
    """Answers a camera: somebody stands before it, and has done what the test says."""

    def __init__(self, page: Page) -> None:
        self.points: list[list[float]] | None = None
        self.count: int | None = 0
        self.cadence_spm: float | None = None
        page.route_web_socket("**/gaitlab/live", self._open)

    def _open(self, socket: WebSocketRoute) -> None:
        def send(kind: str, **content: Any) -> None:
            socket.send(json.dumps({"kind": kind, **content}))

        def answer(message: str | bytes) -> None:
            if isinstance(message, str):
                send("ready")
                return
            send("pose", number=int.from_bytes(message[:4], "big"), points=self.points, reach={"both": 0.5})
            numbers = {
                "count": self.count,
                "cadence_spm": self.cadence_spm,
                "tempo_per_min": None,
                "step_asymmetry_pct": None,
                "is_uneven": False,
            }
            send("result", **numbers, unit="Squats", cue="Go on.")

        socket.on_message(answer)


def opened(page: Page, served: ServedApp) -> Server:
    server = Server(page)
    for script in (CAMERA, VOICE):
        page.add_init_script(f"{{ {script} }}")
    page.goto(f"{served.url}/live")
    if networks_for_browsers() is not None:
        choose(page, "Where the pose model runs", "On the server")
    return server


def test_a_set_is_run_by_keyboard_and_everything_spoken_is_written(page: Page, served: ServedApp) -> None:
    server = opened(page, served)
    page.get_by_text("Sets and rests").click()
    page.get_by_text("Train in sets").click()
    settled(page)
    sets = page.get_by_label("Sets", exact=True)
    sets.fill("1")
    sets.press("Enter")
    settled(page)
    voice = page.get_by_role("button", name="Voice", exact=True)
    voice.press("Enter")
    expect(voice).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Full screen").press("Enter")
    page.get_by_role("button", name="Start the camera").press("Enter")
    expect(page.locator(".board")).to_contain_text("Set 1")
    server.points = STANDING  # the set begins by itself
    said = page.get_by_role("status").filter(has_text="Set 1 of 1: go.")
    expect(said).to_be_attached()
    server.count = 1
    expect(page.locator(".said")).to_have_text("1")
    expect(page.locator(".value")).to_have_text("1")
    page.get_by_role("button", name="End the set").press("Enter")
    end = "1. All is done: 1 set, 1 in all."
    expect(page.locator(".said")).to_have_text(end)
    expect(page.locator(".board")).to_contain_text("repetitions in 1 set: 1")
    page.wait_for_function("end => spoken.includes(end)", arg=end)
    spoken = page.evaluate("() => spoken")
    assert spoken[0] == "The voice is on."
    assert {"Set 1 of 1: go.", "1"} <= set(spoken)
    page.get_by_role("button", name="Leave full screen").press("Enter")
    expect(page.get_by_role("button", name="Full screen", exact=True)).to_be_visible()


def test_a_programme_goes_on_when_the_recording_was_saved_and_stays_where_it_cannot_be(
    page: Page, served: ServedApp
) -> None:
    items = [
        ProgrammeItem(exercise="squat", sets=1, repetitions=1, rest_s=60),
        ProgrammeItem(exercise="lunge", sets=2, repetitions=8, rest_s=60, range_left_pct=70, range_right_pct=70),
    ]
    with closing(open_store(f"sqlite:///{served.data_dir / 'gaitlab.db'}")) as store:
        store.add_person("Pia")
        store.set_programme("Pia", items)
    answers = [{"error": "The disk is full."}, {"job": "0"}]
    sent: list[str] = []

    def answer(route: Route) -> None:
        sent.append(route.request.url)
        route.fulfill(status=200, json=answers[len(sent) - 1])

    page.route(re.compile(re.escape(UPLOAD_URL)), answer)
    server = opened(page, served)
    choose(page, "Who", "Pia")
    page.get_by_role("radio", name="1. Squats").click()
    settled(page)
    page.get_by_role("button", name="Start the camera").click()
    server.points = STANDING
    expect(page.locator(".said")).to_have_text("Set 1 of 1: go.")
    server.count = 1
    expect(page.locator(".board")).to_contain_text("Next: Lunges, 2 × 8.")
    server.points, server.count = None, 0
    go_on = page.get_by_role("button", name="Save and go on")
    go_on.click()
    expect(page.get_by_role("alert").filter(has_text="The disk is full.")).to_be_visible()
    expect(page.locator(".board")).to_contain_text("All is done")
    go_on.click()
    expect(page.locator(".board")).to_contain_text("Next: Lunges")
    expect(page.locator(".board")).to_contain_text("8 repetitions, set 1 of 2")
    assert ["activity=squat" in url and "person=Pia" in url for url in sent] == [True, True]
    server.points = STANDING
    expect(page.locator(".said")).to_have_text("Set 1 of 2: go.")
    label = "How far you go; the band begins at 70 % of a full repetition"
    expect(page.locator(".meter")).to_have_attribute("aria-label", label)


def test_a_metronome_beats_in_the_cadence_that_was_measured_and_five_percent_faster(
    page: Page, served: ServedApp
) -> None:
    server = opened(page, served)
    server.count = None
    page.get_by_role("button", name="Start the camera").press("Enter")
    expect(page.locator(".cue")).to_have_text("Go on.")
    beat = page.get_by_role("button", name="Metronome", exact=True)
    expect(beat).to_be_hidden()  # nothing is measured yet
    server.cadence_spm = 104.2
    beat.press("Enter")
    expect(page.locator(".beats.beating")).to_be_attached()
    expect(page.locator(".rate")).to_have_text("104 a minute: your cadence")
    server.cadence_spm = 110.0  # who follows it is not followed
    page.get_by_role("button", name="Metronome 5 % faster").press("Enter")
    expect(page.locator(".rate")).to_have_text("109 a minute: your cadence + 5 %")
    beat.press("Enter")
    expect(page.locator(".beats")).to_be_hidden()
