"""Programs that are killed while they save, import, restore or back up; what the next start finds is judged."""

from __future__ import annotations

import itertools
import multiprocessing.process
import os
import random
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from gaitlab.archive import back_up, export_person, rehearse
from gaitlab.errors import GaitLabError
from gaitlab.storage import SessionStore, check_store, older_copies, open_store
from tests.builders_store import a_clip, a_walk
from tests.saving import PROCESSES, WORK, memory_mb, rest_of

__all__ = ["SERIES", "Kill", "Place", "faults_after", "killed", "prepared", "remains"]

#: Kinds of work, and with which databases.
SERIES: Final = (
    *((work, "sqlite") for work in ("save", "import", "restore .db", "restore .zip", "backup .db", "backup .zip")),
    *((work, "postgresql") for work in ("save", "import", "restore .zip", "backup .zip")),
)
_KILL_WITHIN_S: Final = 0.4  # an operation or two: every kill strikes in the middle of one
_SLOW_S: Final = 20.0
_FILM: Final = random.Random(7).randbytes(300_000)
_SESSIONS: Final = 3
_HER_WORDS: Final = (b"Zenobia", b"zenremark", b"zentag", _FILM[:64], _FILM[-64:])


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where programs that are killed work: data, temporary files, the user's files, the database."""

    data: Path
    temporary: Path
    user: Path
    url: str

    def files(self) -> set[Path]:
        """Return every file in all three folders."""
        roots = (self.data, self.temporary, self.user)
        return {path for root in roots for path in root.rglob("*") if path.is_file()}


@dataclass(frozen=True, kw_only=True)
class Kill:
    """What a kill met: whether files were unfinished, the memory of the killed program, and what was wrong after it."""

    struck: bool
    peak_mb: int
    faults: tuple[str, ...]


@contextmanager
def prepared(folder: Path, url: str | None = None) -> Iterator[Place]:
    """Give a place with Ben and Zenobia in the store, in backups, and Zenobia in an archive of her own."""
    place = Place(
        data=folder / "data",
        temporary=folder / "temporary",
        user=folder / "user",
        url=url or f"sqlite:///{folder / 'data' / 'gaitlab.db'}",
    )
    before = {name: os.environ.get(name) for name in ("GAITLAB_DATA_DIR", "GAITLAB_DATABASE_URL")}
    os.environ |= {"GAITLAB_DATA_DIR": str(place.data), "GAITLAB_DATABASE_URL": place.url}
    for one in (place.temporary, place.user):
        one.mkdir(parents=True)
    film = place.user / "film.mp4"
    film.write_bytes(_FILM)
    try:
        with closing(open_store()) as store:
            for number in range(_SESSIONS):
                store.save(a_walk(), person="Zenobia", media={"overlay": film}, remark=f"zenremark {number}")
            store.save(a_walk(), person="Ben", media={"overlay": a_clip(place.temporary, content=b"a film of Ben")})
            export_person(store, "Zenobia", place.user / "zenobia.zip")
        shutil.rmtree(place.temporary)
        place.temporary.mkdir()
        back_up(place.user / "all.zip")
        if url is None:
            back_up(place.user / "all.db")
        yield place
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


def killed(work: str, place: Place, rng: random.Random) -> Kill:
    """Let a program work, kill it at some moment, and judge what the next start makes of it."""
    own = place.files()
    told, peak_mb = _told_until_killed(work, place, rng.uniform(0.0, _KILL_WITHIN_S))
    unfinished = {path for path in place.files() - own if not _is_whole(path, place)}
    start_s = time.monotonic()
    try:
        faults = [*faults_after(work, place, told)]
    except (GaitLabError, OSError, sqlite3.Error) as error:
        faults = [f"{type(error).__name__}: {error}"]
    if (took_s := time.monotonic() - start_s) > _SLOW_S:
        faults.append(f"the next start took {took_s:.0f} s")
    return Kill(struck=bool(unfinished), peak_mb=peak_mb, faults=tuple(faults))


