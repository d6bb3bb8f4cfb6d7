"""Movements in phase: times between events, values between frames, and the most typical of several."""

from __future__ import annotations

import numpy as np
import pytest

from gaitlab.motion.phase import all_in_phase, known_in_phase, most_typical, phase_times, values_at

TIME_S = np.arange(11) / 10.0


def test_the_turning_point_is_at_half_of_the_phase_wherever_it_is_in_time() -> None:
    at_s = phase_times((1.0, 1.5, 4.0))
    assert at_s[[0, 25, 50, 75, 100]] == pytest.approx([1.0, 1.25, 1.5, 2.75, 4.0])


def test_values_between_frames_lie_on_straight_lines_and_beside_an_unknown_frame_are_unknown() -> None:
    values = np.stack([10.0 * TIME_S, np.where(TIME_S > 0.55, np.nan, 1.0)], axis=1)
    found = values_at(TIME_S, values, np.array([0.25, 0.5, 0.55]))
    assert found[:, 0] == pytest.approx([2.5, 5.0, 5.5])
    assert found[:, 1] == pytest.approx([1.0, 1.0, np.nan], nan_ok=True)


@pytest.mark.parametrize("events_s", [(-0.1, 0.5), (0.5, 1.1)])
def test_a_movement_that_goes_on_beyond_the_frames_has_no_curve(events_s: tuple[float, float]) -> None:
    assert known_in_phase(TIME_S, TIME_S, events_s) is None
    assert known_in_phase(TIME_S, TIME_S, (0.0, 1.0)) is not None


def test_a_curve_with_an_unknown_frame_in_it_is_none() -> None:
    deg = np.where(TIME_S == 0.5, np.nan, 1.0)
    assert known_in_phase(TIME_S, deg, (0.0, 1.0)) is None
    assert known_in_phase(TIME_S, deg, (0.6, 1.0)) is not None


def test_of_several_movements_each_has_its_own_curve_and_the_unknown_ones_have_none() -> None:
    deg = np.where(TIME_S == 0.7, np.nan, 10.0 * TIME_S)
    found = all_in_phase(TIME_S, deg, [(0.1, 0.35), (0.5, 0.8), (0.9, 1.2), (0.0, 0.6)])
    assert found[[0, 3]][:, [0, 50, 100]] == pytest.approx(np.array([[1.0, 2.25, 3.5], [0.0, 3.0, 6.0]]))
    assert np.isnan(found[[1, 2]]).all()
    assert all_in_phase(TIME_S, deg, np.empty((0, 2))).shape == (0, 101)


def test_the_most_typical_curve_is_the_nearest_to_the_mean() -> None:
    assert most_typical([np.zeros(101), np.full(101, 4.0), np.full(101, 9.0)]) == 1
