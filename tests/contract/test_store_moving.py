"""What every store promises about sessions that go to another person, and about two people who become one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gaitlab.errors import NotFoundError, UsageError
from gaitlab.storage import Programme, SessionFilter, SessionStore
from tests.builders_store import A_PROGRAMME, MONDAY, a_squat_set, a_walk, with_settings

ALL = SessionFilter(with_replaced=True)


def owners_of(store: SessionStore) -> dict[int, str]:
    return {header.id: header.person for header in store.sessions(where=ALL)}


def names(store: SessionStore) -> list[str]:
    return [person.name for person in store.people()]


class TestMoving:
    def test_a_session_goes_to_another_person_with_all_that_is_its_own(self, store: SessionStore) -> None:
        number = store.save(a_walk(), person="Me", recorded_at=MONDAY, remark="limps", tags=["hall"])
        store.update_session(number, is_baseline=True)
        store.add_person("Anna")

        store.move_session(number, "Anna")

        header = store.get(number).header
        assert (header.person, header.recorded_at, header.tags, header.is_baseline) == ("Anna", MONDAY, ("hall",), True)
        assert [point.session_id for point in store.metric_history("Anna", "cadence")] == [number]
        assert store.metric_history("Me", "cadence") == ()

    def test_all_analyses_of_its_recording_go_along(self, store: SessionStore) -> None:
        first = store.save(a_walk(), person="Me")
        second = store.save(a_walk(), person="Me", replaces=first)
        other = store.save(a_squat_set(), person="Me")

        store.move_session(first, "Anna")

        assert owners_of(store) == {first: "Anna", second: "Anna", other: "Me"}
        assert [one.id for one in store.versions(first)] == [second, first]

    def test_goals_and_facts_of_both_people_stay(self, store: SessionStore) -> None:
        number = store.save(a_walk(), person="Me")
        store.add_person("Me", height_m=1.8)
        store.add_person("Anna", height_m=1.6)
        mine = store.set_goal("Me", metric="cadence", target=110.0, direction="at_least")

        store.move_session(number, "Anna")

        assert (store.goals("Me"), store.goals("Anna")) == ((mine,), ())
        assert [store.person(name).height_m for name in ("Me", "Anna")] == [1.8, 1.6]

    def test_a_person_made_for_a_session_is_gone_when_the_move_is_taken_back(self, store: SessionStore) -> None:
        number = store.save(a_walk(), person="Me")

        moved = store.move_session(number, " Anna ")
        assert (moved.is_new, names(store)) == (True, ["Anna", "Me"])
        store.take_back(moved)

        assert (owners_of(store), names(store)) == ({number: "Me"}, ["Me"])

    @pytest.mark.parametrize("since", ["a fact", "a goal", "a programme", "another session"])
    def test_a_person_who_got_something_since_stays(self, store: SessionStore, since: str) -> None:
        number = store.save(a_walk(), person="Me")
        moved = store.move_session(number, "Anna")
        if since == "a fact":
            store.add_person("Anna", height_m=1.6)
        elif since == "a goal":
            store.set_goal("Anna", metric="cadence", target=110.0, direction="at_least")
        elif since == "a programme":
            store.set_programme("Anna", A_PROGRAMME)
        else:
            store.save(a_squat_set(), person="Anna")

        store.take_back(moved)

        assert names(store) == ["Anna", "Me"]
        assert owners_of(store)[number] == "Me"

    def test_a_person_who_was_there_before_stays_although_empty(self, store: SessionStore) -> None:
        store.add_person("Anna")
        number = store.save(a_walk(), person="Me")

        store.take_back(store.move_session(number, "Anna"))

        assert names(store) == ["Anna", "Me"]

    def test_a_move_cannot_be_taken_back_after_another_one(self, store: SessionStore) -> None:
        number = store.save(a_walk(), person="Me")
        moved = store.move_session(number, "Anna")
        store.move_session(number, "Ben")

        with pytest.raises(UsageError, match="not one of Anna any more"):
            store.take_back(moved)

        assert owners_of(store) == {number: "Ben"}

    def test_to_move_a_session_to_whose_it_is_is_an_error(self, store: SessionStore) -> None:
        number = store.save(a_walk(), person="Me")
        with pytest.raises(UsageError, match="one of Me already"):
            store.move_session(number, "Me")

    @pytest.mark.parametrize("name", ["", "\t", "a\x07b", "x" * 1000])
    def test_a_name_that_cannot_be_one_moves_nothing(self, store: SessionStore, name: str) -> None:
        number = store.save(a_walk(), person="Me")
        with pytest.raises(UsageError):
            store.move_session(number, name)
        assert (owners_of(store), names(store)) == ({number: "Me"}, ["Me"])


class TestJoining:
    def test_sessions_and_goals_are_of_one_person_then(self, store: SessionStore) -> None:
        first = store.save(a_walk(), person="Anna")
        second = store.save(a_walk(), person="anna")
        third = store.save(a_walk(), person="anna", replaces=second)
        goal = store.set_goal("anna", metric="speed", target=1.2, direction="at_least", due=date(2027, 1, 1))

        store.join_people("anna", into="Anna")

        assert names(store) == ["Anna"]
        assert owners_of(store) == {first: "Anna", second: "Anna", third: "Anna"}
        assert store.goals("Anna") == (goal,)

    def test_what_is_known_of_who_stays_goes_first_and_gaps_are_filled(self, store: SessionStore) -> None:
        anna, other = store.add_person("Anna", height_m=1.68), store.add_person("anna", height_m=1.7)
        store.update_person(replace(anna, remark="knee"))
        store.update_person(replace(other, birth_year=1960, remark="hip"))

        store.join_people("anna", into="Anna")

        joined = store.person("Anna")
        assert (joined.height_m, joined.birth_year, joined.remark) == (1.68, 1960, "knee\nhip")

    def test_of_two_goals_for_one_number_that_of_who_stays_is_kept(self, store: SessionStore) -> None:
        for name, target in (("Anna", 110.0), ("anna", 120.0)):
            store.add_person(name)
            store.set_goal(name, metric="cadence", target=target, direction="at_least")

        store.join_people("anna", into="Anna")

        assert [goal.target for goal in store.goals("Anna")] == [110.0]

    @pytest.mark.parametrize("kept", [(), A_PROGRAMME[:1]], ids=["none", "one"])
    def test_a_programme_goes_along_where_who_stays_has_none_and_comes_back(
        self, store: SessionStore, kept: Programme
    ) -> None:
        for name, programme in (("Anna", kept), ("anna", A_PROGRAMME)):
            store.add_person(name)
            store.set_programme(name, programme)

        joined = store.join_people("anna", into="Anna")

        assert store.programme("Anna") == kept or A_PROGRAMME
        store.take_back(joined)
        assert (store.programme("Anna"), store.programme("anna")) == (kept, A_PROGRAMME)

    def test_a_programme_that_was_changed_after_the_joining_stays(self, store: SessionStore) -> None:
        store.add_person("Anna")
        store.add_person("anna")
        store.set_programme("anna", A_PROGRAMME)
        joined = store.join_people("anna", into="Anna")
        store.set_programme("Anna", A_PROGRAMME[:1])

        store.take_back(joined)

        assert (store.programme("Anna"), store.programme("anna")) == (A_PROGRAMME[:1], A_PROGRAMME)

    def test_taken_back_everything_is_as_it_was(self, store: SessionStore) -> None:
        for name, target in (("Anna", 110.0), ("anna", 120.0)):
            store.save(a_walk(), person=name)
            store.set_goal(name, metric="cadence", target=target, direction="at_least")
        store.set_goal("anna", metric="speed", target=1.2, direction="at_least")
        store.update_person(replace(store.person("anna"), height_m=1.7, remark="hip"))
        before = (store.people(), owners_of(store))
        goals = [[replace(goal, id=0) for goal in store.goals(name)] for name in ("Anna", "anna")]

        store.take_back(store.join_people("anna", into="Anna"))

        assert (store.people(), owners_of(store)) == before
        again = [[replace(goal, id=0) for goal in store.goals(name)] for name in ("Anna", "anna")]
        assert [sorted(ones, key=lambda goal: goal.metric) for ones in again] == goals

    def test_what_came_after_the_joining_stays_where_it_is(self, store: SessionStore) -> None:
        old = store.save(a_walk(), person="anna")
        store.add_person("Anna")
        joined = store.join_people("anna", into="Anna")
        new = store.save(a_squat_set(), person="Anna")
        store.update_person(replace(store.person("Anna"), height_m=1.66))
        revised = store.revise(old, with_settings(a_walk(), {"height_m": 1.66}))

        store.take_back(joined)

        assert owners_of(store) == {old: "anna", revised: "anna", new: "Anna"}
        assert store.person("Anna").height_m == 1.66

    def test_a_name_taken_since_stops_the_taking_back(self, store: SessionStore) -> None:
        number = store.save(a_walk(), person="anna")
        store.add_person("Anna")
        joined = store.join_people("anna", into="Anna")
        store.add_person("anna")

        with pytest.raises(UsageError, match="of that name already"):
            store.take_back(joined)

        assert owners_of(store) == {number: "Anna"}

    def test_nobody_is_joined_with_themselves_or_with_nobody(self, store: SessionStore) -> None:
        store.add_person("Anna")
        with pytest.raises(UsageError, match="expected two people"):
            store.join_people("Anna", into=" Anna ")
        with pytest.raises(NotFoundError):
            store.join_people("Ben", into="Anna")
        assert names(store) == ["Anna"]


class TestBringingBackAnOlderAnalysis:
    def test_it_is_listed_again_and_the_newer_one_stays_readable(self, store: SessionStore) -> None:
        old = store.save(a_walk(cadence_spm=100.0), person="Anna")
        new = store.save(a_walk(cadence_spm=105.0), person="Anna", replaces=old)

        store.use_version(old)

        assert [header.id for header in store.sessions()] == [old]
        assert [point.value for point in store.metric_history("Anna", "cadence")] == [100.0]
        assert {one.id for one in store.versions(old)} == {old, new}

    def test_what_was_told_since_is_taken_over(self, store: SessionStore) -> None:
        old = store.save(a_walk(), person="Anna", remark="first", tags=["hall"])
        new = store.save(a_walk(), person="Anna", replaces=old)
        store.update_session(new, recorded_at=MONDAY, remark="second", tags=["shoes"], is_baseline=True)

        store.use_version(old)

        now = store.get(old)
        assert (now.remark, now.tags, now.header.is_baseline) == ("second", ("shoes",), True)
        assert (now.header.recorded_at, now.header.recorded_from) == (MONDAY, "user")

    def test_of_several_each_can_be_brought_back(self, store: SessionStore) -> None:
        first = store.save(a_walk(), person="Anna")
        second = store.save(a_walk(), person="Anna", replaces=first)
        third = store.save(a_walk(), person="Anna", replaces=second)
        for number in (first, third, second, second, first):
            store.use_version(number)
            assert [header.id for header in store.sessions()] == [number]
            assert {one.id for one in store.versions(number)} == {first, second, third}


def test_the_heights_of_walks_are_those_they_were_computed_with(store: SessionStore) -> None:
    tall = store.save(with_settings(a_walk(), {"height_m": 1.8}), person="Anna")
    without = store.save(with_settings(a_walk(), {}), person="Anna")
    store.save(a_squat_set(), person="Anna")
    store.save(a_walk(), person="Ben")
    newer = store.revise(without, with_settings(a_walk(), {"height_m": None, "px_per_m": 100.0}))

    assert store.heights("Anna") == {tall: 1.8, newer: None}
