"""Corrections by hand on the session page."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import AttributeDictionary

from gaitlab.records import Analysis
from gaitlab.storage import SessionStore
from tests.app.visits import click, open_tab, page, text_of


@pytest.fixture
def sessions(sample_sessions: SessionStore) -> SessionStore:
    return sample_sessions


@pytest.fixture
def walk_number(sessions: SessionStore) -> int:
    return next(header.id for header in sessions.sessions() if header.kind == "gait")


def opened(number: int) -> AppTest:
    """Open a report, and in it the steps where the first tab is another one."""
    return open_tab(page("session", session=str(number)), "Steps")


def strikes(analysis: Analysis) -> list[float]:
    assert analysis.gait is not None
    return [contact.time_s for contact in analysis.gait.contacts if contact.kind == "heel_strike"]


def row_of(analysis: Analysis, kind: str, n: int) -> int:
    """Return the row in the table of the n-th event of a kind, from 0."""
    assert analysis.gait is not None
    return [i for i, one in enumerate(analysis.gait.contacts) if one.kind == kind][n]


def turns(analysis: Analysis) -> list[float]:
    assert analysis.exercise is not None
    return [repetition.turn_s for repetition in analysis.exercise.repetitions]


def select_row(app: AppTest, number: int, row: int) -> AppTest:
    """Select a row in the table of events, as a click on it does."""
    rows = {"selection": {"rows": [row], "columns": [], "cells": []}}
    app.session_state[f"events-{number}"] = AttributeDictionary(rows)
    return app.run()


def moment(app: AppTest, number: int) -> Any:
    return app.number_input(key=f"edit-moment-{number}")


def button(app: AppTest, start: str) -> str:
    return next(b.label for b in app.button if b.label.startswith(start))


def test_an_added_heel_strike_is_told_and_taken_back(sessions: SessionStore, walk_number: int) -> None:
    before = strikes(sessions.get(walk_number).analysis)
    app = opened(walk_number)
    moment(app, walk_number).set_value(0.1).run()
    click(app, button(app, "Add a left heel strike at 0.10 s"))
    assert not app.exception
    assert strikes(sessions.get(walk_number).analysis) != before
    assert "Corrected by hand" in text_of(app)
    click(app, "Undo the last correction")
    assert strikes(sessions.get(walk_number).analysis) == before
    assert "Corrected by hand" not in text_of(app)


def test_left_and_right_are_swapped_over_the_whole_clip(sessions: SessionStore, walk_number: int) -> None:
    first = sessions.get(walk_number).analysis.gait
    app = opened(walk_number)
    click(app, button(app, "Swap left and right"))
    assert not app.exception
    second = sessions.get(walk_number).analysis.gait
    assert first is not None
    assert second is not None
    assert [c.side for c in second.contacts] == [{"left": "right", "right": "left"}[c.side] for c in first.contacts]


def test_a_heel_strike_whose_row_is_selected_is_deleted_and_comes_back(
    sessions: SessionStore, walk_number: int
) -> None:
    analysis = sessions.get(walk_number).analysis
    before = strikes(analysis)
    row = row_of(analysis, "heel_strike", 4)
    app = select_row(opened(walk_number), walk_number, row)
    app = click(app, button(app, f"Delete the right heel strike of {before[4]:.2f} s"))
    assert not app.exception
    assert strikes(sessions.get(walk_number).analysis) == [*before[:4], *before[5:]]
    app = click(app, "Undo the last correction")
    assert not app.exception
    assert strikes(sessions.get(walk_number).analysis) == before


def test_a_heel_strike_whose_row_is_selected_is_moved(sessions: SessionStore, walk_number: int) -> None:
    analysis = sessions.get(walk_number).analysis
    before = strikes(analysis)
    row = row_of(analysis, "heel_strike", 1)
    app = select_row(opened(walk_number), walk_number, row)
    assert moment(app, walk_number).value == pytest.approx(before[1], abs=0.006)  # its moment is where one begins
    moment(app, walk_number).set_value(round(before[1] + 0.04, 2)).run()
    app = click(app, button(app, "Move the left heel strike"))
    assert not app.exception
    moved = strikes(sessions.get(walk_number).analysis)
    assert moved[1] == pytest.approx(before[1] + 0.04, abs=0.006)
    assert [moved[0], *moved[2:]] == [before[0], *before[2:]]


def test_a_repetition_whose_row_is_selected_is_deleted_and_comes_back(sessions: SessionStore) -> None:
    number = next(header.id for header in sessions.sessions() if header.kind == "squat")
    before = turns(sessions.get(number).analysis)
    app = opened(number)
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
    app = click(app, "Redo")
    assert turns(sessions.get(number).analysis) == [*before[:2], *before[3:]]
    assert "Redo" not in [b.label for b in app.button]


def test_a_repetition_that_was_deleted_can_be_added_at_its_turn(sessions: SessionStore) -> None:
    number = next(header.id for header in sessions.sessions() if header.kind == "squat")
    before = turns(sessions.get(number).analysis)
    app = click(select_row(opened(number), number, 1), "Delete repetition 2")
    moment(app, number).set_value(round(before[1], 2)).run()
    app = click(app, button(app, "Add a repetition at"))
    assert not app.exception
    assert turns(sessions.get(number).analysis) == pytest.approx(before, abs=0.05)


def test_a_repetition_where_nobody_moves_is_said_and_not_kept(sessions: SessionStore) -> None:
    number = next(header.id for header in sessions.sessions() if header.kind == "squat")
    app = opened(number)
    moment(app, number).set_value(0.0).run()
    app = click(app, button(app, "Add a repetition at"))
    assert "Nothing changes" in app.toast[0].value
    assert sessions.get(number).analysis.edits == ()


def test_a_toe_off_whose_row_is_selected_is_moved(sessions: SessionStore, walk_number: int) -> None:
    analysis = sessions.get(walk_number).analysis
    assert analysis.gait is not None
    row = row_of(analysis, "toe_off", 1)
    one = analysis.gait.contacts[row]
    app = select_row(opened(walk_number), walk_number, row)
    moment(app, walk_number).set_value(round(one.time_s + 0.05, 2)).run()
    app = click(app, button(app, f"Move the {one.side} toe-off"))
    assert not app.exception
    after = sessions.get(walk_number).analysis.gait
    assert after is not None
    assert after.contacts[row].time_s == pytest.approx(one.time_s + 0.05, abs=0.006)
