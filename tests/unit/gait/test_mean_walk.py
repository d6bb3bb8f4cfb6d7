"""The mean gait cycle as a figure that walks."""

from __future__ import annotations

import numpy as np
import pytest

from gaitlab.gait.cycle_curves import CycleCurve
from gaitlab.gait.mean_walk import LegAngles, MeanWalk, mean_walk, norm_walk, walking_figure
from gaitlab.gait.norms import GROUPS, norm_band
from gaitlab.motion.anthropometry import SHANK, THIGH, TRUNK
from gaitlab.motion.geometry import angle_at_deg
from gaitlab.records import Contact, GaitSummary, Stride
from gaitlab.records.skeleton import SIDES, Keypoint, OneSide

ZERO = np.zeros(101)
RISING = np.linspace(0.0, 100.0, 101)


def constant(deg: float) -> np.ndarray:
    return np.full(101, deg)


def a_walk(*, hip_deg: float = 0.0, knee_deg: float = 0.0, lean_deg: float = 0.0) -> MeanWalk:
    leg = LegAngles(hip_deg=constant(hip_deg), knee_deg=constant(knee_deg))
    return MeanWalk(legs={"left": leg}, lean_deg=constant(lean_deg), right_after_left=0.5, stance={})


def a_gait(*, other_s: float = 0.5, off_s: float = 0.6) -> GaitSummary:
    """One left stride of a second, in which the right heel strikes and the left toe leaves the ground."""
    times = (("left", "heel_strike", 0.0), ("right", "heel_strike", other_s), ("left", "toe_off", off_s))
    contacts = tuple(Contact(side=s, kind=k, time_s=t, frame=0) for s, k, t in times)  # type: ignore[arg-type]
    return GaitSummary(
        mode="walk", contacts=contacts, strides=(Stride(side="left", start_s=0.0, end_s=1.0),), metrics=()
    )


def curves(*sides: OneSide) -> tuple[CycleCurve, ...]:
    return tuple(
        CycleCurve(name=name, side=side, n=3, mean_deg=RISING, sd_deg=ZERO)
        for side in sides
        for name in ("knee_flexion", "hip_flexion")
    )


def test_straight_legs_hang_below_the_hips_and_the_trunk_stands_on_them() -> None:
    xy = walking_figure(a_walk(), of="left")[0]
    assert xy[Keypoint.LEFT_KNEE] == pytest.approx([0.0, THIGH])
    assert xy[Keypoint.LEFT_ANKLE] == pytest.approx([0.0, THIGH + SHANK])
    assert xy[Keypoint.LEFT_SHOULDER] == pytest.approx([0.0, -TRUNK])


def test_a_bent_hip_brings_the_thigh_forward_and_a_bent_knee_the_shank_back() -> None:
    xy = walking_figure(a_walk(hip_deg=90.0, knee_deg=90.0), of="left")[0]
    assert xy[Keypoint.LEFT_KNEE] == pytest.approx([THIGH, 0.0])
    assert xy[Keypoint.LEFT_ANKLE] == pytest.approx([THIGH, SHANK])


def test_the_figure_has_the_angles_that_it_was_made_of() -> None:
    xy = walking_figure(a_walk(hip_deg=25.0, knee_deg=40.0, lean_deg=8.0), of="left")[0]
    hip, knee, ankle, shoulder = (xy[Keypoint[f"LEFT_{name}"]] for name in ("HIP", "KNEE", "ANKLE", "SHOULDER"))
    assert 180.0 - angle_at_deg(shoulder, hip, knee) == pytest.approx(25.0)
    assert 180.0 - angle_at_deg(hip, knee, ankle) == pytest.approx(40.0)
    assert shoulder[0] > 0.0


def test_a_leg_that_is_not_known_is_not_drawn() -> None:
    xy = walking_figure(a_walk(), of="left")
    assert np.isnan(xy[:, [Keypoint.RIGHT_KNEE, Keypoint.RIGHT_ANKLE]]).all()


def test_the_other_leg_is_as_late_as_its_heel_strike() -> None:
    leg = LegAngles(hip_deg=RISING, knee_deg=ZERO)
    walk = MeanWalk(legs=dict.fromkeys(SIDES, leg), lean_deg=ZERO, right_after_left=0.3, stance={})
    xy = walking_figure(walk, of="left")
    assert xy[30, Keypoint.RIGHT_KNEE] == pytest.approx(xy[0, Keypoint.LEFT_KNEE], abs=1e-9)
    xy = walking_figure(walk, of="right")
    assert xy[70, Keypoint.LEFT_KNEE] == pytest.approx(xy[0, Keypoint.RIGHT_KNEE], abs=1e-9)


def test_legs_phase_and_stance_are_those_of_the_walk() -> None:
    walk = mean_walk(a_gait(other_s=0.45, off_s=0.62), curves("left", "right"))
    assert walk is not None
    assert tuple(walk.legs) == ("left", "right")
    assert walk.right_after_left == pytest.approx(0.45)
    assert walk.stance == {"left": pytest.approx(0.62)}


def test_without_hip_and_knee_of_one_leg_there_is_no_figure() -> None:
    assert mean_walk(a_gait(), curves("left")[:1]) is None
    one_leg = mean_walk(a_gait(), curves("left"))
    assert one_leg is not None
    assert tuple(one_leg.legs) == ("left",)


@pytest.mark.parametrize("group", [name for name in GROUPS if norm_band("knee_flexion", name) is not None])
def test_the_norm_of_a_group_has_its_own_curves(group: str) -> None:
    leg = norm_walk(group).legs["left"]
    hip, knee = norm_band("hip_flexion", group), norm_band("knee_flexion", group)
    assert hip is not None
    assert knee is not None
    assert leg.hip_deg == pytest.approx(hip.mean_deg)
    assert leg.knee_deg == pytest.approx(knee.mean_deg)


def test_the_norm_walks_alike_on_both_legs_half_a_cycle_apart() -> None:
    xy = walking_figure(norm_walk("adults"), of="left")
    assert xy[50, Keypoint.RIGHT_ANKLE] == pytest.approx(xy[0, Keypoint.LEFT_ANKLE], abs=1e-9)
    assert xy[0, Keypoint.LEFT_ANKLE, 0] > xy[0, Keypoint.RIGHT_ANKLE, 0] + 0.2
