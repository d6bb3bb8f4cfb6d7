"""Clips of this process that wait for their analysis, and the queues that look at them and analyse them."""

from __future__ import annotations

import functools
import os
import shutil
from pathlib import Path

import streamlit as st

from gaitlab.sessions import AnalysisRequest, analyse_and_save
from gaitlab.ui.analyse.first_look import Preview
from gaitlab.ui.analyse.uploads import remove_stale_uploads
from gaitlab.ui.analyse.waiting_clips import WaitingClips
from gaitlab.ui.resources import engine, preferences, store, upload_dir
from gaitlab.ui.server.jobs import JobQueue

__all__ = ["hold_clip", "jobs", "previews", "submit_clip", "waiting_clips"]

_CORES_AN_ANALYSIS = 4


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


def submit_clip(clip: Path, request: AnalysisRequest) -> str:
    """Queue the analysis of a clip in a folder of its own, which is removed when it is over; return the job's id."""
    work = functools.partial(
        analyse_and_save, clip, request, store=store(), open_engine=engine, preferences=preferences
    )
    return jobs().submit(
        clip.name,
        lambda report: work(report=report),
        release=functools.partial(shutil.rmtree, clip.parent, ignore_errors=True),
    )


@st.cache_resource(show_spinner=False)
def waiting_clips() -> WaitingClips:
    """Return the clips of this process that have arrived and are not yet analysed."""
    return WaitingClips()


def hold_clip(path: Path) -> str:
    """Keep a clip that has arrived until its analysis is asked for, and return its id."""
    return waiting_clips().hold(path)


@st.cache_resource(show_spinner=False)
def previews() -> JobQueue[Preview | None]:
    """Return the queue of first looks at clips; one of its own, so that none has to wait for an analysis to end."""
    return JobQueue()
