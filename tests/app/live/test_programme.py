"""A programme on the Live page: what a click on an exercise fills in, and what the script of the camera is told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from gaitlab.repetitions.activities import checked_activity, counted_activities
from gaitlab.storage import ProgrammeItem, SessionStore
from gaitlab.ui.live.programme import last_time_words, plan_of_item
from tests.app.builders_ui import squats
from tests.app.visits import page

pytestmark = pytest.mark.usefixtures("own_resources")

SQUATS = ProgrammeItem(exercise="squat", sets=2, repetitions=12, rest_s=45, tempo="4-2-1-0")
LUNGES = ProgrammeItem(exercise="lunge", sets=1, repetitions=8, rest_s=60, range_left_pct=70)
EAST = timezone(timedelta(hours=2))


def ann_trains(sessions: SessionStore, *items: ProgrammeItem) -> AppTest:
    sessions.add_person("Ann")
    sessions.set_programme("Ann", items)
    return page("live")


def filled(app: AppTest) -> tuple[Any, ...]:
    numbers = [app.number_input(key=f"live-{name}").value for name in ("sets", "repetitions", "rest")]
    return app.selectbox[0].value, app.toggle[0].value, *numbers, app.text_input(key="live-tempo").value


def choose(app: AppTest, place: int) -> AppTest:
    app.button_group[0].set_value(place).run()
    assert not app.exception
    return app


def test_one_click_fills_exercise_sets_rest_and_tempo(sessions: SessionStore) -> None:
    app = ann_trains(sessions, SQUATS, LUNGES)
    assert filled(app) == ("squat", False, 3, 10, 60, "")
    assert filled(choose(app, 0)) == ("squat", True, 2, 12, 45, "4-2-1-0")
    assert filled(choose(app, 1)) == ("lunge", True, 1, 8, 60, "")


def test_another_exercise_by_hand_is_not_one_of_the_programme(sessions: SessionStore) -> None:
    app = choose(ann_trains(sessions, SQUATS, LUNGES), 1)
    app.selectbox[0].set_value("pull-up").run()
    assert not app.exception
    assert app.button_group[0].value is None


def test_without_a_programme_nothing_is_offered(sessions: SessionStore) -> None:
    assert not ann_trains(sessions).button_group


def test_an_exercise_that_this_program_does_not_know_is_left_out(sessions: SessionStore) -> None:
    app = ann_trains(sessions, replace(SQUATS, exercise="handstand"), LUNGES)
    assert len(app.button_group[0].options) == 1


def test_the_script_is_told_the_range_of_each_side_and_what_comes_next() -> None:
    assert plan_of_item((SQUATS, LUNGES), 0) == {"item": 0, "name": "Squats", "range": None, "next": "Lunges, 1 × 8"}
    last = plan_of_item((SQUATS, LUNGES), 1)
    assert last == {"item": 1, "name": "Lunges", "range": {"left": 0.7, "right": 1.0, "both": 0.7}, "next": None}
    assert set(plan_of_item((SQUATS, LUNGES), None).values()) == {None}
    json.dumps(last)


@pytest.mark.parametrize(("pct", "begins"), [(59, 0.6), (60, 0.6), (150, 1.5)])
def test_the_band_never_begins_below_what_is_counted(pct: int, begins: float) -> None:
    wanted = replace(SQUATS, range_left_pct=pct, range_right_pct=pct)
    assert plan_of_item([wanted], 0)["range"] == {"left": begins, "right": begins, "both": begins}


def test_a_movement_without_a_name_has_no_range() -> None:
    assert plan_of_item([replace(LUNGES, exercise="repeated")], 0)["range"] is None


def test_the_last_time_is_told_with_its_day(sessions: SessionStore) -> None:
    now = datetime(2026, 11, 28, 9, tzinfo=EAST)

    def told(activity: str = "squat", person: str | None = "Ann") -> str | None:
        return last_time_words(sessions, person, activity, now=now)

    assert told() is None
    for when, day in (
        (datetime(2025, 12, 31, 23, tzinfo=UTC), "1 January"),
        (datetime(2026, 11, 3, 9, tzinfo=UTC), "3 November"),
        (datetime(2026, 11, 28, 6, 30, tzinfo=UTC), "today at 08:30"),
    ):
        sessions.save(squats(), person="Ann", recorded_at=when)
        assert told() == f"Last time, {day}: 2 repetitions."
    assert (told("lunge"), told("repeated"), told(person=None)) == (None, None, None)


def test_the_last_time_of_another_year_says_which(sessions: SessionStore) -> None:
    sessions.save(squats(count=1), person="Ann", recorded_at=datetime(2025, 12, 31, 9, tzinfo=UTC))
    told = last_time_words(sessions, "Ann", "squat", now=datetime(2026, 1, 1, 9, tzinfo=UTC))
    assert told == "Last time, 31 December 2025: 1 repetition."


def test_what_is_counted_can_be_asked_for() -> None:
    assert [checked_activity(one) for one in counted_activities()] == list(counted_activities())
    assert not {"auto", "gait"} & set(counted_activities())
