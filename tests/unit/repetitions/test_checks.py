"""What keeps an exercise's neighbours out: each check objects only to what is seen."""

from __future__ import annotations

import numpy as np
import pytest

from gaitlab.motion.anthropometry import LEG, THIGH
from gaitlab.repetitions.body import Body
from gaitlab.repetitions.checks import CHECKS, SIDE_OF
from gaitlab.repetitions.counting import Excursion
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
