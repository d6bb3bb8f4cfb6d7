"""The session store: what it can do (`SessionStore`) and how a database does it (`SqlStore`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine, Select, delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, joinedload, selectinload, sessionmaker

from gaitlab.storage import mapping
from gaitlab.storage.faults import store_errors
from gaitlab.storage.media import MediaFolder, MediaKey, StagedFile
from gaitlab.storage.records import (
    HEADLINES,
    HistoryPoint,
    Person,
    SessionHeader,
    StoredSession,
    check_height,
    normal_name,
    not_found,
    session_time,
)
from gaitlab.storage.rows import LOCAL_OWNER, MediaRow, MetricRow, PersonRow, SessionRow
from gaitlab.types import Analysis

__all__ = ["WRITING", "SessionStore", "SqlStore"]

#: Execution option of connections that will write; `engine` makes them take the database's write lock at once.
WRITING = {"gaitlab_writing": True}

_ID_LIMIT = 2**31  # more than a column of numbers holds


class SessionStore(Protocol):
    """Where analyses are kept. Every method may be called from any thread.

    Names of persons and tags are compared without outer blanks and in Unicode NFC. Failures are StoreError with one
    line that says what to do; a session number that does not exist is NotFoundError.
    """

    def add_person(self, name: str, *, height_m: float | None = None) -> Person:
        """Return the person of that name, made if there is none yet.

        A height fills in a missing one and never changes one that is known.
        """
        ...

    def people(self) -> tuple[Person, ...]:
        """Return everybody, by name."""
        ...

    def save(
        self,
        analysis: Analysis,
        *,
        person: str,
        recorded_at: datetime | None = None,
        media: Mapping[str, Path] | None = None,
        remark: str = "",
        tags: Iterable[str] = (),
    ) -> int:
        """Save an analysis with copies of its media files, all of it or nothing.

        Parameters
        ----------
        analysis : Analysis
        person : str
            Made if there is nobody of that name.
        recorded_at : datetime, optional
            With a time zone. Without it: what the file says, else now.
        media : mapping of str to Path, optional
            Files to keep, by kind ("overlay"); they are copied.
        remark : str
        tags : iterable of str

        Returns
        -------
        int
            The session's number.
        """
        ...

    def sessions(self, *, person: str | None = None) -> tuple[SessionHeader, ...]:
        """Return all sessions, or those of one person, newest recording first."""
        ...

    def get(self, session_id: int) -> StoredSession:
        """Return a session in full."""
        ...

    def media_path(self, session_id: int, kind: str) -> Path | None:
        """Return where a session's file of that kind lies, without reading the rest; None when there is none."""
        ...

    def metric_history(self, person: str, name: str) -> tuple[HistoryPoint, ...]:
        """Return one metric of a person over time, oldest first; withheld values are there as None."""
        ...

    def delete(self, session_id: int) -> None:
        """Delete a session and those of its media files that no other session has."""
        ...

    def find_by_hash(self, sha256: str, *, person: str | None = None) -> tuple[SessionHeader, ...]:
        """Return the sessions that analysed a file of this content, newest recording first."""
        ...

    def close(self) -> None:
        """Give back files and connections."""
        ...


