"""The page History: everybody, and one person over time."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from gaitlab.history.sessions import changes_of_session
from gaitlab.storage import SessionStore
from tests.app.builders_ui import squats, walk
from tests.app.visits import click, page, reports, text_of

pytestmark = pytest.mark.usefixtures("own_resources")

WALKER = "Sample: walking"


def people_shown(app: AppTest) -> list[str]:
    """Return the names that lead to somebody's page, in their order."""
    links = [link.proto for link in app.get("page_link")]
    return [link.label for link in links if re.fullmatch(r"person=\d+", link.query_string)]


def charts(app: AppTest) -> int:
    return len(app.get("bidi_component"))


def test_several_people_are_a_list_with_those_filmed_last_first(sessions: SessionStore) -> None:
    sessions.save(walk(day=2, cadence=104.0), person="Ann")
    sessions.save(squats(), person="Ben", recorded_at=datetime(2026, 3, 9, tzinfo=UTC))
    app = page("history")
    assert not app.exception
    assert app.title[0].value == "History"
    assert people_shown(app) == ["Ben", "Ann"]
    assert "Squats: 2 repetitions" in text_of(app).replace("\\", "")
    assert reports(app) == []


def test_the_only_person_there_is_comes_up_at_once(sessions: SessionStore) -> None:
    sessions.save(walk(), person="Ann")
    app = page("history")
    assert app.title[0].value == "Ann"
    assert people_shown(app) == []


def test_a_link_leads_to_a_person_and_the_other_pages_follow(sessions: SessionStore) -> None:
    sessions.save(walk(), person="Ann")
    sessions.save(squats(), person="Ben")
    app = page("history", person=str(sessions.person("Ben").id))
    assert app.title[0].value == "Ben"
    app = click(app, "Details and data")
    assert next(box for box in app.selectbox if box.label == "Person").value == "Ben"


def test_the_person_looked_at_last_comes_up_again_and_everybody_is_a_link_away(sessions: SessionStore) -> None:
    number = sessions.save(walk(), person="Ann")
    sessions.save(squats(), person="Ben")
    app = page("session", session=str(number))
    app.switch_page("history/history.py")
    del app.query_params["session"]
    assert app.run().title[0].value == "Ann"
    assert "person=all" in [link.proto.query_string for link in app.get("page_link")]
    assert people_shown(page("history", person="all")) == ["Ann", "Ben"]


@pytest.mark.parametrize("asked", ["99", "x", "9" * 40])
def test_a_link_to_nobody_is_a_message(sessions: SessionStore, asked: str) -> None:
    sessions.save(walk(), person="Ann")
    app = page("history", person=asked)
    assert not app.exception
    assert "nobody of the number" in app.error[0].value


def test_somebody_without_a_session_can_be_opened(sessions: SessionStore) -> None:
    sessions.save(walk(), person="Ann")
    app = page("history", person=str(sessions.add_person("Ben").id))
    assert not app.exception
    assert "No session yet" in app.info[0].value


def test_of_many_people_some_are_shown_and_each_can_be_found_by_name(sessions: SessionStore) -> None:
    for number in range(22):
        sessions.save(walk(day=1 + number), person=f"Person {number}")
    app = page("history")
    assert len(people_shown(app)) == 20
    found = next(box for box in app.selectbox if box.label == "Find somebody").set_value("Person 0").run()
    assert found.title[0].value == "Person 0"
    assert len(people_shown(click(page("history"), "Show more (2)"))) == 22


def test_the_numbers_that_matter_are_drawn_beside_the_one_in_large(sample_sessions: SessionStore) -> None:
    app = page("history", person=str(sample_sessions.person(WALKER).id))
    assert not app.exception
    assert charts(app) == 5
    text = text_of(app)
    assert "**Largest knee bend, left**" in text
    assert "**Cadence**" not in text


def test_a_number_that_is_shown_in_large_gives_its_place_to_another(sample_sessions: SessionStore) -> None:
    app = page("history", person=str(sample_sessions.person(WALKER).id))
    number = next(box for box in app.selectbox if box.label == "Number")
    app = number.set_value(("knee_flexion_peak", "left")).run()
    assert "**Cadence**" in text_of(app)
    assert "**Largest knee bend, left**" not in text_of(app)


def test_a_remark_without_blanks_is_cut_and_not_lost(sessions: SessionStore) -> None:
    sessions.save(walk(), person="Ann", remark="膝が痛い" * 30)
    assert f"{'膝が痛い' * 14}膝が痛…" in text_of(page("history"))


def test_a_remark_stands_in_the_row_of_its_session(sessions: SessionStore) -> None:
    sessions.save(walk(), person="Ann", remark="after the holidays")
    assert "after the holidays" in text_of(page("history"))


def periods(app: AppTest) -> list[str]:
    return next((list(group.options) for group in app.button_group if group.label == "Time"), [])


@pytest.mark.parametrize(
    ("last_days_ago", "offered"), [(200, ["All", "1 year"]), (20, ["All", "1 year", "3 months", "1 month"])]
)
def test_a_time_without_any_session_is_not_offered(
    sessions: SessionStore, last_days_ago: int, offered: list[str]
) -> None:
    for days in (500, last_days_ago):
        sessions.save(walk(), person="Ann", recorded_at=datetime.now(UTC) - timedelta(days=days))
    assert periods(page("history")) == offered


def test_the_line_in_the_list_leaves_out_numbers_of_low_confidence(sessions: SessionStore) -> None:
    for day, confidence in enumerate((0.9, 0.1, 0.9), start=1):
        walked = walk()
        assert walked.gait is not None
        cadence, *others = walked.gait.metrics
        unsure = replace(walked.gait, metrics=(replace(cadence, confidence=confidence), *others))
        sessions.save(replace(walked, gait=unsure), person="Ann", recorded_at=datetime(2026, 3, day, tzinfo=UTC))
    sessions.save(squats(), person="Ben")
    assert "The main number of 2 sessions" in text_of(page("history"))


def test_the_samples_tell_of_a_change_and_of_none(sample_sessions: SessionStore) -> None:
    newest = sample_sessions.get(sample_sessions.sessions(person=WALKER, limit=1)[0].id)
    changes = changes_of_session(sample_sessions, newest)
    cadence, knee = changes["cadence", None], changes["knee_flexion_peak", "left"]
    assert cadence.verdict == "better"
    assert (knee.verdict, knee.limit is not None) == ("cannot tell", True)
