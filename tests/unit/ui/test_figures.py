"""Charts: what is drawn where, and in which colour."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.gait.cycle_curves import CycleCurve
from gaitlab.gait.norms import norm_band
from gaitlab.history.trends import trend
from gaitlab.records import AngleSeries, Contact, ExerciseSummary, GaitSummary, Repetition
from gaitlab.records.skeleton import SIDE_COLORS, Keypoint
from gaitlab.ui.shared.figures import angle_figure, angle_joints, cycle_figure, trend_figure
from gaitlab.video.overlay import draw_pose
from tests.builders_change import Point, baseline

TIME_S = np.arange(50) / 10.0


def knees() -> AngleSeries:
    deg = np.stack([10 * TIME_S, 10 * TIME_S + 5, np.full(50, np.nan)], axis=1)
    return AngleSeries(time_s=TIME_S, names=("left_knee", "right_knee", "trunk_lean"), deg=deg, facing="right")


def two_squats() -> ExerciseSummary:
    reps = tuple(
        Repetition(index=i, side="both", start_s=i, turn_s=i + 0.4, end_s=i + 0.9, range_deg=90.0) for i in (1, 2)
    )
    return ExerciseSummary(name="squat", count=2, partial=0, repetitions=reps, metrics=())


def two_steps() -> GaitSummary:
    contacts = (
        Contact(side="left", kind="heel_strike", time_s=1.0, frame=10),
        Contact(side="left", kind="toe_off", time_s=1.6, frame=16),
        Contact(side="right", kind="heel_strike", time_s=2.0, frame=20),
    )
    return GaitSummary(mode="walk", contacts=contacts, strides=(), metrics=())


def test_joints_pair_left_and_right_and_leave_out_what_was_never_seen() -> None:
    assert angle_joints(knees()) == {"knee": ("left_knee", "right_knee")}


def test_a_small_movement_does_not_fill_the_chart() -> None:
    still = AngleSeries(time_s=TIME_S, names=("left_knee",), deg=4 + np.sin(TIME_S)[:, None], facing="right")
    low, high = angle_figure(still, ("left_knee",)).layout.yaxis.range
    assert low < 3
    assert high > 5
    assert high - low == pytest.approx(30)


def test_a_large_movement_sets_the_chart_itself() -> None:
    assert angle_figure(knees(), ("left_knee", "right_knee")).layout.yaxis.range is None


def test_left_and_right_curves_have_their_own_colour_and_dash() -> None:
    left, right = angle_figure(knees(), ("left_knee", "right_knee")).data
    assert (left.line.color, right.line.color) == (SIDE_COLORS["left"], SIDE_COLORS["right"])
    assert left.line.dash != right.line.dash


def test_unknown_stretches_stay_gaps() -> None:
    (curve,) = angle_figure(knees(), ("trunk_lean",)).data
    assert np.isnan(curve.y).all()
    assert not curve.connectgaps


def test_every_repetition_is_a_shaded_span_with_its_number() -> None:
    figure = angle_figure(knees(), ("left_knee",), exercise=two_squats())
    assert [(span.x0, span.x1) for span in figure.layout.shapes] == [(1, 1.9), (2, 2.9)]
    assert [note.text for note in figure.layout.annotations] == ["1", "2"]


def test_a_shallow_repetition_is_fainter_and_its_number_in_brackets() -> None:
    full, other = two_squats().repetitions
    summary = replace(two_squats(), partial=1, repetitions=(full, replace(other, is_shallow=True)))
    figure = angle_figure(knees(), ("left_knee",), exercise=summary)
    assert [note.text for note in figure.layout.annotations] == ["1", "(2)"]
    assert figure.layout.shapes[1].opacity < figure.layout.shapes[0].opacity
    assert figure.data[-1].hovertext == ("turning point of repetition 1", "turning point of repetition 2, shallow")


def test_turning_points_lie_on_the_curve() -> None:
    turns = angle_figure(knees(), ("left_knee",), exercise=two_squats()).data[-1]
    assert list(turns.x) == [1.4, 2.4]
    assert list(turns.y) == pytest.approx([14.0, 24.0])


def test_heel_strikes_lie_on_the_curve_of_their_side() -> None:
    figure = angle_figure(knees(), ("left_knee", "right_knee"), gait=two_steps())
    strikes = {trace.name: (list(trace.x), list(trace.y)) for trace in figure.data if trace.mode == "markers"}
    assert strikes == {"left heel strike": ([1.0], [10.0]), "right heel strike": ([2.0], [25.0])}


def test_heel_strikes_without_a_curve_of_their_side_cross_the_chart() -> None:
    figure = angle_figure(knees(), ("trunk_lean",), gait=two_steps())
    assert [(line.x0, line.line.color) for line in figure.layout.shapes] == [
        (1.0, SIDE_COLORS["left"]),
        (2.0, SIDE_COLORS["right"]),
    ]


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


def test_a_trend_has_a_mark_and_an_interval_for_every_session() -> None:
    shown = trend("cadence", [Point(session_id=i, value=100.0 + i, n=4, sd=2.0) for i in (1, 2)])
    (marks,) = trend_figure(shown, label="Cadence").data
    assert list(marks.y) == [101.0, 102.0]
    assert marks.error_y.array[0] == pytest.approx(3.182, abs=1e-3)


def test_baseline_doubtful_and_differently_filmed_sessions_look_different() -> None:
    history = [Point(is_baseline=True), Point(session_id=2, view="front"), Point(session_id=3, confidence=0.2)]
    same, marked, other = trend_figure(trend("cadence", history), label="Cadence").data
    assert [same.name, marked.name, other.name] == ["sessions", "baseline sessions", "filmed or measured differently"]
    assert (*same.marker.symbol, *marked.marker.symbol) == ("circle-open", "diamond")
    assert len(other.y) == 1
    assert same.marker.color == marked.marker.color != other.marker.color


def test_band_course_and_goal_are_drawn_where_they_are_known() -> None:
    marked = baseline([100.0, 101.0, 102.0, 103.0, 104.0])
    figure = trend_figure(trend("cadence", marked), label="Cadence", target=120.0)
    assert [shape.type for shape in figure.layout.shapes] == ["rect", "line", "line"]
    assert [trace.name for trace in figure.data] == ["baseline sessions", "trend"]
    assert [shape.name for shape in figure.layout.shapes if shape.showlegend] == ["no change"]
    assert not trend_figure(trend("cadence", [Point()]), label="Cadence").layout.shapes


def test_clip_and_charts_use_the_same_colours() -> None:
    rgb = np.zeros((60, 60, 3), dtype=np.uint8)
    xy_px = np.full((17, 2), np.nan)
    spots = {Keypoint.NOSE: "both", Keypoint.LEFT_KNEE: "left", Keypoint.RIGHT_KNEE: "right"}
    for i, keypoint in enumerate(spots):
        xy_px[keypoint] = (10 + 20 * i, 30)
    draw_pose(rgb, xy_px)
    drawn = {side: "#{:02X}{:02X}{:02X}".format(*rgb[30, 10 + 20 * i]) for i, side in enumerate(spots.values())}
    assert drawn == dict(SIDE_COLORS)
