"""How a repetition was done: phases, range, depth, sides and remarks, against people drawn in closed form.

The repetitions are given, not counted, so that what is said of them is tested by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from gaitlab.motion.kinematics import joint_angles
from gaitlab.motion.smoothing import smooth_track
from gaitlab.records import PoseTrack, Repetition, Side
from gaitlab.records.skeleton import MIRROR, Keypoint
from gaitlab.repetitions.counting import Excursion
from gaitlab.repetitions.describe import describe_repetition
from gaitlab.repetitions.exercises import ANY_MOVEMENT, EXERCISES
from gaitlab.repetitions.form import moment_words
from gaitlab.repetitions.measures import aspect_of
from gaitlab.repetitions.standards import FORM_RULES
from gaitlab.settings import SmoothingSettings
from tests.builders import SCORE
from tests.builders_exercise import (
    BACK,
    DRAWN,
    FRONT,
    OBLIQUE,
    SIDE,
    Bends,
    Exercising,
    Limbs,
    Plan,
    Posture,
    exerciser,
)
from tests.unit.repetitions.test_form import LIMITS

ONE = Plan(reps=1, tempo_s=2.0)
TWIN_ANGLES = ("squat", "push-up", "biceps-curl", "lateral-raise", "front-raise", "shoulder-press", "jumping-jack")


def described(
    done: Exercising, exercise: str, plan: Plan = ONE, *, number: int = 0, cut_off: bool = False
) -> Repetition:
    """Return what is said of one repetition of a drawn person who faces right, when it is known where it is."""
    smoothed = smooth_track(done.track, SmoothingSettings())
    angles = joint_angles(smoothed.track, forward=np.ones(len(done.track)), facing="right")
    time_s = done.track.time_s
    start_s = plan.start_s(number)
    at = [int(np.argmin(np.abs(time_s - t))) for t in (start_s, done.turns_s[number], start_s + plan.tempo_s)]
    one = Excursion(start=at[0], turn=at[1], end=at[2], full=True, cut_off=cut_off, side=done.sides[number])
    way = np.minimum(time_s - start_s, start_s + plan.tempo_s - time_s) / (plan.tempo_s * (1 - plan.hold_share) / 2)
    signal = (1 - np.cos(np.pi * np.clip(way, 0, 1))) / 2
    return describe_repetition(
        1, one, turns=[0, one.turn, len(time_s) - 1], signal=signal,
        smoothed=smoothed, angles=angles, exercise=EXERCISES.get(exercise, ANY_MOVEMENT), confidence=0.9,
    )  # fmt: skip


def rules_of(repetition: Repetition) -> set[str]:
    return {note.rule for note in repetition.form}


@pytest.mark.parametrize("hold_share", [0.0, 0.3, 0.6])
def test_the_way_out_the_hold_and_the_way_back_take_their_times(hold_share: float) -> None:
    plan = replace(ONE, tempo_s=4.0, hold_share=hold_share)
    one = described(exerciser("squat", plan), "squat", plan)
    moving_s = 4.0 * (1 - hold_share) / 2
    assert one.outward_s == pytest.approx(moving_s, abs=0.07)
    assert one.hold_s == pytest.approx(4.0 * hold_share, abs=0.10)
    assert one.return_s == pytest.approx(moving_s, abs=0.07)


def test_of_a_repetition_that_is_cut_off_only_the_way_out_is_known() -> None:
    one = described(exerciser("squat", ONE), "squat", cut_off=True)
    assert one.outward_s == pytest.approx(1.0, abs=0.07)
    assert (one.hold_s, one.return_s) == (None, None)
    assert "cut off" in one.notes


@pytest.mark.parametrize("exercise", TWIN_ANGLES)
@pytest.mark.parametrize("share", [0.6, 0.8, 1.0])
def test_the_range_of_motion_is_that_of_the_joint(exercise: str, share: float) -> None:
    range_deg = share * DRAWN[exercise].range_deg
    yaw_deg = SIDE if EXERCISES[exercise].standard.aspects == ("side",) else FRONT
    one = described(exerciser(exercise, ONE, yaw_deg=yaw_deg, range_deg=range_deg), exercise)
    assert one.range_deg == pytest.approx(range_deg, abs=5.0)


@pytest.mark.parametrize("exercise", sorted(EXERCISES))
def test_the_range_is_withheld_from_where_the_joint_is_foreshortened(exercise: str) -> None:
    wrong_deg = FRONT if EXERCISES[exercise].standard.aspects == ("side",) else SIDE
    assert described(exerciser(exercise, ONE, yaw_deg=wrong_deg), exercise).range_deg is None


@pytest.mark.parametrize("exercise", sorted(set(EXERCISES) - {"sit-up", "deadlift", "front-raise"}))
def test_depth_is_the_same_from_the_front_and_from_an_oblique_view(exercise: str) -> None:
    front, oblique = (described(exerciser(exercise, ONE, yaw_deg=yaw), exercise).depth for yaw in (FRONT, OBLIQUE))
    assert front == pytest.approx(oblique, abs=0.05)


@pytest.mark.parametrize(("knee_deg", "depth"), [(138.5, 1.0), (69.2, 0.5)])
def test_a_squat_is_deep_enough_when_the_thighs_are_level(knee_deg: float, depth: float) -> None:
    """Of the knee's flexion the thigh takes 0.65: it is level at 138 degrees."""
    for yaw_deg in (SIDE, OBLIQUE, FRONT):
        one = described(exerciser("squat", ONE, yaw_deg=yaw_deg, range_deg=knee_deg), "squat")
        assert one.depth == pytest.approx(depth, abs=0.06)


