"""Foot and ankle angles, worked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.gait.feet.angles import ANKLES_DEG, flat_in, foot_angles_deg, heel_to_toe_deg, with_ankles
from gaitlab.records import AngleSeries, FeetTrack, FloatArray, GaitMode, PoseTrack, Stride
from gaitlab.records.skeleton import N_KEYPOINTS, Keypoint

N, FPS = 101, 100.0
TIME_S = np.arange(N) / FPS
STRIDE = Stride(side="left", start_s=0.0, end_s=1.0)
FORWARD = np.ones(N)


def leg(*, foot_deg: FloatArray, lean_deg: float, way: float = 1.0) -> PoseTrack:
    """Return a left foot of 40 px with its toes so far up, under a shank of 100 px that leans forward."""
    xy_px, feet_px = np.full((N, N_KEYPOINTS, 2), np.nan), np.full((N, 4, 2), np.nan)
    xy_px[:, Keypoint.LEFT_ANKLE] = (300.0, 400.0)
    lean = np.radians(lean_deg)
    xy_px[:, Keypoint.LEFT_KNEE] = (300.0 + way * 100.0 * np.sin(lean), 400.0 - 100.0 * np.cos(lean))
    feet_px[:, 0] = (300.0 - way * 10.0, 420.0)
    up = np.radians(foot_deg)
    feet_px[:, 2] = feet_px[:, 0] + 40.0 * np.stack([way * np.cos(up), -np.sin(up)], axis=1)
    score, of_feet = (np.isfinite(one[..., 0]).astype(float) for one in (xy_px, feet_px))
    return PoseTrack(
        time_s=TIME_S, xy_px=xy_px, score=score, image_wh=None, feet=FeetTrack(xy_px=feet_px, score=of_feet)
    )


def ankle_deg(track: PoseTrack, *, forward: FloatArray = FORWARD, mode: GaitMode = "walk") -> FloatArray:
    none = AngleSeries(time_s=TIME_S, names=(), deg=np.empty((N, 0)), facing="right")
    return with_ankles(none, track, forward=forward, strides=[STRIDE], mode=mode).angle("left_ankle")


@pytest.mark.parametrize(("way", "up_deg"), [(1.0, 30.0), (-1.0, 30.0), (1.0, -60.0), (1.0, -100.0)])
def test_toes_up_are_positive_whichever_way_the_person_faces(way: float, up_deg: float) -> None:
    track = leg(foot_deg=np.full(N, up_deg), lean_deg=0.0, way=way)
    assert track.feet is not None
    assert heel_to_toe_deg(track.feet, way * FORWARD)[:, 0] == pytest.approx(np.full(N, up_deg))


def test_a_flat_foot_is_at_zero_however_high_its_points_lie_on_the_shoe() -> None:
    flat = np.isin(np.arange(N), flat_in(TIME_S, STRIDE, "walk"))
    track = leg(foot_deg=np.where(flat, -7.0, 13.0), lean_deg=0.0)
    found = foot_angles_deg(track, FORWARD, [STRIDE], "walk")[:, 0]
    assert found == pytest.approx(np.where(flat, 0.0, 20.0))


@pytest.mark.parametrize(("mode", "first_s", "last_s"), [("walk", 0.12, 0.31), ("run", 0.08, 0.18)])
def test_the_foot_is_flat_at_the_start_of_the_stance(mode: GaitMode, first_s: float, last_s: float) -> None:
    flat = TIME_S[flat_in(TIME_S, STRIDE, mode)]
    assert (flat[0], flat[-1]) == pytest.approx((first_s, last_s), abs=0.011)


def test_a_shank_that_leans_over_a_flat_foot_is_dorsiflexion() -> None:
    assert ankle_deg(leg(foot_deg=np.full(N, -5.0), lean_deg=10.0)) == pytest.approx(np.full(N, 10.0))


def test_a_foot_that_points_down_is_plantarflexion() -> None:
    foot = np.where(TIME_S > 0.5, -40.0, 0.0)
    assert ankle_deg(leg(foot_deg=foot, lean_deg=0.0)) == pytest.approx(foot)


def test_the_mirror_image_has_the_same_angle() -> None:
    foot = 20.0 * np.sin(6.0 * TIME_S)
    right, left = (leg(foot_deg=foot, lean_deg=12.0, way=way) for way in (1.0, -1.0))
    assert ankle_deg(left, forward=-FORWARD) == pytest.approx(ankle_deg(right))


def test_without_a_stride_of_the_leg_or_a_foot_there_is_no_ankle_angle() -> None:
    track = leg(foot_deg=np.zeros(N), lean_deg=0.0)
    none = AngleSeries(time_s=TIME_S, names=(), deg=np.empty((N, 0)), facing="right")
    assert np.isnan(with_ankles(none, track, forward=FORWARD, strides=[], mode="walk").deg).all()
    assert with_ankles(none, replace(track, feet=None), forward=FORWARD, strides=[STRIDE], mode="walk") is none
    assert ANKLES_DEG == ("left_ankle", "right_ankle")
