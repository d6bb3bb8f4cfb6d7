"""What each exercise asks of a movement that is to have its name: for each limit a case just on each side.

Heights, ways and angles are those of `gaitlab.repetitions.traits`: a thigh is at 1 standing and at 0 level, an arm is
at -1 hanging and at 1 overhead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pytest

from gaitlab.motion.anthropometry import ARM, FOREARM, LEG, SHANK, THIGH, TRUNK, UPPER_ARM
from gaitlab.records import FloatArray
from gaitlab.repetitions.counting import Excursion
from gaitlab.repetitions.exercise_row import Measured, Trait
from gaitlab.repetitions.exercises import EXERCISES
from gaitlab.repetitions.traits import MEASURED, Posture, degree
from tests.builders import PLACED_FRAMES as FRAMES
from tests.builders import PLACED_HEIGHT_PX as HEIGHT_PX
from tests.builders import placed_body
from tests.unit.repetitions.test_traits import arms

ONE = Excursion(start=0, turn=15, end=30, full=True, side="both")
Points = dict[str, Any]

#: Of each exercise: what it asks, and for each limit a value that is within it and one that is not.
LIMITS: Final[Mapping[str, Mapping[str, list[tuple[float, float]]]]] = {
    "squat": {
        "trunk at rest": [(0.76, 0.74)],
        "trunk at the turn": [(0.36, 0.34)],
        "flatter_thigh at rest": [(0.71, 0.69)],
        "steeper_thigh at the turn": [(0.59, 0.61)],
        "thighs_differ at the turn": [(0.21, 0.23)],
        "knees_differ at the turn": [(29.0, 31.0)],
        "hip_travel on the way": [(0.104, 0.096)],
        "seated on the way": [(0.47, 0.53)],
        "shift at the turn, from the front": [(0.11, 0.13)],
    },
    "push-up": {
        "hand at rest": [(-0.41, -0.39)],
        "hand in its change": [(0.16, 0.14)],
        "hand_share on the way": [(0.38, 0.42)],
        "elbow_angle in its change": [(-26.0, -24.0)],
        "hip_angle at rest": [(131.0, 129.0)],
        "hip_angle at the turn": [(126.0, 124.0)],
        "hip_travel on the way": [(0.346, 0.354)],
        "shoulder_angle at rest": [(21.0, 19.0)],
    },
    "lunge": {
        "trunk at the turn": [(0.71, 0.69)],
        "thighs_differ at the turn": [(0.24, 0.22)],
        "flatter_thigh at the turn": [(0.64, 0.66)],
        "hip_travel on the way": [(0.104, 0.096)],
        "moving_foot at the turn": [(0.39, 0.41)],
        "hip_height at the turn": [(0.61, 0.63)],
        "flatter_thigh at rest": [(0.56, 0.54)],
        "feet_apart at the turn, from the side": [(0.41, 0.39)],
    },
    "biceps-curl": {
        "upper_arm at rest": [(-0.61, -0.59)],
        "upper_arm at the turn": [(-0.56, -0.54)],
        "forearm at rest": [(-0.31, -0.29)],
        "forearm at the turn": [(0.21, 0.19)],
        "elbow_angle in its change": [(-41.0, -39.0)],
        "shoulder_travel on the way": [(0.046, 0.054)],
        "trunk at the turn": [(0.61, 0.59)],
        "bounce on the way": [(0.045, 0.055)],
    },
    "shoulder-press": {
        "hand at rest": [(-0.19, -0.21), (0.74, 0.76)],
        "hand at the turn": [(0.66, 0.64)],
        "forearm at rest": [(0.51, 0.49)],
        "forearm at the turn": [(0.61, 0.59)],
        "upper_arm at rest": [(0.39, 0.41)],
        "elbow_angle in its change": [(36.0, 34.0)],
        "shoulder_travel on the way": [(0.056, 0.064)],
        "trunk at the turn": [(0.61, 0.59)],
    },
    "jumping-jack": {
        "hand in its change": [(0.81, 0.79)],
        "hand at the turn": [(0.21, 0.19)],
        "hand at rest": [(-0.11, -0.09)],
        "elbow_angle at the turn": [(111.0, 109.0)],
        "trunk at the turn": [(0.71, 0.69)],
        "jump on the way": [(0.27, 0.23)],
    },
    "sit-up": {
        "trunk at rest": [(0.49, 0.51)],
        "trunk at the turn": [(0.61, 0.59)],
        "hip_height at the turn": [(0.34, 0.36)],
        "flatter_thigh at the turn": [(0.19, 0.21)],
        "hip_angle in its change": [(-26.0, -24.0)],
    },
    "pull-up": {
        "hand at rest": [(0.51, 0.49)],
        "hand_share on the way": [(0.38, 0.42)],
        "hand in its change": [(-0.21, -0.19)],
        "elbow_angle in its change": [(-41.0, -39.0)],
        "shoulder_travel on the way": [(0.104, 0.096)],
        "forearm at the turn": [(0.21, 0.19)],
    },
    "deadlift": {
        "trunk at rest": [(0.76, 0.74)],
        "trunk at the turn": [(0.64, 0.66)],
        "upper_arm at the turn": [(-0.61, -0.59)],
        "hand at the turn": [(-0.61, -0.59)],
        "flatter_thigh at the turn": [(0.36, 0.34)],
        "thighs_differ at the turn": [(0.21, 0.23)],
        "hip_angle in its change": [(-41.0, -39.0)],
        "steeper_thigh in its change": [(-0.59, -0.61)],
        "hip_travel on the way": [(0.044, 0.036)],
        "hip_height at the turn": [(0.61, 0.59)],
        "knee_angle at the turn, from the side": [(96.0, 94.0)],
    },
    "lateral-raise": {
        "hand at rest": [(-0.51, -0.49)],
        "hand at the turn": [(-0.29, -0.31), (0.49, 0.51)],
        "elbow_angle at the turn": [(116.0, 114.0)],
        "shoulder_travel on the way": [(0.056, 0.064)],
        "upper_arm at the turn": [(-0.49, -0.51)],
        "trunk at the turn": [(0.71, 0.69)],
        "hip_travel on the way": [(0.056, 0.064)],
        "arm_azimuth on the way": [(52.0, 50.0)],
    },
    "front-raise": {
        "hand at rest": [(-0.51, -0.49)],
        "hand at the turn": [(-0.29, -0.31), (0.49, 0.51)],
        "elbow_angle at the turn": [(116.0, 114.0)],
        "shoulder_travel on the way": [(0.056, 0.064)],
        "upper_arm at the turn": [(-0.49, -0.51)],
        "trunk at the turn": [(0.71, 0.69)],
        "hip_travel on the way": [(0.056, 0.064)],
        "arm_azimuth on the way": [(24.0, 26.0)],
        "hand_ahead at the turn, from the side": [(0.01, -0.01)],
    },
    "sit-to-stand": {
        "trunk at rest": [(0.61, 0.59)],
        "trunk at the turn": [(0.81, 0.79)],
        "flatter_thigh at rest": [(0.44, 0.46)],
        "flatter_thigh at the turn": [(0.81, 0.79)],
        "seated on the way": [(0.53, 0.47)],
        "thighs_differ at rest": [(0.19, 0.21)],
        "hip_travel on the way": [(0.154, 0.146)],
        "hip_height at rest": [(0.43, 0.41)],
    },
    "shoulder-abduction": {
        "hand at rest": [(-0.31, -0.29)],
        "hand at the turn": [(0.51, 0.49)],
        "elbow_angle at the turn": [(116.0, 114.0)],
        "elbow_angle at rest": [(106.0, 104.0)],
        "arm_azimuth on the way": [(52.0, 50.0)],
        "shoulder_travel on the way": [(0.046, 0.054)],
        "bounce on the way": [(0.245, 0.255)],
        "upper_arm at the turn": [(0.26, 0.24)],
        "trunk at the turn": [(0.61, 0.59)],
    },
    "shoulder-rotation": {
        "upper_arm at rest": [(-0.29, -0.31), (0.34, 0.36)],
        "upper_arm at the turn": [(-0.39, -0.41), (0.34, 0.36)],
        "forearm in its change": [(0.51, 0.49)],
        "forearm at the turn": [(0.51, 0.49)],
        "shoulder_travel on the way": [(0.046, 0.054)],
        "trunk at the turn": [(0.71, 0.69)],
    },
    "hurdle-step": {
        "moving_thigh at rest": [(0.71, 0.69)],
        "moving_thigh at the turn": [(0.34, 0.36)],
        "other_thigh at the turn": [(0.86, 0.84)],
        "moving_shank at the turn": [(0.61, 0.59)],
        "moving_foot at the turn": [(0.36, 0.34)],
        "trunk at the turn": [(0.81, 0.79)],
        "one_sided on the way": [(0.91, 0.89)],
    },
    "straight-leg-raise": {
        "moving_thigh at rest": [(0.76, 0.74)],
        "moving_thigh at the turn": [(0.69, 0.71)],
        "other_thigh at the turn": [(0.86, 0.84)],
        "shank_over_thigh at the turn": [(0.29, 0.31)],
        "moving_foot at the turn": [(0.21, 0.19)],
        "trunk at the turn": [(0.71, 0.69)],
        "one_sided on the way": [(0.91, 0.89)],
        "feet_apart at the turn, from the side": [(0.51, 0.49)],
        "feet_apart at the turn, from the front": [(0.59, 0.61)],
    },
    "side-lunge": {
        "trunk at the turn": [(0.31, 0.29)],
        "flatter_thigh at rest": [(0.71, 0.69)],
        "knees_differ at the turn, from the side": [(36.0, 34.0)],
        "knees_differ at the turn, from the front": [(16.0, 14.0)],
        "thighs_differ at the turn": [(0.21, 0.23)],
        "hip_travel on the way": [(0.064, 0.056)],
        "feet_apart at the turn, from the front": [(0.76, 0.74)],
        "shift at the turn, from the front": [(0.21, 0.19)],
    },
}
CASES = [
    (exercise, asked, there, off) for exercise, all_asked in LIMITS.items()
    for asked, pairs in all_asked.items() for there, off in pairs
]  # fmt: skip


def way(rest: float, turn: float) -> FloatArray:
    """Return what is `rest` at the start and the end, and `turn` around the turn."""
    return np.interp(np.arange(FRAMES), [0, 5, 10, 20, 25, 30], [rest, rest, turn, turn, rest, rest])


def over(high: str, low: str, length: float, left: FloatArray, right: FloatArray | None = None) -> Points:
    """Return two joints of each side, the first one so many lengths over the other."""
    heights = {"LEFT": left, "RIGHT": left if right is None else right}
    low_place = np.tile([300.0, 300.0], (FRAMES, 1))
    return {
        **{f"{side}_{low}": low_place for side in heights},
        **{
            f"{side}_{high}": low_place - np.outer(height * length * HEIGHT_PX, [0.0, 1.0])
            for side, height in heights.items()
        },
    }


def bent(joints: tuple[str, str, str], left_deg: FloatArray, right_deg: FloatArray | None = None) -> Points:
    """Return three joints of each side with an inner angle at the second."""
    first, middle, last = joints
    points: Points = {}
    for side, deg in (("LEFT", left_deg), ("RIGHT", left_deg if right_deg is None else right_deg)):
        points[f"{side}_{first}"], points[f"{side}_{middle}"] = (300.0, 200.0), (300.0, 300.0)
        turned = np.stack([np.sin(np.radians(deg)), -np.cos(np.radians(deg))], axis=1)
        points[f"{side}_{last}"] = 300.0 + 100.0 * turned
    return points


def beside(joint: str, other: str, legs: FloatArray) -> Points:
    """Return two joints so many leg lengths beside each other."""
    at = np.tile([300.0, 300.0], (FRAMES, 1))
    return {joint: at + np.outer(legs * LEG * HEIGHT_PX, [1.0, 0.0]), other: at}


def both(joint: str, y_px: FloatArray) -> Points:
    place = np.column_stack([np.full(FRAMES, 300.0), y_px])
    return {f"LEFT_{joint}": place, f"RIGHT_{joint}": place}


def hands_ahead(arm_lengths: FloatArray) -> Points:
    hand = np.column_stack([300.0 + arm_lengths * ARM * HEIGHT_PX, np.full(FRAMES, 300.0)])
    shoulders: Points = {"LEFT_SHOULDER": (300.0, 300.0), "RIGHT_SHOULDER": (300.0, 300.0), "NOSE": (310.0, 250.0)}
    return shoulders | {"LEFT_WRIST": hand, "RIGHT_WRIST": hand}


def behind_the_feet(legs: float) -> Points:
    """Return a trunk over steep thighs, so far behind the feet."""
    x = 300.0 - legs * LEG * HEIGHT_PX
    points: Points = {"SHOULDER": (x, 100.0), "HIP": (x, 200.0), "KNEE": (300.0, 200.0 + 0.6 * THIGH * HEIGHT_PX)}
    points["ANKLE"] = (300.0, 400.0)
    return {f"{side}_{joint}": place for side in ("LEFT", "RIGHT") for joint, place in points.items()}


def bouncing(heights_per_s: float) -> Points:
    """Return shoulders that go up and down at one speed, five frames each way; its standard deviation is the speed."""
    up = np.tile(np.repeat([1.0, -1.0], 5), 3)
    return both("SHOULDER", 200.0 - HEIGHT_PX * heights_per_s / 30.0 * np.concatenate([[0.0], np.cumsum(up)]))


#: What shows a value over time, at rest and at the turn.
OVER_TIME: Final[Mapping[Measured, Callable[[FloatArray], Points]]] = {
    "trunk": lambda v: over("SHOULDER", "HIP", TRUNK, v),
    "flatter_thigh": lambda v: over("HIP", "KNEE", THIGH, v, v + 0.2),
    "steeper_thigh": lambda v: over("HIP", "KNEE", THIGH, v, v - 0.2),
    "thighs_differ": lambda v: over("HIP", "KNEE", THIGH, 0.3 + v, np.full(FRAMES, 0.3)),
    "moving_thigh": lambda v: over("HIP", "KNEE", THIGH, v, np.full(FRAMES, 0.5)),
    "other_thigh": lambda v: over("HIP", "KNEE", THIGH, np.full(FRAMES, 0.5), v),
    "moving_shank": lambda v: over("KNEE", "ANKLE", SHANK, v, np.full(FRAMES, 0.5)),
    "shank_over_thigh": lambda v: {
        **both("ANKLE", np.full(FRAMES, 300.0)),
        **both("KNEE", 300.0 - v * SHANK * HEIGHT_PX),
        **both("HIP", 310.0 - v * SHANK * HEIGHT_PX),  # a thigh that points up is told as a level one
    },
    "moving_foot": lambda v: {
        **both("ANKLE", np.full(FRAMES, 300.0)),
        "LEFT_ANKLE": np.column_stack([np.full(FRAMES, 300.0), 300.0 - v * LEG * HEIGHT_PX]),
    },
    "feet_apart": lambda v: beside("LEFT_ANKLE", "RIGHT_ANKLE", v),
    "hip_height": lambda v: over("HIP", "ANKLE", LEG, v),
    "knees_differ": lambda v: bent(("HIP", "KNEE", "ANKLE"), 60.0 + v, np.full(FRAMES, 60.0)),
    "knee_angle": lambda v: bent(("HIP", "KNEE", "ANKLE"), v),
    "hip_angle": lambda v: bent(("SHOULDER", "HIP", "KNEE"), v),
    "hand": lambda v: over("WRIST", "SHOULDER", ARM, v),
    "hand_ahead": hands_ahead,
    "upper_arm": lambda v: over("ELBOW", "SHOULDER", UPPER_ARM, v),
    "forearm": lambda v: over("WRIST", "ELBOW", FOREARM, v),
    "elbow_angle": lambda v: bent(("SHOULDER", "ELBOW", "WRIST"), v),
    "shoulder_angle": lambda v: bent(("HIP", "SHOULDER", "ELBOW"), v),
    "shift": lambda v: {
        # the middle of the trunk lies half-way between shoulders and hips
        **both("SHOULDER", np.full(FRAMES, 100.0)), **beside("LEFT_HIP", "LEFT_ANKLE", 2 * v),
    },
}  # fmt: skip
#: What shows a value of a whole repetition.
OF_WAY: Final[Mapping[Measured, Callable[[float], Points]]] = {
    "hip_travel": lambda v: both("HIP", 200.0 + way(0.0, v * HEIGHT_PX)),
    "shoulder_travel": lambda v: both("SHOULDER", 200.0 + way(0.0, v * HEIGHT_PX)),
    "hand_share": lambda v: both("SHOULDER", 200.0 + way(0.0, 100.0)) | both("WRIST", 300.0 + way(0.0, 100.0 * v)),
    "bounce": bouncing,
    "arm_azimuth": lambda v: arms(v, spread=0.85),
    "seated": lambda v: behind_the_feet(0.10 + 0.15 * v),
    "jump": lambda v: beside("LEFT_ANKLE", "RIGHT_ANKLE", way(0.0, v)),
}
#: Something else, at the moments that a trait does not look at; at rest, what a change starts from.
ELSEWHERE = {"elbow_angle": 100.0, "hip_angle": 100.0, "knee_angle": 100.0, "shoulder_angle": 100.0}
SHOULDERS: Final[Mapping[str, Points]] = {
    "front": {"LEFT_SHOULDER": (340.0, 100.0), "RIGHT_SHOULDER": (260.0, 100.0)},
    "side": {"LEFT_SHOULDER": (300.0, 100.0), "RIGHT_SHOULDER": (300.0, 100.0)},
    "anywhere": {},
}
ON_ONE_SIDE = ("moving_thigh", "other_thigh", "moving_shank", "moving_foot")


def degree_of(trait: Trait, value: float) -> float:
    """Return how well a movement with a value has a trait."""
    if trait.name == "one_sided":
        ones = [replace(ONE, side="left" if n < round(100 * value) else "right") for n in range(100)]
        return degree(Posture(placed_body()), trait, ones)
    if trait.name in OF_WAY:
        points = OF_WAY[trait.name](value)
    else:
        other = ELSEWHERE.get(trait.name, 0.05)
        rest, turn = {"rest": (value, other), "turn": (other, value), "change": (other, other + value)}[trait.at]
        points = OVER_TIME[trait.name](way(rest, turn))
    shown = Posture(placed_body(**(points | SHOULDERS[trait.seen_from])))
    return degree(shown, trait, [replace(ONE, side="left") if trait.name in ON_ONE_SIDE else ONE])


def words(trait: Trait) -> str:
    """Return what a trait asks, as the table says it."""
    when = {"rest": "at rest", "turn": "at the turn", "change": "in its change", "way": "on the way"}[trait.at]
    asked = f"{trait.name} {when}"
    return asked if trait.seen_from == "anywhere" else f"{asked}, from the {trait.seen_from}"


@pytest.mark.parametrize(("exercise", "asked", "there", "off"), CASES)
def test_a_movement_has_a_trait_within_its_limits_and_less_of_it_beyond(
    exercise: str, asked: str, there: float, off: float
) -> None:
    (trait,) = [one for one in EXERCISES[exercise].traits if words(one) == asked]
    assert degree_of(trait, there) == 1.0
    assert 0.2 < degree_of(trait, off) < 1.0


def test_every_limit_of_every_exercise_has_its_two_cases() -> None:
    def limits(trait: Trait) -> int:
        return int(np.isfinite([trait.least, trait.most]).sum())

    asked = {name: {words(one): limits(one) for one in row.traits} for name, row in EXERCISES.items()}
    assert {name: {one: len(pairs) for one, pairs in traits.items()} for name, traits in LIMITS.items()} == asked


#: By how much a value is off when it counts as one standard deviation, where that is not 0.12 of a segment.
SOFT: Final[Mapping[Measured, float]] = {
    **dict.fromkeys(("knees_differ", "knee_angle", "hip_angle", "elbow_angle", "shoulder_angle"), 12.0),
    "arm_azimuth": 4.0,
    "thighs_differ": 0.05,
    "hip_height": 0.06,
    "hip_travel": 0.02,
    "shoulder_travel": 0.02,
    "bounce": 0.03,
    "hand_share": 0.15,
    "seated": 0.2,
    "one_sided": 0.1,
    "shift": 0.05,
}


@pytest.mark.parametrize("name", MEASURED)
def test_how_fast_a_trait_is_lost_beyond_its_limit(name: Measured) -> None:
    """One standard deviation beyond the limit leaves exp(-1/2) of it, two leave exp(-2)."""
    soft = SOFT.get(name, 0.12)
    limit = 2.0 * soft + (60.0 if soft >= 4 else 0.6)
    trait = Trait(name=name, at="way" if name in OF_WAY else "turn", least=limit)
    assert degree_of(trait, limit - soft) == pytest.approx(np.exp(-0.5), abs=0.05)
    assert degree_of(trait, limit - 2 * soft) == pytest.approx(np.exp(-2.0), abs=0.05)
