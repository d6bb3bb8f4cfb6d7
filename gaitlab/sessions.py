"""The use case of app and command line: analyse a file, save or replace its session, put it right, retain, export."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any, Final

from gaitlab.errors import NotFoundError, StoreBusyError, StoreError, UsageError
from gaitlab.formats.any_keypoints import holds_keypoints, read_keypoints
from gaitlab.formats.markers import MarkerView
from gaitlab.history.sessions import trend_until
from gaitlab.limits import NAME_MAX_CHARS
from gaitlab.metrics.table import HEADLINES
from gaitlab.metrics.words import date_words
from gaitlab.paths import data_dir
from gaitlab.pipeline import PoseEngine, analyse_recording, analyse_video, follow_everybody, reanalyse
from gaitlab.pose.people import is_same_person
from gaitlab.records import Analysis, Progress, SourceInfo
from gaitlab.repetitions.activities import checked_activity
from gaitlab.reports import EXPORTS, SETTINGS, About, Shared, Wishes, check_export, export_name, write_export
from gaitlab.settings import PUT_RIGHT, AnalysisSettings, PoseSettings, ScaleLine, WalkingTestSettings
from gaitlab.storage import SessionHeader, SessionStore, StoredSession, new_name
from gaitlab.storage.preferences import Preferences, read_preferences
from gaitlab.storage.retention import enforce, media_to_keep
from gaitlab.video import frames, sha256_of
from gaitlab.video.overlay import event_marks, write_blurred_copy, write_overlay
from gaitlab.workspace import work_folder

__all__ = [
    "VIDEO",
    "AnalysedClip",
    "AnalysisRequest",
    "SubjectAt",
    "about_session",
    "file_name_of",
    "hand_out",
    "keep",
    "recompute",
    "request_of",
    "run",
    "settings_beside",
    "suffix_of",
    "with_height",
]

#: Moment of the clip (seconds) and point of its upright frame (x, y in pixels) that select a person.
SubjectAt = tuple[float, float, float]
#: Name of the export of the clip with the skeleton, beside the formats of `EXPORTS`.
VIDEO: Final = "video"
OnProgress = Callable[[Progress], None]


# Importing a large archive locks the database for minutes, and losing an analysis would cost more (ours). Each attempt
# to save waits for the database by itself, so the pause between two attempts is short.
_BUSY_FOR_S, _BUSY_PAUSE_S = 600.0, 2.0


_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisRequest:
    """Request for the analysis of a clip or of keypoints; the file itself is not part of it.

    Attributes
    ----------
    person : str
        Person that the session will belong to.
    settings : AnalysisSettings
        If they have no body height, the stored height of the person is used.
    recorded_at : datetime or None
        Time of filming, with a zone; None = from the file.
    file_time : datetime or None
        Time of the last change of the file; None where that has no meaning, as with an upload.
    as_new : bool
        Keep an older session of the same file in the lists.
    overlay : Path or None
        Path of the clip with the skeleton; not written for keypoints, which have no frames.
    overlay_only_to_keep : bool
        Write it only where clips are kept with the sessions.
    hide_faces : bool
        Hide the person's head in it.
    fps : float or None
        Frames per second of keypoints without times, and of pictures.
    image_wh : tuple of int or None
        Frame size of keypoints that do not give it.
    marker_view : {"side", "front"}
        From where markers in space are seen.
    tags : tuple of str
        Of the new session; none = those of an older session that it replaces.
    """

    person: str
    settings: AnalysisSettings = field(default_factory=AnalysisSettings)
    recorded_at: datetime | None = None
    file_time: datetime | None = None
    as_new: bool = False
    overlay: Path | None = None
    overlay_only_to_keep: bool = False
    hide_faces: bool = False
    fps: float | None = None
    image_wh: tuple[int, int] | None = None
    marker_view: MarkerView = "side"
    tags: tuple[str, ...] = ()

    def filmed_at(self, analysis: Analysis) -> datetime | None:
        """Return the time of filming in UTC: as told, else from the file's metadata, else the file's own; or None."""
        when = self.recorded_at or analysis.source.recorded_at or self.file_time
        return when and when.astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AnalysedClip:
    """The result of `run`.

    Attributes
    ----------
    analysis : Analysis
    session_id : int or None
        None when the analysis was not saved.
    replaced_id : int or None
        The older session of the same file that it replaced in the lists.
    """

    analysis: Analysis
    session_id: int | None = None
    replaced_id: int | None = None


def request_of(
    person: str | None,
    activity: str,
    subject_at: SubjectAt | None = None,
    scale_line: ScaleLine | None = None,
    walking_tests: WalkingTestSettings = WalkingTestSettings(),  # noqa: B008  frozen
    *,
    live_told: float | None = None,
) -> AnalysisRequest:
    """Return the request of a page; UsageError when there is no such activity or the name cannot be one."""
    name = " ".join((person or "").split())
    if not name or len(name) > NAME_MAX_CHARS:
        raise UsageError(f"who: expected a name of 1 to {NAME_MAX_CHARS} characters, got {len(name)}; type one")
    settings = AnalysisSettings(
        activity=checked_activity(activity),
        scale_line=scale_line,
        pose=PoseSettings(subject_at=subject_at),
        walking_tests=walking_tests,
        live_told=live_told,
    )
    return AnalysisRequest(person=new_name(name), settings=settings)


def run(
    path: Path,
    request: AnalysisRequest,
    *,
    store: SessionStore | None,
    open_engine: Callable[[OnProgress], PoseEngine],
    preferences: Callable[[], Preferences] = Preferences,
    completed: Callable[[Analysis], Analysis] = lambda analysis: analysis,
    on_progress: OnProgress = lambda _: None,
) -> AnalysedClip:
    """Analyse a clip or keypoints, draw the skeleton where wanted, and save the session.

    A new session of a file replaces the person's older one of it if that measured the same person in the picture. The
    preferences of the user decide which clips are
    kept; expired sessions are removed after the save. While another program keeps the store busy, the save waits some
    minutes. Nothing is saved when any step fails or `on_progress` raises.

    Parameters
    ----------
    path : Path
        A video, or keypoints in a format of `formats`.
    request : AnalysisRequest
    store : SessionStore or None
        None = nothing is saved, and nothing is known of the person.
    open_engine : callable
        Returns the engine that finds poses; called for videos only, before the file is opened.
    preferences : callable
        Called before the analysis, for whether feet are looked at and so that damaged ones do not cost its time, and
        once more after it.
    completed : callable
        Returns what is drawn and saved for an analysis, such as one that says more.
    on_progress : callable
        Called with the stages "model", "pose", "overlay", "saving" and "waiting".
    """
    if store is not None:
        if not preferences().feet:
            pose = replace(request.settings.pose, feet=False)
            request = replace(request, settings=replace(request.settings, pose=pose))
        request = with_height(request, store)
    analysis = completed(_analysed(path, request, open_engine, on_progress))
    if store is not None:
        return keep(path, analysis, request, store=store, wanted=preferences(), on_progress=on_progress)
    if not request.overlay_only_to_keep:
        _drawn(path, analysis, request, on_progress)
    return AnalysedClip(analysis=analysis)


def keep(
    path: Path,
    analysis: Analysis,
    request: AnalysisRequest,
    *,
    store: SessionStore,
    wanted: Preferences,
    on_progress: OnProgress = lambda _: None,
) -> AnalysedClip:
    """Draw the skeleton where wanted, save an analysis, and remove expired sessions: the second half of `run`."""
    is_drawn = wanted.keep == "video" or not request.overlay_only_to_keep
    media = media_to_keep(wanted, _drawn(path, analysis, request, on_progress) if is_drawn else {})
    on_progress(Progress(stage="saving", done=1, total=1))
    saved = _saved(lambda: _save(store, analysis, request, media), on_progress)
    try:
        enforce(store, wanted)
    except StoreError as error:  # the session is saved; the next save or start removes expired sessions
        _logger.warning("what is older than wanted could not be removed: %s", error)
    return saved


def with_height(request: AnalysisRequest, store: SessionStore) -> AnalysisRequest:
    """Fill in the person's stored body height where the request has none."""
    if request.settings.height_m is not None:
        return request
    try:
        height_m = store.person(request.person).height_m
    except NotFoundError:  # a person not in the store yet
        return request
    return replace(request, settings=replace(request.settings, height_m=height_m))


