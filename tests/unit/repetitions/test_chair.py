"""The chair tests: times and counts by their rules, and refusals where the clip does not show what the rules ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from gaitlab.motion.kinematics import joint_angles
from gaitlab.motion.smoothing import smooth_track
from gaitlab.records import Metric, Repetition
from gaitlab.repetitions.chair import chair_metrics
from gaitlab.repetitions.counting import Excursion
from gaitlab.repetitions.describe import describe_repetition
from gaitlab.repetitions.exercises import EXERCISES
from gaitlab.settings import SmoothingSettings
from tests.builders_exercise import DRAWN, FRONT, OBLIQUE, SIDE, Bends, Exercising, Plan, Posture, exerciser

SIT_TO_STAND = EXERCISES["sit-to-stand"]


def stands(done: Exercising, plan: Plan) -> tuple[Repetition, ...]:
    """Return the drawn stands as the counting would find them."""
    smoothed = smooth_track(done.track, SmoothingSettings())
    angles = joint_angles(smoothed.track, forward=np.ones(len(done.track)), facing="right")
    time_s = done.track.time_s
    found = []
    for k, turn_s in enumerate(done.turns_s):
        times = (plan.start_s(k), turn_s, plan.start_s(k) + plan.tempo_s)
        start, turn, end = (int(np.argmin(np.abs(time_s - t))) for t in times)
        way = np.minimum(time_s - times[0], times[2] - time_s) / (plan.tempo_s * (1 - plan.hold_share) / 2)
        found.append(
            describe_repetition(
                k + 1, Excursion(start=start, turn=turn, end=end, full=True, set_index=_set_of(k, plan)),
                turns=[0, turn, len(time_s) - 1], signal=(1 - np.cos(np.pi * np.clip(way, 0, 1))) / 2,
                smoothed=smoothed, angles=angles, exercise=SIT_TO_STAND, confidence=0.9,
            )
        )  # fmt: skip
    return tuple(found)


def _set_of(k: int, plan: Plan) -> int:
    return 1 + (k // plan.set_of if plan.set_of else 0)


def scores(done: Exercising, plan: Plan) -> dict[str, Metric]:
    return {one.name: one for one in chair_metrics(done.track, stands(done, plan))}


def scores_of(plan: Plan, *, yaw_deg: float = SIDE) -> dict[str, Metric]:
    return scores(exerciser("sit-to-stand", plan, yaw_deg=yaw_deg, noise_px=0.5), plan)


@pytest.mark.parametrize("yaw_deg", [SIDE, OBLIQUE, FRONT])
def test_five_stands_take_the_time_from_the_first_rise_to_the_fifth_full_stand(yaw_deg: float) -> None:
    """Four whole repetitions of 2 s and 0.5 s rest, and a rise of 1 s."""
    five = scores_of(Plan(reps=6, tempo_s=2.0, rest_s=0.5), yaw_deg=yaw_deg)["five_times_sit_to_stand"]
    assert five.value == pytest.approx(4 * 2.5 + 1.0, abs=0.1)
    assert five.n == 5


def at_pace(interval_s: float) -> tuple[Repetition, ...]:
    """Return five stands, each risen after 1 s, one every so many seconds: 4 intervals and 1 s."""
    return tuple(
        Repetition(
            index=k + 1, side="both", start_s=k * interval_s, turn_s=k * interval_s + 1.2, range_deg=None,
            end_s=k * interval_s + 2.0, outward_s=1.0, confidence=0.9,
        )
        for k in range(5)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("five_s", "points"), [(8.0, 4), (11.1, 4), (11.3, 3), (13.6, 3), (13.8, 2), (16.6, 2), (16.8, 1), (30.0, 1)]
)
def test_points_are_those_of_the_performance_battery(five_s: float, points: int) -> None:
    track = exerciser("sit-to-stand", Plan(reps=0, before_s=40.0), yaw_deg=SIDE).track
    found = {one.name: one.value for one in chair_metrics(track, at_pace((five_s - 1.0) / 4))}
    assert found["five_times_sit_to_stand"] == pytest.approx(five_s)
    assert found["sppb_chair_points"] == points


def test_five_stands_with_a_pause_between_them_are_no_test() -> None:
    found = scores_of(Plan(reps=6, tempo_s=2.0, set_of=3))
    assert found["five_times_sit_to_stand"].value is None
    assert "five full stands in a row" in str(found["sppb_chair_points"].reason)


@pytest.mark.parametrize(("tempo_s", "count"), [(2.0, 15), (2.4, 13), (3.9, 8)])
def test_stands_in_thirty_seconds_are_counted_with_one_more_than_half_up(tempo_s: float, count: int) -> None:
    """By hand: of 2.4 s twelve are done after 28.8 s and the next is up at 30; of 3.9 s the eighth is up at 29.25."""
    assert scores_of(Plan(reps=18, tempo_s=tempo_s, rest_s=0.0))["chair_stands_30s"].value == count


@pytest.mark.parametrize(("until_half_s", "count"), [(0.3, 11), (-0.3, 10)])
def test_a_rise_under_way_at_the_end_counts_when_it_is_more_than_half_done(until_half_s: float, count: int) -> None:
    """The eleventh rise takes 1.4 s and is half done 0.7 s after its start: so long before or after the 30 s."""
    tempo_s = (30.0 - 0.7 - until_half_s) / 10
    plan = Plan(reps=12, tempo_s=2.8, rest_s=tempo_s - 2.8)
    assert scores_of(plan)["chair_stands_30s"].value == count


def test_a_clip_that_ends_before_thirty_seconds_says_how_much_is_missing() -> None:
    stood = scores_of(Plan(reps=6, tempo_s=2.0))["chair_stands_30s"]
    assert stood.value is None
    assert "the clip shows 14 s" in str(stood.reason) or "the clip shows 15 s" in str(stood.reason)


@pytest.mark.parametrize(("upper_arm_deg", "forearm_deg"), [(10.0, 60.0), (0.0, 0.0), (-30.0, 20.0)])
@pytest.mark.parametrize("yaw_deg", [SIDE, OBLIQUE, FRONT])
def test_hands_on_thighs_or_seat_void_the_tests(upper_arm_deg: float, forearm_deg: float, yaw_deg: float) -> None:
    def pushing(bends: Bends, range_deg: float) -> Posture:
        folded = DRAWN["sit-to-stand"].posture(bends, range_deg)
        arms = replace(folded.left, upper_arm=(upper_arm_deg, 3.0), forearm=(forearm_deg, 0.0))
        return replace(folded, left=arms, right=arms)

    plan = Plan(reps=6, tempo_s=2.0)
    found = scores(exerciser("sit-to-stand", plan, posture=pushing, yaw_deg=yaw_deg), plan)
    assert {one.value for one in found.values()} == {None}
    assert all("cross the arms" in str(one.reason) for one in found.values())


def test_squats_without_a_chair_are_no_chair_test() -> None:
    plan = Plan(reps=6, tempo_s=2.0)
    done = exerciser("sit-to-stand", plan, yaw_deg=SIDE, range_deg=45.0)
    assert "sits on a chair" in str(scores(done, plan)["five_times_sit_to_stand"].reason)


@pytest.mark.parametrize("repetitions", [()])
def test_without_stands_both_tests_are_withheld(repetitions: Sequence[Repetition]) -> None:
    found = chair_metrics(exerciser("sit-to-stand", Plan(reps=0)).track, repetitions)
    assert [one.value for one in found] == [None, None, None]
