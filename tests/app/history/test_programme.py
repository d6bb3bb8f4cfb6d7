"""The programme on a person's page: add, change, order, remove."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from gaitlab.storage import ProgrammeItem, SessionStore
from gaitlab.ui.shared.programme_words import item_words
from tests.app.builders_ui import squats
from tests.app.visits import click, page, text_of

pytestmark = pytest.mark.usefixtures("own_resources")

SQUATS = ProgrammeItem(exercise="squat", sets=3, repetitions=10, rest_s=60)
LUNGES = ProgrammeItem(exercise="lunge", sets=2, repetitions=8, rest_s=90, tempo="2-1-2-0", range_left_pct=80)


def ann(sessions: SessionStore, *items: ProgrammeItem) -> AppTest:
    sessions.save(squats(), person="Ann")
    sessions.set_programme("Ann", items)
    return page("history")


def field(app: AppTest, kind: str, label: str) -> Any:
    return next(one for one in getattr(app, kind) if one.label == label)


def test_exercises_are_added_one_after_another(sessions: SessionStore) -> None:
    app = ann(sessions)
    app = click(app, "Add to the programme")
    field(app, "selectbox", "Exercise").set_value("lunge")
    for label, value in (("Sets", 2), ("Repetitions", 8), ("Rest (s)", 90), ("Range left (%)", 80)):
        field(app, "number_input", label).set_value(value)
    field(app, "text_input", "Tempo").set_value(" 2-1-2-0 ")
    app = click(app, "Add to the programme")
    assert not app.exception
    assert sessions.programme("Ann") == (SQUATS, LUNGES)
    assert "2. Lunges · 2 × 8 · rest 90 s · tempo 2-1-2-0 · range left 80 %" in text_of(app).replace("\\", "")


def test_one_is_changed_in_its_place(sessions: SessionStore) -> None:
    app = click(ann(sessions, SQUATS, LUNGES), "Change")
    field(app, "number_input", "Repetitions").set_value(12)
    app = click(app, "Save the exercise")
    assert sessions.programme("Ann") == (replace(SQUATS, repetitions=12), LUNGES)
    assert "Save the exercise" not in [button.label for button in app.button]


def test_one_goes_up_and_one_goes_away(sessions: SessionStore) -> None:
    app = ann(sessions, SQUATS, LUNGES)
    first, second = (button for button in app.button if button.label == "Earlier")
    assert first.disabled
    app = second.click().run()
    assert sessions.programme("Ann") == (LUNGES, SQUATS)
    click(app, "Remove")
    assert sessions.programme("Ann") == (SQUATS,)


@pytest.mark.parametrize(
    ("kind", "label", "wrong", "told"),
    [
        ("text_input", "Tempo", "fast", "4-2-1-0"),
        ("number_input", "Range right (%)", 59, "Squats of less than 60 % of a full repetition may not be counted"),
    ],
)
def test_what_cannot_be_trained_is_told_and_stays_in_the_form(
    sessions: SessionStore, kind: str, label: str, wrong: Any, told: str
) -> None:
    app = ann(sessions)
    field(app, kind, label).set_value(wrong)
    app = click(app, "Add to the programme")
    assert told in text_of(app).replace("\\", "")
    assert field(app, kind, label).value == wrong
    assert sessions.programme("Ann") == ()


def test_twenty_exercises_are_enough(sessions: SessionStore) -> None:
    app = ann(sessions, *[SQUATS] * 20)
    assert "Add to the programme" not in [button.label for button in app.button]
    click(app, "Remove")
    assert len(sessions.programme("Ann")) == 19


def test_somebody_without_sessions_can_have_one(sessions: SessionStore) -> None:
    sessions.save(squats(), person="Ann")
    ben = sessions.add_person("Ben")
    click(page("history", person=str(ben.id)), "Add to the programme")
    assert sessions.programme("Ben") == (SQUATS,)


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (replace(SQUATS, sets=1), "Squats · 1 × 10"),
        (replace(SQUATS, range_left_pct=80, range_right_pct=80), "Squats · 3 × 10 · rest 60 s · range 80 %"),
        (replace(SQUATS, range_right_pct=80), "Squats · 3 × 10 · rest 60 s · range right 80 %"),
    ],
)
def test_an_exercise_is_one_line(item: ProgrammeItem, words: str) -> None:
    assert item_words(item) == words
