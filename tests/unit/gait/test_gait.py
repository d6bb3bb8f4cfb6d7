"""Heel strikes, steps and cadence of walkers whose heel strikes are known."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pytest

from gaitlab.gait import analyse_gait, harmonic_cadence_spm, stride_period_s
from gaitlab.gait.cadence import agreement
from gaitlab.gait.events import Step, regular_steps
from gaitlab.metrics.confidence import confidence, measured
from gaitlab.motion.camera_view import forward_direction
from gaitlab.motion.kinematics import joint_angles
from gaitlab.motion.smoothing import smooth_track
from gaitlab.records import FloatArray, GaitSummary, Metric, PoseTrack, View
from gaitlab.records.findings import sentences_of
from gaitlab.records.skeleton import MIRROR, Keypoint
from gaitlab.settings import GaitSettings, SmoothingSettings
from tests.builders import SWING_KNEE_DEG, mirrored, squatter, standing, there_and_back, track_of, walker, with_rows

FRAME_S = 1 / 30.0


def gait_of(track: PoseTrack, *, view: View = "side") -> tuple[GaitSummary, tuple[str, ...]]:
    smoothed = smooth_track(track, SmoothingSettings())
    forward = forward_direction(smoothed.track)
    angles = joint_angles(smoothed.track, forward=forward, facing="unknown")
    summary, findings = analyse_gait(smoothed, angles, forward=forward, view=view, settings=GaitSettings())
    return summary, sentences_of(findings)


def metric(summary: GaitSummary, name: str, side: str | None = None) -> Metric:
    (found,) = [one for one in summary.metrics if (one.name, one.side) == (name, side)]
    return found


def strikes(summary: GaitSummary) -> list[tuple[str, float]]:
    return [(contact.side, contact.time_s) for contact in summary.contacts if contact.kind == "heel_strike"]


@pytest.mark.parametrize("cadence_spm", [60.0, 110.0, 170.0])
@pytest.mark.parametrize("direction", [1, -1])
def test_every_heel_strike_is_found_within_a_frame(cadence_spm: float, direction: Literal[1, -1]) -> None:
    walk = walker(cadence_spm=cadence_spm, direction=direction)
    found = strikes(gait_of(walk.track)[0])
    assert [side for side, _ in found] == [side for side, _ in walk.strikes]
    np.testing.assert_allclose([time_s for _, time_s in found], walk.strike_times_s, atol=FRAME_S)


def test_heel_strikes_come_finer_than_the_frames() -> None:
    # 110 steps/min do not fit the grid of 30 frames/s.
    found = np.array([time_s for _, time_s in strikes(gait_of(walker().track)[0])])
    assert np.diff(found) == pytest.approx(60 / 110, abs=0.1 * FRAME_S)


def test_a_contact_names_the_nearest_frame() -> None:
    walk = walker()
    for contact in gait_of(walk.track)[0].contacts:
        assert abs(walk.track.time_s[contact.frame] - contact.time_s) <= FRAME_S / 2


@pytest.mark.parametrize(
    ("cadence_spm", "stance"), [(50.0, 0.75), (85.0, 0.65), (110.0, 0.62), (135.0, 0.60), (170.0, 0.55)]
)
def test_cadence_counts_the_steps_of_both_feet_in_a_minute(cadence_spm: float, stance: float) -> None:
    cadence = metric(gait_of(walker(cadence_spm=cadence_spm, stance=stance).track)[0], "cadence")
    assert cadence.value == pytest.approx(cadence_spm, rel=0.005)
    assert cadence.n == 9


def test_cadence_stands_shaky_keypoints() -> None:
    cadence = metric(gait_of(walker(noise_px=2.0, n_strikes=12).track)[0], "cadence")
    assert cadence.value == pytest.approx(110.0, rel=0.02)


def test_step_and_stride_times_of_both_legs() -> None:
    summary, _ = gait_of(walker(cadence_spm=100.0).track)
    for side in ("left", "right"):
        assert metric(summary, "step_time", side).value == pytest.approx(0.6, abs=0.005)
        assert metric(summary, "stride_time", side).value == pytest.approx(1.2, abs=0.005)


def test_a_stride_reaches_to_the_next_heel_strike_of_its_foot() -> None:
    walk = walker(n_strikes=4)
    strides = gait_of(walk.track)[0].strides
    assert [stride.side for stride in strides] == ["left", "right"]
    ends = [(stride.start_s, stride.end_s) for stride in strides]
    t = walk.strike_times_s
    np.testing.assert_allclose(ends, [(t[0], t[2]), (t[1], t[3])], atol=FRAME_S)


def test_nothing_touches_down_while_the_person_stands() -> None:
    walk = walker(stand_before_s=2.0, stand_after_s=2.0, noise_px=0.5)
    found = [time_s for _, time_s in strikes(gait_of(walk.track)[0])]
    np.testing.assert_allclose(found, walk.strike_times_s, atol=2 * FRAME_S)


def test_the_first_step_out_of_standing_and_the_last_into_it_are_not_steady() -> None:
    steady = {
        (before_s, after_s): metric(
            gait_of(walker(stand_before_s=before_s, stand_after_s=after_s).track)[0], "cadence"
        ).n
        for before_s in (0.0, 2.0)
        for after_s in (0.0, 2.0)
    }
    assert steady == {(0.0, 0.0): 9, (2.0, 0.0): 8, (0.0, 2.0): 8, (2.0, 2.0): 7}


def test_there_and_back_is_measured_in_both_directions() -> None:
    walk = there_and_back()
    summary, _ = gait_of(walk.track)
    found = strikes(summary)
    assert [side for side, _ in found] == [side for side, _ in walk.strikes]
    np.testing.assert_allclose([time_s for _, time_s in found], walk.strike_times_s, atol=FRAME_S)
    assert metric(summary, "cadence").value == pytest.approx(110.0, rel=0.005)


def test_no_stride_reaches_across_the_turn() -> None:
    walk = there_and_back()
    turn_s = len(walk.track) / 2 * FRAME_S
    assert not [one for one in gait_of(walk.track)[0].strides if one.start_s < turn_s < one.end_s]


def test_from_the_front_everything_is_withheld_with_the_reason() -> None:
    summary, _ = gait_of(walker().track, view="front")
    assert summary.contacts == ()
    assert summary.mode == "unknown"
    assert [one for one in summary.metrics if one.value is not None] == []
    assert "Not enough steps" in str(metric(summary, "cadence").reason)
    assert "view from the side" in str(metric(summary, "knee_range", "left").reason)


def test_an_unclear_view_lowers_the_confidence() -> None:
    track = walker().track
    assert metric(gait_of(track)[0], "cadence").confidence == pytest.approx(1.0)
    assert metric(gait_of(track, view="ambiguous")[0], "cadence").confidence == pytest.approx(0.6)


@pytest.mark.parametrize("track", [squatter(reps=6, rest_s=0.0), standing(noise_px=1.0)], ids=["squats", "standing"])
def test_who_does_not_walk_makes_no_steps(track: PoseTrack) -> None:
    summary, _ = gait_of(track)
    assert summary.contacts == ()
    assert "Not enough steps" in str(metric(summary, "cadence").reason)


def test_two_steady_steps_are_too_few_for_a_cadence() -> None:
    assert metric(gait_of(walker(n_strikes=4).track)[0], "cadence").value is not None
    cadence = metric(gait_of(walker(n_strikes=4, stand_before_s=1.0).track)[0], "cadence")
    assert (cadence.value, cadence.n) == (None, 2)
    assert "Fewer than three steady steps" in str(cadence.reason)


def test_an_implausible_cadence_is_withheld() -> None:
    # Filmed at 30, played at 15 frames/s: 35 steps/min for 70.
    walk = walker(cadence_spm=70.0).track
    slow = replace(walk, time_s=2 * walk.time_s)
    cadence = metric(gait_of(slow)[0], "cadence")
    assert cadence.value is None
    assert cadence.reason


def test_people_who_walk_at_150_steps_a_minute_walk() -> None:
    assert gait_of(walker(cadence_spm=150.0).track)[0].mode == "walk"


def slowing_walk(*, slower: float) -> PoseTrack:
    """Return twelve steps of which the later six take `slower` times as long: the mean step is nobody's rhythm."""
    track = walker(n_strikes=12, fps=60.0).track
    later_s = np.maximum(track.time_s - track.time_s[-1] / 2, 0.0)
    return track_of(track.xy_px, time_s=track.time_s + (slower - 1) * later_s)


