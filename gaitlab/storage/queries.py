"""The queries of the database; all queries for one owner go through `Own`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Engine,
    Executable,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session, aliased, contains_eager, load_only, selectinload

from gaitlab.errors import NotAllowedError, NotFoundError, StoreError, UsageError
from gaitlab.metrics.table import HEADLINES
from gaitlab.storage.chains import heir, leads_nowhere, newest
from gaitlab.storage.entities import (
    Person,
    SessionFilter,
    check_person,
    new_name,
    new_remark,
    no_person,
    normal_name,
    not_found,
    utc,
)
from gaitlab.storage.media import MediaKey
from gaitlab.storage.rows import (
    LOCAL_OWNER,
    Base,
    ContactRow,
    EditRow,
    GoalRow,
    MediaRow,
    MetricRow,
    PersonRow,
    ProgrammeItemRow,
    RepetitionRow,
    SessionRow,
    ShareRow,
    StrideRow,
    TagRow,
    TrackRow,
)

__all__ = [
    "ANY_SESSION",
    "RESULT_TABLES",
    "Own",
    "every_media_key",
    "finish_erasure",
    "forget_for_good",
    "forgotten_if_gone",
    "history_queries",
    "media_keys_of_person",
    "note_erasure",
    "recent_sessions",
    "session_counts",
    "state_of",
    "with_header_parts",
    "without_users",
]

#: Tables that hold what an analysis found.
RESULT_TABLES: Final = (MetricRow, RepetitionRow, ContactRow, StrideRow, EditRow, TrackRow)

#: No condition but the one that a newer analysis of the same recording hides the older ones.
ANY_SESSION: Final = SessionFilter()

_ERASING: Final = 1  # user_version of an SQLite database with bytes of erased rows in it
_STILL_READ: Final = (
    "erased, but another program still uses the database and its old pages; close that program, and the next start of "
    "GaitLab removes them"
)
_ID_LIMIT: Final = 2**31  # more than an integer column holds
_EVERYTHING: Final = SessionFilter(with_replaced=True)
_SHOWN_OF_PERSON: Final = (SessionRow.person_id == PersonRow.id, SessionRow.replaced_by.is_(None))


class Own:
    """The data that one owner sees: every query of the store starts here, so none can reach other data.

    That is what is theirs, and people whom a colleague shares with them. Names stay unambiguous: a person of theirs
    hides a shared one of the same name, and of two shared ones the one that was there first hides the other.

    Parameters
    ----------
    owner : str
    """

    def __init__(self, owner: str) -> None:
        self.owner = owner
        # One user on one machine has no colleagues, and queries without them are simpler.
        self._seen = PersonRow.owner == owner if owner == LOCAL_OWNER else _theirs_or_shared(owner)

    def people(self) -> Select[PersonRow]:
        """Select the people whom the owner sees."""
        return select(PersonRow).where(self._seen)

    def people_by_last_session(self) -> Select[PersonRow]:
        """Select people, those filmed last first."""
        last = select(func.max(SessionRow.recorded_at)).where(*_SHOWN_OF_PERSON).scalar_subquery()
        return self.people().order_by(last.desc().nulls_last(), PersonRow.id)

    def person(self, session: Session, name: str) -> PersonRow:
        """Return the row of that name; NotFoundError if there is none."""
        row = session.scalars(self.people().where(PersonRow.name == normal_name(name))).one_or_none()
        if row is None:
            raise no_person(name)
        return row

    def mine(self, row: PersonRow) -> PersonRow:
        """Return the row; NotAllowedError if a colleague only shares it."""
        if row.owner != self.owner:
            raise NotAllowedError(f"{row.name} is shared by a colleague: only who it belongs to can do this; ask them")
        return row

    def person_of_mine(self, session: Session, name: str) -> PersonRow:
        """Return the row of that name; NotAllowedError if a colleague only shares it."""
        return self.mine(self.person(session, name))

    def session_of_mine(self, session: Session, session_id: int) -> SessionRow:
        """Return the session of that number; NotAllowedError if it is one of a person whom a colleague shares."""
        row = self.session(session, session_id)
        self.mine(row.person)
        return row

    def person_made(self, session: Session, name: str) -> PersonRow:
        """Return the row of that name, created if missing; safe because the session holds the write lock."""
        name = normal_name(name)
        row = session.scalars(self.people().where(PersonRow.name == name)).one_or_none()
        if row is None:
            row = PersonRow(owner=self.owner, name=new_name(name), created_at=datetime.now(UTC), remark="")
            session.add(row)
        return row

    def update_person(self, session: Session, person: Person) -> PersonRow:
        """Make the row of that number like the person; UsageError for a name that somebody else has."""
        check_person(person)
        name = normal_name(person.name)
        row = session.scalars(self.people().where(PersonRow.id == person.id)).one_or_none()
        if row is None:
            raise no_person(person.name)
        self.mine(row)
        other = session.scalars(self.people().where(PersonRow.name == name)).one_or_none()
        if other not in (None, row):
            raise UsageError(f"{name}: there is somebody of that name already; choose another name")
        row.name = name if name == row.name else new_name(name)
        row.remark = person.remark if person.remark == row.remark else new_remark(person.remark)
        row.height_m, row.sex, row.birth_year = person.height_m, person.sex, person.birth_year
        return row

    def goals(self) -> Select[GoalRow]:
        """Select the goals of the people whom the owner sees."""
        return select(GoalRow).join(PersonRow, PersonRow.id == GoalRow.person_id).where(self._seen)

    def goal(self, session: Session, goal_id: int) -> GoalRow:
        """Return the goal of that number; NotFoundError if there is none."""
        row = session.scalars(self.goals().where(GoalRow.id == goal_id)).one_or_none()
        if row is None:
            raise NotFoundError(f"goal {goal_id}: there is none of that number (any more)")
        return row

    def set_goal(self, session: Session, person: str, row: GoalRow) -> None:
        """Give a person a goal in the place of one for the same metric and side."""
        row.person_id, row.created_at = self.person(session, person).id, datetime.now(UTC)
        same = (GoalRow.metric == row.metric, GoalRow.side.is_not_distinct_from(row.side))
        session.execute(delete(GoalRow).where(GoalRow.person_id == row.person_id, *same))
        session.add(row)
        session.flush()

    def programme(self) -> Select[ProgrammeItemRow]:
        """Select what the people whom the owner sees train, in its order."""
        query = select(ProgrammeItemRow).join(PersonRow, PersonRow.id == ProgrammeItemRow.person_id).where(self._seen)
        return query.order_by(ProgrammeItemRow.position)

    def drop_programme(self, session: Session, person: str) -> int:
        """Remove what a person trains and return the number of the person."""
        person_id = self.person(session, person).id
        session.execute(delete(ProgrammeItemRow).where(ProgrammeItemRow.person_id == person_id))
        return person_id

    def sessions(self, person: str | None = None, where: SessionFilter = _EVERYTHING) -> Select[SessionRow]:
        """Select the sessions of the people whom the owner sees, or of one of them, that pass a filter."""
        return select(SessionRow).join(SessionRow.person).where(*self._owned(person, where))

    def newest_first(self, person: str | None = None, where: SessionFilter = _EVERYTHING) -> Select[SessionRow]:
        """Select the sessions as `sessions` does, the newest recording first."""
        # The sum stops the database from reading everybody's sessions person by person: it reads them in their order
        # instead, and can stop after the first page.
        whose = SessionRow.person_id if person is not None else SessionRow.person_id + 0
        query = select(SessionRow).join(PersonRow, PersonRow.id == whose).where(*self._owned(person, where))
        return query.order_by(SessionRow.recorded_at.desc(), SessionRow.id.desc())

    def _owned(self, person: str | None, where: SessionFilter) -> list[ColumnElement[bool]]:
        seen = PersonRow.owner == self.owner if where.only_own else self._seen
        named = [] if person is None else [PersonRow.name == normal_name(person)]
        return [seen, *named, *_conditions(where)]

    def tags(self, person: str | None = None) -> Select[str]:
        """Select the names of the tags that sessions of the owner, or of one of their people, have."""
        tagged = self.sessions(person).join(SessionRow.tags)
        if person is not None:
            return tagged.with_only_columns(TagRow.name).distinct()
        # Each name is looked up once: there are few names and many tagged sessions.
        names = select(TagRow.name).distinct().subquery()
        of_name = tagged.with_only_columns(SessionRow.id).where(TagRow.name == names.c.name)
        return select(names.c.name).where(of_name.correlate(names).exists())

    def session(self, session: Session, session_id: int) -> SessionRow:
        """Return the session of that number; NotFoundError if there is none."""
        if not 0 < session_id < _ID_LIMIT:
            raise not_found(session_id)
        row = session.scalars(self.sessions().where(SessionRow.id == session_id)).one_or_none()
        if row is None:
            raise not_found(session_id)
        return row

    def media(self, session_id: int, kind: str) -> Select[MediaRow]:
        """Select the row of a session's kept file."""
        known = session_id if 0 < session_id < _ID_LIMIT else 0
        query = select(MediaRow).join(SessionRow, SessionRow.id == MediaRow.session_id).join(SessionRow.person)
        return query.where(MediaRow.session_id == known, MediaRow.kind == kind, self._seen)

    def newest(self, session: Session, row: SessionRow) -> SessionRow:
        """Return the newest analysis of the same recording; StoreError if the chain is broken in a damaged database."""
        found = self.session(session, newest(row.id, lambda number: self.session(session, number).replaced_by))
        if found.person_id != row.person_id:
            raise leads_nowhere(row.id, f"to session {found.id} of somebody else", last=row.id)
        return found

    def versions(self, session: Session, row: SessionRow) -> list[SessionRow]:
        """Return all analyses of the same recording, the newest first."""
        found = [self.newest(session, row)]
        last = [found[0].id]
        while last:
            older = list(session.scalars(select(SessionRow).where(SessionRow.replaced_by.in_(last))))
            found, last = found + older, [one.id for one in older]
        return sorted(found, key=lambda one: -one.id)

    def delete(self, session: Session, row: SessionRow) -> None:
        """Delete a session; what it replaced is now replaced by its heir."""
        newer = heir(row.id, lambda number: self.session(session, number).replaced_by)
        session.execute(update(SessionRow).where(SessionRow.replaced_by == row.id).values(replaced_by=newer))
        session.execute(delete(SessionRow).where(SessionRow.id == row.id))

    def replace(self, session: Session, old: SessionRow, new: SessionRow) -> None:
        """Let a session replace an older one of the same recording, or the newest session that replaced it."""
        old = self.newest(session, old)
        old.replaced_by = new.id
        new.remark, new.is_baseline = new.remark or old.remark, new.is_baseline or old.is_baseline
        if old.recorded_from == "user" and new.recorded_from != "user":
            new.recorded_at, new.recorded_from = old.recorded_at, old.recorded_from
        if not new.tags:
            new.tags = [TagRow(name=tag.name) for tag in old.tags]

    def use(self, session: Session, row: SessionRow) -> None:
        """Let an analysis of a recording replace the newest one, and take over what the user told of that."""
        newest = self.newest(session, row)
        if newest is row:
            return
        row.replaced_by, newest.replaced_by = None, row.id
        row.remark, row.is_baseline = newest.remark, newest.is_baseline
        row.recorded_at, row.recorded_from = newest.recorded_at, newest.recorded_from
        session.execute(delete(TagRow).where(TagRow.session_id == row.id))
        session.add_all(TagRow(session_id=row.id, name=tag.name) for tag in newest.tags)


