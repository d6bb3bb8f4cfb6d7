"""What the player is told: times, curves and marks of one clock, nothing that JSON cannot hold."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from gaitlab.records import Analysis, Contact, FormNote, PoseTrack
from gaitlab.ui.session.player import player_data
from tests.app.builders_ui import TIME_S, squats, walk


def told(analysis: Analysis, *, src: str | None = None) -> dict:  # type: ignore[type-arg]
    data = player_data(analysis, src=src, version="1")
    return json.loads(json.dumps(data, allow_nan=False))  # type: ignore[no-any-return]


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
    data = told(replace(analysis, gait=replace(analysis.gait, contacts=contacts)))
    (lane,) = data["lanes"]
    assert [(mark["start_s"], mark["end_s"]) for mark in lane["marks"]] == [(1.0, 1.7), (2.1, None)]


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
    (lane,) = told(replace(analysis, gait=replace(analysis.gait, contacts=contacts)))["lanes"]
    assert [mark["end_s"] for mark in lane["marks"]] == [end_s]


def test_slow_motion_has_two_clocks_and_real_time_one() -> None:
    analysis = squats()
    assert told(analysis)["file_s"] is None
    raw = analysis.track_raw
    slow = PoseTrack(time_s=TIME_S * 4, xy_px=raw.xy_px, score=raw.score, image_wh=raw.image_wh)
    data = told(replace(analysis, track_raw=slow))
    assert data["file_s"][10] == 4 * data["time_s"][10]


def test_a_long_track_is_thinned_and_its_clock_with_it() -> None:
    analysis = squats()
    n = 10_000
    time_s = np.arange(n) / 25.0
    track = PoseTrack(time_s=time_s, xy_px=np.zeros((n, 17, 2)), score=np.ones((n, 17)), image_wh=(64, 48))
    angles = replace(analysis.angles, time_s=time_s, deg=np.zeros((n, 3)))
    data = told(replace(analysis, track=track, track_raw=track, angles=angles))
    assert len(data["time_s"]) == len(data["xy"]) == len(data["curves"][0]["lines"][0]["deg"]) <= 3000


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


def test_repetitions_alike_are_no_pair() -> None:
    analysis = squats()
    assert analysis.exercise is not None
    whole = tuple(replace(rep, notes=()) for rep in analysis.exercise.repetitions)
    assert told(replace(analysis, exercise=replace(analysis.exercise, repetitions=whole)))["pair"] == []


def test_nobody_in_the_track_is_no_figure_and_no_error() -> None:
    analysis = squats()
    track = replace(analysis.track, xy_px=np.full_like(analysis.track.xy_px, np.nan))
    data = told(replace(analysis, track=track))
    assert data["xy"] == []
    assert data["pair"] == []
