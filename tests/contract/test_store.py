"""What every session store promises, and what the one in a database promises beyond that."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import event

from gaitlab.errors import NotFoundError, StoreError, UsageError
from gaitlab.storage import MemoryStore, SessionStore, SqlStore, backup, open_store, restore, upgrade
from gaitlab.storage.engine import database_url, make_engine, media_folder
from gaitlab.types import Contact
from tests.builders_store import (
    SHA_SQUAT,
    SHA_WALK,
    a_clip,
    a_set_in_detail,
    a_source,
    a_squat_set,
    a_walk,
    assert_equal_analyses,
    with_settings,
)

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)

#: PostgreSQL takes part where the variable names a scratch database; all that is in it is removed.
STORES = ["memory", "sql", *(["postgresql"] if "GAITLAB_TEST_POSTGRESQL_URL" in os.environ else [])]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/data/gaitlab.db"


@pytest.fixture
def sql(url: str) -> Iterator[SqlStore]:
    with closing(open_store(url)) as store:
        yield store


@pytest.fixture
def postgresql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqlStore]:
    url = os.environ["GAITLAB_TEST_POSTGRESQL_URL"]
    monkeypatch.setenv("GAITLAB_DATA_DIR", str(tmp_path / "data"))
    with make_engine(database_url(url)).begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    with closing(open_store(url)) as store:
        yield store


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> Iterator[SessionStore]:
    if request.param == "memory":
        with closing(MemoryStore()) as memory:
            yield memory
    else:
        yield request.getfixturevalue(request.param)


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


class TestSaving:
    def test_a_walk_comes_back_exactly(self, store: SessionStore) -> None:
        session_id = store.save(a_walk(), person="Ann")

        assert_equal_analyses(store.get(session_id).analysis, a_walk())

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


class TestPeople:
    def test_adding_a_name_twice_gives_the_same_person(self, store: SessionStore) -> None:
        assert store.add_person("Ann") == store.add_person(" Ann ")

    def test_saving_makes_the_person(self, store: SessionStore) -> None:
        store.save(a_walk(), person="Ben")

        assert [person.name for person in store.people()] == ["Ben"]

    def test_people_come_by_name(self, store: SessionStore) -> None:
        for name in ("Cleo", "Ann", "Ben"):
            store.add_person(name)

        assert [person.name for person in store.people()] == ["Ann", "Ben", "Cleo"]

    def test_a_height_fills_in_a_missing_one(self, store: SessionStore) -> None:
        store.add_person("Ann")

        assert store.add_person("Ann", height_m=1.75).height_m == 1.75

    def test_a_known_height_stays(self, store: SessionStore) -> None:
        store.add_person("Ann", height_m=1.75)

        assert store.add_person("Ann", height_m=1.60).height_m == 1.75

    def test_a_height_in_centimetres_is_refused(self, store: SessionStore) -> None:
        with pytest.raises(UsageError, match=r"from 0\.4 to 2\.6, got 175"):
            store.add_person("Ann", height_m=175.0)

    def test_a_blank_name_is_refused(self, store: SessionStore) -> None:
        with pytest.raises(UsageError, match="visible character"):
            store.save(a_walk(), person="  ")

    @pytest.mark.parametrize("name", ["Zoë Ångström", "李小龍", "🏃‍♀️", "O'Hara; DROP TABLE person", "x" * 1000])
    def test_any_name_finds_its_sessions(self, store: SessionStore, name: str) -> None:
        store.save(a_walk(), person=name)
        store.save(a_walk(), person="somebody else")

        assert [header.person for header in store.sessions(person=name)] == [name]

    def test_the_two_spellings_of_an_accent_are_one_person(self, store: SessionStore) -> None:
        store.save(a_walk(), person="Zoe\N{COMBINING DIAERESIS}")

        assert len(store.sessions(person="Zo\N{LATIN SMALL LETTER E WITH DIAERESIS}")) == 1


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


class TestMedia:
    def test_a_kept_file_is_a_copy(self, store: SessionStore, tmp_path: Path) -> None:
        clip = a_clip(tmp_path, name="overlay.MP4", content=b"film")
        session_id = store.save(a_walk(), person="Ann", media={"overlay": clip})
        clip.unlink()

        kept = store.get(session_id).media["overlay"]

        assert kept.read_bytes() == b"film"
        assert kept.suffix == ".mp4"

    def test_the_path_of_a_kept_file_is_told_without_the_session(self, store: SessionStore, tmp_path: Path) -> None:
        session_id = store.save(a_walk(), person="Ann", media={"overlay": a_clip(tmp_path)})

        assert store.media_path(session_id, "overlay") == store.get(session_id).media["overlay"]

    @pytest.mark.parametrize(
        ("session_id", "kind"), [(1, "other"), (2, "overlay"), (-1, "overlay"), (10**30, "overlay")]
    )
    def test_a_file_that_was_not_kept_has_no_path(
        self, store: SessionStore, tmp_path: Path, session_id: int, kind: str
    ) -> None:
        store.save(a_walk(), person="Ann", media={"overlay": a_clip(tmp_path)})

        assert store.media_path(session_id, kind) is None

    def test_a_kept_file_that_somebody_removed_has_no_path(self, store: SessionStore, tmp_path: Path) -> None:
        session_id = store.save(a_walk(), person="Ann", media={"overlay": a_clip(tmp_path)})
        store.get(session_id).media["overlay"].unlink()

        assert store.media_path(session_id, "overlay") is None

    def test_files_of_equal_content_are_kept_once(self, store: SessionStore, tmp_path: Path) -> None:
        first = store.save(a_walk(), person="Ann", media={"overlay": a_clip(tmp_path)})
        second = store.save(a_walk(), person="Ann", media={"overlay": a_clip(tmp_path, name="same.mp4")})

        assert store.get(first).media == store.get(second).media

    def test_deleting_a_session_deletes_its_files(self, store: SessionStore, tmp_path: Path) -> None:
        session_id = store.save(a_walk(), person="Ann", media={"overlay": a_clip(tmp_path)})
        kept = store.get(session_id).media["overlay"]

        store.delete(session_id)

        assert not kept.exists()
        assert store.sessions() == ()

    def test_a_file_that_another_session_has_stays(self, store: SessionStore, tmp_path: Path) -> None:
        first, second = (store.save(a_walk(), person="Ann", media={"overlay": a_clip(tmp_path)}) for _ in range(2))

        store.delete(first)

        assert store.get(second).media["overlay"].exists()

    def test_a_missing_file_fails_the_save_and_leaves_nothing(self, store: SessionStore, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match=r"gone\.mp4: there is no such file"):
            store.save(a_walk(), person="Ann", media={"overlay": a_clip(tmp_path), "other": tmp_path / "gone.mp4"})

        assert store.sessions() == ()
        assert store.people() == ()


class TestAtomicSave:
    """A save in the database that fails midway leaves neither rows nor files."""

    def assert_nothing_left(self, sql: SqlStore, url: str) -> None:
        assert sql.sessions() == ()
        assert sql.people() == ()
        assert files_in(media_folder(database_url(url)).root) == []

    def test_a_missing_file(self, sql: SqlStore, url: str, tmp_path: Path) -> None:
        with pytest.raises(StoreError):
            sql.save(a_walk(), person="Ann", media={"overlay": a_clip(tmp_path), "other": tmp_path / "gone.mp4"})

        self.assert_nothing_left(sql, url)

    def test_a_row_the_database_refuses(self, sql: SqlStore, url: str, tmp_path: Path) -> None:
        walk = a_walk()
        assert walk.gait is not None
        nowhen = Contact(side="left", kind="heel_strike", time_s=float("nan"), frame=1)  # NaN is NULL in SQLite
        broken = replace(walk, gait=replace(walk.gait, contacts=(*walk.gait.contacts, nowhen)))

        with pytest.raises(StoreError, match=r"contact\.time_s"):
            sql.save(broken, person="Ann", media={"overlay": a_clip(tmp_path)})

        self.assert_nothing_left(sql, url)

    def test_settings_that_are_no_json(self, sql: SqlStore, url: str, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match="not JSON serializable"):
            sql.save(with_settings(a_walk(), {"path": tmp_path}), person="Ann", media={"overlay": a_clip(tmp_path)})

        self.assert_nothing_left(sql, url)

    def test_a_media_folder_that_refuses_the_second_file(self, sql: SqlStore, url: str, tmp_path: Path) -> None:
        first, second = a_clip(tmp_path), a_clip(tmp_path, name="other.mp4", content=b"2")  # SHA-256 d4735e3a…
        root = media_folder(database_url(url)).root
        root.mkdir()
        (root / "d4").write_text("a file where a folder belongs")

        with pytest.raises(StoreError, match="file exists"):
            sql.save(a_walk(), person="Ann", media={"overlay": first, "other": second})

        (root / "d4").unlink()
        self.assert_nothing_left(sql, url)

    def test_a_failed_save_keeps_a_file_that_another_session_has(self, sql: SqlStore, tmp_path: Path) -> None:
        clip = a_clip(tmp_path)
        session_id = sql.save(a_walk(), person="Ann", media={"overlay": clip})

        with pytest.raises(StoreError):
            sql.save(with_settings(a_walk(), {"path": tmp_path}), person="Ann", media={"overlay": clip})

        assert sql.get(session_id).media["overlay"].exists()

    def test_a_full_disk(self, sql: SqlStore, url: str, tmp_path: Path) -> None:
        engine = make_engine(database_url(url))  # no page more than it has now, of which some are free
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count = 1"))
        full = SqlStore(engine, media=media_folder(database_url(url)))
        saved: list[int] = []

        def save_until_full() -> None:
            for number in range(100):
                clip = a_clip(tmp_path, content=b"%d" % number)
                saved.append(full.save(a_walk(), person=f"Ann {number}", media={"overlay": clip}))

        with closing(full), pytest.raises(StoreError, match=r"gaitlab\.db: the disk is full"):
            save_until_full()

        assert sorted(header.id for header in sql.sessions()) == saved
        assert len(sql.people()) == len(saved)
        assert len(files_in(media_folder(database_url(url)).root)) == len(saved)
        for session_id in saved:
            assert_equal_analyses(sql.get(session_id).analysis, a_walk())


class TestOpening:
    def test_sessions_are_there_after_opening_again(self, url: str, tmp_path: Path) -> None:
        with closing(open_store(url)) as store:
            session_id = store.save(a_walk(), person="Ann", media={"overlay": a_clip(tmp_path)})

        with closing(open_store(url)) as store:
            assert_equal_analyses(store.get(session_id).analysis, a_walk())
            assert store.get(session_id).media["overlay"].exists()

    def test_the_address_comes_from_the_environment(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GAITLAB_DATABASE_URL", f"sqlite:///{tmp_path}/elsewhere.db")

        open_store().close()

        assert (tmp_path / "elsewhere.db").is_file()

    def test_without_an_address_it_is_a_file_in_the_data_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("GAITLAB_DATABASE_URL", raising=False)
        monkeypatch.setenv("GAITLAB_DATA_DIR", str(tmp_path / "odd? name #1 %20"))

        open_store().close()

        assert (tmp_path / "odd? name #1 %20" / "gaitlab.db").is_file()

    def test_threads_that_open_a_new_store_at_once_all_succeed(self, url: str) -> None:
        start = threading.Barrier(4)

        def open_and_list() -> int:
            start.wait()
            with closing(open_store(url)) as store:
                return len(store.sessions())

        with ThreadPoolExecutor(4) as pool:
            assert [f.result() for f in [pool.submit(open_and_list) for _ in range(4)]] == [0, 0, 0, 0]

    def test_a_file_without_a_row_is_removed(self, sql: SqlStore, url: str, tmp_path: Path) -> None:
        session_id = sql.save(a_walk(), person="Ann", media={"overlay": a_clip(tmp_path)})
        kept = sql.get(session_id).media["overlay"]
        (kept.parent.parent / "00").mkdir()
        orphan = a_clip(kept.parent.parent / "00", name="0" * 64 + ".mp4")

        open_store(url).close()

        assert kept.exists()
        assert not orphan.exists()

    def test_of_temporary_files_only_the_abandoned_are_removed(self, sql: SqlStore, url: str, tmp_path: Path) -> None:
        session_id = sql.save(a_walk(), person="Ann", media={"overlay": a_clip(tmp_path)})
        folder = sql.get(session_id).media["overlay"].parent.parent
        growing, abandoned = a_clip(folder, name="incoming-1"), a_clip(folder, name="incoming-2")
        two_hours_ago = time.time() - 7200
        os.utime(abandoned, (two_hours_ago, two_hours_ago))

        open_store(url).close()

        assert growing.exists()
        assert not abandoned.exists()

    def test_two_databases_in_one_folder_leave_each_others_files_alone(self, tmp_path: Path) -> None:
        with closing(open_store(f"sqlite:///{tmp_path}/gaitlab.db")) as store:
            session_id = store.save(a_walk(), person="Ann", media={"overlay": a_clip(tmp_path)})

            open_store(f"sqlite:///{tmp_path}/second.db").close()

            assert store.get(session_id).media["overlay"].exists()

    @pytest.mark.parametrize(
        ("address", "message"),
        [
            ("mysql://localhost/gaitlab", "expected an address of sqlite or postgresql, got mysql"),
            ("sqlite://", "expected an SQLite file"),
            ("nonsense", "expected something like sqlite:"),
        ],
    )
    def test_an_address_that_does_not_fit_is_refused(self, address: str, message: str) -> None:
        with pytest.raises(StoreError, match=message):
            open_store(address)


class TestUnusableDatabase:
    def test_a_read_only_database_can_be_read_and_says_so_when_written(self, sql: SqlStore, url: str) -> None:
        session_id = sql.save(a_walk(), person="Ann")
        path = database_url(url).database

        with closing(open_store(f"sqlite:///file:{path}?mode=ro&uri=true")) as read_only:
            assert_equal_analyses(read_only.get(session_id).analysis, a_walk())
            with pytest.raises(StoreError, match="it may only be read; allow writing"):
                read_only.save(a_walk(), person="Ann")

    def test_a_folder_that_may_not_be_written(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o500)
        if os.access(tmp_path, os.W_OK):
            pytest.skip("this user may write everywhere")

        with pytest.raises(StoreError, match="set GAITLAB_DATA_DIR"):
            open_store(f"sqlite:///{tmp_path}/data/gaitlab.db")

    def test_a_file_where_the_data_folder_belongs(self, tmp_path: Path) -> None:
        (tmp_path / "data").write_text("no folder")

        with pytest.raises(StoreError, match="data: file exists"):
            open_store(f"sqlite:///{tmp_path}/data/gaitlab.db")

    def test_garbage_is_refused_and_not_touched(self, tmp_path: Path) -> None:
        garbage = a_clip(tmp_path, name="gaitlab.db", content=b"my diary\n" * 1000)

        with pytest.raises(StoreError, match=r"gaitlab\.db: it is not a GaitLab database"):
            open_store(f"sqlite:///{garbage}")

        assert garbage.read_bytes() == b"my diary\n" * 1000

    def test_the_database_of_another_program_is_refused_and_not_touched(self, tmp_path: Path) -> None:
        other = tmp_path / "bookmarks.db"
        with closing(sqlite3.connect(other)) as connection:
            connection.execute("CREATE TABLE bookmark (title TEXT)")

        with pytest.raises(StoreError, match="got one of another program"):
            open_store(f"sqlite:///{other}")

        with closing(sqlite3.connect(other)) as connection:
            assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("bookmark",)]

    def test_a_database_of_a_newer_program_is_refused(self, sql: SqlStore, url: str) -> None:
        path = database_url(url).database
        with closing(sqlite3.connect(str(path))) as connection, connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")

        with pytest.raises(StoreError, match=r"written by a newer GaitLab \(9999\); update the program"):
            open_store(url)

    def test_a_track_of_a_newer_program_is_refused(self, sql: SqlStore, url: str) -> None:
        session_id = sql.save(a_walk(), person="Ann")
        with closing(sqlite3.connect(str(database_url(url).database))) as connection, connection:
            connection.execute("UPDATE track SET schema_version = 99")

        with pytest.raises(StoreError, match="got 99; it was saved by a newer GaitLab"):
            sql.get(session_id)

    def test_a_damaged_track_is_told_and_the_list_still_works(self, sql: SqlStore, url: str) -> None:
        session_id = sql.save(a_walk(), person="Ann")
        with closing(sqlite3.connect(str(database_url(url).database))) as connection, connection:
            connection.execute("UPDATE track SET npz = substr(npz, 1, 500)")

        with pytest.raises(StoreError, match="stored track: damaged"):
            sql.get(session_id)
        assert len(sql.sessions()) == 1

    def test_a_database_that_another_program_keeps_locked(self, sql: SqlStore, url: str) -> None:
        address = database_url(url)
        impatient = SqlStore(make_engine(address, busy_timeout_s=0.05), media=media_folder(address))
        with closing(impatient), closing(sqlite3.connect(str(address.database))) as other:
            other.execute("BEGIN IMMEDIATE")

            with pytest.raises(StoreError, match="another program keeps it busy"):
                impatient.save(a_walk(), person="Ann")

    def test_an_error_is_one_line(self, tmp_path: Path) -> None:
        garbage = a_clip(tmp_path, name="gaitlab.db", content=b"x" * 5000)

        with pytest.raises(StoreError) as caught:
            upgrade(f"sqlite:///{garbage}")

        assert "\n" not in str(caught.value)


class TestBackup:
    def test_a_backup_of_an_open_store_holds_its_sessions(self, sql: SqlStore, url: str, tmp_path: Path) -> None:
        session_id = sql.save(a_walk(), person="Ann")

        backup(tmp_path / "copy.db", url=url)

        with closing(open_store(f"sqlite:///{tmp_path}/copy.db")) as copy:
            assert_equal_analyses(copy.get(session_id).analysis, a_walk())

    def test_a_backup_is_one_file(self, sql: SqlStore, url: str, tmp_path: Path) -> None:
        (tmp_path / "copies").mkdir()

        backup(tmp_path / "copies" / "copy.db", url=url)

        assert [path.name for path in (tmp_path / "copies").iterdir()] == ["copy.db"]

    def test_a_backup_writes_over_nothing(self, sql: SqlStore, url: str, tmp_path: Path) -> None:
        film = a_clip(tmp_path)

        with pytest.raises(StoreError, match="expected a new file"):
            backup(film, url=url)

        assert film.read_bytes() == b"not really a film"

    def test_a_backup_into_a_folder_that_does_not_exist_says_so(self, sql: SqlStore, url: str, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match=r"nowhere/copy\.db: it cannot be opened"):
            backup(tmp_path / "nowhere" / "copy.db", url=url)

    def test_without_a_database_there_is_nothing_to_back_up(self, url: str, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match="got no file"):
            backup(tmp_path / "copy.db", url=url)

    def test_restoring_brings_back_what_was_deleted_while_the_store_is_open(
        self, sql: SqlStore, url: str, tmp_path: Path
    ) -> None:
        session_id = sql.save(a_walk(), person="Ann")
        backup(tmp_path / "copy.db", url=url)
        sql.delete(session_id)

        restore(tmp_path / "copy.db", url=url)

        assert_equal_analyses(sql.get(session_id).analysis, a_walk())

    def test_restoring_keeps_the_old_database_aside(self, sql: SqlStore, url: str, tmp_path: Path) -> None:
        backup(tmp_path / "empty.db", url=url)
        session_id = sql.save(a_walk(), person="Ann")

        aside = restore(tmp_path / "empty.db", url=url)

        assert sql.sessions() == ()
        with closing(open_store(f"sqlite:///{aside}")) as old:
            assert old.get(session_id).header.person == "Ann"

    def test_restoring_removes_no_videos(self, sql: SqlStore, url: str, tmp_path: Path) -> None:
        backup(tmp_path / "empty.db", url=url)
        kept = sql.get(sql.save(a_walk(), person="Ann", media={"overlay": a_clip(tmp_path)})).media["overlay"]

        restore(tmp_path / "empty.db", url=url)
        open_store(url).close()

        assert kept.exists()

    def test_restoring_replaces_a_file_that_is_no_database(self, sql: SqlStore, url: str, tmp_path: Path) -> None:
        sql.save(a_walk(), person="Ann")
        backup(tmp_path / "copy.db", url=url)
        broken = a_clip(tmp_path, name="broken.db", content=b"x" * 5000)

        aside = restore(tmp_path / "copy.db", url=f"sqlite:///{broken}")

        assert aside is not None
        assert aside.read_bytes() == b"x" * 5000
        with closing(open_store(f"sqlite:///{broken}")) as store:
            assert len(store.sessions()) == 1

    def test_restoring_into_an_empty_home_works(self, sql: SqlStore, url: str, tmp_path: Path) -> None:
        sql.save(a_walk(), person="Ann")
        backup(tmp_path / "copy.db", url=url)

        assert restore(tmp_path / "copy.db", url=f"sqlite:///{tmp_path}/new/gaitlab.db") is None

        with closing(open_store(f"sqlite:///{tmp_path}/new/gaitlab.db")) as store:
            assert len(store.sessions()) == 1

    @pytest.mark.parametrize("content", [b"", b"x" * 5000], ids=["empty", "garbage"])
    def test_restoring_something_else_is_refused_and_changes_nothing(
        self, sql: SqlStore, url: str, tmp_path: Path, content: bytes
    ) -> None:
        sql.save(a_walk(), person="Ann")
        other = a_clip(tmp_path, name="other.db", content=content)

        with pytest.raises(StoreError, match="a GaitLab database"):
            restore(other, url=url)

        assert len(sql.sessions()) == 1
        assert list((tmp_path / "data").glob("*.before-*")) == []

    def test_restoring_a_database_over_itself_is_refused(self, sql: SqlStore, url: str) -> None:
        with pytest.raises(StoreError, match="got the database itself"):
            restore(Path(str(database_url(url).database)), url=url)
