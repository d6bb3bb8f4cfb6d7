"""What keeps an exercise's neighbours out: each check objects only to what is seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.motion.anthropometry import ARM, LEG, SHANK, THIGH, TRUNK, UPPER_ARM
from gaitlab.records.skeleton import SIDES
from gaitlab.repetitions.body import Body
from gaitlab.repetitions.checks import CHECKS, SIDE_OF
from gaitlab.repetitions.counting import Excursion
from gaitlab.repetitions.exercise_row import Position
from gaitlab.repetitions.signals import POSITIONS
from tests.builders import PLACED_FRAMES as FRAMES
from tests.builders import placed_body

ONE = Excursion(start=0, turn=15, end=30, full=True, cut_off=False, side="both", set_index=1)


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_what_is_not_seen_is_no_objection(name: str) -> None:
    assert CHECKS[name](placed_body(), ONE)  # type: ignore[index]


def opening(px: float) -> Body:
    """Return feet that stand together at the start and `px` apart at the turn."""
    apart = px * np.minimum(np.arange(FRAMES) / 12.0, 1.0)
    left = np.column_stack([300.0 + apart, np.full(FRAMES, 400.0)])
    return placed_body(LEFT_ANKLE=left, RIGHT_ANKLE=(300.0, 400.0))


@pytest.mark.parametrize(("of_a_leg", "is_a_jump"), [(0.23, False), (0.27, True)])
def test_a_jumping_jack_sets_the_feet_a_quarter_of_a_leg_apart(of_a_leg: float, is_a_jump: bool) -> None:
    assert CHECKS["legs_part"](opening(of_a_leg * LEG * 400.0), ONE) is is_a_jump


@pytest.mark.parametrize(("of_a_thigh", "is_a_lunge"), [(0.23, False), (0.27, True)])
def test_the_knees_of_a_lunge_differ_by_a_quarter_of_a_thigh_and_those_of_a_squat_do_not(
    of_a_thigh: float, is_a_lunge: bool
) -> None:
    knees = placed_body(LEFT_KNEE=(300.0, 300.0), RIGHT_KNEE=(300.0, 300.0 + of_a_thigh * THIGH * 400.0))
    assert CHECKS["knees_differ"](knees, ONE) is is_a_lunge
    assert CHECKS["knees_alike"](knees, ONE) is not is_a_lunge


def test_the_front_leg_of_a_lunge_has_the_higher_knee_and_is_not_guessed() -> None:
    left_front = placed_body(LEFT_KNEE=(300.0, 300.0), RIGHT_KNEE=(300.0, 360.0))
    right_front = placed_body(LEFT_KNEE=(300.0, 360.0), RIGHT_KNEE=(300.0, 300.0))
    assert [SIDE_OF["front_leg"](one, ONE) for one in (left_front, right_front, placed_body())] == [
        "left",
        "right",
        "both",
    ]


def going(start: float, turn: float) -> np.ndarray:
    """Return what goes from the one to the other until shortly before the turn, and back after it."""
    return np.interp(np.arange(FRAMES), [0, 10, 20, 30], [start, turn, turn, start])


def both(joint: str, y_px: np.ndarray | float, *, x_px: float = 300.0) -> dict[str, np.ndarray]:
    place = np.column_stack([np.full(FRAMES, x_px), np.broadcast_to(y_px, FRAMES)])
    return {f"LEFT_{joint}": place, f"RIGHT_{joint}": place}


@pytest.mark.parametrize(("hands_px", "stay"), [(48.0, True), (52.0, False)])
def test_hands_stay_that_move_half_as_far_as_the_shoulders(hands_px: float, stay: bool) -> None:
    moving = placed_body(**both("SHOULDER", going(200.0, 300.0)), **both("WRIST", going(300.0, 300.0 + hands_px)))
    assert CHECKS["hands_stay"](moving, ONE) is stay


@pytest.mark.parametrize(("shoulders_px", "stays"), [(48.0, True), (52.0, False)])
def test_a_body_stays_that_moves_half_as_far_as_the_hands(shoulders_px: float, stays: bool) -> None:
    moving = placed_body(**both("WRIST", going(300.0, 200.0)), **both("SHOULDER", going(250.0, 250.0 - shoulders_px)))
    assert CHECKS["body_stays"](moving, ONE) is stays


@pytest.mark.parametrize(("of_the_body", "move"), [(0.055, False), (0.065, True)])
def test_hips_move_from_six_hundredths_of_the_body_on(of_the_body: float, move: bool) -> None:
    assert CHECKS["hips_move"](placed_body(**both("HIP", going(200.0, 200.0 + 400.0 * of_the_body))), ONE) is move


@pytest.mark.parametrize(("of_a_leg", "stay"), [(0.28, True), (0.32, False)])
def test_feet_stay_that_move_by_less_than_three_tenths_of_a_leg(of_a_leg: float, stay: bool) -> None:
    left = both("ANKLE", 400.0)["LEFT_ANKLE"]
    left[FRAMES // 2 :, 0] += of_a_leg * LEG * 400.0
    assert CHECKS["feet_stay"](placed_body(LEFT_ANKLE=left, RIGHT_ANKLE=(300.0, 400.0)), ONE) is stay


@pytest.mark.parametrize(("n_seen", "stay"), [(4, True), (5, False)])
def test_feet_seen_in_fewer_than_five_frames_are_no_objection(n_seen: int, stay: bool) -> None:
    left = np.column_stack([np.linspace(300.0, 600.0, FRAMES), np.full(FRAMES, 400.0)])
    left[::2][n_seen:] = left[1::2] = np.nan
    assert CHECKS["feet_stay"](placed_body(LEFT_ANKLE=left, RIGHT_ANKLE=(300.0, 400.0)), ONE) is stay


@pytest.mark.parametrize(("of_a_shank", "low"), [(0.28, True), (0.32, False)])
def test_hands_at_a_bar_are_no_higher_than_three_tenths_of_a_shank_over_the_knees(of_a_shank: float, low: bool) -> None:
    hands = placed_body(**both("KNEE", 300.0), **both("WRIST", 300.0 - of_a_shank * SHANK * 400.0))
    assert CHECKS["hands_low"](hands, ONE) is low


@pytest.mark.parametrize(
    ("name", "height", "holds"),
    [
        ("elbows_down", -0.62, True),
        ("elbows_down", -0.58, False),
        ("arms_raised", -0.48, True),
        ("arms_raised", -0.52, False),
    ],
)
def test_elbows_are_down_from_53_degrees_of_hanging_and_raised_from_60(name: str, height: float, holds: bool) -> None:
    elbows = placed_body(**both("SHOULDER", 200.0), **both("ELBOW", 200.0 - height * UPPER_ARM * 400.0))
    assert CHECKS[name](elbows, ONE) is holds  # type: ignore[index]


def test_only_the_arm_that_moves_is_asked_for() -> None:
    raised, hanging = (200.0 + share * UPPER_ARM * 400.0 for share in (0.0, 1.0))
    points = both("SHOULDER", 200.0) | {"LEFT_ELBOW": (300.0, raised), "RIGHT_ELBOW": (300.0, hanging)}
    left, right = (replace(ONE, side=side) for side in SIDES)
    assert CHECKS["arms_raised"](placed_body(**points), left)
    assert not CHECKS["arms_raised"](placed_body(**points), right)


@pytest.mark.parametrize(("height", "holds"), [(0.68, True), (0.72, False)])
def test_arms_are_overhead_from_45_degrees_above_the_shoulders_on(height: float, holds: bool) -> None:
    hands = placed_body(**both("SHOULDER", 300.0), **both("WRIST", 300.0 - height * ARM * 400.0))
    assert CHECKS["not_overhead"](hands, ONE) is holds


@pytest.mark.parametrize(("drop", "steep"), [(-0.37, True), (-0.33, False)])
def test_thighs_are_steep_that_are_20_degrees_and_more_from_level(drop: float, steep: bool) -> None:
    """In lengths of the shank, which is 100 px long here."""
    legs = placed_body(
        **both("HIP", 200.0), **both("KNEE", 200.0 - 100.0 * drop), **both("ANKLE", 300.0 - 100.0 * drop)
    )
    assert CHECKS["thighs_steep"](legs, ONE) is steep


def test_the_bent_leg_has_the_knee_that_is_bent_more_and_is_not_guessed() -> None:
    straight = {"HIP": (300.0, 200.0), "KNEE": (300.0, 300.0), "ANKLE": (300.0, 400.0)}
    bent = straight | {"ANKLE": (370.0, 370.0)}
    for left, right, expected in ((bent, straight, "left"), (straight, bent, "right"), (bent, {}, "both")):
        points = {f"LEFT_{joint}": at for joint, at in left.items()} | {f"RIGHT_{k}": v for k, v in right.items()}
        assert SIDE_OF["bent_leg"](placed_body(**points), ONE) == expected


@pytest.mark.parametrize(
    ("position", "points", "holds"),
    [
        # The trunk is 0.3 of its length upright, as it is with 72 degrees from the vertical.
        ("upright", {"SHOULDER": (300.0, 168.0), "HIP": (395.0, 200.0)}, True),
        ("upright", {"SHOULDER": (300.0, 172.0), "HIP": (396.0, 200.0)}, False),
        ("plank", {"SHOULDER": (300.0, 200.0 - 0.68 * TRUNK * 400.0), "HIP": (300.0, 200.0)}, True),
        ("plank", {"SHOULDER": (300.0, 200.0 - 0.72 * TRUNK * 400.0), "HIP": (300.0, 200.0)}, False),
        ("on_floor", {"HIP": (300.0, 300.0 - 0.33 * LEG * 400.0), "ANKLE": (300.0, 300.0)}, True),
        ("on_floor", {"HIP": (300.0, 300.0 - 0.37 * LEG * 400.0), "ANKLE": (300.0, 300.0)}, False),
        ("on_floor", {"HIP": (300.0, 300.0 - 0.33 * THIGH * 400.0), "KNEE": (300.0, 300.0)}, True),
        ("on_floor", {"HIP": (300.0, 300.0 - 0.37 * THIGH * 400.0), "KNEE": (300.0, 300.0)}, False),
        ("standing", {"HIP": (300.0, 300.0 - 0.57 * LEG * 400.0), "ANKLE": (300.0, 300.0)}, True),
        ("standing", {"HIP": (300.0, 300.0 - 0.53 * LEG * 400.0), "ANKLE": (300.0, 300.0)}, False),
        ("hands_up", {"SHOULDER": (300.0, 200.0), "WRIST": (300.0, 199.0)}, True),
        ("hands_up", {"SHOULDER": (300.0, 200.0), "WRIST": (300.0, 201.0)}, False),
    ],
)
def test_where_a_position_ends(position: Position, points: dict[str, tuple[float, float]], holds: bool) -> None:
    body = placed_body(**{f"{side}_{joint}": at for joint, at in points.items() for side in ("LEFT", "RIGHT")})
    assert POSITIONS[position](body).tolist() == [holds] * FRAMES
