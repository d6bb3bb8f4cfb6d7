"""What was typed when a sign-in ended: kept for its owner alone, and put back once."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gaitlab.errors import NotAllowedError, SignInError
from gaitlab.sessions import request_of
from gaitlab.ui.analyse import queues
from gaitlab.ui.resources import store_of
from gaitlab.ui.server.sign_in import Visitor
from tests.app.builders_ui import walk
from tests.app.visits import MAIN, SOON_S

MIA = Visitor(owner="https://id.example mia", role="therapist", name="Mia", until_s=4e9)
ROLF = Visitor(owner="https://id.example rolf", role="reader", name="Rolf", until_s=4e9)


class Door:
    """Whom the pages take who looks for; None: nobody, any more."""

    who: Visitor | None = MIA

    def __call__(self) -> Visitor:
        if self.who is None:
            raise SignInError("your sign-in is over; sign in again")
        return self.who


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch, own_resources: None) -> Door:
    door = Door()
    for module in ("resources", "shared.sign_in_page", "people.people", "settings.settings", "analyse.queues"):
        monkeypatch.setattr(f"gaitlab.ui.{module}.visitor", door)
    return door


def opened(page: str = "people/people.py") -> AppTest:
    return AppTest.from_file(str(MAIN), default_timeout=SOON_S).run().switch_page(page).run()


def test_what_was_typed_when_a_sign_in_ended_is_there_after_the_next_one_for_its_owner_alone(door: Door) -> None:
    ann = store_of(MIA).add_person("Ann")
    key = f"person-{ann.id}-remark"
    page = opened()
    page.text_area(key=key).input("limps since Monday")
    door.who = None
    next(button for button in page.button if button.label == "Save").click().run()

    assert "over; sign in again" in page.info[0].value
    assert not page.text_area

    door.who = ROLF
    store_of(ROLF)
    assert not opened().text_area
    door.who = MIA
    back = AppTest.from_file(str(MAIN), default_timeout=SOON_S).run()

    assert back.title[0].value == "People"
    assert back.text_area(key=key).value == "limps since Monday"
    assert opened().text_area(key=key).value == ""  # once


def test_a_reader_looks_and_is_offered_nothing_else(door: Door) -> None:
    mine = store_of(MIA)
    mine.save(walk(), person="Ann")
    store_of(ROLF).sign_in("Rolf")
    mine.sign_in("Mia")
    mine.share("Ann", ROLF.owner)
    door.who = ROLF

    page = opened()
    assert any("Shared with you by Mia" in one.value for one in page.markdown)
    assert [button.label for button in page.button] == ["Show the sessions"]
    assert not page.text_input
    assert "Your role is reader" in page.switch_page("analyse/analyse.py").run().info[0].value
    assert not page.exception


def test_only_administrators_set_what_is_for_everybody(door: Door) -> None:
    assert not opened("settings/settings.py").radio
    door.who = replace(MIA, role="administrator")
    assert opened("settings/settings.py").radio


def test_analyses_and_waiting_clips_are_those_of_who_looks(door: Door, tmp_path: Path) -> None:
    clip = tmp_path / "arrived" / "Ann at the parallel bars.mp4"
    clip.parent.mkdir()
    clip.write_bytes(b"film")
    held = queues.hold_clip(clip)
    job = queues.jobs().submit("Ben.mp4", lambda _: 7, owner=MIA.owner)
    assert queues.own_clip(held) is not None
    assert [one.id for one in queues.own_jobs()] == [job]

    door.who = replace(MIA, owner="https://id.example mallory")
    assert queues.own_clip(held) is None
    assert queues.own_jobs() == ()
    page = AppTest.from_file(str(MAIN), default_timeout=SOON_S)
    page.query_params["held"], page.query_params["job"] = held, job
    text = " ".join(str(one.value) for one in page.run().main if hasattr(one, "value"))
    assert "Ann at" not in text
    assert "Ben.mp4" not in text


def test_a_clip_accepted_before_a_restart_becomes_a_session_of_who_sent_it(
    door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = tmp_path / "arrived" / "walk.mp4"
    clip.parent.mkdir()
    clip.write_bytes(b"film")
    monkeypatch.setattr(queues, "_analysed", lambda *given: store_of(given[-1]).save(walk(), person="Ann"))

    job = queues.submit_clip(clip, request_of("Ann", "auto"))
    while (view := queues.jobs().snapshot(job)) is not None and view.active:
        time.sleep(0.01)

    assert [one.name for one in store_of(MIA).people()] == ["Ann"]
    assert store_of(ROLF).people() == ()


def test_a_reader_sends_no_clip(door: Door, tmp_path: Path) -> None:
    door.who = ROLF
    with pytest.raises(NotAllowedError, match="needs the role therapist"):
        queues.hold_clip(tmp_path / "walk.mp4")
    with pytest.raises(NotAllowedError, match="needs the role therapist"):
        queues.submit_clip(tmp_path / "walk.mp4", request_of("Ann", "auto"))
