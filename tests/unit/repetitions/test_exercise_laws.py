"""Counting is exact for every exercise, whoever does it: tempo, view, noise, drift, pauses and holds tried on many.

The noise is that of every keypoint in every frame. It stays below a sixth of the range: seen from the joint that moves,
of whose bones the shorter one is `l` pixels long, a noise of `s` pixels is one of about ``2.4 s / l`` radians.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from gaitlab.motion.kinematics import joint_angles
from gaitlab.motion.smoothing import smooth_track
from gaitlab.pipeline import analyse_track
from gaitlab.records import Analysis, ExerciseSummary, PoseTrack, SourceInfo
from gaitlab.repetitions import Movement, count_repetitions
from gaitlab.repetitions.exercises import EXERCISES as ROWS
from gaitlab.settings import AnalysisSettings, RepetitionSettings, SmoothingSettings
from tests.builders import FOREARM, SHANK, TRUNK, standing, walker
from tests.builders_exercise import DRAWN, Plan, exerciser
from tests.examples import examples

EXERCISES = sorted(set(DRAWN) - {"leg-raise"})
BODY_PX = 300.0
RATIO = 6.0  # least range over noise
BONE = {
    "squat": SHANK,
    "lunge": SHANK,
    "sit-to-stand": SHANK,
    "sit-up": TRUNK,
    "deadlift": TRUNK,
    "shoulder-rotation": FOREARM / 2,  # elbow and wrist lie one behind the other, so that noise turns the forearm
}
LONGEST_S = 30.0

law = settings(max_examples=examples(6), deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])


def analysed(track: PoseTrack, activity: str) -> Analysis:
    source = SourceInfo(file="drawn.mp4", frames=len(track), duration_s=None, fps_mean=None)
    return analyse_track(track, AnalysisSettings(activity=activity), source=source)


def counted(track: PoseTrack, exercise: str) -> ExerciseSummary:
    smoothed = smooth_track(track, SmoothingSettings())
    angles = joint_angles(smoothed.track, forward=np.ones(len(track)), facing="right")
    movement = Movement(smoothed.track, RepetitionSettings())
    return count_repetitions(movement, smoothed, angles, ROWS[exercise])


def most_noise_px(exercise: str, range_deg: float) -> float:
    return float(np.radians(range_deg) / RATIO * BONE.get(exercise, FOREARM) * BODY_PX / 2.4)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Return plans of at most half a minute."""
    tempo_s = draw(st.floats(0.8, 8.0))
    rest_s = draw(st.sampled_from([0.0, 0.3, 1.0]))
    reps = draw(st.integers(0, min(50, int(LONGEST_S / (tempo_s + rest_s)))))
    return Plan(
        reps=reps,
        tempo_s=tempo_s,
        rest_s=rest_s,
        hold_share=draw(st.sampled_from([0.0, 0.3, 0.5])),
        jitter=draw(st.sampled_from([0.0, 0.2])),
        set_of=draw(st.sampled_from([None, 4])),
    )


@law
@given(data=st.data())
@pytest.mark.parametrize("exercise", EXERCISES)
def test_full_repetitions_are_counted_exactly(exercise: str, data: st.DataObject) -> None:
    drawn, plan = DRAWN[exercise], data.draw(plans())
    range_deg = data.draw(st.floats(drawn.least_deg, max(drawn.least_deg, drawn.range_deg)))
    done = exerciser(
        exercise, plan, yaw_deg=data.draw(st.sampled_from(drawn.yaws_deg)), range_deg=range_deg,
        fps=data.draw(st.sampled_from([24.0, 30.0, 60.0])), drift_px_per_s=data.draw(st.floats(0.0, 4.0)),
        noise_px=data.draw(st.floats(0.0, 1.0)) * most_noise_px(exercise, range_deg),
        seed=data.draw(st.integers(0, 10_000)),
    )  # fmt: skip
    summary = counted(done.track, exercise)
    assert summary.count == plan.reps
    # A turn is told in the first half of a hold.
    slack_s = 0.15 + (0.1 + plan.hold_share / 2) * plan.tempo_s
    assert [one.turn_s for one in summary.repetitions] == pytest.approx(list(done.turns_s), abs=slack_s)


