"""Cadence and step time of people who come towards the camera, and none of people who do something else there."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitlab.gait.front import analyse_front, find_front_bouts, find_passings
from gaitlab.motion.camera_view import classify_view
from gaitlab.motion.smoothing import smooth_track
from gaitlab.records import FloatArray, GaitSummary, Metric, PoseTrack
from gaitlab.records.skeleton import Keypoint
from gaitlab.settings import GaitSettings, SmoothingSettings
from tests.builders import HIP_HEIGHT, figure, front_walker, mirrored, squatter, standing, track_of, walker
from tests.examples import examples

UPPER_BODY = [joint for joint in Keypoint if joint < Keypoint.LEFT_HIP]


def front_of(track: PoseTrack) -> GaitSummary:
    return analyse_front(smooth_track(track, SmoothingSettings()), GaitSettings())[0]


def metric(summary: GaitSummary, name: str, side: str | None = None) -> Metric:
    (found,) = [one for one in summary.metrics if (one.name, one.side) == (name, side)]
    return found


def cadence(track: PoseTrack) -> Metric:
    return metric(front_of(track), "cadence")


def legs_of(track: PoseTrack) -> PoseTrack:
    score = track.score.copy()
    score[:, UPPER_BODY] = 0.05
    return replace(track, score=score)


def on_the_spot(left_up: FloatArray, right_up: FloatArray, sink: FloatArray, *, fps: float = 30.0) -> PoseTrack:
    """Return somebody who faces the camera: how far each foot is lifted and the hips have sunk, in body heights."""
    below = HIP_HEIGHT - np.stack([left_up + sink, right_up + sink], axis=1)
    knee_deg = 2 * np.degrees(np.arccos(below / 0.5))
    hip = np.array([960.0, 600.0]) + 300.0 * np.stack([0 * sink, sink], axis=1)
    return track_of(figure(hip, thigh_deg=knee_deg / 2, knee_deg=knee_deg, forward=0.0), fps=fps)


def bumps(*, period_s: float, delay_s: float = 0.0, fps: float = 30.0, duration_s: float = 20.0) -> FloatArray:
    """Return 0..1 and back in the first half of each period, then 0."""
    time_s = np.arange(round(duration_s * fps)) / fps
    return np.asarray(np.maximum(np.sin(2 * np.pi * (time_s - delay_s) / period_s), 0.0))


@pytest.mark.parametrize("cadence_spm", [60.0, 85.0, 110.0, 140.0])
@pytest.mark.parametrize("fps", [25.0, 30.0, 60.0])
def test_cadence_from_the_front(cadence_spm: float, fps: float) -> None:
    found = cadence(front_walker(cadence_spm=cadence_spm, fps=fps).track)
    assert found.value == pytest.approx(cadence_spm, rel=0.01)
    assert found.confidence >= (0.9 if cadence_spm >= 80 else 0.7)


@pytest.mark.parametrize(("cadence_spm", "is_sure"), [(78.0, False), (82.0, True)])
def test_few_steps_a_minute_from_the_front_are_never_sure(cadence_spm: float, is_sure: bool) -> None:
    assert (cadence(front_walker(cadence_spm=cadence_spm).track).confidence >= 0.8) == is_sure


@pytest.mark.parametrize("cadence_spm", [60.0, 100.0, 140.0])
@pytest.mark.parametrize("noise_px", [1.0, 2.0])
def test_shaky_keypoints_change_the_cadence_little(cadence_spm: float, noise_px: float) -> None:
    for seed in range(3):
        found = cadence(front_walker(cadence_spm=cadence_spm, noise_px=noise_px, seed=seed).track)
        assert found.value == pytest.approx(cadence_spm, rel=0.03)


@settings(max_examples=examples(30), deadline=None, derandomize=True)
@given(
    cadence_spm=st.floats(60.0, 140.0),
    fps=st.floats(25.0, 60.0),
    noise_px=st.floats(0.0, 2.0),
    looking_down=st.floats(0.05, 0.4),
    seed=st.integers(0, 10_000),
)
def test_cadence_is_right_at_any_pace_and_frame_rate(
    cadence_spm: float, fps: float, noise_px: float, looking_down: float, seed: int
) -> None:
    walk = front_walker(cadence_spm=cadence_spm, fps=fps, noise_px=noise_px, looking_down=looking_down, seed=seed)
    assert cadence(walk.track).value == pytest.approx(cadence_spm, rel=0.03)


@pytest.mark.parametrize("away", [False, True])
def test_who_comes_near_or_goes_away_is_measured_all_along(away: bool) -> None:
    found = cadence(front_walker(nearer=0.4 if away else 2.5, away=away).track)
    assert found.value == pytest.approx(110.0, rel=0.02)
    assert found.n >= 10


def test_step_time_is_that_of_both_feet_together() -> None:
    summary = front_of(front_walker(cadence_spm=100.0).track)
    assert metric(summary, "step_time").value == pytest.approx(0.6, rel=0.01)
    assert metric(summary, "step_time").value == 60.0 / (metric(summary, "cadence").value or 0.0)
    assert "view from the side" in str(metric(summary, "step_time", "left").reason)


def test_stride_time_of_each_foot() -> None:
    summary = front_of(front_walker(cadence_spm=100.0).track)
    for side in ("left", "right"):
        assert metric(summary, "stride_time", side).value == pytest.approx(1.2, rel=0.01)


@pytest.mark.parametrize("name", ["step_length", "knee_flexion_peak", "stance_percent"])
def test_what_needs_a_side_view_is_withheld(name: str) -> None:
    found = metric(front_of(front_walker().track), name, "left")
    assert found.value is None
    assert "view from the side" in str(found.reason)


@pytest.mark.parametrize("looking_down", [0.1, 0.25, 0.4])
def test_contacts_are_known_to_a_tenth_of_a_second(looking_down: float) -> None:
    walk = front_walker(looking_down=looking_down)
    contacts = front_of(walk.track).contacts
    assert len(contacts) >= 10
    for contact in contacts:
        nearest = min(abs(contact.time_s - at) for side, at in walk.strikes if side == contact.side)
        assert nearest <= 0.1


def test_from_behind_there_is_a_cadence_but_no_contact() -> None:
    summary = front_of(front_walker(away=True).track)
    assert metric(summary, "cadence").value == pytest.approx(110.0, rel=0.01)
    assert (summary.contacts, summary.strides) == ((), ())


def test_legs_alone_are_enough() -> None:
    legs = legs_of(front_walker().track)
    assert classify_view(smooth_track(legs, SmoothingSettings()).track) == "front"
    assert cadence(legs).value == pytest.approx(110.0, rel=0.01)


def test_legs_alone_past_the_camera_are_seen_from_the_side() -> None:
    assert classify_view(smooth_track(legs_of(walker().track), SmoothingSettings()).track) == "side"


@pytest.mark.parametrize("nearer", [1.0, 2.5])
def test_a_walk_towards_the_camera_is_seen_from_the_front(nearer: float) -> None:
    assert classify_view(front_walker(nearer=nearer).track) == "front"


def test_the_mirror_image_has_the_same_cadence() -> None:
    track = front_walker(noise_px=1.0).track
    assert cadence(mirrored(track)).value == pytest.approx(cadence(track).value)


def test_the_ankles_pass_each_other_left_and_right_by_turns() -> None:
    (bout,) = find_front_bouts(front_walker().track, GaitSettings())
    sides = [one.side for one in find_passings(bout)]
    assert all(one != other for one, other in pairwise(sides))


def test_standing_before_the_walk_makes_no_step() -> None:
    walk = front_walker(stand_before_s=3.0, noise_px=0.5)
    summary = front_of(walk.track)
    assert metric(summary, "cadence").value == pytest.approx(110.0, rel=0.02)
    assert all(contact.time_s > 3.0 for contact in summary.contacts)


def test_three_steps_are_too_few() -> None:
    assert cadence(front_walker(n_strikes=3).track).value is None


def test_a_hidden_ankle_parts_the_walk_and_spoils_nothing() -> None:
    track = front_walker(n_strikes=24).track
    score = track.score.copy()
    score[180:210, Keypoint.LEFT_ANKLE] = 0.1
    found = cadence(replace(track, score=score))
    assert found.value == pytest.approx(110.0, rel=0.01)
    assert (
        len(find_front_bouts(smooth_track(replace(track, score=score), SmoothingSettings()).track, GaitSettings())) == 2
    )


STILL = np.zeros(600)
OTHERS = {
    "standing": standing(noise_px=2.0, duration_s=10.0),
    "squats": squatter(view="front", reps=6, rest_s=0.0, noise_px=1.0),
    "jumps": on_the_spot(0.1 * bumps(period_s=1.0), 0.1 * bumps(period_s=1.0), STILL),
    "lunges by turns": on_the_spot(
        0.1 * bumps(period_s=2.4), 0.1 * bumps(period_s=2.4, delay_s=1.2),
        0.2 * (bumps(period_s=2.4) + bumps(period_s=2.4, delay_s=1.2)),
    ),
    "one leg lifted": on_the_spot(0.12 * bumps(period_s=1.5), STILL, STILL),
}  # fmt: skip


@pytest.mark.parametrize("track", OTHERS.values(), ids=OTHERS.keys())
def test_who_does_not_walk_makes_no_steps_before_the_camera(track: PoseTrack) -> None:
    summary = front_of(track)
    assert summary.contacts == ()
    assert metric(summary, "cadence").value is None


def test_shifting_the_feet_at_random_is_no_walk() -> None:
    rng = np.random.default_rng(1)
    lifts = np.zeros((2, 600))
    for start in np.cumsum(rng.uniform(12, 60, 14)).astype(int):
        lifts[rng.integers(2), start : start + 12] = 0.1 * np.sin(np.pi * np.arange(12) / 12)[: 600 - start]
    assert cadence(on_the_spot(lifts[0], lifts[1], STILL)).value is None
