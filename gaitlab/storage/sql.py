"""The session store in a database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import sessionmaker

from gaitlab.errors import NotFoundError, StoreError, UsageError
from gaitlab.records import Analysis, Side
from gaitlab.storage import mapping
from gaitlab.storage.entities import (
    Direction,
    Goal,
    HistoryPoint,
    Person,
    PersonData,
    SessionFilter,
    SessionHeader,
    StoredSession,
    check_goal,
    check_height,
    check_person,
    made_alike,
    no_person,
    normal_name,
    session_time,
    storable_text,
    utc,
)
from gaitlab.storage.faults import store_errors
from gaitlab.storage.intake import take_in
from gaitlab.storage.media import MediaFolder, MediaKey
from gaitlab.storage.queries import (
    RESULT_TABLES,
    Own,
    every_media_key,
    forget_for_good,
    forgotten_if_gone,
    history_query,
    media_keys_of_person,
    state_of,
    with_header_parts,
    without_users,
)
from gaitlab.storage.rows import LOCAL_OWNER, GoalRow, MediaRow, PersonRow, SessionRow, TagRow
from gaitlab.storage.store import ANY_SESSION

__all__ = ["WRITING", "SqlStore"]

#: Execution option of connections that will write; `engine` makes them take the database's write lock at once.
WRITING = {"gaitlab_writing": True}


class SqlStore:
    """The store in a database, with media files in a folder; made by `engine.open_store`.

    Parameters
    ----------
    engine : Engine
        Of `engine.make_engine`; its schema must be up to date.
    media : MediaFolder
        Used by this database only: files without a row in it count as leftovers.
    owner : str
        Owner of the people and sessions that it shows; those of other owners are invisible.
    """

    def __init__(self, engine: Engine, *, media: MediaFolder, owner: str = LOCAL_OWNER) -> None:
        self._engine = engine
        self._media = media
        self._own = Own(owner)
        self._place = engine.url.database or engine.url.render_as_string()
        self._reading = sessionmaker(engine)
        self._writing = sessionmaker(engine.execution_options(**WRITING))

    def for_owner(self, owner: str) -> SqlStore:
        """See `SessionStore.for_owner`."""
        return SqlStore(self._engine, media=self._media, owner=owner)

    def add_person(self, name: str, *, height_m: float | None = None) -> Person:
        """See `SessionStore.add_person`."""
        check_height(height_m)
        with store_errors(self._place), self._writing.begin() as session:
            row = self._own.person_made(session, name)
            if row.height_m is None:
                row.height_m = height_m
            session.flush()
            return mapping.to_person(row)

    def people(self) -> tuple[Person, ...]:
        """See `SessionStore.people`."""
        with store_errors(self._place), self._reading() as session:
            people = [mapping.to_person(row) for row in session.scalars(self._own.people())]
        return tuple(sorted(people, key=lambda one: one.name))  # sorted here, because databases sort by different rules

    def person(self, name: str) -> Person:
        """See `SessionStore.person`."""
        with store_errors(self._place), self._reading() as session:
            return mapping.to_person(self._own.person(session, name))

    def update_person(self, person: Person) -> Person:
        """See `SessionStore.update_person`."""
        check_person(person)
        name = normal_name(person.name)
        with store_errors(self._place), self._writing.begin() as session:
            row = session.scalars(self._own.people().where(PersonRow.id == person.id)).one_or_none()
            if row is None:
                raise no_person(person.name)
            other = session.scalars(self._own.people().where(PersonRow.name == name)).one_or_none()
            if other not in (None, row):
                raise UsageError(f"{name}: there is somebody of that name already; choose another name")
            row.name, row.remark = name, storable_text(person.remark)
            row.height_m, row.sex, row.birth_year = person.height_m, person.sex, person.birth_year
            return mapping.to_person(row)

    def erase_person(self, name: str) -> None:
        """See `SessionStore.erase_person`."""
        with store_errors(self._place):
            with forgotten_if_gone(self._engine), self._writing.begin() as session:
                row = self._own.person(session, name)
                keys = media_keys_of_person(session, row.id)
                session.execute(delete(SessionRow).where(SessionRow.person_id == row.id))
                session.execute(delete(PersonRow).where(PersonRow.id == row.id))
            self._remove_unused(keys)
            forget_for_good(self._engine)

    def goals(self, person: str) -> tuple[Goal, ...]:
        """See `SessionStore.goals`."""
        query = self._own.goals().where(PersonRow.name == normal_name(person)).order_by(GoalRow.id)
        with store_errors(self._place), self._reading() as session:
            return tuple(mapping.to_goal(row) for row in session.scalars(query))

    def set_goal(
        self,
        person: str,
        *,
        metric: str,
        target: float,
        direction: Direction,
        side: Side | None = None,
        due: date | None = None,
    ) -> Goal:
        """See `SessionStore.set_goal`."""
        check_goal(target=target, direction=direction, side=side)
        with store_errors(self._place), self._writing.begin() as session:
            whose = self._own.person(session, person).id
            same = (GoalRow.person_id == whose, GoalRow.metric == metric, GoalRow.side.is_not_distinct_from(side))
            session.execute(delete(GoalRow).where(*same))
            row = GoalRow(person_id=whose, metric=metric, side=side, target=target, direction=direction, due=due)
            row.created_at = datetime.now(UTC)
            session.add(row)
            session.flush()
            return mapping.to_goal(row)

    def delete_goal(self, goal_id: int) -> None:
        """See `SessionStore.delete_goal`."""
        with store_errors(self._place), self._writing.begin() as session:
            row = session.scalars(self._own.goals().where(GoalRow.id == goal_id)).one_or_none()
            if row is None:
                raise NotFoundError(f"goal {goal_id}: there is none of that number (any more)")
            session.delete(row)

    def save(
        self,
        analysis: Analysis,
        *,
        person: str,
        recorded_at: datetime | None = None,
        file_time: datetime | None = None,
        media: Mapping[str, Path] | None = None,
        remark: str = "",
        tags: Iterable[str] = (),
        replaces: int | None = None,
    ) -> int:
        """See `SessionStore.save`."""
        moment, source = session_time(analysis, recorded_at, file_time)
        row = mapping.to_session_row(
            analysis,
            recorded_at=moment,
            recorded_from=source,
            created_at=datetime.now(UTC),
            remark=storable_text(remark),
            tags=[TagRow(name=name) for name in sorted({normal_name(tag) for tag in tags})],
            is_baseline=False,
        )
        placed: set[MediaKey] = set()
        with store_errors(self._place), self._media.staged(media or {}) as staged:
            row.media = mapping.media_rows(staged)
            with self._removed_on_failure(placed), self._writing.begin() as session:
                row.person = self._own.person_made(session, person)
                old = None if replaces is None else self._own.session(session, replaces)
                if old is not None and old.person is not row.person:
                    raise UsageError(f"session {replaces}: expected one of {person}, got one of {old.person.name}")
                session.add(row)
                session.flush()
                if old is not None:
                    self._own.replace(session, old, row)
                for file in staged.values():
                    self._media.place(file)
                    placed.add(file.key)
                return row.id

    def revise(self, session_id: int, analysis: Analysis) -> int:
        """See `SessionStore.revise`."""
        new = mapping.to_session_row(analysis)
        with store_errors(self._place), self._writing.begin() as session:
            old = self._own.session(session, session_id)
            if not made_alike(mapping.to_provenance(old), analysis.provenance):
                new.person, new.remark, new.created_at = old.person, old.remark, datetime.now(UTC)
                new.recorded_at, new.recorded_from, new.is_baseline = old.recorded_at, old.recorded_from, False
                new.media = [
                    MediaRow(kind=m.kind, sha256=m.sha256, suffix=m.suffix, n_bytes=m.n_bytes) for m in old.media
                ]
                session.add(new)
                session.flush()
                self._own.replace(session, old, new)
                return new.id
            for table in RESULT_TABLES:
                session.execute(delete(table).where(table.session_id == session_id))
            session.expire(old)
            mapping.copy_results(new, old)
            return session_id

    def update_session(
        self,
        session_id: int,
        *,
        recorded_at: datetime | None = None,
        remark: str | None = None,
        tags: Iterable[str] | None = None,
        is_baseline: bool | None = None,
    ) -> SessionHeader:
        """See `SessionStore.update_session`."""
        changed: dict[str, Any] = {"is_baseline": is_baseline}
        changed["remark"] = None if remark is None else storable_text(remark)
        if recorded_at is not None:
            changed |= {"recorded_at": utc(recorded_at), "recorded_from": "user"}
        names = None if tags is None else {normal_name(tag) for tag in tags}
        with store_errors(self._place), self._writing.begin() as session:
            row = self._own.session(session, session_id)
            for column, value in changed.items():
                if value is not None:
                    setattr(row, column, value)
            if names is not None:
                session.execute(delete(TagRow).where(TagRow.session_id == session_id))
                session.add_all(TagRow(session_id=session_id, name=name) for name in names)
            session.flush()
            session.expire(row)
            return mapping.to_header(row)

    def sessions(
        self,
        *,
        person: str | None = None,
        where: SessionFilter = ANY_SESSION,
        limit: int | None = None,
        offset: int = 0,
    ) -> tuple[SessionHeader, ...]:
        """See `SessionStore.sessions`."""
        query = self._own.sessions(person, where).order_by(SessionRow.recorded_at.desc(), SessionRow.id.desc())
        with store_errors(self._place), self._reading() as session:
            rows = session.scalars(with_header_parts(query.limit(limit).offset(offset)))
            return tuple(mapping.to_header(row) for row in rows)

    def count_sessions(self, *, person: str | None = None, where: SessionFilter = ANY_SESSION) -> int:
        """See `SessionStore.count_sessions`."""
        query = self._own.sessions(person, where).with_only_columns(func.count())
        with store_errors(self._place), self._reading() as session:
            return session.scalars(query).one()

    def tags(self) -> tuple[str, ...]:
        """See `SessionStore.tags`."""
        query = self._own.sessions().join(SessionRow.tags).with_only_columns(TagRow.name).distinct()
        with store_errors(self._place), self._reading() as session:
            return tuple(sorted(session.scalars(query)))

    def find_by_hash(self, sha256: str, *, person: str | None = None) -> tuple[SessionHeader, ...]:
        """See `SessionStore.find_by_hash`."""
        query = self._own.sessions(person, ANY_SESSION).where(SessionRow.sha256 == sha256)
        query = query.order_by(SessionRow.recorded_at.desc(), SessionRow.id.desc())
        with store_errors(self._place), self._reading() as session:
            return tuple(mapping.to_header(row) for row in session.scalars(with_header_parts(query)))

    def get(self, session_id: int) -> StoredSession:
        """See `SessionStore.get`."""
        with store_errors(self._place), self._reading() as session:
            row = self._own.session(session, session_id)
            paths = {kind: self._media.path(key) for kind, key in mapping.media_keys(row).items()}
            return mapping.to_stored_session(row, media={k: p for k, p in paths.items() if p.is_file()})

    def versions(self, session_id: int) -> tuple[SessionHeader, ...]:
        """See `SessionStore.versions`."""
        with store_errors(self._place), self._reading() as session:
            row = self._own.newest(session, self._own.session(session, session_id))
            found, newest = [row], [row.id]
            while newest:
                older = list(session.scalars(select(SessionRow).where(SessionRow.replaced_by.in_(newest))))
                found, newest = found + older, [one.id for one in older]
            found.sort(key=lambda one: -one.id)
            return tuple(mapping.to_header(one) for one in found)

    def media_path(self, session_id: int, kind: str) -> Path | None:
        """See `SessionStore.media_path`."""
        with store_errors(self._place), self._reading() as session:
            row = session.scalars(self._own.media(session_id, kind)).one_or_none()
            path = self._media.path(MediaKey(row.sha256, row.suffix)) if row else None
        return path if path and path.is_file() else None

    def remove_media(self, session_id: int) -> None:
        """See `SessionStore.remove_media`."""
        with store_errors(self._place):
            with self._writing.begin() as session:
                keys = set(mapping.media_keys(self._own.session(session, session_id)).values())
                session.execute(delete(MediaRow).where(MediaRow.session_id == session_id))
            self._remove_unused(keys)

    def metric_history(self, person: str, name: str, *, where: SessionFilter = ANY_SESSION) -> tuple[HistoryPoint, ...]:
        """See `SessionStore.metric_history`."""
        query = history_query(self._own.sessions(person, where), name)
        with store_errors(self._place), self._reading() as session:
            return tuple(mapping.to_history_point(row[0], row) for row in session.execute(query))

    def delete(self, session_id: int) -> None:
        """See `SessionStore.delete`."""
        with store_errors(self._place):
            with self._writing.begin() as session:
                row = self._own.session(session, session_id)
                keys = set(mapping.media_keys(row).values())
                older = update(SessionRow).where(SessionRow.replaced_by == session_id)
                session.execute(older.values(replaced_by=self._own.heir(session, row)))
                session.execute(delete(SessionRow).where(SessionRow.id == session_id))
            # Only now: if the rows could not be deleted after the files, a session would have lost its video.
            self._remove_unused(keys)

    def add_people(self, people: Iterable[PersonData]) -> None:
        """See `SessionStore.add_people`."""
        placed: set[MediaKey] = set()
        with store_errors(self._place), self._removed_on_failure(placed), self._writing.begin() as session:
            take_in(session, people, owner=self._own.owner, media=self._media, placed=placed)

    def state(self) -> tuple[Any, ...]:
        """Return a fingerprint that changes when anybody is added or removed: counts, last numbers, times of saving."""
        with store_errors(self._place), self._reading() as session:
            return state_of(session)

    def replace_everything(self, people: Iterable[PersonData], *, state: tuple[Any, ...] | None = None) -> None:
        """Replace all people, also those of other owners, by these; on failure nothing changes.

        StoreError if `state`, taken before a copy of everything was made, has changed: the copy would be incomplete.
        """
        placed: set[MediaKey] = set()
        with store_errors(self._place), self._removed_on_failure(placed), self._writing.begin() as session:
            if state not in (None, state_of(session)):
                raise StoreError("something was saved meanwhile; nothing is changed, try again")
            session.execute(delete(SessionRow))
            session.execute(delete(PersonRow))
            take_in(session, people, owner=self._own.owner, media=self._media, placed=placed, restored=True)

    def owners(self) -> tuple[str, ...]:
        """Return all owners of people, sorted; for backups of everything."""
        with store_errors(self._place), self._reading() as session:
            return tuple(sorted(session.scalars(select(PersonRow.owner).distinct())))

    def close(self) -> None:
        """See `SessionStore.close`."""
        self._engine.dispose()

    def remove_orphans(self, *, spared: set[MediaKey] | None) -> None:
        """Remove media files left by a crashed program: those without a session, except `spared`; None spares all."""
        with store_errors(self._place):
            self._media.remove_stale()
            if spared is None:
                return
            with self._reading() as session:
                orphans = self._media.keys() - every_media_key(session) - spared
            self._remove_unused(orphans)  # nearly always none, so that opening a store rarely needs a write lock

    @contextmanager
    def _removed_on_failure(self, placed: set[MediaKey]) -> Iterator[None]:
        """If the block fails, remove the files that it placed and that no row refers to."""
        try:
            yield
        except BaseException:
            with suppress(SQLAlchemyError, OSError):  # the error above is the one to report
                self._remove_unused(placed)
            raise

    def _remove_unused(self, keys: set[MediaKey]) -> None:
        """Remove the files that no row refers to; checked under the write lock, which placing a file also needs."""
        if keys:
            with self._writing.begin() as session:
                for key in without_users(session, keys):
                    self._media.remove(key)
