"""The program from top to bottom: video -> frames -> pose track -> smoothed track -> angles -> gait / repetitions.

Each arrow is one call here; every other module is one stage.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import numpy as np

from gaitlab import __version__
from gaitlab.errors import NoPersonError, UsageError
from gaitlab.gait import (
    KnownLengths,
    analyse_gait,
    as_far_as_cadence,
    has_marked_feet,
    measure_feet,
    px_per_m_of,
    walking_direction,
    walking_tests,
    with_ankles,
)
from gaitlab.metrics.confidence import is_withheld_as
from gaitlab.metrics.sppb import sppb_total
from gaitlab.metrics.table import HEADLINES
from gaitlab.motion.camera_view import classify_view, find_facing, forward_direction
from gaitlab.motion.kinematics import joint_angles
from gaitlab.motion.leg_swaps import repair_leg_swaps, swapped_ranges_s
from gaitlab.motion.level import Level, find_level, turned, turned_points
from gaitlab.motion.repeated_frames import drop_repeats
from gaitlab.motion.smoothing import smooth_track
from gaitlab.pose.detection import is_somebody
from gaitlab.pose.engine import FINDER, PoseEngine, find_poses, open_engine
from gaitlab.pose.estimate import estimate_people
from gaitlab.pose.follow import PersonTrack
from gaitlab.pose.networks.parameters import PictureSettings
from gaitlab.pose.people import choose_subject, join_stretches, list_people, whole_track
from gaitlab.pose.recorded import people_in, picture_of, recorded_track, sole_track
from gaitlab.pose.weights.manifest import FEET_NETWORK
from gaitlab.pose.weights.resolve import model_path
from gaitlab.records import (
    Activity,
    Analysis,
    AngleSeries,
    Edit,
    ExerciseSummary,
    Facing,
    FloatArray,
    Frame,
    GaitSummary,
    PoseTrack,
    Progress,
    Provenance,
    Recording,
    SmoothedTrack,
    SourceInfo,
    SubjectInfo,
    SubjectPerson,
    VideoInfo,
    View,
    WalkingDirection,
)
from gaitlab.records.edits import edit_findings, live_edits, stretched, swap_sides
from gaitlab.records.findings import Said, said
from gaitlab.records.skeleton import Keypoint
from gaitlab.repetitions import Movement, count_repeated, count_repetitions, doubts, recognise
from gaitlab.repetitions.activities import activities, checked_activity
from gaitlab.repetitions.exercises import EXERCISES, REPEATED
from gaitlab.settings import AnalysisSettings, SmoothingSettings
from gaitlab.video import VideoReader, open_clip, sha256_of

__all__ = [
    "PictureSettings",
    "PoseEngine",
    "analyse_recording",
    "analyse_track",
    "analyse_video",
    "find_poses",
    "follow_everybody",
    "open_engine",
    "reanalyse",
    "require_pictures",
]

OnProgress = Callable[[Progress], None]
_Summary = TypeVar("_Summary", GaitSummary, ExerciseSummary)
_NO_GAIT: Final = GaitSummary(mode="unknown", contacts=(), strides=(), metrics=())
_SEEN_MIN_FRAMES = 10
_AUTO_MIN_CONTACTS = 3
_SHORT_RUN = 4  # frames; the least that can be filtered
_UNNAMED_MIN, _UNNAMED_SURE_MIN = 2, 0.5  # repetitions, and so sure: told without a name (ours)
_ON_ITS_SIDE_DEG = 45.0
# Fewer frames/s show no step; of the frames with hips; of the picture's height (all ours).
_FPS_MIN, _ANKLES_MIN_SHARE, _EDGE_SHARE = 7.0, 0.5, 0.05
_SHORT_WALK_CONFIDENCE = 0.3  # (ours)
_SPEED_FACTORS, _SPEED_MIN_CONFIDENCE = (0.5, 2.0, 4.0, 8.0), 0.5
_SLOW_CADENCE_SPM = 60.0  # whoever makes more steps is not slow: they were missed for another reason (ours)


def analyse_video(
    path: Path,
    settings: AnalysisSettings,
    *,
    engine: PoseEngine | None = None,
    fps: float | None = None,
    on_progress: OnProgress | None = None,
) -> Analysis:
    """Analyse a video file.

    Parameters
    ----------
    path : Path
    settings : AnalysisSettings
    engine : PoseEngine, optional
        A loaded engine to use again; by default one is opened.
    fps : float, optional
        Frames per second of a folder or zip of pictures.
    on_progress : callable, optional
        Called after every frame; an exception it raises (`AnalysisCancelled`) stops the analysis.

    Raises
    ------
    InputError
        The file cannot be read as a video.
    ModelError
        The model is not available.
    NoPersonError
        No person is seen.
    """
    with open_clip(path, fps=fps) as reader:
        loaded = engine or open_engine(settings.pose)
        if model_path(settings.pose.model) is not None:  # where a file lies is nobody else's business
            settings = replace(settings, pose=replace(settings.pose, model=loaded.name))

        wants_feet = settings.pose.feet and _may_walk(settings)

        def on_frame(done: int) -> None:
            if on_progress is not None:
                on_progress(Progress(stage="pose", done=done, total=reader.info.n_frames))

        tracked = estimate_people(reader, loaded.pool, feet=wants_feet, on_frame=on_frame)
    lacking = (said("feet_missing", model=FEET_NETWORK),) if wants_feet and not loaded.pool.sees_feet else ()
    people = join_stretches(tracked.stretches)
    source = _source_of(reader.info, tracked.time_s)
    image_wh = (reader.info.width_px, reader.info.height_px)
    if clockwise_deg := _quarters_deg(people, tracked.time_s, image_wh, settings, source):
        with open_clip(path, fps=fps) as again:  # the network knows people who stand upright
            tracked = estimate_people(
                _turned_back(again, clockwise_deg), loaded.pool, feet=wants_feet, on_frame=on_frame
            )
        people = tuple(_as_shown(one, clockwise_deg, image_wh) for one in join_stretches(tracked.stretches))

    @cache
    def analysed(index: int) -> Analysis:
        track = whole_track(people[index], time_s=tracked.time_s, image_wh=image_wh)
        return analyse_track(
            drop_repeats(track, tracked.is_repeat),
            settings,
            source=source,
            model=loaded.name,
            model_sha256=loaded.sha256,
            people=list_people(people),
            subject_index=index + 1,
            findings=(*reader.findings, *_of_people(len(people), index, loaded), *lacking),
        )

    require_pictures(source.file, len(tracked.time_s))
    if not people:
        raise _nobody(source, reader.other_videos)
    return analysed(
        choose_subject(people, image_wh=image_wh, settings=settings.pose, evidence=lambda i: _evidence(analysed, i))
    )


def follow_everybody(path: Path, engine: PoseEngine, *, on_progress: OnProgress | None = None) -> tuple[PoseTrack, ...]:
    """Return where everybody was who can be followed through a clip, however shortly; for hiding them.

    Parameters
    ----------
    path : Path
    engine : PoseEngine
        One that can tell people apart.
    on_progress : callable, optional
        Called after every frame; an exception it raises stops the work.

    Returns
    -------
    tuple of PoseTrack
        One for each stretch in which somebody was followed; NaN in frames outside of it.

    Raises
    ------
    UsageError
        If the engine cannot tell people apart.
    InputError
        If the file cannot be read as a video.
    """
    if not engine.pool.finds_several:
        raise UsageError(f"everybody: people are found by the model {FINDER}; `gaitlab models fetch {FINDER}` gets it")
    with VideoReader(path) as reader:

        def on_frame(done: int) -> None:
            if on_progress is not None:
                on_progress(Progress(stage="pose", done=done, total=reader.info.n_frames))

        tracked = estimate_people(reader, engine.pool, on_frame=on_frame)
        image_wh = (reader.info.width_px, reader.info.height_px)
    return tuple(whole_track(one, time_s=tracked.time_s, image_wh=image_wh) for one in tracked.stretches)


def analyse_recording(recording: Recording, settings: AnalysisSettings, *, source: SourceInfo) -> Analysis:
    """Analyse the keypoints of another program; the person is chosen as in a video.

    Parameters
    ----------
    recording : Recording
    settings : AnalysisSettings
    source : SourceInfo

    Raises
    ------
    NoPersonError
        No person is seen.
    UsageError
        There is no person of the number asked for.
    """
    require_pictures(source.file, len(recording))
    people = people_in(recording)
    if not people:
        raise _nobody(source)
    if recording.shows_one_person:  # every detection counts, also one that jumps
        _only_one(settings)
        return analyse_track(sole_track(recording), settings, source=source, findings=recording.findings)

    @cache
    def analysed(index: int) -> Analysis:
        several = (said("people_in_file", n=len(people), number=index + 1),) if len(people) > 1 else ()
        return analyse_track(
            recorded_track(people[index], recording),
            settings,
            source=source,
            people=list_people(people),
            subject_index=index + 1,
            findings=(*recording.findings, *several),
        )

    return analysed(
        choose_subject(
            people,
            image_wh=picture_of(recording),
            settings=settings.pose,
            evidence=lambda i: _evidence(analysed, i),
        )
    )


def _only_one(settings: AnalysisSettings) -> None:
    """Refuse the number of another person than the only one."""
    if settings.pose.subject.isdigit() and int(settings.pose.subject) != 1:
        told = f"subject {settings.pose.subject}: only one person is in the file"
        raise UsageError(f"{told}; leave --subject out", on_page=f"{told}; set Person to 0")


def _quarters_deg(
    people: Sequence[PersonTrack],
    time_s: FloatArray,
    image_wh: tuple[int, int],
    settings: AnalysisSettings,
    source: SourceInfo,
) -> int:
    """Return how far the picture is turned clockwise, 0, 90, 180 or 270, by the person who is seen longest."""
    if not people:
        return 0
    track = whole_track(max(people, key=len), time_s=time_s, image_wh=image_wh)
    if is_somebody(track.score).sum() < _SEEN_MIN_FRAMES:
        return 0
    smoothed = smooth_track(track, settings.smoothing).track
    return round(_level_of(track, smoothed, settings, source).roll_deg / 90.0) * 90 % 360


def _turned_back(frames: Iterable[Frame], clockwise_deg: int) -> Iterator[Frame]:
    """Yield the frames of pictures that are turned clockwise, turned back."""
    for frame in frames:
        picture = frame.picture
        wh = picture.wh if clockwise_deg == 180 else picture.wh[::-1]
        rotation_deg = (picture.rotation_deg - clockwise_deg) % 360
        yield replace(frame, picture=replace(picture, wh=wh, rotation_deg=rotation_deg))


def _as_shown(person: PersonTrack, clockwise_deg: int, image_wh: tuple[int, int]) -> PersonTrack:
    """Return a person found in pictures turned back, where the file shows them."""
    wh = image_wh if clockwise_deg == 180 else image_wh[::-1]
    feet = person.feet
    if feet is not None:
        turned_px = turned_points(feet[..., :2], clockwise_deg, from_wh=wh, to_wh=image_wh)
        feet = np.concatenate([turned_px, feet[..., 2:]], axis=-1)
    return replace(person, xy_px=turned_points(person.xy_px, clockwise_deg, from_wh=wh, to_wh=image_wh), feet=feet)


def _evidence(analysed: Callable[[int], Analysis], index: int) -> float:
    """Return the confidence in a person's activity and its amount (cadence or count); 0 without these."""
    try:
        analysis = analysed(index)
    except NoPersonError:
        return 0.0
    numbers = (one.confidence for one in analysis.metrics if one.name in HEADLINES and one.value)
    return min(analysis.activity.confidence, max(numbers, default=0.0))


