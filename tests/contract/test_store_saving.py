"""What every session store promises about saving and reading back."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest

from gaitlab.errors import UsageError
from gaitlab.records import Contact
from gaitlab.storage import SessionStore
from tests.builders_store import (
    MONDAY,
    TUESDAY,
    a_set_in_detail,
    a_source,
    a_squat_set,
    a_walk,
    a_walk_with_findings,
    assert_equal_analyses,
)


class TestSaving:
    def test_a_walk_comes_back_exactly(self, store: SessionStore) -> None:
        session_id = store.save(a_walk(), person="Ann")

        assert_equal_analyses(store.get(session_id).analysis, a_walk())

    def test_reasons_and_notes_come_back_with_their_codes_and_values(self, store: SessionStore) -> None:
        session_id = store.save(a_walk_with_findings(), person="Ann")

        assert_equal_analyses(store.get(session_id).analysis, a_walk_with_findings())

    def test_an_exercise_without_picture_size_and_model_comes_back_exactly(self, store: SessionStore) -> None:
        session_id = store.save(a_squat_set(), person="Ann")

        assert_equal_analyses(store.get(session_id).analysis, a_squat_set())

    def test_phases_sets_form_notes_and_shallow_repetitions_come_back_exactly(self, store: SessionStore) -> None:
        session_id = store.save(a_set_in_detail(), person="Ann")

        assert_equal_analyses(store.get(session_id).analysis, a_set_in_detail())

    def test_an_analysis_that_recognised_nothing_comes_back_without_parts(self, store: SessionStore) -> None:
        session_id = store.save(replace(a_walk(), gait=None), person="Ann")

        analysis = store.get(session_id).analysis
        assert analysis.gait is None
        assert analysis.exercise is None

    def test_the_saved_analysis_is_not_changed(self, store: SessionStore) -> None:
        analysis = a_walk()

        store.save(analysis, person="Ann")

        assert_equal_analyses(analysis, a_walk())

    def test_numbers_of_numpy_types_are_saved_like_python_ones(self, store: SessionStore) -> None:
        walk = a_walk()
        assert walk.gait is not None
        contact = Contact(side="left", kind="heel_strike", time_s=np.float32(0.5), frame=np.int64(15))  # type: ignore[arg-type]

        session_id = store.save(replace(walk, gait=replace(walk.gait, contacts=(contact,))), person="Ann")

        gait = store.get(session_id).analysis.gait
        assert gait is not None
        assert gait.contacts == (Contact(side="left", kind="heel_strike", time_s=0.5, frame=15),)

    def test_remark_and_tags_come_back_the_tags_once_and_sorted(self, store: SessionStore) -> None:
        session_id = store.save(a_walk(), person="Ann", remark="new shoes", tags=["shoes", "hall", " shoes "])

        stored = store.get(session_id)
        assert (stored.remark, stored.tags) == ("new shoes", ("hall", "shoes"))

    def test_the_header_tells_how_many_repetitions_are_shallow(self, store: SessionStore) -> None:
        squats, walk = store.save(a_squat_set(), person="Ann"), store.save(a_walk(), person="Ann")

        assert (store.get(squats).header.shallow, store.get(walk).header.shallow) == (1, 0)
        assert {header.id: header.shallow for header in store.sessions()} == {squats: 1, walk: 0}

    def test_the_header_tells_what_a_list_shows(self, store: SessionStore) -> None:
        session_id = store.save(a_walk(cadence_spm=104.25), person="Ann", recorded_at=MONDAY)

        header = store.get(session_id).header
        assert (header.id, header.person, header.kind, header.file) == (session_id, "Ann", "gait", "walk.mp4")
        assert header.activity == a_walk().activity
        assert header.cadence is not None
        assert header.cadence.value == 104.25
        assert header.repetition_count is None

    def test_a_number_is_never_used_again(self, store: SessionStore) -> None:
        first = store.save(a_walk(), person="Ann")
        store.delete(first)

        assert store.save(a_walk(), person="Ann") > first

    def test_two_threads_saving_at_once_both_succeed(self, store: SessionStore) -> None:
        with ThreadPoolExecutor(2) as pool:
            ids = list(pool.map(lambda _: store.save(a_walk(), person="Ann"), range(6)))

        assert len(set(ids)) == 6
        assert [person.name for person in store.people()] == ["Ann"]

    @pytest.mark.parametrize("file", ["märchen 歩行 🏃.mp4", "x" * 500 + ".mp4"], ids=["unicode", "long"])
    def test_any_file_name_comes_back(self, store: SessionStore, file: str) -> None:
        session_id = store.save(a_walk(source=a_source(file=file)), person="Ann")

        assert store.get(session_id).header.file == file

    def test_a_file_name_that_is_no_unicode_is_saved(self, store: SessionStore) -> None:
        name_on_disk = os.fsdecode(b"caf\xe9.mp4")

        session_id = store.save(a_walk(source=a_source(file=name_on_disk)), person="Ann")

        assert store.get(session_id).header.file.startswith("caf")


class TestRecordingTime:
    def test_told_time_wins_over_the_file(self, store: SessionStore) -> None:
        session_id = store.save(a_walk(source=a_source(recorded_at=MONDAY)), person="Ann", recorded_at=TUESDAY)

        assert store.get(session_id).header.recorded_at == TUESDAY

    def test_time_of_the_file_is_taken_by_default(self, store: SessionStore) -> None:
        session_id = store.save(a_walk(source=a_source(recorded_at=MONDAY)), person="Ann")

        assert store.get(session_id).header.recorded_at == MONDAY

    def test_now_is_taken_when_nobody_knows(self, store: SessionStore) -> None:
        session_id = store.save(a_walk(), person="Ann")

        assert abs(store.get(session_id).header.recorded_at - datetime.now(UTC)) < timedelta(minutes=1)

    def test_the_header_is_in_utc_and_the_source_keeps_its_own_zone(self, store: SessionStore) -> None:
        noon_in_summer = datetime(2026, 7, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))

        stored = store.get(store.save(a_walk(source=a_source(recorded_at=noon_in_summer)), person="Ann"))

        assert stored.header.recorded_at.isoformat() == "2026-07-01T10:00:00+00:00"
        assert stored.analysis.source.recorded_at is not None
        assert stored.analysis.source.recorded_at.isoformat() == "2026-07-01T12:00:00+02:00"

    def test_a_time_without_zone_is_refused(self, store: SessionStore) -> None:
        with pytest.raises(UsageError, match="expected a time with its zone"):
            store.save(a_walk(), person="Ann", recorded_at=datetime(2026, 3, 2, 9, 0))

        assert store.sessions() == ()
