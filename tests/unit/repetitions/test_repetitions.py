"""Counting repetitions: known numbers of squats, and movements that are none."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pytest

from gaitlab.motion.kinematics import joint_angles
from gaitlab.motion.smoothing import smooth_track
from gaitlab.records import ExerciseSummary, FloatArray, PoseTrack
from gaitlab.records.skeleton import Keypoint
from gaitlab.repetitions import Excursion, Movement, count_repetitions, find_excursions
from gaitlab.repetitions.exercises import EXERCISES
from gaitlab.settings import RepetitionSettings, SmoothingSettings
from tests.builders import figure, squat_depths_deg, squatter, squatting, standing, track_of, walker, with_rows

FPS = 30.0
SQUAT = EXERCISES["squat"]
LEGS_AND_HIPS = [keypoint for keypoint in Keypoint if keypoint >= Keypoint.LEFT_HIP]


def squats_in(track: PoseTrack) -> ExerciseSummary:
    smoothed = smooth_track(track, SmoothingSettings())
    angles = joint_angles(smoothed.track, forward=np.ones(len(track)), facing="right")
    return count_repetitions(Movement(smoothed.track, RepetitionSettings()), smoothed, angles, SQUAT)


def hills(n: int, *, period_s: float = 2.0) -> FloatArray:
    """Return `n` times from 0 to 1 and back on a cosine, at 30 frames/s, ending at 0."""
    frames = np.arange(round(n * period_s * FPS) + 1)
    return np.asarray((1 - np.cos(2 * np.pi * frames / (period_s * FPS))) / 2)


def excursions(signal: FloatArray, *, range_min: float = 0.4) -> tuple[Excursion, ...]:
    return find_excursions(np.arange(len(signal)) / FPS, signal, range_min=range_min, settings=RepetitionSettings())


def test_each_hill_of_the_signal_is_one_excursion() -> None:
    found = excursions(hills(3))
    assert [(one.full, one.cut_off) for one in found] == [(True, False)] * 3
    assert [one.turn for one in found] == [30, 90, 150]


def test_shaking_at_one_threshold_does_not_count_twice() -> None:
    signal = hills(1)
    # On the way up it falls back from above the upper threshold, 0.65, but not below the lower one, 0.35.
    dip = np.flatnonzero(signal > 0.7)[0]
    signal[dip : dip + 3] = 0.45
    assert len(excursions(signal)) == 1


def test_a_hill_below_the_upper_threshold_is_not_full() -> None:
    # The range is that of the two high ones: 0.5 lies between its thresholds.
    found = excursions(np.concatenate([hills(1), 0.5 * hills(1), hills(1)]))
    assert [one.full for one in found] == [True, False, True]


def test_an_excursion_reaches_from_rest_to_rest() -> None:
    (one,) = excursions(np.concatenate([np.zeros(30), hills(1), np.zeros(30)]))
    # The signal rests for 1 s; it changes by 1 % of its range in a tenth of a second soon after.
    assert one.start / FPS == pytest.approx(1.0, abs=0.1)
    assert one.end / FPS == pytest.approx(3.0, abs=0.1)


def test_excursions_without_rest_between_them_meet_at_the_lowest_point() -> None:
    valley_at_a_fifth = 0.2 + 0.8 * hills(2)
    first, second = excursions(np.concatenate([np.zeros(30), valley_at_a_fifth, np.zeros(30)]))
    assert first.end == second.start == 30 + 60


def test_a_signal_that_hardly_moves_has_no_excursion() -> None:
    assert excursions(0.3 * hills(3)) == ()
    assert len(excursions(0.3 * hills(3), range_min=0.2)) == 3


def test_a_movement_under_way_at_the_first_frame_does_not_count() -> None:
    assert [one.turn for one in excursions(hills(3)[20:])] == [70, 130]


def test_a_last_excursion_counts_once_it_has_turned() -> None:
    # The third turns at frame 150 and is back by a tenth of the range at frame 157.
    turned, not_yet = excursions(hills(3)[:158]), excursions(hills(3)[:156])
    assert [one.cut_off for one in turned] == [False, False, True]
    assert turned[-1].end == 157
    assert len(not_yet) == 2


def test_an_excursion_of_less_than_half_a_second_does_not_count() -> None:
    twitch = hills(1, period_s=0.3)
    assert len(excursions(np.concatenate([hills(1), np.zeros(30), twitch, np.zeros(30)]))) == 1


@pytest.mark.parametrize(("hidden_s", "count"), [(0.4, 1), (0.8, 0)])
def test_losing_sight_for_more_than_half_a_second_ends_an_excursion(hidden_s: float, count: int) -> None:
    signal = np.concatenate([np.zeros(30), hills(1), np.zeros(30)])
    turn = 60
    signal[turn + 3 : turn + 3 + round(hidden_s * FPS)] = np.nan
    assert len(excursions(signal)) == count


def test_a_signal_that_is_never_known_has_no_excursion() -> None:
    assert excursions(np.full(100, np.nan)) == ()


@pytest.mark.parametrize("view", ["side", "front"])
@pytest.mark.parametrize("reps", [0, 1, 2, 5, 9])
def test_squats_are_counted_exactly(reps: int, view: Literal["side", "front"]) -> None:
    summary = squats_in(squatter(reps=reps, view=view, noise_px=1.0))
    assert (summary.count, summary.partial) == (reps, 0)


@pytest.mark.parametrize("tempo_s", [1.0, 6.0])
def test_fast_and_slow_squats_are_counted(tempo_s: float) -> None:
    assert squats_in(squatter(reps=4, tempo_s=tempo_s)).count == 4


def test_squats_without_rest_between_them_are_counted() -> None:
    assert squats_in(squatter(reps=6, rest_s=0.0)).count == 6


def test_a_squat_turns_where_the_knees_bend_most() -> None:
    summary = squats_in(squatter(reps=3, tempo_s=2.0, rest_s=1.0))
    turns = [one.turn_s for one in summary.repetitions]
    assert turns == pytest.approx([2.0, 5.0, 8.0], abs=1.5 / FPS)
    assert [one.index for one in summary.repetitions] == [1, 2, 3]


def test_tempo_is_squats_per_minute_from_turn_to_turn() -> None:
    metrics = {one.name: one for one in squats_in(squatter(reps=4, tempo_s=2.0, rest_s=1.0)).metrics}
    assert metrics["repetition_count"].value == 4
    assert metrics["tempo"].value == pytest.approx(20.0, rel=0.01)
    assert metrics["tempo"].n == 3


def test_a_squat_the_clip_ends_in_counts_as_cut_off() -> None:
    depths = squat_depths_deg(reps=3, tempo_s=2.0, depth_deg=115.0)
    last_turn = round((1.0 + 2 * 3.0 + 1.0) * FPS)
    summary = squats_in(squatting(depths[: last_turn + 10]))
    assert summary.count == 3
    assert [one.notes for one in summary.repetitions] == [(), (), ("cut off",)]


def test_a_squat_that_has_not_turned_when_the_clip_ends_does_not_count() -> None:
    depths = squat_depths_deg(reps=3, tempo_s=2.0, depth_deg=100.0)
    last_turn = round((1.0 + 2 * 3.0 + 1.0) * FPS)
    assert squats_in(squatting(depths[:last_turn])).count == 2


def test_a_squat_under_way_at_the_first_frame_does_not_count() -> None:
    depths = squat_depths_deg(reps=3, tempo_s=2.0, depth_deg=100.0)
    assert squats_in(squatting(depths[round(1.8 * FPS) :])).count == 2


def test_shallow_squats_among_full_ones_are_counted_and_told() -> None:
    full = squat_depths_deg(reps=2, tempo_s=2.0, depth_deg=110.0)
    # Thighs at 0.65 x 65 = 42 degrees, full from about 50.
    shallow = squat_depths_deg(reps=1, tempo_s=2.0, depth_deg=65.0)
    summary = squats_in(squatting(np.concatenate([full, shallow, full])))
    assert (summary.count, summary.partial) == (5, 1)
    assert [one.is_shallow for one in summary.repetitions] == [False, False, True, False, False]


def test_a_squat_near_to_the_others_but_with_thighs_too_steep_is_shallow() -> None:
    # 0.65 x 90 = 58 degrees and 0.65 x 73 = 47: over two thirds of their range, but short of the 50 of a full squat.
    enough, steep = (squat_depths_deg(reps=reps, tempo_s=2.0, depth_deg=deg) for reps, deg in ((4, 90.0), (1, 73.0)))
    summary = squats_in(squatting(np.concatenate([enough, steep, enough])))
    assert (summary.count, summary.partial) == (9, 1)


def test_hints_of_a_squat_are_not_even_shallow_ones() -> None:
    full = squat_depths_deg(reps=2, tempo_s=2.0, depth_deg=110.0)
    hint = squat_depths_deg(reps=1, tempo_s=2.0, depth_deg=45.0)
    summary = squats_in(squatting(np.concatenate([full, hint, full])))
    assert (summary.count, summary.partial) == (4, 0)


def test_who_stands_still_makes_no_squat() -> None:
    summary = squats_in(standing(noise_px=2.0))
    assert (summary.count, summary.partial) == (0, 0)
    assert {one.value for one in summary.metrics} == {None}
    assert all("No whole repetition" in str(one.reason) for one in summary.metrics)


def test_who_walks_past_makes_no_squat() -> None:
    assert squats_in(walker(n_strikes=14).track).count == 0


def test_bending_over_with_straight_legs_is_no_squat() -> None:
    lean_deg = squat_depths_deg(reps=4, tempo_s=2.0, depth_deg=100.0)
    hinge = track_of(figure(np.tile([960.0, 750.0], (len(lean_deg), 1)), trunk_deg=lean_deg))
    assert squats_in(hinge).count == 0


def sureness(summary: ExerciseSummary) -> float:
    return summary.metrics[0].confidence


def test_bending_down_to_the_floor_with_bent_knees_is_no_sure_squat() -> None:
    depths = squat_depths_deg(reps=4, tempo_s=3.0, depth_deg=100.0)
    assert sureness(squats_in(squatting(depths, trunk_share=0.9))) < 0.5 < sureness(squats_in(squatting(depths)))


def test_raising_one_knee_is_no_squat() -> None:
    raised = squat_depths_deg(reps=4, tempo_s=2.0, depth_deg=90.0)
    one_leg = np.stack([raised, np.zeros_like(raised)], axis=1)
    hip = np.tile([960.0, 750.0], (len(raised), 1))
    assert squats_in(track_of(figure(hip, thigh_deg=one_leg, knee_deg=one_leg))).count == 0


def test_one_leg_hidden_behind_the_other_does_not_matter() -> None:
    track = squatter(reps=3)
    for keypoint in (Keypoint.LEFT_KNEE, Keypoint.LEFT_ANKLE):
        track = with_rows(track, slice(None), keypoint, xy_px=(0.0, 0.0), score=0.1)
    assert squats_in(track).count == 3


def test_a_joint_that_is_hidden_is_no_objection() -> None:
    whole = squatter(reps=4)
    hidden = with_rows(whole, slice(None), Keypoint.LEFT_ANKLE, xy_px=(0.0, 0.0), score=0.1)
    assert sureness(squats_in(hidden)) == pytest.approx(sureness(squats_in(whole)), abs=0.05)


def test_a_single_squat_is_less_sure_than_two_alike() -> None:
    one, two = (sureness(squats_in(squatter(reps=reps))) for reps in (1, 2))
    assert one < 0.8 < two


def test_legs_out_of_the_picture_make_no_squat() -> None:
    track = squatter(reps=3)
    for keypoint in LEGS_AND_HIPS:
        track = with_rows(track, slice(None), keypoint, xy_px=(0.0, 0.0), score=0.1)
    assert squats_in(track).count == 0


def test_from_the_front_the_knee_angle_is_withheld() -> None:
    summary = squats_in(squatter(reps=2, view="front"))
    assert [one.range_deg for one in summary.repetitions] == [None, None]
    (motion,) = [one for one in summary.metrics if one.name == "range_of_motion"]
    assert motion.value is None
    assert "view from the side" in str(motion.reason)


def test_deeper_squats_have_a_larger_range_of_motion() -> None:
    shallow, deep = (squats_in(squatter(reps=1, depth_deg=deg)).repetitions[0] for deg in (90.0, 120.0))
    assert shallow.range_deg is not None
    assert deep.range_deg is not None
    assert deep.range_deg > shallow.range_deg + 20.0


@pytest.mark.parametrize("depth_deg", [80.0, 100.0, 120.0])
def test_the_range_of_motion_is_that_of_the_knee(depth_deg: float) -> None:
    """Near standing the thigh hardly moves down while the knee already bends; that part belongs to the range."""
    summary = squats_in(squatter(reps=2, depth_deg=depth_deg))
    for repetition in summary.repetitions:
        assert repetition.range_deg == pytest.approx(depth_deg, abs=3.0)


def test_bent_knees_that_never_straighten_are_no_sure_squats() -> None:
    """Lying with bent knees, as in sit-ups: the thighs move, but nobody stands in between."""
    lowered = squatting(60.0 + squat_depths_deg(reps=4, tempo_s=2.0, depth_deg=60.0, rest_s=1.0, fps=30.0))
    assert sureness(squats_in(lowered)) < 0.5


def test_who_rests_higher_later_on_still_rests_between_repetitions() -> None:
    """The rest is 12 % of the range higher after half of the clip, and trembles by 1 %."""
    rng = np.random.default_rng(0)
    one = np.concatenate([hills(1), np.zeros(60)])
    signal = np.tile(one, 6) + rng.normal(0.0, 0.01, 6 * len(one))
    signal[3 * len(one) :] += 0.12
    durations_s = [(found.end - found.start) / FPS for found in excursions(signal)]
    assert durations_s == pytest.approx([2.0] * 6, abs=0.5)


def test_a_repetition_does_not_begin_before_the_joints_come_into_sight_again() -> None:
    signal = np.concatenate([hills(2), np.full(300, np.nan), np.full(15, 0.2), 0.2 + 0.8 * hills(2)])
    assert excursions(signal)[2].start >= 121 + 300


def test_hips_that_stay_where_they_are_do_no_sure_squat() -> None:
    track = squatter()
    xy_px = track.xy_px.copy()
    hips = xy_px[:, [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP], 1].mean(axis=1, keepdims=True)
    xy_px[..., 1] -= hips - hips[0]
    assert sureness(squats_in(replace(track, xy_px=xy_px))) < 0.5 < sureness(squats_in(track))
