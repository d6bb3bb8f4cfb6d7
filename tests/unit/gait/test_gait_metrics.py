"""Stance, lengths, scale and symmetry of walkers and cycles whose values are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.gait import KnownLengths
from gaitlab.gait.distance import measure_travel
from gaitlab.gait.events import Event, Leg, Pass, Step
from gaitlab.gait.scale import choose_scale, scale_from_height
from gaitlab.gait.symmetry import evenness_metrics, longer_side, uneven_findings
from gaitlab.gait.timing import gait_mode, stance_metrics
from gaitlab.gait.toe_off import Cycle, duty_factor, find_cycles, time_toe_offs
from gaitlab.pipeline import analyse_track
from gaitlab.records import Analysis, Metric, PoseTrack, SourceInfo, Stride
from gaitlab.records.findings import said, sentences_of
from gaitlab.records.skeleton import Keypoint
from gaitlab.settings import AnalysisSettings, ScaleLine
from tests.builders import STEP_LENGTH, figure, front_walker, track_of, walker

BODY_PX = 300.0
STEP_S = 60 / 110
LENGTHS = [("step_length", "left"), ("step_length", "right"), ("stride_length", "left"), ("speed", None)]


def certain(n: int, n_min: int) -> float:
    return min(1.0, n / n_min)


def walk_of(track: PoseTrack, **settings: float | ScaleLine) -> Analysis:
    source = SourceInfo(file="walk", frames=len(track), duration_s=None, fps_mean=None)
    return analyse_track(track, AnalysisSettings(activity="gait", **settings), source=source)  # type: ignore[arg-type]


def metric(analysis: Analysis, name: str, side: str | None = None) -> Metric:
    (found,) = [one for one in analysis.metrics if (one.name, one.side) == (name, side)]
    return found


def planted(n_steps: int = 12, *, fps: float = 60.0) -> PoseTrack:
    """Return somebody whose feet stay where they stand, 60 % of each stride, at the cadence and step of `walker`."""
    time_s = np.arange(round(n_steps * STEP_S * fps)) / fps
    step_px = STEP_LENGTH * BODY_PX
    hip = np.stack([200.0 + step_px * time_s / STEP_S, np.full_like(time_s, 700.0)], axis=1)
    xy_px = figure(hip, body_px=BODY_PX)
    for leg, offset in enumerate((0.0, 0.5)):
        strides = time_s / (2 * STEP_S) + offset
        swing = np.clip((strides % 1.0 - 0.6) / 0.4, 0.0, 1.0)
        stood_px = 2 * step_px * (np.floor(strides) - offset + (1 - np.cos(np.pi * swing)) / 2)
        ankle = np.stack([200.0 + 0.6 * step_px + stood_px, 845.0 - 25.0 * np.sin(np.pi * swing) ** 2], axis=1)
        xy_px[:, Keypoint.LEFT_ANKLE + leg] = ankle
        xy_px[:, Keypoint.LEFT_KNEE + leg] = (hip + ankle) / 2
    return track_of(xy_px, fps=fps)


def in_place(track: PoseTrack) -> PoseTrack:
    """Return the track as a camera sees it that follows the hips, or as on a treadmill."""
    hip_x = track.xy_px[:, [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP], 0].mean(axis=1)
    return replace(track, xy_px=track.xy_px - np.stack([hip_x - 960.0, np.zeros_like(hip_x)], axis=1)[:, np.newaxis])


def cycles_of(side: Leg, *stances_percent: float, stride_s: float = 1.0) -> list[Cycle]:
    return [
        Cycle(
            stride=Stride(side=side, start_s=k * stride_s, end_s=(k + 1) * stride_s),
            toe_off_s=(k + percent / 100) * stride_s,
        )
        for k, percent in enumerate(stances_percent)
    ]


def steps_of(left_s: list[float], right_s: list[float]) -> tuple[list[Step], list[Stride]]:
    """Return steps in turn, left first, and a stride that ends with each."""
    order: list[tuple[Leg, float]] = []
    for left, right in zip(left_s, right_s, strict=True):
        order += [("left", left), ("right", right)]
    ends = np.cumsum([duration for _, duration in order])
    steps = [
        Step(side=side, start_s=float(end - duration), end_s=float(end), steady=True)
        for (side, duration), end in zip(order, ends, strict=True)
    ]
    return steps, [Stride(side=step.side, start_s=step.start_s - 0.5, end_s=step.end_s) for step in steps]


def evenness(left_s: list[float], right_s: list[float], *, fps: float = 100.0) -> dict[tuple[str, str | None], Metric]:
    steps, strides = steps_of(left_s, right_s)
    found = evenness_metrics([steps], strides, certain, interval_s=1 / fps, missing="few_strides")
    return {(one.name, one.side): one for one in found}


def test_the_toe_leaves_the_ground_when_the_ankle_rises_nearly_at_its_fastest() -> None:
    time_s = np.arange(100) / 50.0
    xy_px = np.zeros((100, 17, 2))
    xy_px[:, Keypoint.LEFT_ANKLE, 1] = -20.0 * np.tanh((time_s - 1.013) / 0.08)
    walk = Pass(time_s=time_s, ahead_px=np.zeros((100, 2)), leg_px=150.0, period_s=1.1, standing=np.zeros(100, bool))
    rearmost = Event(side="left", kind="toe_off", time_s=0.95)
    (toe_off,) = time_toe_offs(track_of(xy_px, fps=50.0), walk, [rearmost])
    # The rise is 1 / cosh² of the time from its fastest, 1.013 s: 0.93 of it is reached 0.27 * 0.08 s before.
    assert toe_off.time_s == pytest.approx(1.013 - 0.0216, abs=0.004)


def test_an_ankle_that_does_not_rise_shows_no_toe_off() -> None:
    time_s = np.arange(100) / 50.0
    walk = Pass(time_s=time_s, ahead_px=np.zeros((100, 2)), leg_px=150.0, period_s=1.1, standing=np.zeros(100, bool))
    rearmost = Event(side="left", kind="toe_off", time_s=0.95)
    assert time_toe_offs(track_of(np.zeros((100, 17, 2)), fps=50.0), walk, [rearmost]) == []


def test_a_stride_with_two_toe_offs_is_no_cycle() -> None:
    strides = [Stride(side="left", start_s=0.0, end_s=1.0), Stride(side="left", start_s=1.0, end_s=2.0)]
    toe_offs = [Event(side="left", kind="toe_off", time_s=time_s) for time_s in (0.6, 1.3, 1.6)]
    assert [cycle.toe_off_s for cycle in find_cycles(strides, toe_offs)] == [0.6]


def test_stance_and_swing_make_the_stride_and_double_support_is_what_both_feet_share() -> None:
    cycles = cycles_of("left", 62.0, 62.0, 62.0) + cycles_of("right", 60.0, 60.0, 60.0)
    found = {(one.name, one.side): one.value for one in stance_metrics(cycles, certain, mode="walk", missing="view")}
    assert found["stance_time", "left"] == pytest.approx(0.62)
    assert found["swing_time", "right"] == pytest.approx(0.40)
    assert found["stance_percent", "left"] == pytest.approx(62.0)
    assert found["swing_percent", "left"] == pytest.approx(38.0)
    assert found["double_support_percent", None] == pytest.approx(22.0)


def test_an_implausible_stance_is_left_out() -> None:
    cycles = cycles_of("left", 60.0, 90.0, 62.0)
    stance = stance_metrics(cycles, certain, mode="walk", missing="no_toe_off")
    left = next(one for one in stance if (one.name, one.side) == ("stance_percent", "left"))
    assert left.n == 2
    assert left.value == pytest.approx(61.0)
    right = next(one for one in stance if one.side == "right")
    assert "feet leave the ground is not seen" in str(right.reason)


def test_in_running_contact_and_flight_are_withheld() -> None:
    cycles = cycles_of("left", 40.0, 40.0) + cycles_of("right", 40.0, 40.0)
    stance = stance_metrics(cycles, certain, mode="run", missing="no_toe_off")
    assert [one for one in stance if one.value is not None] == []
    assert "running" in str(stance[0].reason)


@pytest.mark.parametrize(
    ("stance", "cadence_spm", "mode"),
    [
        (47.0, 120.0, "run"),
        (48.0, 139.0, "walk"),
        (48.0, 141.0, "run"),
        (53.0, 150.0, "run"),
        (54.0, 150.0, "walk"),
    ],
)
def test_a_duty_factor_tells_walking_from_running_and_between_them_the_cadence_does(
    stance: float, cadence_spm: float, mode: str
) -> None:
    cadence = Metric(name="cadence", value=cadence_spm, unit="steps/min", n=6, confidence=1.0)
    assert gait_mode(cadence, cycles_of("left", stance) + cycles_of("right", stance)) == mode


def test_one_leg_gives_no_duty_factor() -> None:
    assert np.isnan(duty_factor(cycles_of("left", 45.0)))


def test_steps_before_a_still_camera_have_the_length_between_the_feet() -> None:
    analysis = walk_of(planted(), px_per_m=200.0)
    step_m = STEP_LENGTH * BODY_PX / 200.0
    for side in ("left", "right"):
        assert metric(analysis, "step_length", side).value == pytest.approx(step_m, rel=0.02)
        assert metric(analysis, "stride_length", side).value == pytest.approx(2 * step_m, rel=0.02)
    assert metric(analysis, "speed").value == pytest.approx(step_m / STEP_S, rel=0.02)


def test_without_a_scale_there_are_no_metres() -> None:
    analysis = walk_of(planted())
    for name, side in LENGTHS:
        assert metric(analysis, name, side).value is None
        assert "need a scale" in str(metric(analysis, name, side).reason)


def test_where_the_hips_stay_there_are_no_metres_without_the_belt_speed() -> None:
    analysis = walk_of(in_place(planted()), px_per_m=200.0)
    assert metric(analysis, "cadence").value == pytest.approx(110.0, rel=0.01)
    for name, side in LENGTHS:
        assert metric(analysis, name, side).value is None
        assert "hips do not travel" in str(metric(analysis, name, side).reason)


def test_on_a_treadmill_the_belt_speed_gives_the_lengths() -> None:
    analysis = walk_of(in_place(planted()), treadmill_mps=1.2)
    assert metric(analysis, "speed").value == pytest.approx(1.2)
    assert metric(analysis, "speed").confidence == pytest.approx(metric(analysis, "stride_time", "left").confidence)
    for side in ("left", "right"):
        assert metric(analysis, "step_length", side).value == pytest.approx(1.2 * STEP_S, rel=0.01)
        assert metric(analysis, "stride_length", side).value == pytest.approx(2 * 1.2 * STEP_S, rel=0.01)


def test_the_belt_speed_of_somebody_who_walks_past_is_not_used() -> None:
    analysis = walk_of(planted(), treadmill_mps=1.2)
    assert metric(analysis, "speed").value is None
    assert any("belt speed was not used" in note for note in analysis.notes)


def test_an_impossible_speed_withholds_all_lengths() -> None:
    analysis = walk_of(planted(), px_per_m=5.0)
    for name, side in LENGTHS:
        assert metric(analysis, name, side).value is None
    assert "check the scale" in str(metric(analysis, "speed").reason)


def test_the_body_height_gives_the_scale() -> None:
    # Trunk, thigh and shank of the figure are 0.80 of 300 px; in people 0.779 of the height.
    track = track_of(figure(np.full((30, 2), 500.0), body_px=BODY_PX))
    assert scale_from_height(track, 1.75) == pytest.approx(0.80 * BODY_PX / (0.779 * 1.75), rel=0.01)


def test_bent_legs_give_no_scale() -> None:
    track = track_of(figure(np.full((30, 2), 500.0), thigh_deg=(40.0, 40.0), knee_deg=(80.0, 80.0)))
    assert np.isnan(scale_from_height(track, 1.75))


@pytest.mark.parametrize(("from_height", "told"), [(190.0, False), (170.0, True)])
def test_two_scales_that_disagree_are_told_and_the_given_one_is_used(from_height: float, told: bool) -> None:
    known = KnownLengths(px_per_m=200.0, height_m=1.75)
    scale, notes = choose_scale(known, from_height_px_per_m=from_height, foot_speed_px_s=float("nan"))
    assert scale is not None
    assert scale.px_per_m == 200.0
    assert any("scales disagree" in str(note) for note in notes) == told


def test_the_symmetry_index_is_the_difference_over_the_mean() -> None:
    index = evenness([0.55, 0.56, 0.54], [0.50, 0.51, 0.49])["step_time_symmetry_index", None]
    assert index.value == pytest.approx(100 * 0.05 / 0.525)


def test_the_longer_side_is_named() -> None:
    found = evenness([0.60, 0.60, 0.60], [0.50, 0.50, 0.50])
    times = [
        Metric(name="step_time", value=0.60, unit="s", side="left", n=3, confidence=1.0),
        Metric(name="step_time", value=0.50, unit="s", side="right", n=3, confidence=1.0),
    ]
    assert sentences_of(uneven_findings([*times, *found.values()], "side")) == (
        "Left steps take 18 % longer than right ones.",
    )


@pytest.mark.parametrize(("percent", "n_notes"), [(11.7, 0), (11.8, 1)])
def test_a_difference_between_the_legs_is_told_from_twelve_percent_on(percent: float, n_notes: int) -> None:
    metrics = [
        Metric(name="step_time_symmetry_index", value=percent, unit="%", n=3, confidence=1.0),
        Metric(name="step_time", value=0.5 + percent / 400.0, unit="s", side="left", n=3, confidence=1.0),
        Metric(name="step_time", value=0.5 - percent / 400.0, unit="s", side="right", n=3, confidence=1.0),
    ]
    assert len(uneven_findings(metrics, "side")) == n_notes


def test_from_an_oblique_view_no_leg_is_named() -> None:
    metrics = [
        Metric(name="step_time_symmetry_index", value=30.0, unit="%", n=3, confidence=1.0),
        Metric(name="step_time", value=0.7, unit="s", side="left", n=3, confidence=1.0),
        Metric(name="step_time", value=0.5, unit="s", side="right", n=3, confidence=1.0),
    ]
    assert (longer_side(metrics, "side"), longer_side(metrics, "ambiguous")) == ("left", None)


def test_two_strides_a_side_are_too_few_for_symmetry_and_variability() -> None:
    found = evenness([0.5, 0.5], [0.5, 0.5])
    assert all("three steady strides" in str(one.reason) for one in found.values())
    assert {one.n for one in found.values()} == {2}


def test_step_lengths_are_given_and_not_compared() -> None:
    analysis = walk_of(planted(), px_per_m=200.0)
    assert metric(analysis, "step_length", "left").value is not None
    index = metric(analysis, "step_length_symmetry_index")
    assert index.value is None
    assert "not seen alike" in str(index.reason)


@pytest.mark.parametrize("track", [planted(), front_walker().track], ids=["side", "front"])
@pytest.mark.parametrize("name", ["ankle_angle", "foot_strike_type", "foot_progression_angle", "toe_clearance"])
def test_what_takes_a_heel_or_a_toe_is_withheld_and_says_so(track: PoseTrack, name: str) -> None:
    found = metric(walk_of(track), name)
    assert (found.value, found.confidence) == (None, 0.0)
    assert found.why == said("no_foot")


def test_legs_that_vary_widely_are_not_compared() -> None:
    index = evenness([0.4, 0.7, 0.5], [0.6, 0.4, 0.7])["step_time_symmetry_index", None]
    assert "vary too much" in str(index.reason)


def test_the_variability_is_the_spread_over_the_mean() -> None:
    found = evenness([0.49, 0.50, 0.51], [0.5, 0.5, 0.5])
    assert found["step_time_cv", "left"].value == pytest.approx(2.0)


@pytest.mark.parametrize(("fps", "given"), [(30.0, False), (60.0, True)])
def test_slow_frames_give_no_variability(fps: float, given: bool) -> None:
    cv = evenness([0.49, 0.50, 0.51], [0.5, 0.5, 0.5], fps=fps)["step_time_cv", "left"]
    assert (cv.value is not None) == given


def test_an_even_walker_is_not_called_uneven() -> None:
    analysis = walk_of(walker(n_strikes=14, noise_px=1.0, fps=60.0).track, px_per_m=200.0)
    index = metric(analysis, "step_time_symmetry_index").value
    assert index is not None
    assert index < 5.0


def test_every_view_names_the_same_metrics() -> None:
    side, front = (
        {(one.name, one.side) for one in walk_of(track).metrics} for track in (planted(), front_walker().track)
    )
    assert front - side == {("step_time", None)}  # the feet are not told apart from the front
    assert side - front == set()


def test_a_step_of_a_foot_that_is_hidden_while_it_is_flat_has_no_length() -> None:
    """The feet stand 50 px apart, each for a second, and the flat part of the second step is not seen."""
    time_s = np.arange(0.0, 3.0, 1 / 50)
    xy_px = np.zeros((len(time_s), 17, 2))
    xy_px[:, [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP], 0] = (100.0 + 100.0 * time_s)[:, np.newaxis]
    xy_px[:, Keypoint.LEFT_ANKLE, 0] = 100.0 + 100.0 * np.floor(time_s)
    xy_px[:, Keypoint.RIGHT_ANKLE, 0] = 150.0 + 100.0 * np.floor(time_s - 0.5)
    hidden = (time_s >= 1.1) & (time_s < 1.3)
    xy_px[hidden, Keypoint.LEFT_ANKLE, 0] = np.nan
    ankles = xy_px[:, [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE], 0]
    walk = Pass(
        time_s=time_s,
        ahead_px=ankles - xy_px[:, [Keypoint.LEFT_HIP], 0],
        leg_px=150.0,
        period_s=1.0,
        standing=np.zeros(len(time_s), bool),
    )
    order: list[Leg] = ["right", "left"]
    steps = [Step(side=side, start_s=k / 2, end_s=(k + 1) / 2, steady=True) for k, side in enumerate(order)]
    travel = measure_travel(track_of(xy_px, fps=50.0), walk, steps)
    ((side, length_px),) = travel.steps
    assert side == "right"
    assert length_px == pytest.approx(50.0)
    assert travel.strides == ()
