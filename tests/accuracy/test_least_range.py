"""The smallest repetitions that a programme may ask for are counted, of drawn figures."""

from __future__ import annotations

import numpy as np
import pytest

from gaitlab.pipeline import analyse_track
from gaitlab.records import PoseTrack, SourceInfo
from gaitlab.repetitions.body import Body
from gaitlab.repetitions.exercises import EXERCISES
from gaitlab.repetitions.least_range import least_range_pct
from gaitlab.repetitions.signals import row_signals
from gaitlab.settings import AnalysisSettings
from tests.builders_exercise import Plan, exerciser

pytestmark = pytest.mark.accuracy

N = 4
#: Depths of the drawn movement that reach no more of the way than the table says.
DEPTHS = {
    "squat": 0.5, "push-up": 0.43, "lunge": 0.55, "biceps-curl": 0.3, "shoulder-press": 0.3, "jumping-jack": 0.4,
    "sit-up": 0.3, "pull-up": 0.45, "lateral-raise": 0.65, "front-raise": 0.67, "sit-to-stand": 0.35,
    "shoulder-abduction": 0.42, "shoulder-rotation": 0.34, "hurdle-step": 0.5, "straight-leg-raise": 0.6,
    "side-lunge": 0.6,
}  # fmt: skip


def drawn(exercise: str, depth: float) -> PoseTrack:
    return exerciser(exercise, Plan(reps=N, depths=[depth], tempo_s=2.0, rest_s=0.6), fps=15).track


def way_pct(exercise: str, track: PoseTrack) -> float:
    """Return how far the repetitions go, in percent of the way from rest to the turn of a full one."""
    counting = EXERCISES[exercise].counting
    shares = []
    for signal in row_signals(Body.of(track), counting).values():
        rest = np.nanpercentile(signal, 5)
        shares.append((np.nanmax(signal) - rest) / (counting.full_level - rest))
    return 100 * float(max(shares))


def count(exercise: str, track: PoseTrack) -> int:
    source = SourceInfo(file="drawn", frames=len(track), duration_s=None, fps_mean=None)
    summary = analyse_track(track, AnalysisSettings(activity=exercise), source=source).exercise
    return summary.count if summary else 0


@pytest.mark.parametrize("exercise", DEPTHS)
def test_so_small_a_repetition_is_counted(exercise: str) -> None:
    track = drawn(exercise, DEPTHS[exercise])
    assert way_pct(exercise, track) <= least_range_pct(exercise)
    assert count(exercise, track) == N


@pytest.mark.parametrize(("exercise", "depth"), [("squat", 0.45), ("lunge", 0.5), ("lateral-raise", 0.6)])
def test_a_smaller_one_may_not_be(exercise: str, depth: float) -> None:
    track = drawn(exercise, depth)
    assert 0.8 * least_range_pct(exercise) < way_pct(exercise, track) < least_range_pct(exercise)
    assert count(exercise, track) < N


def test_every_exercise_that_may_be_done_shorter_is_drawn() -> None:
    assert set(DEPTHS) == {name for name in EXERCISES if least_range_pct(name) < 100}
