"""Clips of this process that wait for their analysis, and the queues that look at them and analyse them."""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import streamlit as st

from gaitlab import sessions
from gaitlab.records import Progress
from gaitlab.records.tracks import Report
from gaitlab.sessions import AnalysisRequest
from gaitlab.ui.analyse.first_look import Preview
from gaitlab.ui.analyse.uploads import remove_stale_uploads
from gaitlab.ui.analyse.waiting_clips import WaitingClips
from gaitlab.ui.resources import engine, preferences, store, upload_dir
from gaitlab.ui.server.jobs import JobQueue

__all__ = ["hold_clip", "in_shares", "jobs", "previews", "submit_clip", "waiting_clips"]

_CORES_AN_ANALYSIS = 4
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
    return _jobs_in(str(upload_dir()))


def submit_clip(clip: Path, request: AnalysisRequest) -> str:
    """Queue the analysis of a clip in a folder of its own, which is removed when it is over; return the job's id."""
    return jobs().submit(
        clip.name,
        functools.partial(_session_of, clip, request),
        release=functools.partial(shutil.rmtree, clip.parent, ignore_errors=True),
    )


def _session_of(clip: Path, request: AnalysisRequest, report: Report) -> int:
    """Analyse a clip and save it with the skeleton drawn on it, and return the number of the session."""
    overlay = clip.with_name("overlay.mp4" if clip.name != "overlay.mp4" else "overlay-drawn.mp4")
    analysed = sessions.run(
        clip,
        replace(request, overlay=overlay, overlay_only_to_keep=True),
        store=store(),
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
    """Keep an uploaded clip until its analysis is requested, and return its id."""
    return waiting_clips().hold(path)


@st.cache_resource(show_spinner=False)
def previews() -> JobQueue[Preview | None]:
    """Return the queue of first looks at clips; it is separate, so that no look waits for an analysis to end."""
    return JobQueue()
