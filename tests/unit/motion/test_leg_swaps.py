"""Legs exchanged by the model are put right, and a walk without exchange is left alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.motion.leg_swaps import repair_leg_swaps, swapped_ranges_s
from gaitlab.records import PoseTrack
from gaitlab.records.skeleton import LEG_KEYPOINTS, MIRROR, Keypoint
from tests.builders import standing, walker, with_losses, with_rows

LEGS = list(LEG_KEYPOINTS)
OTHER_LEGS = [MIRROR[keypoint] for keypoint in LEGS]
LEG_PX = 0.5 * 300.0  # thigh and shank of a walker of 300 px


def with_legs_exchanged(track: PoseTrack, rows: slice) -> PoseTrack:
    xy_px, score = track.xy_px.copy(), track.score.copy()
    xy_px[rows, LEGS], score[rows, LEGS] = track.xy_px[rows, OTHER_LEGS], track.score[rows, OTHER_LEGS]
    return replace(track, xy_px=xy_px, score=score)


@pytest.mark.parametrize(
    "rows",
    [slice(0, 20), slice(40, 41), slice(40, 60), slice(100, None)],
    ids=["beginning", "one frame", "middle", "end"],
)
def test_exchanged_legs_are_put_right(rows: slice) -> None:
    track = walker(noise_px=1.0).track
    repaired, swapped = repair_leg_swaps(with_legs_exchanged(track, rows))
    assert np.flatnonzero(swapped).tolist() == list(range(*rows.indices(len(track))))
    np.testing.assert_array_equal(repaired.xy_px, track.xy_px)


def test_two_exchanges_are_two_ranges() -> None:
    track = walker(fps=20.0).track
    exchanged = with_legs_exchanged(with_legs_exchanged(track, slice(20, 31)), slice(60, 64))
    _, swapped = repair_leg_swaps(exchanged)
    assert swapped_ranges_s(track.time_s, swapped) == ((1.0, 1.5), (3.0, 3.15))


def test_scores_go_with_the_legs() -> None:
    walk = walker().track
    track = with_rows(walk, slice(None), LEGS[0], xy_px=walk.xy_px[:, LEGS[0]], score=0.6)
    repaired, _ = repair_leg_swaps(with_legs_exchanged(track, slice(40, 60)))
    np.testing.assert_array_equal(repaired.score, track.score)


@pytest.mark.parametrize("noise_px", [0.0, 1.5, 4.0])
def test_a_walk_without_exchange_stays_as_it_is(noise_px: float) -> None:
    track = walker(noise_px=noise_px, stand_before_s=1.0).track
    repaired, swapped = repair_leg_swaps(track)
    assert not swapped.any()
    np.testing.assert_array_equal(repaired.xy_px, track.xy_px)


@pytest.mark.parametrize("share", [0.25, 0.4])
def test_the_legs_of_a_fast_walker_with_many_hidden_points_stay_as_they_are(share: float) -> None:
    """180 steps/min: with a lag half as long again some frames of these walks would be exchanged."""
    fast = walker(cadence_spm=180.0, n_strikes=8, noise_px=1.0).track
    hidden = with_losses(fast, share, burst_s=0.1 if share < 0.3 else 0.0)
    assert not repair_leg_swaps(hidden)[1].any()


def test_arms_and_shoulders_are_not_exchanged() -> None:
    track = walker().track
    repaired, _ = repair_leg_swaps(with_legs_exchanged(track, slice(40, 60)))
    np.testing.assert_array_equal(repaired.xy_px[:, :11], track.xy_px[:, :11])


def test_legs_that_are_never_seen_are_left_alone() -> None:
    track = standing()
    unseen = replace(track, score=np.full_like(track.score, 0.1))
    assert not repair_leg_swaps(unseen)[1].any()


def test_two_frames_are_too_few_to_judge() -> None:
    two = standing(duration_s=2 / 30)
    assert repair_leg_swaps(two)[1].tolist() == [False, False]


def test_ranges_reach_from_the_first_to_the_last_exchanged_frame() -> None:
    swapped = np.array([True, True, False, True])
    assert swapped_ranges_s(np.array([0.0, 0.1, 0.2, 0.3]), swapped) == ((0.0, 0.1), (0.3, 0.3))


@pytest.mark.parametrize("fps", [15.0, 24.0, 60.0, 120.0, 240.0])
def test_exchanged_legs_are_put_right_at_any_frame_rate(fps: float) -> None:
    track = walker(fps=fps, noise_px=1.0).track
    rows = slice(round(1.5 * fps), round(2.5 * fps))
    repaired, _ = repair_leg_swaps(with_legs_exchanged(track, rows))
    wrong = np.any(repaired.xy_px != track.xy_px, axis=(1, 2))
    assert wrong.mean() < 0.01


def test_legs_that_seem_to_bounce_off_each_other_have_passed() -> None:
    """For three frames both legs lie at one place; then they are exchanged for 25 frames."""
    track = walker(noise_px=1.0).track
    ankle, other = LEGS[4], LEGS[5]
    passing = int(np.flatnonzero(np.diff(np.sign(track.xy_px[:, ankle, 0] - track.xy_px[:, other, 0])))[4]) + 1
    overlap = slice(passing - 1, passing + 2)
    xy_px = track.xy_px.copy()
    xy_px[overlap, LEGS] = (track.xy_px[overlap, LEGS] + track.xy_px[overlap, OTHER_LEGS]) / 2
    merged = replace(track, xy_px=xy_px)
    repaired, _ = repair_leg_swaps(with_legs_exchanged(merged, slice(passing, passing + 25)))
    np.testing.assert_array_equal(repaired.xy_px, merged.xy_px)


@pytest.mark.parametrize(("width_legs", "exchanged"), [(0.13, True), (0.17, False)])
def test_hips_that_are_wide_and_lie_as_the_shoulders_tell_left_from_right(width_legs: float, exchanged: bool) -> None:
    # Knees and ankles are labelled the wrong way round for long, hips and shoulders are not.
    walk = walker().track
    track = with_legs_exchanged(walk, slice(40, 120))
    xy_px = track.xy_px.copy()
    hip_x = track.xy_px[:, Keypoint.LEFT_HIP, 0]
    for left, right in (
        (Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP),
        (Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER),
    ):
        xy_px[:, left, 0] = hip_x + width_legs * LEG_PX / 2
        xy_px[:, right, 0] = hip_x - width_legs * LEG_PX / 2
    _, swapped = repair_leg_swaps(replace(track, xy_px=xy_px))
    assert bool(swapped[50:110].any()) == exchanged
