"""Whose session a new clip becomes, if the user chooses nobody."""

from __future__ import annotations

from datetime import timedelta

from gaitlab.samples import load_samples
from gaitlab.storage import SessionStore
from tests.app.visits import page
from tests.builders_store import MONDAY, a_walk


def who(app_page: str) -> tuple[str | None, list[str]]:
    box = next(box for box in page(app_page).selectbox if box.label == "Who")
    return box.value, list(box.options)


def test_a_clip_of_ones_own_is_not_put_to_the_people_of_the_samples(sessions: SessionStore) -> None:
    load_samples(sessions)
    assert who("analyse") == ("Me", ["Me"])


def test_whoever_was_measured_last_comes_up_first(sessions: SessionStore) -> None:
    sessions.save(a_walk(), person="Ann", recorded_at=MONDAY)
    sessions.save(a_walk(), person="Zoe", recorded_at=MONDAY + timedelta(days=1))
    assert who("analyse") == ("Zoe", ["Ann", "Zoe"])
