"""What makes a cadence sure, what the second opinion says, and how long somebody must stand to stand."""

from __future__ import annotations

import numpy as np
import pytest

from gaitlab.gait import harmonic_cadence_spm, stride_period_s
from gaitlab.gait.cadence import cadence_of_steps
from gaitlab.gait.events import Step, find_passes
from gaitlab.gait.front import find_front_bouts
from gaitlab.motion.camera_view import classify_view, forward_direction
from gaitlab.motion.smoothing import smooth_track
from gaitlab.records import FloatArray, PoseTrack
from gaitlab.records.skeleton import SIDES, Keypoint
from gaitlab.settings import GaitSettings, SmoothingSettings
from tests.builders import front_walker, track_of, walker
from tests.unit.gait.test_gait import gait_of, metric

TIME_S = np.arange(0.0, 6.0, 1 / 30)


def wave(hz: float) -> FloatArray:
    return np.asarray(np.sin(2 * np.pi * hz * TIME_S)[:, np.newaxis])


def test_legs_that_swing_faster_than_any_stride_have_the_highest_cadence() -> None:
    settings = GaitSettings()
    highest = harmonic_cadence_spm(TIME_S, wave(1.02 / settings.stride_min_s), settings)
    assert highest == pytest.approx(120.0 / settings.stride_min_s, rel=0.01)


def test_a_slow_drift_does_not_hide_the_rhythm() -> None:
    drift = (TIME_S**2)[:, np.newaxis]
    assert harmonic_cadence_spm(TIME_S, wave(0.9) + drift, GaitSettings()) == pytest.approx(108.0, abs=0.3)


@pytest.mark.parametrize("apart_px", [0.5, 500.0])
def test_the_period_of_a_stride_is_as_long_in_a_small_picture(apart_px: float) -> None:
    assert stride_period_s(TIME_S, apart_px * wave(0.9)[:, 0], GaitSettings()) == pytest.approx(1 / 0.9, abs=0.02)


def test_three_steps_are_no_stride() -> None:
    # A stride three times as long would explain all of it: the wave by its third harmonic, and a little sway.
    assert harmonic_cadence_spm(TIME_S, wave(1.2) + 0.2 * wave(0.4), GaitSettings()) == pytest.approx(144.0, abs=0.3)


def test_heights_that_repeat_with_each_step_bear_out_the_stride() -> None:
    doubtful = wave(0.9) + 1.1 * wave(1.35)
    assert harmonic_cadence_spm(TIME_S, doubtful, GaitSettings()) == pytest.approx(162.0, abs=4.0)
    both = harmonic_cadence_spm(TIME_S, doubtful, GaitSettings(), level=wave(1.8))
    assert both == pytest.approx(108.0, abs=4.0)