@pytest.mark.parametrize(("disagreement", "trust"), [(0.019, 1.0), (0.021, 0.75), (float("nan"), 0.75)])
def test_a_rhythm_that_disagrees_with_the_events_is_trusted_less(disagreement: float, trust: float) -> None:
    assert agreement(5.0, disagreement) == trust


def test_steps_that_reach_alike_but_take_twice_as_long_give_no_cadence() -> None:
    cadence = metric(gait_of(slowing_walk(slower=2.0))[0], "cadence")
    assert cadence.value is None
    assert "take unequal times" in str(cadence.reason)


def test_nothing_that_rests_on_doubtful_steps_is_given() -> None:
    summary, _ = gait_of(slowing_walk(slower=2.0))
    assert (summary.contacts, summary.strides) == ((), ())
    assert all(one.value is None for one in summary.metrics)
    assert "doubtful" in str(metric(summary, "step_time", "left").reason)


def test_a_steady_walk_needs_no_note() -> None:
    assert gait_of(walker().track)[1] == ()


def test_an_ankle_out_of_sight_takes_only_its_steps_away() -> None:
    walk = walker(n_strikes=14)
    hidden_s = (walk.strike_times_s[5] - 0.2, walk.strike_times_s[5] + 0.2)
    rows = slice(*(round(time_s * 30) for time_s in hidden_s))
    track = with_rows(walk.track, rows, Keypoint.RIGHT_ANKLE, xy_px=(0.0, 0.0), score=0.05)
    summary, _ = gait_of(track)
    found = [time_s for _, time_s in strikes(summary)]
    assert not [time_s for time_s in found if hidden_s[0] < time_s < hidden_s[1]]
    assert metric(summary, "cadence").value == pytest.approx(110.0, rel=0.01)


