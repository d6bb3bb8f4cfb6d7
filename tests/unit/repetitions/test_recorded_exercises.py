"""Real exercises as recorded tracks: every second frame of a clip, whole pixels, made by the default model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from gaitlab.pipeline import analyse_track
from gaitlab.records import Analysis, ExerciseSummary, PoseTrack, SourceInfo
from gaitlab.settings import AnalysisSettings
from tests.exercise_clips import EXERCISE_CLIPS, ExerciseClip, counts_of_every_exercise, recorded


@cache
def analysed(clip: ExerciseClip, activity: str) -> Analysis:
    source = SourceInfo(file="recorded", frames=len(recorded(clip)), duration_s=None, fps_mean=None)
    return analyse_track(recorded(clip), AnalysisSettings(activity=activity), source=source)


def counted(clip: ExerciseClip, activity: str) -> ExerciseSummary:
    exercise = analysed(clip, activity).exercise
    assert exercise is not None
    return exercise


clips = pytest.mark.parametrize("clip", EXERCISE_CLIPS, ids=[clip.name for clip in EXERCISE_CLIPS])


@clips
def test_the_named_exercise_is_counted_exactly(clip: ExerciseClip) -> None:
    assert counted(clip, clip.activity).count == len(clip.turns_s)


@clips
def test_each_repetition_turns_where_it_is_seen_to(clip: ExerciseClip) -> None:
    turns_s = [one.turn_s for one in counted(clip, clip.activity).repetitions]
    assert turns_s == pytest.approx(clip.turns_s, abs=0.4)


@clips
def test_the_exercise_is_recognised(clip: ExerciseClip) -> None:
    activity = analysed(clip, "auto").activity
    assert (activity.kind, activity.chosen_by) == (clip.activity, "auto")


@clips
def test_a_doubtful_count_is_not_given_with_high_confidence(clip: ExerciseClip) -> None:
    analysis = analysed(clip, "auto")
    assert analysis.exercise is not None
    assert analysis.exercise.count == len(clip.turns_s) or analysis.activity.confidence < 0.8


def test_repeated_movement_is_counted_without_a_name() -> None:
    errors = [abs(counted(clip, "repeated").count - len(clip.turns_s)) for clip in EXERCISE_CLIPS]
    assert sum(error == 0 for error in errors) >= 9
    assert sum(error <= 1 for error in errors) >= 11


def test_the_sides_of_alternating_lunges_and_curls_are_told() -> None:
    sides = {
        clip.activity: [one.side for one in counted(clip, clip.activity).repetitions]
        for clip in EXERCISE_CLIPS
        if clip.activity in ("lunge", "biceps-curl")
    }
    assert sides == {"lunge": ["left", "right"], "biceps-curl": ["right", "left", "right", "left"]}


@pytest.mark.parametrize("name", ["jacks_front_6", "lunges_first_2"])
def test_jumps_and_lunges_before_the_camera_are_no_walk(name: str) -> None:
    gait = analysed(next(clip for clip in EXERCISE_CLIPS if clip.name == name), "gait").gait
    assert gait is not None
    assert gait.contacts == ()
    assert gait.metrics[0].value is None


@clips
def test_a_picture_that_stands_still_holds_no_repetition(clip: ExerciseClip) -> None:
    """One frame of every clip, for six seconds, with the noise of a keypoint."""
    rng = np.random.default_rng(0)
    track = recorded(clip)
    frame = int(np.argmax(track.score.mean(axis=1)))
    still = PoseTrack(
        time_s=np.arange(150) / 25,
        xy_px=track.xy_px[[frame] * 150] + rng.normal(scale=1.0, size=(150, 17, 2)),
        score=track.score[[frame] * 150],
        image_wh=track.image_wh,
    )
    source = SourceInfo(file="still", frames=150, duration_s=None, fps_mean=None)
    repeated = analyse_track(still, AnalysisSettings(activity="repeated"), source=source).exercise
    assert repeated is not None
    assert (repeated.count, repeated.partial) == (0, 0)
    assert set(counts_of_every_exercise(still).values()) == {0}


def played(factor: float) -> Callable[[PoseTrack], PoseTrack]:
    """Return what plays a track in `factor` times its time."""
    return lambda track: replace(track, time_s=track.time_s * factor)


def at_7_5_fps(track: PoseTrack) -> PoseTrack:
    step = max(1, round(track.fps_mean / 7.5))
    return replace(track, time_s=track.time_s[::step], xy_px=track.xy_px[::step], score=track.score[::step])


def rolled(track: PoseTrack) -> PoseTrack:
    """Return a track as a camera sees it that leans by 15 degrees."""
    assert track.image_wh is not None
    centre, lean = np.array(track.image_wh) / 2, np.radians(15.0)
    turn = np.array([[np.cos(lean), -np.sin(lean)], [np.sin(lean), np.cos(lean)]])
    return replace(track, xy_px=(track.xy_px - centre) @ turn.T + centre)


@pytest.mark.parametrize(
    "clips",
    [
        pytest.param(EXERCISE_CLIPS[1::3], id="every third clip"),
        pytest.param(EXERCISE_CLIPS, id="every clip", marks=pytest.mark.accuracy),
    ],
)
@pytest.mark.parametrize(
    "changed",
    [played(2.0), played(0.5), at_7_5_fps, rolled],
    ids=["half speed", "double speed", "7.5 frames/s", "rolled"],
)
def test_speed_rate_and_a_leaning_camera_do_not_change_the_count(
    changed: Callable[[PoseTrack], PoseTrack], clips: Sequence[ExerciseClip]
) -> None:
    wrong = []
    for clip in clips:
        track = changed(recorded(clip))
        source = SourceInfo(file="recorded", frames=len(track), duration_s=None, fps_mean=None)
        exercise = analyse_track(track, AnalysisSettings(activity=clip.activity), source=source).exercise
        if exercise is None or exercise.count != len(clip.turns_s):
            wrong.append(clip.name)
    assert wrong == []
