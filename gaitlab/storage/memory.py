"""The session store without a database: for trying things out and for tests of what stands above the store."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from gaitlab.storage.faults import store_errors
from gaitlab.storage.media import MediaFolder, MediaKey
from gaitlab.storage.records import (
    HistoryPoint,
    Person,
    SessionHeader,
    StoredSession,
    check_height,
    headlines,
    normal_name,
    not_found,
    session_time,
)
from gaitlab.types import Analysis

__all__ = ["MemoryStore"]


class MemoryStore:
    """A `SessionStore` that forgets everything at `close`; media files lie in a temporary folder until then."""

    def __init__(self) -> None:
        self._temporary = TemporaryDirectory(prefix="gaitlab-")
        self._media = MediaFolder(Path(self._temporary.name))
        self._lock = threading.RLock()
        self._people: dict[str, Person] = {}
        self._sessions: dict[int, StoredSession] = {}
        self._keys: dict[int, set[MediaKey]] = {}
        self._n_saved = 0

    def add_person(self, name: str, *, height_m: float | None = None) -> Person:
        """See `SessionStore.add_person`."""
        check_height(height_m)
        name = normal_name(name)
        with self._lock:
            new = Person(id=len(self._people) + 1, name=name, height_m=height_m, created_at=datetime.now(UTC))
            person = self._people.setdefault(name, new)
            if person.height_m is None:
                person = self._people[name] = replace(person, height_m=height_m)
            return person

    def people(self) -> tuple[Person, ...]:
        """See `SessionStore.people`."""
        with self._lock:
            return tuple(self._people[name] for name in sorted(self._people))

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
        moment, words = session_time(analysis, recorded_at), sorted({normal_name(tag) for tag in tags})
        with store_errors("memory"), self._media.staged(media or {}) as staged, self._lock:
            header = SessionHeader(
                id=self._n_saved + 1,
                person=normal_name(person),
                kind=analysis.activity.kind,
                recorded_at=moment,
                created_at=datetime.now(UTC),
                file=analysis.source.file,
                activity=analysis.activity,
                **headlines(analysis.metrics),
            )
            for file in staged.values():
                self._media.place(file)
            paths = {kind: self._media.path(file.key) for kind, file in staged.items()}
            self.add_person(person)
            self._n_saved = header.id
            self._keys[header.id] = {file.key for file in staged.values()}
            self._sessions[header.id] = StoredSession(
                header=header, analysis=analysis, media=paths, remark=remark, tags=tuple(words)
            )
            return header.id

    def sessions(self, *, person: str | None = None) -> tuple[SessionHeader, ...]:
        """See `SessionStore.sessions`."""
        name = None if person is None else normal_name(person)
        with self._lock:
            headers = [s.header for s in self._sessions.values() if name in (None, s.header.person)]
        return tuple(sorted(headers, key=lambda h: (h.recorded_at, h.id), reverse=True))

    def find_by_hash(self, sha256: str, *, person: str | None = None) -> tuple[SessionHeader, ...]:
        """See `SessionStore.find_by_hash`."""
        headers = self.sessions(person=person)
        with self._lock:
            return tuple(h for h in headers if self._sessions[h.id].analysis.source.sha256 == sha256)

    def get(self, session_id: int) -> StoredSession:
        """See `SessionStore.get`."""
        with self._lock:
            if session_id not in self._sessions:
                raise not_found(session_id)
            return self._sessions[session_id]

    def media_path(self, session_id: int, kind: str) -> Path | None:
        """See `SessionStore.media_path`."""
        with self._lock:
            stored = self._sessions.get(session_id)
        path = stored.media.get(kind) if stored else None
        return path if path and path.is_file() else None

    def metric_history(self, person: str, name: str) -> tuple[HistoryPoint, ...]:
        """See `SessionStore.metric_history`."""
        with self._lock:
            return tuple(
                HistoryPoint(
                    session_id=header.id,
                    recorded_at=header.recorded_at,
                    side=metric.side,
                    value=metric.value,
                    unit=metric.unit,
                    confidence=metric.confidence,
                )
                for header in reversed(self.sessions(person=person))
                for metric in self.get(header.id).analysis.metrics
                if metric.name == name
            )

    def delete(self, session_id: int) -> None:
        """See `SessionStore.delete`."""
        with self._lock:
            self.get(session_id)
            del self._sessions[session_id]
            keys = self._keys.pop(session_id)
            for key in keys.difference(*self._keys.values()):
                self._media.remove(key)

    def close(self) -> None:
        """See `SessionStore.close`."""
        self._temporary.cleanup()