@pytest.mark.parametrize("exercise", sorted(EXERCISES))
@pytest.mark.parametrize("yaw_deg", [SIDE, OBLIQUE, FRONT, BACK])
def test_clean_repetitions_get_no_remark(exercise: str, yaw_deg: float) -> None:
    assert described(exerciser(exercise, ONE, yaw_deg=yaw_deg, noise_px=1.0), exercise).notes == ()


def knees_in(bends: Bends, range_deg: float) -> Posture:
    knee = range_deg * bends[0]
    legs = Limbs(thigh=(0.65 * knee, 2 - 12.0 * bends[0]), shank=(-0.35 * knee, 2 + 12.0 * bends[0]))
    return Posture(trunk_deg=0.35 * knee, left=legs, right=legs, fixed="lowest ankle")


def leaning(bends: Bends, range_deg: float) -> Posture:
    knee = range_deg * bends[0]
    legs = Limbs(thigh=(0.65 * knee, 5.0), shank=(-0.35 * knee, 0.0))
    return Posture(trunk_deg=0.5 * knee, left=legs, right=legs, fixed="lowest ankle")


def plank(hip_deg: float) -> Callable[[Bends, float], Posture]:
    """Return a push-up whose body is bent at the hips, sagging positive."""

    def posture(bends: Bends, range_deg: float) -> Posture:
        straight = DRAWN["push-up"].posture(bends, range_deg)
        slope = np.asarray(straight.trunk_deg)
        legs = (-slope - 0.5 * hip_deg * bends[0], 0.0)
        arms = replace(straight.left, thigh=legs, shank=legs)
        return replace(straight, trunk_deg=slope - 0.5 * hip_deg * bends[0], left=arms, right=arms)

    return posture


def swinging(bends: Bends, range_deg: float) -> Posture:
    return replace(DRAWN["biceps-curl"].posture(bends, range_deg), trunk_deg=-25.0 * bends[0])


def drifting(bends: Bends, range_deg: float) -> Posture:
    arm = Limbs(upper_arm=(45.0 * bends[0], 5.0), forearm=(10.0 + range_deg * bends[0], 3.0))
    return Posture(trunk_deg=0.0, left=arm, right=arm, fixed="lowest ankle")


def lying_back(bends: Bends, range_deg: float) -> Posture:
    return replace(DRAWN["shoulder-press"].posture(bends, range_deg), trunk_deg=-22.0 * np.ones_like(bends[0]))


def lopsided(bends: Bends, range_deg: float) -> Posture:
    return DRAWN["shoulder-press"].posture((bends[0], 0.7 * bends[1]), range_deg)


def flaring(bends: Bends, range_deg: float) -> Posture:
    straight = DRAWN["push-up"].posture(bends, range_deg)
    arms = replace(straight.left, upper_arm=(0.0, 80.0 * bends[0]), forearm=(0.0, -60.0 * bends[0]))
    return replace(straight, left=arms, right=arms)


def pushing_off(bends: Bends, range_deg: float) -> Posture:
    folded = DRAWN["sit-to-stand"].posture(bends, range_deg)
    arms = replace(folded.left, upper_arm=(10.0, 3.0), forearm=(60.0, 0.0))
    return replace(folded, left=arms, right=arms)


FAULTS = [
    ("squat", knees_in, FRONT, "knees_in"),
    ("squat", leaning, SIDE, "trunk_leans"),
    ("push-up", plank(30.0), SIDE, "hips_sag"),
    ("push-up", plank(-45.0), SIDE, "hips_high"),
    ("push-up", flaring, FRONT, "elbows_flare"),
    ("biceps-curl", swinging, SIDE, "trunk_swings"),
    ("biceps-curl", drifting, SIDE, "elbows_drift"),
    ("shoulder-press", lying_back, SIDE, "trunk_leans_back"),
    ("shoulder-press", lopsided, FRONT, "uneven"),
]


@pytest.mark.parametrize(("exercise", "posture", "yaw_deg", "rule"), FAULTS, ids=[fault[3] for fault in FAULTS])
def test_a_fault_is_told_where_it_shows_and_from_nowhere_else(
    exercise: str, posture: Callable[[Bends, float], Posture], yaw_deg: float, rule: str
) -> None:
    one = described(exerciser(exercise, ONE, posture=posture, yaw_deg=yaw_deg, noise_px=0.5), exercise)
    assert rules_of(one) == {rule}
    other_deg = FRONT if yaw_deg == SIDE else SIDE
    assert rule not in rules_of(described(exerciser(exercise, ONE, posture=posture, yaw_deg=other_deg), exercise))


