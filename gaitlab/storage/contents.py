"""The contents of a store in memory, and filtering of its sessions."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from itertools import count

from gaitlab.storage.entities import Goal, Person, SessionFilter, StoredSession, normal_name, utc
from gaitlab.storage.media import MediaKey
from gaitlab.workspace import WorkFolder

__all__ = ["Contents", "passes"]


@dataclass(slots=True, kw_only=True, eq=False)
class Contents:
    """The records of all owners; each kind by number, with the owner."""

    people: dict[int, tuple[str, Person]] = field(default_factory=dict)
    goals: dict[int, tuple[int, Goal]] = field(default_factory=dict)
    sessions: dict[int, tuple[str, StoredSession]] = field(default_factory=dict)
    keys: dict[int, dict[str, MediaKey]] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    numbers: dict[str, count[int]] = field(
        default_factory=lambda: {kind: count(1) for kind in ("person", "goal", "session")}
    )
    folder: WorkFolder = field(default_factory=WorkFolder)


def passes(stored: StoredSession, where: SessionFilter) -> bool:
    """Return whether a list with that filter shows the session; replaced ones are left to the caller."""
    header = stored.header
    return (
        where.kind in (None, header.kind)
        and (where.tag is None or normal_name(where.tag) in header.tags)
        and (where.since is None or header.recorded_at >= utc(where.since))
        and (where.until is None or header.recorded_at < utc(where.until))
        and (where.saved_before is None or header.created_at < utc(where.saved_before))
        and (not where.with_media or bool(stored.media))
        and (not where.only_baseline or header.is_baseline)
    )
