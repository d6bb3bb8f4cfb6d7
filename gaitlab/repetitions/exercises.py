"""The table of exercises: one row holds everything that the program knows of an exercise.

To add an exercise
------------------
Add a row to `_ROWS`. From it follow the count by name and the recognition, the choices of the pages and the command
line, the label, the guide to filming with its drawing, the cues of the Live page, range, depth and remarks.

1. `Counting`: the signal that rises toward the turning point, and the values it has at rest and at the turn of a full
   repetition. Say why beside them: they are positions of joints, not fits to clips. Then the signals of the body that
   vote on the turns, the position the person is in there, and the checks that tell it from its neighbours. Levels,
   positions and checks make a count less sure; none of them makes it nothing.
2. `Standard`: the joint whose range is told and from where it is seen true; the measure that tells the depth and its
   value at full depth; the rules of form.
3. `Filming`: the view that shows the signal, what must be in the picture, and what counting cannot do without.
4. `Trait`s: what its movement has and others lack. Every clip is counted by every row; the traits say which one it is.
   Limits leave room for people who do it badly: a trait that is off counts the less, the further it is off.

What a row names is a function under that name: signals and positions in `signals.py`, checks in `checks.py`, measures
in `measures.py`, rules of form in `form.py` with their limits in `standards.py`, traits in `traits.py`. Write one only
when none fits, and add its name to the type of the field.

Then draw it: a posture in `tests/builders_exercise.py` puts it under the laws of the other exercises (counted from
every view, in every tempo, and as no other exercise). `tests/app/test_adding_an_exercise.py` goes this way from start
to end. Name it in the README's table of what is measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from gaitlab.repetitions.exercise_row import Counting, Exercise, Filming, Trait
from gaitlab.repetitions.standards import Standard

__all__ = ["ANY_MOVEMENT", "EXERCISES", "REPEATED", "exercise_of", "standard_of"]

#: The activity that counts any movement that repeats, whatever it is.
REPEATED: Final = "repeated"

#: Lateral and front raises are counted alike; the way of the arms tells them apart.
_ARM_RAISE: Final = Counting(
    signal="hand_rise",
    carried_by=("wrist_over_shoulder", "elbow_over_shoulder"),
    rises=(
        "wrist_over_shoulder",
        "elbow_over_shoulder",
        "shoulder_angle",
        "wrist_height",
        "left_wrist_over_shoulder",
        "right_wrist_over_shoulder",
    ),
    range_min=0.4,
    full_level=-0.25,  # arms 15 degrees below the shoulders or higher
    rest_level=-0.7,
    position="upright",
    checks=("feet_stay", "arms_raised", "not_overhead"),
)

#: A lunge to the front and one to the side lower the hips alike; the legs tell them apart.
_LUNGE: Final = Counting(
    signal="hip_drop",
    carried_by=("hip_over_ankle", "knee_angle", "hip_height", "narrower_knee_angle"),
    falls=(
        "hip_over_ankle",
        "knee_angle",
        "narrower_knee_angle",
        "hip_height",
        "lower_hip_over_knee",
        "shoulder_over_ankle",
        "shoulder_height",
        "nose_height",
    ),
    range_min=0.12,
    full_level=-0.75,  # front thigh 60 degrees from the vertical over an upright shank
    rest_level=-0.85,
    position="upright",
    checks=("knees_differ",),
    side_of="front_leg",
)

#: Straight arms rise to about the height of the shoulders while the body stays.
_ARM_RAISE_TRAITS: Final = (
    Trait(name="hand", at="rest", most=-0.5),
    Trait(name="hand", at="turn", least=-0.3, most=0.5),
    Trait(name="elbow_angle", at="turn", least=115.0),
    Trait(name="shoulder_travel", at="way", most=0.06),
    Trait(name="upper_arm", at="turn", least=-0.5),
    Trait(name="trunk", at="turn", least=0.7),
    Trait(name="hip_travel", at="way", most=0.06),
)

_ROWS: Final = (
    Exercise(
        name="squat",
        title="Squats",
        counting=Counting(
            signal="thigh_drop",
            carried_by=("hip_over_ankle", "hip_over_knee", "knee_angle", "hip_height"),
            falls=(
                "hip_over_ankle",
                "hip_over_knee",
                "knee_angle",
                "hip_height",
                "shoulder_over_ankle",
                "shoulder_height",
                "nose_height",
                "hip_angle",
            ),
            range_min=0.2,
            full_level=-0.65,  # thighs about 50 degrees or more from the vertical; walking and running stay above that
            rest_level=-0.8,
            position="upright",
            checks=("feet_stay", "hips_move"),
        ),
        standard=Standard(  # thighs level
            angle="knee", aspects=("side",), measure="thigh", form=("not_deep", "knees_in", "trunk_leans")
        ),
        filming=Filming(
            view="side",
            or_else="or the front",
            in_picture="whole body in the picture from before the first to after the last squat",
            needs=("feet",),
        ),
        traits=(
            Trait(name="trunk", at="rest", least=0.75),
            Trait(name="trunk", at="turn", least=0.35),
            Trait(name="flatter_thigh", at="rest", least=0.7),
            Trait(name="steeper_thigh", at="turn", most=0.6),
            Trait(name="thighs_differ", at="turn", most=0.22),
            Trait(name="knees_differ", at="turn", most=30.0),
            Trait(name="hip_travel", at="way", least=0.1),
            Trait(name="seated", at="way", most=0.5),
            Trait(name="shift", at="turn", most=0.12, seen_from="front"),
        ),
    ),
    Exercise(
        name="push-up",
        title="Push-ups",
        counting=Counting(
            signal="shoulders_to_hands",
            carried_by=("shoulder_over_wrist", "elbow_angle", "shoulder_height"),
            falls=(
                "shoulder_over_wrist",
                "elbow_angle",
                "shoulder_height",
                "nose_over_wrist",
                "nose_height",
                "left_elbow_angle",
                "right_elbow_angle",
            ),
            range_min=0.2,
            full_level=-0.55,  # upper arms about level: the forearm alone, 0.44 of the arm, is below the shoulder
            rest_level=-0.65,
            position="plank",
            checks=("hands_stay",),
        ),
        standard=Standard(  # upper arms level
            angle="elbow",
            aspects=("side",),
            measure="arm_bend",
            form=("hips_sag", "hips_high", "legs_bend", "head_drops", "elbows_flare"),
        ),
        filming=Filming(
            view="side",
            or_else="or the front",
            in_picture="shoulders, hands and hips in the picture",
            near_floor=True,
            needs=("hands",),
        ),
        traits=(
            Trait(name="hand", at="rest", most=-0.4),
            Trait(name="hand", at="change", least=0.15),
            Trait(name="hand_share", at="way", most=0.4),
            Trait(name="elbow_angle", at="change", most=-25.0),
            Trait(name="hip_angle", at="rest", least=130.0),
            Trait(name="hip_angle", at="turn", least=125.0),
            Trait(name="hip_travel", at="way", most=0.35),
            Trait(name="shoulder_angle", at="rest", least=20.0),
        ),
    ),
    Exercise(
        name="lunge",
        title="Lunges",
        counting=_LUNGE,
        standard=Standard(  # thigh of the leg in front level
            angle="knee", aspects=("side",), measure="thigh", form=("trunk_leans_in_lunge", "trunk_sways")
        ),
        filming=Filming(
            view="side",
            or_else="or obliquely from the front",
            in_picture="both feet in the picture all the time",
            needs=("feet",),
        ),
        traits=(
            Trait(name="trunk", at="turn", least=0.7),
            Trait(name="thighs_differ", at="turn", least=0.23),
            Trait(name="flatter_thigh", at="turn", most=0.65),
            Trait(name="hip_travel", at="way", least=0.1),
            Trait(name="moving_foot", at="turn", most=0.4),
            Trait(name="hip_height", at="turn", most=0.62),
            Trait(name="flatter_thigh", at="rest", least=0.55),
            Trait(name="feet_apart", at="turn", least=0.4, seen_from="side"),
        ),
    ),
    Exercise(
        name="biceps-curl",
        title="Biceps curls",
        counting=Counting(
            signal="forearm_rise",
            carried_by=("wrist_over_elbow", "elbow_angle"),
            rises=(
                "wrist_over_elbow",
                "wrist_over_shoulder",
                "higher_wrist_over_elbow",
                "left_wrist_over_elbow",
                "right_wrist_over_elbow",
            ),
            falls=("elbow_angle", "narrower_elbow_angle", "left_elbow_angle", "right_elbow_angle"),
            range_min=0.5,
            full_level=-0.2,  # forearm level but for 12 degrees: the elbow bent by about a right angle
            rest_level=-0.55,
            position="upright",
            checks=("feet_stay", "elbows_down"),
        ),
        standard=Standard(
            angle="elbow",
            aspects=("side",),
            measure="forearm",
            full_deg=120.0,
            form=("trunk_swings", "elbows_drift"),
        ),
        # Each arm counts by itself, and from the side the trunk hides one: counting both comes before the range.
        filming=Filming(
            view="front",
            or_else="or obliquely",
            in_picture="both arms in the picture; from the side the range of motion and the form are told, but only "
            "the near arm is sure to be counted",
            needs=("hands",),
        ),
        traits=(
            Trait(name="upper_arm", at="rest", most=-0.6),
            Trait(name="upper_arm", at="turn", most=-0.55),
            Trait(name="forearm", at="rest", most=-0.3),
            Trait(name="forearm", at="turn", least=0.2),
            Trait(name="elbow_angle", at="change", most=-40.0),
            Trait(name="shoulder_travel", at="way", most=0.05),
            Trait(name="trunk", at="turn", least=0.6),
            Trait(name="bounce", at="way", most=0.05),
        ),
    ),
    Exercise(
        name="shoulder-press",
        title="Shoulder presses",
        counting=Counting(
            signal="hands_rise",
            carried_by=("wrist_over_shoulder", "elbow_over_shoulder"),
            rises=(
                "wrist_over_shoulder",
                "elbow_over_shoulder",
                "elbow_angle",
                "wrist_height",
                "left_wrist_over_shoulder",
                "right_wrist_over_shoulder",
            ),
            range_min=0.25,
            full_level=0.7,  # arms within 45 degrees of straight up
            rest_level=0.55,
            position="hands_up",
            checks=("feet_stay", "body_stays"),
        ),
        standard=Standard(
            angle="shoulder",
            aspects=("front",),
            measure="upper_arm",
            full_deg=150.0,
            form=("trunk_leans_back", "uneven"),
        ),
        filming=Filming(view="front", in_picture="the stretched arms in the picture", needs=("hands",)),
        traits=(
            Trait(name="hand", at="rest", least=-0.2, most=0.75),
            Trait(name="hand", at="turn", least=0.65),
            Trait(name="forearm", at="rest", least=0.5),
            Trait(name="forearm", at="turn", least=0.6),
            Trait(name="upper_arm", at="rest", most=0.4),
            Trait(name="elbow_angle", at="change", least=35.0),
            Trait(name="shoulder_travel", at="way", most=0.06),
            Trait(name="trunk", at="turn", least=0.6),
        ),
    ),
    Exercise(
        name="jumping-jack",
        title="Jumping jacks",
        counting=Counting(
            signal="hands_rise",
            carried_by=("wrist_over_shoulder", "elbow_over_shoulder"),
            rises=(
                "wrist_over_shoulder",
                "elbow_over_shoulder",
                "shoulder_angle",
                "wrist_height",
                "ankles_apart",
                "left_wrist_over_shoulder",
                "right_wrist_over_shoulder",
            ),
            range_min=0.8,
            full_level=0.3,  # arms at least 17 degrees above the shoulders
            rest_level=-0.4,
            position="upright",
            checks=("legs_part",),
        ),
        standard=Standard(angle="shoulder", aspects=("front",), measure="upper_arm", full_deg=135.0, form=("uneven",)),
        filming=Filming(view="front", in_picture="hands and feet in the picture all the time", needs=("hands",)),
        traits=(
            Trait(name="hand", at="change", least=0.8),
            Trait(name="hand", at="turn", least=0.2),
            Trait(name="hand", at="rest", most=-0.1),
            Trait(name="elbow_angle", at="turn", least=110.0),
            Trait(name="trunk", at="turn", least=0.7),
            Trait(name="jump", at="way", least=0.25),
        ),
    ),
    Exercise(
        name="sit-up",
        title="Sit-ups",
        counting=Counting(
            signal="trunk_rise",
            carried_by=("shoulder_over_hip", "shoulder_height", "nose_over_hip"),
            rises=("shoulder_over_hip", "shoulder_height", "nose_over_hip", "nose_height"),
            falls=("hip_angle",),
            range_min=0.35,
            full_level=0.7,  # trunk 45 degrees from the floor
            rest_level=0.4,
            position="on_floor",
        ),
        standard=Standard(angle="hip", aspects=("side",), measure="trunk_lift", full_deg=75.0),
        filming=Filming(view="side", near_floor=True),
        traits=(
            Trait(name="trunk", at="rest", most=0.5),
            Trait(name="trunk", at="turn", least=0.6),
            Trait(name="hip_height", at="turn", most=0.35),
            Trait(name="flatter_thigh", at="turn", most=0.2),
            Trait(name="hip_angle", at="change", most=-25.0),
        ),
    ),
    Exercise(
        name="pull-up",
        title="Pull-ups",
        counting=Counting(
            signal="shoulders_down",
            carried_by=("shoulder_over_wrist", "nose_over_wrist", "shoulder_height"),
            rises=("shoulder_over_wrist", "nose_over_wrist", "shoulder_height", "nose_height", "hip_height"),
            falls=("elbow_angle",),
            range_min=0.25,
            full_level=-0.45,  # upper arms about level: chin near the bar
            rest_level=-0.6,
            position="hands_up",
            checks=("hands_stay",),
        ),
        standard=Standard(  # the nose as high as the hands, with the chin about over the bar
            angle="elbow", aspects=("front",), measure="pull", full_deg=100.0
        ),
        filming=Filming(
            view="front", or_else="or from behind", in_picture="hands and hips in the picture", needs=("hands",)
        ),
        traits=(
            Trait(name="hand", at="rest", least=0.5),
            Trait(name="hand_share", at="way", most=0.4),
            Trait(name="hand", at="change", most=-0.2),
            Trait(name="elbow_angle", at="change", most=-40.0),
            Trait(name="shoulder_travel", at="way", least=0.1),
            Trait(name="forearm", at="turn", least=0.2),
        ),
    ),
    Exercise(
        name="deadlift",
        title="Deadlifts",
        counting=Counting(
            signal="trunk_bend",
            carried_by=("shoulder_over_hip", "hip_angle"),
            falls=(
                "shoulder_over_hip",
                "hip_angle",
                "shoulder_over_ankle",
                "shoulder_height",
                "wrist_height",
                "nose_height",
            ),
            range_min=0.2,
            full_level=-0.75,  # trunk about 40 degrees from the vertical
            rest_level=-0.85,
            position="standing",
            checks=("feet_stay", "hands_low", "thighs_steep", "knees_alike"),
        ),
        standard=Standard(angle="hip", aspects=("side",), measure="trunk", full_deg=60.0),
        filming=Filming(view="side"),
        traits=(
            Trait(name="trunk", at="rest", least=0.75),
            Trait(name="trunk", at="turn", most=0.65),
            Trait(name="upper_arm", at="turn", most=-0.6),
            Trait(name="hand", at="turn", most=-0.6),
            Trait(name="flatter_thigh", at="turn", least=0.35),
            Trait(name="thighs_differ", at="turn", most=0.22),
            Trait(name="hip_angle", at="change", most=-40.0),
            Trait(name="steeper_thigh", at="change", least=-0.6),
            Trait(name="hip_travel", at="way", least=0.04),
            Trait(name="hip_height", at="turn", least=0.6),
            Trait(name="knee_angle", at="turn", least=95.0, seen_from="side"),
        ),
    ),
    Exercise(
        name="lateral-raise",
        title="Lateral raises",
        counting=_ARM_RAISE,
        standard=Standard(  # arms level
            angle="shoulder", aspects=("front",), measure="upper_arm", form=("trunk_swings", "uneven")
        ),
        filming=Filming(view="front", in_picture="both arms in the picture", needs=("hands",)),
        traits=(
            *_ARM_RAISE_TRAITS,
            Trait(name="arm_azimuth", at="way", least=51.0),
        ),
    ),
    Exercise(
        name="front-raise",
        title="Front raises",
        counting=_ARM_RAISE,
        standard=Standard(angle="shoulder", aspects=("side",), measure="upper_arm", form=("trunk_swings",)),
        filming=Filming(view="side", or_else="or the front", in_picture="both arms in the picture", needs=("hands",)),
        traits=(
            *_ARM_RAISE_TRAITS,
            Trait(name="arm_azimuth", at="way", most=25.0),
            Trait(name="hand_ahead", at="turn", least=0.0, seen_from="side"),
        ),
    ),
    Exercise(
        name="sit-to-stand",
        title="Standing up from a chair",
        counting=Counting(
            signal="thigh_rise",
            carried_by=("hip_over_knee", "knee_angle", "hip_height"),
            rises=("hip_over_knee", "knee_angle", "hip_height", "hip_over_ankle", "shoulder_height", "hip_angle"),
            range_min=0.3,
            full_level=0.85,  # thighs 32 degrees from the vertical or steeper: standing
            rest_level=0.5,
            position="upright",
            checks=("feet_stay", "knees_alike", "hips_move"),
            ends_at_turn=True,
        ),
        standard=Standard(  # thighs within 15 degrees of the vertical
            angle="knee",
            aspects=("side",),
            measure="thigh_lift",
            full_deg=75.0,
            form=("arms_help", "knees_in", "trunk_leans_rising"),
            chair_tests=True,
        ),
        filming=Filming(
            view="side", in_picture="chair and whole body in the picture, seated at first", needs=("feet",)
        ),
        traits=(
            Trait(name="trunk", at="rest", least=0.6),
            Trait(name="trunk", at="turn", least=0.8),
            Trait(name="flatter_thigh", at="rest", most=0.45),
            Trait(name="flatter_thigh", at="turn", least=0.8),
            Trait(name="seated", at="way", least=0.5),
            Trait(name="thighs_differ", at="rest", most=0.2),
            Trait(name="hip_travel", at="way", least=0.15),
            Trait(name="hip_height", at="rest", least=0.42),
        ),
    ),
    Exercise(
        name="shoulder-abduction",
        title="Shoulder abductions",
        counting=replace(
            _ARM_RAISE,
            range_min=0.8,
            full_level=0.5,  # arms 30 degrees above the shoulders or higher
            checks=("feet_stay", "arms_raised"),
        ),
        standard=Standard(  # arms 45 degrees above the shoulders
            angle="shoulder", aspects=("front",), measure="upper_arm", full_deg=135.0, form=("uneven",)
        ),
        filming=Filming(view="front", in_picture="the stretched arms in the picture", needs=("hands",)),
        traits=(
            Trait(name="hand", at="rest", most=-0.3),
            Trait(name="hand", at="turn", least=0.5),
            Trait(name="elbow_angle", at="turn", least=115.0),
            Trait(name="elbow_angle", at="rest", least=105.0),
            Trait(name="arm_azimuth", at="way", least=51.0),
            Trait(name="shoulder_travel", at="way", most=0.05),
            Trait(name="bounce", at="way", most=0.25),
            Trait(name="upper_arm", at="turn", least=0.25),
            Trait(name="trunk", at="turn", least=0.6),
        ),
    ),
    Exercise(
        name="shoulder-rotation",
        title="Shoulder rotations",
        counting=Counting(
            signal="forearm_rise",
            carried_by=("wrist_over_elbow", "wrist_over_shoulder"),
            rises=(
                "wrist_over_elbow",
                "wrist_over_shoulder",
                "wrist_height",
                "left_wrist_over_elbow",
                "right_wrist_over_elbow",
            ),
            range_min=0.7,
            full_level=0.5,  # forearms 30 degrees or more above level
            rest_level=0.3,
            position="upright",
            checks=("feet_stay", "arms_raised"),
        ),
        standard=Standard(),
        filming=Filming(view="side", or_else="or the front", in_picture="both arms in the picture", needs=("hands",)),
        traits=(
            Trait(name="upper_arm", at="rest", least=-0.3, most=0.35),
            Trait(name="upper_arm", at="turn", least=-0.4, most=0.35),
            Trait(name="forearm", at="change", least=0.5),
            Trait(name="forearm", at="turn", least=0.5),
            Trait(name="shoulder_travel", at="way", most=0.05),
            Trait(name="trunk", at="turn", least=0.7),
        ),
    ),
    Exercise(
        name="hurdle-step",
        title="Hurdle steps",
        counting=Counting(
            signal="knee_lift",
            carried_by=("lower_hip_over_knee", "narrower_knee_angle"),
            rises=("knee_height", "ankle_height"),
            falls=("lower_hip_over_knee", "narrower_knee_angle", "lower_hip_over_ankle", "hip_angle", "knee_angle"),
            range_min=0.5,
            full_level=-0.35,  # thigh within 20 degrees of level
            rest_level=-0.8,
            position="standing",
            checks=("knees_differ",),
        ),
        standard=Standard(angle="hip", aspects=("side",), measure="thigh"),
        filming=Filming(view="side", or_else="or the front", in_picture="both feet in the picture", needs=("feet",)),
        traits=(
            Trait(name="moving_thigh", at="rest", least=0.7),
            Trait(name="moving_thigh", at="turn", most=0.35),
            Trait(name="other_thigh", at="turn", least=0.85),
            Trait(name="moving_shank", at="turn", least=0.6),
            Trait(name="moving_foot", at="turn", least=0.35),
            Trait(name="trunk", at="turn", least=0.8),
            Trait(name="one_sided", at="way", least=0.9),
        ),
    ),
    Exercise(
        name="straight-leg-raise",
        title="Standing straight leg raises",
        counting=Counting(
            signal="knee_lift",
            carried_by=("lower_hip_over_knee", "lower_hip_over_ankle"),
            rises=("knee_height", "ankle_height"),
            falls=("lower_hip_over_knee", "lower_hip_over_ankle", "hip_angle"),
            range_min=0.3,
            full_level=-0.5,  # leg 60 degrees from the vertical
            rest_level=-0.8,
            position="standing",
            checks=("knees_differ",),
        ),
        standard=Standard(angle="hip", aspects=("side",), measure="thigh"),
        filming=Filming(view="side", in_picture="both feet in the picture", needs=("feet",)),
        traits=(
            Trait(name="moving_thigh", at="rest", least=0.75),
            Trait(name="moving_thigh", at="turn", most=0.7),
            Trait(name="other_thigh", at="turn", least=0.85),
            Trait(name="shank_over_thigh", at="turn", most=0.3),
            Trait(name="moving_foot", at="turn", least=0.2),
            Trait(name="trunk", at="turn", least=0.7),
            Trait(name="one_sided", at="way", least=0.9),
            Trait(name="feet_apart", at="turn", least=0.5, seen_from="side"),
            Trait(name="feet_apart", at="turn", most=0.6, seen_from="front"),
        ),
    ),
    Exercise(
        name="side-lunge",
        title="Side lunges",
        counting=replace(
            _LUNGE,
            carried_by=("hip_over_ankle", "narrower_knee_angle", "hip_height"),
            checks=("hips_move",),
            side_of="bent_leg",
        ),
        standard=Standard(angle="knee", aspects=("front",), measure="thigh", full_deg=60.0),
        filming=Filming(view="front", in_picture="both feet in the picture all the time", needs=("feet",)),
        traits=(
            Trait(name="trunk", at="turn", least=0.3),
            Trait(name="flatter_thigh", at="rest", least=0.7),
            Trait(name="knees_differ", at="turn", least=35.0, seen_from="side"),
            Trait(name="knees_differ", at="turn", least=15.0, seen_from="front"),
            Trait(name="thighs_differ", at="turn", most=0.22),
            Trait(name="hip_travel", at="way", least=0.06),
            Trait(name="feet_apart", at="turn", least=0.75, seen_from="front"),
            Trait(name="shift", at="turn", least=0.2, seen_from="front"),
        ),
    ),
)

#: Exercises by name. Whoever needs them reads this when asked, not once at import: a row may be added for a test.
EXERCISES: Final[Mapping[str, Exercise]] = {row.name: row for row in _ROWS}

#: The row of whatever repeats: it has no levels and no signal of its own, and is judged by nothing.
ANY_MOVEMENT: Final = Exercise(
    name=REPEATED,
    title="Any repeated movement",
    counting=Counting(signal="any", carried_by=(), range_min=0.0, full_level=0.0, rest_level=0.0, position="anywhere"),
    standard=Standard(),
    filming=Filming(view="side", or_else="or from wherever the movement goes up and down most"),
)


def exercise_of(activity: str) -> Exercise | None:
    """Find the row of an activity; None for an activity that is no exercise."""
    return ANY_MOVEMENT if activity == REPEATED else EXERCISES.get(activity)


def standard_of(activity: str) -> Standard:
    """Find the standard of an exercise: an empty one for an unknown exercise."""
    row = exercise_of(activity)
    return row.standard if row else Standard()
