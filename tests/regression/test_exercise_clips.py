"""The real exercise clips: named, recognised, and counted without a name; and clips in which nobody exercises."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gaitlab.errors import NoPersonError
from gaitlab.pipeline import analyse_track
from gaitlab.records import Analysis, ExerciseSummary, PoseTrack
from gaitlab.repetitions.exercises import EXERCISES
from gaitlab.settings import AnalysisSettings
from tests.exercise_clips import EXERCISE_CLIPS, ExerciseClip, counts_of_every_exercise
from tests.regression.conftest import Analyse

DARK_PUSH_UPS = "hard/dollarpy__pushup2.mp4"
FROZEN = "hard/running-pose-vis__run.mp4"
FROZEN_FRAMES = 36
#: The first two go through the network each time, as they do for `test_real_clips.py`.
WALKS = [
    "gait/walking-gait-as__walk.mp4",
    "gait/biomech-of-gait_normal_01.mp4",
    pytest.param("gait/sports2d__demo.mp4", marks=pytest.mark.accuracy),
    pytest.param("gait/mobile-gaitlab__input.mp4", marks=pytest.mark.accuracy),
    pytest.param("gait/partial-openpose__walking.mp4", marks=pytest.mark.accuracy),
]

#: It goes through the network each time. On the recorded tracks of all of them
#: `tests/unit/repetitions/test_recorded_exercises.py` asks the same each time.
QUICK = {"lunges_first_2"}
clips = pytest.mark.parametrize(
    "clip",
    [
        pytest.param(clip, id=clip.name, marks=() if clip.name in QUICK else pytest.mark.accuracy)
        for clip in EXERCISE_CLIPS
    ],
)


def counted(analysis: Analysis, activity: str) -> ExerciseSummary:
    """Count an exercise in the track of an analysis."""
    again = analyse_track(analysis.track_raw, AnalysisSettings(activity=activity), source=analysis.source)
    assert again.exercise is not None
    return again.exercise


@clips
def test_the_named_exercise_is_counted_exactly_and_where_it_is(analysed: Analyse, clip: ExerciseClip) -> None:
    turns_s = [one.turn_s for one in counted(analysed(clip.file), clip.activity).repetitions]
    assert turns_s == pytest.approx(clip.turns_s, abs=0.4)


@pytest.mark.accuracy
def test_the_exercise_is_recognised_in_at_least_ten_of_twelve(analysed: Analyse) -> None:
    wrong = [clip.name for clip in EXERCISE_CLIPS if analysed(clip.file).activity.kind != clip.activity]
    assert len(wrong) <= 2, wrong


@clips
def test_a_wrong_count_is_never_given_with_high_confidence(analysed: Analyse, clip: ExerciseClip) -> None:
    analysis = analysed(clip.file)
    assert analysis.exercise is not None
    assert analysis.exercise.count == len(clip.turns_s) or analysis.activity.confidence < 0.8


@pytest.mark.accuracy
def test_repeated_movement_is_counted_without_a_name(analysed: Analyse) -> None:
    errors = [abs(counted(analysed(clip.file), "repeated").count - len(clip.turns_s)) for clip in EXERCISE_CLIPS]
    assert sum(error == 0 for error in errors) >= 9
    assert sum(error <= 1 for error in errors) >= 11


@pytest.mark.accuracy
def test_push_ups_in_the_dark_are_counted_to_one(analysed: Analyse) -> None:
    assert abs(counted(analysed(DARK_PUSH_UPS), "push-up").count - 9) <= 1


@pytest.mark.parametrize("walk", WALKS)
def test_who_walks_does_no_exercise(analysed: Analyse, walk: str) -> None:
    analysis = analysed(walk)
    assert analysis.exercise is None
    counts = counts_of_every_exercise(analysis.track_raw)
    assert {name: count for name, count in counts.items() if count} == {}


@pytest.mark.accuracy  # a still pose is asked for in `tests/unit/repetitions/test_recorded_exercises.py` each time
def test_a_frozen_picture_holds_no_repetition(analysed: Analyse) -> None:
    analysis = analysed(FROZEN)
    track = analysis.track_raw
    frozen = PoseTrack(
        time_s=track.time_s[:FROZEN_FRAMES],
        xy_px=track.xy_px[:FROZEN_FRAMES],
        score=track.score[:FROZEN_FRAMES],
        image_wh=track.image_wh,
    )
    for name in [*EXERCISES, "repeated"]:
        try:
            assert counted(replace(analysis, track_raw=frozen), name).count == 0, name
        except NoPersonError:
            return  # a repeated picture tells nothing new: nobody was tracked


@pytest.mark.accuracy
def test_clips_that_nobody_tuned_to_are_counted(analysed: Analyse, shared_data: Path) -> None:
    """By name where the table has one, and as any movement; what counts as right is the range beside the clip."""
    clips = [one for one in json.loads((shared_data / "truth.json").read_text()) if "was" in one]
    wrong: dict[str, list[str]] = {"named": [], "repeated": []}
    for clip in (one for one in clips if one["kind"] == "exercise"):
        low, high = clip["truth"]["accept"]
        for how, activity in (("named", clip["truth"]["named"]), ("repeated", "repeated")):
            if activity in (None, "none"):
                continue
            if not low <= counted(analysed(clip["file"]), activity).count <= high:
                wrong[how].append(clip["file"])
    assert wrong["named"] == []
    assert len(wrong["repeated"]) <= 1, wrong
