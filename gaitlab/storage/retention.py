"""How long sessions and clips are kept: what the user set is carried out at every start and every save."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from gaitlab.errors import NotFoundError
from gaitlab.storage import SessionFilter, SessionStore
from gaitlab.storage.preferences import Preferences

__all__ = ["Swept", "enforce", "media_to_keep"]

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What `enforce` removed: whole sessions, and the clips of sessions that stay."""

    n_sessions: int = 0
    n_clips: int = 0


def media_to_keep(preferences: Preferences, media: Mapping[str, Path]) -> dict[str, Path]:
    """Return which files of a new session are kept."""
    return dict(media) if preferences.keep == "video" else {}


def enforce(store: SessionStore, preferences: Preferences, *, now: datetime | None = None) -> Swept:
    """Delete what is older than wanted, and clips where only coordinates are wanted.

    Sessions count from the day they were saved, not filmed: an old clip analysed today is not deleted at once. Older
    analyses of a recording and baseline sessions are no exception. Another process may do the same meanwhile.

    Parameters
    ----------
    store : SessionStore
    preferences : Preferences
    now : datetime, optional
        With a zone.
    """
    n_sessions = n_clips = 0
    if preferences.delete_after_days is not None:
        limit = (now or datetime.now(UTC)) - timedelta(days=preferences.delete_after_days)
        n_sessions = _remove(store, SessionFilter(saved_before=limit, with_replaced=True), store.delete)
    if preferences.keep == "coordinates":
        n_clips = _remove(store, SessionFilter(with_media=True, with_replaced=True), store.remove_media)
    return Swept(n_sessions=n_sessions, n_clips=n_clips)


def _remove(store: SessionStore, where: SessionFilter, remove: Callable[[int], None]) -> int:
    """Call `remove` with the ids of sessions until none is left, and return of how many."""
    n = 0
    while found := store.sessions(where=where, limit=_AT_ONCE):
        for header in found:
            with suppress(NotFoundError):
                remove(header.id)
        n += len(found)
    return n
