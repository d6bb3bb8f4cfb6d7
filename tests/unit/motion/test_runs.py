"""Rows by their times; percentiles of rows with gaps: NumPy's, row by row, are the truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gaitlab.motion.runs import nearest_row, row_percentiles, rows_within

lengths = st.one_of(st.floats(0, 1000), st.just(float("nan")))


@given(arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(1, 9)), elements=lengths), st.floats(0, 100))
def test_each_row_has_the_percentile_of_what_is_known_in_it(values: np.ndarray, percent: float) -> None:
    expected = [np.percentile(row[np.isfinite(row)], percent) if np.isfinite(row).any() else np.nan for row in values]
    np.testing.assert_allclose(row_percentiles(values, percent), expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("at_s", "row"), [(-1.0, 0), (0.4, 0), (0.5, 0), (0.6, 1), (1.0, 1), (2.0, 1), (2.1, 2), (9.0, 2)]
)
def test_the_nearest_row_is_the_first_of_two_that_are_equally_near(at_s: float, row: int) -> None:
    assert nearest_row(np.array([0.0, 1.0, 3.0]), at_s) == row


def test_of_equal_times_the_first_row_is_the_nearest() -> None:
    assert nearest_row(np.array([0.0, 1.0, 1.0, 2.0]), 1.1) == 1


@pytest.mark.parametrize(("first_s", "last_s", "rows"), [(1.0, 3.0, [1, 2]), (0.5, 2.9, [1]), (3.1, 4.0, [])])
def test_rows_within_two_moments_include_both(first_s: float, last_s: float, rows: list[int]) -> None:
    assert list(range(4)[rows_within(np.array([0.0, 1.0, 3.0]), first_s, last_s)]) == rows
