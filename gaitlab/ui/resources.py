"""The shared objects of one server process: the store, the warm pose engine and the queue of analyses."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final, get_args

import streamlit as st

from gaitlab.errors import GaitLabError, NotAllowedError
from gaitlab.paths import data_dir
from gaitlab.pipeline import PoseEngine, open_engine
from gaitlab.pose.engine import FINDER
from gaitlab.pose.weights.resolve import find_model
from gaitlab.records import Progress
from gaitlab.settings import DEFAULT_MODEL, PoseSettings
from gaitlab.storage import LOCAL_OWNER, Inbox, Role, SessionStore, open_store
from gaitlab.storage.preferences import Preferences, read_preferences
from gaitlab.storage.retention import enforce
from gaitlab.ui.server.request_guard import ServedAs
from gaitlab.ui.server.sign_in import EVERYBODY, Visitor, visitor
from gaitlab.workspace import WorkFolder

__all__ = [
    "close_folders",
    "enforce_limits",
    "engine",
    "engine_at_hand",
    "inbox",
    "may",
    "need",
    "preferences",
    "served_as",
    "store",
    "store_of",
    "upload_dir",
    "upload_limit_bytes",
]

_ROLES: Final = get_args(Role)  # each does what those before it do


@st.cache_resource(show_spinner=False)
def _arrivals_in(_folder: str) -> WorkFolder:
    return WorkFolder()


def upload_dir() -> Path:
    """Folder for clips on their way and clips that wait; the next start of any GaitLab removes it after a crash."""
    return _arrivals_in(str(data_dir())).path


@st.cache_resource(show_spinner=False)
def _inbox_in(_folder: str) -> Inbox:
    return Inbox()


def inbox() -> Inbox:
    """Return the accepted clips of this process, on the same disk as the database; /tmp may be memory."""
    return _inbox_in(str(data_dir()))


def close_folders() -> None:
    """Remove clips that were not accepted, and leave the others to the next start."""
    _arrivals_in(str(data_dir())).remove()
    inbox().close()


@st.cache_resource(show_spinner=False)
def _store_at(folder: str, url: str | None) -> SessionStore:
    opened = open_store()
    try:
        enforce_limits(opened, read_preferences(Path(folder)))
    except GaitLabError:
        opened.close()
        raise
    return opened


def store() -> SessionStore:
    """Return the store as who asks may see it; a failure is not remembered, so that the next page load tries again.

    Raises
    ------
    SignInError
        If people sign in here and who asks did not, or not any more.
    """
    return store_of(visitor())


def store_of(who: Visitor) -> SessionStore:
    """Return the store of this process as somebody may see it, also where nobody asks: in the worker of a queue."""
    shared = _store_at(str(data_dir()), os.environ.get("GAITLAB_DATABASE_URL"))
    return shared if who == EVERYBODY else shared.for_owner(who.owner, role=who.role, by=who.subject)


def enforce_limits(opened: SessionStore, wanted: Preferences) -> None:
    """Apply the limits of the preferences to the sessions of every owner; only an administrator's store can."""
    for owner in {LOCAL_OWNER, *opened.owners()}:
        enforce(opened.for_owner(owner), wanted)


def may(role: Role) -> bool:
    """Return whether who asks has this role or a higher one."""
    return _ROLES.index(visitor().role) >= _ROLES.index(role)


def need(role: Role) -> None:
    """Raise NotAllowedError unless who asks has this role or a higher one; for what no method of the store guards."""
    if not may(role):
        raise NotAllowedError(f"your role is {visitor().role}: this needs the role {role}; ask an administrator")


@st.cache_resource(show_spinner=False)
def engine(_on_progress: Callable[[Progress], None]) -> PoseEngine:
    """Return the pose engine, kept warm; the workers of `jobs` and `previews` share it.

    The first call may fetch the model and reports its progress; an exception raised by the report stops it.
    """
    return open_engine(PoseSettings(), on_progress=_on_progress)


def engine_at_hand() -> PoseEngine | None:
    """Return the pose engine if it can tell people apart and its model is on this machine, else None."""
    if any(find_model(name) is None for name in (DEFAULT_MODEL, FINDER)):
        return None
    loaded = engine(lambda _: None)
    return loaded if loaded.pool.finds_several else None


def preferences() -> Preferences:
    """Return the current preferences of the user."""
    return read_preferences(data_dir())


def served_as() -> ServedAs:
    """Return the names under which this server accepts requests."""
    return ServedAs(address=st.get_option("server.address"), allowed=tuple(st.get_option("server.allowedHosts") or ()))


def upload_limit_bytes() -> int:
    """Return the largest size of an uploaded clip."""
    return int(st.get_option("server.maxUploadSize")) << 20
