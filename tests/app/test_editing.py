"""Corrections by hand on the session page."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from gaitlab.samples import load_samples
from gaitlab.storage import SessionStore
from gaitlab.types import Analysis
from tests.app.visits import click, page, text_of


@pytest.fixture
def walk_number(sessions: SessionStore) -> int:
    load_samples(sessions)
    return next(header.id for header in sessions.sessions() if header.kind == "gait")


def strikes(analysis: Analysis) -> list[float]:
    assert analysis.gait is not None
    return [contact.time_s for contact in analysis.gait.contacts if contact.kind == "heel_strike"]


def button(app: AppTest, start: str) -> str:
    return next(b.label for b in app.button if b.label.startswith(start))


def test_an_added_heel_strike_is_told_and_taken_back(sessions: SessionStore, walk_number: int) -> None:
    before = strikes(sessions.get(walk_number).analysis)
    app = page("session", session=str(walk_number))
    app.number_input[0].set_value(0.1).run()
    click(app, button(app, "Add a left heel strike at 0.10 s"))
    assert not app.exception
    assert strikes(sessions.get(walk_number).analysis) != before
    assert "Corrected by hand" in text_of(app)
    click(app, "Undo the last correction")
    assert strikes(sessions.get(walk_number).analysis) == before
    assert "Corrected by hand" not in text_of(app)


def test_left_and_right_are_swapped_over_the_whole_clip(sessions: SessionStore, walk_number: int) -> None:
    first = sessions.get(walk_number).analysis.gait
    app = page("session", session=str(walk_number))
    click(app, button(app, "Swap left and right"))
    assert not app.exception
    second = sessions.get(walk_number).analysis.gait
    assert first is not None
    assert second is not None
    assert [c.side for c in second.contacts] == [{"left": "right", "right": "left"}[c.side] for c in first.contacts]


def test_a_repetition_is_deleted_when_its_row_is_selected(sessions: SessionStore) -> None:
    load_samples(sessions)
    number = next(header.id for header in sessions.sessions() if header.kind == "squat")
    assert "Select a repetition in the table" in text_of(page("session", session=str(number)))
