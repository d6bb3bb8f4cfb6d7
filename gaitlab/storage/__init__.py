"""The session store: people, their sessions, and the media kept with them."""

from gaitlab.storage.engine import backup, open_store, restore, upgrade
from gaitlab.storage.memory import MemoryStore
from gaitlab.storage.records import HistoryPoint, Person, SessionHeader, StoredSession
from gaitlab.storage.store import SessionStore, SqlStore

__all__ = [
    "HistoryPoint",
    "MemoryStore",
    "Person",
    "SessionHeader",
    "SessionStore",
    "SqlStore",
    "StoredSession",
    "backup",
    "open_store",
    "restore",
    "upgrade",
]