def require_pictures(file: str, n: int) -> None:
    """Raise NoPersonError when a file has too few frames to measure a movement."""
    if n < _SEEN_MIN_FRAMES:
        raise NoPersonError(
            f"{file}: expected a movement, got {n} frame{'s' if n != 1 else ''}; film for some seconds, or copy the "
            "clip again if it was longer"
        )


def _nobody(source: SourceInfo, other_videos: Sequence[str] = ()) -> NoPersonError:
    if other_videos:
        return NoPersonError(
            f"{source.file}: no person was found in the video that players show; the file holds another "
            f"({', '.join(other_videos)}): save that one as a file of its own and analyse it"
        )
    return NoPersonError(
        f"{source.file}: no person was found; keep the whole body in the picture, in good light and near enough"
    )


def _source_of(info: VideoInfo, time_s: FloatArray) -> SourceInfo:
    n, span_s = len(time_s), float(time_s[-1] - time_s[0])
    return SourceInfo(
        file=info.path.name,
        sha256=sha256_of(info.path),
        width_px=info.width_px,
        height_px=info.height_px,
        frames=n,
        duration_s=span_s + 1.0 / info.fps_nominal,
        fps_mean=(n - 1) / span_s if n > 1 else None,
        rotation_deg=info.rotation_deg,
        recorded_at=info.recorded_at,
    )


