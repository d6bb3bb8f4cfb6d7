"""Heels and toes go the way of the keypoints: turned, exchanged, dropped and smoothed with them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gaitlab.motion.leg_swaps import repair_leg_swaps
from gaitlab.motion.level import turned
from gaitlab.motion.repeated_frames import drop_repeats
from gaitlab.motion.smoothing import smooth_track
from gaitlab.records import Edit, FeetTrack, PoseTrack
from gaitlab.records.edits import swap_sides
from gaitlab.records.skeleton import FEET_MIRROR, LEG_KEYPOINTS, MIRROR, N_KEYPOINTS, Keypoint
from gaitlab.settings import SmoothingSettings
from tests.builders import standing, walker, with_feet

SETTINGS = SmoothingSettings()
LEGS_MIRROR = tuple(MIRROR[k] if k in LEG_KEYPOINTS else k for k in range(N_KEYPOINTS))
LEFT_HEEL, RIGHT_HEEL, LEFT_TOE = 0, 1, 2


def feet_of(track: PoseTrack) -> FeetTrack:
    assert track.feet is not None
    return track.feet


def with_foot_point(track: PoseTrack, row: int, point: int, *, xy_px: tuple[float, float]) -> PoseTrack:
    xy = feet_of(track).xy_px.copy()
    xy[row, point] = xy_px
    return replace(track, feet=replace(feet_of(track), xy_px=xy))


def test_a_track_without_feet_stays_one() -> None:
    assert smooth_track(standing(), SETTINGS).track.feet is None


def test_feet_are_exchanged_with_the_legs_and_put_right_with_them() -> None:
    track = with_feet(walker(noise_px=1.0).track)
    frames = np.arange(len(track)) // 20 == 2
    exchanged = track.exchanged(frames, mirror=LEGS_MIRROR)
    np.testing.assert_array_equal(feet_of(exchanged).xy_px[45], feet_of(track).xy_px[45, list(FEET_MIRROR)])

    repaired, swapped = repair_leg_swaps(exchanged)

    np.testing.assert_array_equal(swapped, frames)
    np.testing.assert_array_equal(feet_of(repaired).xy_px, feet_of(track).xy_px)


def test_sides_swapped_by_hand_take_the_feet_along_with_their_scores() -> None:
    track = with_feet(walker().track)
    score = feet_of(track).score.copy()
    score[:, LEFT_HEEL] = 0.4
    track = replace(track, feet=replace(feet_of(track), score=score))

    swapped = swap_sides(track, [Edit(kind="swap_sides", time_s=1.0, to_s=2.0)])

    inside = (track.time_s >= 1.0) & (track.time_s <= 2.0)
    np.testing.assert_array_equal(feet_of(swapped).score[:, RIGHT_HEEL] == 0.4, inside)
    np.testing.assert_array_equal(feet_of(swapped).score[:, LEFT_HEEL] == 0.4, ~inside)


def test_feet_turn_about_the_middle_of_the_picture_with_the_body() -> None:
    track = with_feet(standing(), heel_px=(0.0, 0.0))
    back = turned(track, 30.0)
    ankles = back.xy_px[:, [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]]
    np.testing.assert_allclose(feet_of(back).xy_px[:, :2], ankles)


def test_feet_of_a_frame_that_repeats_another_are_unknown() -> None:
    track = with_feet(walker().track)
    is_repeat = np.arange(len(track)) == 30

    feet = feet_of(drop_repeats(track, is_repeat))

    np.testing.assert_array_equal(np.isnan(feet.xy_px[:, LEFT_TOE, 0]), is_repeat)
    np.testing.assert_array_equal(feet.score[:, LEFT_TOE] == 0.0, is_repeat)


def test_a_toe_that_jumps_for_one_frame_is_an_outlier_and_filled_in() -> None:
    track = with_feet(standing())
    smoothed = smooth_track(with_foot_point(track, 50, LEFT_TOE, xy_px=(300.0, 300.0)), SETTINGS)
    np.testing.assert_allclose(feet_of(smoothed.track).xy_px, feet_of(track).xy_px, atol=1e-6)


def test_a_toe_that_is_unsure_for_longer_stays_unknown_and_the_heel_known() -> None:
    track = with_feet(standing())
    score = feet_of(track).score.copy()
    score[40:60, LEFT_TOE] = 0.1
    smoothed = smooth_track(replace(track, feet=replace(feet_of(track), score=score)), SETTINGS)
    known = np.isfinite(feet_of(smoothed.track).xy_px[..., 0])
    assert not known[40:60, LEFT_TOE].any()
    assert known[:, LEFT_HEEL].all()


def test_feet_do_not_change_how_keypoints_are_smoothed() -> None:
    track = walker(noise_px=2.0).track
    bare, shod = smooth_track(track, SETTINGS), smooth_track(with_feet(track), SETTINGS)
    np.testing.assert_array_equal(shod.track.xy_px, bare.track.xy_px)
    np.testing.assert_array_equal(shod.interpolated, bare.interpolated)
