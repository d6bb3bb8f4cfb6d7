"""Opening the database: its address, its connections, its schema, its backups."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect

from gaitlab.errors import StoreError
from gaitlab.paths import bundled_path, data_dir, keep_private, private_file, private_folder, work_dir
from gaitlab.storage.address import database_place, database_url, is_one_file, media_folder, sqlite_file
from gaitlab.storage.audit import AuditedStore
from gaitlab.storage.faults import store_errors
from gaitlab.storage.leftovers import (
    BEFORE_PREFIX,
    kept_for_older_copies,
    older_archives,
    set_aside_files,
    sweep_everything,
)
from gaitlab.storage.rows import LOCAL_OWNER
from gaitlab.storage.sql import WRITING, SessionStore
from gaitlab.workspace import appearing, work_folder

__all__ = [
    "BEFORE_PREFIX",
    "alembic_config",
    "backup",
    "database_url",
    "engine_for_now",
    "is_one_file",
    "make_engine",
    "media_folder",
    "older_copies",
    "open_store",
    "restore",
    "schema_fault",
    "upgrade",
]

_BUSY_TIMEOUT_S: Final = 10.0

# The first statement of a transaction that will write. Writers wait for each other from the first statement on, so that
# get-or-create and the count of a media file's users need no retry, and SQLite never has to refuse a late upgrade
# from reading to writing.
_BEGIN_WRITING: Final = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "SELECT pg_advisory_xact_lock(4714417)"}

# Alembic keeps the running migration in a module-level proxy: one at a time in a process.
_MIGRATING = threading.Lock()


def make_engine(url: URL, *, busy_timeout_s: float = _BUSY_TIMEOUT_S, foreign_keys: bool = True) -> Engine:
    """Return an engine whose SQLite connections wait for locks, use a write-ahead log and enforce foreign keys.

    It keeps five connections open and opens ten more when they are asked for; whoever finds none waits 30 s for one.

    Parameters
    ----------
    url : URL
    busy_timeout_s : float
        How long a statement waits for another program's lock (SQLite).
    foreign_keys : bool
        False only for migrations (SQLite): to change a table they copy and drop it, which would drop dependent rows.
    """
    backend = url.get_backend_name()
    # A server may have been started anew since a connection was last used; it is looked at first, and replaced.
    engine = create_engine(url, pool_pre_ping=backend == "postgresql")

    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver begins no transactions of its own, on_begin does
        connection.execute(f"PRAGMA busy_timeout = {round(busy_timeout_s * 1000)}")
        connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        connection.execute("PRAGMA synchronous = FULL")  # what was saved survives a power cut, with a log, too
        connection.execute("PRAGMA secure_delete = ON")  # deleted content is overwritten with zeros
        # The mode stays with the file. If it cannot be set now (locked, read-only), everything works without it.
        with suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode = WAL")

    def on_begin(connection: Connection) -> None:
        if connection.get_execution_options().keys() & WRITING.keys():
            connection.exec_driver_sql(_BEGIN_WRITING[backend])
        elif backend == "sqlite":
            connection.exec_driver_sql("BEGIN")

    if backend == "sqlite":
        event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
    return engine


def alembic_config(connection: Connection) -> Config:
    """Return Alembic's configuration, made in code: migrations run on this connection, in its transaction."""
    config = Config()
    config.set_main_option("script_location", str(bundled_path("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(url: str | None = None) -> str:
    """Bring the schema of a new or older database up to date; on failure nothing changes.

    Safe to call from several programs at once: the first does the work, the others wait and find it done.

    Returns
    -------
    str
        The schema's revision.

    Raises
    ------
    StoreError
        If it cannot be opened or written, is not a GaitLab database, or was written by a newer GaitLab.
    """
    return _upgrade(database_url(url))


def _upgrade(address: URL) -> str:
    place = database_place(address)
    with store_errors(place):
        if address.get_backend_name() == "sqlite":
            private_folder(sqlite_file(address).parent)
            private_file(sqlite_file(address))  # SQLite gives its log the permissions of the database
        with engine_for_now(address, foreign_keys=False) as engine:
            with engine.connect() as connection:
                revision, head = _revision(connection, place), _known_revisions()[0]
            if revision != head:
                with _MIGRATING, engine.execution_options(**WRITING).begin() as connection:
                    _revision(connection, place)  # again, now that nobody else can write
                    command.upgrade(alembic_config(connection), "head")
                    _check_references(connection)
        return head


def open_store(url: str | None = None, *, owner: str = LOCAL_OWNER, by: str | None = None) -> SessionStore:
    """Open the store, create or upgrade it as needed, and remove leftovers of crashed programs.

    Parameters
    ----------
    url : str, optional
        See `database_url`.
    owner : str
        Owner of the people and sessions that it shows.
    by : str, optional
        Who asks, where people sign in.

    Raises
    ------
    StoreError
        As `upgrade`.
    """
    address = database_url(url)
    _keep_private(address)
    upgrade(url)
    is_trial = address.get_backend_name() == "sqlite" and work_dir() in sqlite_file(address).parents
    kind = SessionStore if is_trial else AuditedStore
    store = kind(make_engine(address), media=media_folder(address), owner=owner, by=by)
    with suppress(StoreError, OSError):  # leftovers do no harm to a store, nor do bytes that wait for another program
        store.finish_erasure()
    with suppress(StoreError, OSError):
        sweep_everything(address)
        # A database that `restore` set aside still refers to files here.
        store.remove_orphans(spared=kept_for_older_copies(address))
    return store


def _keep_private(address: URL) -> None:
    """Close what an older version left open to the other users of this computer, and what a file was copied into."""
    keep_private(data_dir(), data_dir() / "uploads", work_dir(), media_folder(address).root, *older_archives())
    if address.get_backend_name() == "sqlite":
        path = sqlite_file(address)
        keep_private(*(path.with_name(f"{path.name}{suffix}") for suffix in ("", "-wal", "-shm")))
        keep_private(*set_aside_files(address))


def backup(dest: Path, *, url: str | None = None) -> None:
    """Copy the database to a new file, also while the program is running.

    Kept videos are not in the copy: after a restore on another machine, sessions show the stick figure in their place.

    Raises
    ------
    StoreError
        If `dest` exists, cannot be written, there is nothing to copy, or the database is not an SQLite file.
    """
    path = sqlite_file(database_url(url))
    if dest.exists():
        raise StoreError(f"{dest}: expected a new file, got one that exists; choose another name")
    _check_database(path)
    with store_errors(str(dest)), appearing(dest) as copy:
        _copy_database(path, copy)


def restore(src: Path, *, url: str | None = None) -> Path | None:
    """Replace the database by a backup, also while the program is running; the old database is kept aside.

    Anything that another program saves meanwhile is in one of the two databases. Kept videos are neither restored nor
    removed: `open_store` keeps those that a database set aside refers to.

    Returns
    -------
    Path or None
        The new path of the old database; None if there was none.

    Raises
    ------
    StoreError
        If `src` is not a valid GaitLab database that this program can read; then nothing is changed.
    """
    path = sqlite_file(database_url(url))
    _check_database(src)
    with store_errors(str(path)):
        if path.exists() and src.samefile(path):
            raise StoreError(f"{src}: expected a backup, got the database itself; name another file")
        private_folder(path.parent)
        with suppress(OSError):
            sweep_everything(database_url(url))
        aside = path.with_name(f"{path.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
        with work_folder() as folder:
            # It is upgraded before it replaces the database, so no program ever finds an old schema there.
            new = folder / path.name
            _copy_database(src, new)
            _upgrade(URL.create("sqlite", database=str(new)))
            _put_in_place(new, path, aside)
    return aside if aside.exists() else None


@contextmanager
def engine_for_now(url: URL, *, foreign_keys: bool = True) -> Iterator[Engine]:
    """Give an engine that is closed after the block."""
    engine = make_engine(url, foreign_keys=foreign_keys)
    try:
        yield engine
    finally:
        engine.dispose()


def older_copies(url: str | None = None) -> tuple[Path, ...]:
    """Remove leftovers of crashed programs, and return the other files that may still contain erased people.

    A person erased from the database is still in the databases and archives that were set aside when a backup was
    restored, and in files that another program is writing. Clips of a database set aside are kept as long as it is.
    """
    open_store(url).close()
    address = database_url(url)
    with store_errors(database_place(address)):
        return tuple(sorted([*set_aside_files(address), *older_archives(), *sweep_everything(address)]))


@cache
def _known_revisions() -> tuple[str, ...]:
    """Return the revisions of the migrations of this program, the newest first."""
    scripts = ScriptDirectory(str(bundled_path("migrations")))
    return tuple(script.revision for script in scripts.walk_revisions())


def _revision(connection: Connection, place: str) -> str | None:
    """Return the schema's revision, None for an empty database; StoreError for somebody else's or a newer one."""
    tables = set(inspect(connection).get_table_names())
    if not tables - {"alembic_version"}:
        return None
    if not {"alembic_version", "person", "session"} <= tables:
        raise StoreError(f"{place}: expected a GaitLab database, got one of another program; choose another file")
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision not in _known_revisions():
        raise StoreError(f"{place}: this database was written by a newer GaitLab ({revision}); update the program")
    return revision


def schema_fault(connection: Connection, place: str) -> str | None:
    """Return what is wrong with the version of the schema, None for the newest one.

    Raises
    ------
    StoreError
        If the database is that of another program or of a newer GaitLab.
    """
    revision, head = _revision(connection, place), _known_revisions()[0]
    if revision == head:
        return None
    return f"the schema is {f'older ({revision})' if revision else 'not there'}; run `gaitlab db upgrade`"


def _check_references(connection: Connection) -> None:
    """Check for rows that refer to missing rows; SQLite does not while foreign keys are off."""
    if connection.dialect.name == "sqlite" and (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
        raise StoreError(f"upgrade: expected every row to refer to an existing one, got {tuple(lost)}; nothing changed")


def _check_database(path: Path) -> None:
    """Raise StoreError unless `path` is a valid GaitLab database of a known revision."""
    if not path.is_file():
        raise StoreError(f"{path}: expected a GaitLab database, got no file; check the path")
    address = URL.create("sqlite", database=path.resolve().as_uri(), query={"mode": "ro", "uri": "true"})
    with (
        store_errors(str(path)),
        engine_for_now(address) as engine,
        engine.connect() as connection,
    ):
        if _revision(connection, str(path)) is None:
            raise StoreError(f"{path}: expected a GaitLab database, got an empty one; choose another file")
        if (found := connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()) != "ok":
            raise StoreError(f"{path}: expected a sound database, got a damaged one ({found}); use another backup")


def _put_in_place(new: Path, path: Path, aside: Path) -> None:
    try:
        _copy_database(new, path, on_locked=lambda: _set_aside(path, aside))
    except (sqlite3.OperationalError, OSError):
        raise
    except sqlite3.DatabaseError:  # not a database at all: it cannot be copied as one, nor written over
        for suffix in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                os.replace(f"{path}{suffix}", f"{aside}{suffix}")
        _copy_database(new, path, on_locked=lambda: None)


def _set_aside(path: Path, aside: Path) -> None:
    """Copy a database, unless there is nothing in it."""
    with closing(_reader(path)) as reader:
        if reader.execute("SELECT 1 FROM sqlite_master").fetchone() is None:
            return
    with appearing(aside) as copy:  # an incomplete copy is of no use
        _copy_database(path, copy)


def _reader(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=_BUSY_TIMEOUT_S)


def _copy_database(source: Path, dest: Path, *, on_locked: Callable[[], None] | None = None) -> None:
    """Copy one SQLite database over another in one transaction, also while programs use either of them.

    `on_locked` is called while `dest` still has its old content and is locked for writing by others.
    """
    deadline_s = time.monotonic() + _BUSY_TIMEOUT_S
    waiting = [on_locked] if on_locked else []

    def on_step(status: int, _remaining: int, _total: int) -> None:
        if status not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            while waiting:
                waiting.pop()()
        elif time.monotonic() > deadline_s:
            raise sqlite3.OperationalError("database is locked")  # the driver would try for ever

    private_file(dest)
    with closing(_reader(source)) as reader, closing(sqlite3.connect(dest, timeout=_BUSY_TIMEOUT_S)) as writer:
        if on_locked:
            writer.execute("PRAGMA journal_mode = WAL")  # with it a database can be read while it is written
        # The first page takes the lock, which is kept until the last one is written.
        reader.backup(writer, pages=1 if on_locked else -1, progress=on_step)
        if not on_locked:
            writer.execute("PRAGMA journal_mode = DELETE")  # a copy is one file, also while it is read
