"""What one server process holds once: the store, the warm pose engine and the queue of analyses."""

from __future__ import annotations

import asyncio
import functools
import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st

from gaitlab.errors import GaitLabError, UsageError
from gaitlab.live import Follower, LiveSession
from gaitlab.paths import data_dir
from gaitlab.pipeline import PoseEngine, open_engine
from gaitlab.pose.engine import FINDER
from gaitlab.pose.models import find_model
from gaitlab.preferences import Preferences, read_preferences
from gaitlab.retention import enforce
from gaitlab.settings import DEFAULT_MODEL, PoseSettings
from gaitlab.storage import SessionStore, open_store
from gaitlab.types import Progress
from gaitlab.ui.analysing import Order, analyse_and_save, remove_stale_uploads
from gaitlab.ui.holding import HeldClips
from gaitlab.ui.jobs import JobQueue
from gaitlab.ui.live_socket import LiveDesk
from gaitlab.ui.origin import ServedAs
from gaitlab.ui.previewing import Preview

__all__ = [
    "engine",
    "engine_at_hand",
    "held_clips",
    "hold_clip",
    "jobs",
    "lifespan",
    "live_desk",
    "live_models",
    "preferences",
    "previews",
    "served_as",
    "store",
    "submit_clip",
    "upload_dir",
    "upload_limit_bytes",
]

_CORES_AN_ANALYSIS = 4
# The exact one first; the other is quicker and a little less exact.
_LIVE_MODELS = (DEFAULT_MODEL, "movenet-thunder-int8")


def upload_dir() -> Path:
    """Folder for clips under analysis, on the same disk as the database; /tmp may be memory."""
    return data_dir() / "uploads"


@st.cache_resource(show_spinner=False)
def _store_at(folder: str, url: str | None) -> SessionStore:
    opened = open_store()
    try:
        enforce(opened, read_preferences(Path(folder)))
    except GaitLabError:
        opened.close()
        raise
    return opened


def store() -> SessionStore:
    """Return the store of this process; a failure is not remembered, so that the next page load tries again."""
    return _store_at(str(data_dir()), os.environ.get("GAITLAB_DATABASE_URL"))


@st.cache_resource(show_spinner=False)
def engine(_on_progress: Callable[[Progress], None]) -> PoseEngine:
    """Return the pose engine, kept warm; the workers of `jobs` and `previews` share it.

    The first call may have to fetch the model and reports how far it is; an exception that the report raises stops it.
    """
    return open_engine(PoseSettings(), on_progress=_on_progress)


def engine_at_hand() -> PoseEngine | None:
    """Return the pose engine if it can tell people apart and needs nothing that must be fetched first, else None."""
    if any(find_model(name) is None for name in (DEFAULT_MODEL, FINDER)):
        return None
    loaded = engine(lambda _: None)
    return loaded if loaded.crew.finds_several else None


@st.cache_resource(show_spinner=False)
def _jobs_in(folder: str) -> JobQueue[int]:
    remove_stale_uploads(Path(folder))
    return JobQueue(at_once=_analyses_at_once())


def _analyses_at_once() -> int:
    """Return how many analyses this machine has room for: one of them keeps about four cores busy (ours)."""
    return max(1, (os.cpu_count() or 1) // _CORES_AN_ANALYSIS)


def jobs() -> JobQueue[int]:
    """Return the queue of analyses of this process; each returns the number of the saved session."""
    return _jobs_in(str(upload_dir()))


def submit_clip(clip: Path, order: Order) -> str:
    """Queue the analysis of a clip in a folder of its own, which is removed when it is over; return the job's id."""
    work = functools.partial(analyse_and_save, clip, order, store=store(), open_engine=engine, preferences=preferences)
    return jobs().submit(
        clip.name,
        lambda report: work(report=report),
        release=functools.partial(shutil.rmtree, clip.parent, ignore_errors=True),
    )


@st.cache_resource(show_spinner=False)
def held_clips() -> HeldClips:
    """Return the clips of this process that have arrived and are not yet analysed."""
    return HeldClips()


def hold_clip(path: Path) -> str:
    """Keep a clip that has arrived until its analysis is asked for, and return its id."""
    return held_clips().hold(path)


def preferences() -> Preferences:
    """Return what the user prefers now."""
    return read_preferences(data_dir())


def served_as() -> ServedAs:
    """Return the names under which this server may be asked."""
    return ServedAs(address=st.get_option("server.address"), allowed=tuple(st.get_option("server.allowedHosts") or ()))


def upload_limit_bytes() -> int:
    """Return how large an uploaded clip may be."""
    return int(st.get_option("server.maxUploadSize")) << 20


@st.cache_resource(show_spinner=False)
def previews() -> JobQueue[Preview | None]:
    """Return the queue of first looks at clips; one of its own, so that none has to wait for an analysis to end."""
    return JobQueue()


def live_models() -> tuple[str, ...]:
    """Return the models for the Live page: the default one, and those of the others that are on this machine."""
    return (DEFAULT_MODEL, *(name for name in _LIVE_MODELS[1:] if find_model(name) is not None))


@st.cache_resource(show_spinner=False)
def _live_engine(model: str) -> PoseEngine:
    """Return an engine of its own for live use, with one thread: an analysis meanwhile does not hold it up."""
    return open_engine(PoseSettings(model=model, workers=1))


def _open_live(activity: str, model: str) -> LiveSession:
    if model not in _LIVE_MODELS:
        raise UsageError(f"model {model[:40]!r} is not offered for live use; choose one of {', '.join(_LIVE_MODELS)}")
    return LiveSession(Follower(_live_engine(model).crew).follow, activity)


@st.cache_resource(show_spinner=False)
def live_desk() -> LiveDesk:
    """Return what the live sessions of this process share."""
    return LiveDesk(_open_live)


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """Cancel what still runs when the server stops, so that no upload is left on the disk.

    Here and not with `atexit`, which a server stopped by a signal does not reach.
    """
    yield
    live_desk().close()
    await asyncio.to_thread(previews().close)
    await asyncio.to_thread(jobs().close)
    await asyncio.to_thread(held_clips().close)
