"""First looks at waiting clips: each begins when its clip arrives; one worker runs them one after another."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from gaitlab.ui.analyse.first_look import Preview, look_at_clip
from gaitlab.ui.analyse.picture_poses import SeenPoses, is_picture, look_at_picture
from gaitlab.ui.analyse.queues import previews
from gaitlab.ui.analyse.waiting_clips import WaitingClip
from gaitlab.ui.resources import engine_at_hand
from gaitlab.ui.server.jobs import JobSnapshot
from gaitlab.ui.shared.help_texts import LOOKING_HELP

__all__ = ["look_at", "look_of", "poses_of", "preview_of", "wait_for_looks"]

_POLL_S: Final = 0.5
_KEY: Final = "first-looks"


@dataclass(slots=True)
class _Begun:
    """A look at a clip: its job, and the last state of the job once it is over."""

    job: str
    look: JobSnapshot[Preview | SeenPoses | None] | None = None


def _known() -> dict[str, _Begun]:
    """Return the looks that this browser tab has begun, by id of the clip."""
    known: dict[str, _Begun] = st.session_state.setdefault(_KEY, {})
    return known


def look_at(clips: Sequence[WaitingClip]) -> None:
    """Begin one look at each new clip, and cancel the looks at clips that are gone."""
    known = _known()
    for clip_id in known.keys() - {clip.id for clip in clips}:
        previews().cancel(known.pop(clip_id).job)
    for clip in clips:
        if clip.id not in known:
            known[clip.id] = _begin(clip)
        _take_in(clip, known[clip.id])


def _begin(clip: WaitingClip) -> _Begun:
    look = look_at_picture if is_picture(clip.path) else look_at_clip
    work = functools.partial(look, clip.path, engine_at_hand=engine_at_hand)
    return _Begun(previews().submit(clip.name, lambda report: work(report=report)))


def _take_in(clip: WaitingClip, begun: _Begun) -> None:
    """Keep the last state of a look that is over; a job that the queue has forgotten counts as cancelled."""
    if begun.look is None:
        look = previews().snapshot(begun.job) or JobSnapshot(id=begun.job, title=clip.name, state="cancelled")
        if not look.active:
            begun.look = look
            previews().forget(begun.job)


def look_of(clip: WaitingClip) -> JobSnapshot[Preview | SeenPoses | None] | None:
    """Return the last state of the look at a clip; None while the look goes on."""
    begun = _known().get(clip.id)
    return begun.look if begun else None


def preview_of(clip: WaitingClip | None) -> Preview | None:
    """Return the preview of a clip; None while the look goes on, if it failed, and for a picture."""
    look = look_of(clip) if clip else None
    return look.result if look and isinstance(look.result, Preview) else None


def poses_of(clip: WaitingClip) -> SeenPoses | None:
    """Return the poses of a picture; None while the look goes on, if it failed, and for a clip."""
    look = look_of(clip)
    return look.result if look and isinstance(look.result, SeenPoses) else None


def wait_for_looks() -> None:
    """Show a line while looks go on; when one ends, the page runs again."""
    jobs = tuple(begun.job for begun in _known().values() if begun.look is None)
    if jobs:
        _wait(jobs)


@st.fragment(run_every=_POLL_S)
def _wait(jobs: tuple[str, ...]) -> None:
    views = [previews().snapshot(job) for job in jobs]
    if any(view is None or not view.active for view in views):
        st.rerun()
    under_way = next((view for view in views if view is not None and view.state == "running"), None)
    done = under_way.fraction if under_way is not None else None
    st.progress(done or 0.0, text=f":material/hourglass_top: {LOOKING_HELP}")