def test_a_joint_that_is_seen_in_less_than_half_of_the_frames_is_left_out() -> None:
    other = wave(1.4)
    other[: len(TIME_S) // 2 + 1] = np.nan
    signals = np.concatenate([wave(0.9), other], axis=1)
    assert harmonic_cadence_spm(TIME_S, signals, GaitSettings()) == pytest.approx(108.0, abs=0.3)


def test_nothing_known_has_no_rhythm() -> None:
    assert np.isnan(harmonic_cadence_spm(TIME_S, np.full((len(TIME_S), 1), np.nan), GaitSettings()))


@pytest.mark.parametrize(("n_strikes", "sure"), [(7, 0.75), (11, 1.0)])
def test_a_walk_of_fewer_than_four_strides_is_not_sure(n_strikes: int, sure: float) -> None:
    cadence = metric(gait_of(walker(n_strikes=n_strikes).track)[0], "cadence")
    assert cadence.confidence == pytest.approx(sure)
    assert cadence.value == pytest.approx(110.0, rel=0.01)


def held(track: PoseTrack, *, at_s: float, seconds: float) -> PoseTrack:
    """Return a walk that stops for some time at a moment: the pose there stays as it is."""
    row = int(np.searchsorted(track.time_s, at_s))
    return track_of(np.insert(track.xy_px, [row] * round(seconds * 30), track.xy_px[row], axis=0))


@pytest.mark.parametrize(("seconds", "stands"), [(0.4, False), (0.7, True)])
def test_somebody_stands_who_keeps_still_for_a_while(seconds: float, stands: bool) -> None:
    walk = walker(n_strikes=14).track
    middle_s = float(walk.time_s[-1]) / 2
    track = smooth_track(held(walk, at_s=middle_s, seconds=seconds), SmoothingSettings()).track
    (found,) = find_passes(track, forward_direction(track), GaitSettings())
    inside = (found.time_s > middle_s - 0.5) & (found.time_s < middle_s + seconds + 0.5)
    assert bool(found.standing[inside].any()) == stands


@pytest.mark.parametrize(("together", "walks"), [(0.28, True), (0.4, False)])
def test_ankles_that_rather_move_together_do_not_walk(together: float, walks: bool) -> None:
    track = smooth_track(front_walker(cadence_spm=110.0).track, SmoothingSettings()).track
    xy = track.xy_px.copy()
    ankles = xy[:, [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE], 1]
    difference = ankles[:, 0] - ankles[:, 1]
    # Both ankles also rise and fall together, once a stride.
    xy[:, [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE], 1] += together * difference[:, np.newaxis]
    assert bool(find_front_bouts(track_of(xy), GaitSettings())) == walks


@pytest.mark.parametrize(("yaw_deg", "view"), [(0.0, "side"), (15.0, "side"), (45.0, "ambiguous")])
def test_the_swing_of_the_legs_beside_the_breadth_of_the_body_tells_the_view(yaw_deg: float, view: str) -> None:
    assert classify_view(walker(yaw_deg=yaw_deg).track) == view


def test_the_spread_of_a_cadence_is_that_of_its_steps() -> None:
    # Steps of 0.9 and 1.1 step times in turn: 122 and 100 steps/min.
    cadence = metric(gait_of(walker(unevenness=0.1, n_strikes=20, fps=60.0).track)[0], "cadence")
    assert cadence.sd == pytest.approx(11.1, rel=0.1)


def test_of_two_legs_that_share_a_stride_each_time_is_less_sure_than_the_stride() -> None:
    summary, _ = gait_of(walker(n_strikes=30).track)
    sure = {name: metric(summary, name, "left").confidence for name in ("step_time", "stride_time")}
    assert sure == pytest.approx({"step_time": 0.7, "stride_time": 1.0})


def test_three_even_strides_make_a_limp_of_uneven_steps_no_irregular_walk() -> None:
    """Steps of 0.7 and 1.3 step times in turn: their spread is over a third, that of the strides is nothing."""
    summary, _ = gait_of(walker(unevenness=0.3, n_strikes=5, fps=60.0).track)
    assert len(summary.strides) == 3
    assert metric(summary, "cadence").value == pytest.approx(110.0, rel=0.02)


def test_the_largest_flexion_of_the_knee_is_never_sure() -> None:
    summary, _ = gait_of(walker(n_strikes=30).track)
    sure = {side: metric(summary, "knee_flexion_peak", side).confidence for side in ("left", "right")}
    assert sure == pytest.approx({"left": 0.7, "right": 0.7})


@pytest.mark.parametrize(("longer", "is_told"), [(1.18, True), (1.22, False)])
def test_steps_that_differ_from_the_rhythm_of_the_legs_by_a_fifth_give_no_cadence(longer: float, is_told: bool) -> None:
    """The legs swing at 110 steps/min; the steps are said to take 1.18 or 1.22 times as long and cover the walk."""
    track = smooth_track(walker(n_strikes=14).track, SmoothingSettings()).track
    passes = find_passes(track, forward_direction(track), GaitSettings())
    step_s = longer * 60.0 / 110.0
    ends_s = step_s * np.arange(1, 13)
    steps = [
        Step(side=SIDES[number % 2], start_s=end_s - step_s, end_s=end_s, steady=True)
        for number, end_s in enumerate(ends_s)
    ]
    cadence, findings = cadence_of_steps(track, [steps], [], passes, lambda n, n_min: 1.0, GaitSettings())
    assert (cadence.value is not None) == is_told
    assert is_told or "do not fit the rhythm" in str(cadence.reason)
    assert [one.code for one in findings] == ["two_cadences"]