def _analysed(
    path: Path, request: AnalysisRequest, open_engine: Callable[[OnProgress], PoseEngine], on_progress: OnProgress
) -> Analysis:
    if holds_keypoints(path):
        return _analysed_keypoints(path, request)

    def tell_model(_: Progress | None = None) -> None:
        on_progress(Progress(stage="model", done=0, total=None))

    tell_model()
    return analyse_video(
        path, request.settings, engine=open_engine(tell_model), fps=request.fps, on_progress=on_progress
    )


def _analysed_keypoints(path: Path, request: AnalysisRequest) -> Analysis:
    recording = read_keypoints(path, fps=request.fps, image_wh=request.image_wh, view=request.marker_view)
    image_wh, n = recording.image_wh, len(recording)
    fps = (n - 1) / float(recording.time_s[-1] - recording.time_s[0]) if n > 1 else None
    source = SourceInfo(
        file=path.name,
        sha256=sha256_of(path),
        width_px=image_wh[0] if image_wh else None,
        height_px=image_wh[1] if image_wh else None,
        frames=n,
        duration_s=n / fps if fps else None,
        fps_mean=fps,
    )
    return analyse_recording(recording, request.settings, source=source)


def _drawn(path: Path, analysis: Analysis, request: AnalysisRequest, on_progress: OnProgress) -> dict[str, Path]:
    """Draw the skeleton on the clip if requested, and return the new file for the store, by kind."""
    if request.overlay is None or holds_keypoints(path):
        return {}
    write_overlay(
        frames(path, fps=request.fps),
        analysis.track,
        request.overlay,
        marks=event_marks(analysis),
        hidden_in=analysis.track_raw if request.hide_faces else None,
        on_progress=on_progress,
    )
    return {"overlay": request.overlay}


