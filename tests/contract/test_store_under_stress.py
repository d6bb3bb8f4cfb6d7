"""What happens to a store when programs are killed, when two write at once, and when the disk does not play along."""

from __future__ import annotations

import random
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gaitlab.errors import StoreError
from gaitlab.paths import data_dir
from gaitlab.storage import SessionStore, backup, older_copies, open_store, restore
from gaitlab.storage.engine import database_url, media_folder
from tests.builders_store import a_clip, a_walk, assert_equal_analyses
from tests.saving import PROCESSES, an_analysis, analyse_and_save_for_ever, rest_of, save_many, save_until_told

SHORT = pytest.param(6, id="6-times")
LONG = pytest.param(50, id="50-times", marks=pytest.mark.accuracy)
KILL_WITHIN_S = 0.6  # long enough for several analyses with their saves


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("url" if request.param == "sqlite" else "postgresql_url"))


def killed_while_saving(address: str, folder: Path, after_s: float) -> list[int]:
    """Let a process analyse and save until it is killed, and return the sessions it told to be saved."""
    receiver, sender = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=analyse_and_save_for_ever, args=(address, str(data_dir()), folder, sender))
    process.start()
    sender.close()
    told = []
    try:
        assert receiver.recv() == 0
        process.join(after_s)
        assert process.is_alive()
    finally:
        process.kill()
        process.join()
    told += rest_of(receiver)
    return told


def assert_whole(store: SessionStore, address: str) -> None:
    """Every session can be read in full with its film, and there is no other file."""
    headers = store.sessions()
    for header in headers:
        stored = store.get(header.id)
        assert_equal_analyses(stored.analysis, an_analysis())
        assert stored.tags == ("hall",)
        assert stored.media["overlay"].stat().st_size == 300_000
    files = [path for path in media_folder(database_url(address)).root.rglob("*") if path.is_file()]
    assert len(files) == len(headers)


@pytest.mark.parametrize("n_kills", [SHORT, LONG])
def test_a_killed_program_leaves_whole_sessions_and_no_other_file(address: str, tmp_path: Path, n_kills: int) -> None:
    moments = random.Random(1)
    told: list[int] = []
    for _ in range(n_kills):
        told += killed_while_saving(address, tmp_path, moments.uniform(0.0, KILL_WITHIN_S))

    with closing(open_store(address)) as store:
        assert_whole(store, address)
        assert {header.id for header in store.sessions()} >= set(told)  # what was told to be saved is there
        assert store.save(an_analysis(), person="Ann") > max(told, default=0)
    if address.startswith("sqlite"):
        with closing(sqlite3.connect(str(database_url(address).database))) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize("n", [20, pytest.param(200, marks=pytest.mark.accuracy)])
def test_two_programs_that_save_at_once_both_succeed(address: str, n: int) -> None:
    processes = [PROCESSES.Process(target=save_many, args=(address, str(data_dir()), n)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

    assert [process.exitcode for process in processes] == [0, 0]
    with closing(open_store(address)) as store:
        assert store.count_sessions() == 2 * n
        assert len(store.people()) == 7
        assert_equal_analyses(store.get(store.sessions()[0].id).analysis, a_walk())


def tags_in(address: str) -> set[str]:
    with closing(open_store(address)) as store:
        return {tag for header in store.sessions() for tag in store.get(header.id).tags}


@pytest.mark.parametrize(
    "n_restores", [pytest.param(5, id="5-times"), pytest.param(100, id="100-times", marks=pytest.mark.accuracy)]
)
def test_what_is_saved_during_a_restore_is_in_the_new_database_or_in_the_old_one(
    url: str, tmp_path: Path, n_restores: int
) -> None:
    open_store(url).close()
    backup(tmp_path / "empty.db", url=url)
    here, there = PROCESSES.Pipe()
    process = PROCESSES.Process(target=save_until_told, args=(url, str(data_dir()), there))
    process.start()
    there.close()
    try:
        assert here.recv() == "ready"
        for _ in range(n_restores):
            restore(tmp_path / "empty.db", url=url)
    finally:
        here.send("stop")
        saved = here.recv()
        process.join()

    kept = [tags_in(f"sqlite:///{path}") for path in older_copies(url)]
    assert len(kept) == n_restores
    assert set(saved) == set().union(tags_in(url), *kept)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of two megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("this system does not let tests mount a disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_told_and_nothing_is_half_saved(disk: Path, tmp_path: Path) -> None:
    address = f"sqlite:///{disk}/gaitlab.db"
    saved: list[int] = []

    def save_until_full(store: SessionStore) -> None:
        for number in range(200):
            film = a_clip(tmp_path, content=b"%d" % number + bytes(100_000))
            saved.append(store.save(a_walk(), person="Ann", media={"overlay": film}))

    with closing(open_store(address)) as store:
        with pytest.raises(StoreError, match="the disk is full") as caught:
            save_until_full(store)

        assert "\n" not in str(caught.value)
        assert sorted(header.id for header in store.sessions()) == saved
        for session_id in saved:
            assert_equal_analyses(store.get(session_id).analysis, a_walk())
        assert len([path for path in (disk / "media").rglob("*") if path.is_file()]) == len(saved)
        subprocess.run(["mount", "-o", "remount,size=4m", str(disk)], check=True)
        assert store.save(a_walk(), person="Ann") > saved[-1]


def save_once(address: str, folder: Path) -> None:
    with closing(open_store(address)) as store:
        store.save(a_walk(), person="Ann", media={"overlay": a_clip(folder)})


def test_a_read_only_disk_is_told_and_its_sessions_stay(disk: Path, tmp_path: Path) -> None:
    address = f"sqlite:///{disk}/gaitlab.db"
    with closing(open_store(address)) as store:
        session_id = store.save(a_walk(), person="Ann")
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)

    with pytest.raises(StoreError, match=r"may only be read|cannot be opened") as caught:
        save_once(address, tmp_path)
    assert "\n" not in str(caught.value)

    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    with closing(open_store(address)) as store:
        assert [header.id for header in store.sessions()] == [session_id]
        assert_equal_analyses(store.get(session_id).analysis, a_walk())


def test_a_store_on_a_read_only_disk_is_refused_in_one_line(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)

    with pytest.raises(StoreError, match=r"may only be read|cannot be opened") as caught:
        open_store(f"sqlite:///{disk}/gaitlab.db")

    assert "\n" not in str(caught.value)