@pytest.mark.parametrize("exercise", EXERCISES)
@pytest.mark.parametrize(("reps", "tempo_s"), [(50, 0.8), (5, 8.0), (1, 0.8), (1, 8.0)])
def test_the_fastest_the_slowest_and_the_longest_are_counted(exercise: str, reps: int, tempo_s: float) -> None:
    done = exerciser(exercise, Plan(reps=reps, tempo_s=tempo_s, rest_s=0.0), noise_px=1.0)
    assert counted(done.track, exercise).count == reps


@pytest.mark.parametrize("exercise", ["lunge", "biceps-curl", "lateral-raise", "front-raise"])
def test_sides_that_take_turns_are_told_apart(exercise: str) -> None:
    plan = Plan(reps=6, sides=("left", "right"))
    done = exerciser(exercise, plan, yaw_deg=45.0, noise_px=0.5)
    assert tuple(one.side for one in counted(done.track, exercise).repetitions) == done.sides


@pytest.mark.parametrize("exercise", EXERCISES)
def test_sets_are_told_by_the_pauses(exercise: str) -> None:
    plan = Plan(reps=8, set_of=4, set_rest_s=10.0)
    summary = counted(exerciser(exercise, plan, noise_px=0.5).track, exercise)
    assert [one.set_index for one in summary.repetitions] == [1, 1, 1, 1, 2, 2, 2, 2]


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_third_of_a_repetition_is_at_most_a_shallow_one(exercise: str) -> None:
    plan = Plan(reps=7, depths=(1.0, 1.0, 0.33, 1.0, 1.0, 0.33, 1.0))
    summary = counted(exerciser(exercise, plan, noise_px=0.5).track, exercise)
    assert summary.count - summary.partial == 5
    assert summary.partial <= 2


@pytest.mark.parametrize("exercise", EXERCISES)
@pytest.mark.parametrize(("cut_end_s", "note"), [(1.6, ("cut off",)), (2.3, None)])
def test_a_last_repetition_counts_once_it_has_turned(
    exercise: str, cut_end_s: float, note: tuple[str, ...] | None
) -> None:
    """The last one turns 2 s before the end that is cut away."""
    plan = Plan(reps=4, tempo_s=2.0, after_s=1.0, cut_end_s=cut_end_s)
    summary = counted(exerciser(exercise, plan, noise_px=0.5).track, exercise)
    assert summary.count == (4 if note else 3)
    if note:
        assert summary.repetitions[-1].notes == note


@pytest.mark.parametrize("exercise", sorted(set(EXERCISES) - {"push-up", "sit-up", "pull-up", "sit-to-stand"}))
def test_walking_into_place_does_not_count(exercise: str) -> None:
    plan = Plan(reps=4, walk_in_s=3.0)
    assert counted(exerciser(exercise, plan, yaw_deg=45.0, noise_px=0.5).track, exercise).count == 4


@pytest.mark.parametrize("exercise", EXERCISES)
def test_who_stands_or_walks_does_no_exercise(exercise: str) -> None:
    for track in (standing(noise_px=2.0), walker(n_strikes=14).track, walker(n_strikes=14, yaw_deg=30.0).track):
        assert counted(track, exercise).count == 0


def test_walking_into_place_does_not_make_a_set_of_squats_a_walk() -> None:
    track = exerciser("squat", Plan(reps=6, walk_in_s=3.0), noise_px=0.5).track
    assert analysed(track, "auto").activity.kind == "squat"


@pytest.mark.parametrize("seed", range(3))
def test_arms_that_hang_differently_after_a_while_still_move_together(seed: int) -> None:
    plan = Plan(reps=10, rest_s=4.0, tempo_s=1.8, depths=(1.0, 0.9))
    done = exerciser("biceps-curl", plan, yaw_deg=90.0, noise_px=1.5, seed=seed)
    assert [one.side for one in counted(done.track, "biceps-curl").repetitions] == list(done.sides)
