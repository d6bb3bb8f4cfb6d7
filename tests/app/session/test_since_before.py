"""The line of a report that says what changed since earlier sessions."""

from __future__ import annotations

from datetime import timedelta

from gaitlab.storage import SessionStore
from tests.app.builders_ui import walk
from tests.app.visits import page, text_of
from tests.builders_store import MONDAY

LINE = "Cadence since before:"


def said(number: int) -> str:
    app = page("session", session=str(number))
    assert not app.exception
    return text_of(app).replace("\\", "")


def test_a_first_session_has_nothing_to_be_compared_with(sessions: SessionStore) -> None:
    number = sessions.save(walk(cadence=100.0), person="Ann", recorded_at=MONDAY)
    assert LINE not in said(number)


def test_a_second_session_says_whether_its_main_number_changed(sessions: SessionStore) -> None:
    sessions.save(walk(cadence=100.0), person="Ann", recorded_at=MONDAY)
    same = sessions.save(walk(cadence=103.0), person="Ann", recorded_at=MONDAY + timedelta(days=1))
    other = sessions.save(walk(cadence=125.0), person="Ann", recorded_at=MONDAY + timedelta(days=2))
    assert f"{LINE} :gray-badge[no clear change]" in said(same)
    assert f"{LINE} :blue-badge[:material/north: higher]" in said(other)
    assert "22.0 steps/min above the session compared with" in said(other)


def test_an_earlier_session_is_not_judged_by_later_ones(sessions: SessionStore) -> None:
    number = sessions.save(walk(cadence=100.0), person="Ann", recorded_at=MONDAY)
    sessions.save(walk(cadence=125.0), person="Ann", recorded_at=MONDAY + timedelta(days=1))
    assert LINE not in said(number)
