"""The session store without a database: for trials, and for tests of code that uses a store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from gaitlab.errors import NotFoundError, UsageError
from gaitlab.records import Analysis, Side
from gaitlab.storage.chains import check_chains, heir, newest
from gaitlab.storage.contents import Contents, passes
from gaitlab.storage.entities import (
    Direction,
    Goal,
    HistoryPoint,
    Person,
    PersonData,
    RecordedFrom,
    SessionFilter,
    SessionHeader,
    StoredSession,
    check_goal,
    check_height,
    check_person,
    header_of,
    history_point,
    made_alike,
    no_person,
    normal_name,
    not_found,
    session_time,
    utc,
)
from gaitlab.storage.faults import store_errors
from gaitlab.storage.media import MediaFolder, StagedFile
from gaitlab.storage.rows import LOCAL_OWNER
from gaitlab.storage.store import ANY_SESSION

__all__ = ["MemoryStore"]


class MemoryStore:
    """A `SessionStore` that forgets everything at `close`; media files lie in a work folder until then."""

    def __init__(self, *, owner: str = LOCAL_OWNER, contents: Contents | None = None) -> None:
        self._owner = owner
        self._contents = contents or Contents()
        self._lock = self._contents.lock
        self._media = MediaFolder(self._contents.folder.path)

    def for_owner(self, owner: str) -> MemoryStore:
        """See `SessionStore.for_owner`."""
        return MemoryStore(owner=owner, contents=self._contents)

    def add_person(self, name: str, *, height_m: float | None = None) -> Person:
        """See `SessionStore.add_person`."""
        check_height(height_m)
        name = normal_name(name)
        with self._lock:
            known = next((one for one in self.people() if one.name == name), None)
            if known is None:
                number = next(self._contents.numbers["person"])
                known = Person(id=number, name=name, height_m=height_m, created_at=datetime.now(UTC))
            elif known.height_m is None:
                known = replace(known, height_m=height_m)
            self._contents.people[known.id] = (self._owner, known)
            return known

    def people(self) -> tuple[Person, ...]:
        """See `SessionStore.people`."""
        with self._lock:
            mine = (one for owner, one in self._contents.people.values() if owner == self._owner)
            return tuple(sorted(mine, key=lambda one: one.name))

    def person(self, name: str) -> Person:
        """See `SessionStore.person`."""
        wanted = normal_name(name)
        found = next((one for one in self.people() if one.name == wanted), None)
        if found is None:
            raise no_person(name)
        return found

    def update_person(self, person: Person) -> Person:
        """See `SessionStore.update_person`."""
        check_person(person)
        with self._lock:
            old = next((one for one in self.people() if one.id == person.id), None)
            if old is None:
                raise no_person(person.name)
            new = replace(person, name=normal_name(person.name), created_at=old.created_at)
            if any(one.name == new.name and one.id != new.id for one in self.people()):
                raise UsageError(f"{new.name}: there is somebody of that name already; choose another name")
            for header in self._headers(with_replaced=True, person=old.name):
                self._change_header(header.id, person=new.name)
            self._contents.people[new.id] = (self._owner, new)
            return new

    def erase_person(self, name: str) -> None:
        """See `SessionStore.erase_person`."""
        with self._lock:
            person = self.person(name)
            for header in self._headers(with_replaced=True, person=person.name):
                self.delete(header.id)
            for goal in self.goals(name):
                del self._contents.goals[goal.id]
            del self._contents.people[person.id]

    def goals(self, person: str) -> tuple[Goal, ...]:
        """See `SessionStore.goals`."""
        with self._lock:
            ids = {one.id for one in self.people() if one.name == normal_name(person)}
            return tuple(goal for whose, goal in self._contents.goals.values() if whose in ids)

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
        with self._lock:
            whose = self.person(person)
            for old in self.goals(person):
                if (old.metric, old.side) == (metric, side):
                    del self._contents.goals[old.id]
            goal = Goal(
                id=next(self._contents.numbers["goal"]),
                metric=metric,
                side=side,
                target=target,
                direction=direction,
                due=due,
                created_at=datetime.now(UTC),
            )
            self._contents.goals[goal.id] = (whose.id, goal)
            return goal

    def delete_goal(self, goal_id: int) -> None:
        """See `SessionStore.delete_goal`."""
        with self._lock:
            whose, _ = self._contents.goals.get(goal_id, (None, None))
            if whose not in {one.id for one in self.people()}:
                raise NotFoundError(f"goal {goal_id}: there is none of that number (any more)")
            del self._contents.goals[goal_id]

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
        time = session_time(analysis, recorded_at, file_time)
        words = tuple(sorted({normal_name(tag) for tag in tags}))
        with store_errors("memory"), self._media.staged(media or {}) as staged, self._lock:
            old = None if replaces is None else self.get(newest(replaces, self._replaced_by))
            if old is not None and old.header.person != normal_name(person):
                raise UsageError(f"session {replaces}: expected one of {person}, got one of {old.header.person}")
            new = self._insert(analysis, person=person, time=time, remark=remark, tags=words)
            self._place(new, staged)
            if old is not None:
                self._replace(old, new)
            return new

    def revise(self, session_id: int, analysis: Analysis) -> int:
        """See `SessionStore.revise`."""
        with self._lock:
            old = self.get(session_id)
            if made_alike(old.analysis.provenance, analysis.provenance):
                self._store(session_id, replace(old, analysis=analysis))
                self._change_header(session_id, **header_of(analysis, old.header.person, old.tags))
                return session_id
            last = self.get(newest(session_id, self._replaced_by))
            time = (old.header.recorded_at, old.header.recorded_from)
            new = self._insert(analysis, person=old.header.person, time=time, remark=old.remark, tags=old.tags)
            self._contents.keys[new] = dict(self._contents.keys[session_id])
            self._store(new, replace(self.get(new), media=old.media))
            self._replace(last, new)
            return new

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
        changed: dict[str, Any] = {} if is_baseline is None else {"is_baseline": is_baseline}
        if recorded_at is not None:
            changed |= {"recorded_at": utc(recorded_at), "recorded_from": "user"}
        with self._lock:
            stored = self.get(session_id)
            if tags is not None:
                changed["tags"] = tuple(sorted({normal_name(tag) for tag in tags}))
                stored = replace(stored, tags=changed["tags"])
            self._store(session_id, stored if remark is None else replace(stored, remark=remark))
            self._change_header(session_id, **changed)
            return self.get(session_id).header

    def sessions(
        self,
        *,
        person: str | None = None,
        where: SessionFilter = ANY_SESSION,
        limit: int | None = None,
        offset: int = 0,
    ) -> tuple[SessionHeader, ...]:
        """See `SessionStore.sessions`."""
        headers = self._headers(with_replaced=where.with_replaced, person=person)
        return tuple([one for one in headers if passes(self.get(one.id), where)][offset:][:limit])

    def count_sessions(self, *, person: str | None = None, where: SessionFilter = ANY_SESSION) -> int:
        """See `SessionStore.count_sessions`."""
        return len(self.sessions(person=person, where=where))

    def tags(self) -> tuple[str, ...]:
        """See `SessionStore.tags`."""
        return tuple(sorted({tag for header in self._headers(with_replaced=True) for tag in header.tags}))

    def find_by_hash(self, sha256: str, *, person: str | None = None) -> tuple[SessionHeader, ...]:
        """See `SessionStore.find_by_hash`."""
        with self._lock:
            return tuple(h for h in self.sessions(person=person) if self.get(h.id).analysis.source.sha256 == sha256)

    def get(self, session_id: int) -> StoredSession:
        """See `SessionStore.get`."""
        with self._lock:
            owner, stored = self._contents.sessions.get(session_id, (None, None))
            if stored is None or owner != self._owner:
                raise not_found(session_id)
            return stored

    def versions(self, session_id: int) -> tuple[SessionHeader, ...]:
        """See `SessionStore.versions`."""
        with self._lock:
            found = [self.get(newest(session_id, self._replaced_by)).header]
            for one in sorted(self._headers(with_replaced=True), key=lambda one: -one.id):
                if one.replaced_by in {known.id for known in found}:
                    found.append(one)
            return tuple(found)

    def media_path(self, session_id: int, kind: str) -> Path | None:
        """See `SessionStore.media_path`."""
        with self._lock:
            owner, stored = self._contents.sessions.get(session_id, (None, None))
        path = stored.media.get(kind) if stored and owner == self._owner else None
        return path if path and path.is_file() else None

    def remove_media(self, session_id: int) -> None:
        """See `SessionStore.remove_media`."""
        with self._lock:
            self._store(session_id, replace(self.get(session_id), media={}))
            self._release(session_id)

    def metric_history(self, person: str, name: str, *, where: SessionFilter = ANY_SESSION) -> tuple[HistoryPoint, ...]:
        """See `SessionStore.metric_history`."""
        with self._lock:
            return tuple(
                history_point(self.get(header.id), metric)
                for header in reversed(self.sessions(person=person, where=where))
                for metric in self.get(header.id).analysis.metrics
                if metric.name == name
            )

    def delete(self, session_id: int) -> None:
        """See `SessionStore.delete`."""
        with self._lock:
            newer = heir(session_id, self._replaced_by)
            for one in self._headers(with_replaced=True):
                if one.replaced_by == session_id:
                    self._change_header(one.id, replaced_by=newer)
            del self._contents.sessions[session_id]
            self._release(session_id)

    def add_people(self, people: Iterable[PersonData]) -> None:
        """See `SessionStore.add_people`."""
        with self._lock, ExitStack() as undo:
            for data in people:
                self._take_in(data)
                undo.callback(self.erase_person, data.person.name)
            undo.pop_all()

    def close(self) -> None:
        """See `SessionStore.close`."""
        self._contents.folder.remove()

    def _take_in(self, data: PersonData) -> None:
        if any(one.name == normal_name(data.person.name) for one in self.people()):
            name = data.person.name
            raise UsageError(f"{name}: there is somebody of that name already; take them in under another name")
        person = replace(data.person, id=self.add_person(data.person.name).id)
        numbers: dict[int, int] = {}
        try:
            self._contents.people[person.id] = (
                self._owner,
                replace(self.update_person(person), created_at=person.created_at),
            )
            for goal in data.goals:
                new = replace(goal, id=next(self._contents.numbers["goal"]))
                self._contents.goals[new.id] = (person.id, new)
            for one in data.sessions:
                numbers[one.header.id] = self._take_in_session(one, person.name)
            newer = {one: numbers.get(self._replaced_by(one) or 0) for one in numbers.values()}
            check_chains(newer)
        except BaseException:
            self.erase_person(person.name)
            raise
        for number, replaced_by in newer.items():
            self._change_header(number, replaced_by=replaced_by)

    def _take_in_session(self, one: StoredSession, person: str) -> int:
        with self._media.staged(one.media) as staged:
            time = (utc(one.header.recorded_at), one.header.recorded_from)
            new = self._insert(one.analysis, person=person, time=time, remark=one.remark, tags=one.tags)
            self._change_header(new, is_baseline=one.header.is_baseline, replaced_by=one.header.replaced_by)
            self._place(new, staged)
        return new

    def _insert(
        self,
        analysis: Analysis,
        *,
        person: str,
        time: tuple[datetime, RecordedFrom],
        remark: str,
        tags: tuple[str, ...],
    ) -> int:
        number = next(self._contents.numbers["session"])
        header = SessionHeader(
            id=number,
            recorded_at=time[0],
            recorded_from=time[1],
            created_at=datetime.now(UTC),
            is_baseline=False,
            replaced_by=None,
            **header_of(analysis, self.add_person(person).name, tags),
        )
        self._store(number, StoredSession(header=header, analysis=analysis, media={}, remark=remark, tags=tags))
        self._contents.keys[number] = {}
        return number

    def _place(self, number: int, staged: Mapping[str, StagedFile]) -> None:
        for file in staged.values():
            self._media.place(file)
        self._contents.keys[number] = {kind: file.key for kind, file in staged.items()}
        paths = {kind: self._media.path(file.key) for kind, file in staged.items()}
        self._store(number, replace(self.get(number), media=paths))

    def _release(self, number: int) -> None:
        """Forget the files of a session and remove those that no other session has."""
        keys = set(self._contents.keys.pop(number).values())
        for key in keys.difference(*(others.values() for others in self._contents.keys.values())):
            self._media.remove(key)
        if number in self._contents.sessions:
            self._contents.keys[number] = {}

    def _replace(self, old: StoredSession, new_number: int) -> None:
        new = self.get(new_number)
        self._change_header(old.header.id, replaced_by=new_number)
        tags = new.tags or old.tags
        changed: dict[str, Any] = {"is_baseline": old.header.is_baseline, "tags": tags}
        if old.header.recorded_from == "user" and new.header.recorded_from != "user":
            changed |= {"recorded_at": old.header.recorded_at, "recorded_from": "user"}
        self._store(new_number, replace(new, remark=new.remark or old.remark, tags=tags))
        self._change_header(new_number, **changed)

    def _replaced_by(self, number: int) -> int | None:
        return self.get(number).header.replaced_by

    def _store(self, number: int, stored: StoredSession) -> None:
        self._contents.sessions[number] = (self._owner, stored)

    def _change_header(self, number: int, **changed: Any) -> None:
        stored = self.get(number)
        self._store(number, replace(stored, header=replace(stored.header, **changed)))

    def _headers(self, *, with_replaced: bool, person: str | None = None) -> list[SessionHeader]:
        """Return the owner's sessions, newest recording first."""
        name = None if person is None else normal_name(person)
        with self._lock:
            mine = [stored.header for owner, stored in self._contents.sessions.values() if owner == self._owner]
        mine = [one for one in mine if name in (None, one.person) and (with_replaced or one.replaced_by is None)]
        return sorted(mine, key=lambda one: (one.recorded_at, one.id), reverse=True)
