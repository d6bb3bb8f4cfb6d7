"""Opening a database: where it lies, what is cleared away, what is refused."""

from __future__ import annotations

import os
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from gaitlab.errors import StoreBusyError, StoreError
from gaitlab.paths import data_dir, work_dir
from gaitlab.storage import SessionStore, backup, older_copies, open_store, restore, upgrade
from gaitlab.storage.engine import database_url, make_engine, media_folder
from tests.builders_store import (
    a_clip,
    a_walk,
    assert_equal_analyses,
)


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

    def test_a_file_without_a_row_is_removed(self, sql: SessionStore, url: str, tmp_path: Path) -> None:
        session_id = sql.save(a_walk(), person="Ann", media={"overlay": a_clip(tmp_path)})
        kept = sql.get(session_id).media["overlay"]
        (kept.parent.parent / "00").mkdir()
        orphan = a_clip(kept.parent.parent / "00", name="0" * 64 + ".mp4")

        open_store(url).close()

        assert kept.exists()
        assert not orphan.exists()

    def test_a_file_that_a_database_set_aside_refers_to_stays_and_others_are_removed(
        self, sql: SessionStore, url: str, tmp_path: Path
    ) -> None:
        backup(tmp_path / "empty.db", url=url)
        kept = sql.get(sql.save(a_walk(), person="Ann", media={"overlay": a_clip(tmp_path)})).media["overlay"]
        aside = restore(tmp_path / "empty.db", url=url)
        (kept.parent.parent / "00").mkdir()
        orphan = a_clip(kept.parent.parent / "00", name="0" * 64 + ".mp4")

        open_store(url).close()
        assert kept.exists()
        assert not orphan.exists()

        assert aside is not None
        aside.unlink()
        open_store(url).close()
        assert not kept.exists()

    @pytest.mark.parametrize("name", ["gaitlab.db.new-x/gaitlab.db", "gaitlab-before-x.zip.part"])
    def test_what_older_versions_left_is_removed_or_while_it_may_be_in_use_named(
        self, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("GAITLAB_DATABASE_URL", raising=False)
        left = data_dir() / name
        left.parent.mkdir(parents=True)
        left.write_bytes(b"Ann")
        top = data_dir() / Path(name).parts[0]
        assert older_copies() == (top,)

        long_ago_s = left.stat().st_mtime - 3600.0
        for path in (left, top):
            os.utime(path, (long_ago_s, long_ago_s))
        open_store().close()

        assert not top.exists()
        assert older_copies() == ()

    def test_what_dead_programs_left_is_removed_whatever_the_database(self, postgresql_url: str) -> None:
        left = work_dir() / "0123"
        left.mkdir(parents=True)
        (left / "overlay.mp4").write_bytes(b"Ann")

        open_store(postgresql_url).close()

        assert not left.exists()

    def test_of_temporary_files_only_the_abandoned_are_removed(
        self, sql: SessionStore, url: str, tmp_path: Path
    ) -> None:
        session_id = sql.save(a_walk(), person="Ann", media={"overlay": a_clip(tmp_path)})
        folder = sql.get(session_id).media["overlay"].parent.parent
        abandoned = a_clip(folder, name="incoming-2")

        with media_folder(database_url(url)).staged({"overlay": a_clip(tmp_path, content=b"grows")}) as staged:
            open_store(url).close()
            assert staged["overlay"].temporary.exists()

        assert not abandoned.exists()
        assert list(folder.glob("incoming-*")) == []

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
    def test_a_read_only_database_can_be_read_and_says_so_when_written(self, sql: SessionStore, url: str) -> None:
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

    def test_a_database_of_a_newer_program_is_refused(self, sql: SessionStore, url: str) -> None:
        path = database_url(url).database
        with closing(sqlite3.connect(str(path))) as connection, connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")

        with pytest.raises(StoreError, match=r"written by a newer GaitLab \(9999\); update the program"):
            open_store(url)

    def test_a_track_of_a_newer_program_is_refused(self, sql: SessionStore, url: str) -> None:
        session_id = sql.save(a_walk(), person="Ann")
        with closing(sqlite3.connect(str(database_url(url).database))) as connection, connection:
            connection.execute("UPDATE track SET schema_version = 99")

        with pytest.raises(StoreError, match="got 99; it was saved by a newer GaitLab"):
            sql.get(session_id)

    def test_a_damaged_track_is_told_and_the_list_still_works(self, sql: SessionStore, url: str) -> None:
        session_id = sql.save(a_walk(), person="Ann")
        with closing(sqlite3.connect(str(database_url(url).database))) as connection, connection:
            connection.execute("UPDATE track SET npz = substr(npz, 1, 500)")

        with pytest.raises(StoreError, match="stored track: damaged"):
            sql.get(session_id)
        assert len(sql.sessions()) == 1

    def test_a_database_that_another_program_keeps_locked(self, sql: SessionStore, url: str) -> None:
        address = database_url(url)
        impatient = SessionStore(make_engine(address, busy_timeout_s=0.05), media=media_folder(address))
        with closing(impatient), closing(sqlite3.connect(str(address.database))) as other:
            other.execute("BEGIN IMMEDIATE")

            with pytest.raises(StoreBusyError, match="another program keeps it busy"):
                impatient.save(a_walk(), person="Ann")

    def test_an_error_is_one_line(self, tmp_path: Path) -> None:
        garbage = a_clip(tmp_path, name="gaitlab.db", content=b"x" * 5000)

        with pytest.raises(StoreError) as caught:
            upgrade(f"sqlite:///{garbage}")

        assert "\n" not in str(caught.value)


def test_a_connection_that_the_server_has_closed_is_replaced(postgresql: SessionStore, postgresql_url: str) -> None:
    postgresql.save(a_walk(), person="Ann")
    with closing(make_engine(database_url(postgresql_url)).raw_connection()) as other:
        other.cursor().execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    assert [header.person for header in postgresql.sessions()] == ["Ann"]
