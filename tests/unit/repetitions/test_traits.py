"""Traits that tell the name of a movement: measured on bodies whose joints are placed by hand, and on drawn people."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pytest

from gaitlab.motion.anthropometry import ARM, LEG, TRUNK
from gaitlab.repetitions.counting import Excursion
from gaitlab.repetitions.exercise_row import Measured, Trait
from gaitlab.repetitions.traits import MEASURED, Posture, degree
from tests.builders import PLACED_FRAMES as FRAMES
from tests.builders import PLACED_HEIGHT_PX as HEIGHT_PX
from tests.builders import placed_body

ONE = Excursion(start=0, turn=15, end=30, full=True, cut_off=False, side="both", set_index=1)


def posture(*, begins_seated: bool = False, **points: Any) -> Posture:
    """Return the posture of somebody of whom only the points named are seen."""
    return Posture(placed_body(**points), begins_seated=begins_seated)


def arms(out_deg: float, *, spread: float, both: bool = True) -> dict[str, Any]:
    """Return shoulders, hips and arms that are raised level and back, the spread of the shoulders in trunk lengths.

    `out_deg` is how the camera sees the arms: 90 along the picture.
    """
    half = spread * TRUNK * HEIGHT_PX / 2
    raised = np.radians(90.0) * np.sin(np.pi * np.arange(FRAMES) / (FRAMES - 1))
    reach = ARM * HEIGHT_PX * np.sin(raised) * np.sin(np.radians(out_deg))
    drop = ARM * HEIGHT_PX * np.cos(raised)
    left, right = (300.0 + half, 200.0), (300.0 - half, 200.0)
    hips = TRUNK * HEIGHT_PX
    return {
        "LEFT_SHOULDER": left,
        "RIGHT_SHOULDER": right,
        "LEFT_HIP": (300.0, 200.0 + hips),
        "RIGHT_HIP": (300.0, 200.0 + hips),
        "LEFT_WRIST": np.column_stack([left[0] + reach, left[1] + drop]),
        "RIGHT_WRIST": np.column_stack([right[0] - (reach if both else -reach), right[1] + drop]),
    }


def test_every_name_of_a_trait_is_measured() -> None:
    assert set(MEASURED) == set(get_args(Measured))


def test_what_is_not_seen_speaks_neither_for_nor_much_against() -> None:
    for name in MEASURED:
        if name not in ("one_sided", "seated"):
            assert degree(posture(), Trait(name=name, at="turn", least=0.0), [ONE]) == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("hand", "expected"), [(-0.3, 1.0), (-0.42, np.exp(-0.5)), (-0.54, np.exp(-2.0)), (-3.0, 0.03)]
)
def test_a_value_beyond_the_limit_counts_the_less_the_further_it_is_off(hand: float, expected: float) -> None:
    raised = posture(LEFT_SHOULDER=(300, 200), LEFT_WRIST=(300, 200 - hand * ARM * HEIGHT_PX))
    trait = Trait(name="hand", at="turn", least=-0.3)
    assert degree(raised, trait, [replace(ONE, side="left")]) == pytest.approx(expected, rel=1e-6)


def test_arms_raised_along_the_picture_go_to_the_side_from_the_front_and_to_the_front_from_the_side() -> None:
    assert posture(**arms(90.0, spread=0.7)).azimuth_deg(ONE) == pytest.approx(90.0, abs=1.0)
    assert posture(**arms(90.0, spread=0.1, both=False)).azimuth_deg(ONE) == pytest.approx(0.0, abs=1.0)


def test_two_arms_raised_toward_the_camera_go_to_the_front() -> None:
    assert posture(**arms(0.0, spread=0.7)).azimuth_deg(ONE) == pytest.approx(0.0, abs=1.0)


def test_one_arm_seen_obliquely_leaves_its_direction_open() -> None:
    one = replace(ONE, side="left")
    assert np.isnan(posture(**arms(90.0, spread=0.35)).azimuth_deg(one))
    assert posture(**arms(90.0, spread=0.55)).azimuth_deg(one) == pytest.approx(90.0, abs=1.0)


def down(*, shift: float = 0.0, trunk: float = 1.0, thigh: float = 0.1) -> dict[str, Any]:
    """Return legs that bend and stretch: at the turn the trunk stands `shift` legs behind the feet, `trunk` upright."""
    low = np.sin(np.pi * np.arange(FRAMES) / (FRAMES - 1)) ** 2
    hips_y = 400.0 - LEG * HEIGHT_PX * (1.0 - 0.5 * (1 - thigh) * low)
    x = 300.0 - shift * LEG * HEIGHT_PX * low
    shoulders_y = hips_y - TRUNK * HEIGHT_PX * (1.0 - (1.0 - trunk) * low)
    points = {"HIP": np.column_stack([x, hips_y]), "SHOULDER": np.column_stack([x, shoulders_y])}
    points |= {
        "KNEE": np.tile([300.0, 400.0 - LEG / 2 * HEIGHT_PX], (FRAMES, 1)),
        "ANKLE": np.tile([300.0, 400.0], (FRAMES, 1)),
    }
    return {f"{side}_{joint}": place for side in ("LEFT", "RIGHT") for joint, place in points.items()}


@pytest.mark.parametrize(("shift", "expected"), [(0.08, 0.0), (0.27, 1.0)])
def test_weight_far_behind_the_feet_needs_a_seat(shift: float, expected: float) -> None:
    assert posture(**down(shift=shift, trunk=0.8)).seated(ONE) == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize(("trunk", "expected"), [(0.85, 0.0), (0.97, 1.0)])
def test_an_upright_trunk_over_level_thighs_needs_a_seat(trunk: float, expected: float) -> None:
    assert posture(**down(trunk=trunk)).seated(ONE) == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize(("thigh", "expected"), [(0.55, 0.0), (0.25, 1.0)])
def test_an_upright_trunk_over_steep_thighs_needs_none(thigh: float, expected: float) -> None:
    assert posture(**down(thigh=thigh)).seated(ONE) == pytest.approx(expected, abs=0.05)


def test_who_is_seen_on_a_seat_at_first_is_seated() -> None:
    assert posture(begins_seated=True).seated(ONE) == 1.0


def test_a_trait_of_the_front_says_nothing_from_the_side() -> None:
    trait = Trait(name="feet_apart", at="turn", least=5.0, seen_from="front")
    feet: dict[str, Any] = {"LEFT_ANKLE": (300, 400), "RIGHT_ANKLE": (310, 400)}
    assert degree(posture(**arms(90.0, spread=0.45), **feet), trait, [ONE]) == 1.0
    assert degree(posture(**arms(90.0, spread=0.55), **feet), trait, [ONE]) < 0.1


@pytest.mark.parametrize(("left", "expected"), [(10, 1.0), (9, 1.0), (7, np.exp(-2.0))])
def test_one_sided_is_what_nine_of_ten_do_on_one_side(left: int, expected: float) -> None:
    ones = [replace(ONE, side="left" if n < left else "right") for n in range(10)]
    assert degree(posture(), Trait(name="one_sided", at="way", least=0.9), ones) == pytest.approx(expected, rel=1e-6)


def test_feet_out_of_sight_leave_the_jump_to_the_shoulders() -> None:
    hops = 200.0 + 0.06 * HEIGHT_PX * np.sin(2 * np.pi * np.arange(FRAMES) / 15)
    shoulders = np.column_stack([np.full(FRAMES, 300.0), hops])
    assert posture(LEFT_SHOULDER=shoulders).jump(ONE) > 0.25
    assert posture(LEFT_SHOULDER=(300.0, 200.0)).jump(ONE) == pytest.approx(0.0)


@pytest.mark.parametrize(("over_lowest", "expected"), [(0.11, 1.0), (0.13, 0.0)])
def test_the_body_is_down_within_an_eighth_of_a_thigh_of_its_lowest(over_lowest: float, expected: float) -> None:
    """The weight is far behind the feet in four frames on the way down, in which the thighs are that much steeper."""
    legs = down(trunk=0.8, thigh=0.3)
    rows, lowest_y = slice(4, 8), legs["LEFT_HIP"][:, 1].max()
    behind = (300.0 - 0.4 * LEG * HEIGHT_PX, lowest_y - over_lowest * LEG / 2 * HEIGHT_PX)
    for side in ("LEFT", "RIGHT"):
        legs[f"{side}_HIP"][rows] = behind
        legs[f"{side}_SHOULDER"][rows] = np.array(behind) - (0.0, 0.8 * TRUNK * HEIGHT_PX)
    assert posture(**legs).seated(ONE) == pytest.approx(expected, abs=0.05)
