"""Angles over the gait cycle, of strides made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitlab.archive.samples import analyse_sample, samples
from gaitlab.gait.cycle_curves import CycleCurve, cycle_curves, stretch
from gaitlab.gait.norms import norm_band
from gaitlab.motion.kinematics import ANGLE_NAMES
from gaitlab.pipeline import analyse_track
from gaitlab.records import Analysis, AngleSeries, FloatArray, SourceInfo, Stride, View
from gaitlab.settings import AnalysisSettings
from tests.builders import SWING_KNEE_DEG, front_walker, squatter, walker

LEFT = [Stride(side="left", start_s=k * 1.1 + 0.3, end_s=k * 1.1 + 1.4) for k in range(4)]
RIGHT = [Stride(side="right", start_s=stride.start_s + 0.55, end_s=stride.end_s + 0.55) for stride in LEFT]
TIME_S = np.arange(600) / 100.0


@pytest.fixture(scope="module")
def walk() -> Analysis:
    track = walker(n_strikes=14, fps=60.0).track
    source = SourceInfo(file="walk", frames=len(track), duration_s=None, fps_mean=None)
    return analyse_track(track, AnalysisSettings(activity="gait"), source=source)


def knees(left: FloatArray, right: FloatArray, *, time_s: FloatArray = TIME_S) -> AngleSeries:
    """Return an angle series in which only the knees are known."""
    deg = np.full((len(time_s), len(ANGLE_NAMES)), np.nan)
    deg[:, ANGLE_NAMES.index("left_knee")], deg[:, ANGLE_NAMES.index("right_knee")] = left, right
    return AngleSeries(time_s=time_s, names=ANGLE_NAMES, deg=deg, facing="right")


def of_strides(walk: Analysis, angles: AngleSeries, strides: list[Stride], *, view: View = "side") -> Analysis:
    assert walk.gait is not None
    gait = replace(walk.gait, strides=tuple(strides))
    return replace(walk, angles=angles, gait=gait, subject=replace(walk.subject, view=view))


def saw(time_s: FloatArray, start_s: float) -> FloatArray:
    """Return 0 at each heel strike, rising to 60 at the next."""
    return 60.0 * (((time_s - start_s) / 1.1) % 1.0)


def curve(curves: tuple[CycleCurve, ...], side: str, name: str = "knee_flexion") -> CycleCurve:
    (found,) = [one for one in curves if (one.side, one.name) == (side, name)]
    return found


def test_strides_of_any_length_are_stretched_to_one_hundred_percent(walk: Analysis) -> None:
    ramp = knees(10.0 * TIME_S, 10.0 * TIME_S)
    strides = [Stride(side="left", start_s=a, end_s=b) for a, b in ((0.5, 1.5), (1.5, 2.7), (2.7, 4.1))]
    found = curve(cycle_curves(of_strides(walk, ramp, strides)), "left")
    assert found.mean_deg.shape == found.sd_deg.shape == (101,)
    starts, ends = [5.0, 15.0, 27.0], [15.0, 27.0, 41.0]
    assert found.mean_deg[[0, 50, 100]] == pytest.approx([np.mean(starts), np.mean(starts + ends), np.mean(ends)])
    assert found.sd_deg[[0, 100]] == pytest.approx([np.std(starts, ddof=1), np.std(ends, ddof=1)])


def test_each_side_has_its_own_strides(walk: Analysis) -> None:
    angles = knees(np.full(600, 20.0), np.full(600, 30.0))
    curves = cycle_curves(of_strides(walk, angles, [*LEFT, *RIGHT[:3]]))
    assert [(one.side, one.n, one.mean_deg[0]) for one in curves] == [("left", 4, 20.0), ("right", 3, 30.0)]


def test_a_stride_with_a_gap_in_it_does_not_count(walk: Analysis) -> None:
    left = np.full(600, 20.0)
    left[100] = np.nan  # at 1.00 s, in the first stride
    found = curve(cycle_curves(of_strides(walk, knees(left, left), LEFT)), "left")
    assert found.n == 3
    assert np.isfinite(found.mean_deg).all()


def test_a_gap_between_two_strides_costs_neither() -> None:
    deg = np.full(600, 20.0)
    deg[200] = np.nan
    angles = knees(deg, deg)
    before, after = (Stride(side="left", start_s=a, end_s=b) for a, b in ((0.9, 1.99), (2.01, 3.1)))
    assert stretch(angles, "left_knee", before) is not None
    assert stretch(angles, "left_knee", after) is not None


def test_frames_that_are_missing_are_a_gap_too() -> None:
    kept = (TIME_S < 1.0) | (TIME_S > 1.2)
    angles = knees(np.full(kept.sum(), 20.0), np.full(kept.sum(), 20.0), time_s=TIME_S[kept])
    assert stretch(angles, "left_knee", LEFT[0]) is None
    assert stretch(angles, "left_knee", LEFT[1]) is not None


@pytest.mark.parametrize(("start_s", "end_s"), [(-0.1, 1.0), (5.5, 6.1)])
def test_a_stride_that_reaches_beyond_the_clip_is_not_guessed(start_s: float, end_s: float) -> None:
    angles = knees(np.full(600, 20.0), np.full(600, 20.0))
    assert stretch(angles, "left_knee", Stride(side="left", start_s=start_s, end_s=end_s)) is None


def test_two_strides_make_no_curve(walk: Analysis) -> None:
    angles = knees(np.full(600, 20.0), np.full(600, 20.0))
    assert cycle_curves(of_strides(walk, angles, LEFT[:2])) == ()


@pytest.mark.parametrize("view", ["front", "ambiguous"])
def test_only_a_view_from_the_side_gives_curves(walk: Analysis, view: View) -> None:
    angles = knees(np.full(600, 20.0), np.full(600, 20.0))
    assert cycle_curves(of_strides(walk, angles, LEFT, view=view)) == ()


def test_squats_and_walks_from_the_front_have_no_curves() -> None:
    for track in (squatter(reps=2, view="side"), front_walker().track):
        source = SourceInfo(file="clip", frames=len(track), duration_s=None, fps_mean=None)
        assert cycle_curves(analyse_track(track, AnalysisSettings(), source=source)) == ()


@given(stride_s=st.floats(0.7, 2.0), fps=st.floats(50.0, 120.0), shift_s=st.floats(0.0, 0.3))
def test_the_same_movement_gives_the_same_curve_at_any_pace(stride_s: float, fps: float, shift_s: float) -> None:
    """A wave of one period a stride: sampled straight lines miss its peak by less than half a degree."""
    time_s = np.arange(0.0, shift_s + stride_s + 2 / fps, 1 / fps)
    wave = 30.0 - 30.0 * np.cos(2 * np.pi * (time_s - shift_s) / stride_s)
    stride = Stride(side="left", start_s=shift_s, end_s=shift_s + stride_s)
    found = stretch(knees(wave, wave, time_s=time_s), "left_knee", stride)
    assert found is not None
    assert found == pytest.approx(30.0 - 30.0 * np.cos(2 * np.pi * np.linspace(0, 1, 101)), abs=0.5)


def test_the_knee_of_the_drawn_walker_bends_most_in_mid_swing(walk: Analysis) -> None:
    for side in ("left", "right"):
        knee = curve(cycle_curves(walk), side)
        assert 75 <= int(knee.mean_deg.argmax()) <= 85  # the foot is in the air from 60 to 100 %
        assert knee.mean_deg.max() == pytest.approx(SWING_KNEE_DEG, abs=5.0)
        assert knee.sd_deg.max() < 5.0


def test_a_recorded_walk_has_the_shape_of_the_norm() -> None:
    """Not its values, and not quite its timing: heel strikes are found a little early, and the legs look different."""
    (sample,) = [one for one in samples() if one.title == "Walking there and back"]
    curves = [one for one in cycle_curves(analyse_sample(sample)) if norm_band(one.name)]
    assert {(one.name, one.side) for one in curves} == {
        (name, side) for name in ("knee_flexion", "hip_flexion") for side in ("left", "right")
    }
    for one in curves:
        band = norm_band(one.name)
        assert band is not None
        assert one.n >= 7
        assert np.corrcoef(one.mean_deg, band.mean_deg)[0, 1] >= 0.75
        assert np.abs(one.mean_deg - band.mean_deg).mean() <= 15.0
