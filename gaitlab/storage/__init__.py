"""The session store: people, their sessions, and the media kept with them."""

from gaitlab.storage.accounts import Account, Role, SharedPerson
from gaitlab.storage.checking import StoreCheck, check_store
from gaitlab.storage.engine import BEFORE_PREFIX, backup, is_one_file, older_copies, open_store, restore, upgrade
from gaitlab.storage.entities import (
    Direction,
    Goal,
    HistoryPoint,
    KindOverview,
    Person,
    PersonData,
    PersonOverview,
    RecordedFrom,
    SessionFilter,
    SessionHeader,
    Sex,
    StoredSession,
    header_of,
    history_point,
    new_name,
    storable_text,
)
from gaitlab.storage.inbox import Inbox, Order, forget_orders
from gaitlab.storage.moving import Joined, Moved
from gaitlab.storage.packed_tracks import pack_arrays, unpack_arrays
from gaitlab.storage.programme import Programme, ProgrammeItem, tempo_seconds
from gaitlab.storage.rows import LOCAL_OWNER
from gaitlab.storage.sql import SessionStore

__all__ = [
    "BEFORE_PREFIX",
    "LOCAL_OWNER",
    "Account",
    "Direction",
    "Goal",
    "HistoryPoint",
    "Inbox",
    "Joined",
    "KindOverview",
    "Moved",
    "Order",
    "Person",
    "PersonData",
    "PersonOverview",
    "Programme",
    "ProgrammeItem",
    "RecordedFrom",
    "Role",
    "SessionFilter",
    "SessionHeader",
    "SessionStore",
    "Sex",
    "SharedPerson",
    "StoreCheck",
    "StoredSession",
    "backup",
    "check_store",
    "forget_orders",
    "header_of",
    "history_point",
    "is_one_file",
    "new_name",
    "older_copies",
    "open_store",
    "pack_arrays",
    "restore",
    "storable_text",
    "tempo_seconds",
    "unpack_arrays",
    "upgrade",
]
