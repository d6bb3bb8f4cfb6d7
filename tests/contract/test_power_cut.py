"""A power cut loses nothing that was saved: real saves, run again on a disk that keeps only what was synced.

SQLite runs within the test on such a disk (a VFS of apsw), with the statements and settings that GaitLab gave to the
SQLite of Python. At the cut, a random choice of the writes since the last sync has reached the disk, in no order.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from gaitlab.storage import check_store, open_store
from gaitlab.storage.engine import database_url, make_engine, media_folder
from gaitlab.storage.sql import SessionStore
from tests.builders_store import a_walk

apsw = pytest.importorskip("apsw", reason="apsw is not installed; it comes with the dev extra")

N_SAVES, N_CUTS = 6, 40


class Disk:
    """What of each file has been synced, and the writes since, by the end of the file's name."""

    def __init__(self) -> None:
        self.synced: dict[str, bytes] = {}
        self.since: dict[str, list[tuple[int, bytes]]] = {}

    def write(self, name: str, at: int, data: bytes) -> None:
        self.since.setdefault(name, []).append((at, data))

    def sync(self, name: str) -> None:
        self.synced[name] = _with(self.synced.get(name, b""), self.since.pop(name, []))

    def cut(self, chance: random.Random) -> dict[str, bytes]:
        """Return the files as they are after a cut at this moment."""
        share = chance.choice((0.0, 0.5, 1.0))
        kept = {name: [one for one in writes if chance.random() < share] for name, writes in self.since.items()}
        return {name: _with(self.synced.get(name, b""), kept.get(name, [])) for name in {*self.synced, *kept}}


def _with(content: bytes, writes: list[tuple[int, bytes]]) -> bytes:
    grown = bytearray(content)
    for at, data in writes:
        grown.extend(bytes(max(0, at + len(data) - len(grown))))
        grown[at : at + len(data)] = data
    return bytes(grown)


def statements_of_saves(folder: Path) -> Iterator[list[str]]:
    """Yield what GaitLab tells SQLite for each save, the pragmas of the connection with the first."""
    url = f"sqlite:///{folder / 'real.db'}"
    open_store(url).close()
    shutil.copyfile(folder / "real.db", folder / "cut.db")  # nothing is saved yet
    address = database_url(url)
    told: list[str] = []
    engine = make_engine(address)

    def listen(connection: sqlite3.Connection, _: object) -> None:
        connection.set_trace_callback(told.append)

    event.listen(engine, "connect", listen, insert=True)
    with closing(SessionStore(engine, media=media_folder(address))) as store:
        for _ in range(N_SAVES):
            store.save(a_walk(), person="Ann")
            yield told.copy()
            told.clear()


def dropping_vfs(name: str, disk: Disk) -> Any:
    """Return a VFS whose writes the disk sees."""

    class File(apsw.VFSFile):  # type: ignore[misc, name-defined]
        def __init__(self, filename: Any, flags: list[int]) -> None:
            super().__init__("", filename, flags)
            self.name = Path(filename.filename() if hasattr(filename, "filename") else str(filename)).name

        def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
            disk.write(self.name, offset, bytes(data))
            super().xWrite(data, offset)

        def xSync(self, flags: int) -> None:  # noqa: N802
            super().xSync(flags)
            disk.sync(self.name)

    class Dropping(apsw.VFS):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__(name, "")

        def xOpen(self, filename: Any, flags: list[int]) -> Any:  # noqa: N802
            return File(filename, flags)

    return Dropping()


def cuts_of(saves: list[list[str]], folder: Path, disk: Disk) -> Iterator[tuple[int, dict[str, bytes]]]:
    """Run the saves and yield, at many moments, how many were over and what a cut would leave."""
    start = folder / "cut.db"
    disk.synced[start.name] = start.read_bytes()
    vfs = dropping_vfs("dropping", disk)
    chance = random.Random(20)
    with closing(apsw.Connection(str(start), vfs="dropping")) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # without it a log needs memory that this VFS has not
        for n_before, statements in enumerate(saves):
            for statement in statements:
                connection.execute(statement)
                if chance.random() < N_CUTS / sum(map(len, saves)):
                    yield n_before, disk.cut(chance)
            yield n_before + 1, disk.cut(chance)
    vfs.unregister()


def test_after_a_power_cut_every_save_that_was_over_is_there_and_whole(tmp_path: Path) -> None:
    saves, disk = list(statements_of_saves(tmp_path)), Disk()
    assert any("synchronous = FULL" in statement for statement in saves[0])
    assert sum(statement == "COMMIT" for one in saves for statement in one) >= N_SAVES
    n_cuts = 0
    for n_over, files in cuts_of(saves, tmp_path, disk):
        after = tmp_path / f"after-{n_cuts}"
        after.mkdir()
        for name, content in files.items():
            (after / name).write_bytes(content)
        found = check_store(f"sqlite:///{after / 'cut.db'}")
        assert found.faults == ()
        assert n_over <= found.n_sessions <= n_over + 1
        n_cuts += 1
    assert n_cuts > N_CUTS / 2
