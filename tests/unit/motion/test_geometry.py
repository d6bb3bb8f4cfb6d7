"""Angles and lengths on points with answers known by hand (x right, y down)."""

from __future__ import annotations

import numpy as np
import pytest

from gaitlab.motion.geometry import angle_at_deg, segment_length_px, signed_angle_deg, vertical_angle_deg
from gaitlab.records import FloatArray

UNKNOWN = (float("nan"), float("nan"))


def at(x: float, y: float) -> FloatArray:
    return np.array([x, y], dtype=np.float64)


@pytest.mark.parametrize(
    ("second", "expected_deg"),
    [((1, 0), 0.0), ((1, 1), 45.0), ((0, 1), 90.0), ((0, -5), 90.0), ((-3, 0), 180.0)],
)
def test_angle_at_the_vertex_between_two_points(second: tuple[float, float], expected_deg: float) -> None:
    assert angle_at_deg(at(2, 0), at(0, 0), at(*second)) == pytest.approx(expected_deg)


def test_angle_is_exact_where_the_cosine_is_flat() -> None:
    nearly_straight = angle_at_deg(at(-1, 0), at(0, 0), at(1, 1e-9))
    assert 180.0 - nearly_straight == pytest.approx(np.degrees(1e-9), rel=1e-4)


def test_angle_at_a_point_that_is_its_own_neighbour_is_unknown() -> None:
    assert np.isnan(angle_at_deg(at(3, 3), at(3, 3), at(4, 4)))


def test_angle_with_an_unknown_point_is_unknown() -> None:
    assert np.isnan(angle_at_deg(at(1, 0), at(0, 0), at(*UNKNOWN)))


def test_angles_are_taken_row_by_row() -> None:
    first, second = np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([[0.0, 1.0], [-1.0, 0.0]])
    np.testing.assert_allclose(angle_at_deg(first, np.zeros((2, 2)), second), [90.0, 180.0])


def test_a_turn_clockwise_in_the_picture_is_positive() -> None:
    right, down = at(1, 0), at(0, 1)
    assert signed_angle_deg(right, down) == pytest.approx(90.0)
    assert signed_angle_deg(down, right) == pytest.approx(-90.0)


@pytest.mark.parametrize(
    ("high", "expected_deg"), [((0, -10), 0.0), ((10, -10), 45.0), ((-10, -10), -45.0), ((10, 0), 90.0)]
)
def test_lean_to_the_right_of_the_vertical_is_positive(high: tuple[float, float], expected_deg: float) -> None:
    assert vertical_angle_deg(at(0, 0), at(*high)) == pytest.approx(expected_deg)


def test_lean_of_a_segment_without_length_is_unknown() -> None:
    assert np.isnan(vertical_angle_deg(at(2, 2), at(2, 2)))


def test_length_of_a_three_four_five_triangle() -> None:
    assert segment_length_px(at(1, 1), at(4, 5)) == pytest.approx(5.0)


def test_length_to_an_unknown_point_is_unknown() -> None:
    assert np.isnan(segment_length_px(at(1, 1), at(*UNKNOWN)))
