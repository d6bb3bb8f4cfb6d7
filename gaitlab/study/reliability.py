"""How well a number repeats, and how well two methods agree."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from gaitlab.errors import UsageError
from gaitlab.records import FloatArray

__all__ = ["Agreement", "Repeatability", "bland_altman", "repeatability"]

_LEVEL: Final = 0.95
_Z: Final = 1.96  # of a normal distribution, 95 % of it lies within


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeatability:
    """How well a number of the same people repeats from one occasion to the next.

    Attributes
    ----------
    people, occasions : int
    icc : float
        ICC(2,1): two-way random effects, absolute agreement, one measurement. NaN where all values are equal.
    icc_low, icc_high : float
        Its 95 % confidence interval.
    sem : float
        Standard error of measurement for agreement, in the unit of the number: differences between occasions that all
        people share are part of it.
    sem_consistency : float
        The same without these differences: the root of the residual mean square.
    mdc95 : float
        Minimal detectable change of one person, 95 %: 1.96 · √2 · sem.
    bias : tuple of float
        Mean of each occasion minus the mean of all.
    """

    people: int
    occasions: int
    icc: float
    icc_low: float
    icc_high: float
    sem: float
    sem_consistency: float
    mdc95: float
    bias: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How well two methods agree, after Bland and Altman.

    Attributes
    ----------
    n : int
    bias, bias_low, bias_high : float
        Mean difference, first minus second, and its 95 % confidence interval.
    sd : float
        Standard deviation of the differences.
    lower, upper : float
        Limits of agreement: bias ∓ 1.96 · sd.
    limit_error : float
        Half the width of the 95 % confidence interval of each limit.
    slope : float
        Of the differences over the means: beside 0 the bias depends on the size. NaN where all means are equal.
    slope_p : float
        Two-sided p of it.
    """

    n: int
    bias: float
    bias_low: float
    bias_high: float
    sd: float
    lower: float
    upper: float
    limit_error: float
    slope: float
    slope_p: float


def repeatability(values: ArrayLike) -> Repeatability:
    """Return ICC(2,1), standard error of measurement and minimal detectable change.

    The mean squares of a two-way analysis of variance without replication give the ICC and its interval [1]_, the
    errors [2]_ and the minimal detectable change [3]_.

    Parameters
    ----------
    values : array of shape (people, occasions)
        At least 2 × 2; `gaitlab.study.repeated` gives it.

    Raises
    ------
    UsageError
        For another shape, or values that are not finite.

    References
    ----------
    .. [1] Shrout and Fleiss (1979), Psychological Bulletin 86(2), 420-428.
    .. [2] de Vet et al. (2006), Journal of Clinical Epidemiology 59(10), 1033-1039.
    .. [3] Weir (2005), Journal of Strength and Conditioning Research 19(1), 231-240.
    """
    table = np.asarray(values, dtype=float)
    if table.ndim != 2 or min(table.shape) < 2:
        raise UsageError(f"values: expected at least 2 people on 2 occasions, got shape {table.shape}")
    _check_finite(table)
    n, k = table.shape
    people_ms, occasions_ms, error_ms = _mean_squares(table)
    occasions_variance = max(0.0, (occasions_ms - error_ms) / n)
    sem = math.sqrt(occasions_variance + error_ms)
    icc, low, high = _icc(people_ms, occasions_ms, error_ms, n=n, k=k)
    return Repeatability(
        people=n,
        occasions=k,
        icc=icc,
        icc_low=low,
        icc_high=high,
        sem=sem,
        sem_consistency=math.sqrt(error_ms),
        mdc95=_Z * math.sqrt(2.0) * sem,
        bias=tuple((table.mean(axis=0) - table.mean()).tolist()),
    )


def _mean_squares(table: FloatArray) -> tuple[float, float, float]:
    """Return the mean squares between people, between occasions, and of the residual."""
    n, k = table.shape
    mean, of_people, of_occasions = table.mean(), table.mean(axis=1), table.mean(axis=0)
    residual = table - of_people[:, np.newaxis] - of_occasions + mean
    return (
        float(k * ((of_people - mean) ** 2).sum() / (n - 1)),
        float(n * ((of_occasions - mean) ** 2).sum() / (k - 1)),
        float((residual**2).sum() / ((n - 1) * (k - 1))),
    )


def _icc(people_ms: float, occasions_ms: float, error_ms: float, *, n: int, k: int) -> tuple[float, float, float]:
    """Return ICC(2,1) with its 95 % interval, by Shrout and Fleiss; NaN where nothing differs."""
    total = people_ms + (k - 1) * error_ms + k * (occasions_ms - error_ms) / n
    if total <= 0.0:
        return math.nan, math.nan, math.nan
    icc = (people_ms - error_ms) / total
    if error_ms == 0.0:
        return icc, math.nan, math.nan
    # Satterthwaite's degrees of freedom of the sum of the variances of occasions and residual.
    ratio = occasions_ms / error_ms
    own = n * (1.0 + (k - 1) * icc) - k * icc
    freedom = (k - 1) * (n - 1) * (k * icc * ratio + own) ** 2 / ((n - 1) * (k * icc * ratio) ** 2 + own**2)
    upper_f = float(stats.f.ppf(0.5 + _LEVEL / 2, n - 1, freedom))
    lower_f = float(stats.f.ppf(0.5 + _LEVEL / 2, freedom, n - 1))
    other = k * occasions_ms + (k * n - k - n) * error_ms
    low = n * (people_ms - upper_f * error_ms) / (upper_f * other + n * people_ms)
    high = n * (lower_f * people_ms - error_ms) / (other + n * lower_f * people_ms)
    return icc, low, high


def bland_altman(first: ArrayLike, second: ArrayLike) -> Agreement:
    """Return bias and limits of agreement of two methods, models or groups of paired values [1]_.

    Parameters
    ----------
    first, second : array of shape (n,)
        Pairs, at least 3. Pairs with an unknown (NaN) value are left out.

    Raises
    ------
    UsageError
        For arrays of different length, infinite values, or fewer than three pairs.

    References
    ----------
    .. [1] Bland and Altman (1986), Lancet 327(8476), 307-310; (1999), Statistical Methods in Medical Research 8(2),
       135-160.
    """
    one, other = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if one.shape != other.shape or one.ndim != 1:
        raise UsageError(f"pairs: expected two lists of the same length, got shapes {one.shape} and {other.shape}")
    known = ~(np.isnan(one) | np.isnan(other))
    one, other = one[known], other[known]
    _check_finite(np.concatenate([one, other]))
    n = len(one)
    if n < 3:
        raise UsageError(f"pairs: expected at least 3 with both values known, got {n}")
    difference, mean = one - other, (one + other) / 2.0
    bias, sd = float(difference.mean()), float(difference.std(ddof=1))
    t = float(stats.t.ppf(0.5 + _LEVEL / 2, n - 1))
    slope, slope_p = math.nan, math.nan
    if np.ptp(mean) > 0.0:
        fit = stats.linregress(mean, difference)
        slope, slope_p = float(fit.slope), float(fit.pvalue)
    return Agreement(
        n=n,
        bias=bias,
        bias_low=bias - t * sd / math.sqrt(n),
        bias_high=bias + t * sd / math.sqrt(n),
        sd=sd,
        lower=bias - _Z * sd,
        upper=bias + _Z * sd,
        limit_error=t * sd * math.sqrt(3.0 / n),
        slope=slope,
        slope_p=slope_p,
    )


def _check_finite(values: FloatArray) -> None:
    if not np.isfinite(values).all():
        raise UsageError("values: expected finite numbers only; leave out people with an unknown one")
