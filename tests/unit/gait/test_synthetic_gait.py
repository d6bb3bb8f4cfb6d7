"""Cadence over a small fixed part of the grid of drawn walks; the long one is in tests/accuracy."""

from __future__ import annotations

import numpy as np
import pytest

from gaitlab.gait.rhythm import mean_stride_s
from gaitlab.records.skeleton import Keypoint
from tests.builders import IMAGE_WH, walker, with_losses
from tests.builders_grid import Scene, cadence_of, scenes, score
from tests.unit.gait.test_gait import gait_of, metric

PLAIN = Scene(
    cadence_spm=110.0, duration_s=6.0, stance=0.6, unevenness=0.0, fps=30.0, body_px=400.0, yaw_deg=0.0, noise_px=0.0,
    missing=0.0, burst_s=0.0, to_the_right=True, seed=0,
)  # fmt: skip


def test_cadence_over_walks_of_every_kind() -> None:
    found = score([(scene, cadence_of(scene)) for scene in scenes(30)])
    assert found.median_error <= 0.5, found
    assert found.worst_error <= 5, found
    assert found.withheld <= 0.4, found
    assert found.trusted >= 0.5, found
    assert found.trusted_within_3 >= 0.95, found


def test_the_cadence_of_a_limp_is_even_though_one_foot_loses_more_steps() -> None:
    walk = walker(unevenness=0.2, n_strikes=14)
    # The right ankle is hidden around two of its heel strikes.
    right = [time_s for side, time_s in walk.strikes if side == "right"]
    xy_px, score_ = walk.track.xy_px.copy(), walk.track.score.copy()
    for time_s in right[2:4]:
        rows = slice(round((time_s - 0.2) * 30), round((time_s + 0.2) * 30))
        score_[rows, Keypoint.RIGHT_ANKLE] = 0.0
    hidden = type(walk.track)(time_s=walk.track.time_s, xy_px=xy_px, score=score_, image_wh=IMAGE_WH)
    assert metric(gait_of(hidden)[0], "cadence").value == pytest.approx(110.0, rel=0.01)


@pytest.mark.parametrize(("unevenness", "first_s"), [(0.1, 0.6), (-0.1, 0.5)])
def test_the_steps_of_a_drawn_limp_are_as_uneven_as_asked_for(unevenness: float, first_s: float) -> None:
    limp = walker(cadence_spm=60 / 0.55, unevenness=unevenness / 1.1, n_strikes=12, fps=60.0)
    summary, _ = gait_of(limp.track)
    assert np.diff(limp.strike_times_s)[0] == pytest.approx(first_s, abs=1e-9)
    assert metric(summary, "step_time", "right").value == pytest.approx(first_s, abs=0.01)
    assert metric(summary, "step_time", "left").value == pytest.approx(1.1 - first_s, abs=0.01)


def test_seen_at_an_angle_left_and_right_stand_apart_and_steps_look_shorter() -> None:
    square, turned = walker(body_px=400.0).track, walker(body_px=400.0, yaw_deg=25.0).track
    apart = turned.xy_px[:, Keypoint.LEFT_SHOULDER, 0] - turned.xy_px[:, Keypoint.RIGHT_SHOULDER, 0]
    assert apart == pytest.approx(np.full(len(turned), 0.25 * 400 * np.sin(np.radians(25))), abs=20)
    travel = [np.ptp(track.xy_px[:, Keypoint.NOSE, 0]) for track in (square, turned)]
    assert travel[1] / travel[0] == pytest.approx(np.cos(np.radians(25)), rel=0.01)


@pytest.mark.parametrize("burst_s", [0.0, 0.3])
def test_the_share_of_keypoints_lost_is_the_one_asked_for(burst_s: float) -> None:
    lost = with_losses(walker(n_strikes=40).track, 0.2, burst_s=burst_s).score < 0.3
    assert lost.mean() == pytest.approx(0.2, abs=0.03)


def test_strides_are_counted_across_missing_heel_strikes() -> None:
    # The left foot misses two strikes, the right one none.
    left, right = [0.0, 1.0, 4.0, 5.0], [0.6, 1.6, 2.6]
    assert mean_stride_s([left, right], 1.0) == pytest.approx(7 / 7)


def test_a_gap_that_is_no_whole_number_of_strides_is_left_out() -> None:
    assert mean_stride_s([[0.0, 1.0, 3.5, 4.6]], 1.0) == pytest.approx(2.1 / 2)


def test_without_two_strikes_of_a_foot_there_is_no_stride() -> None:
    assert np.isnan(mean_stride_s([[0.0], [0.5]], 1.0))


@pytest.mark.parametrize(("between_s", "stride_s"), [(2.2, 1.1), (2.28, np.nan)])
def test_strikes_two_strides_apart_count_where_they_fit_within_12_percent(between_s: float, stride_s: float) -> None:
    assert mean_stride_s([[0.0, between_s]], 1.0) == pytest.approx(stride_s, nan_ok=True)
