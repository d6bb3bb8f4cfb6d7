"""The audit trail: who opened, exported, changed or erased which session, and when; off unless the user wants it.

It is a folder of text files beside the database, one a month, one line (JSON) an event::

    {"at": "2026-11-27T08:30:00+00:00", "account": 1000, "subject": null,
     "did": "opened", "session": 12, "person": null}

Lines are only ever appended. `account` is the number of the account that the program runs under, as the system gives
it, null where it has none. `subject` is who asked, where people sign in: issuer and subject of their token. Without a
sign-in it is null, and all who open the page are that account. Sessions and people are numbers, never names, so that
nothing of an erased person remains in it. A month is removed as a whole when its last
day is over for longer than the user wants to keep it.
"""

from __future__ import annotations

import calendar
import json
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal, get_args

from gaitlab.errors import NotFoundError, StoreError
from gaitlab.paths import data_dir, private_file, private_folder
from gaitlab.records import Analysis
from gaitlab.storage.accounts import Role
from gaitlab.storage.entities import Person, PersonData, SessionFilter, SessionHeader, StoredSession
from gaitlab.storage.moving import Joined, Moved
from gaitlab.storage.preferences import Preferences, read_preferences
from gaitlab.storage.sql import SessionStore

__all__ = ["AuditedStore", "Deed", "Event", "audit_events", "remove_old_audit"]

Deed = Literal[
    "opened", "exported", "saved", "changed", "moved", "erased", "imported", "restored", "shared", "unshared"
]

