"""What every session store promises about kept files, and that a save is all or nothing."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event

from gaitlab.errors import StoreError
from gaitlab.records import Contact
from gaitlab.storage import SessionStore
from gaitlab.storage.engine import database_url, make_engine, media_folder
from tests.builders_store import (
    a_clip,
    a_walk,
    assert_equal_analyses,
    with_settings,
)


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


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

    def assert_nothing_left(self, sql: SessionStore, url: str) -> None:
        assert sql.sessions() == ()
        assert sql.people() == ()
        assert files_in(media_folder(database_url(url)).root) == []

    def test_a_missing_file(self, sql: SessionStore, url: str, tmp_path: Path) -> None:
        with pytest.raises(StoreError):
            sql.save(a_walk(), person="Ann", media={"overlay": a_clip(tmp_path), "other": tmp_path / "gone.mp4"})

        self.assert_nothing_left(sql, url)

    def test_a_row_the_database_refuses(self, sql: SessionStore, url: str, tmp_path: Path) -> None:
        walk = a_walk()
        assert walk.gait is not None
        nowhen = Contact(side="left", kind="heel_strike", time_s=float("nan"), frame=1)  # NaN is NULL in SQLite
        broken = replace(walk, gait=replace(walk.gait, contacts=(*walk.gait.contacts, nowhen)))

        with pytest.raises(StoreError, match=r"contact\.time_s"):
            sql.save(broken, person="Ann", media={"overlay": a_clip(tmp_path)})

        self.assert_nothing_left(sql, url)

    def test_settings_that_are_no_json(self, sql: SessionStore, url: str, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match="not JSON serializable"):
            sql.save(with_settings(a_walk(), {"path": tmp_path}), person="Ann", media={"overlay": a_clip(tmp_path)})

        self.assert_nothing_left(sql, url)

    def test_a_media_folder_that_refuses_the_second_file(self, sql: SessionStore, url: str, tmp_path: Path) -> None:
        first, second = a_clip(tmp_path), a_clip(tmp_path, name="other.mp4", content=b"2")  # SHA-256 d4735e3a…
        root = media_folder(database_url(url)).root
        root.mkdir()
        (root / "d4").write_text("a file where a folder belongs")

        with pytest.raises(StoreError, match="file exists"):
            sql.save(a_walk(), person="Ann", media={"overlay": first, "other": second})

        (root / "d4").unlink()
        self.assert_nothing_left(sql, url)

    def test_a_failed_save_keeps_a_file_that_another_session_has(self, sql: SessionStore, tmp_path: Path) -> None:
        clip = a_clip(tmp_path)
        session_id = sql.save(a_walk(), person="Ann", media={"overlay": clip})

        with pytest.raises(StoreError):
            sql.save(with_settings(a_walk(), {"path": tmp_path}), person="Ann", media={"overlay": clip})

        assert sql.get(session_id).media["overlay"].exists()

    def test_a_full_disk(self, sql: SessionStore, url: str, tmp_path: Path) -> None:
        engine = make_engine(database_url(url))  # no page more than it has now, of which some are free
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count = 1"))
        full = SessionStore(engine, media=media_folder(database_url(url)))
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
