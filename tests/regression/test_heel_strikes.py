"""Heel strikes of recorded tracks beside those that were read in the video by eye, frame by frame."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from gaitlab.archive.samples import analyse_sample, samples
from gaitlab.pipeline import analyse_track
from gaitlab.records import Analysis, FloatArray
from gaitlab.settings import AnalysisSettings
from tests.exercise_clips import counts_of_every_exercise

THERE_AND_BACK = "walk-both-ways.csv.gz"

#: Frames of the heel strikes, known to one frame, of the child to two.
READ = {
    "walk-right-start.csv.gz": (22, 47, 68, 89, 110),
    "walk-right.csv.gz": (26, 43, 61, 79, 96),
    "walk-both-ways.csv.gz": (2, 17, 31, 47, 61, 76, 91, 106, 121, 135, 238, 252, 267, 282, 297, 311, 326, 341),
}


@cache
def analysed(file: str) -> Analysis:
    return analyse_sample(next(sample for sample in samples() if sample.file == file and not sample.is_visit))


def strikes_s(analysis: Analysis) -> FloatArray:
    assert analysis.gait is not None
    return np.array([one.time_s for one in analysis.gait.contacts if one.kind == "heel_strike"])


def errors_ms(file: str) -> list[float]:
    """Return found minus read, for each heel strike that was read."""
    read = analysed(file).track.time_s[list(READ[file])]
    return [float(1000.0 * min(strikes_s(analysed(file)) - one, key=abs)) for one in read]


def test_heel_strikes_have_no_bias_in_video() -> None:
    errors = np.array([error for file in READ for error in errors_ms(file)])
    assert abs(errors.mean()) <= 10.0
    assert errors.std() <= 30.0


@pytest.mark.parametrize("file", READ)
def test_no_heel_strike_is_missed(file: str) -> None:
    assert max(map(abs, errors_ms(file))) <= 70.0


def test_a_child_who_turns_about_makes_no_heel_strike_meanwhile() -> None:
    """It walks to the left until frame 140, turns, and walks back from frame 232 on."""
    child = analysed(THERE_AND_BACK)
    first_s, last_s = child.track.time_s[[142, 230]]
    found_s = strikes_s(child)
    assert found_s[(found_s > first_s) & (found_s < last_s)].size == 0


def test_a_recorded_walk_played_backward_is_walked_backward() -> None:
    there = analysed(THERE_AND_BACK)
    track = there.track_raw
    backward = replace(
        track, time_s=track.time_s[-1] - track.time_s[::-1], xy_px=track.xy_px[::-1], score=track.score[::-1]
    )
    again = analyse_track(backward, AnalysisSettings(activity="gait"), source=there.source)
    assert (there.subject.direction, again.subject.direction) == ("forward", "backward")
    assert again.metrics[0].value == pytest.approx(122.2, rel=0.06)


def test_who_was_recorded_walking_to_and_fro_does_no_exercise() -> None:
    counts = counts_of_every_exercise(analysed(THERE_AND_BACK).track_raw)
    assert {name: count for name, count in counts.items() if count} == {}
