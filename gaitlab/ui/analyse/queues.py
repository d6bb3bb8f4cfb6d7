"""Clips of this process that wait for their analysis, and the queues that look at them and analyse them."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import streamlit as st

from gaitlab import sessions
from gaitlab.errors import AnalysisCancelled, GaitLabError, InputError
from gaitlab.limits import STARTS_MAX
from gaitlab.paths import data_dir
from gaitlab.records import Progress
from gaitlab.records.tracks import Report
from gaitlab.sessions import AnalysisRequest
from gaitlab.settings import AnalysisSettings
from gaitlab.storage import Order
from gaitlab.ui.analyse.first_look import Preview
from gaitlab.ui.analyse.picture_poses import SeenPoses
from gaitlab.ui.analyse.uploads import remove_stale_uploads
from gaitlab.ui.analyse.waiting_clips import WaitingClip, WaitingClips
from gaitlab.ui.resources import engine, inbox, need, preferences, store_of
from gaitlab.ui.server.jobs import UNEXPECTED, JobQueue, JobSnapshot
from gaitlab.ui.server.sign_in import EVERYBODY, Visitor, visitor
from gaitlab.video import sha256_of

__all__ = [
    "dismiss",
    "hold_clip",
    "in_shares",
    "jobs",
    "opened",
    "own_clip",
    "own_jobs",
    "previews",
    "resume_accepted",
    "submit_clip",
    "waiting_clips",
]

_CORES_AN_ANALYSIS = 4
_OF_OLDER_VERSIONS: Final = "uploads"
_GIVEN_UP: Final = (
    "{file}: it was not analysed, since GaitLab ended {n} times during its analysis; export the clip again as MP4 "
    "(H.264), shorter or at 1920 x 1080, and choose it once more"
)
# Measured: pose estimation takes about three quarters of the time, decoding and encoding again the rest.
_SHARES: Final = {"pose": (0.0, 0.75), "overlay": (0.75, 1.0), "saving": (1.0, 1.0), "waiting": (1.0, 1.0)}


@st.cache_resource(show_spinner=False)
def _jobs_in(folder: str) -> JobQueue[int]:
    remove_stale_uploads(Path(folder))
    return JobQueue(at_once=_analyses_at_once())


def _analyses_at_once() -> int:
    """Return the number of analyses that this machine can run at once: one keeps about four cores busy (ours)."""
    return max(1, (os.cpu_count() or 1) // _CORES_AN_ANALYSIS)


def jobs() -> JobQueue[int]:
    """Return the queue of analyses of this process; each returns the number of the saved session."""
    return _jobs_in(str(data_dir() / _OF_OLDER_VERSIONS))


def submit_clip(clip: Path, request: AnalysisRequest) -> str:
    """Accept a clip in a folder of its own and queue its analysis, which a crash does not lose; return the job's id.

    NotAllowedError for a reader.
    """
    need("therapist")
    order = inbox().accept(
        clip,
        person=request.person,
        settings=request.settings.to_json(),
        fps=request.fps,
        image_wh=request.image_wh,
        owner=visitor().owner,
    )
    return _queue(order)


def own_jobs() -> tuple[JobSnapshot[int], ...]:
    """Return the analyses of who asks, in the order in which they were added."""
    owner = visitor().owner
    return tuple(job for job in jobs().snapshots() if job.owner == owner)


def resume_accepted() -> None:
    """Queue the clips that were accepted before the last stop or crash, and tell of those that were not analysed."""
    for order in inbox().take_over():
        if order.message is None and order.starts >= STARTS_MAX:
            order = inbox().fail(order, _GIVEN_UP.format(file=order.file, n=order.starts))  # noqa: PLW2901
        _queue(order)


def dismiss(job_id: str) -> None:
    """Forget a job that is over, and its message."""
    order = _orders().pop(job_id, None)
    if order is not None:
        inbox().remove(order)
    jobs().forget(job_id)


@st.cache_resource(show_spinner=False)
def opened() -> set[str]:
    """Return the ids of jobs whose report opened by itself: no page tells of them any more."""
    return set()


@st.cache_resource(show_spinner=False)
def _orders() -> dict[str, Order]:
    """Return the orders of failed jobs, by the id of the job."""
    return {}


def _queue(order: Order) -> str:
    def work(report: Report) -> int:
        if order.message is not None:
            _orders()[order.id] = order
            raise InputError(order.message)
        try:
            return _session_of(order, report)
        except AnalysisCancelled:
            raise
        except Exception as error:
            _orders()[order.id] = inbox().fail(order, error.on_page if isinstance(error, GaitLabError) else UNEXPECTED)
            raise

    def release() -> None:
        if order.id not in _orders():
            inbox().remove(order)

    return jobs().submit(order.file, work, job_id=order.id, release=release, owner=order.owner)


def _session_of(order: Order, report: Report) -> int:
    """Analyse an accepted clip, and return the number of the session."""
    who = _who(order.owner)
    if order.started_at is not None:
        known = store_of(who).find_by_hash(sha256_of(order.clip), person=order.person)
        saved = [one.id for one in known if one.created_at >= order.started_at]
        if saved:  # the crash came between the save and the end of the job
            return saved[0]
    inbox().begin(order)
    settings = AnalysisSettings.from_json(order.settings)
    request = AnalysisRequest(person=order.person, settings=settings, fps=order.fps, image_wh=order.image_wh)
    return _analysed(order.clip, request, report, who)


def _who(owner: str) -> Visitor:
    """Return who gave an order: a reader could not."""
    return EVERYBODY if owner == EVERYBODY.owner else replace(EVERYBODY, owner=owner, role="therapist")


def _analysed(clip: Path, request: AnalysisRequest, report: Report, who: Visitor) -> int:
    """Analyse a clip and save it with the skeleton drawn on it, and return the number of the session."""
    overlay = clip.with_name("overlay.mp4" if clip.name != "overlay.mp4" else "overlay-drawn.mp4")
    analysed = sessions.run(
        clip,
        replace(request, overlay=overlay, overlay_only_to_keep=True),
        store=store_of(who),
        open_engine=engine,
        preferences=preferences,
        on_progress=in_shares(report),
    )
    assert analysed.session_id is not None  # the store exists
    return analysed.session_id


def in_shares(report: Report) -> Callable[[Progress], None]:
    """Return a progress callback for an analysis that reports the share done of the whole job."""

    def on_progress(progress: Progress) -> None:
        share = min(1.0, progress.done / progress.total) if progress.total else None
        low, high = _SHARES.get(progress.stage, (0.0, 0.0))
        report(progress.stage, None if share is None else low + (high - low) * share)

    return on_progress


@st.cache_resource(show_spinner=False)
def waiting_clips() -> WaitingClips:
    """Return the clips of this process that have arrived and are not yet analysed."""
    return WaitingClips()


def hold_clip(path: Path) -> str:
    """Keep an uploaded clip until its analysis is requested, and return its id; NotAllowedError for a reader."""
    need("therapist")
    return waiting_clips().hold(path, owner=visitor().owner)


def own_clip(clip_id: str) -> WaitingClip | None:
    """Return a clip of who asks; None when it is unknown, gone or somebody else's."""
    clip = waiting_clips().get(clip_id)
    return clip if clip is not None and clip.owner == visitor().owner else None


@st.cache_resource(show_spinner=False)
def previews() -> JobQueue[Preview | SeenPoses | None]:
    """Return the queue of first looks at clips; it is separate, so that no look waits for an analysis to end."""
    return JobQueue()
