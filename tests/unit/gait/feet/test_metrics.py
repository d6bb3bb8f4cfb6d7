"""Numbers of the feet: values of drawn feet, and each reason why one is withheld."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.gait.feet.angles import ANKLES_DEG
from gaitlab.gait.feet.metrics import foot_strike, measure_feet
from gaitlab.gait.markers import has_marked_feet
from gaitlab.metrics.confidence import is_never_measured, never_measured
from gaitlab.metrics.table import METRICS
from gaitlab.pipeline import analyse_track
from gaitlab.records import (
    Analysis,
    AngleSeries,
    Contact,
    FeetTrack,
    GaitSummary,
    Metric,
    PoseTrack,
    SmoothedTrack,
    SourceInfo,
    Stride,
)
from gaitlab.records.findings import Said, said
from gaitlab.records.skeleton import Keypoint
from gaitlab.settings import AnalysisSettings
from tests.builders import front_walker, walker, with_feet

OF_FEET = ("ankle_dorsiflexion_peak", "ankle_range", "foot_strike_angle", "toe_clearance", "mid_swing_clearance")


def analysed(track: PoseTrack, *, px_per_m: float | None = 200.0, model: str | None = None) -> Analysis:
    source = SourceInfo(file="track", frames=len(track), duration_s=None, fps_mean=None)
    return analyse_track(track, AnalysisSettings(activity="gait", px_per_m=px_per_m), source=source, model=model)


def metric(analysis: Analysis, name: str, side: str | None = "left") -> Metric:
    (found,) = [one for one in analysis.metrics if (one.name, one.side) == (name, side)]
    return found


def reasons(analysis: Analysis) -> set[str]:
    return {one.why.code for one in analysis.metrics if one.name in OF_FEET and one.why is not None}


def plain(*, fps: float = 60.0) -> PoseTrack:
    return with_feet(walker(fps=fps, n_strikes=12).track)


def rolling() -> PoseTrack:
    """Return a walk whose toes are far up around each heel strike."""
    walk = walker(fps=60.0, n_strikes=12)
    track = with_feet(walk.track, heel_px=(-12.0, 14.0), toe_px=(30.0, 14.0))
    assert track.feet is not None
    xy_px = track.feet.xy_px.copy()
    for side, strike_s in walk.strikes:
        column = 2 + ("left", "right").index(side)
        up = np.radians(60.0) * np.clip(1.0 - np.abs(track.time_s - strike_s) / 0.15, 0.0, 1.0)
        way = np.sign(xy_px[:, column, 0] - xy_px[:, column - 2, 0])
        raised = 42.0 * np.stack([way * np.cos(up), -np.sin(up)], axis=1)
        xy_px[up > 0, column] = (xy_px[:, column - 2] + raised)[up > 0]
    return replace(track, feet=replace(track.feet, xy_px=xy_px))


@pytest.mark.parametrize(
    ("deg", "kind"), [(14.0, "rear"), (13.9, None), (8.0, None), (0.0, None), (-7.5, None), (-7.7, "fore")]
)
def test_the_kind_of_foot_strike_is_told_only_far_from_its_limits(deg: float, kind: str | None) -> None:
    assert foot_strike(deg) == kind


def test_a_foot_without_a_joint_keeps_its_angle_of_standing() -> None:
    analysis = analysed(plain())
    assert metric(analysis, "foot_strike_angle").value == pytest.approx(0.0, abs=0.5)
    assert float(metric(analysis, "ankle_range").value or 0.0) > 0.0
    assert metric(analysis, "ankle_range").confidence <= 0.7


def test_toes_that_are_up_at_contact_land_on_the_heel_and_the_report_says_so() -> None:
    analysis = analysed(rolling())
    assert float(metric(analysis, "foot_strike_angle").value or 0.0) > 14.0
    told = [one for one in analysis.findings if one.code == "foot_strike"]
    assert [dict(one.values) for one in told] == [{"side": side, "kind": "rear"} for side in ("left", "right")]


def test_a_report_without_feet_is_what_it_was_and_says_why() -> None:
    analysis = analysed(walker(fps=60.0, n_strikes=12).track)
    assert reasons(analysis) == {"no_foot"}
    assert {one.name for one in analysis.metrics if one.name in OF_FEET} <= {"toe_clearance"}
    assert "left_ankle" not in analysis.angles.names
    assert any(one.code == "stance_error" for one in analysis.findings)


def test_feet_leave_every_other_number_but_those_of_contacts_alone() -> None:
    with_them, without = analysed(plain()), analysed(walker(fps=60.0, n_strikes=12).track)
    for name in ("cadence", "trunk_lean_mean"):
        one, other = (metric(analysis, name, None).value for analysis in (with_them, without))
        assert one == pytest.approx(other, rel=0.05)
    names = [
        {one.name for one in analysis.metrics if not METRICS[one.name].needs_feet} for analysis in (with_them, without)
    ]
    assert names[0] == names[1]


def in_video(track: PoseTrack) -> PoseTrack:
    """Return the track as a network gives it, which doubts some points more than others."""
    doubted = track.score.copy()
    doubted[:, 5] = 0.8
    return replace(track, score=doubted)


def test_of_feet_in_a_video_only_how_they_land_is_measured() -> None:
    analysis = analysed(in_video(plain()), model="thunder")
    of_feet = [one for one in analysis.metrics if METRICS[one.name].needs_feet]
    unmeasured = [one for one in of_feet if one.name != "foot_strike_angle"]
    assert {one.name for one in unmeasured} == {"ankle_angle", "foot_progression_angle", "toe_clearance"}
    assert all(is_never_measured(one) for one in unmeasured)
    assert {one.why.code for one in unmeasured if one.why} == {"feet_in_video", "foot_turn_out"}
    assert "left_ankle" not in analysis.angles.names
    lands = metric(analysis, "foot_strike_angle")
    assert lands.value == pytest.approx(0.0, abs=0.5)
    assert lands.confidence <= 0.55


def test_feet_that_another_program_saw_in_a_video_are_not_measured() -> None:
    analysis = analysed(in_video(plain()))
    unmeasured = [one for one in analysis.metrics if METRICS[one.name].needs_feet]
    assert {one.name for one in unmeasured} == {row.name for row in METRICS.values() if row.needs_feet and row.never}
    assert {one.why.code for one in unmeasured if one.why} == {"feet_in_video", "foot_turn_out"}


def test_feet_in_a_video_leave_contacts_to_the_ankle() -> None:
    bare = in_video(walker(fps=60.0, n_strikes=12).track)
    with_them, without = (analysed(track, model="thunder").gait for track in (with_feet(bare), bare))
    assert with_them is not None
    assert without is not None
    assert with_them.contacts == without.contacts


def landing(deg: float) -> tuple[SmoothedTrack, GaitSummary]:
    """Return a left foot in a video that is flat until 1 s, and is at this angle when it lands at 2 s."""
    time_s = np.arange(301) / 100.0
    angle = np.radians(np.where(time_s < 1.0, 0.0, deg))
    feet_px = np.zeros((301, 4, 2))
    feet_px[:, 2] = 40.0 * np.stack([np.cos(angle), -np.sin(angle)], axis=1)
    track = PoseTrack(
        time_s=time_s,
        xy_px=np.zeros((301, 17, 2)),
        score=np.tile(np.linspace(0.5, 1.0, 17), (301, 1)),
        image_wh=None,
        feet=FeetTrack(xy_px=feet_px, score=np.ones((301, 4))),
    )
    smoothed = SmoothedTrack(track=track, interpolated=np.zeros((301, 17), dtype=bool), findings=())
    strike = Contact(side="left", kind="heel_strike", time_s=2.0, frame=200)
    stride = Stride(side="left", start_s=0.0, end_s=2.0)
    return smoothed, GaitSummary(mode="walk", contacts=(strike,), strides=(stride,), metrics=())


@pytest.mark.parametrize(("deg", "kind"), [(18.1, "rear"), (17.9, None), (-11.5, None), (-11.7, "fore")])
def test_in_a_video_the_kind_of_foot_strike_is_told_ten_degrees_from_its_limits(deg: float, kind: str | None) -> None:
    smoothed, gait = landing(deg)
    _, told = measured_feet(smoothed, gait)
    assert [one.values["kind"] for one in told] == [kind] * (kind is not None)


def test_how_a_runner_lands_is_not_measured_in_a_video() -> None:
    smoothed, gait = landing(20.0)
    in_a_run, told = measured_feet(smoothed, replace(gait, mode="run", metrics=tuple(never_measured())))
    assert [one.name for one in in_a_run.metrics if one.value is not None] == []
    assert "foot_strike_type" in {one.name for one in in_a_run.metrics if one.why == said("feet_in_video")}
    assert told == ()


def test_from_the_front_no_foot_is_measured() -> None:
    assert reasons(analysed(with_feet(front_walker().track))) == {"view"}


def test_walking_backward_no_foot_is_measured() -> None:
    track = plain()
    assert track.feet is not None
    backward = replace(
        track,
        xy_px=track.xy_px[::-1],
        score=track.score[::-1],
        feet=replace(track.feet, xy_px=track.feet.xy_px[::-1], score=track.feet.score[::-1]),
    )
    assert reasons(analysed(backward)) == {"foot_backward"}


@pytest.mark.parametrize(("fps", "given"), [(24.0, False), (25.0, True)])
def test_at_few_frames_nobody_sees_how_a_foot_lands(fps: float, given: bool) -> None:
    assert (metric(analysed(plain(fps=fps)), "foot_strike_angle").value is not None) is given


def test_clearance_takes_a_scale() -> None:
    assert "scale" in str(metric(analysed(plain(), px_per_m=None), "toe_clearance").reason)


def swinging(lowest: float) -> tuple[SmoothedTrack, GaitSummary]:
    """Return a left toe that is 4 px over the floor in its swing, from 1 to 2 s, and 2 px at one share of it."""
    time_s = np.arange(301) / 100.0
    feet_px = np.zeros((301, 4, 2))
    in_swing = (time_s > 1.0) & (time_s < 2.0)
    feet_px[:, 2, 1] = 400.0 - np.where(in_swing, np.minimum(4.0, 2.0 + 200.0 * np.abs(time_s - 1.0 - lowest)), 0.0)
    body = np.zeros((301, 17, 2))
    feet = FeetTrack(xy_px=feet_px, score=np.ones((301, 4)))
    track = PoseTrack(time_s=time_s, xy_px=body, score=np.ones((301, 17)), image_wh=None, feet=feet)
    smoothed = SmoothedTrack(track=track, interpolated=np.zeros((301, 17), dtype=bool), findings=())
    lift = Contact(side="left", kind="toe_off", time_s=1.0, frame=100)
    stride = Stride(side="left", start_s=0.0, end_s=2.0)
    return smoothed, GaitSummary(mode="walk", contacts=(lift,), strides=(stride,), metrics=())


def measured_feet(smoothed: SmoothedTrack, gait: GaitSummary) -> tuple[GaitSummary, tuple[Said, ...]]:
    none = AngleSeries(time_s=smoothed.track.time_s, names=ANKLES_DEG, deg=np.full((301, 2), np.nan), facing="right")
    return measure_feet(
        smoothed,
        none,
        gait,
        forward=np.ones(301),
        view="side",
        direction="forward",
        px_per_m=200.0,
        by_own_network=True,
    )


def clearance(smoothed: SmoothedTrack, gait: GaitSummary, name: str = "toe_clearance") -> Metric:
    with_them, _ = measured_feet(smoothed, gait)
    return next(one for one in with_them.metrics if (one.name, one.side) == (name, "left"))


def passing(*at_s: float) -> tuple[SmoothedTrack, GaitSummary]:
    """Return a left toe that rises from 0 to 10 px in its swing, from 1 to 2 s, and passes the other foot at times."""
    smoothed, gait = swinging(0.5)
    track = smoothed.track
    assert track.feet is not None
    feet_px, body_px = track.feet.xy_px.copy(), track.xy_px.copy()
    feet_px[:, 2, 1] = 400.0 - np.clip(10.0 * (track.time_s - 1.0), 0.0, 10.0)
    side = np.cumprod(np.where(np.isin(np.round(track.time_s, 2), at_s), -1.0, 1.0))
    body_px[:, Keypoint.LEFT_ANKLE, 0] = 50.0 * side
    track = replace(track, xy_px=body_px, feet=replace(track.feet, xy_px=feet_px))
    return replace(smoothed, track=track), gait


def test_clearance_in_mid_swing_is_that_beside_the_other_foot() -> None:
    """At 1.395 s, half a frame before the ankle is on the other side: 3.95 px of 200 a metre."""
    found = clearance(*passing(1.40), name="mid_swing_clearance")
    assert found.value == pytest.approx(3.95 / 200.0, abs=1e-4)


def test_feet_that_pass_twice_or_never_in_a_swing_are_not_seen() -> None:
    for at_s in ((), (1.3, 1.6)):
        assert "not seen" in str(clearance(*passing(*at_s), name="mid_swing_clearance").reason)


@pytest.mark.parametrize("lowest", [0.25, 0.5, 0.80])
def test_clearance_is_the_least_height_of_the_toe_in_mid_swing(lowest: float) -> None:
    found = clearance(*swinging(lowest))
    assert found.value == pytest.approx(0.010, abs=0.0005)
    assert found.confidence <= 0.7


@pytest.mark.parametrize("lowest", [0.15, 0.90])
def test_a_low_point_at_an_end_of_the_swing_does_not_count(lowest: float) -> None:
    smoothed, gait = swinging(lowest)
    assert clearance(smoothed, gait).value == pytest.approx(0.020, abs=0.0005)


def test_a_toe_that_only_sinks_has_no_clearance() -> None:
    smoothed, gait = swinging(0.5)
    assert smoothed.track.feet is not None
    sinking = smoothed.track.feet.xy_px.copy()
    sinking[100:201, 2, 1] = np.linspace(390.0, 400.0, 101)
    track = replace(smoothed.track, feet=replace(smoothed.track.feet, xy_px=sinking))
    assert "no lowest point" in str(clearance(replace(smoothed, track=track), gait).reason)


def test_running_gives_no_clearance() -> None:
    smoothed, gait = swinging(0.5)
    assert "walking only" in str(clearance(smoothed, replace(gait, mode="run")).reason)


def test_turn_out_is_withheld_with_a_reason() -> None:
    assert metric(analysed(plain()), "foot_progression_angle", None).value is None


@pytest.mark.parametrize("activity", ["auto", "squat"])
def test_heels_and_toes_are_no_matter_for_repetitions(activity: str) -> None:
    """The numbers are those without feet."""
    bare = walker(cadence_spm=110.0).track
    settings, source = (
        AnalysisSettings(activity=activity),
        SourceInfo(file="a", frames=1, duration_s=None, fps_mean=None),
    )
    with_them = analyse_track(with_feet(bare), settings, source=source)
    without = analyse_track(bare, settings, source=source)
    assert with_them.activity == without.activity
    assert (with_them.exercise is None) == (without.exercise is None)


def test_feet_of_which_nothing_is_known_are_no_feet() -> None:
    track = with_feet(walker(cadence_spm=110.0).track)
    assert track.feet is not None
    nowhere = replace(track.feet, xy_px=np.full_like(track.feet.xy_px, np.nan), score=np.zeros_like(track.feet.score))
    assert not has_marked_feet(replace(track, score=np.ones_like(track.score), feet=nowhere))