def _of_people(n_people: int, index: int, engine: PoseEngine) -> tuple[Said, ...]:
    if not engine.pool.finds_several:
        return (said("one_person_model", model=FINDER),)
    return (said("people_seen", n=n_people, number=index + 1),) if n_people > 1 else ()


def analyse_track(
    track: PoseTrack,
    settings: AnalysisSettings,
    *,
    source: SourceInfo,
    model: str | None = None,
    model_sha256: str | None = None,
    people: Sequence[SubjectPerson] = (),
    subject_index: int | None = None,
    findings: Sequence[Said] = (),
    edits: Sequence[Edit] = (),
    live: bool = False,
) -> Analysis:
    """Analyse a keypoint track; pure: no file is read or written.

    Parameters
    ----------
    track : PoseTrack
        In the file's own time; the slow-motion factor is applied here.
    settings : AnalysisSettings
    source : SourceInfo
    model, model_sha256 : str, optional
        The model that made the track, if known.
    people : sequence of SubjectPerson
        Everybody seen; empty when only the track is known.
    subject_index : int, optional
        Number of the person of the track among them, from 1.
    findings : sequence of Said
        From reading the file.
    edits : sequence of Edit
        Corrections by hand, in the time of the results.
    live : bool
        The count of an exercise is made again and again: the third counter is asked only where the two others differ,
        and where they do not the confidence is that of two; angles are those of the track that is counted.

    Raises
    ------
    UsageError
        For an activity that is not one of `activities()`.
    NoPersonError
        When fewer than ten frames show a person.
    """
    checked_activity(settings.activity)
    seen = is_somebody(track.score)
    if seen.sum() < _SEEN_MIN_FRAMES:
        raise _nobody(source)
    walks = _may_walk(settings)
    smoothing = _for_counting(settings.smoothing, track.fps_mean) if live and not walks else settings.smoothing
    as_filmed = smooth_track(track, smoothing)
    level = _level_of(track, as_filmed.track, settings, source)
    real_time = turned(_at_real_pace(track, settings), -level.roll_deg)
    repaired, swapped = repair_leg_swaps(real_time)
    put_right = swap_sides(repaired, edits)
    smoothed = as_filmed if put_right is track else smooth_track(put_right, smoothing)
    view = classify_view(smoothed.track)
    facing = "unknown" if view == "front" else find_facing(smoothed.track)
    forward = forward_direction(smoothed.track)
    angles = joint_angles(smoothed.track, forward=_front(facing, forward, view), facing=facing)
    gait = _NO_GAIT
    of_gait: tuple[Said, ...] = ()
    if walks:
        seen_from = _SeenFrom(view, facing, forward)
        angles, gait, of_gait = _walk(
            smoothed, angles, seen_from, settings, edits=edits, by_own_network=model is not None
        )
    in_live = smoothed if live and not walks else None
    exercises, suggested, doubted = _exercises(repaired, angles, settings, edits=edits, in_live=in_live)
    activity = _choose(settings, gait, suggested)
    exercise = exercises.get(activity.kind)
    swaps_s = swapped_ranges_s(real_time.time_s, swapped)
    return Analysis(
        source=source,
        subject=SubjectInfo(
            people_seen=max(1, len(people)),
            frames_tracked=int(seen.sum()),
            view=view,
            facing=facing,
            people=tuple(people),
            index=subject_index,
            direction=_direction(activity, view, smoothed.track, forward, settings),
        ),
        activity=activity,
        track_raw=track,
        track=turned(smoothed.track, level.roll_deg),
        angles=angles,
        gait=_with_total(gait, settings) if activity.kind == "gait" else None,
        exercise=_with_total(exercise, settings) if exercise is not None else None,
        findings=(
            *(one for one in findings if one.code != "feet_missing" or activity.kind == "gait"),
            *_of_level(level, activity, gait),
            *smoothed.findings,
            *((said("legs_swapped", ranges_s=swaps_s),) if swaps_s else ()),
            *(of_gait if activity.kind == "gait" else ()),
            *(_of_stance(smoothed.track) if activity.kind == "gait" and _has(gait, "stance_percent") else ()),
            *_of_nothing(activity, smoothed.track, gait),
            *doubted.get(activity.kind, ()),
            *_of_speed(track, settings, source, activity, gait),
            *((said("angle_error"),) if activity.kind != "none" and view != "front" else ()),
            *edit_findings(edits),
        ),
        edits=tuple(edits),
        input_findings=tuple(findings),
        provenance=Provenance(gaitlab=__version__, model=model, model_sha256=model_sha256, settings=settings.to_json()),
    )


