"""Cadence and contacts of people beside plates and sensors: what docs/evidence.md says of gait."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from benchmarks.evidence import walks
from benchmarks.evidence_gait import Walk
from benchmarks.results import SHARED_DATA
from gaitlab.metrics.confidence import HIGH_MIN

pytestmark = pytest.mark.accuracy


@pytest.fixture(scope="module")
def walked(shared_data: Path) -> Sequence[Walk]:
    assert shared_data == SHARED_DATA
    return [*walks(is_degraded=False), *walks(is_degraded=True)]


def of(walked: Sequence[Walk], name: str, *, is_degraded: bool = False) -> list[Walk]:
    return [one for one in walked if (one.set, one.is_degraded, one.view) == (name, is_degraded, "side")]


@pytest.mark.parametrize("is_degraded", [False, True])
def test_cadence_is_near_that_of_sensors_and_always_given(walked: Sequence[Walk], is_degraded: bool) -> None:
    mine = of(walked, "mealab", is_degraded=is_degraded)
    errors = np.abs([error for one in mine for error, _ in one.errors["cadence"]])
    assert len(errors) == len(mine)
    assert errors.mean() <= 0.4  # percent; 0.45 steps/min are 0.42 % of 107
    assert errors.max() <= 3.0


def test_a_sure_number_is_right_and_cadence_is_sure_of_half_the_walks(walked: Sequence[Walk]) -> None:
    limits = {"cadence": 2.0, "step_time": 18.0, "stance_percent": 3.0}
    side = [one for one in walked if one.view == "side"]
    for name, limit in limits.items():
        numbers = [pair for one in side for pair in one.errors[name]]
        sure = [abs(error) <= limit for error, confidence in numbers if confidence >= HIGH_MIN]
        assert not sure or np.mean(sure) >= 0.95, name
        assert name != "cadence" or len(sure) >= 0.5 * len(numbers)


def test_no_sentence_names_the_wrong_leg(walked: Sequence[Walk]) -> None:
    assert sum(one.wrong_leg for one in walked if not one.is_degraded) == 0


@pytest.mark.parametrize(
    ("name", "bias_points", "size_points"), [("mealab", 0.5, 1.7), ("moissenet", 1.5, 2.0), ("biomechzoo", 1.5, 2.0)]
)
@pytest.mark.parametrize("is_degraded", [False, True])
def test_stance_is_neither_too_long_nor_too_short_on_average(
    walked: Sequence[Walk], name: str, bias_points: float, size_points: float, is_degraded: bool
) -> None:
    errors = np.array(
        [error for one in of(walked, name, is_degraded=is_degraded) for error, _ in one.errors["stance_percent"]]
    )
    assert abs(errors.mean()) <= bias_points
    assert np.abs(errors).mean() <= size_points


@pytest.mark.parametrize("is_degraded", [False, True])
@pytest.mark.parametrize("name", ["moissenet", "biomechzoo", "gaitkit"])
def test_heel_strikes_of_markers_are_near_those_of_plates(walked: Sequence[Walk], name: str, is_degraded: bool) -> None:
    errors = [ms for one in of(walked, name, is_degraded=is_degraded) for ms in one.contacts_ms["heel_strike"]]
    assert abs(np.mean(errors)) <= 20.0