@pytest.mark.parametrize("yaw_deg", [SIDE, OBLIQUE, FRONT])
def test_hands_that_may_push_off_are_told_from_anywhere(yaw_deg: float) -> None:
    done = exerciser("sit-to-stand", ONE, posture=pushing_off, yaw_deg=yaw_deg, noise_px=0.5)
    assert rules_of(described(done, "sit-to-stand")) == {"arms_help"}


def test_every_rule_has_a_fault_that_it_is_tested_with() -> None:
    assert {fault[3] for fault in FAULTS} | {"arms_help"} | set(LIMITS) == set(FORM_RULES)


def test_a_remark_names_the_moment_at_which_it_shows_most() -> None:
    plan = replace(ONE, before_s=6.0)
    one = described(exerciser("squat", plan, posture=leaning), "squat", plan)
    (note,) = one.form
    assert note.time_s == pytest.approx(7.0, abs=0.1)
    assert note.value == pytest.approx(57.5, abs=2.0)
    assert one.notes == (f"trunk leans {note.value:.0f} degrees at 0:0{int(note.time_s)}",)


@pytest.mark.parametrize(("time_s", "words"), [(7.9, "0:07"), (65.0, "1:05"), (0.2, "0:00")])
def test_a_moment_is_told_as_a_player_shows_it(time_s: float, words: str) -> None:
    assert moment_words(time_s) == words


def test_the_arm_that_goes_less_far_shows_in_the_difference_of_sides() -> None:
    one = described(exerciser("shoulder-press", ONE, posture=lopsided, yaw_deg=FRONT), "shoulder-press")
    assert one.left_right_difference_deg == pytest.approx(0.3 * DRAWN["shoulder-press"].range_deg, abs=5.0)


def test_from_the_side_sides_are_not_compared() -> None:
    assert described(exerciser("squat", ONE, yaw_deg=SIDE), "squat").left_right_difference_deg is None


@pytest.mark.parametrize("side", ["left", "right"])
def test_one_arm_alone_is_judged_by_itself(side: Side) -> None:
    plan = replace(ONE, sides=(side,))
    one = described(exerciser("biceps-curl", plan, yaw_deg=SIDE), "biceps-curl", plan)
    assert one.range_deg == pytest.approx(DRAWN["biceps-curl"].range_deg, abs=5.0)
    assert one.left_right_difference_deg is None


def test_a_movement_without_a_standard_has_neither_range_nor_depth_nor_remarks() -> None:
    one = described(exerciser("leg-raise", ONE), "leg-raise")
    assert (one.range_deg, one.depth, one.left_right_difference_deg, one.form) == (None, None, None, ())


def without(track: PoseTrack, *names: str) -> PoseTrack:
    """Return the track with joints of both sides unseen."""
    score = track.score.copy()
    score[:, [Keypoint[f"{side}_{name}"] for side in ("LEFT", "RIGHT") for name in names]] = 0.1
    return replace(track, score=score)


def test_joints_that_are_not_seen_are_not_judged() -> None:
    done = exerciser("push-up", ONE, posture=plank(30.0), yaw_deg=SIDE)
    one = described(replace(done, track=without(done.track, "WRIST", "HIP")), "push-up")
    assert (one.range_deg, one.depth, one.form) == (None, None, ())


def test_from_where_a_repetition_is_seen_is_told_by_the_shoulders() -> None:
    for exercise in ("squat", "push-up", "pull-up"):
        for yaw_deg, aspect in ((SIDE, "side"), (FRONT, "front"), (BACK, "front")):
            assert aspect_of(exerciser(exercise, ONE, yaw_deg=yaw_deg).track.xy_px) == aspect


def test_without_hips_in_the_picture_the_arms_tell_from_where_it_is_seen() -> None:
    xy_px = exerciser("pull-up", ONE, yaw_deg=BACK).track.xy_px.copy()
    xy_px[:, Keypoint.LEFT_HIP :] = np.nan
    assert aspect_of(xy_px) == "front"


@pytest.mark.parametrize("exercise", ["squat", "shoulder-press", "biceps-curl"])
def test_a_mirror_image_is_described_alike_with_the_sides_exchanged(exercise: str) -> None:
    done = exerciser(exercise, ONE, yaw_deg=OBLIQUE, noise_px=0.5)
    flipped = done.track.xy_px[:, list(MIRROR)] * np.array([-1.0, 1.0]) + np.array([1920.0, 0.0])
    image = replace(done, track=replace(done.track, xy_px=flipped, score=np.full(flipped.shape[:2], SCORE)))
    one, other = described(done, exercise), described(image, exercise)
    assert one.depth == pytest.approx(other.depth, abs=1e-6)
    assert one.left_right_difference_deg == pytest.approx(-(other.left_right_difference_deg or 0.0), abs=1e-6)
