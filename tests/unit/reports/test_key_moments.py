"""The moments that show a movement: which stance, which repetition, and which angle is drawn there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.motion.kinematics import ANGLE_ARMS
from gaitlab.records import Analysis, Contact, Facing
from gaitlab.records.skeleton import Keypoint, OneSide, Side
from gaitlab.reports.angle_arcs import DrawnAngle, angle_shapes
from gaitlab.reports.drawing import Text
from gaitlab.reports.figures import figure_chart
from gaitlab.reports.key_moments import is_stance, key_moments, main_joint, stances
from tests.app.builders_ui import long_walk, nothing, squats, walk


def contact(kind: str, time_s: float, side: OneSide = "left") -> Contact:
    return Contact(side=side, kind=kind, time_s=time_s, frame=round(25 * time_s))  # type: ignore[arg-type]


def walking(*contacts: Contact, facing: Facing = "right") -> Analysis:
    analysis = walk()
    assert analysis.gait is not None
    gait = replace(analysis.gait, contacts=contacts)
    return replace(analysis, gait=gait, subject=replace(analysis.subject, facing=facing))


def said(analysis: Analysis) -> list[tuple[str, float]]:
    return [(one.label, round(one.time_s, 6)) for one in key_moments(analysis)]


@pytest.mark.parametrize(("after_s", "is_one"), [(2.99, True), (3.01, False)])
def test_a_foot_that_is_down_for_more_than_two_seconds_is_no_stance(after_s: float, is_one: bool) -> None:
    assert is_stance(contact("heel_strike", 1.0), contact("toe_off", after_s)) == is_one


def test_a_stance_is_a_heel_strike_and_the_toe_off_of_the_same_foot() -> None:
    found = stances(
        (
            contact("toe_off", 0.5),
            contact("heel_strike", 1.0),
            contact("toe_off", 1.2, "right"),
            contact("toe_off", 1.6),
            contact("heel_strike", 2.0),
        )
    )
    assert [(one.side, one.start_s, one.middle_s, one.end_s) for one in found] == [("left", 1.0, 1.3, 1.6)]


PAIR = (
    contact("heel_strike", 1.0),
    contact("heel_strike", 1.5, "right"),
    contact("toe_off", 1.6),
    contact("toe_off", 2.1, "right"),
)


@pytest.mark.parametrize(
    ("facing", "moments"),
    [
        ("right", [("Right contact", 1.5), ("Right mid-stance", 1.8), ("Right toe-off", 2.1)]),
        ("left", [("Left contact", 1.0), ("Left mid-stance", 1.3), ("Left toe-off", 1.6)]),
    ],
)
def test_a_walk_is_shown_by_a_stance_of_the_leg_that_is_nearer_to_the_camera(
    facing: Facing, moments: list[tuple[str, float]]
) -> None:
    assert said(walking(*PAIR, facing=facing)) == moments


def test_a_stance_whose_knee_was_not_seen_is_not_shown() -> None:
    later = tuple(replace(one, time_s=one.time_s + 3.0) for one in PAIR if one.side == "right")
    analysis = walking(*PAIR, *later)
    deg = analysis.angles.deg.copy()
    deg[: round(25 * 2.5)] = np.nan
    assert said(replace(analysis, angles=replace(analysis.angles, deg=deg)))[0] == ("Right contact", 4.5)


def test_without_a_toe_off_a_contact_of_each_foot_is_shown_in_order_of_time() -> None:
    assert said(walk()) == [("Right contact", 2.2), ("Left contact", 2.8)]


def test_of_an_exercise_rest_and_turn_are_shown() -> None:
    assert said(squats(count=1)) == [("Rest (no. 1)", 0.5), ("Turn (no. 1)", 2.0)]


def test_where_one_repetition_is_best_its_turn_stands_beside_that_of_the_weakest() -> None:
    analysis = squats(count=2)
    assert analysis.exercise is not None
    first, second = analysis.exercise.repetitions
    pair = (first, replace(second, notes=(), range_deg=60.0))
    shown = said(replace(analysis, exercise=replace(analysis.exercise, repetitions=pair)))
    assert [label for label, _ in shown] == ["Rest (best, no. 1)", "Turn (best, no. 1)", "Turn (weakest, no. 2)"]


@pytest.mark.parametrize("analysis", [nothing(), walking(), squats(count=0)])
def test_nothing_is_shown_where_nothing_was_recognised(analysis: Analysis) -> None:
    assert key_moments(analysis) == ()


def test_the_angle_of_the_moment_stands_on_the_figure() -> None:
    analysis = long_walk()
    moments = key_moments(analysis)
    drawing = figure_chart(analysis, moments, title="")
    assert drawing is not None
    words = [shape.text for shape in drawing.shapes if isinstance(shape, Text)]
    for moment in moments:
        row = int(np.abs(analysis.angles.time_s - moment.time_s).argmin())
        assert f"{analysis.angles.angle(moment.angles[0])[row]:.0f}°" in words


def test_the_number_of_an_angle_does_not_lie_on_the_other_leg() -> None:
    bent, straight = Keypoint.RIGHT_KNEE, Keypoint.LEFT_KNEE
    pose = np.full((17, 2), np.nan)
    pose[[Keypoint.RIGHT_HIP, bent, Keypoint.RIGHT_ANKLE]] = [(100, 40), (100, 80), (80, 110)]
    angle = DrawnAngle(arms=ANGLE_ARMS["right_knee"], words="36°", side="right")

    def number_x() -> float:
        return next(shape.x for shape in angle_shapes(pose, angle) if isinstance(shape, Text))

    alone = number_x()
    pose[[Keypoint.LEFT_HIP, straight, Keypoint.LEFT_ANKLE]] = [(alone, 40), (alone, 80), (alone, 120)]
    assert abs(number_x() - alone) > 9.0


def test_of_a_walk_from_the_front_no_angle_stands_beside_a_joint() -> None:
    side = long_walk()
    front = replace(side, subject=replace(side.subject, view="front"))
    numbers = [
        [shape for shape in figure.shapes if isinstance(shape, Text) and "°" in shape.text]
        for figure in (figure_chart(one, key_moments(one), title="") for one in (side, front))
        if figure is not None
    ]
    assert [len(one) for one in numbers] == [3, 0]


def test_no_angle_stands_where_it_is_unknown() -> None:
    analysis = long_walk()
    unknown = replace(analysis.angles, deg=np.full_like(analysis.angles.deg, np.nan))
    drawing = figure_chart(replace(analysis, angles=unknown), key_moments(analysis), title="")
    assert drawing is not None
    assert not [shape for shape in drawing.shapes if isinstance(shape, Text) and "°" in shape.text]


def moving(kind: str, ranges_deg: dict[str, float], *, side: Side = "both") -> Analysis:
    """Two repetitions of an exercise in which each angle has a range."""
    analysis = squats(count=2)
    assert analysis.exercise is not None
    bend = (1 - np.cos(2 * np.pi * (analysis.angles.time_s - 0.5) / 3)) / 2
    deg = np.stack([bend * range_deg for range_deg in ranges_deg.values()], axis=1)
    repetitions = tuple(replace(rep, side=side, notes=()) for rep in analysis.exercise.repetitions)
    return replace(
        analysis,
        activity=replace(analysis.activity, kind=kind),
        exercise=replace(analysis.exercise, repetitions=repetitions),
        angles=replace(analysis.angles, names=tuple(ranges_deg), deg=deg),
    )


@pytest.mark.parametrize(
    ("kind", "side", "joint"),
    [("repeated", "both", "elbow"), ("repeated", "left", "shoulder"), ("squat", "both", "knee")],
)
def test_an_exercise_without_an_angle_of_its_own_is_shown_by_the_one_that_moves_most(
    kind: str, side: Side, joint: str
) -> None:
    ranges_deg = {"left_knee": 5.0, "left_shoulder": 40.0, "right_elbow": 70.0}
    assert main_joint(moving(kind, ranges_deg, side=side)) == joint


def test_an_exercise_of_which_no_angle_is_known_is_shown_by_the_knee() -> None:
    assert main_joint(moving("repeated", {"left_elbow": np.nan})) == "knee"


def test_a_walk_is_shown_by_the_knee() -> None:
    assert main_joint(walk()) == "knee"
