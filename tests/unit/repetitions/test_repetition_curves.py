"""Joint angles over the repetition."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.records import Analysis
from gaitlab.repetitions.repetition_curves import repetition_curves, whole_repetitions
from tests.app.builders_ui import squats, walk


def two_whole_squats() -> Analysis:
    analysis = squats()
    assert analysis.exercise is not None
    whole = tuple(replace(rep, notes=()) for rep in analysis.exercise.repetitions)
    return replace(analysis, exercise=replace(analysis.exercise, repetitions=whole))


def test_the_mean_of_two_squats_is_deepest_at_the_turning_point() -> None:
    found = {curve.angle: curve for curve in repetition_curves(two_whole_squats())}
    assert list(found) == ["left_knee", "right_knee", "trunk_lean"]
    knee = found["left_knee"]
    assert (knee.side, knee.n) == ("left", 2)
    assert int(np.argmax(knee.mean_deg)) == 50
    assert knee.mean_deg.max() == pytest.approx(100.0)
    assert knee.sd_deg == pytest.approx(np.zeros(101), abs=1e-6)  # both are the same movement


def test_a_repetition_that_is_cut_off_does_not_count_and_one_has_no_spread() -> None:
    assert [rep.index for rep in whole_repetitions(squats())] == [1]
    assert repetition_curves(squats()) == ()


def test_a_side_that_does_not_take_part_has_no_curve() -> None:
    analysis = two_whole_squats()
    assert analysis.exercise is not None
    left = tuple(replace(rep, side="left") for rep in analysis.exercise.repetitions)
    found = repetition_curves(replace(analysis, exercise=replace(analysis.exercise, repetitions=left)))
    assert [curve.angle for curve in found] == ["left_knee", "trunk_lean"]


def test_a_walk_has_no_repetitions() -> None:
    assert repetition_curves(walk()) == ()
