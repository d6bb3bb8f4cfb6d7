"""Timed Up and Go, 4-metre and 10-metre walk and turns: times of drawn people, and refusals where there is no test."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from gaitlab.errors import UsageError
from gaitlab.gait.first_movement import came_to_rest_s, left_rest_s
from gaitlab.gait.marked_walk import MarkedWalk, find_marked_walks, marked_walk_metrics
from gaitlab.gait.up_and_go import find_up_and_go
from gaitlab.motion.camera_view import find_turns, forward_direction
from gaitlab.motion.smoothing import smooth_track
from gaitlab.pipeline import analyse_track
from gaitlab.records import Analysis, Metric, PoseTrack, SourceInfo
from gaitlab.settings import AnalysisSettings, ScaleLine, SmoothingSettings, WalkingTestSettings
from tests.builders import STEP_LENGTH, Walk, front_walker, mirrored, standing, walker
from tests.builders_exercise import Plan, exerciser
from tests.builders_walking_tests import HEIGHT_M, UpAndGo, up_and_go

SOURCE = SourceInfo(file="test.csv", frames=300, duration_s=10.0, fps_mean=30.0)
NOISE_PX = 1.5
FLOOR_Y = 905.0  # the ankles of drawn walkers come down to 900


def analysed(track: PoseTrack, *, height_m: float | None = None, **asked: object) -> Analysis:
    tests = WalkingTestSettings(**asked)  # type: ignore[arg-type]
    return analyse_track(
        track, AnalysisSettings(activity="gait", walking_tests=tests, height_m=height_m), source=SOURCE
    )


def named(analysis: Analysis, name: str) -> Metric:
    return next(one for one in analysis.metrics if one.name == name)


def names(analysis: Analysis) -> set[str]:
    return {one.name for one in analysis.metrics}


def cut(track: PoseTrack, start_s: float, end_s: float) -> PoseTrack:
    rows = (track.time_s >= start_s) & (track.time_s <= end_s)
    return replace(track, time_s=track.time_s[rows], xy_px=track.xy_px[rows], score=track.score[rows])


# Timed Up and Go


@pytest.mark.parametrize(
    ("rise_s", "cadence_spm", "turn_s", "seed"), [(0.8, 110.0, 1.0, 0), (1.2, 95.0, 1.5, 1), (2.0, 80.0, 2.5, 2)]
)
def test_up_and_go_is_timed_from_the_first_movement_to_the_seat(
    rise_s: float, cadence_spm: float, turn_s: float, seed: int
) -> None:
    drawn = up_and_go(rise_s=rise_s, sit_s=rise_s, cadence_spm=cadence_spm, turn_s=turn_s, noise_px=NOISE_PX, seed=seed)
    assert named(analysed(drawn.track), "timed_up_and_go").value == pytest.approx(drawn.end_s - drawn.rise_s, abs=0.1)


def phases_of(drawn: UpAndGo) -> dict[str, float]:
    borders = (drawn.rise_s, drawn.walk_out_s, drawn.turn_s, drawn.walk_back_s, drawn.turn_back_s, drawn.end_s)
    return dict(zip(("rise", "walk_out", "turn", "walk_back", "sit"), np.diff(borders).tolist(), strict=True))


def test_phases_of_up_and_go_add_up_to_its_time_and_are_those_drawn() -> None:
    """Where a phase ends is a convention: within a quarter of a second."""
    drawn = up_and_go(noise_px=NOISE_PX)
    found = analysed(drawn.track)
    seconds = {name: named(found, f"up_and_go_{name}").value for name in phases_of(drawn)}
    assert seconds == {name: pytest.approx(one, abs=0.25) for name, one in phases_of(drawn).items()}
    assert sum(float(one or 0.0) for one in seconds.values()) == pytest.approx(named(found, "timed_up_and_go").value)


def test_up_and_go_in_the_mirror_takes_as_long() -> None:
    drawn = up_and_go()
    one, other = (named(analysed(track), "timed_up_and_go").value for track in (drawn.track, mirrored(drawn.track)))
    assert one == pytest.approx(other, abs=1e-6)


def test_both_turns_of_up_and_go_are_counted_and_timed() -> None:
    found = analysed(up_and_go(turn_s=1.5, noise_px=NOISE_PX).track)
    assert named(found, "turn_count").value == 2.0
    assert named(found, "turn_time").value == pytest.approx(1.5, abs=0.2)


def test_up_and_go_is_sure_only_with_a_scale_that_shows_the_three_metres() -> None:
    track = up_and_go().track
    assert named(analysed(track), "timed_up_and_go").confidence < 0.8
    assert named(analysed(track, height_m=HEIGHT_M), "timed_up_and_go").confidence > 0.8


@pytest.mark.parametrize(("height_m", "reach"), [(0.9, "2.1 m"), (1.00, None), (1.75, None), (1.95, "4.6 m")])
def test_a_line_that_is_not_three_metres_away_is_refused(height_m: float, reach: str | None) -> None:
    """The hips turn 2.34 body heights from the seat: 2.3 to 4.2 m are taken for 3 m to the line."""
    found = named(analysed(up_and_go().track, height_m=height_m), "timed_up_and_go")
    assert (found.value is None) == (reach is not None)
    assert reach is None or reach in str(found.reason)


def test_up_and_go_that_is_cut_before_the_seat_says_so_unasked() -> None:
    drawn = up_and_go()
    found = named(analysed(cut(drawn.track, 0.0, drawn.sit_s)), "timed_up_and_go")
    assert "not seen to sit down again" in str(found.reason)


@pytest.mark.parametrize(("after_s", "seated"), [(1.18, False), (1.27, True)])
def test_who_sat_for_three_tenths_of_a_second_is_seated(after_s: float, seated: bool) -> None:
    """Sitting down takes 1.3 s; 0.93 s after its begin the hips are as low as on a chair."""
    drawn = up_and_go(fps=100.0)
    kept = drawn.track.time_s <= drawn.sit_s + after_s
    cut = replace(
        drawn.track, time_s=drawn.track.time_s[kept], xy_px=drawn.track.xy_px[kept], score=drawn.track.score[kept]
    )
    found = find_up_and_go(cut, find_turns(drawn.track, forward_direction(drawn.track)))
    assert (found != "not_seated_again") == seated


def test_a_clip_that_is_slowed_down_has_no_time_of_a_test() -> None:
    drawn = up_and_go()
    slow = replace(drawn.track, time_s=2.0 * drawn.track.time_s)
    found = named(analysed(slow, up_and_go=True), "timed_up_and_go")
    assert found.value is None


def test_up_and_go_that_begins_standing_is_none() -> None:
    drawn = up_and_go()
    found = analysed(cut(drawn.track, drawn.walk_out_s, 99.0), up_and_go=True)
    assert "start to film a second before" in str(named(found, "timed_up_and_go").reason)


def test_a_rise_that_is_under_way_at_the_start_is_not_timed() -> None:
    drawn = up_and_go(rise_s=2.5)
    found = analysed(cut(drawn.track, drawn.rise_s + 0.6, 99.0), up_and_go=True)
    assert "start to film a second before" in str(named(found, "timed_up_and_go").reason)


def test_up_and_go_is_recognised_as_walking() -> None:
    found = analyse_track(up_and_go().track, AnalysisSettings(), source=SOURCE)
    assert found.activity.kind == "gait"
    assert named(found, "timed_up_and_go").value is not None


@pytest.mark.parametrize(
    "track",
    [
        walker(n_strikes=8).track,
        standing(),
        front_walker().track,
        exerciser("sit-to-stand", Plan(reps=5)).track,
        exerciser("squat", Plan(reps=3)).track,
    ],
    ids=["walk", "standing", "from the front", "chair stands", "squats"],
)
def test_what_is_no_up_and_go_has_no_time_of_one(track: PoseTrack) -> None:
    assert "timed_up_and_go" not in names(analysed(track))
    asked = named(analysed(track, up_and_go=True), "timed_up_and_go")
    assert asked.value is None
    assert asked.reason


# The start of a movement


def test_a_movement_at_even_acceleration_begins_where_the_parabola_does() -> None:
    time_s = np.arange(61) / 30.0
    away = np.clip(time_s - 0.51, 0, None) ** 2
    assert left_rest_s(time_s, away, away[-1]) == pytest.approx(0.51, abs=0.01)
    assert came_to_rest_s(time_s, away[::-1], away[-1]) == pytest.approx(2.0 - 0.51, abs=0.01)


def test_who_does_not_move_never_begins() -> None:
    assert np.isnan(left_rest_s(np.arange(30) / 30.0, np.zeros(30), 1.0))


# Walks between marks


def marked(length_m: float, first_m: float, *, body_px: float = 300.0, direction: int = 1) -> ScaleLine:
    """Return marks on the way of a drawn walker, the first one so far from its start."""
    px_per_m = body_px / HEIGHT_M
    first = (150.0 if direction > 0 else 1770.0) + direction * first_m * px_per_m
    return ScaleLine(points_px=(first, FLOOR_Y, first + direction * length_m * px_per_m, FLOOR_Y), length_m=length_m)


def way(length_m: float, *, body_px: float, stand_s: float = 0.0, fps: float = 30.0, noise_px: float = 0.0) -> Walk:
    """Return somebody who walks two metres farther than the marks are apart, at 100 steps/min."""
    steps = int((length_m + 2.0) * body_px / HEIGHT_M / (STEP_LENGTH * body_px))
    return walker(
        cadence_spm=100.0, n_strikes=steps, body_px=body_px, stand_before_s=stand_s, fps=fps, noise_px=noise_px
    )


def walks_of(track: PoseTrack, marks: ScaleLine) -> list[MarkedWalk]:
    found = find_marked_walks(track, marks)
    assert not isinstance(found, str), found
    return found


def passed_s(walk: Walk, x_px: float) -> float:
    """Return when the leading ankle first is over a place; of a track at 600 frames/s."""
    lead = walk.track.xy_px[:, 15:17, 0].max(axis=1)
    return float(walk.track.time_s[np.argmax(lead >= x_px)])


@pytest.mark.parametrize(
    ("length_m", "body_px", "name"),
    [(4.0, 300.0, "four_metre_walk"), (10.0, 150.0, "ten_metre_walk")],
)
def test_a_walking_start_is_timed_from_mark_to_mark_of_the_leading_foot(
    length_m: float, body_px: float, name: str
) -> None:
    marks = marked(length_m, 1.0, body_px=body_px)
    exact = way(length_m, body_px=body_px, fps=600.0)
    seconds = passed_s(exact, marks.points_px[2]) - passed_s(exact, marks.points_px[0])
    found = analysed(way(length_m, body_px=body_px, noise_px=NOISE_PX).track, marks=marks)
    assert named(found, name).value == pytest.approx(seconds, abs=0.1)
    assert named(found, f"{name}_speed").value == pytest.approx(length_m / seconds, rel=0.03)
    assert any("walking start" in note for note in found.notes)


def test_marks_are_passed_between_two_frames() -> None:
    """Somebody on wheels at 1 m/s, four frames a second, whose ankles are 1.1 m before the first mark at 0 s."""
    time_s = np.arange(28) / 4
    xy_px = np.full((len(time_s), 17, 2), np.nan)
    for joints, y_px in (((11, 12), 100.0), ((13, 14), 145.0), ((15, 16), 190.0)):
        xy_px[:, joints] = np.stack([100.0 * (time_s - 1.1), np.full(len(time_s), y_px)], axis=1)[:, np.newaxis]
    track = PoseTrack(time_s=time_s, xy_px=xy_px, score=np.ones((len(time_s), 17)), image_wh=(800, 400))
    walks = find_marked_walks(track, ScaleLine(points_px=(0, 190, 400, 190), length_m=4.0))
    assert not isinstance(walks, str)
    (walk,) = walks
    assert (walk.start_s, walk.end_s) == pytest.approx((1.1, 5.1))


@pytest.mark.parametrize(
    ("length_m", "body_px", "name"),
    [(4.0, 300.0, "four_metre_walk"), (10.0, 150.0, "ten_metre_walk")],
)
def test_a_standing_start_is_timed_from_the_first_movement(length_m: float, body_px: float, name: str) -> None:
    """The ankles stand 0.15 m before the mark, as the toes are at it."""
    marks = marked(length_m, 0.15, body_px=body_px)
    exact = way(length_m, body_px=body_px, stand_s=1.5, fps=600.0)
    found = analysed(way(length_m, body_px=body_px, stand_s=1.5, noise_px=NOISE_PX).track, marks=marks)
    assert named(found, name).value == pytest.approx(passed_s(exact, marks.points_px[2]) - 1.5, abs=0.1)
    assert any("from standing" in note for note in found.notes)


def test_the_middle_six_of_ten_metres_give_the_speed_of_the_ten_metre_walk() -> None:
    found = analysed(way(6.0, body_px=200.0).track, marks=marked(6.0, 1.0, body_px=200.0))
    # 100 steps a minute of 0.367 times 1.70 m.
    assert named(found, "ten_metre_walk_speed").value == pytest.approx(100 / 60 * STEP_LENGTH * HEIGHT_M, rel=0.05)
    assert "ten_metre_walk" not in names(found)


def test_only_a_standing_start_has_points() -> None:
    walking = analysed(way(4.0, body_px=300.0).track, marks=marked(4.0, 1.0))
    stood = analysed(way(4.0, body_px=300.0, stand_s=1.5).track, marks=marked(4.0, 0.15))
    assert "starts from standing" in str(named(walking, "sppb_gait_points").reason)
    assert named(stood, "sppb_gait_points").value == 4.0


@pytest.mark.parametrize(("before_m", "from_standing"), [(0.5, True), (0.7, False)])
def test_who_stands_more_than_60_cm_before_the_mark_walks_to_it(before_m: float, from_standing: bool) -> None:
    """At 3 steps of 0.62 m the mark is passed in the first or the second step."""
    (walk,) = walks_of(way(4.0, body_px=300.0, stand_s=1.5).track, marked(4.0, before_m))
    assert walk.from_standing is from_standing


def test_a_walk_may_go_from_the_second_mark_to_the_first() -> None:
    marks = marked(4.0, 1.0)
    x1, y1, x2, y2 = marks.points_px
    turned = replace(marks, points_px=(x2, y2, x1, y1))
    track = way(4.0, body_px=300.0).track
    one, other = (analysed(track, marks=each) for each in (marks, turned))
    assert named(one, "four_metre_walk").value == pytest.approx(named(other, "four_metre_walk").value)


def there_and_back() -> PoseTrack:
    """Return two walks over the marks, the one back at 120 instead of 100 steps/min."""
    there = way(4.0, body_px=300.0).track
    back = walker(
        cadence_spm=120.0, n_strikes=9, direction=-1, start_x_px=float(there.xy_px[-1, 11:13, 0].mean()), body_px=300.0
    ).track
    xy_px = np.concatenate([there.xy_px, back.xy_px])
    score = np.concatenate([there.score, back.score])
    return replace(there, time_s=np.arange(len(xy_px)) / 30.0, xy_px=xy_px, score=score)


def test_of_two_walks_the_faster_one_counts_for_four_metres() -> None:
    there, back = walks_of(there_and_back(), marked(4.0, 1.0))
    assert back.seconds < there.seconds
    found = analysed(there_and_back(), marks=marked(4.0, 1.0))
    assert named(found, "four_metre_walk").value == pytest.approx(back.seconds, abs=0.02)


def test_of_two_walks_the_mean_counts_for_ten_metres() -> None:
    """10 m in 8 and in 10 s: 9 s, and the mean of 1.25 and 1 m/s."""
    walks = [MarkedWalk(start_s=0.0, end_s=seconds, from_standing=False) for seconds in (8.0, 10.0)]
    smoothed = smooth_track(way(4.0, body_px=300.0).track, SmoothingSettings())
    (seconds, speed), _ = marked_walk_metrics(walks, smoothed, length_m=10.0, view="side")
    assert (seconds.value, seconds.n) == (9.0, 2)
    assert speed.value == pytest.approx(1.125)


@pytest.mark.parametrize(
    ("length_m", "spacing_m", "refused"),
    [(4.0, 10.0, True), (10.0, 4.0, True), (4.0, 4.0, False)],
)
def test_marks_that_would_make_a_dwarf_or_a_giant_are_refused(length_m: float, spacing_m: float, refused: bool) -> None:
    """The leg of 0.5 times 1.70 m would be 0.34 m with 4 m called 10 m apart, and 2.1 m with 10 m called 4."""
    body_px = 300.0 if spacing_m == 4.0 else 150.0
    marks = replace(marked(spacing_m, 1.0, body_px=body_px), length_m=length_m)
    found = find_marked_walks(way(spacing_m, body_px=body_px).track, marks)
    assert (found == "marks_do_not_fit") is refused


@pytest.mark.parametrize(("below_m", "refused"), [(0.38, False), (0.42, True)])
@pytest.mark.parametrize("right_to_left", [False, True])
def test_marks_beside_the_way_are_refused(below_m: float, refused: bool, right_to_left: bool) -> None:
    """The lower ankle is at 900 px, 176 px a metre; the other one is higher."""
    marks = marked(4.0, 1.0)
    x1, _, x2, _ = marks.points_px
    y = 900.0 + below_m * 300.0 / HEIGHT_M
    points_px = (x2, y, x1, y) if right_to_left else (x1, y, x2, y)
    found = find_marked_walks(way(4.0, body_px=300.0).track, replace(marks, points_px=points_px))
    assert (found == "beside_the_marks") is refused


def test_marks_that_nobody_passes_have_no_time() -> None:
    found = analysed(walker(n_strikes=4).track, marks=marked(4.0, 1.0))
    assert "No foot is seen to pass" in str(named(found, "four_metre_walk").reason)
    assert named(found, "four_metre_walk_speed").value is None
    assert named(found, "sppb_gait_points").value is None


def test_a_walk_towards_the_camera_is_not_timed_between_marks() -> None:
    track = front_walker().track
    marks = ScaleLine(points_px=(960.0, 500.0, 960.0, 800.0), length_m=4.0)
    assert "from the side" in str(named(analysed(track, marks=marks), "four_metre_walk").reason)


def test_marks_give_the_scale_too() -> None:
    marks = marked(4.0, 1.0)
    with_marks, with_line = (
        analysed(up_and_go(n_steps=8).track, marks=marks),
        analyse_track(up_and_go(n_steps=8).track, AnalysisSettings(activity="gait", scale_line=marks), source=SOURCE),
    )
    assert named(with_marks, "step_length") == named(with_line, "step_length")


def test_settings_of_walking_tests_come_back_from_a_stored_session() -> None:
    tests = WalkingTestSettings(up_and_go=True, marks=marked(4.0, 1.0), sppb_balance=3)
    settings = AnalysisSettings(walking_tests=tests)
    stored = json.loads(json.dumps(settings.to_json()))
    assert AnalysisSettings.from_json(stored) == settings


@pytest.mark.parametrize("length_m", [3.0, 5.0, 8.0])
def test_marks_of_no_named_walk_are_refused(length_m: float) -> None:
    with pytest.raises(UsageError, match=r"4 m .* 6 m .* 10 m"):
        WalkingTestSettings(marks=replace(marked(4.0, 1.0), length_m=length_m))