class SqlStore:
    """The store in a database, with media files in a folder; made by `engine.open_store`.

    Parameters
    ----------
    engine : Engine
        Of `engine.make_engine`; its schema must be up to date.
    media : MediaFolder
        Used by this database only: files it has no row for are taken for left-overs.
    """

    def __init__(self, engine: Engine, *, media: MediaFolder) -> None:
        self._engine = engine
        self._media = media
        self._place = engine.url.database or engine.url.render_as_string()
        self._reading = sessionmaker(engine)
        self._writing = sessionmaker(engine.execution_options(**WRITING))

    def add_person(self, name: str, *, height_m: float | None = None) -> Person:
        """See `SessionStore.add_person`."""
        check_height(height_m)
        with store_errors(self._place), self._writing.begin() as session:
            row = _person_row(session, name)
            if row.height_m is None:
                row.height_m = height_m
            session.flush()
            return mapping.to_person(row)

    def people(self) -> tuple[Person, ...]:
        """See `SessionStore.people`."""
        query = select(PersonRow).where(PersonRow.owner == LOCAL_OWNER).order_by(PersonRow.name)
        with store_errors(self._place), self._reading() as session:
            return tuple(mapping.to_person(row) for row in session.scalars(query))

    def save(
        self,
        analysis: Analysis,
        *,
        person: str,
        recorded_at: datetime | None = None,
        media: Mapping[str, Path] | None = None,
        remark: str = "",
        tags: Iterable[str] = (),
    ) -> int:
        """See `SessionStore.save`."""
        with store_errors(self._place), self._media.staged(media or {}) as staged:
            row = mapping.to_session_row(
                analysis,
                recorded_at=session_time(analysis, recorded_at),
                created_at=datetime.now(UTC),
                remark=remark,
                tags=sorted({normal_name(tag) for tag in tags}),
                media=staged,
            )
            return self._insert(row, person=person, files=tuple(staged.values()))

    def sessions(self, *, person: str | None = None) -> tuple[SessionHeader, ...]:
        """See `SessionStore.sessions`."""
        return self._headers(select(SessionRow), person)

    def find_by_hash(self, sha256: str, *, person: str | None = None) -> tuple[SessionHeader, ...]:
        """See `SessionStore.find_by_hash`."""
        return self._headers(select(SessionRow).where(SessionRow.sha256 == sha256), person)

    def get(self, session_id: int) -> StoredSession:
        """See `SessionStore.get`."""
        with store_errors(self._place), self._reading() as session:
            row = _existing(session, session_id)
            paths = {kind: self._media.path(key) for kind, key in mapping.media_keys(row).items()}
            return mapping.to_stored_session(row, media={k: p for k, p in paths.items() if p.is_file()})

    def media_path(self, session_id: int, kind: str) -> Path | None:
        """See `SessionStore.media_path`."""
        with store_errors(self._place), self._reading() as session:
            row = session.get(MediaRow, (session_id, kind)) if 0 < session_id < _ID_LIMIT else None
            path = self._media.path(MediaKey(row.sha256, row.suffix)) if row else None
        return path if path and path.is_file() else None

    def metric_history(self, person: str, name: str) -> tuple[HistoryPoint, ...]:
        """See `SessionStore.metric_history`."""
        query = (
            select(MetricRow, SessionRow.recorded_at)
            .join(SessionRow, SessionRow.id == MetricRow.session_id)
            .join(SessionRow.person)
            .where(MetricRow.name == name, PersonRow.owner == LOCAL_OWNER, PersonRow.name == normal_name(person))
            .order_by(SessionRow.recorded_at, SessionRow.id, MetricRow.position)
        )
        with store_errors(self._place), self._reading() as session:
            return tuple(mapping.to_history_point(row, recorded_at) for row, recorded_at in session.execute(query))

    def delete(self, session_id: int) -> None:
        """See `SessionStore.delete`."""
        with store_errors(self._place):
            with self._writing.begin() as session:
                keys = set(mapping.media_keys(_existing(session, session_id)).values())
                session.execute(delete(SessionRow).where(SessionRow.id == session_id))
            # Only now: were the files removed first and the rows then not, a session would have lost its video.
            self._remove_unused(keys)

    def close(self) -> None:
        """See `SessionStore.close`."""
        self._engine.dispose()

    def remove_orphans(self) -> None:
        """Remove media files that no session refers to, left by a program that died between file and row."""
        with store_errors(self._place):
            self._media.remove_stale()
            with self._reading() as session:
                orphans = self._media.keys() - _used_keys(session)
            self._remove_unused(orphans)  # as good as always none: opening a store needs no write lock

    def _insert(self, row: SessionRow, *, person: str, files: Iterable[StagedFile]) -> int:
        """Add the row and place its files in one transaction; files placed before a failure are removed."""
        placed: set[MediaKey] = set()
        try:
            with self._writing.begin() as session:
                row.person = _person_row(session, person)
                session.add(row)
                session.flush()
                for file in files:
                    self._media.place(file)
                    placed.add(file.key)
                return row.id
        except BaseException:
            with suppress(SQLAlchemyError, OSError):  # the error above is the one to tell
                self._remove_unused(placed)
            raise

    def _remove_unused(self, keys: set[MediaKey]) -> None:
        """Remove those files that no row refers to, seen under the write lock that every placing holds, too."""
        if keys:
            with self._writing.begin() as session:
                for key in keys - _used_keys(session):
                    self._media.remove(key)

    def _headers(self, query: Select[SessionRow], person: str | None) -> tuple[SessionHeader, ...]:
        query = query.join(SessionRow.person).where(PersonRow.owner == LOCAL_OWNER)
        if person is not None:
            query = query.where(PersonRow.name == normal_name(person))
        query = query.order_by(SessionRow.recorded_at.desc(), SessionRow.id.desc()).options(
            joinedload(SessionRow.person),
            selectinload(SessionRow.metrics.and_(MetricRow.name.in_(HEADLINES))),
        )
        with store_errors(self._place), self._reading() as session:
            return tuple(mapping.to_header(row) for row in session.scalars(query))


def _person_row(session: Session, name: str) -> PersonRow:
    """Return the row of that name, made if need be; safe because the session holds the write lock."""
    name = normal_name(name)
    query = select(PersonRow).where(PersonRow.owner == LOCAL_OWNER, PersonRow.name == name)
    row = session.scalars(query).one_or_none()
    if row is None:
        row = PersonRow(name=name, created_at=datetime.now(UTC))
        session.add(row)
    return row


def _existing(session: Session, session_id: int) -> SessionRow:
    row = session.get(SessionRow, session_id) if 0 < session_id < _ID_LIMIT else None
    if row is None:
        raise not_found(session_id)
    return row


def _used_keys(session: Session) -> set[MediaKey]:
    return {MediaKey(*row) for row in session.execute(select(MediaRow.sha256, MediaRow.suffix))}
