"""Joint angles of figures set up from those angles."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gaitlab.motion.kinematics import ANGLE_ARMS, ANGLE_NAMES, joint_angles
from gaitlab.records import AngleSeries, PoseTrack
from gaitlab.records.skeleton import Keypoint
from tests.builders import ELBOW_DEG, figure, track_of, with_rows


def figure_track(*, forward: float = 1.0, **angles: Any) -> PoseTrack:
    return track_of(figure([[900.0, 700.0]], forward=forward, **angles))


def angles_of(track: PoseTrack, *, forward: float = 1.0) -> AngleSeries:
    return joint_angles(track, forward=np.full(len(track), forward), facing="right" if forward > 0 else "left")


def angle(name: str, *, forward: float = 1.0, **angles: Any) -> float:
    return float(angles_of(figure_track(forward=forward, **angles), forward=forward).angle(name)[0])


@pytest.fixture(params=[1.0, -1.0], ids=["facing right", "facing left"])
def forward(request: pytest.FixtureRequest) -> float:
    return float(request.param)


def test_who_stands_straight_has_all_leg_and_trunk_angles_zero(forward: float) -> None:
    names = [name for name in ANGLE_NAMES if "elbow" not in name]
    assert [angle(name, forward=forward) for name in names] == pytest.approx([0.0] * len(names), abs=1e-6)


@pytest.mark.parametrize("knee_deg", [30.0, 90.0, 150.0])
def test_knee_flexion_is_positive(forward: float, knee_deg: float) -> None:
    assert angle("right_knee", forward=forward, knee_deg=(0.0, knee_deg)) == pytest.approx(knee_deg)
    assert angle("left_knee", forward=forward, knee_deg=(0.0, knee_deg)) == pytest.approx(0.0, abs=1e-6)


def test_elbow_flexion_is_measured_like_the_knee(forward: float) -> None:
    assert angle("left_elbow", forward=forward) == pytest.approx(ELBOW_DEG)


@pytest.mark.parametrize("thigh_deg", [40.0, -15.0])
def test_a_thigh_ahead_is_hip_flexion_and_one_behind_is_extension(forward: float, thigh_deg: float) -> None:
    assert angle("left_hip", forward=forward, thigh_deg=(thigh_deg, 0.0)) == pytest.approx(thigh_deg)
    assert angle("left_thigh", forward=forward, thigh_deg=(thigh_deg, 0.0)) == pytest.approx(thigh_deg)


@pytest.mark.parametrize("trunk_deg", [25.0, -10.0])
def test_leaning_forward_is_positive(forward: float, trunk_deg: float) -> None:
    assert angle("trunk_lean", forward=forward, trunk_deg=trunk_deg) == pytest.approx(trunk_deg)


def test_bending_over_flexes_the_hip_but_not_the_thigh(forward: float) -> None:
    assert angle("left_hip", forward=forward, trunk_deg=60.0) == pytest.approx(60.0)
    assert angle("left_thigh", forward=forward, trunk_deg=60.0) == pytest.approx(0.0, abs=1e-6)


def test_an_arm_that_hangs_while_the_trunk_leans_is_raised_against_it(forward: float) -> None:
    assert angle("left_shoulder", forward=forward, trunk_deg=30.0) == pytest.approx(30.0)


def test_without_a_facing_direction_only_the_unsigned_angles_are_known() -> None:
    angles = angles_of(figure_track(knee_deg=(20.0, 20.0)), forward=0.0)
    unknown = [name for name in ANGLE_NAMES if np.isnan(angles.angle(name)[0])]
    assert unknown == ["left_hip", "right_hip", "left_thigh", "right_thigh", "trunk_lean"]


def test_an_unknown_knee_leaves_the_angles_of_its_leg_unknown() -> None:
    track = with_rows(figure_track(), slice(None), Keypoint.LEFT_KNEE, xy_px=(np.nan, np.nan), score=0.0)
    angles = angles_of(track)
    unknown = [name for name in ANGLE_NAMES if np.isnan(angles.angle(name)[0])]
    assert unknown == ["left_knee", "left_hip", "left_thigh"]


def test_the_direction_may_change_from_frame_to_frame() -> None:
    track = track_of(figure([[900.0, 700.0]] * 2, forward=np.array([1.0, -1.0]), trunk_deg=20.0))
    angles = joint_angles(track, forward=np.array([1.0, -1.0]), facing="unknown")
    assert angles.angle("trunk_lean").tolist() == pytest.approx([20.0, 20.0])


def test_there_is_no_ankle_angle() -> None:
    assert not [name for name in ANGLE_NAMES if "ankle" in name or "foot" in name]


@pytest.mark.parametrize("name", ANGLE_NAMES)
def test_every_angle_lies_between_its_two_arms(name: str) -> None:
    poses = np.random.default_rng(7).uniform(0, 100, size=(20, 17, 2))
    poses[:3, Keypoint.LEFT_HIP] = np.nan
    angles = joint_angles(track_of(poses), forward=np.ones(20), facing="right")
    assert ANGLE_ARMS[name].amount_deg(poses) == pytest.approx(np.abs(angles.angle(name)), nan_ok=True)