def _theirs_or_shared(owner: str) -> ColumnElement[bool]:
    """Return whether a person is the owner's, or shared with them and hidden by nobody of the same name."""
    theirs, earlier = aliased(PersonRow), aliased(PersonRow)
    shares = select(ShareRow.person_id).where(ShareRow.owner == owner)
    is_shared = shares.where(ShareRow.person_id == PersonRow.id)
    namesake = select(theirs.id).where(theirs.owner == owner, theirs.name == PersonRow.name)
    first = select(earlier.id).where(earlier.name == PersonRow.name, earlier.id < PersonRow.id, earlier.id.in_(shares))
    shared, hidden, later = (exists(one.correlate(PersonRow)) for one in (is_shared, namesake, first))
    return or_(PersonRow.owner == owner, and_(shared, ~hidden, ~later))


def _conditions(where: SessionFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if not where.with_replaced:
        found.append(SessionRow.replaced_by.is_(None))
    if where.kind is not None:
        found.append(SessionRow.kind == where.kind)
    if where.tag is not None:
        found.append(SessionRow.tags.any(TagRow.name == normal_name(where.tag)))
    if where.since is not None:
        found.append(SessionRow.recorded_at >= utc(where.since))
    if where.until is not None:
        found.append(SessionRow.recorded_at < utc(where.until))
    if where.saved_before is not None:
        found.append(SessionRow.created_at < utc(where.saved_before))
    if where.with_media:
        found.append(SessionRow.media.any())
    if where.only_baseline:
        found.append(SessionRow.is_baseline.is_(True))
    return found


def with_header_parts(query: Select[SessionRow]) -> Select[SessionRow]:
    """Load with each session only the parts that its line in a list shows."""
    columns = (
        *(SessionRow.person_id, SessionRow.kind, SessionRow.recorded_at, SessionRow.created_at),
        *(SessionRow.recorded_from, SessionRow.file, SessionRow.version, SessionRow.is_baseline),
        *(SessionRow.replaced_by, SessionRow.activity_chosen_by, SessionRow.activity_confidence),
        *(SessionRow.exercise_partial, SessionRow.gait_mode, SessionRow.remark),
    )
    return query.options(
        load_only(*columns),
        contains_eager(SessionRow.person),
        selectinload(SessionRow.tags),
        selectinload(SessionRow.metrics.and_(MetricRow.name.in_(HEADLINES))),
    )


def history_queries(sessions: Select[SessionRow], names: Sequence[str]) -> tuple[Executable, Executable]:
    """Select the description of these sessions, oldest first, and the values of some metrics in them.

    Two queries, because the description of a session is long and would come with every value.
    """
    view = SessionRow.subject["view"].as_string().label("view")
    slow_motion = SessionRow.settings["slow_motion"].as_float().label("slow_motion")
    of_session = (SessionRow.id, SessionRow.recorded_at, SessionRow.kind, view, SessionRow.fps_mean)
    made_by = (slow_motion, SessionRow.model, SessionRow.version, SessionRow.is_baseline)
    described = sessions.with_only_columns(*of_session, *made_by, maintain_column_froms=True)
    described = described.order_by(SessionRow.recorded_at, SessionRow.id)
    of_metric = (MetricRow.session_id, MetricRow.name, MetricRow.side, MetricRow.value, MetricRow.unit)
    measured = sessions.join(MetricRow, MetricRow.session_id == SessionRow.id).where(MetricRow.name.in_(names))
    # Unsorted: for an order of theirs the database would read all numbers of a session to find these.
    values = measured.with_only_columns(
        *of_metric, MetricRow.confidence, MetricRow.n, MetricRow.sd, MetricRow.position, maintain_column_froms=True
    )
    return described, values


def recent_sessions(session: Session, people: Sequence[int], n: int) -> Select[SessionRow]:
    """Select the newest `n` sessions of each of these people, newest first; replaced ones are left out.

    Their numbers are looked up person by person: each is a look into an index, where a query for all of them at once
    makes databases read every session.
    """
    newest = select(SessionRow.id).where(SessionRow.person_id == bindparam("person"), SessionRow.replaced_by.is_(None))
    newest = newest.order_by(SessionRow.recorded_at.desc(), SessionRow.id.desc()).limit(n)
    numbers = [number for one in people for number in session.scalars(newest, {"person": one})]
    query = select(SessionRow).join(SessionRow.person).where(SessionRow.id.in_(numbers))
    return query.order_by(SessionRow.recorded_at.desc(), SessionRow.id.desc())


def session_counts(people: Sequence[int]) -> Select[int, int]:
    """Select the number of sessions of each of these people who has any; replaced ones are left out."""
    query = select(SessionRow.person_id, func.count())
    query = query.where(SessionRow.person_id.in_(people), SessionRow.replaced_by.is_(None))
    return query.group_by(SessionRow.person_id)


def state_of(session: Session) -> tuple[Any, ...]:
    """Return the number, the last id and the last time of saving of the sessions and the people of all owners."""
    tables = (SessionRow, PersonRow)
    queries = (select(func.count(), func.max(table.id), func.max(table.created_at)) for table in tables)
    return tuple(value for query in queries for value in session.execute(query).one())


def every_media_key(session: Session) -> set[MediaKey]:
    """Return the keys of all files that any session has."""
    return {MediaKey(*row) for row in session.execute(select(MediaRow.sha256, MediaRow.suffix))}


def media_keys_of_person(session: Session, person_id: int) -> set[MediaKey]:
    """Return the keys of the files that sessions of a person have."""
    query = select(MediaRow.sha256, MediaRow.suffix).join(SessionRow, SessionRow.id == MediaRow.session_id)
    return {MediaKey(*row) for row in session.execute(query.where(SessionRow.person_id == person_id))}


def without_users(session: Session, keys: set[MediaKey]) -> set[MediaKey]:
    """Return the keys that no session has."""
    return {
        key
        for key in keys
        if not session.scalar(select(exists().where(MediaRow.sha256 == key.sha256, MediaRow.suffix == key.suffix)))
    }


def note_erasure(session: Session) -> None:
    """Note in the transaction that erases rows that their bytes still remain, for `finish_erasure`."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text(f"PRAGMA user_version = {_ERASING}"))


def finish_erasure(engine: Engine) -> None:
    """Complete an erasure that was interrupted, if there is one: its rows are gone, but their bytes may remain."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            noted = connection.exec_driver_sql("PRAGMA user_version").scalar()
        if noted == _ERASING:
            forget_for_good(engine)


def forget_for_good(engine: Engine) -> None:
    """Rewrite the database without the space of deleted rows, where their bytes could still be read.

    Raises
    ------
    StoreError
        If another program that reads the SQLite database keeps the old bytes in its log.
    """
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as raw:
            cursor = raw.cursor()
            try:
                cursor.execute("VACUUM")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log holds old pages until it is truncated
                is_busy = (cursor.fetchone() or (0,))[0]
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                    raise
                raise StoreError(_STILL_READ) from error
            if is_busy:  # reported in the result, not as an error
                raise StoreError(_STILL_READ)
            cursor.execute("PRAGMA user_version = 0")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            for table in Base.metadata.tables:
                connection.exec_driver_sql(f'VACUUM FULL "{table}"')


@contextmanager
def forgotten_if_gone(engine: Engine) -> Iterator[None]:
    """Complete an interrupted erasure before saying that there is nobody of that name."""
    try:
        yield
    except NotFoundError:
        forget_for_good(engine)
        raise
