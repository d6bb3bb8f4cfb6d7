"""Repeatability and agreement, against published examples and laws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitlab.errors import UsageError
from gaitlab.study import bland_altman, repeatability

#: Shrout and Fleiss (1979), table 2: six targets, four judges.
JUDGED = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
#: Weir (2005), table 1, data set A: eight people, two trials.
TRIALS = [[146, 140], [148, 152], [170, 152], [90, 99], [157, 145], [156, 153], [176, 167], [205, 218]]
#: Bland and Altman (1986), table 1: first readings of peak flow in l/min with the large and with the mini meter.
LARGE = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
MINI = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]


def test_icc_is_that_of_shrout_and_fleiss() -> None:
    found = repeatability(JUDGED)
    assert (found.people, found.occasions) == (6, 4)
    assert found.icc == pytest.approx(0.29, abs=0.005)
    assert (found.icc_low, found.icc_high) == pytest.approx((0.019, 0.761), abs=0.0005)
    assert found.bias == pytest.approx((2.375, -2.792, -0.958, 1.375), abs=0.001)


def test_standard_error_and_minimal_difference_are_those_of_weir() -> None:
    found = repeatability(TRIALS)
    assert found.sem_consistency == pytest.approx(math.sqrt(57.1), abs=0.01)
    assert found.icc == pytest.approx(0.95, abs=0.005)
    # The trials differ less than chance lets them: both errors are the same.
    assert found.sem == found.sem_consistency
    assert found.mdc95 == pytest.approx(1.96 * math.sqrt(2) * 7.557, abs=0.01)


def test_limits_of_agreement_are_those_of_bland_and_altman() -> None:
    found = bland_altman(LARGE, MINI)
    assert found.n == 17
    assert (found.bias, found.sd) == pytest.approx((-2.1, 38.8), abs=0.05)
    assert (found.bias_low, found.bias_high) == pytest.approx((-22.0, 17.8), abs=0.1)
    assert (found.lower, found.upper) == pytest.approx((-2.118 - 1.96 * 38.765, -2.118 + 1.96 * 38.765), abs=0.01)
    assert found.limit_error == pytest.approx(34.6, abs=0.1)  # they give -114.3 to -45.1 about -79.7


def test_a_difference_that_all_share_is_part_of_the_error_for_agreement() -> None:
    rng = np.random.default_rng(3)
    first = rng.normal(100, 10, 30)
    later = repeatability(np.stack([first, first + 6.0 + rng.normal(0, 1, 30)], axis=1))
    assert later.sem_consistency == pytest.approx(1 / math.sqrt(2), rel=0.3)
    assert later.sem == pytest.approx(math.hypot(6 / math.sqrt(2), later.sem_consistency), rel=0.05)
    assert later.bias == pytest.approx((-3.0, 3.0), abs=0.3)


def test_a_bias_that_grows_with_the_size_is_told() -> None:
    size = np.linspace(1.0, 2.0, 20)
    grows = bland_altman(1.1 * size, size)
    assert grows.slope == pytest.approx(0.1 / 1.05)
    assert grows.slope_p < 0.001


@pytest.mark.parametrize("values", [[1.0, 2.0], [[1.0, 2.0]], [[1.0], [2.0]], [[1.0, math.nan], [2.0, 3.0]]])
def test_what_is_no_table_of_known_values_is_refused(values: list[float]) -> None:
    with pytest.raises(UsageError, match="values: expected"):
        repeatability(values)


def test_pairs_with_an_unknown_value_are_left_out_and_two_are_too_few() -> None:
    assert bland_altman([*LARGE, math.nan], [*MINI, 400.0]) == bland_altman(LARGE, MINI)
    for first, second in (([1.0, 2.0], [1.0, 2.0]), ([1.0, 2.0, 3.0], [1.0, 2.0]), ([1.0, 2.0, math.inf], [1.0] * 3)):
        with pytest.raises(UsageError):
            bland_altman(first, second)


@pytest.mark.parametrize("value", [0.0, 5.0])
def test_equal_values_have_no_icc_and_no_error(value: float) -> None:
    found = repeatability([[value] * 3] * 4)
    assert math.isnan(found.icc)
    assert (found.sem, found.mdc95) == (0.0, 0.0)


@given(seed=st.integers(0, 9999), n=st.integers(3, 8), k=st.integers(2, 5), factor=st.floats(0.1, 10.0))
def test_scale_and_zero_of_the_unit_change_the_errors_alike_and_no_icc(
    seed: int, n: int, k: int, factor: float
) -> None:
    rng = np.random.default_rng(seed)
    table = rng.normal(0, 5, (n, 1)) + rng.normal(0, 1, k) + rng.normal(0, 1, (n, k))
    one, other = repeatability(table), repeatability(table * factor + 50.0)
    assert (other.sem, other.mdc95) == pytest.approx((factor * one.sem, factor * one.mdc95))
    assert (other.icc, other.icc_low, other.icc_high) == pytest.approx((one.icc, one.icc_low, one.icc_high), abs=1e-6)
    assert one.icc <= one.icc_high <= 1.0
    assert one.icc_low <= one.icc
