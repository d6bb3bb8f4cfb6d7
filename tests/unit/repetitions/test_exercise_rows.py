"""What the row of each exercise says, on drawn people: what counts, what is full, how deep it is, what must be seen.

A drawn person does four repetitions over so many degrees of the joint that carries the exercise (see `DRAWN`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pytest

from gaitlab.motion.smoothing import smooth_track
from gaitlab.records import FloatArray, PoseTrack
from gaitlab.records.skeleton import Keypoint
from gaitlab.repetitions import Movement
from gaitlab.repetitions.exercises import EXERCISES
from gaitlab.settings import RepetitionSettings, SmoothingSettings
from tests.builders_exercise import DRAWN, FRONT, OBLIQUE, SIDE, Plan, Posture, exerciser
from tests.unit.repetitions.test_exercise_laws import counted

REPS = 4
FOUR = Plan(reps=REPS)
HANDS, FEET = ("WRIST",), ("ANKLE",)

#: Degrees of which none, and of which all four, are counted.
LEAST: Final = {
    "squat": (54, 57),
    "push-up": (31, 34),
    "lunge": (42, 45),
    "biceps-curl": (32, 35),
    "shoulder-press": (15, 18),
    "jumping-jack": (54, 56),
    "sit-up": (9, 11),
    "pull-up": (48, 51),
    "deadlift": (41, 44),
    "lateral-raise": (49, 52),
    "front-raise": (57, 60),
    "sit-to-stand": (44, 47),
    "shoulder-abduction": (49, 52),
    "shoulder-rotation": (26, 29),
    "hurdle-step": (39, 42),
    "straight-leg-raise": (42, 45),
    "side-lunge": (57, 60),
}
#: Degrees of which the repetitions are shallow, and of which they are full.
FULL: Final = {
    "squat": (74, 77),
    "push-up": (76, 79),
    "lunge": (61, 64),
    "biceps-curl": (67, 70),
    "shoulder-press": (61, 64),
    "jumping-jack": (95, 98),
    "sit-up": (37, 40),
    "pull-up": (110, 113),
    "lateral-raise": (67, 70),
    "front-raise": (71, 74),
    "shoulder-abduction": (114, 117),
    "shoulder-rotation": (83, 87),
    "hurdle-step": (65, 68),
    "straight-leg-raise": (58, 62),
    "side-lunge": (65, 69),
}
#: Share of the way from rest to the turn to which somebody comes back: within the resting level, and no longer.
RESTING: Final = {
    "squat": (0.45, 0.50),
    "push-up": (0.65, 0.70),
    "lunge": (0.35, 0.40),
    "biceps-curl": (0.35, 0.40),
    "shoulder-press": (0.40, 0.45),
    "jumping-jack": (0.35, 0.40),
    "sit-up": (0.25, 0.30),
    "pull-up": (0.70, 0.75),
    "deadlift": (0.35, 0.40),
    "lateral-raise": (0.40, 0.45),
    "front-raise": (0.40, 0.45),
    "sit-to-stand": (0.20, 0.25),
    "shoulder-abduction": (0.20, 0.25),
    "shoulder-rotation": (0.55, 0.60),
    "hurdle-step": (0.35, 0.40),
    "straight-leg-raise": (0.45, 0.50),
    "side-lunge": (0.35, 0.40),
}
#: Depth, of that of full depth, and range of motion in degrees where it is seen true; and a view that distorts it.
JUDGED: Final = {
    "squat": (SIDE, 0.83, 115, OBLIQUE),  # thighs 0.65 * 115 = 75 degrees from the vertical, of 90
    "push-up": (SIDE, 0.97, 95, OBLIQUE),
    "lunge": (SIDE, 0.94, 85, OBLIQUE),  # 85 of 90
    "biceps-curl": (SIDE, 1.08, 115, OBLIQUE),  # forearm 10 + 120 degrees, of 120
    "shoulder-press": (FRONT, 1.10, 105, SIDE),
    "jumping-jack": (FRONT, 1.16, 145, SIDE),
    "sit-up": (SIDE, 1.00, 70, OBLIQUE),
    "pull-up": (FRONT, 0.91, 125, SIDE),
    "deadlift": (SIDE, 1.42, 123, OBLIQUE),  # trunk 85 degrees from the vertical, of 60
    "lateral-raise": (FRONT, 0.98, 80, SIDE),  # arms 8 + 80 degrees, of 90
    "front-raise": (SIDE, 1.00, 90, OBLIQUE),  # 90 of 90
    "sit-to-stand": (SIDE, 1.20, 88, OBLIQUE),  # thighs 90 degrees above level, of 75
    "shoulder-abduction": (FRONT, 1.10, 140, SIDE),  # arms 8 + 140 degrees, of 135
    "hurdle-step": (SIDE, 0.98, 85, OBLIQUE),  # thigh 3 + 85 degrees, of 90
    "straight-leg-raise": (SIDE, 0.83, 75, OBLIQUE),  # 75 of 90
    "side-lunge": (FRONT, 1.12, 18, SIDE),
}
#: Asked for by the guide although the knees alone are counted.
ASKED_ONLY: Final = ("hurdle-step", "straight-leg-raise")
NEAR_THE_FLOOR: Final = ("push-up", "sit-up")


def degrees(exercise: str, deg: float) -> PoseTrack:
    return exerciser(exercise, FOUR, range_deg=deg).track


def coming_back_to(exercise: str, share: float) -> PoseTrack:
    """Return somebody who comes back to a share of the way only."""

    def posture(bends: Sequence[FloatArray], deg: float) -> Posture:
        left, right = (share + (1 - share) * bend for bend in bends)
        return DRAWN[exercise].posture((left, right), deg)

    return exerciser(exercise, FOUR, posture=posture).track


def without(track: PoseTrack, joints: tuple[str, ...]) -> PoseTrack:
    xy_px, score = track.xy_px.copy(), track.score.copy()
    columns = [Keypoint[f"{side}_{joint}"] for side in ("LEFT", "RIGHT") for joint in joints]
    xy_px[:, columns], score[:, columns] = np.nan, 0.0
    return replace(track, xy_px=xy_px, score=score)


def doubts(track: PoseTrack, exercise: str) -> tuple[str, ...]:
    """Return what speaks against an exercise in half of its repetitions."""
    smoothed = smooth_track(track, SmoothingSettings()).track
    return Movement(smoothed, RepetitionSettings()).found(EXERCISES[exercise]).doubts


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_movement_counts_from_its_least_range_on(exercise: str) -> None:
    too_little, enough = LEAST[exercise]
    assert counted(degrees(exercise, too_little), exercise).count < REPS
    assert counted(degrees(exercise, enough), exercise).count == REPS


@pytest.mark.parametrize("exercise", FULL)
def test_a_repetition_is_full_from_its_level_on(exercise: str) -> None:
    shallow, full = (counted(degrees(exercise, deg), exercise) for deg in FULL[exercise])
    assert (shallow.count, full.count, full.partial) == (REPS, REPS, 0)
    assert shallow.partial > 0


@pytest.mark.parametrize("exercise", EXERCISES)
def test_who_does_not_come_back_to_rest_makes_the_count_less_sure(exercise: str) -> None:
    back, not_back = RESTING[exercise]
    assert "rest" not in doubts(coming_back_to(exercise, back), exercise)
    assert "rest" in doubts(coming_back_to(exercise, not_back), exercise)


@pytest.mark.parametrize("exercise", JUDGED)
def test_depth_is_told_from_every_view_and_the_range_of_motion_where_it_is_seen_true(exercise: str) -> None:
    yaw_deg, depth, range_deg, distorting_deg = JUDGED[exercise]
    seen, distorted = (
        counted(exerciser(exercise, FOUR, yaw_deg=yaw).track, exercise).repetitions[1]
        for yaw in (yaw_deg, distorting_deg)
    )
    assert seen.depth == pytest.approx(depth, abs=0.02)
    assert seen.range_deg == pytest.approx(range_deg, abs=1.0)
    assert distorted.depth is not None
    assert distorted.range_deg is None


def test_a_shoulder_rotation_has_neither_a_depth_nor_a_range_of_motion() -> None:
    """The shoulder turns about the upper arm, which no picture of joints shows."""
    one = counted(degrees("shoulder-rotation", 130), "shoulder-rotation").repetitions[1]
    assert (one.depth, one.range_deg) == (None, None)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_nothing_is_counted_without_what_the_guide_asks_to_be_in_the_picture_and_everything_without_the_rest(
    exercise: str,
) -> None:
    needs, track = EXERCISES[exercise].filming.needs, exerciser(exercise, FOUR).track
    assert counted(without(track, HANDS), exercise).count == (0 if "hands" in needs else REPS)
    assert ("feet" in needs) or exercise not in ASKED_ONLY
    if exercise not in ASKED_ONLY:
        assert counted(without(track, FEET), exercise).count == (0 if "feet" in needs else REPS)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_who_lies_on_the_floor_is_filmed_from_near_the_floor(exercise: str) -> None:
    assert EXERCISES[exercise].filming.near_floor is (exercise in NEAR_THE_FLOOR)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_guide_asks_for_a_view_from_which_the_exercise_is_drawn_and_counted(exercise: str) -> None:
    view, yaws_deg = EXERCISES[exercise].filming.view, DRAWN[exercise].yaws_deg
    assert (SIDE if view == "side" else FRONT) in yaws_deg
