"""Percentiles of rows with gaps: NumPy's, row by row, are the truth."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gaitlab.motion.runs import row_percentiles

lengths = st.one_of(st.floats(0, 1000), st.just(float("nan")))


@given(arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(1, 9)), elements=lengths), st.floats(0, 100))
def test_each_row_has_the_percentile_of_what_is_known_in_it(values: np.ndarray, percent: float) -> None:
    expected = [np.percentile(row[np.isfinite(row)], percent) if np.isfinite(row).any() else np.nan for row in values]
    np.testing.assert_allclose(row_percentiles(values, percent), expected, rtol=1e-9, atol=1e-9)