def reanalyse(
    analysis: Analysis, *, settings: AnalysisSettings | None = None, edits: Sequence[Edit] | None = None
) -> Analysis:
    """Analyse the raw track of an analysis again, with this version of the program; pure, and no video is needed.

    Parameters
    ----------
    analysis : Analysis
    settings : AnalysisSettings, optional
        By default those that it was made with. Model and subject cannot be changed without the video.
    edits : sequence of Edit, optional
        All corrections that shall be in effect, in the time of `analysis`; by default those it has.

    Returns
    -------
    Analysis
        With edits in effect, the activity stays what it was if it was found automatically.

    Raises
    ------
    UsageError, NoPersonError
        As `analyse_track`.
    """
    before = AnalysisSettings.from_json(analysis.provenance.settings)
    wanted = settings or before
    layer = stretched(analysis.edits if edits is None else edits, before.slow_motion / wanted.slow_motion)
    pinned = bool(live_edits(layer)) and wanted.activity == "auto" and analysis.activity.kind in activities()
    again = analyse_track(
        analysis.track_raw,
        replace(wanted, activity=analysis.activity.kind) if pinned else wanted,
        source=analysis.source,
        model=analysis.provenance.model,
        model_sha256=analysis.provenance.model_sha256,
        people=analysis.subject.people,
        subject_index=analysis.subject.index,
        findings=analysis.input_findings,
        edits=layer,
    )
    if not pinned:
        return again
    return replace(again, activity=analysis.activity, provenance=replace(again.provenance, settings=wanted.to_json()))