def remains(place: Place) -> list[str]:
    """Erase Zenobia, and return the files that still hold something of her and are not named by it."""
    with closing(open_store()) as store:
        store.erase_person("Zenobia")
    named = set(older_copies())
    files = {path for path in place.files() if path not in named and path.parent != place.user}
    return [path.name for path in files if any(word in path.read_bytes() for word in _HER_WORDS)]


def _work_for_ever(work: str, place: Place, told: Connection) -> None:
    os.environ |= {"GAITLAB_DATA_DIR": str(place.data), "GAITLAB_DATABASE_URL": place.url}
    tempfile.tempdir = str(place.temporary)
    open_store().close()  # drivers are loaded and the schema is looked at: what follows is the work itself
    told.send("started")
    for number in itertools.count():
        told.send(WORK[work](place.user, f"{os.getpid()} {number}"))


def _told_until_killed(work: str, place: Place, after_s: float) -> tuple[list[object], int]:
    """Return what the program told to be done, and its memory at its end."""
    receiver, sender = PROCESSES.Pipe(duplex=False)
    process: multiprocessing.process.BaseProcess = PROCESSES.Process(target=_work_for_ever, args=(work, place, sender))
    process.start()
    sender.close()
    told: list[object] = []
    try:
        told.append(receiver.recv())
        process.join(after_s)
        peak_mb = memory_mb(process.pid)
    finally:
        process.kill()
        process.join()
    told += rest_of(receiver)
    return told[1:], peak_mb


def _is_whole(path: Path, place: Place) -> bool:
    """Tell whether the user or the program gave a file its name for good."""
    if path.parent == place.user:
        return not path.name.startswith(".") and path.suffix in (".db", ".zip", ".mp4")
    of_database = path.name in {f"gaitlab.db{ending}" for ending in ("", "-wal", "-shm")}
    kept = path.parent.parent.name.startswith("media") and path.parent.parent.parent == place.data
    return (path.parent == place.data and (of_database or "before-" in path.name)) or kept


def faults_after(work: str, place: Place, told: list[object]) -> Iterator[str]:
    """Open the store as the next start does, and yield what is lost, half or left; then tidy up for the next kill."""
    with closing(open_store()) as store:
        yield from _faults_of_sessions(work, store, told)
        checked = check_store(place.url)
        yield from checked.faults
        yield from (f"left over: {path.name}" for path in checked.left_over if ".before-" not in path.name)
        yield from (f"left: {path}" for path in place.files() if not _is_whole(path, place))
        _tidy(store)
    for made in (sorted(place.user.glob("made-*")), sorted(place.data.glob("*before-*"))):
        if made:
            yield from rehearse(_named_as_backup(made[0])).faults
        for path in made:
            path.unlink(missing_ok=True)
    for path in place.data.glob("*before-*"):
        path.unlink()


def _faults_of_sessions(work: str, store: SessionStore, told: list[object]) -> Iterator[str]:
    counted = {person.name: store.count_sessions(person=person.name) for person in store.people()}
    numbers = {header.id for header in store.sessions()}
    for number in numbers:
        if not store.get(number).media:
            yield f"session {number} has lost its clip"
    if counted.get("Ben") != 1 or counted.get("Zenobia", 0) < _SESSIONS:
        yield f"people and their sessions: {counted}"
    if work == "save":
        yield from (f"session {number} was told to be saved and is lost" for number in {*told} - numbers)
    elif counted.get("Zenobia") != _SESSIONS or set(counted.values()) != {1, _SESSIONS}:
        yield f"people and their sessions: {counted}"


def _tidy(store: SessionStore) -> None:
    """Remove what came in since `prepared`."""
    for header in store.sessions(person="Zenobia")[:-_SESSIONS]:
        store.delete(header.id)
    for person in store.people():
        if person.name not in ("Ben", "Zenobia"):
            store.erase_person(person.name)


def _named_as_backup(path: Path) -> Path:
    """Give a database set aside the ending of a backup."""
    return path if path.suffix in (".zip", ".db") else path.rename(path.with_name("gaitlab.db.before-x.db"))
