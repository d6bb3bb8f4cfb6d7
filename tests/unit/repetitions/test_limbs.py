"""The excursions of two limbs become those of the body: what moves together is one."""

from __future__ import annotations

from gaitlab.repetitions.counting import Excursion
from gaitlab.repetitions.finding import _joined


def of(side: str, *ways: tuple[int, int, int]) -> list[Excursion]:
    """Return excursions of a limb from start, turn and end."""
    return [Excursion(start=a, turn=b, end=c, full=True, side=side) for a, b, c in ways]  # type: ignore[arg-type]


def sides(found: list[Excursion]) -> list[tuple[int, str]]:
    return [(one.turn, one.side) for one in found]


def test_limbs_that_move_together_are_both() -> None:
    left, right = of("left", (0, 10, 20), (30, 40, 50)), of("right", (1, 10, 21), (31, 41, 52))
    assert sides(_joined(left, right)) == [(10, "both"), (40, "both")]


def test_limbs_that_take_turns_stay_two() -> None:
    left, right = of("left", (0, 10, 20), (40, 50, 60)), of("right", (20, 30, 40), (60, 70, 80))
    assert sides(_joined(left, right)) == [(10, "left"), (30, "right"), (50, "left"), (70, "right")]


def test_a_turn_at_the_end_of_one_and_at_the_start_of_the_other_is_together() -> None:
    assert sides(_joined(of("left", (0, 19, 20)), of("right", (21, 22, 41)))) == [(19, "both")]


def test_an_excursion_is_joined_once() -> None:
    left, right = of("left", (0, 10, 20), (20, 24, 28)), of("right", (0, 14, 28))
    assert sides(_joined(left, right)) == [(10, "both"), (24, "left")]
