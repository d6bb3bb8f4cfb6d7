"""Corrections by hand on the session page."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import AttributeDictionary

from gaitlab.records import Analysis
from gaitlab.storage import SessionStore
from tests.app.visits import click, page, text_of


@pytest.fixture
def sessions(sample_sessions: SessionStore) -> SessionStore:
    return sample_sessions


@pytest.fixture
def walk_number(sessions: SessionStore) -> int:
    return next(header.id for header in sessions.sessions() if header.kind == "gait")


def strikes(analysis: Analysis) -> list[float]:
    assert analysis.gait is not None
    return [contact.time_s for contact in analysis.gait.contacts if contact.kind == "heel_strike"]


def turns(analysis: Analysis) -> list[float]:
    assert analysis.exercise is not None
    return [repetition.turn_s for repetition in analysis.exercise.repetitions]


def select_row(app: AppTest, number: int, row: int) -> AppTest:
    """Select a row in the table of events, as a click on it does."""
    rows = {"selection": {"rows": [row], "columns": [], "cells": []}}
    app.session_state[f"events-{number}"] = AttributeDictionary(rows)
    return app.run()


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


def test_a_heel_strike_whose_row_is_selected_is_deleted_and_comes_back(
    sessions: SessionStore, walk_number: int
) -> None:
    before = strikes(sessions.get(walk_number).analysis)
    app = select_row(page("session", session=str(walk_number)), walk_number, 4)
    app = click(app, button(app, f"Delete the right heel strike of {before[4]:.2f} s"))
    assert not app.exception
    assert strikes(sessions.get(walk_number).analysis) == [*before[:4], *before[5:]]
    app = click(app, "Undo the last correction")
    assert not app.exception
    assert strikes(sessions.get(walk_number).analysis) == before


def test_a_heel_strike_whose_row_is_selected_is_moved(sessions: SessionStore, walk_number: int) -> None:
    before = strikes(sessions.get(walk_number).analysis)
    app = select_row(page("session", session=str(walk_number)), walk_number, 1)
    assert app.number_input[0].value == pytest.approx(before[1], abs=0.006)  # its moment is where one begins
    app.number_input[0].set_value(round(before[1] + 0.04, 2)).run()
    app = click(app, button(app, "Move the left heel strike"))
    assert not app.exception
    moved = strikes(sessions.get(walk_number).analysis)
    assert moved[1] == pytest.approx(before[1] + 0.04, abs=0.006)
    assert [moved[0], *moved[2:]] == [before[0], *before[2:]]


def test_a_repetition_whose_row_is_selected_is_deleted_and_comes_back(sessions: SessionStore) -> None:
    number = next(header.id for header in sessions.sessions() if header.kind == "squat")
    before = turns(sessions.get(number).analysis)
    app = page("session", session=str(number))
    assert "Select a repetition in the table" in text_of(app)
    app = click(select_row(app, number, 2), "Delete repetition 3")
    assert not app.exception
    assert turns(sessions.get(number).analysis) == [*before[:2], *before[3:]]
    assert "Corrected by hand" in text_of(app)
    assert str(len(before) - 1) in app.title[0].value
    app = click(app, "Undo the last correction")
    assert not app.exception
    assert turns(sessions.get(number).analysis) == before
    assert str(len(before)) in app.title[0].value
