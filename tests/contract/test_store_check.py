"""Checking a store: a sound one has no faults, and each kind of damage is named with what to do."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from gaitlab.archive import back_up, rehearse
from gaitlab.errors import StoreError
from gaitlab.paths import work_dir
from gaitlab.storage import SessionStore, check_store, open_store, restore
from gaitlab.storage.engine import database_url, make_engine, media_folder
from gaitlab.storage.inbox import Inbox, inbox_dir
from tests.builders_store import a_clip, a_walk


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a store of Ann with a clip, of her other session without one, and of Ben."""
    found = str(request.getfixturevalue("url" if request.param == "sqlite" else "postgresql_url"))
    with closing(open_store(found)) as store:
        store.save(a_walk(), person="Ann", media={"overlay": a_clip(tmp_path)})
        store.save(a_walk(), person="Ann", replaces=1)
        store.save(a_walk(), person="Ben")
    return found


def spoil(address: str, statement: str) -> None:
    """Change rows as no program of ours does."""
    engine = make_engine(database_url(address), foreign_keys=False)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def the_clip(address: str) -> Path:
    files = media_folder(database_url(address))
    (key,) = files.keys()
    return files.path(key)


def test_a_sound_store_has_no_faults(address: str) -> None:
    found = check_store(address)
    assert (found.n_people, found.n_sessions, found.n_files) == (2, 3, 1)
    assert (found.faults, found.left_over) == ((), ())


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("DELETE FROM track WHERE session_id = 3", "session 3: its coordinates are missing"),
        ("UPDATE track SET npz = substr(npz, 1, 100) WHERE session_id = 3", "session 3: "),
        ("UPDATE session SET activity_confidence = 7 WHERE id = 3", "session 3: "),
        ("UPDATE session SET replaced_by = 1 WHERE id = 2", "leads back to session 1"),
    ],
)
def test_a_session_that_is_not_whole_is_named_with_what_to_do(address: str, statement: str, told: str) -> None:
    spoil(address, statement)
    faults = check_store(address).faults
    assert any(told in fault for fault in faults)
    assert all("gaitlab db restore FILE" in fault or "gaitlab delete" in fault for fault in faults)


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "is missing"), (b"", "has 0 bytes"), (b"other bytes, as many", "was changed")],
)
def test_a_clip_that_is_not_as_it_was_saved_is_named(address: str, content: bytes | None, told: str) -> None:
    clip = the_clip(address)
    n_bytes = clip.stat().st_size
    if content is None:
        clip.unlink()
    else:
        clip.write_bytes((content * n_bytes)[:n_bytes])
    (fault,) = check_store(address).faults
    assert fault.startswith("the kept clip of session 1 ")
    assert told in fault
    assert check_store(address, with_files=False).faults == ()


def test_files_of_no_session_are_no_fault_but_named(address: str) -> None:
    lost = media_folder(database_url(address)).root / "ab" / f"{'ab' * 32}.mp4"
    lost.parent.mkdir()
    lost.write_bytes(b"film")
    found = check_store(address)
    assert (found.faults, found.left_over) == ((), (lost,))


@pytest.fixture
def clip_of_a_dead_program(tmp_path: Path) -> Path:
    """Return a clip that was accepted by a program that ended before its analysis."""
    open_store().close()
    accepting = Inbox()
    upload = tmp_path / "upload"
    upload.mkdir()
    order = accepting.accept(a_clip(upload), person="Ann", settings={})
    accepting.close()
    return order.clip


def test_an_accepted_clip_that_waits_for_the_next_start_is_named_and_no_fault(clip_of_a_dead_program: Path) -> None:
    found = check_store()
    assert (found.faults, found.left_over, found.waiting) == ((), (), (clip_of_a_dead_program,))


