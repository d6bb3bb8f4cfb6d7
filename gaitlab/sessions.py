"""Analyse a clip, draw it, and keep the session: the use case around the pipeline."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gaitlab.errors import StoreBusyError, StoreError, UsageError
from gaitlab.pipeline import PoseEngine, analyse_video
from gaitlab.records import Analysis, Progress
from gaitlab.records.tracks import Report
from gaitlab.repetitions.activities import activities
from gaitlab.settings import AnalysisSettings, PoseSettings, ScaleLine
from gaitlab.storage import SessionStore
from gaitlab.storage.preferences import Preferences
from gaitlab.storage.retention import enforce
from gaitlab.video import frames
from gaitlab.video.overlay import event_marks, write_overlay

__all__ = ["AnalysisRequest", "SubjectAt", "analyse_and_save", "request_of"]

#: A moment of the clip and a point of its upright picture that say who is meant: seconds, x and y in pixels.
SubjectAt = tuple[float, float, float]


_NAME_MAX = 80


# Measured: pose estimation takes about three quarters of the time, decoding and encoding again the rest.
_POSE_SHARE = 0.75


# Bringing in a large archive holds the database for minutes; an analysis is worth waiting for (ours). Each attempt
# waits for the database by itself, so the pause between two is short.
_BUSY_FOR_S, _BUSY_PAUSE_S = 600.0, 2.0


_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisRequest:
    """What the user asked for: whose clip, what it shows, who is measured (None: GaitLab chooses), and the scale."""

    person: str
    activity: str
    subject_at: SubjectAt | None = None
    scale_line: ScaleLine | None = None


def request_of(
    person: str | None, activity: str, subject_at: SubjectAt | None = None, scale_line: ScaleLine | None = None
) -> AnalysisRequest:
    """Return what a page asked for; UsageError when there is no such activity or the name cannot be one."""
    name = " ".join((person or "").split())
    if not name or len(name) > _NAME_MAX:
        raise UsageError(f"who: expected a name of 1 to {_NAME_MAX} characters, got {len(name)}; type one")
    if activity not in activities():
        raise UsageError(f"activity {activity[:40]!r} is not available; choose one of {', '.join(activities())}")
    return AnalysisRequest(person=name, activity=activity, subject_at=subject_at, scale_line=scale_line)


def _share(progress: Progress, low: float, high: float) -> float | None:
    if not progress.total:
        return None
    return low + (high - low) * min(1.0, progress.done / progress.total)


def analyse_and_save(
    clip: Path,
    request: AnalysisRequest,
    *,
    store: SessionStore,
    open_engine: Callable[[Callable[[Progress], None]], PoseEngine],
    report: Report,
    preferences: Callable[[], Preferences] = Preferences,
) -> int:
    """Analyse a clip, draw the skeleton on it, save both, and return the number of the session.

    Where only coordinates are kept (`preferences`), nothing is drawn; what is older than wanted goes after the save.

    The person's body height, where the store knows it, gives a scale, or is compared with the one ordered.

    While another program keeps the store busy, the save waits some minutes and reports "waiting".

    Nothing is saved when any step fails or `report` raises.
    """
    report("model", None)
    engine = open_engine(lambda _: report("model", None))
    analysis = analyse_video(
        clip,
        AnalysisSettings(
            activity=request.activity,
            height_m=next((one.height_m for one in store.people() if one.name == request.person), None),
            scale_line=request.scale_line,
            pose=PoseSettings(subject_at=request.subject_at),
        ),
        engine=engine,
        on_progress=lambda p: report("pose", _share(p, 0.0, _POSE_SHARE)),
    )
    wanted = preferences()
    media = _drawn(clip, analysis, report) if wanted.keep == "video" else {}
    report("saving", 1.0)
    number = _saved(lambda: _save(store, analysis, request, media), report)
    try:
        enforce(store, wanted)
    except StoreError as error:  # the session is saved; the next save or start removes what is too old
        _logger.warning("what is older than wanted could not be removed: %s", error)
    return number


def _save(store: SessionStore, analysis: Analysis, request: AnalysisRequest, media: Mapping[str, Path]) -> int:
    # The same file again: the new results take the place of the old ones, which stay readable.
    known = store.find_by_hash(analysis.source.sha256, person=request.person) if analysis.source.sha256 else ()
    return store.save(analysis, person=request.person, media=media, replaces=known[0].id if known else None)


def _saved(save: Callable[[], int], report: Report) -> int:
    """Save, again and again while another program keeps the store busy; `report` may break it off."""
    until_s = time.monotonic() + _BUSY_FOR_S
    while True:
        try:
            return save()
        except StoreBusyError:
            if time.monotonic() >= until_s:
                raise
            pause_until_s = time.monotonic() + _BUSY_PAUSE_S
            report("waiting", 1.0)
            while time.monotonic() < pause_until_s:
                time.sleep(min(0.2, _BUSY_PAUSE_S))
                report("waiting", 1.0)


def _drawn(clip: Path, analysis: Analysis, report: Report) -> dict[str, Path]:
    """Draw the skeleton on the clip and return the new file as the store takes it."""
    overlay = clip.with_name("overlay.mp4" if clip.name != "overlay.mp4" else "overlay-drawn.mp4")
    write_overlay(
        frames(clip),
        analysis.track,
        overlay,
        marks=event_marks(analysis),
        on_progress=lambda p: report("overlay", _share(p, _POSE_SHARE, 1.0)),
    )
    return {"overlay": overlay}