def test_the_knee_bends_most_in_mid_swing() -> None:
    peak = metric(gait_of(walker(cadence_spm=90.0, fps=60.0).track)[0], "knee_flexion_peak", "left")
    # 70 degrees before the smoothing.
    assert peak.value == pytest.approx(SWING_KNEE_DEG, abs=1.5)


def test_an_upright_walker_does_not_lean() -> None:
    assert metric(gait_of(walker().track)[0], "trunk_lean_mean").value == pytest.approx(0.0, abs=0.1)


def test_the_stride_period_is_two_steps() -> None:
    time_s = np.arange(300) / 30
    assert stride_period_s(time_s, np.cos(2 * np.pi * time_s / 1.2), GaitSettings()) == pytest.approx(1.2, abs=1 / 30)


@pytest.mark.parametrize(("seconds", "seen"), [(1.7, False), (2.0, True)])
def test_a_stride_period_is_told_where_it_is_at_most_two_thirds_of_what_is_seen(seconds: float, seen: bool) -> None:
    """Two thirds of 1.7 s are 1.13 s, of 2 s they are 1.33 s."""
    time_s = np.arange(0.0, seconds, 1 / 30)
    period_s = stride_period_s(time_s, np.cos(2 * np.pi * time_s / 1.2), GaitSettings())
    assert np.isfinite(period_s) == seen


