"""Retention: the limits that the user set for sessions and clips are applied at every start and every save."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from gaitlab.errors import NotFoundError
from gaitlab.paths import data_dir
from gaitlab.storage import SessionFilter, SessionStore
from gaitlab.storage.audit import remove_old_audit
from gaitlab.storage.preferences import Preferences

__all__ = ["Swept", "enforce", "media_to_keep"]

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """The numbers of sessions removed by `enforce`, and of kept sessions whose clips were removed."""

    n_sessions: int = 0
    n_clips: int = 0


def media_to_keep(preferences: Preferences, media: Mapping[str, Path]) -> dict[str, Path]:
    """Return the media files to keep of a new session."""
    return dict(media) if preferences.keep == "video" else {}


def enforce(store: SessionStore, preferences: Preferences, *, now: datetime | None = None) -> Swept:
    """Delete expired sessions, months of the audit trail, and all clips if only coordinates are to be kept.

    Sessions count from the day they were saved, not filmed: an old clip analysed today is not deleted at once. Older
    analyses of a recording and baseline sessions are no exception, but sessions of people whom a colleague shares are:
    theirs are removed in their own name. Another process may do the same meanwhile.

    Parameters
    ----------
    store : SessionStore
    preferences : Preferences
    now : datetime, optional
        With a zone.
    """
    n_sessions = n_clips = 0
    remove_old_audit(data_dir(), keep_days=preferences.audit_days)
    if preferences.delete_after_days is not None:
        limit = (now or datetime.now(UTC)) - timedelta(days=preferences.delete_after_days)
        n_sessions = _remove(store, SessionFilter(saved_before=limit, with_replaced=True, only_own=True), store.delete)
    if preferences.keep == "coordinates":
        n_clips = _remove(store, SessionFilter(with_media=True, with_replaced=True, only_own=True), store.remove_media)
    return Swept(n_sessions=n_sessions, n_clips=n_clips)


def _remove(store: SessionStore, where: SessionFilter, remove: Callable[[int], None]) -> int:
    """Call `remove` for every session found, until none is left, and return their number."""
    n = 0
    while found := store.sessions(where=where, limit=_AT_ONCE):
        for header in found:
            with suppress(NotFoundError):
                remove(header.id)
        n += len(found)
    return n