def _may_walk(settings: AnalysisSettings) -> bool:
    """Return whether a walk is looked for: it is asked for, or nothing is."""
    return settings.activity in ("auto", "gait")


def _at_real_pace(track: PoseTrack, settings: AnalysisSettings) -> PoseTrack:
    return track if settings.slow_motion == 1.0 else replace(track, time_s=track.time_s / settings.slow_motion)


def _level_of(track: PoseTrack, smoothed: PoseTrack, settings: AnalysisSettings, source: SourceInfo) -> Level:
    """Return which way is up: a body that does not stand in the picture does if it walks when that is turned."""
    level = find_level(smoothed)
    if not level.lies_deg or not _may_walk(settings):
        return level
    gait = analyse_track(turned(track, -level.lies_deg), replace(settings, activity="gait"), source=source).gait
    walks = gait is not None and sum(one.kind == "heel_strike" for one in gait.contacts) >= _AUTO_MIN_CONTACTS
    return replace(level, roll_deg=level.lies_deg) if walks else level


def _of_level(level: Level, activity: Activity, gait: GaitSummary) -> tuple[Said, ...]:
    roll_deg = abs(level.roll_deg)
    if roll_deg > _ON_ITS_SIDE_DEG:
        how = "upside_down" if roll_deg > 180.0 - _ON_ITS_SIDE_DEG else "on_its_side"
        return (said(how, turned_deg=round(roll_deg / 90.0) * 90),)
    if roll_deg:
        return (said("tilted", tilt_deg=roll_deg),)
    if activity.kind == "none" and level.lies_deg:
        return (said("not_upright"),)
    if activity.kind == "gait" and not level.is_measured and _has(gait, "trunk_lean_mean"):
        return (said("level_camera"),)
    return ()


class _SeenFrom(NamedTuple):
    """How the person stands to the camera: the view, the way they face, and that of each frame, shape (T,)."""

    view: View
    facing: Facing
    forward: FloatArray