def _save(store: SessionStore, analysis: Analysis, request: AnalysisRequest, media: Mapping[str, Path]) -> AnalysedClip:
    # The same file again: the new results take the place of the old ones, which stay readable.
    sha256 = analysis.source.sha256
    known = store.find_by_hash(sha256, person=request.person) if sha256 and not request.as_new else ()
    replaced_id = next((one.id for one in known if _measures_the_same(store, one.id, analysis)), None)
    session_id = store.save(
        analysis,
        person=request.person,
        recorded_at=request.recorded_at,
        file_time=request.file_time,
        media=media,
        replaces=replaced_id,
        tags=request.tags,
    )
    return AnalysedClip(analysis=analysis, session_id=session_id, replaced_id=replaced_id)


def _measures_the_same(store: SessionStore, session_id: int, analysis: Analysis) -> bool:
    """Return whether a session of the same file measured the same person; taken for so where it cannot be read."""
    try:
        return is_same_person(store.raw_track(session_id), analysis.track_raw)
    except StoreError:
        return True


def _saved(save: Callable[[], AnalysedClip], on_progress: OnProgress) -> AnalysedClip:
    """Save, and retry while another program keeps the store busy; `on_progress` may raise to stop."""
    since_s = time.monotonic()
    while True:
        try:
            return save()
        except StoreBusyError:
            if time.monotonic() >= since_s + _BUSY_FOR_S:
                raise
            _wait(since_s, on_progress)


def _wait(since_s: float, on_progress: OnProgress) -> None:
    """Pause before the next attempt to save; the first one was at `since_s`."""
    until_s = time.monotonic() + _BUSY_PAUSE_S
    while (now_s := time.monotonic()) < until_s:
        on_progress(Progress(stage="waiting", done=round(now_s - since_s), total=round(_BUSY_FOR_S)))
        time.sleep(min(0.2, _BUSY_PAUSE_S))


def recompute(store: SessionStore, session_id: int, told: Mapping[str, Any]) -> int:
    """Compute a session anew from its kept keypoints with some settings put right; no video is needed.

    The former results stay: `SessionStore.versions` lists them, and `SessionStore.use_version` brings them back. The
    report names what was put right.

    Parameters
    ----------
    store : SessionStore
    session_id : int
    told : mapping of str
        New values of settings by their names in `AnalysisSettings`; the others stay.

    Returns
    -------
    int
        The number of the session that has the new results: another one, unless nothing changed.

    Raises
    ------
    UsageError
        For a value out of range.
    NotFoundError
        If there is no such session.
    """
    analysis = store.get(session_id).analysis
    before = AnalysisSettings.from_json(analysis.provenance.settings)
    wanted = replace(before, **told)
    first = {name: getattr(before, name) for name in PUT_RIGHT} | {"found": analysis.activity.kind}
    first |= before.put_right
    changed = {name: first[name] for name in PUT_RIGHT if first[name] != getattr(wanted, name)}
    if "activity" in changed:
        changed["found"] = first["found"]
    return store.revise(session_id, reanalyse(analysis, settings=replace(wanted, put_right=changed)))


def suffix_of(name: str) -> str:
    """Return the suffix of the file that `hand_out` writes."""
    return ".mp4" if name == VIDEO else EXPORTS[name].suffix