_FOLDER: Final = "audit"
_SUFFIX: Final = ".jsonl"
#: A page is drawn anew with every click; within this time it is opened once (ours).
_SAME_VISIT_S: Final = 600.0
_EVERY: Final = SessionFilter(with_replaced=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the trail; no session and no person mean all of them."""

    at: datetime
    account: int | None
    did: Deed
    session: int | None = None
    person: int | None = None
    subject: str | None = None


def audit_events(folder: Path | None = None) -> Iterator[Event]:
    """Yield the events of a data folder, the newest first; a line that cannot be read is passed over."""
    for path in sorted(((folder or data_dir()) / _FOLDER).glob(f"*{_SUFFIX}"), reverse=True):
        for line in reversed(path.read_text(encoding="utf-8", errors="replace").splitlines()):
            with suppress(ValueError, TypeError, KeyError):
                values: dict[str, Any] = json.loads(line)
                if values["did"] in get_args(Deed):
                    yield Event(**{**values, "at": datetime.fromisoformat(values["at"])})


def remove_old_audit(folder: Path, *, keep_days: int, today: date | None = None) -> None:
    """Remove the months whose last day is more than `keep_days` ago."""
    limit = (today or datetime.now(UTC).date()) - timedelta(days=keep_days)
    for path in (folder / _FOLDER).glob(f"*{_SUFFIX}"):
        with suppress(ValueError):
            year, month = map(int, path.stem.split("-"))
            if date(year, month, calendar.monthrange(year, month)[1]) < limit:
                path.unlink(missing_ok=True)


class AuditedStore(SessionStore):
    """The store that notes in the trail what is done with it, as long as the user wants that.

    A deed that cannot be noted is told as StoreError, after it was done; of what was only read nothing is handed out.
    """

    def note(self, did: str, *, session: int | None = None, person: int | None = None) -> None:
        """Append an event to the trail if the user wants one; where that cannot be read, it is noted."""
        super().note(did)
        try:
            wanted = read_preferences(data_dir())
        except StoreError:  # a damaged file keeps nobody from the data
            wanted = Preferences(audit=True)
        if not wanted.audit:
            return
        now = datetime.now(UTC)
        account = os.getuid() if hasattr(os, "getuid") else None
        event = {"at": now.isoformat(timespec="seconds"), "account": account, "subject": self._by, "did": did}
        line = json.dumps({**event, "session": session, "person": person}) + "\n"
        try:
            path = private_folder(private_folder(data_dir()) / _FOLDER) / f"{now:%Y-%m}{_SUFFIX}"
            is_new_month = not path.exists()
            handle = os.open(private_file(path), os.O_WRONLY | os.O_APPEND)
            try:
                os.write(handle, line.encode())  # at once: other programs append, too
            finally:
                os.close(handle)
            if is_new_month:
                remove_old_audit(data_dir(), keep_days=wanted.audit_days)
        except OSError as error:
            raise StoreError(
                f"{error.filename or data_dir()}: the audit trail cannot be written ({error.strerror}); free some "
                "space, or turn the trail off under Settings"
            ) from error

    def _opened(self, session_id: int) -> None:
        seen_s: dict[tuple[str | None, int], float] = self.__dict__.setdefault("_seen_s", {})
        now_s, visit = time.monotonic(), (self._by, session_id)
        if now_s - seen_s.get(visit, float("-inf")) > _SAME_VISIT_S:
            self.note("opened", session=session_id)
            seen_s[visit] = now_s

    def for_owner(self, owner: str, *, role: Role = "administrator", by: str | None = None) -> SessionStore:
        """As of `SessionStore`."""
        store = super().for_owner(owner, role=role, by=by)
        store.__dict__["_seen_s"] = self.__dict__.setdefault("_seen_s", {})  # a page asks for the store anew
        return store

    def share(self, person: str, owner: str) -> None:
        """As of `SessionStore`."""
        super().share(person, owner)
        self.note("shared", person=self.person(person).id)

    def unshare(self, person: str, owner: str) -> None:
        """As of `SessionStore`."""
        super().unshare(person, owner)
        self.note("unshared", person=self.person(person).id)

    def get(self, session_id: int) -> StoredSession:
        """As of `SessionStore`."""
        found = super().get(session_id)
        self._opened(session_id)
        return found

    def media_path(self, session_id: int, kind: str) -> Path | None:
        """As of `SessionStore`."""
        found = super().media_path(session_id, kind)
        if found is not None:
            self._opened(session_id)
        return found

    def save(self, analysis: Analysis, **told: Any) -> int:
        """As of `SessionStore`."""
        session_id = super().save(analysis, **told)
        self.note("saved", session=session_id)
        return session_id

    def revise(self, session_id: int, analysis: Analysis) -> int:
        """As of `SessionStore`."""
        new_id = super().revise(session_id, analysis)
        self.note("changed", session=new_id)
        return new_id

    def update_session(self, session_id: int, **changed: Any) -> SessionHeader:
        """As of `SessionStore`."""
        header = super().update_session(session_id, **changed)
        self.note("changed", session=session_id)
        return header

    def remove_media(self, session_id: int) -> None:
        """As of `SessionStore`."""
        super().remove_media(session_id)
        self.note("changed", session=session_id)

    def delete(self, session_id: int) -> None:
        """As of `SessionStore`."""
        super().delete(session_id)
        self.note("erased", session=session_id)

    def update_person(self, person: Person) -> Person:
        """As of `SessionStore`."""
        changed = super().update_person(person)
        self.note("changed", person=changed.id)
        return changed

    def erase_person(self, name: str) -> None:
        """As of `SessionStore`; each of the sessions is noted, also when bytes of them wait for another program."""
        try:
            person = self.person(name).id
        except NotFoundError:
            super().erase_person(name)  # completes what was interrupted, and says that there is nobody
            return
        sessions = [header.id for header in self.sessions(person=name, where=_EVERY)]
        try:
            super().erase_person(name)
        finally:
            if person not in {one.id for one in self.people()}:
                self.note("erased", person=person)
                for session_id in sessions:
                    self.note("erased", session=session_id, person=person)

    def move_session(self, session_id: int, person: str) -> Moved:
        """As of `SessionStore`."""
        moved = super().move_session(session_id, person)
        self.note("moved", session=session_id, person=moved.to.id)
        return moved

    def join_people(self, name: str, *, into: str) -> Joined:
        """As of `SessionStore`; each of the sessions is noted, and the person who is gone."""
        joined = super().join_people(name, into=into)
        self.note("changed", person=joined.kept.id)
        for session_id in joined.sessions:
            self.note("moved", session=session_id, person=joined.kept.id)
        self.note("erased", person=joined.gone.id)
        return joined

    def take_back(self, change: Moved | Joined) -> None:
        """As of `SessionStore`."""
        super().take_back(change)
        if isinstance(change, Moved):
            self.note("moved", session=change.session_id, person=change.person.id)
            return
        person = self.person(change.gone.name).id
        for changed in (change.kept.id, person):
            self.note("changed", person=changed)
        for session_id in change.sessions:
            self.note("moved", session=session_id, person=person)

    def use_version(self, session_id: int) -> None:
        """As of `SessionStore`."""
        super().use_version(session_id)
        self.note("changed", session=session_id)

    def add_people(self, people: Iterable[PersonData]) -> None:
        """As of `SessionStore`."""
        super().add_people(people)
        self.note("imported")

    def replace_everything(self, people: Iterable[PersonData], *, state: tuple[Any, ...] | None = None) -> None:
        """As of `SessionStore`."""
        super().replace_everything(people, state=state)
        self.note("restored")
