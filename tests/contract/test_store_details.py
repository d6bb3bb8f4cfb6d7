"""What every store promises about a person's details and goals, and about changing, finding and paging sessions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gaitlab.errors import NotFoundError, UsageError
from gaitlab.storage import SessionFilter, SessionStore
from tests.builders_store import A_PROGRAMME, MONDAY, TUESDAY, a_clip, a_source, a_squat_set, a_walk

LONG_AGO = datetime(2019, 5, 1, tzinfo=UTC)


class TestPersonDetails:
    def test_details_come_back(self, store: SessionStore) -> None:
        ann = store.add_person("Ann")

        told = replace(ann, height_m=1.7, sex="female", birth_year=1950, remark="left knee replaced")

        assert store.update_person(told) == told == store.person("Ann")

    def test_a_new_name_takes_the_sessions_along(self, store: SessionStore) -> None:
        session_id = store.save(a_walk(), person="Anm")

        store.update_person(replace(store.person("Anm"), name=" Ann "))

        assert [header.id for header in store.sessions(person="Ann")] == [session_id]
        assert store.get(session_id).header.person == "Ann"
        assert store.sessions(person="Anm") == ()

    def test_the_name_of_somebody_else_is_refused(self, store: SessionStore) -> None:
        ann = store.add_person("Ann")
        store.add_person("Ben")

        with pytest.raises(UsageError, match="Ben: there is somebody of that name already"):
            store.update_person(replace(ann, name="Ben"))

        assert [person.name for person in store.people()] == ["Ann", "Ben"]

    @pytest.mark.parametrize(
        ("changed", "message"),
        [({"height_m": 170.0}, "height_m"), ({"birth_year": 50}, "birth_year"), ({"sex": "f"}, "female or male")],
    )
    def test_what_nobody_is_is_refused(self, store: SessionStore, changed: dict[str, Any], message: str) -> None:
        ann = store.add_person("Ann")

        with pytest.raises(UsageError, match=message):
            store.update_person(replace(ann, **changed))

    def test_an_unknown_person_is_not_found(self, store: SessionStore) -> None:
        with pytest.raises(NotFoundError, match="Ann: there is nobody of that name"):
            store.person("Ann")

    def test_an_erased_person_is_gone_with_everything(self, store: SessionStore, tmp_path: Path) -> None:
        session_id = store.save(a_walk(), person="Ann", media={"overlay": a_clip(tmp_path)})
        kept = store.get(session_id).media["overlay"]
        store.set_goal("Ann", metric="cadence", target=110.0, direction="at_least")
        store.set_programme("Ann", A_PROGRAMME)
        bens = store.save(a_walk(), person="Ben")

        store.erase_person("Ann")

        assert [person.name for person in store.people()] == ["Ben"]
        assert [header.id for header in store.sessions()] == [bens]
        assert (store.goals("Ann"), store.programme("Ann")) == ((), ())
        assert not kept.exists()

    def test_erasing_nobody_says_so(self, store: SessionStore) -> None:
        with pytest.raises(NotFoundError):
            store.erase_person("Ann")


class TestGoals:
    def test_a_goal_comes_back(self, store: SessionStore) -> None:
        store.add_person("Ann")

        goal = store.set_goal("Ann", metric="cadence", target=110.0, direction="at_least", due=date(2027, 1, 31))

        assert store.goals("Ann") == (goal,)
        assert (goal.metric, goal.target, goal.direction) == ("cadence", 110.0, "at_least")
        assert (goal.due, goal.side) == (date(2027, 1, 31), None)

    def test_a_new_goal_for_the_same_metric_and_side_takes_the_place_of_the_old(self, store: SessionStore) -> None:
        store.add_person("Ann")
        for side, target in (("left", 40.0), ("right", 50.0), ("left", 60.0)):
            store.set_goal("Ann", metric="knee_range", side=side, target=target, direction="at_least")  # type: ignore[arg-type]

        assert [(goal.side, goal.target) for goal in store.goals("Ann")] == [("right", 50.0), ("left", 60.0)]

    def test_a_deleted_goal_is_gone(self, store: SessionStore) -> None:
        store.add_person("Ann")
        goal = store.set_goal("Ann", metric="cadence", target=110.0, direction="at_least")

        store.delete_goal(goal.id)

        assert store.goals("Ann") == ()
        with pytest.raises(NotFoundError, match="goal"):
            store.delete_goal(goal.id)

    @pytest.mark.parametrize(
        "wrong", [{"target": float("nan")}, {"direction": "more"}, {"side": "middle"}], ids=["nan", "way", "side"]
    )
    def test_a_goal_that_makes_no_sense_is_refused(self, store: SessionStore, wrong: dict[str, Any]) -> None:
        store.add_person("Ann")

        with pytest.raises(UsageError):
            store.set_goal("Ann", **{"metric": "cadence", "target": 1.0, "direction": "at_least", **wrong})

        assert store.goals("Ann") == ()


class TestProgramme:
    def test_a_programme_comes_back_in_its_order_and_a_new_one_takes_its_place(self, store: SessionStore) -> None:
        store.add_person("Ann")
        assert store.programme("Ann") == ()
        store.set_programme("Ann", A_PROGRAMME)
        assert store.programme(" Ann ") == A_PROGRAMME
        store.set_programme("Ann", A_PROGRAMME[::-1])
        assert store.programme("Ann") == A_PROGRAMME[::-1]
        store.set_programme("Ann", ())
        assert store.programme("Ann") == ()

    def test_nobody_has_no_programme(self, store: SessionStore) -> None:
        with pytest.raises(NotFoundError):
            store.set_programme("Ann", A_PROGRAMME)

    def test_a_programme_that_cannot_be_trained_leaves_the_old_one(self, store: SessionStore) -> None:
        store.add_person("Ann")
        store.set_programme("Ann", A_PROGRAMME)

        with pytest.raises(UsageError, match="sets: expected a number from 1 to 20, got 0"):
            store.set_programme("Ann", [replace(A_PROGRAMME[0], sets=0)])

        assert store.programme("Ann") == A_PROGRAMME


class TestChanging:
    def test_time_remark_tags_and_baseline_can_be_changed(self, store: SessionStore) -> None:
        session_id = store.save(a_walk(), person="Ann", remark="?", tags=["hall", "old"])

        store.update_session(session_id, recorded_at=MONDAY, remark="new shoes", tags=["hall", "new"], is_baseline=True)

        stored = store.get(session_id)
        assert (stored.remark, stored.tags) == ("new shoes", ("hall", "new"))
        assert (stored.header.recorded_at, stored.header.recorded_from) == (MONDAY, "user")
        assert stored.header.is_baseline
        assert stored.header.tags == stored.tags

    def test_what_is_not_named_stays(self, store: SessionStore) -> None:
        session_id = store.save(a_walk(), person="Ann", recorded_at=MONDAY, remark="r", tags=["hall"])
        before = store.get(session_id)

        assert store.update_session(session_id) == before.header
        assert (store.get(session_id).remark, store.get(session_id).tags) == (before.remark, before.tags)

    def test_remark_and_tags_can_be_emptied(self, store: SessionStore) -> None:
        session_id = store.save(a_walk(), person="Ann", remark="r", tags=["hall"])

        store.update_session(session_id, remark="", tags=())

        assert (store.get(session_id).remark, store.get(session_id).tags) == ("", ())

    def test_removing_the_film_keeps_the_numbers(self, store: SessionStore, tmp_path: Path) -> None:
        session_id = store.save(a_walk(), person="Ann", media={"overlay": a_clip(tmp_path)})
        kept = store.get(session_id).media["overlay"]

        store.remove_media(session_id)

        assert not kept.exists()
        assert store.get(session_id).media == {}
        assert store.media_path(session_id, "overlay") is None


class TestWhereTheTimeIsFrom:
    @pytest.mark.parametrize(
        ("in_file", "told", "expected"),
        [
            (MONDAY, TUESDAY, (TUESDAY, "user")),
            (MONDAY, None, (MONDAY, "metadata")),
            (None, None, (LONG_AGO, "file_time")),
        ],
        ids=["told", "metadata", "file"],
    )
    def test_told_then_metadata_then_time_of_the_file(
        self, store: SessionStore, in_file: datetime | None, told: datetime | None, expected: tuple[datetime, str]
    ) -> None:
        walk = a_walk(source=a_source(recorded_at=in_file))

        header = store.get(store.save(walk, person="Ann", recorded_at=told, file_time=LONG_AGO)).header

        assert (header.recorded_at, header.recorded_from) == expected

    def test_at_last_the_moment_of_saving(self, store: SessionStore) -> None:
        header = store.get(store.save(a_walk(), person="Ann")).header

        assert header.recorded_from == "now"
        assert abs(header.recorded_at - header.created_at) < timedelta(seconds=10)


class TestFilters:
    @pytest.fixture
    def ids(self, store: SessionStore) -> list[int]:
        """Return three sessions of Ann, from Monday to Wednesday, the second of them squats, and one of Ben."""
        days = [MONDAY + timedelta(days=day) for day in range(3)]
        ids = [
            store.save(a_squat_set() if day == TUESDAY else a_walk(), person="Ann", recorded_at=day, tags=[f"{day:%a}"])
            for day in days
        ]
        return [*ids, store.save(a_walk(), person="Ben", recorded_at=LONG_AGO, tags=["Mon"])]

    @pytest.mark.parametrize(
        ("where", "expected"),
        [
            (SessionFilter(), [2, 1, 0]),
            (SessionFilter(kind="squat"), [1]),
            (SessionFilter(tag=" Mon "), [0]),
            (SessionFilter(since=TUESDAY), [2, 1]),
            (SessionFilter(until=TUESDAY), [0]),
            (SessionFilter(kind="gait", since=TUESDAY), [2]),
            (SessionFilter(kind="lunge"), []),
        ],
    )
    def test_a_list_shows_what_passes(
        self, store: SessionStore, ids: list[int], where: SessionFilter, expected: list[int]
    ) -> None:
        found = store.sessions(person="Ann", where=where)

        assert [header.id for header in found] == [ids[number] for number in expected]
        assert store.count_sessions(person="Ann", where=where) == len(expected)

    def test_pages_together_are_the_whole_list(self, store: SessionStore, ids: list[int]) -> None:
        pages = [store.sessions(limit=3, offset=offset) for offset in (0, 3)]

        assert [len(page) for page in pages] == [3, 1]
        assert pages[0] + pages[1] == store.sessions()
        assert store.count_sessions() == 4

    def test_every_tag_in_use_is_told_once(self, store: SessionStore, ids: list[int]) -> None:
        assert store.tags() == ("Mon", "Tue", "Wed")

    def test_a_trend_tells_what_decides_whether_sessions_can_be_compared(
        self, store: SessionStore, ids: list[int]
    ) -> None:
        store.update_session(ids[0], is_baseline=True)

        point = store.metric_history("Ann", "cadence")[0]

        assert (point.view, point.kind, point.model, point.version) == ("side", "gait", "movenet-thunder-fp16", "0.1.0")
        assert (point.n, point.is_baseline) == (3, True)
        assert point.fps_mean == pytest.approx(29.97, abs=0.01)

    def test_a_trend_has_the_rate_of_real_time_and_the_session_that_of_its_file(self, store: SessionStore) -> None:
        walk = a_walk()
        slowed = replace(walk, provenance=replace(walk.provenance, settings={"slow_motion": 8.0}))
        number = store.save(slowed, person="Slow")

        assert store.metric_history("Slow", "cadence")[0].fps_mean == pytest.approx(239.76, abs=0.01)
        assert store.get(number).analysis.source.fps_mean == pytest.approx(29.97, abs=0.01)
