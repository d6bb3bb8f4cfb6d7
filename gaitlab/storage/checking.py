"""Whether a store is sound: its file, its references, every session as a whole, and the kept files beside it.

Nothing is changed, and the schema is not brought up to date.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, func, inspect, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from gaitlab.errors import GaitLabError, StoreError
from gaitlab.storage import mapping
from gaitlab.storage.address import database_place, database_url, media_folder, sqlite_file
from gaitlab.storage.chains import newest
from gaitlab.storage.engine import engine_for_now, schema_fault
from gaitlab.storage.faults import store_errors
from gaitlab.storage.inbox import inbox_clips, inbox_faults
from gaitlab.storage.leftovers import set_aside_files
from gaitlab.storage.media import MediaFolder, MediaKey
from gaitlab.storage.rows import Base, MediaRow, PersonRow, SessionRow

__all__ = ["StoreCheck", "check_store"]

_CHUNK_BYTES = 1 << 20
_RESTORE = "restore a copy with `gaitlab db restore FILE`"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreCheck:
    """What `check_store` found.

    Attributes
    ----------
    place : str
        File of the database, or its address without the password.
    n_people, n_sessions, n_files : int
        How many were looked at; files by their content.
    faults : tuple of str
        What is damaged or missing, one line each, with what to do; empty for a sound store.
    left_over : tuple of Path
        Files that no session has. They do no harm: the next start removes them, but for databases set aside.
    waiting : tuple of Path
        Clips that were accepted and not analysed before their program ended; the next start of the page goes on.
    """

    place: str
    n_people: int
    n_sessions: int
    n_files: int
    faults: tuple[str, ...]
    left_over: tuple[Path, ...]
    waiting: tuple[Path, ...] = ()


def check_store(url: str | None = None, *, with_files: bool = True) -> StoreCheck:
    """Check the whole store, also while the program is running; what is saved or deleted meanwhile is no fault.

    Parameters
    ----------
    url : str, optional
        See `database_url`.
    with_files : bool
        Whether kept files are looked at; a copy of the database alone has none.

    Raises
    ------
    StoreError
        If there is no database, it is that of another program or a newer GaitLab, or it cannot be opened at all.
    """
    address = database_url(url)
    place = database_place(address)
    if address.get_backend_name() == "sqlite" and not sqlite_file(address).is_file():
        raise StoreError(
            f"{place}: expected a database, got no file; check the path, or `gaitlab db upgrade` makes one"
        )
    files = media_folder(address)
    with store_errors(place), engine_for_now(address) as engine:
        with engine.connect() as connection:
            if (fault := schema_fault(connection, place)) is not None:
                return StoreCheck(place=place, n_people=0, n_sessions=0, n_files=0, faults=(fault,), left_over=())
            faults = [*_faults_of_file(connection), *_faults_of_tables(connection)]
            counts = [connection.scalar(select(func.count()).select_from(table)) for table in (PersonRow, SessionRow)]
        faults += _faults_of_sessions(engine)
        kept = _kept(engine) if with_files else {}
        faults += _faults_of_files(engine, files, kept)
        left_over = [*_left_over(engine, files), *set_aside_files(address)] if with_files else []
    is_own = address == database_url()  # the inbox is that of the program's store, not of a copy
    if is_own:
        faults += inbox_faults()
    return StoreCheck(
        place=place,
        n_people=counts[0] or 0,
        n_sessions=counts[1] or 0,
        n_files=len(kept),
        faults=tuple(faults),
        left_over=tuple(left_over),
        waiting=inbox_clips() if is_own else (),
    )


def _faults_of_file(connection: Connection) -> Iterator[str]:
    """Yield what SQLite finds wrong with pages, indexes and references; PostgreSQL enforces references itself."""
    if connection.dialect.name != "sqlite":
        return
    for (found,) in connection.exec_driver_sql("PRAGMA integrity_check(20)"):
        if found != "ok":
            yield f"the database file is damaged ({' '.join(found.split())}); {_RESTORE}"
    for table, row, referred, _ in connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(20):
        yield f"row {row} of {table} refers to a missing row of {referred}; {_RESTORE}"


def _faults_of_tables(connection: Connection) -> Iterator[str]:
    present = inspect(connection)
    names = set(present.get_table_names())
    for table in Base.metadata.sorted_tables:
        if table.name not in names:
            yield f"the table {table.name} is missing; {_RESTORE}"
        elif lost := {column.name for column in table.columns} - {
            one["name"] for one in present.get_columns(table.name)
        }:
            yield f"the table {table.name} lacks {', '.join(sorted(lost))}; {_RESTORE}"


def _faults_of_sessions(engine: Engine) -> Iterator[str]:
    """Yield a line for every session that cannot be read as a whole or was replaced in a circle."""
    with Session(engine) as session:
        numbers = session.scalars(select(SessionRow.id).order_by(SessionRow.id)).all()
    for number in numbers:
        with Session(engine) as session:  # one each, so that only one is in memory
            try:
                row = session.get(SessionRow, number)
                if row is None:  # deleted meanwhile
                    continue
                if row.track is None:
                    raise StoreError(f"session {number}: its coordinates are missing")
                mapping.to_stored_session(row, media={})
                newest(number, lambda one: _replaced_by(session, one))
            except GaitLabError as error:
                named = str(error) if f"session {number}" in str(error) else f"session {number}: {error}"
                yield f"{named}; or `gaitlab delete {number}` and analyse the clip again"
            except (ValueError, TypeError, SQLAlchemyError) as error:
                why = " ".join(str(error).split())
                yield f"session {number}: a row is damaged ({why}); {_RESTORE}, or `gaitlab delete {number}`"


def _replaced_by(session: Session, number: int) -> int | None:
    return session.scalar(select(SessionRow.replaced_by).where(SessionRow.id == number))


def _kept(engine: Engine) -> dict[MediaKey, tuple[int, list[int]]]:
    """Return size and sessions of every kept file."""
    kept: dict[MediaKey, tuple[int, list[int]]] = {}
    with Session(engine) as session:
        for row in session.scalars(select(MediaRow).order_by(MediaRow.session_id)):
            kept.setdefault(MediaKey(row.sha256, row.suffix), (row.n_bytes, []))[1].append(row.session_id)
    return kept


def _faults_of_files(engine: Engine, files: MediaFolder, kept: dict[MediaKey, tuple[int, list[int]]]) -> Iterator[str]:
    for key, (n_bytes, sessions) in kept.items():
        path = files.path(key)
        what = _fault_of_file(path, key, n_bytes)
        if what and not _gone_meanwhile(engine, key):
            of = f"the kept clip of session {', '.join(map(str, sessions))}"
            yield f"{of} {what} ({path.name}); put the file back, restore an archive (.zip), or analyse the clip again"


def _fault_of_file(path: Path, key: MediaKey, n_bytes: int) -> str | None:
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
                size += len(chunk)
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if size != n_bytes:
        return f"has {size} bytes, expected {n_bytes}"
    return None if digest.hexdigest() == key.sha256 else "was changed: its content is not what was saved"


def _gone_meanwhile(engine: Engine, key: MediaKey) -> bool:
    with Session(engine) as session:
        found = select(MediaRow.session_id).where(MediaRow.sha256 == key.sha256, MediaRow.suffix == key.suffix)
        return session.scalars(found.limit(1)).first() is None


def _left_over(engine: Engine, files: MediaFolder) -> list[Path]:
    """Return files without a row; the files first, as every one gets its row before anybody else sees it."""
    present = files.keys()
    with Session(engine) as session:
        known = {MediaKey(*row) for row in session.execute(select(MediaRow.sha256, MediaRow.suffix))}
    return sorted(files.path(key) for key in present - known if files.path(key).exists())
