"""What the player is told: times, curves and marks of one clock, nothing that JSON cannot hold."""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import replace

import numpy as np
import pytest

from gaitlab.records import Analysis, Contact, FloatArray, FormNote, PoseTrack
from gaitlab.ui.session.player import player_data
from tests.app.builders_ui import TIME_S, long_walk, squats, walk


@pytest.fixture(scope="module")
def strides() -> Analysis:
    """Return the analysis of somebody who walks past, seen from the side."""
    return long_walk()


def told(analysis: Analysis, *, src: str | None = None) -> dict:  # type: ignore[type-arg]
    data = player_data(analysis, src=src, version="1")
    return json.loads(json.dumps(data, allow_nan=False))  # type: ignore[no-any-return]


def unpacked(text: str, per_unit: float) -> FloatArray:
    whole = np.frombuffer(b64decode(text), dtype="<i2").astype(np.float64)
    return np.where(whole == -32768, np.nan, whole / per_unit)


def test_poses_and_angles_are_packed_to_a_tenth_and_unknown_ones_stay_unknown(strides: Analysis) -> None:
    xy_px, deg = strides.track.xy_px.copy(), strides.angles.deg.copy()
    xy_px[3], deg[3] = np.nan, np.nan
    track, angles = replace(strides.track, xy_px=xy_px), replace(strides.angles, deg=deg)
    data = told(replace(strides, track=track, angles=angles))
    poses = unpacked(data["poses"]["packed"], data["poses"]["per_px"])
    assert poses.reshape(-1, 17, 2) == pytest.approx(xy_px, abs=0.051, nan_ok=True)
    knee = next(curve for curve in data["curves"] if curve["label"] == "Knee")
    assert unpacked(knee["lines"][0]["deg"], 10) == pytest.approx(angles.angle("left_knee"), abs=0.051, nan_ok=True)


def test_a_point_far_outside_a_large_picture_is_packed_more_coarsely(strides: Analysis) -> None:
    far = replace(strides.track, xy_px=strides.track.xy_px * 20)
    data = told(replace(strides, track=far))
    poses = unpacked(data["poses"]["packed"], data["poses"]["per_px"])
    assert data["poses"]["per_px"] < 10
    assert poses.reshape(-1, 17, 2) == pytest.approx(far.xy_px, abs=0.51 / data["poses"]["per_px"], nan_ok=True)


def arms(analysis: Analysis) -> dict[tuple[str, str], object]:
    return {
        (curve["label"], line["side"]): line["arms"] for curve in told(analysis)["curves"] for line in curve["lines"]
    }


def test_an_angle_is_told_where_it_lies_as_numbers_of_keypoints(strides: Analysis) -> None:
    found = arms(strides)
    assert found["Knee", "left"] == {"reference": [[11], [13]], "arm": [[13], [15]]}
    assert found["Hip", "right"] == {"reference": [[5, 6], [11, 12]], "arm": [[12], [14]]}
    assert found["Trunk lean", "both"] == {"reference": "up", "arm": [[11, 12], [5, 6]]}


@pytest.mark.parametrize(("off_deg", "is_drawn"), [(0.9, True), (1.1, False)])
def test_an_arc_that_says_another_angle_than_its_number_is_not_drawn(
    off_deg: float, is_drawn: bool, strides: Analysis
) -> None:
    deg = strides.angles.deg + off_deg * np.sign(strides.angles.deg)
    found = arms(replace(strides, angles=replace(strides.angles, deg=deg)))
    assert (found["Knee", "left"] is not None) == is_drawn


def test_of_an_exercise_of_one_side_only_that_side_is_drawn(strides: Analysis) -> None:
    reps = tuple(replace(rep, side="left") for rep in squats().exercise.repetitions)  # type: ignore[union-attr]
    one_sided = replace(squats().exercise, repetitions=reps)  # type: ignore[type-var]
    found = arms(replace(strides, gait=None, exercise=one_sided))
    assert found["Knee", "left"] is not None
    assert found["Knee", "right"] is None
    assert found["Trunk lean", "both"] is not None


@pytest.mark.parametrize(
    ("activity", "label"), [("biceps-curl", "Elbow"), ("gait", "Knee"), ("jumping-jack", "Shoulder")]
)
def test_the_angle_of_the_activity_is_shown_first(activity: str, label: str, strides: Analysis) -> None:
    named = replace(strides, activity=replace(strides.activity, kind=activity))
    assert [curve["label"] for curve in told(named)["curves"] if curve["chosen"]] == [label]


def test_every_heel_strike_is_told_with_the_next_one_of_its_foot() -> None:
    steps = told(walk())["steps"]  # heel strikes at 1.0, 1.6, 2.2 and 2.8 s; two strides of 1.2 s
    assert steps["feet"] == "rlrl"
    assert steps["at_s"] == pytest.approx([1.0, 1.6, 2.2, 2.8])
    assert steps["until_s"] == pytest.approx([2.2, 2.8, 3.4, 4.0])


def test_every_repetition_has_a_tile_at_its_turn() -> None:
    analysis = squats(partial=1)
    assert analysis.exercise is not None
    shallow, full = analysis.exercise.repetitions
    note = FormNote(rule="lean", time_s=6.0, text="trunk leans 48 degrees")
    reps = (replace(shallow, range_deg=None), replace(full, form=(note,), side="left"))
    first, second = told(replace(analysis, exercise=replace(analysis.exercise, repetitions=reps)))["tiles"]
    assert (first["start_s"], first["key_s"], first["end_s"]) == (0.5, 2.0, 3.5)
    assert (first["words"], first["label"]) == ("(1)", "Repetition 1, shallow, turns at 2.00 s")
    assert second["words"] == "2 95° !"
    assert second["label"] == "Repetition 2, left, turns at 6.00 s, 95° of movement, trunk leans 48 degrees"