def file_name_of(header: SessionHeader, name: str) -> str:
    """Return the name of the file of an export: the person, the day (of this machine's zone), the activity, the number.

    Parameters
    ----------
    header : SessionHeader
    name : str
        A key of `EXPORTS`, or "video".
    """
    day = header.recorded_at.astimezone()
    return export_name(header.person, day, header.kind, f"session {header.id}", suffix=suffix_of(name))


def settings_beside(table: Path) -> Path:
    """Return where the settings behind a table stand: ``walk.csv`` or ``walk.angles.csv`` -> ``walk.settings.json``.

    >>> settings_beside(Path("walk.angles.csv")).name
    'walk.settings.json'
    """
    known = [one.suffix for one in EXPORTS.values() if one.needs_settings]
    ending = next((one for one in known if table.name.endswith(one)), table.suffix)
    return table.with_name(table.name.removesuffix(ending) + EXPORTS[SETTINGS].suffix)


def hand_out(
    store: SessionStore,
    session_id: int,
    name: str,
    path: Path,
    *,
    hide_faces: bool = False,
    everybody_with: Callable[[], PoseEngine] | None = None,
    wishes: Wishes = Wishes(),  # noqa: B008  frozen
) -> Path:
    """Write a saved session as a file of another program, a report or a video.

    Parameters
    ----------
    store : SessionStore
    session_id : int
    name : str
        A key of `EXPORTS`, or "video".
    path : Path
        Where the file is written.
    hide_faces : bool
        Hide the person's head in the video.
    everybody_with : callable, optional
        Hide with it the heads of all others, too, whom the engine that it returns can follow.
    wishes : Wishes
        What else stands on a report; with `with_clip` a report that can show the clip does, its heads hidden as above.

    Returns
    -------
    Path
        The file; the store's own file where the kept video is handed out unchanged.

    Raises
    ------
    NotFoundError
        If there is no such session, or no video with it.
    UsageError
        For an unknown format, or when the file cannot be written, or nobody else could be found.
    """
    stored = store.get(session_id)
    store.note("exported", session=session_id)
    if name == VIDEO:
        return _clip(stored, path, hide_faces=hide_faces, everybody_with=everybody_with)
    check_export(name)
    # Files of data are metric: damaged preferences do not stop them.
    about = about_session(store, stored, with_trend=True) if EXPORTS[name].is_document else About()
    shared = Shared(
        analysis=stored.analysis,
        session_id=session_id,
        person=stored.header.person,
        recorded_at=stored.header.recorded_at,
        about=about,
        wishes=wishes,
    )
    if not (EXPORTS[name].shows_clip and wishes.with_clip):
        write_export(name, path, shared)
        return path
    with work_folder() as folder:
        clip = _clip(stored, folder / "clip.mp4", hide_faces=hide_faces, everybody_with=everybody_with)
        write_export(name, path, replace(shared, clip=clip))
    return path


def _clip(
    stored: StoredSession, path: Path, *, hide_faces: bool, everybody_with: Callable[[], PoseEngine] | None
) -> Path:
    """Return the kept clip of a session, or the file at `path` with a copy of it in which heads are hidden."""
    clip, session_id = stored.media.get("overlay"), stored.header.id
    if clip is None:
        raise NotFoundError(
            f"session {session_id}: no video is kept with it; analyse the clip again with --overlay to keep one",
            on_page=f"session {session_id}: no video is kept with it; analyse the clip again to keep one",
        )
    if not hide_faces and everybody_with is None:
        return clip
    others = () if everybody_with is None else follow_everybody(clip, everybody_with())
    write_blurred_copy(frames(clip), stored.analysis.track_raw, path, others=others)
    return path


def about_session(
    store: SessionStore, stored: StoredSession, *, zone: tzinfo | None = None, with_trend: bool = False
) -> About:
    """Return the facts for the report of a stored session beside its numbers, in the preferred units.

    Parameters
    ----------
    store : SessionStore
    stored : StoredSession
    zone : tzinfo, optional
        Time zone of the date; default: that of this machine.
    with_trend : bool
        Look for the earlier sessions of the person, too.
    """
    metrics = stored.analysis.metrics
    main = next((one for one in metrics if one.name in HEADLINES and one.value is not None), None)
    header, person = stored.header, store.person(stored.header.person)
    done = "analysed" if header.recorded_from == "now" else "filmed"
    return About(
        person=header.person,
        when=f"{done} {date_words(header.recorded_at, zone)}",
        remark=stored.remark,
        goals=store.goals(header.person),
        sex=person.sex,
        age=person.age_at(header.recorded_at),
        units=read_preferences(data_dir()).units,
        trend=trend_until(store, stored, main) if with_trend and main is not None else None,
        zone=zone,
    )
