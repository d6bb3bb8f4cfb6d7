"""What a person did in an exercise the last time."""

from __future__ import annotations

from datetime import UTC, datetime

from gaitlab.history.last_time import LastTime, last_time
from gaitlab.storage import SessionStore
from tests.app.builders_ui import squats, walk
from tests.builders_store import a_set_in_detail

MONDAY, TUESDAY = (datetime(2026, 3, day, 9, tzinfo=UTC) for day in (2, 3))


def test_the_newest_session_of_the_exercise_tells_its_repetitions_set_by_set(empty_store: SessionStore) -> None:
    assert last_time(empty_store, "Ann", "squat") is None
    empty_store.save(squats(count=5), person="Ann", recorded_at=MONDAY)
    empty_store.save(a_set_in_detail(), person="Ann", recorded_at=TUESDAY)
    empty_store.save(walk(day=4), person="Ann")
    exercise = a_set_in_detail().exercise
    assert exercise is not None
    sets = [one.set_index for one in exercise.repetitions]
    assert last_time(empty_store, "Ann", "squat") == LastTime(
        recorded_at=TUESDAY, count=2, sets=tuple(sets.count(number) for number in sorted(set(sets)))
    )


def test_a_session_in_which_nothing_was_counted_and_another_person_tell_nothing(empty_store: SessionStore) -> None:
    empty_store.save(squats(count=0), person="Ann")
    empty_store.save(squats(), person="Ben")
    assert last_time(empty_store, "Ann", "squat") is None
