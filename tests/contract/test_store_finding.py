"""What every session store promises about finding sessions and trends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gaitlab.errors import NotFoundError
from gaitlab.storage import SessionFilter, SessionStore
from tests.builders_store import (
    MONDAY,
    SHA_SQUAT,
    SHA_WALK,
    TUESDAY,
    a_squat_set,
    a_walk,
)


class TestFinding:
    def test_an_empty_store_lists_nothing(self, store: SessionStore) -> None:
        assert store.sessions() == ()
        assert store.people() == ()
        assert store.metric_history("Ann", "cadence") == ()

    def test_the_newest_recording_comes_first_whenever_it_was_saved(self, store: SessionStore) -> None:
        tuesday = store.save(a_walk(), person="Ann", recorded_at=TUESDAY)
        monday = store.save(a_walk(), person="Ann", recorded_at=MONDAY)

        assert [header.id for header in store.sessions()] == [tuesday, monday]

    def test_of_two_recordings_of_one_moment_the_later_saved_comes_first(self, store: SessionStore) -> None:
        ids = [store.save(a_walk(), person="Ann", recorded_at=MONDAY) for _ in range(3)]

        assert [header.id for header in store.sessions()] == ids[::-1]

    def test_listing_a_person_leaves_out_the_others(self, store: SessionStore) -> None:
        store.save(a_walk(), person="Ann")
        bens = store.save(a_squat_set(), person="Ben")

        assert [header.id for header in store.sessions(person="Ben")] == [bens]

    def test_a_file_is_recognised_by_its_content(self, store: SessionStore) -> None:
        walk = store.save(a_walk(), person="Ann")
        store.save(a_squat_set(), person="Ann")

        assert [header.id for header in store.find_by_hash(SHA_WALK)] == [walk]

    def test_a_file_of_somebody_else_is_not_recognised_as_mine(self, store: SessionStore) -> None:
        store.save(a_squat_set(), person="Ann")

        assert store.find_by_hash(SHA_SQUAT, person="Ben") == ()

    def test_history_runs_from_the_oldest_recording_to_the_newest(self, store: SessionStore) -> None:
        store.save(a_walk(cadence_spm=110.0), person="Ann", recorded_at=TUESDAY)
        store.save(a_walk(cadence_spm=100.0), person="Ann", recorded_at=MONDAY)
        store.save(a_walk(cadence_spm=90.0), person="Ben", recorded_at=MONDAY)

        points = store.metric_history("Ann", "cadence")

        assert [(p.recorded_at, p.value, p.unit) for p in points] == [
            (MONDAY, 100.0, "steps/min"),
            (TUESDAY, 110.0, "steps/min"),
        ]

    def test_history_has_a_point_for_each_side(self, store: SessionStore) -> None:
        store.save(a_walk(), person="Ann")

        points = store.metric_history("Ann", "step_time")

        assert [(p.side, p.value, p.confidence) for p in points] == [("left", 0.5, 0.8), ("right", 0.52, 0.7)]

    def test_a_withheld_value_is_a_gap_in_the_history(self, store: SessionStore) -> None:
        store.save(a_walk(cadence_spm=None), person="Ann")

        assert [p.value for p in store.metric_history("Ann", "cadence")] == [None]

    @pytest.mark.parametrize("session_id", [1, 0, -1, 10**30])
    def test_an_unknown_number_is_not_found(self, store: SessionStore, session_id: int) -> None:
        with pytest.raises(NotFoundError, match=f"session {session_id}"):
            store.get(session_id)
        with pytest.raises(NotFoundError, match=f"session {session_id}"):
            store.delete(session_id)


def test_baseline_kept_files_and_age_of_a_session_can_be_asked_for(store: SessionStore, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"clip")
    marked = store.save(a_walk(), person="Ann")
    filmed = store.save(a_walk(), person="Ann", media={"overlay": clip})
    store.update_session(marked, is_baseline=True)

    def numbers(where: SessionFilter) -> list[int]:
        return [header.id for header in store.sessions(where=where)]

    assert numbers(SessionFilter(only_baseline=True)) == [marked]
    assert numbers(SessionFilter(with_media=True)) == [filmed]
    assert numbers(SessionFilter(saved_before=datetime.now(UTC) - timedelta(days=1))) == []
    assert len(numbers(SessionFilter(saved_before=datetime.now(UTC) + timedelta(days=1)))) == 2
    points = store.metric_history("Ann", "cadence", where=SessionFilter(only_baseline=True))
    assert [point.session_id for point in points] == [marked]


def test_people_come_with_their_last_sessions_and_those_filmed_last_first(store: SessionStore) -> None:
    for when, cadence in ((MONDAY, 90.0), (MONDAY + timedelta(hours=1), 95.0), (TUESDAY, 100.0)):
        store.save(a_walk(cadence_spm=cadence), person="Ann", recorded_at=when)
    store.save(a_squat_set(), person="Ben", recorded_at=TUESDAY + timedelta(days=1))
    store.add_person("Cem")

    ben, ann, cem = store.people_overview(recent=2)

    assert [(one.person.name, one.n_sessions) for one in (ben, ann, cem)] == [("Ben", 1), ("Ann", 3), ("Cem", 0)]
    assert [header.cadence.value for header in ann.recent if header.cadence] == [100.0, 95.0]
    assert cem.recent == ()
    assert store.people_overview(recent=2, limit=2) == (ben, ann)


def test_of_sessions_filmed_at_the_same_moment_the_last_saved_come_first(store: SessionStore) -> None:
    saved = [store.save(a_walk(), person="Ann", recorded_at=MONDAY) for _ in range(3)]

    (ann,) = store.people_overview(recent=2)

    assert [header.id for header in ann.recent] == [saved[2], saved[1]]


def test_tags_are_those_of_everybody_or_of_one_person(store: SessionStore) -> None:
    store.save(a_walk(), person="Ann", tags=["hall", "Monday"])
    store.save(a_walk(), person="Ben", tags=["hall", "stairs"])

    assert store.tags() == ("Monday", "hall", "stairs")
    assert store.tags(person="Ann") == ("Monday", "hall")


def test_an_analysis_that_was_replaced_is_not_counted_among_a_persons(store: SessionStore) -> None:
    old = store.save(a_walk(), person="Ann", recorded_at=MONDAY)
    new = store.save(a_walk(), person="Ann", recorded_at=MONDAY, replaces=old)

    (ann,) = store.people_overview(recent=5)

    assert (ann.n_sessions, [header.id for header in ann.recent]) == (1, [new])


def test_the_activities_of_a_person_come_with_their_first_and_last_day(store: SessionStore) -> None:
    store.save(a_walk(), person="Ann", recorded_at=MONDAY)
    store.save(a_walk(), person="Ann", recorded_at=TUESDAY)
    store.save(a_squat_set(), person="Ann", recorded_at=MONDAY)

    found = [(one.kind, one.n_sessions, one.first_at, one.last_at) for one in store.kinds_overview("Ann")]

    assert found == [("gait", 2, MONDAY, TUESDAY), ("squat", 1, MONDAY, MONDAY)]


def test_several_numbers_are_the_same_together_as_alone(store: SessionStore) -> None:
    store.save(a_walk(), person="Ann", recorded_at=TUESDAY)
    store.save(a_walk(cadence_spm=None), person="Ann", recorded_at=MONDAY)

    together = store.metric_histories("Ann", ("cadence", "step_time", "never_measured"))

    assert together == {name: store.metric_history("Ann", name) for name in together}
    assert together["never_measured"] == ()


def test_the_moments_of_a_session_are_its_heel_strikes_or_turning_points(store: SessionStore) -> None:
    walk, squats = a_walk(), a_squat_set()
    assert walk.gait is not None
    assert squats.exercise is not None
    strikes = [one.time_s for one in walk.gait.contacts if one.kind == "heel_strike"]

    assert store.moments(store.save(walk, person="Ann")) == tuple(sorted(strikes))
    turns = tuple(rep.turn_s for rep in squats.exercise.repetitions)
    assert store.moments(store.save(squats, person="Ann")) == turns


def test_a_line_of_a_list_has_the_remark(store: SessionStore) -> None:
    number = store.save(a_walk(), person="Ann", remark="new shoes")

    assert [header.remark for header in store.sessions()] == ["new shoes"]
    assert store.update_session(number, remark="old ones").remark == "old ones"
