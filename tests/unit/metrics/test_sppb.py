"""The Short Physical Performance Battery: points by seconds, and its total."""

from __future__ import annotations

import pytest

from gaitlab.metrics.confidence import computed, withheld
from gaitlab.metrics.sppb import gait_points, sppb_total
from gaitlab.records import Metric


@pytest.mark.parametrize(
    ("seconds", "points"), [(4.81, 4), (4.82, 3), (6.20, 3), (6.21, 2), (8.70, 2), (8.71, 1), (30.0, 1)]
)
def test_the_walk_has_the_points_of_its_seconds(seconds: float, points: int) -> None:
    assert gait_points(seconds) == points


def walked(points: int | None) -> list[Metric]:
    if points is None:
        return [withheld("sppb_gait_points", "marks_not_passed")]
    return [computed("sppb_gait_points", float(points), n=1, confidence=0.9)]


def test_the_total_is_the_sum_of_measured_and_typed_parts() -> None:
    total = sppb_total(walked(3), balance=4, gait=None, chair=2)
    assert total == computed("sppb_total", 9.0, n=3, confidence=0.9)


def test_without_balance_there_is_no_total() -> None:
    assert sppb_total(walked(3), balance=None, gait=None, chair=2) is None


def test_a_total_of_two_parts_is_withheld() -> None:
    total = sppb_total(walked(3), balance=4, gait=None, chair=None)
    assert total is not None
    assert total.value is None
    assert "three parts" in str(total.reason)


def test_points_typed_in_stand_for_a_part_that_is_withheld() -> None:
    total = sppb_total(walked(None), balance=4, gait=1, chair=2)
    assert total is not None
    assert total.value == 7.0


def test_what_the_clip_shows_goes_before_what_is_typed_in() -> None:
    total = sppb_total(walked(3), balance=4, gait=1, chair=2)
    assert total is not None
    assert total.value == 9.0


def test_a_clip_of_something_else_has_no_total() -> None:
    assert sppb_total([computed("cadence", 100.0, n=5, confidence=0.9)], balance=4, gait=3, chair=2) is None
