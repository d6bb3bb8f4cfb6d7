"""What every store promises about several analyses of one recording, and about corrections by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gaitlab.errors import NotFoundError, UsageError
from gaitlab.records import Analysis, Edit
from gaitlab.records.findings import as_written
from gaitlab.storage import SessionFilter, SessionStore
from tests.builders_store import (
    MONDAY,
    TUESDAY,
    a_clip,
    a_walk,
    an_edited_walk,
    assert_equal_analyses,
    with_settings,
)

ALL = SessionFilter(with_replaced=True)


def by_newer_program(*, cadence_spm: float = 105.0) -> Analysis:
    walk = a_walk(cadence_spm=cadence_spm)
    return replace(walk, provenance=replace(walk.provenance, gaitlab="0.2.0"))


class TestReplacing:
    def test_the_newer_analysis_is_listed_and_the_older_stays_readable(self, store: SessionStore) -> None:
        old = store.save(a_walk(), person="Ann", recorded_at=MONDAY)

        new = store.save(by_newer_program(), person="Ann", recorded_at=MONDAY, replaces=old)

        assert [header.id for header in store.sessions()] == [new]
        assert [header.id for header in store.sessions(where=ALL)] == [new, old]
        assert_equal_analyses(store.get(old).analysis, a_walk())
        assert [(one.id, one.version) for one in store.versions(old)] == [(new, "0.2.0"), (old, "0.1.0")]
        assert store.versions(old) == store.versions(new)

    def test_a_trend_has_each_recording_once(self, store: SessionStore) -> None:
        old = store.save(a_walk(cadence_spm=100.0), person="Ann")

        store.save(by_newer_program(cadence_spm=105.0), person="Ann", replaces=old)

        assert [point.value for point in store.metric_history("Ann", "cadence")] == [105.0]

    def test_what_the_user_told_of_the_older_one_is_taken_over(self, store: SessionStore) -> None:
        old = store.save(a_walk(), person="Ann", recorded_at=MONDAY, remark="new shoes", tags=["hall"])
        store.update_session(old, is_baseline=True)

        new = store.get(store.save(by_newer_program(), person="Ann", replaces=old))

        assert (new.remark, new.tags, new.header.is_baseline) == ("new shoes", ("hall",), True)
        assert (new.header.recorded_at, new.header.recorded_from) == (MONDAY, "user")

    def test_deleting_the_newer_one_brings_the_older_back(self, store: SessionStore) -> None:
        old = store.save(a_walk(), person="Ann")
        new = store.save(by_newer_program(), person="Ann", replaces=old)

        store.delete(new)

        assert [header.id for header in store.sessions()] == [old]

    def test_deleting_the_one_in_the_middle_leaves_the_newest_in_front(self, store: SessionStore) -> None:
        first = store.save(a_walk(), person="Ann")
        second = store.save(a_walk(), person="Ann", replaces=first)
        third = store.save(a_walk(), person="Ann", replaces=first)

        store.delete(second)

        assert [header.id for header in store.sessions()] == [third]
        assert [header.id for header in store.versions(first)] == [third, first]

    def test_a_session_of_somebody_else_is_not_replaced(self, store: SessionStore) -> None:
        anns = store.save(a_walk(), person="Ann")

        with pytest.raises(UsageError, match="expected one of Ben, got one of Ann"):
            store.save(a_walk(), person="Ben", replaces=anns)

        assert [person.name for person in store.people()] == ["Ann"]
        assert len(store.sessions(where=ALL)) == 1

    def test_what_does_not_exist_is_not_replaced(self, store: SessionStore, tmp_path: Path) -> None:
        with pytest.raises(NotFoundError):
            store.save(a_walk(), person="Ann", media={"overlay": a_clip(tmp_path)}, replaces=7)

        assert store.people() == ()


class TestRevising:
    def test_edits_change_the_session_itself(self, store: SessionStore) -> None:
        session_id = store.save(a_walk(), person="Ann", remark="new shoes", tags=["hall"])
        edited = replace(an_edited_walk(), findings=(as_written("Corrected by hand."),))

        assert store.revise(session_id, edited) == session_id

        stored = store.get(session_id)
        assert_equal_analyses(stored.analysis, edited)
        assert (stored.remark, stored.tags) == ("new shoes", ("hall",))

    def test_the_list_and_the_trend_show_the_edited_numbers(self, store: SessionStore) -> None:
        session_id = store.save(a_walk(cadence_spm=100.0), person="Ann")

        store.revise(session_id, a_walk(cadence_spm=101.0))

        cadence = store.sessions()[0].cadence
        assert cadence is not None
        assert cadence.value == 101.0
        assert [point.value for point in store.metric_history("Ann", "cadence")] == [101.0]

    def test_edits_can_be_taken_away_again(self, store: SessionStore) -> None:
        session_id = store.save(a_walk(), person="Ann")
        store.revise(session_id, an_edited_walk())

        store.revise(session_id, a_walk())

        assert_equal_analyses(store.get(session_id).analysis, a_walk())

    @pytest.mark.parametrize("newer", [by_newer_program(), with_settings(a_walk(), {"height_m": 1.6})])
    def test_another_version_or_other_settings_make_a_new_session(
        self, store: SessionStore, tmp_path: Path, newer: Analysis
    ) -> None:
        old = store.save(
            a_walk(), person="Ann", recorded_at=MONDAY, media={"overlay": a_clip(tmp_path)}, remark="r", tags=["hall"]
        )

        new = store.revise(old, newer)

        assert_equal_analyses(store.get(old).analysis, a_walk())
        assert_equal_analyses(store.get(new).analysis, newer)
        assert [header.id for header in store.sessions()] == [new]
        assert store.get(new).media == store.get(old).media
        assert (store.get(new).remark, store.get(new).tags) == ("r", ("hall",))
        assert store.get(new).header.recorded_at == MONDAY

    def test_the_shared_film_stays_until_both_are_deleted(self, store: SessionStore, tmp_path: Path) -> None:
        old = store.save(a_walk(), person="Ann", media={"overlay": a_clip(tmp_path)})
        new = store.revise(old, by_newer_program())
        film = store.get(new).media["overlay"]

        store.delete(old)
        assert film.exists()
        store.delete(new)

        assert not film.exists()

    def test_settings_with_a_tuple_are_the_same_as_before(self, store: SessionStore) -> None:
        session_id = store.save(with_settings(a_walk(), {"subject_at": (1.0, 2.0)}), person="Ann")

        assert store.revise(session_id, with_settings(a_walk(), {"subject_at": (1.0, 2.0)})) == session_id

    def test_an_undone_edit_comes_back_as_undone(self, store: SessionStore) -> None:
        edit = Edit(kind="delete_repetition", time_s=1.5, created_at=TUESDAY, undone=True)

        session_id = store.save(replace(a_walk(), edits=(edit,)), person="Ann")

        assert store.get(session_id).analysis.edits == (edit,)