def _walk(
    smoothed: SmoothedTrack,
    angles: AngleSeries,
    seen_from: _SeenFrom,
    settings: AnalysisSettings,
    *,
    edits: Sequence[Edit],
    by_own_network: bool,
) -> tuple[AngleSeries, GaitSummary, tuple[Said, ...]]:
    """Return the angles with those of the ankles, contacts, strides and numbers of a walk, and what was found of it."""
    view, facing, forward = seen_from
    line = settings.scale_line or settings.walking_tests.marks
    known = KnownLengths(
        px_per_m=settings.px_per_m,
        two_point_px_per_m=line.px_per_m if line else None,
        height_m=settings.height_m,
        belt_mps=settings.treadmill_mps,
    )
    gait, of_gait = analyse_gait(
        smoothed,
        angles,
        forward=forward,
        view=view,
        settings=settings.gait,
        known=known,
        edits=edits,
        slow_motion=settings.slow_motion,
    )
    of_feet: tuple[Said, ...] = ()
    if smoothed.track.feet is not None:
        way = walking_direction(smoothed.track, forward, settings.gait)
        front, px_per_m = _front(facing, forward, view), px_per_m_of(smoothed.track, known)
        angles = with_ankles(angles, smoothed.track, forward=front, strides=gait.strides, mode=gait.mode)
        gait, of_feet = measure_feet(
            smoothed,
            angles,
            gait,
            forward=front,
            view=view,
            direction=way,
            px_per_m=px_per_m,
            by_own_network=by_own_network,
        )
    tests, of_tests = walking_tests(smoothed, forward, view=view, asked=settings.walking_tests, known=known)
    timed = as_far_as_cadence(tests, gait.metrics[0])
    return angles, replace(gait, metrics=(*gait.metrics, *timed)), (*of_gait, *of_feet, *of_tests)


def _front(facing: Facing, forward: FloatArray, view: View) -> FloatArray:
    """Return the direction of the person's front per frame: one for the whole clip, or each frame's own."""
    if view == "front":
        return np.zeros_like(forward)
    one_way = {"right": 1.0, "left": -1.0, "unknown": None}[facing]
    return forward if one_way is None else np.full_like(forward, one_way)


def _exercises(
    track: PoseTrack,
    angles: AngleSeries,
    settings: AnalysisSettings,
    *,
    edits: Sequence[Edit],
    in_live: SmoothedTrack | None,
) -> tuple[dict[str, ExerciseSummary], tuple[str, float] | None, dict[str, tuple[Said, ...]]]:
    """Return the exercise asked for or the recognised one, its name with its confidence, and the doubts in it.

    Of all exercises in which repetitions are found only the recognised one is described. In a live count the track is
    smoothed already.
    """
    if settings.activity == "gait":
        return {}, None, {}
    smoothed = in_live or smooth_track(track, _for_counting(settings.smoothing, track.fps_mean))
    movement = Movement(smoothed.track, settings.repetitions, asks_all=in_live is None)
    named = recognise(movement, edits=edits) if settings.activity == "auto" else None
    name = named[0] if named else settings.activity
    if name in EXERCISES:
        counted = count_repetitions(movement, smoothed, angles, EXERCISES[name], edits=edits)
        return {name: counted}, named, {name: doubts(movement, EXERCISES[name])}
    repeated = count_repeated(movement, smoothed, angles, edits=edits)
    return {REPEATED: repeated}, _unnamed(repeated) if settings.activity == "auto" else None, {}


def _for_counting(settings: SmoothingSettings, fps: float) -> SmoothingSettings:
    """Return settings that keep what is seen for moments only, and fast movements at low rates.

    A hand or a foot that is hidden again and again is seen for a few frames. Below 15 frames/s a single missing frame
    is a gap that is bridged.
    """
    frame_s = 1.0 / fps if fps > 0 else 0.0
    return replace(
        settings,
        run_min=min(_SHORT_RUN, settings.run_min),
        gap_max_s=min(2.0, max(settings.gap_max_s, 1.5 * frame_s)),
    )


def _unnamed(repeated: ExerciseSummary) -> tuple[str, float] | None:
    """Return the count of a movement that is none of the exercises, where it is sure."""
    sure = repeated.metrics[0].confidence
    return (REPEATED, sure) if repeated.count >= _UNNAMED_MIN and sure >= _UNNAMED_SURE_MIN else None


def _with_total(summary: _Summary, settings: AnalysisSettings) -> _Summary:
    """Return the results with the total of the Short Physical Performance Battery where it is asked for."""
    typed = settings.walking_tests
    total = sppb_total(summary.metrics, balance=typed.sppb_balance, gait=typed.sppb_gait, chair=typed.sppb_chair)
    return replace(summary, metrics=(*summary.metrics, total)) if total is not None else summary


