"""Charts: what is drawn where, and in which colour."""

from __future__ import annotations

import numpy as np
import pytest

from gaitlab.gait.cycle_curves import CycleCurve
from gaitlab.gait.norms import norm_band
from gaitlab.records import AngleSeries
from gaitlab.records.skeleton import SIDE_COLORS, Keypoint
from gaitlab.ui.shared.figures import angle_joints, cycle_figure
from gaitlab.video.overlay import draw_pose

TIME_S = np.arange(50) / 10.0


def knees() -> AngleSeries:
    deg = np.stack([10 * TIME_S, 10 * TIME_S + 5, np.full(50, np.nan)], axis=1)
    return AngleSeries(time_s=TIME_S, names=("left_knee", "right_knee", "trunk_lean"), deg=deg, facing="right")


def test_joints_pair_left_and_right_and_leave_out_what_was_never_seen() -> None:
    assert angle_joints(knees()) == {"knee": ("left_knee", "right_knee")}


def cycles(name: str = "knee_flexion", *, range_deg: float = 60.0) -> list[CycleCurve]:
    mean = range_deg * np.sin(np.linspace(0, np.pi, 101))
    return [
        CycleCurve(name=name, side="left", n=4, mean_deg=mean, sd_deg=np.full(101, 3.0)),
        CycleCurve(name=name, side="right", n=5, mean_deg=mean + 2.0, sd_deg=np.full(101, 2.0)),
    ]


def test_the_gait_cycle_shows_a_line_and_a_shade_a_side() -> None:
    left_shade, _, left, right = cycle_figure(cycles()).data
    assert [left.name, right.name] == ["left, 4 strides", "right, 5 strides"]
    assert (left.line.color, right.line.color) == (SIDE_COLORS["left"], SIDE_COLORS["right"])
    assert left.line.dash != right.line.dash
    assert (left.x[0], left.x[-1]) == (0, 100)
    assert (max(left_shade.y), min(left_shade.y)) == (pytest.approx(63.0), pytest.approx(-3.0))
    assert left_shade.fill == "toself"


def test_the_norm_lies_behind_in_grey_and_says_whose_it_is() -> None:
    figure = cycle_figure(cycles(), band=norm_band("knee_flexion", "children"))
    shade, line = figure.data[0], figure.data[3]
    assert line.name == "Children, 4-17 years"
    assert line.line.color == shade.fillcolor
    assert line.line.color not in SIDE_COLORS.values()


def test_a_norm_of_another_angle_is_refused() -> None:
    with pytest.raises(ValueError, match="one angle"):
        cycle_figure(cycles("hip_flexion"), band=norm_band("knee_flexion"))


@pytest.mark.parametrize(("range_deg", "height_deg"), [(5.0, 30.0), (60.0, None)])
def test_a_flat_gait_curve_does_not_fill_the_chart(range_deg: float, height_deg: float | None) -> None:
    limits = cycle_figure(cycles(range_deg=range_deg)).layout.yaxis.range
    assert (None if limits is None else pytest.approx(limits[1] - limits[0])) == height_deg


def test_clip_and_charts_use_the_same_colours() -> None:
    rgb = np.zeros((60, 60, 3), dtype=np.uint8)
    xy_px = np.full((17, 2), np.nan)
    spots = {Keypoint.NOSE: "both", Keypoint.LEFT_KNEE: "left", Keypoint.RIGHT_KNEE: "right"}
    for i, keypoint in enumerate(spots):
        xy_px[keypoint] = (10 + 20 * i, 30)
    draw_pose(rgb, xy_px)
    drawn = {side: "#{:02X}{:02X}{:02X}".format(*rgb[30, 10 + 20 * i]) for i, side in enumerate(spots.values())}
    assert drawn == dict(SIDE_COLORS)