def test_repetitions_are_spans_and_their_turns_marks() -> None:
    data = told(squats())
    assert [(span["number"], span["start_s"], span["end_s"]) for span in data["spans"]] == [
        ("1", 0.5, 3.5),
        ("2", 4.5, 7.5),
    ]
    shallow, full = told(squats(partial=1))["spans"]
    assert (shallow["number"], shallow["label"]) == ("(1)", "Repetition 1, shallow, 0.50 to 3.50 s")
    assert full["number"] == "2"
    assert [mark["label"] for mark in data["lanes"][0]["marks"]] == [
        "Turn of repetition 1, 2.00 s",
        "Turn of repetition 2, 6.00 s",
    ]


def test_parts_of_a_repetition_follow_each_other() -> None:
    analysis = squats()
    assert analysis.exercise is not None
    first = replace(analysis.exercise.repetitions[0], outward_s=1.0, hold_s=0.5, return_s=1.5)
    data = told(replace(analysis, exercise=replace(analysis.exercise, repetitions=(first,))))
    times = [(mark["start_s"], mark["end_s"]) for mark in data["lanes"][0]["marks"]]
    assert times == [(0.5, 1.5), (1.5, 2.0), (2.0, 3.5)]


def test_a_foot_is_on_the_ground_from_heel_strike_to_toe_off() -> None:
    analysis = walk()
    assert analysis.gait is not None
    contacts = (
        Contact(side="left", kind="heel_strike", time_s=1.0, frame=25),
        Contact(side="left", kind="toe_off", time_s=1.7, frame=42),
        Contact(side="left", kind="heel_strike", time_s=2.1, frame=52),
    )
    steps = told(replace(analysis, gait=replace(analysis.gait, contacts=contacts)))["steps"]
    assert (steps["at_s"], steps["lifted_s"]) == ([1.0, 2.1], [1.7, None])


@pytest.mark.parametrize(("lifted_s", "end_s"), [(2.95, 2.95), (3.05, None)])
def test_who_stands_for_longer_than_two_seconds_is_not_drawn_as_in_one_step(
    lifted_s: float, end_s: float | None
) -> None:
    analysis = walk()
    assert analysis.gait is not None
    contacts = (
        Contact(side="left", kind="heel_strike", time_s=1.0, frame=25),
        Contact(side="left", kind="toe_off", time_s=lifted_s, frame=75),
    )
    steps = told(replace(analysis, gait=replace(analysis.gait, contacts=contacts)))["steps"]
    assert steps["lifted_s"] == [end_s]


def test_slow_motion_has_two_clocks_and_real_time_one() -> None:
    analysis = squats()
    assert told(analysis)["file_s"] is None
    raw = analysis.track_raw
    slow = PoseTrack(time_s=TIME_S * 4, xy_px=raw.xy_px, score=raw.score, image_wh=raw.image_wh)
    data = told(replace(analysis, track_raw=slow))
    assert data["file_s"][10] == 4 * data["time_s"][10]


def test_a_long_track_is_thinned_and_its_clock_with_it() -> None:
    analysis = squats()
    n = 30_000
    time_s = np.arange(n) / 25.0
    track = PoseTrack(time_s=time_s, xy_px=np.zeros((n, 17, 2)), score=np.ones((n, 17)), image_wh=(64, 48))
    angles = replace(analysis.angles, time_s=time_s, deg=np.zeros((n, 3)))
    data = told(replace(analysis, track=track, track_raw=track, angles=angles))
    n_sent = len(data["time_s"])
    assert n_sent <= 20_000
    assert len(unpacked(data["poses"]["packed"], 1)) == n_sent * 34
    assert len(unpacked(data["curves"][0]["lines"][0]["deg"], 10)) == n_sent


def test_best_and_worst_come_with_their_stretch_and_what_tells_them_apart() -> None:
    analysis = squats()
    assert analysis.exercise is not None
    first, second = analysis.exercise.repetitions
    note = FormNote(rule="lean", time_s=2.0, text="trunk leans 48 degrees")
    reps = (replace(first, form=(note,), depth=0.8), replace(second, notes=(), depth=1.1, range_deg=None))
    best, worst = told(replace(analysis, exercise=replace(analysis.exercise, repetitions=reps)))["pair"]
    assert (best["label"], best["why"]) == ("Best: number 2", "no remark on form · full depth")
    assert (best["start_s"], best["turn_s"], best["end_s"]) == (4.5, 6.0, 7.5)
    assert worst["label"] == "Weakest: number 1"
    assert worst["why"] == "trunk leans 48 degrees · 80 % of full depth · 95° of movement"
    tiles = told(replace(analysis, exercise=replace(analysis.exercise, repetitions=reps)))["tiles"]
    assert [tile["words"] for tile in tiles] == ["1 95° ! weakest", "2 best"]


def test_repetitions_alike_are_no_pair() -> None:
    analysis = squats()
    assert analysis.exercise is not None
    whole = tuple(replace(rep, notes=()) for rep in analysis.exercise.repetitions)
    assert told(replace(analysis, exercise=replace(analysis.exercise, repetitions=whole)))["pair"] == []


def test_nobody_in_the_track_is_no_figure_and_no_error() -> None:
    analysis = squats()
    track = replace(analysis.track, xy_px=np.full_like(analysis.track.xy_px, np.nan))
    data = told(replace(analysis, track=track))
    assert data["poses"] is None
    assert data["pair"] == []