@pytest.mark.parametrize(("n_known", "seen"), [(9, False), (10, True)])
def test_a_stride_period_needs_ten_known_frames(n_known: int, seen: bool) -> None:
    """Every sixth frame is known, six of them a stride."""
    time_s = np.arange(60) / 30
    separation_px = np.cos(2 * np.pi * time_s / 1.2)
    separation_px[np.arange(60) % 6 > 0] = np.nan
    separation_px[6 * n_known :] = np.nan
    assert np.isfinite(stride_period_s(time_s, separation_px, GaitSettings())) == seen


def test_the_stride_period_is_not_two_strides_when_one_step_is_larger() -> None:
    time_s = np.arange(300) / 30
    uneven = np.cos(2 * np.pi * time_s / 1.2) + 0.2 * np.cos(2 * np.pi * time_s / 2.4)
    assert stride_period_s(time_s, uneven, GaitSettings()) == pytest.approx(1.2, abs=1 / 30)


def test_two_bumps_in_a_stride_do_not_halve_its_period() -> None:
    time_s = np.arange(300) / 30
    # The autocorrelation has a peak of 0.2 at the half period and one of 1.2 at the period.
    bumpy = np.cos(2 * np.pi * time_s / 1.2) + 1.2 * np.cos(2 * np.pi * time_s / 0.6)
    assert stride_period_s(time_s, bumpy, GaitSettings()) == pytest.approx(1.2, abs=1 / 30)


def test_a_straight_line_has_no_stride_period() -> None:
    time_s = np.arange(300) / 30
    assert np.isnan(stride_period_s(time_s, np.zeros(300), GaitSettings()))
    assert np.isnan(stride_period_s(time_s, np.full(300, np.nan), GaitSettings()))


def rhythm(time_s: FloatArray, separation: FloatArray) -> float:
    return harmonic_cadence_spm(time_s, separation[:, np.newaxis], GaitSettings())


def test_the_rhythm_of_the_ankles_gives_the_cadence() -> None:
    time_s = np.arange(300) / 30
    # 0.9 strides a second are 108 steps a minute.
    assert rhythm(time_s, np.sin(2 * np.pi * 0.9 * time_s)) == pytest.approx(108, abs=0.6)


def test_the_rhythm_is_found_with_frames_missing() -> None:
    time_s = np.arange(300) / 30
    wave = np.sin(2 * np.pi * 0.9 * time_s)
    wave[100:140] = np.nan
    assert rhythm(time_s, wave) == pytest.approx(108, abs=0.6)


def test_confidence_is_the_product_of_view_coverage_and_count() -> None:
    # 0.6 x 0.8 x (1 - 0.5 x 0.2) x 2/4
    sure = confidence(view="ambiguous", coverage=0.8, interpolated=0.2, n=2, n_min=4)
    assert sure == pytest.approx(0.216)


def test_a_mean_comes_with_its_spread_and_number() -> None:
    step_time = measured("step_time", [0.5, 0.6, 0.7], confidence=0.9, side="left")
    assert step_time.n == 3
    assert step_time.value == pytest.approx(0.6)
    assert step_time.sd == pytest.approx(0.1)


def test_one_sample_has_no_spread() -> None:
    assert measured("step_time", [0.5], confidence=0.9).sd is None


def test_a_hidden_far_hip_does_not_end_the_analysis() -> None:
    track = with_rows(walker().track, slice(None), Keypoint.LEFT_HIP, xy_px=np.nan, score=0.0)
    summary, _ = gait_of(track)
    assert metric(summary, "cadence").value == pytest.approx(110.0, rel=0.01)


def steps_of(*durations_s: float) -> list[Step]:
    ends = np.cumsum(durations_s)
    return [
        Step(side="left", start_s=float(end - duration), end_s=float(end), steady=True)
        for end, duration in zip(ends, durations_s, strict=True)
    ]


