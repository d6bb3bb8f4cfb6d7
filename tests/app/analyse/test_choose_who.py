"""Whose session a new clip becomes, if the user chooses nobody."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from gaitlab.sessions import AnalysisRequest
from gaitlab.storage import SessionStore
from gaitlab.ui.analyse.queues import jobs
from tests.app.visits import click, drop, page, text_of
from tests.builders_store import MONDAY, a_walk

NEW = "Somebody new…"


def who(app_page: str) -> tuple[str | None, list[str]]:
    box = next(box for box in page(app_page).selectbox if box.label == "Who")
    return box.value, list(box.options)


def test_a_clip_of_ones_own_is_not_put_to_the_people_of_the_samples(sample_sessions: SessionStore) -> None:
    assert sample_sessions.people()
    assert who("analyse") == ("Me", ["Me", NEW])


def test_whoever_was_measured_last_comes_up_first(sessions: SessionStore) -> None:
    sessions.save(a_walk(), person="Ann", recorded_at=MONDAY)
    sessions.save(a_walk(), person="Zoe", recorded_at=MONDAY + timedelta(days=1))
    assert who("analyse") == ("Zoe", ["Ann", "Zoe", NEW])


def test_somebody_new_is_asked_for_by_name_and_nothing_is_analysed_without_one() -> None:
    app = drop(page("analyse"), "walk.mp4", b"a clip")
    next(box for box in app.selectbox if box.label == "Who").set_value(NEW).run()
    click(app, "Analyse")
    assert "Type the name of the new person first." in text_of(app)
    assert not jobs().snapshots()


def test_the_new_name_is_whose_session_the_clip_becomes(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def submit(_clip: Path, order: AnalysisRequest) -> str:
        asked.append(order.person)
        return "1"

    monkeypatch.setattr("gaitlab.ui.analyse.queues.submit_clip", submit)
    app = drop(page("analyse"), "walk.mp4", b"a clip")
    next(box for box in app.selectbox if box.label == "Who").set_value(NEW).run()
    next(box for box in app.text_input if box.label == "Name").set_value("Mrs  Jones ").run()
    click(app, "Analyse")
    assert asked == ["Mrs Jones"]


def test_of_several_clips_each_can_have_its_own_person_and_activity(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str, str]] = []

    def submit(clip: Path, order: AnalysisRequest) -> str:
        asked.append((clip.name, order.person, order.settings.activity))
        return str(len(asked))

    monkeypatch.setattr("gaitlab.ui.analyse.queues.submit_clip", submit)
    app = page("analyse")
    for name in ("ann.mp4", "ben.mp4"):
        drop(app, name, b"a clip")
    app.run().checkbox[0].check().run()
    of_the_last = [box for box in app.selectbox if box.label in ("Who", "What")][-2:]
    of_the_last[0].set_value(NEW)
    of_the_last[1].set_value("squat")
    app.run()
    next(box for box in app.text_input if box.label == "Name").set_value("Ben").run()
    click(app, "Analyse 2 clips")
    assert asked == [("ann.mp4", "Me", "auto"), ("ben.mp4", "Ben", "squat")]