def _choose(settings: AnalysisSettings, gait: GaitSummary, suggested: tuple[str, float] | None) -> Activity:
    """Return the activity asked for, or the recognised one."""
    if settings.activity != "auto":
        return Activity(kind=settings.activity, chosen_by="user", confidence=1.0)
    if settings.walking_tests.names_one:
        return Activity(kind="gait", chosen_by="user", confidence=1.0)
    up_and_go = next((one for one in gait.metrics if one.name == "timed_up_and_go" and one.value is not None), None)
    if up_and_go is not None:  # a walk in which somebody gets up and sits down once
        return Activity(kind="gait", chosen_by="auto", confidence=max(up_and_go.confidence, gait.metrics[0].confidence))
    return _recognised(gait, suggested)


def _recognised(gait: GaitSummary, suggested: tuple[str, float] | None) -> Activity:
    """Return walking or an exercise, by the higher confidence."""
    cadence = gait.metrics[0]
    if cadence.value is not None and (suggested is None or cadence.confidence >= suggested[1]):
        return Activity(kind="gait", chosen_by="auto", confidence=cadence.confidence)
    if gait.mode != "unknown" and (suggested is None or suggested[0] == "repeated"):
        # a clip that is slowed down or too fast: its report says why there is no number
        return Activity(kind="gait", chosen_by="auto", confidence=_SHORT_WALK_CONFIDENCE)
    if suggested is not None:
        return Activity(kind=suggested[0], chosen_by="auto", confidence=suggested[1])
    if sum(one.kind == "heel_strike" for one in gait.contacts) >= _AUTO_MIN_CONTACTS:
        # walking, too short for a number: its report says why
        return Activity(kind="gait", chosen_by="auto", confidence=_SHORT_WALK_CONFIDENCE)
    return Activity(kind="none", chosen_by="auto", confidence=0.0)


def _direction(
    activity: Activity, view: View, track: PoseTrack, forward: FloatArray, settings: AnalysisSettings
) -> WalkingDirection:
    if activity.kind != "gait" or view == "front":
        return "unknown"
    return walking_direction(track, forward, settings.gait)


def _of_stance(track: PoseTrack) -> tuple[Said, ...]:
    return (said("stance_of_feet" if has_marked_feet(track) else "stance_error"),)


def _has(gait: GaitSummary, name: str) -> bool:
    return any(one.name == name and one.value is not None for one in gait.metrics)


def _of_speed(
    track: PoseTrack, settings: AnalysisSettings, source: SourceInfo, activity: Activity, gait: GaitSummary
) -> tuple[Said, ...]:
    """Suggest a slow-motion factor where nothing was recognised that would be a walk at another speed."""
    if activity.kind not in ("none", "gait") or gait.mode != "unknown" or settings.slow_motion != 1.0:
        return ()
    for factor in _SPEED_FACTORS:
        other = replace(settings, activity="gait", slow_motion=factor)
        summary = analyse_track(track, other, source=source).gait
        cadence = summary.metrics[0] if summary else None
        if cadence and cadence.value and cadence.confidence >= _SPEED_MIN_CONFIDENCE:
            played_spm = cadence.value / factor
            if _SLOW_CADENCE_SPM <= played_spm <= settings.gait.cadence_max_spm:
                return ()  # it is missed for another reason
            return (said("other_pace", played_spm=played_spm, real_spm=cadence.value, factor=factor),)
    return ()


def _of_nothing(activity: Activity, track: PoseTrack, gait: GaitSummary) -> tuple[Said, ...]:
    """Return what to do where nothing was recognised: too few frames, feet cut off, ankles hidden, or none of these."""
    if activity.kind != "none":
        return ()
    if is_withheld_as(gait.metrics[0], "speed_changes"):
        return (said("no_steady_walk"),)
    if track.fps_mean < _FPS_MIN:
        return (said("nothing_few_frames", fps=track.fps_mean),)
    known = np.isfinite(track.xy_px[..., 0])
    hips, ankles = (known[:, [left, left + 1]].any(axis=1) for left in (Keypoint.LEFT_HIP, Keypoint.LEFT_ANKLE))
    if ankles.sum() >= _ANKLES_MIN_SHARE * hips.sum():
        return (said("nothing"),)
    lowest_px = float(np.nanmax(track.xy_px[..., 1]))
    if track.image_wh and lowest_px > (1.0 - _EDGE_SHARE) * track.image_wh[1]:
        return (said("nothing_feet_cut"),)
    return (said("nothing_ankles_hidden"),)