def test_a_step_with_a_strike_missing_or_too_many_is_left_out() -> None:
    (left,) = regular_steps([steps_of(0.5, 0.5, 1.0, 0.5, 0.3, 0.2, 0.5, 0.5)])
    assert [round(step.end_s - step.start_s, 3) for step in left] == [0.5] * 5


def test_a_limp_is_no_irregularity() -> None:
    limp = steps_of(0.4, 0.8, 0.4, 0.8, 0.4, 0.8)
    assert regular_steps([limp]) == [limp]


@pytest.mark.parametrize("guessed_score", [0.15, 0.6], ids=["scored low", "scored well"])
def test_steps_outside_the_picture_are_neither_invented_nor_moved(guessed_score: float) -> None:
    """Somebody walks in and out; what lies outside is guessed at the edge, as a pose network does."""
    walk = walker(n_strikes=22, start_x_px=-200.0, noise_px=1.0)
    width_px = 1920.0
    outside = (walk.track.xy_px[..., 0] < 0) | (walk.track.xy_px[..., 0] > width_px)
    xy_px = walk.track.xy_px.copy()
    xy_px[..., 0] = xy_px[..., 0].clip(0, width_px)
    score = np.where(outside, guessed_score, walk.track.score)
    score[outside.mean(axis=1) > 0.7] = 0.05  # a hand or a foot alone is nobody
    found = strikes(gait_of(replace(walk.track, xy_px=xy_px, score=score))[0])
    whole_s = walk.track.time_s[~outside.any(axis=1)]
    for side, time_s in found:
        assert min(abs(time_s - at) for which, at in walk.strikes if which == side) <= 2 * FRAME_S
        assert whole_s[0] - 0.5 < time_s < whole_s[-1] + 0.5
    for side, time_s in walk.strikes:
        if whole_s[0] + 0.2 < time_s < whole_s[-1] - 0.2:
            assert min(abs(time_s - at) for which, at in found if which == side) <= 2 * FRAME_S


def test_steps_while_turning_about_are_no_heel_strikes() -> None:
    """The body comes round on the way, feet going on: for a second and a half it is seen wide, then it walks back."""
    there = walker(n_strikes=12).track
    back = replace(there, xy_px=mirrored(there).xy_px[:, np.array(MIRROR)])  # the same feet, the other way
    x_px = there.xy_px[-1, Keypoint.LEFT_HIP, 0] - back.xy_px[0, Keypoint.LEFT_HIP, 0]
    xy_px = np.concatenate([there.xy_px, back.xy_px + np.array([x_px, 0.0])])
    track = track_of(xy_px)
    turn_s = float(there.time_s[-1])
    angle = np.pi * np.clip((track.time_s - turn_s) / 1.5 + 0.5, 0.0, 1.0)
    for joint, half_width_px in (("SHOULDER", 35.0), ("HIP", 22.0)):
        for side, sign in (("LEFT", 1.0), ("RIGHT", -1.0)):
            xy_px[:, Keypoint[f"{side}_{joint}"], 0] += sign * half_width_px * np.sin(angle)
    found = [time_s for _, time_s in strikes(gait_of(track_of(xy_px))[0])]
    assert len(found) >= 16
    assert [time_s for time_s in found if abs(time_s - turn_s) < 0.5] == []


@pytest.mark.parametrize("seed", range(3))
def test_a_leg_whose_steps_take_a_fifth_longer_is_named_through_noise(seed: int) -> None:
    # Steps of the foot that is not first take 1.1 step times, those of the other 0.9.
    _, notes = gait_of(walker(unevenness=0.1, noise_px=1.5, seed=seed).track)
    assert any(note.startswith("Right steps take") for note in notes)


@pytest.mark.parametrize("seed", range(3))
def test_of_even_steps_no_leg_is_named(seed: int) -> None:
    _, notes = gait_of(walker(noise_px=1.5, seed=seed).track)
    assert not any("longer than" in note for note in notes)
