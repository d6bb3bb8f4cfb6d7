"""Backing up and restoring a database."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from gaitlab.errors import StoreBusyError, StoreError
from gaitlab.storage import SessionStore, backup, open_store, restore
from gaitlab.storage.engine import database_url
from tests.builders_store import (
    a_clip,
    a_walk,
    assert_equal_analyses,
)
from tests.postgresql import PostgresDatabases


class TestBackup:
    def test_a_backup_of_an_open_store_holds_its_sessions(self, sql: SessionStore, url: str, tmp_path: Path) -> None:
        session_id = sql.save(a_walk(), person="Ann")

        backup(tmp_path / "copy.db", url=url)

        with closing(open_store(f"sqlite:///{tmp_path}/copy.db")) as copy:
            assert_equal_analyses(copy.get(session_id).analysis, a_walk())

    def test_a_backup_is_one_file_also_after_it_was_read(self, sql: SessionStore, url: str, tmp_path: Path) -> None:
        (tmp_path / "copies").mkdir()

        backup(tmp_path / "copies" / "copy.db", url=url)
        restore(tmp_path / "copies" / "copy.db", url=url)

        assert [path.name for path in (tmp_path / "copies").iterdir()] == ["copy.db"]

    def test_a_backup_writes_over_nothing(self, sql: SessionStore, url: str, tmp_path: Path) -> None:
        film = a_clip(tmp_path)

        with pytest.raises(StoreError, match="expected a new file"):
            backup(film, url=url)

        assert film.read_bytes() == b"not really a film"

    def test_a_backup_into_a_folder_that_does_not_exist_says_so(
        self, sql: SessionStore, url: str, tmp_path: Path
    ) -> None:
        with pytest.raises(StoreError, match=r"nowhere/copy\.db: there is no such file"):
            backup(tmp_path / "nowhere" / "copy.db", url=url)

    def test_without_a_database_there_is_nothing_to_back_up(self, url: str, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match="got no file"):
            backup(tmp_path / "copy.db", url=url)

    def test_restoring_brings_back_what_was_deleted_while_the_store_is_open(
        self, sql: SessionStore, url: str, tmp_path: Path
    ) -> None:
        session_id = sql.save(a_walk(), person="Ann")
        backup(tmp_path / "copy.db", url=url)
        sql.delete(session_id)

        restore(tmp_path / "copy.db", url=url)

        assert_equal_analyses(sql.get(session_id).analysis, a_walk())

    def test_restoring_keeps_the_old_database_aside(self, sql: SessionStore, url: str, tmp_path: Path) -> None:
        backup(tmp_path / "empty.db", url=url)
        session_id = sql.save(a_walk(), person="Ann")

        aside = restore(tmp_path / "empty.db", url=url)

        assert sql.sessions() == ()
        with closing(open_store(f"sqlite:///{aside}")) as old:
            assert old.get(session_id).header.person == "Ann"

    def test_restoring_removes_no_videos(self, sql: SessionStore, url: str, tmp_path: Path) -> None:
        backup(tmp_path / "empty.db", url=url)
        kept = sql.get(sql.save(a_walk(), person="Ann", media={"overlay": a_clip(tmp_path)})).media["overlay"]

        restore(tmp_path / "empty.db", url=url)
        open_store(url).close()

        assert kept.exists()

    def test_restoring_replaces_a_file_that_is_no_database(self, sql: SessionStore, url: str, tmp_path: Path) -> None:
        sql.save(a_walk(), person="Ann")
        backup(tmp_path / "copy.db", url=url)
        broken = a_clip(tmp_path, name="broken.db", content=b"x" * 5000)

        aside = restore(tmp_path / "copy.db", url=f"sqlite:///{broken}")

        assert aside is not None
        assert aside.read_bytes() == b"x" * 5000
        with closing(open_store(f"sqlite:///{broken}")) as store:
            assert len(store.sessions()) == 1

    def test_restoring_into_an_empty_home_works(self, sql: SessionStore, url: str, tmp_path: Path) -> None:
        sql.save(a_walk(), person="Ann")
        backup(tmp_path / "copy.db", url=url)

        assert restore(tmp_path / "copy.db", url=f"sqlite:///{tmp_path}/new/gaitlab.db") is None

        with closing(open_store(f"sqlite:///{tmp_path}/new/gaitlab.db")) as store:
            assert len(store.sessions()) == 1

    @pytest.mark.parametrize("content", [b"", b"x" * 5000], ids=["empty", "garbage"])
    def test_restoring_something_else_is_refused_and_changes_nothing(
        self, sql: SessionStore, url: str, tmp_path: Path, content: bytes
    ) -> None:
        sql.save(a_walk(), person="Ann")
        other = a_clip(tmp_path, name="other.db", content=content)

        with pytest.raises(StoreError, match="a GaitLab database"):
            restore(other, url=url)

        assert len(sql.sessions()) == 1
        assert list((tmp_path / "data").glob("*.before-*")) == []

    def test_a_database_that_is_being_written_to_for_long_is_not_replaced(
        self, sql: SessionStore, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sql.save(a_walk(), person="Ann")
        backup(tmp_path / "copy.db", url=url)
        monkeypatch.setattr("gaitlab.storage.engine._BUSY_TIMEOUT_S", 0.1)

        with closing(sqlite3.connect(str(database_url(url).database))) as writer:
            writer.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreBusyError, match="another program keeps it busy"):
                restore(tmp_path / "copy.db", url=url)

        assert [path.name for path in (tmp_path / "data").glob("gaitlab.db.*")] == []

    def test_restoring_a_database_over_itself_is_refused(self, sql: SessionStore, url: str) -> None:
        with pytest.raises(StoreError, match="got the database itself"):
            restore(Path(str(database_url(url).database)), url=url)


def test_what_postgresql_dumps_it_brings_back(
    postgresql: SessionStore, postgresql_databases: PostgresDatabases, postgresql_url: str, tmp_path: Path
) -> None:
    number = postgresql.save(a_walk(), person="Ann", tags=["hall"])
    dumped, name = tmp_path / "gaitlab.dump", postgresql_databases.new("template0")
    programs = postgresql_databases.programs
    plain = postgresql_url.replace("+psycopg", "")
    subprocess.run([programs / "pg_dump", "-Fc", "-f", dumped, plain], check=True)
    copy = postgresql_databases.address(name)
    subprocess.run([programs / "pg_restore", "-d", copy.replace("+psycopg", ""), dumped], check=True)

    with closing(open_store(copy)) as store:
        assert_equal_analyses(store.get(number).analysis, a_walk())
        assert store.save(a_walk(), person="Ann") > number
