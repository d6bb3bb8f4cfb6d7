"""Whether the ground stands still in the picture, and where the feet are put; worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.gait.distance import ground_of, measure_travel
from gaitlab.gait.events import Pass, Step
from gaitlab.records import FloatArray, PoseTrack
from gaitlab.records.skeleton import N_KEYPOINTS, Keypoint
from tests.builders import track_of

FPS, PERIOD_S, STEP_PX, N_STEPS = 100.0, 1.0, 80.0, 6
TIME_S = np.arange(round((N_STEPS + 1) * PERIOD_S / 2 * FPS) + 1) / FPS
STEPS = [
    Step(side="left" if n % 2 else "right", start_s=PERIOD_S / 2 * n, end_s=PERIOD_S / 2 * (n + 1), steady=True)
    for n in range(N_STEPS)
]


def feet_px() -> FloatArray:
    """Return the places of the left and the right foot on the ground: each leaps two steps half-way between strikes.

    The left one strikes at 0, 1, 2, ... s, the right one half a second later.
    """
    left = 2 * STEP_PX * np.round(TIME_S / PERIOD_S + 1e-9)
    right = 2 * STEP_PX * np.round((TIME_S - PERIOD_S / 2) / PERIOD_S + 1e-9) + STEP_PX
    return np.stack([left, right], axis=1)


def seen_by_a_camera(follows: float) -> tuple[PoseTrack, Pass]:
    """Return somebody who walks at 160 px/s before a camera that follows with that share of the speed."""
    speed = 2 * STEP_PX / PERIOD_S
    hip_px = speed * TIME_S
    xy_px = np.full((len(TIME_S), N_KEYPOINTS, 2), np.nan)
    for column, (hip, ankle) in enumerate(
        ((Keypoint.LEFT_HIP, Keypoint.LEFT_ANKLE), (Keypoint.RIGHT_HIP, Keypoint.RIGHT_ANKLE))
    ):
        xy_px[:, hip] = np.column_stack([hip_px * (1 - follows), np.full(len(TIME_S), 300.0)])
        ankle_px = feet_px()[:, column] - hip_px * follows
        xy_px[:, ankle] = np.column_stack([ankle_px, np.full(len(TIME_S), 500.0)])
    walk = Pass(
        time_s=TIME_S, ahead_px=feet_px() - hip_px[:, np.newaxis], leg_px=150.0, period_s=PERIOD_S,
        standing=np.zeros(len(TIME_S), dtype=bool),
    )  # fmt: skip
    return track_of(xy_px, fps=FPS), walk


@pytest.mark.parametrize(("follows", "at_rest"), [(0.0, True), (0.23, True), (0.27, False), (1.0, False)])
def test_a_camera_stands_still_before_which_the_body_goes_three_quarters_of_what_the_feet_say(
    follows: float, at_rest: bool
) -> None:
    ground = ground_of(*seen_by_a_camera(follows), STEPS)
    assert ground.at_rest is at_rest
    assert ground.foot_speed_px_s == pytest.approx(2 * STEP_PX / PERIOD_S, rel=0.01)


def test_steps_are_as_long_as_the_feet_are_put_apart_and_strides_twice_that() -> None:
    travel = measure_travel(*seen_by_a_camera(0.0), STEPS)
    assert [px for _, px in travel.steps] == pytest.approx([STEP_PX] * N_STEPS)
    assert [px for _, px in travel.strides] == pytest.approx([2 * STEP_PX] * (N_STEPS - 1))
    assert [side for side, _ in travel.steps] == [step.side for step in STEPS]
    assert travel.speeds == pytest.approx([2 * STEP_PX / PERIOD_S] * (N_STEPS - 1))
    assert (travel.way_px, travel.time_s) == pytest.approx((N_STEPS * STEP_PX, N_STEPS * PERIOD_S / 2))


@pytest.mark.parametrize(("further_px", "n_likely"), [(38.0, 6), (42.0, 4)])
def test_steps_half_as_long_again_as_the_usual_one_are_of_a_misplaced_foot(further_px: float, n_likely: int) -> None:
    """The foot of the third step is seen too far ahead: that step is longer, the next one as much shorter."""
    track, walk = seen_by_a_camera(0.0)
    after_s, xy_px = TIME_S - STEPS[2].end_s, track.xy_px.copy()
    near = (after_s >= 0) & (after_s < 0.5)
    xy_px[near, Keypoint.RIGHT_ANKLE, 0] += further_px
    assert len(measure_travel(replace(track, xy_px=xy_px), walk, STEPS).steps) == n_likely


@pytest.mark.parametrize(("n_seen", "n_steps"), [(3, 6), (2, 4)])
def test_a_foot_is_placed_where_it_is_seen_flat_in_three_frames(n_seen: int, n_steps: int) -> None:
    """Flat it is from 12 to 31 % of a stride after its strike; two steps end or begin at this placement."""
    track, walk = seen_by_a_camera(0.0)
    after = (TIME_S - STEPS[2].end_s) / PERIOD_S
    flat = np.flatnonzero((after >= 0.12) & (after <= 0.31))
    xy_px = track.xy_px.copy()
    xy_px[flat[n_seen:], Keypoint.RIGHT_ANKLE] = np.nan
    assert len(measure_travel(replace(track, xy_px=xy_px), walk, STEPS).steps) == n_steps
