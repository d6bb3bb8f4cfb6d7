"""The session store: people and their sessions in a database, the media kept with them in a folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import sessionmaker

from gaitlab.errors import NotAllowedError, StoreError, UsageError
from gaitlab.records import Analysis, PoseTrack, Side
from gaitlab.storage import accounts, mapping, moving
from gaitlab.storage.accounts import Account, ReadOnly, Role, SharedPerson
from gaitlab.storage.entities import (
    Direction,
    Goal,
    HistoryPoint,
    KindOverview,
    Person,
    PersonData,
    PersonOverview,
    SessionFilter,
    SessionHeader,
    StoredSession,
    check_goal,
    check_height,
    made_alike,
    new_name,
    new_remark,
    normal_name,
    session_time,
    utc,
)
from gaitlab.storage.faults import store_errors
from gaitlab.storage.intake import take_in
from gaitlab.storage.kept_files import KeptFiles
from gaitlab.storage.media import MediaFolder, MediaKey, StagedFile
from gaitlab.storage.moving import Joined, Moved
from gaitlab.storage.programme import Programme, ProgrammeItem, check_programme
from gaitlab.storage.queries import (
    ANY_SESSION,
    RESULT_TABLES,
    Own,
    finish_erasure,
    forget_for_good,
    forgotten_if_gone,
    history_queries,
    media_keys_of_person,
    note_erasure,
    recent_sessions,
    session_counts,
    state_of,
    with_header_parts,
)
from gaitlab.storage.rows import (
    LOCAL_OWNER,
    ContactRow,
    GoalRow,
    MediaRow,
    PersonRow,
    RepetitionRow,
    SessionRow,
    TagRow,
)

__all__ = ["WRITING", "SessionStore"]

#: Execution option of connections that will write; `engine` makes them take the database's write lock at once.
WRITING = {"gaitlab_writing": True}


class SessionStore:
    """Where analyses are kept, as one owner sees it; made by `engine.open_store`.

    Every method may be called from any thread. Names of persons and tags are compared without outer blanks and in
    Unicode NFC. Failures are StoreError with one line that says what to do; a session, person or goal that does not
    exist is NotFoundError.

    Parameters
    ----------
    engine : Engine
        Of `engine.make_engine`; its schema must be up to date.
    media : MediaFolder
        Used by this database only: files it has no row for are taken for left-overs.
    owner : str
        Whose people and sessions it shows, with those that colleagues share; for every method but those for copies of
        all, the others are as if they did not exist.
    role : {"reader", "therapist", "administrator"}
        What goes further than the role is NotAllowedError. Only an administrator uses the methods for copies of all.
    by : str, optional
        Who asks, where people sign in: the owner, or an administrator who acts for them.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        media: MediaFolder,
        owner: str = LOCAL_OWNER,
        role: Role = "administrator",
        by: str | None = None,
    ) -> None:
        self._engine = engine
        self._media = media
        self._own = Own(owner)
        self.role, self._by = role, by
        self._place = engine.url.database or engine.url.render_as_string()
        self._reading = sessionmaker(engine)
        writing = sessionmaker(engine.execution_options(**WRITING))
        self._writing = ReadOnly() if role == "reader" else writing
        self._files = KeptFiles(media, reading=self._reading, writing=writing)

    def for_owner(self, owner: str, *, role: Role = "administrator", by: str | None = None) -> SessionStore:
        """Return the same store as another owner sees it, asked by somebody; closing one closes both."""
        self._only_administrators()
        return type(self)(self._engine, media=self._media, owner=owner, role=role, by=by or self._by)

    def _only_administrators(self) -> None:
        if self.role != "administrator":
            raise NotAllowedError(f"your role is {self.role}: only administrators do what concerns everybody; ask one")

    def note(self, did: str, *, session: int | None = None, person: int | None = None) -> None:
        """Note a deed in an audit trail, which this store does not have; see `audit.AuditedStore`.

        To note that something is exported is to ask for it: NotAllowedError for a reader, who looks only.
        """
        if did == "exported" and self.role == "reader":
            raise NotAllowedError(
                "your role is reader: it looks at sessions and takes no files of them; ask a therapist"
            )

    def sign_in(self, name: str) -> None:
        """Note that the owner is here and what they are called, so that colleagues can share with them.

        For every role: it changes nothing but the line of their account.
        """
        with store_errors(self._place), self._files.writing.begin() as session:
            accounts.sign_in(session, self._own.owner, name)

    def colleagues(self) -> tuple[Account, ...]:
        """Return everybody else who ever signed in, by name."""
        with store_errors(self._place), self._reading() as session:
            return tuple(accounts.colleagues(session, self._own))

    def share(self, person: str, owner: str) -> None:
        """Let a colleague see a person and work with them as their role lets them; see `unshare`.

        They add, correct and describe sessions, set goals and programmes. To change facts, erase, move, join and share
        stays with who it belongs to.
        """
        with store_errors(self._place), self._writing.begin() as session:
            accounts.share(session, self._own, person, owner)

    def unshare(self, person: str, owner: str) -> None:
        """Withdraw a share; what the colleague added stays with the person."""
        with store_errors(self._place), self._writing.begin() as session:
            accounts.unshare(session, self._own, person, owner)

    def shared_with(self, person: str) -> tuple[Account, ...]:
        """Return the colleagues with whom a person is shared, by name; only for who it belongs to."""
        with store_errors(self._place), self._reading() as session:
            return tuple(accounts.shared_with(session, self._own, person))

    def shared_with_owner(self) -> tuple[SharedPerson, ...]:
        """Return the people whom colleagues share with the owner, by name."""
        with store_errors(self._place), self._reading() as session:
            return tuple(accounts.shared_with_owner(session, self._own))

    def add_person(self, name: str, *, height_m: float | None = None) -> Person:
        """Return the person of that name, created if missing.

        The height is stored only if the person has none yet.
        """
        check_height(height_m)
        with store_errors(self._place), self._writing.begin() as session:
            row = self._own.person_made(session, name)
            if row.height_m is None:
                row.height_m = height_m
            session.flush()
            return mapping.to_person(row)

    def people(self, *, only_own: bool = False) -> tuple[Person, ...]:
        """Return everybody, by name; with `only_own` nobody whom a colleague shares."""
        query = self._own.people()
        if only_own:
            query = query.where(PersonRow.owner == self._own.owner)
        with store_errors(self._place), self._reading() as session:
            people = [mapping.to_person(row) for row in session.scalars(query)]
        return tuple(sorted(people, key=lambda one: one.name))  # here, because databases sort by their own rules

    def person(self, name: str) -> Person:
        """Return the person of that name."""
        with store_errors(self._place), self._reading() as session:
            return mapping.to_person(self._own.person(session, name))

    def update_person(self, person: Person) -> Person:
        """Make the stored person of the same `id` like this one, name included, and return it as stored.

        UsageError if somebody else has the name, or for an impossible height, sex or year of birth.
        """
        with store_errors(self._place), self._writing.begin() as session:
            return mapping.to_person(self._own.update_person(session, person))

    def erase_person(self, name: str) -> None:
        """Remove a person and all their data, so that nothing of it can be found on the disk afterwards."""
        with store_errors(self._place):
            with forgotten_if_gone(self._engine), self._writing.begin() as session:
                row = self._own.person_of_mine(session, name)
                keys = media_keys_of_person(session, row.id)
                session.execute(delete(SessionRow).where(SessionRow.person_id == row.id))
                session.execute(delete(PersonRow).where(PersonRow.id == row.id))
                note_erasure(session)
            self._files.remove_unused(keys)
            forget_for_good(self._engine)

    def join_people(self, name: str, *, into: str) -> Joined:
        """Give sessions, goals and programme of one person to another, and remove the first; see `moving.join`.

        Returns
        -------
        Joined
            For `take_back`.
        """
        with store_errors(self._place), self._writing.begin() as session:
            return moving.join(session, self._own, name, into=into)

    def move_session(self, session_id: int, person: str) -> Moved:
        """Give a session to another person, made if missing, with all analyses of its recording.

        Its numbers, its baseline mark, remark and tags stay as they are; goals, programmes and facts of both people,
        too.

        Returns
        -------
        Moved
            For `take_back`.
        """
        with store_errors(self._place), self._writing.begin() as session:
            return moving.move(session, self._own, session_id, person)

    def take_back(self, change: Moved | Joined) -> None:
        """Take a move of a session, or the joining of two people, back; UsageError where that is no longer possible."""
        with store_errors(self._place), self._writing.begin() as session:
            if isinstance(change, Moved):
                moving.take_back(session, self._own, change)
            else:
                moving.part(session, self._own, change)

    def goals(self, person: str) -> tuple[Goal, ...]:
        """Return a person's goals, oldest first."""
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
        """Set a goal of an existing person; it replaces a goal for the same metric and side."""
        check_goal(target=target, direction=direction, side=side)
        with store_errors(self._place), self._writing.begin() as session:
            row = GoalRow(metric=metric, side=side, target=target, direction=direction, due=due)
            self._own.set_goal(session, person, row)
            return mapping.to_goal(row)

    def delete_goal(self, goal_id: int) -> None:
        """Delete a goal."""
        with store_errors(self._place), self._writing.begin() as session:
            session.delete(self._own.goal(session, goal_id))

    def programme(self, person: str) -> Programme:
        """Return what a person trains, in its order; nothing without a programme."""
        query = self._own.programme().where(PersonRow.name == normal_name(person))
        with store_errors(self._place), self._reading() as session:
            return mapping.to_programme(session.scalars(query))

    def set_programme(self, person: str, items: Iterable[ProgrammeItem]) -> Programme:
        """Set the programme of an existing person in the place of an older one, and return it; nothing removes it.

        UsageError for too many items, or one that cannot be trained.
        """
        programme = tuple(items)
        check_programme(programme)
        with store_errors(self._place), self._writing.begin() as session:
            person_id = self._own.drop_programme(session, person)
            session.add_all(mapping.programme_rows(programme, person_id=person_id))
        return programme

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
        """Save an analysis with copies of its media files; on failure nothing is saved.

        Parameters
        ----------
        analysis : Analysis
        person : str
            Created if there is nobody of that name.
        recorded_at : datetime, optional
            With a time zone. Default: the time in the metadata of the file, else `file_time`, else now.
        file_time : datetime, optional
            When the file was last written, with a time zone.
        media : mapping of str to Path, optional
            Files to keep, by kind ("overlay"); they are copied.
        remark : str
        tags : iterable of str
        replaces : int, optional
            An earlier analysis of the same recording of the same person: it stays readable, but lists and trends show
            the new one in its place, which takes over its remark, tags and baseline mark unless they are given, and its
            time if the user told it.

        Returns
        -------
        int
            The session's number.
        """
        moment, source = session_time(analysis, recorded_at, file_time)
        row = mapping.to_session_row(
            analysis,
            recorded_at=moment,
            recorded_from=source,
            created_at=datetime.now(UTC),
            remark=new_remark(remark),
            tags=[TagRow(name=name) for name in sorted({new_name(tag) for tag in tags})],
            is_baseline=False,
        )
        with store_errors(self._place), self._media.staged(media or {}) as staged:
            row.media = mapping.media_rows(staged)
            with self._files.removed_on_failure() as placed, self._writing.begin() as session:
                row.person = self._own.person_made(session, person)
                old = None if replaces is None else self._own.session(session, replaces)
                if old is not None and old.person is not row.person:
                    raise UsageError(f"session {replaces}: expected one of {person}, got one of {old.person.name}")
                mapping.add_session(session, row, analysis.gait)
                if old is not None:
                    self._own.replace(session, old, row)
                for file in staged.values():
                    self._media.place(file)
                    placed.add(file.key)
                return row.id

    def revise(self, session_id: int, analysis: Analysis) -> int:
        """Save a new analysis of a session's raw track, with other edits, settings or another program version.

        With the version, model and settings of the saved session only edits differ: the results replace the old ones.
        Otherwise they become a new session that replaces the old one and shares its media.

        Returns
        -------
        int
            The number of the session that has the results: the old or the new one.
        """
        new = mapping.to_session_row(analysis)
        with store_errors(self._place), self._writing.begin() as session:
            old = self._own.session(session, session_id)
            if not made_alike(mapping.to_provenance(old), analysis.provenance):
                mapping.copy_recording(old, new, created_at=datetime.now(UTC))
                mapping.add_session(session, new, analysis.gait)
                self._own.replace(session, old, new)
                return new.id
            for table in RESULT_TABLES:
                session.execute(delete(table).where(table.session_id == session_id))
            session.expire(old)
            mapping.copy_results(new, old)
            mapping.add_events(session, session_id, analysis.gait)
            return session_id

    def use_version(self, session_id: int) -> None:
        """Let lists and trends show this analysis of a recording in the place of its newest one.

        It takes over what the user told of that one: date, remark, tags and baseline mark. Nothing is removed.
        """
        with store_errors(self._place), self._writing.begin() as session:
            self._own.use(session, self._own.session(session, session_id))

    def update_session(
        self,
        session_id: int,
        *,
        recorded_at: datetime | None = None,
        remark: str | None = None,
        tags: Iterable[str] | None = None,
        is_baseline: bool | None = None,
    ) -> SessionHeader:
        """Change the fields that a user may change; None leaves a field unchanged."""
        changed: dict[str, Any] = {"is_baseline": is_baseline}
        changed["remark"] = None if remark is None else new_remark(remark)
        if recorded_at is not None:
            changed |= {"recorded_at": utc(recorded_at), "recorded_from": "user"}
        names = None if tags is None else {new_name(tag) for tag in tags}
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
        """Return sessions of all people or of one, newest recording first: at most `limit` after skipping `offset`."""
        query = self._own.newest_first(person, where)
        with store_errors(self._place), self._reading() as session:
            rows = session.scalars(with_header_parts(query.limit(limit).offset(offset)))
            return tuple(mapping.to_header(row) for row in rows)

    def count_sessions(self, *, person: str | None = None, where: SessionFilter = ANY_SESSION) -> int:
        """Return the number of sessions that `sessions` would list without a limit."""
        query = self._own.sessions(person, where).with_only_columns(func.count())
        with store_errors(self._place), self._reading() as session:
            return session.scalars(query).one()

    def tags(self, *, person: str | None = None) -> tuple[str, ...]:
        """Return every tag in use, or those of one person's sessions, sorted."""
        with store_errors(self._place), self._reading() as session:
            return tuple(sorted(session.scalars(self._own.tags(person))))

    def find_by_hash(self, sha256: str, *, person: str | None = None) -> tuple[SessionHeader, ...]:
        """Return the sessions that analysed a file of this content, newest recording first; replaced ones left out."""
        query = self._own.newest_first(person, ANY_SESSION).where(SessionRow.sha256 == sha256)
        with store_errors(self._place), self._reading() as session:
            return tuple(mapping.to_header(row) for row in session.scalars(with_header_parts(query)))

    def get(self, session_id: int) -> StoredSession:
        """Return a session in full."""
        with store_errors(self._place), self._reading() as session:
            row = self._own.session(session, session_id)
            paths = {kind: self._media.path(key) for kind, key in mapping.media_keys(row).items()}
            return mapping.to_stored_session(row, media={k: p for k, p in paths.items() if p.is_file()})

    def raw_track(self, session_id: int) -> PoseTrack:
        """Return the track of a session as the model or the file gave it, without reading the rest."""
        with store_errors(self._place), self._reading() as session:
            return mapping.to_raw_track(self._own.session(session, session_id))

    def heights(self, person: str) -> dict[int, float | None]:
        """Return the body height that each walk of a person was computed with, by session; replaced ones left out."""
        query = self._own.sessions(person, SessionFilter(kind="gait"))
        height = SessionRow.settings["height_m"].as_float().label("height_m")
        query = query.with_only_columns(SessionRow.id, height).order_by(SessionRow.id)
        with store_errors(self._place), self._reading() as session:
            return {row.id: row.height_m for row in session.execute(query)}

    def versions(self, session_id: int) -> tuple[SessionHeader, ...]:
        """Return all analyses of the recording of a session, itself included, the newest first."""
        with store_errors(self._place), self._reading() as session:
            row = self._own.session(session, session_id)
            return tuple(mapping.to_header(one) for one in self._own.versions(session, row))

    def media_path(self, session_id: int, kind: str) -> Path | None:
        """Return the path of a session's file of that kind, without reading the rest; None if there is none."""
        with store_errors(self._place), self._reading() as session:
            row = session.scalars(self._own.media(session_id, kind)).one_or_none()
            path = self._media.path(MediaKey(row.sha256, row.suffix)) if row else None
        return path if path and path.is_file() else None

    def remove_media(self, session_id: int) -> None:
        """Forget the kept files of a session; its numbers and coordinates stay."""
        with store_errors(self._place):
            with self._writing.begin() as session:
                keys = set(mapping.media_keys(self._own.session_of_mine(session, session_id)).values())
                session.execute(delete(MediaRow).where(MediaRow.session_id == session_id))
            self._files.remove_unused(keys)

    def metric_history(self, person: str, name: str, *, where: SessionFilter = ANY_SESSION) -> tuple[HistoryPoint, ...]:
        """Return one metric of a person over time, oldest first; withheld values are included as None.

        Of several analyses of one recording only the newest is included, unless `where` says otherwise.
        """
        return self.metric_histories(person, (name,), where=where)[name]

    def metric_histories(
        self, person: str, names: Sequence[str], *, where: SessionFilter = ANY_SESSION
    ) -> dict[str, tuple[HistoryPoint, ...]]:
        """Return several metrics of a person over time, each as `metric_history` does."""
        described, values = history_queries(self._own.sessions(person, where), names)
        found: dict[str, list[HistoryPoint]] = {name: [] for name in names}
        with store_errors(self._place), self._reading() as session:
            facts = {row.id: mapping.session_facts(row) for row in session.execute(described)}
            # Others were saved between the two queries, where the database allows it.
            rows = [row for row in session.execute(values) if row.session_id in facts]
        places = {number: place for place, number in enumerate(facts)}
        for row in sorted(rows, key=lambda one: (places[one.session_id], one.position)):
            found[row.name].append(mapping.to_history_point(row, facts[row.session_id]))
        return {name: tuple(points) for name, points in found.items()}

    def people_overview(self, *, recent: int, limit: int | None = None) -> tuple[PersonOverview, ...]:
        """Return people with their last few sessions, those filmed last first.

        Parameters
        ----------
        recent : int
            Number of sessions of each.
        limit : int, optional
            Most people.
        """
        query = self._own.people_by_last_session().limit(limit)
        with store_errors(self._place), self._reading() as session:
            people = [mapping.to_person(row) for row in session.scalars(query)]
            numbers = [one.id for one in people]
            counts = dict(session.execute(session_counts(numbers)).tuples().all())
            headers: dict[int, list[SessionHeader]] = {number: [] for number in numbers}
            for row in session.scalars(with_header_parts(recent_sessions(session, numbers, recent))):
                headers[row.person_id].append(mapping.to_header(row))
        return tuple(
            PersonOverview(person=one, n_sessions=counts.get(one.id, 0), recent=tuple(headers[one.id]))
            for one in people
        )

    def kinds_overview(self, person: str) -> tuple[KindOverview, ...]:
        """Return the activities of a person's sessions, the one done last first; replaced sessions are left out."""
        first, last = func.min(SessionRow.recorded_at), func.max(SessionRow.recorded_at)
        query = self._own.sessions(person, ANY_SESSION).with_only_columns(
            SessionRow.kind, func.count(), first, last, maintain_column_froms=True
        )
        query = query.group_by(SessionRow.kind).order_by(last.desc(), SessionRow.kind)
        with store_errors(self._place), self._reading() as session:
            return tuple(
                KindOverview(kind=kind, n_sessions=n, first_at=since, last_at=until)
                for kind, n, since, until in session.execute(query)
            )

    def moments(self, session_id: int) -> tuple[float, ...]:
        """Return the times of a session's heel strikes, or of the turning points of its repetitions.

        In seconds of the file, as those of `raw_track`: in slow motion they are further apart than the movement was.
        """
        with store_errors(self._place), self._reading() as session:
            row = self._own.session(session, session_id)
            number, slow_motion = row.id, float(row.settings.get("slow_motion", 1.0))
            strikes = select(ContactRow.time_s).where(ContactRow.session_id == number, ContactRow.kind == "heel_strike")
            turns = select(RepetitionRow.turn_s).where(RepetitionRow.session_id == number)
            found = session.scalars(strikes).all() or session.scalars(turns).all()
            return tuple(slow_motion * time_s for time_s in sorted(found))

    def delete(self, session_id: int) -> None:
        """Delete a session and those of its media files that no other session has.

        An older analysis that it replaced is listed again.
        """
        with store_errors(self._place):
            with self._writing.begin() as session:
                row = self._own.session_of_mine(session, session_id)
                keys = set(mapping.media_keys(row).values())
                self._own.delete(session, row)
            # Only now: were the files removed first and the rows then not, a session would have lost its video.
            self._files.remove_unused(keys)

    def add_people(self, people: Iterable[PersonData]) -> None:
        """Add people with all their data from an export; on failure nobody is added.

        Sessions and goals get new numbers; all belong to this store's owner, whatever owner the export names.
        Sessions count as saved now, so that a limit on how long they are kept begins anew.
        UsageError if a person of the same name exists already, or a programme cannot be trained.
        """
        people, files = list(people), self._files
        with store_errors(self._place):
            ready = self._given_by(people)
            with files.removed_on_failure() as placed, self._writing.begin() as session:
                take_in(session, people, owner=self._own.owner, media=self._media, ready=ready, placed=placed)

    def state(self) -> tuple[Any, ...]:
        """Return what differs after anybody was added or removed: how many, the last numbers and times of saving."""
        self._only_administrators()
        with store_errors(self._place), self._reading() as session:
            return state_of(session)

    def replace_everything(self, people: Iterable[PersonData], *, state: tuple[Any, ...] | None = None) -> None:
        """Put these people in the place of all there are, those of other owners too: all of it or nothing.

        StoreError if `state`, from before a copy of all was made, is no longer true: the copy would lack something.
        """
        self._only_administrators()
        people, files, owner = list(people), self._files, self._own.owner
        with store_errors(self._place):
            ready = self._given_by(people)
            with files.removed_on_failure() as placed, self._writing.begin() as session:
                if state not in (None, state_of(session)):
                    raise StoreError("something was saved meanwhile; nothing is changed, try again")
                session.execute(delete(SessionRow))
                session.execute(delete(PersonRow))
                take_in(session, people, owner=owner, media=self._media, ready=ready, placed=placed, restored=True)

    def _given_by(self, people: list[PersonData]) -> dict[Path, StagedFile]:
        """Hash the files that people give away while others may still write: it may take minutes."""
        return self._media.given(path for one in people for path in one.given_away)

    def owners(self) -> tuple[str, ...]:
        """Return everybody who owns people here, sorted; for backups of all of it."""
        self._only_administrators()
        with store_errors(self._place), self._reading() as session:
            return tuple(sorted(session.scalars(select(PersonRow.owner).distinct())))

    def close(self) -> None:
        """Release files and connections."""
        self._engine.dispose()

    def finish_erasure(self) -> None:
        """Complete an erasure that another program's reading, or a crash, interrupted."""
        self._only_administrators()
        with store_errors(self._place):
            finish_erasure(self._engine)

    def remove_orphans(self, *, spared: set[MediaKey] | None) -> None:
        """Remove media files left by a program that died: without a session and not spared; None spares all."""
        self._only_administrators()
        with store_errors(self._place):
            self._media.remove_stale()
            if spared is not None:
                self._files.remove_orphans(spared=spared)
