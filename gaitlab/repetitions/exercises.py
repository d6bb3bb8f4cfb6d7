"""The exercises as data: a new exercise is a new row.

A row names the signal that is counted (a function of body-relative keypoint positions in
`gaitlab.repetitions.signals`), which values it must reach, the position the person must be in, what else must hold for
an excursion to be this exercise (`gaitlab.repetitions.checks`), and the joint angles that describe the range of motion.

Levels are physical: heights in lengths of the segment concerned, so that they say how a joint stands. An arm of length
1 that hangs has its wrist at -1, level with the shoulder at 0, overhead at +1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

__all__ = ["ANY_MOVEMENT", "EXERCISES", "REPEATED", "Check", "Exercise", "Position", "SideOf", "Signal"]

Signal = Literal[
    "thigh_drop", "thigh_rise", "hip_drop", "shoulders_to_hands", "shoulders_down", "forearm_rise", "hand_rise",
    "hands_rise", "trunk_rise", "trunk_bend", "any",
]  # fmt: skip
Position = Literal["upright", "standing", "plank", "on_floor", "hands_up", "anywhere"]
Check = Literal[
    "hands_stay", "body_stays", "feet_stay", "knees_differ", "knees_alike", "legs_part", "hands_low", "elbows_down",
    "arms_raised", "not_overhead", "thighs_steep", "hips_move",
]  # fmt: skip

SideOf = Literal["front_leg"]

#: The activity that counts any movement that repeats, whatever it is.
REPEATED: Final = "repeated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """How one exercise is counted.

    Attributes
    ----------
    name : str
        As on the command line.
    title : str
        As shown to people.
    signal : str
        Rises toward the turning point; in units of a body segment, so that it does not depend on the picture's scale.
        A signal with a left and a right column counts each limb; limbs that move together are one repetition.
    range_min : float
        Least range (p2-p98) of the signal over the clip; with less there is no repetition.
    full_level, partial_level : float
        What the signal must reach at the turning point of a full and of a partial repetition.
    rest_level : float
        What it must have been below at the start of each.
    position : str
        What holds all through every repetition.
    checks : tuple of str
        What else tells this exercise from its neighbours, start against turning point.
    side_of : str or None
        How the side is told where the signal has no left and right.
    angles : tuple of str
        Joint angles whose range is the range of motion, valid from the side.
    filming : str
        How to film it.
    """

    name: str
    title: str
    signal: Signal
    range_min: float
    full_level: float
    partial_level: float
    rest_level: float
    position: Position
    checks: tuple[Check, ...] = ()
    side_of: SideOf | None = None
    angles: tuple[str, ...]
    filming: str


_ROWS: Final = (
    Exercise(
        name="squat",
        title="Squat",
        signal="thigh_drop",
        range_min=0.2,
        full_level=-0.65,  # thighs about 50 degrees or more from the vertical; walking and running stay above that
        partial_level=-0.75,
        rest_level=-0.8,
        position="upright",
        checks=("feet_stay", "hips_move"),
        angles=("left_knee", "right_knee"),
        filming="from the side or the front, whole body in the picture from before the first to after the last squat",
    ),
    Exercise(
        name="push-up",
        title="Push-up",
        signal="shoulders_to_hands",
        range_min=0.2,
        full_level=-0.55,  # upper arms about level: the forearm alone, 0.44 of the arm, is between shoulder and hand
        partial_level=-0.7,
        rest_level=-0.65,
        position="plank",
        checks=("hands_stay",),
        angles=("left_elbow", "right_elbow"),
        filming="from the side or the front, camera near the floor, shoulders, hands and hips in the picture",
    ),
    Exercise(
        name="lunge",
        title="Lunge",
        signal="hip_drop",
        range_min=0.12,
        full_level=-0.75,  # front thigh 60 degrees from the vertical over an upright shank
        partial_level=-0.82,
        rest_level=-0.85,
        position="upright",
        checks=("knees_differ",),
        side_of="front_leg",
        angles=("left_knee", "right_knee"),
        filming="from the side or obliquely from the front, both feet in the picture all the time",
    ),
    Exercise(
        name="biceps-curl",
        title="Biceps curl",
        signal="forearm_rise",
        range_min=0.5,
        full_level=-0.2,  # forearm level but for 12 degrees: the elbow bent by about a right angle
        partial_level=-0.5,
        rest_level=-0.55,
        position="upright",
        checks=(
            "feet_stay",
            "elbows_down",
        ),
        angles=("left_elbow", "right_elbow"),
        filming="from the front or obliquely, both arms in view; from the side only the near arm is sure",
    ),
    Exercise(
        name="shoulder-press",
        title="Shoulder press",
        signal="hands_rise",
        range_min=0.25,
        full_level=0.7,  # arms within 45 degrees of straight up
        partial_level=0.6,
        rest_level=0.55,
        position="hands_up",
        checks=(
            "feet_stay",
            "body_stays",
        ),
        angles=("left_elbow", "right_elbow"),
        filming="from the front, the stretched arms in the picture",
    ),
    Exercise(
        name="jumping-jack",
        title="Jumping jack",
        signal="hands_rise",
        range_min=0.8,
        full_level=0.3,  # arms at least 17 degrees above the shoulders
        partial_level=-0.2,
        rest_level=-0.4,
        position="upright",
        checks=("legs_part",),
        angles=("left_shoulder", "right_shoulder"),
        filming="from the front, hands and feet in the picture all the time",
    ),
    Exercise(
        name="sit-up",
        title="Sit-up",
        signal="trunk_rise",
        range_min=0.35,
        full_level=0.7,  # trunk 45 degrees from the floor
        partial_level=0.45,
        rest_level=0.4,
        position="on_floor",
        angles=("left_hip", "right_hip"),
        filming="from the side, camera near the floor, whole body in the picture",
    ),
    Exercise(
        name="pull-up",
        title="Pull-up",
        signal="shoulders_down",
        range_min=0.25,
        full_level=-0.45,  # upper arms about level: chin near the bar
        partial_level=-0.65,
        rest_level=-0.6,
        position="hands_up",
        checks=("hands_stay",),
        angles=("left_elbow", "right_elbow"),
        filming="from the front or from behind, hands and hips in the picture",
    ),
    Exercise(
        name="deadlift",
        title="Deadlift",
        signal="trunk_bend",
        range_min=0.2,
        full_level=-0.75,  # trunk about 40 degrees from the vertical
        partial_level=-0.85,
        rest_level=-0.85,
        position="standing",
        checks=("feet_stay", "hands_low", "thighs_steep", "knees_alike"),
        angles=("left_hip", "right_hip"),
        filming="from the side, whole body in the picture",
    ),
    Exercise(
        name="lateral-raise",
        title="Lateral raise",
        signal="hand_rise",
        range_min=0.4,
        full_level=-0.25,  # arms 15 degrees below the shoulders or higher
        partial_level=-0.6,
        rest_level=-0.7,
        position="upright",
        checks=("feet_stay", "arms_raised", "not_overhead"),
        angles=("left_shoulder", "right_shoulder"),
        filming="from the front, both arms in the picture",
    ),
    Exercise(
        name="front-raise",
        title="Front raise",
        signal="hand_rise",
        range_min=0.4,
        full_level=-0.25,
        partial_level=-0.6,
        rest_level=-0.7,
        position="upright",
        checks=("feet_stay", "arms_raised", "not_overhead"),
        angles=("left_shoulder", "right_shoulder"),
        filming="from the side or the front, both arms in the picture",
    ),
    Exercise(
        name="sit-to-stand",
        title="Sit-to-stand",
        signal="thigh_rise",
        range_min=0.3,
        full_level=0.85,  # thighs 32 degrees from the vertical or steeper: standing
        partial_level=0.65,
        rest_level=0.5,
        position="upright",
        checks=("feet_stay", "knees_alike", "hips_move"),
        angles=("left_knee", "right_knee"),
        filming="from the side, chair and whole body in the picture, seated at first",
    ),
)

#: Exercises by name.
EXERCISES: Final[Mapping[str, Exercise]] = MappingProxyType({row.name: row for row in _ROWS})

#: The row of whatever repeats: it has no levels and no signal of its own.
ANY_MOVEMENT: Final = Exercise(
    name=REPEATED,
    title="Any repeated movement",
    signal="any",
    range_min=0.0,
    full_level=0.0,
    partial_level=0.0,
    rest_level=0.0,
    position="anywhere",
    angles=(),
    filming="whole body in the picture, from the side from which the movement goes up and down most",
)
