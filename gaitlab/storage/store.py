"""The interface of a session store; `sql` implements it with a database, `memory` without one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from gaitlab.records import Analysis, Side
from gaitlab.storage.entities import (
    Direction,
    Goal,
    HistoryPoint,
    Person,
    PersonData,
    SessionFilter,
    SessionHeader,
    StoredSession,
)

__all__ = ["ANY_SESSION", "SessionStore"]

#: No condition, except that a newer analysis of a recording hides the older ones.
ANY_SESSION = SessionFilter()


class SessionStore(Protocol):
    """The store of analyses, as one owner sees it. Every method may be called from any thread.

    People and sessions of other owners are invisible to every method. Names of persons and tags are
    compared without outer blanks and in Unicode NFC. Failures raise StoreError with one line that names the remedy; a
    session, person or goal that does not exist raises NotFoundError.
    """

    def for_owner(self, owner: str) -> SessionStore:
        """Return the same store as another owner sees it; closing one closes both."""
        ...

    def add_person(self, name: str, *, height_m: float | None = None) -> Person:
        """Return the person of that name, created if missing.

        The height is stored only if the person has none yet.
        """
        ...

    def people(self) -> tuple[Person, ...]:
        """Return everybody, by name."""
        ...

    def person(self, name: str) -> Person:
        """Return the person of that name."""
        ...

    def update_person(self, person: Person) -> Person:
        """Make the stored person of the same `id` like this one, name included, and return it as stored.

        UsageError if somebody else has the name, or for an impossible height, sex or year of birth.
        """
        ...

    def erase_person(self, name: str) -> None:
        """Remove a person and all their data, so that nothing of it can be found on the disk afterwards."""
        ...

    def goals(self, person: str) -> tuple[Goal, ...]:
        """Return a person's goals, oldest first."""
        ...

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
        ...

    def delete_goal(self, goal_id: int) -> None:
        """Delete a goal."""
        ...

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
        ...

    def revise(self, session_id: int, analysis: Analysis) -> int:
        """Save a new analysis of a session's raw track, with other edits, settings or another program version.

        With the version, model and settings of the saved session only edits differ: the results replace the old ones.
        Otherwise they become a new session that replaces the old one and shares its media.

        Returns
        -------
        int
            The number of the session that has the results: the old or the new one.
        """
        ...

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
        ...

    def sessions(
        self,
        *,
        person: str | None = None,
        where: SessionFilter = ANY_SESSION,
        limit: int | None = None,
        offset: int = 0,
    ) -> tuple[SessionHeader, ...]:
        """Return sessions of all people or of one, newest recording first: at most `limit` after skipping `offset`."""
        ...

    def count_sessions(self, *, person: str | None = None, where: SessionFilter = ANY_SESSION) -> int:
        """Return the number of sessions that `sessions` would list without a limit."""
        ...

    def tags(self) -> tuple[str, ...]:
        """Return every tag in use, sorted."""
        ...

    def get(self, session_id: int) -> StoredSession:
        """Return a session in full."""
        ...

    def versions(self, session_id: int) -> tuple[SessionHeader, ...]:
        """Return all analyses of the recording of a session, itself included, the newest first."""
        ...

    def media_path(self, session_id: int, kind: str) -> Path | None:
        """Return the path of a session's file of that kind, without reading the rest; None if there is none."""
        ...

    def remove_media(self, session_id: int) -> None:
        """Forget the kept files of a session; its numbers and coordinates stay."""
        ...

    def metric_history(self, person: str, name: str, *, where: SessionFilter = ANY_SESSION) -> tuple[HistoryPoint, ...]:
        """Return one metric of a person over time, oldest first; withheld values are included as None.

        Of several analyses of one recording only the newest is included, unless `where` says otherwise.
        """
        ...

    def delete(self, session_id: int) -> None:
        """Delete a session and those of its media files that no other session has.

        An older analysis that it replaced is listed again.
        """
        ...

    def find_by_hash(self, sha256: str, *, person: str | None = None) -> tuple[SessionHeader, ...]:
        """Return the sessions that analysed a file of this content, newest recording first; replaced ones left out."""
        ...

    def add_people(self, people: Iterable[PersonData]) -> None:
        """Add people with all their data from an export; on failure nobody is added.

        Sessions and goals get new numbers; all belong to this store's owner, whatever owner the export names.
        Sessions count as saved now, so that a limit on how long they are kept begins anew.
        UsageError if a person of the same name exists already.
        """
        ...

    def close(self) -> None:
        """Release files and connections."""
        ...
