"""The limits of gait analysis, each with a case on either side, worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.gait import analyse_gait
from gaitlab.gait.corrections import corrected
from gaitlab.gait.events import Event, Pass, find_events, find_passes, find_steps
from gaitlab.gait.front import find_front_bouts
from gaitlab.gait.symmetry import evenness_metrics
from gaitlab.motion.camera_view import forward_direction
from gaitlab.motion.kinematics import joint_angles
from gaitlab.motion.smoothing import smooth_track
from gaitlab.records import Edit, FloatArray, Metric, PoseTrack
from gaitlab.settings import GaitSettings, SmoothingSettings
from tests.builders import HIP_HEIGHT, figure, track_of, walker
from tests.unit.gait.test_gait_metrics import steps_of

FPS = 50.0
SETTINGS = GaitSettings()


def legs_swinging(range_legs: float) -> PoseTrack:
    """Return six strides on the spot, seen from the side: each ankle ranges over so many leg lengths, hip to hip."""
    time_s = np.arange(round(6 * FPS)) / FPS
    thigh_deg = np.degrees(np.arcsin(range_legs / 2)) * np.sin(2 * np.pi * time_s)
    hip = np.tile([960.0, 750.0], (len(time_s), 1))
    return track_of(figure(hip, thigh_deg=np.stack([thigh_deg, -thigh_deg], axis=1)), fps=FPS)


@pytest.mark.parametrize(("range_legs", "n_passes"), [(0.14, 0), (0.16, 1)])
def test_legs_that_swing_by_less_than_0_15_of_their_length_sway(range_legs: float, n_passes: int) -> None:
    track = legs_swinging(range_legs)
    assert len(find_passes(track, np.ones(len(track)), SETTINGS)) == n_passes


def stepping(left_s: list[float], right_s: list[float], *, standing_s: tuple[float, float] = (9.0, 9.0)) -> Pass:
    """Return a pass of 4 s with a stride a second in which the ankles are ahead at these moments for a moment."""
    time_s = np.arange(round(4 * FPS) + 1) / FPS
    ahead = [
        100.0 * np.exp(-0.5 * ((time_s[:, np.newaxis] - np.array(at)) / 0.08) ** 2).sum(axis=1)
        for at in (left_s, right_s)
    ]
    return Pass(
        time_s=time_s,
        ahead_px=np.stack(ahead, axis=1),
        leg_px=150.0,
        period_s=1.0,
        standing=(time_s >= standing_s[0]) & (time_s <= standing_s[1]),
    )


def strikes(walk: Pass) -> list[tuple[str, float]]:
    found = [event for event in find_events(walk, SETTINGS) if event.kind == "heel_strike"]
    return [(event.side, pytest.approx(event.time_s, abs=0.02)) for event in found]  # type: ignore[misc]


BY_TURNS = [("left", 0.5), ("right", 1.0), ("left", 1.5), ("right", 2.0), ("left", 2.5), ("right", 3.0), ("left", 3.5)]


@pytest.mark.parametrize("extra_s", [1.05, 1.95], ids=["before the true one", "after it"])
def test_of_two_strikes_of_a_foot_in_a_row_the_one_half_a_stride_from_the_other_foot_is_kept(extra_s: float) -> None:
    walk = stepping([0.5, 1.5, 2.5, 3.5, extra_s], [1.0, 2.0, 3.0])
    assert strikes(walk) == BY_TURNS


def test_the_last_strike_of_two_is_kept_where_no_strike_of_the_other_foot_follows() -> None:
    """The right foot strikes at 1.0 s: 1.52 s is nearly half a stride later, 1.05 s is not."""
    assert strikes(stepping([0.5, 1.05, 1.52], [1.0])) == [("left", 0.5), ("right", 1.0), ("left", 1.52)]


def test_a_foot_that_is_far_behind_for_one_frame_only_strikes_before_and_after_it() -> None:
    """Two frames a stride: each foot is ahead in the one and behind in the other; the first step is the longest."""
    ahead = np.where(np.arange(12) % 2 == 1, 100.0, -100.0)
    ahead[1] = 200.0
    walk = Pass(
        time_s=np.arange(12) / 2, ahead_px=np.stack([ahead, -ahead], axis=1), leg_px=150.0, period_s=1.0,
        standing=np.zeros(12, bool),
    )  # fmt: skip
    of_left_s = [time_s for side, time_s in strikes(walk) if side == "left"]
    assert of_left_s == [0.5, 1.5, 2.5, 3.5, 4.5]


@pytest.mark.parametrize(("lasts_s", "is_a_step"), [(1.45, True), (1.55, False)])
def test_a_step_takes_at_most_half_of_the_longest_stride(lasts_s: float, is_a_step: bool) -> None:
    """The longest stride takes 3 s; 0.8 of the period of this slow walk would be 2 s."""
    events = [
        Event(side="left", kind="heel_strike", time_s=1.0),
        Event(side="right", kind="toe_off", time_s=1.2),
        Event(side="right", kind="heel_strike", time_s=1.0 + lasts_s),
    ]
    walk = replace(stepping([1.0], [1.0 + lasts_s]), period_s=2.5)
    assert bool(find_steps(walk, events, SETTINGS)) == is_a_step


@pytest.mark.parametrize(("apart_s", "n_kept"), [(0.70, 1), (0.80, 2)])
def test_strikes_of_a_foot_nearer_than_three_quarters_of_a_stride_are_one(apart_s: float, n_kept: int) -> None:
    walk = stepping([1.0, 1.0 + apart_s], [])
    assert len(strikes(walk)) == n_kept


def test_a_foot_put_forward_while_the_person_stands_is_no_heel_strike() -> None:
    walk = stepping([0.5, 1.5, 2.5, 3.5], [1.0, 2.0, 3.0], standing_s=(1.9, 2.6))
    assert strikes(walk) == [one for one in BY_TURNS if not 1.9 <= one[1] <= 2.6]


def treading(steps_s: list[float]) -> PoseTrack:
    """Return somebody who faces the camera and lifts the feet by turns, each for as long as told."""
    phase = np.interp(
        np.arange(round(sum(steps_s) * FPS)) / FPS, np.cumsum([0.0, *steps_s]), np.pi * np.arange(len(steps_s) + 1)
    )
    up: FloatArray = 0.1 * np.stack([np.maximum(np.sin(phase), 0.0), np.maximum(-np.sin(phase), 0.0)], axis=1)
    knee_deg = 2 * np.degrees(np.arccos((HIP_HEIGHT - up) / 0.5))
    hip = np.tile([960.0, 600.0], (len(up), 1))
    return track_of(figure(hip, thigh_deg=knee_deg / 2, knee_deg=knee_deg, forward=0.0), fps=FPS)


@pytest.mark.parametrize(("longer_s", "n_bouts"), [(0.0, 1), (0.03, 1), (0.05, 0)])
def test_feet_lifted_without_a_rhythm_are_no_walk_before_the_camera(longer_s: float, n_bouts: int) -> None:
    """Fourteen steps from 0.5 s, each longer than the one before: a stride later the legs are less alike."""
    steps_s = [0.5 + longer_s * number for number in range(14)]
    assert len(find_front_bouts(treading(steps_s), SETTINGS)) == n_bouts


def cadence_of(track: PoseTrack) -> Metric:
    smoothed = smooth_track(track, SmoothingSettings())
    forward = forward_direction(smoothed.track)
    angles = joint_angles(smoothed.track, forward=forward, facing="right")
    summary, _ = analyse_gait(smoothed, angles, forward=forward, view="side", settings=SETTINGS)
    return next(one for one in summary.metrics if one.name == "cadence")


@pytest.mark.parametrize(("uneven", "is_told"), [(0.22, True), (0.28, False)])
def test_a_cadence_of_times_that_vary_by_more_than_a_quarter_is_withheld(uneven: float, is_told: bool) -> None:
    """Three steps of 1 - u, 1 and 1 + u times 0.6 s: mean 0.6 s, SD u times that."""
    walk = walker(n_strikes=4, cadence_spm=100.0, fps=60.0)
    starts_s = [0.0, *walk.strike_times_s, float(walk.track.time_s[-1])]
    takes_s = np.diff(starts_s) * np.array([1.0, 1.0 - uneven, 1.0, 1.0 + uneven, 1.0])
    warped = np.interp(walk.track.time_s, starts_s, np.concatenate([[0.0], np.cumsum(takes_s)]))
    cadence = cadence_of(track_of(walk.track.xy_px, time_s=warped))
    assert cadence.n == 3
    assert (cadence.value is not None) == is_told
    assert is_told or "too irregular" in str(cadence.reason)


@pytest.mark.parametrize(("fps", "is_told"), [(14.0, True), (13.0, False)])
def test_equal_steps_are_no_surer_than_the_frames_they_are_read_from(fps: float, is_told: bool) -> None:
    """By hand: 1 / (fps sqrt(6)) for each step, sqrt(2 / 3) of it for the difference of two means of three.

    That is 0.0238 s at 14 and 0.0256 s at 13 frames a second; 5 % of 0.5 s are 0.025 s.
    """
    steps, strides = steps_of([0.5] * 3, [0.5] * 3)
    found = evenness_metrics([steps], strides, lambda n, n_min: 1.0, interval_s=1 / fps, missing="few_strides")
    assert (found[0].name, found[0].value is not None) == ("step_time_symmetry_index", is_told)
    assert is_told or "vary too much" in str(found[0].reason)


@pytest.mark.parametrize(("scatter_s", "is_told"), [(0.029, True), (0.032, False)])
def test_a_difference_of_steps_is_told_where_their_scatter_makes_it_sure_to_5_percent(
    scatter_s: float, is_told: bool
) -> None:
    """By hand: sqrt(2 / 3) of a standard deviation of 0.029 s is 4.7 % of 0.5 s, of 0.032 s it is 5.2 %."""
    uneven = [0.5 - scatter_s, 0.5, 0.5 + scatter_s]
    steps, strides = steps_of(uneven, uneven)
    found = evenness_metrics([steps], strides, lambda n, n_min: 1.0, interval_s=1 / 600, missing="few_strides")
    assert (found[0].name, found[0].value is not None) == ("step_time_symmetry_index", is_told)


@pytest.mark.parametrize(("fps", "is_told"), [(42.0, True), (40.0, False)])
def test_the_variability_of_steps_is_told_where_the_frames_alone_make_less_than_2_percent(
    fps: float, is_told: bool
) -> None:
    """By hand: 1 / (fps sqrt(6)) over 0.5 s is 1.94 % at 42 and 2.04 % at 40 frames a second."""
    steps, strides = steps_of([0.5] * 3, [0.5] * 3)
    found = evenness_metrics([steps], strides, lambda n, n_min: 1.0, interval_s=1 / fps, missing="few_strides")
    assert {one.value is not None for one in found if one.name == "step_time_cv"} == {is_told}


@pytest.mark.parametrize(("asked_s", "n_left"), [(1.36, 1), (1.34, 2), (1.64, 1), (1.66, 2)])
def test_a_correction_means_the_strike_within_0_15_s(asked_s: float, n_left: int) -> None:
    events = [Event(side="left", kind="heel_strike", time_s=time_s) for time_s in (0.5, 1.5)]
    edit = Edit(kind="delete_contact", time_s=asked_s, side="left", contact="heel_strike")
    assert len(corrected(events, stepping([0.5, 1.5], [1.0]), [edit], "heel_strike")) == n_left
