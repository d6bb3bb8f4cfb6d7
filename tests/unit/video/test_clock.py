"""Times where timestamps are missing, repeated, go back or jump."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from gaitlab.video.clock import Clock


def times(stamps_s: Sequence[float | None], *, interval_s: float = 0.04) -> tuple[list[float], Clock]:
    clock = Clock(interval_s=interval_s)
    return [clock.next(stamp) for stamp in stamps_s], clock


@pytest.mark.parametrize(
    ("stamps_s", "expected_s", "n_filled"),
    [
        ([5.0, 5.04, 5.10, 5.11], [0, 0.04, 0.10, 0.11], 0),
        ([None, None, None], [0, 0.04, 0.08], 3),
        ([0.0, None, 0.08, None], [0, 0.04, 0.08, 0.12], 2),
        ([None, 7.0, 7.04], [0, 0.04, 0.08], 1),
        ([0.0, 0.04, 0.04, 0.08], [0, 0.04, 0.06, 0.08], 1),
        ([0.0, 0.04, 0.02, 0.08], [0, 0.04, 0.06, 0.08], 1),
        ([0.0, 0.0, 0.0, 0.0], [0, 0.02, 0.06, 0.10], 3),
        ([0.0, 3.0, 3.04], [0, 3.0, 3.04], 0),
    ],
)
def test_times(stamps_s: list[float | None], expected_s: list[float], n_filled: int) -> None:
    got, clock = times(stamps_s)
    np.testing.assert_allclose(got, expected_s, atol=1e-9)
    assert clock.n_filled == n_filled
    assert clock.jumps_s == []


@pytest.mark.parametrize("start_s", [0.0, 9000.0])
def test_a_clock_that_starts_anew_does_not_tear_the_clip(start_s: float) -> None:
    got, clock = times([1000.0, 1000.04, 1000.08, start_s, start_s + 0.05])
    np.testing.assert_allclose(got, [0, 0.04, 0.08, 0.12, 0.17], atol=1e-9)
    assert clock.jumps_s == pytest.approx([0.12])


def test_one_wild_timestamp_costs_nothing() -> None:
    got, _ = times([0.0, 0.04, 1e6, 0.12, 0.16])
    np.testing.assert_allclose(got, [0, 0.04, 0.08, 0.12, 0.16], atol=1e-9)


def test_times_increase_strictly_whatever_comes() -> None:
    rng = np.random.default_rng(3)
    stamps = [None if rng.random() < 0.2 else float(rng.normal(0, 5)) for _ in range(500)]
    assert np.all(np.diff(times(stamps)[0]) > 0)