@pytest.mark.parametrize("damaged", ["note", "clip"])
def test_an_accepted_clip_that_cannot_be_analysed_is_a_fault(clip_of_a_dead_program: Path, damaged: str) -> None:
    lost = clip_of_a_dead_program if damaged == "clip" else clip_of_a_dead_program.parents[1] / "order.json"
    lost.unlink()
    (fault,) = check_store().faults
    assert fault.startswith("inbox: the order")
    assert "choose the clip again" in fault


def test_what_a_program_takes_in_at_this_moment_is_no_fault(clip_of_a_dead_program: Path) -> None:
    living = Inbox()
    living.take_over()
    (half,) = inbox_dir().rglob("order.json")
    half.unlink()
    assert check_store().faults == ()
    living.close()


def test_a_table_or_a_column_that_is_missing_is_named(url: str) -> None:
    open_store(url).close()
    spoil(url, "DROP TABLE goal")
    spoil(url, "ALTER TABLE stride DROP COLUMN end_s")
    faults = check_store(url).faults
    assert [fault.partition(";")[0] for fault in faults] == [
        "the table goal is missing",
        "the table stride lacks end_s",
    ]


def test_a_row_that_refers_to_a_missing_one_is_named(url: str) -> None:
    open_store(url).close()
    spoil(url, "INSERT INTO tag (session_id, name) VALUES (77, 'hall')")
    (fault,) = check_store(url).faults
    assert "of tag refers to a missing row of session" in fault


def test_pages_that_are_damaged_are_told(sql: SessionStore, url: str) -> None:
    sql.save(a_walk(), person="Ann")
    sql.close()
    file = Path(str(database_url(url).database))
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page_bytes = connection.execute("PRAGMA page_size").fetchone()[0]
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'metric'").fetchone()[0]
    with file.open("r+b") as raw:
        raw.seek((root - 1) * page_bytes)
        raw.write(b"\xff" * 200)
    try:
        told = " ".join(check_store(url).faults)
    except StoreError as error:
        told = str(error)
    assert "damaged" in told
    assert "gaitlab db restore FILE" in told


def test_an_older_schema_is_told_and_not_changed(tmp_path: Path) -> None:
    frozen = Path(__file__).parents[1] / "migrations" / "store_0004.sql"
    with closing(sqlite3.connect(tmp_path / "old.db")) as connection:
        connection.executescript(frozen.read_text(encoding="utf-8"))
    old = f"sqlite:///{tmp_path / 'old.db'}"
    for _ in range(2):
        (fault,) = check_store(old).faults
        assert "older (0004); run `gaitlab db upgrade`" in fault


def test_without_a_database_there_is_nothing_to_check_and_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="got no file"):
        check_store(f"sqlite:///{tmp_path}/nothing.db")
    assert list(tmp_path.glob("nothing*")) == []


@pytest.mark.parametrize("name", ["copy.db", "copy.zip"])
def test_a_backup_is_restored_for_a_trial_and_nothing_of_that_remains(address: str, name: str, tmp_path: Path) -> None:
    copy = tmp_path / (name if address.startswith("sqlite") else "copy.zip")
    back_up(copy, url=address)
    found = rehearse(copy)
    assert (found.n_people, found.n_sessions, found.n_files) == (2, 3, int(copy.suffix == ".zip"))
    assert found.faults == ()
    assert list(work_dir().iterdir()) == []


def test_a_backup_that_cannot_be_restored_is_told_before_it_is_needed(address: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.zip"
    back_up(copy, url=address)
    copy.write_bytes(copy.read_bytes()[:-100])
    with pytest.raises(StoreError, match="damaged"):
        rehearse(copy)


def test_a_restored_database_with_a_session_that_is_not_whole_is_there_and_named(url: str, tmp_path: Path) -> None:
    with closing(open_store(url)) as store:
        store.save(a_walk(), person="Ann")
    spoil(url, "DELETE FROM track")
    back_up(tmp_path / "copy.db", url=url)
    (fault,) = rehearse(tmp_path / "copy.db").faults
    assert "session 1: its coordinates are missing" in fault
    restore(tmp_path / "copy.db", url=url)
    assert check_store(url).faults == (fault,)
