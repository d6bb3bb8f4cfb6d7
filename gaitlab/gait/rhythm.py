"""The rhythm of the legs: stride period and cadence without any event."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain, pairwise

import numpy as np
from scipy.signal import find_peaks

from gaitlab.motion.runs import without_gaps
from gaitlab.records import FloatArray
from gaitlab.settings import GaitSettings

__all__ = ["harmonic_cadence_spm", "mean_stride_s", "parabola_peak", "range_px", "rolling_range", "stride_period_s"]

_BRIDGED_MAX_STRIDES, _BRIDGED_MISFIT = 4, 0.12  # misfit per stride; together less than half a stride (ours)
_COLUMN_KNOWN_SHARE, _N_MIN_FRAMES = 0.5, 10  # a joint that is known less is left out (ours)
_PART_MAX_S = 20.0  # within it a walk hardly changes its pace (ours)
_DRIFT_DEGREE, _STEP_HZ = 3, 0.005
_AT_ONCE = 16  # frequencies: one at a time takes three times as long, all of them do not stay in the cache
_LEVEL_WEIGHT = 0.5  # heights move less than legs swing, and shake with the camera (ours)


def range_px(values: FloatArray) -> float:
    """Return p98 - p2, NaN ignored; 0 without any value."""
    known = values[np.isfinite(values)]
    return float(np.subtract(*np.percentile(known, [98, 2]))) if known.size else 0.0


def rolling_range(time_s: FloatArray, values: FloatArray, window_s: float) -> FloatArray:
    """Return max - min in the window around each sample, shape (T,); NaN where a sample in it is unknown."""
    first = np.searchsorted(time_s, time_s - window_s / 2)
    last = np.searchsorted(time_s, time_s + window_s / 2, side="right")
    return np.array([np.ptp(values[start:stop]) for start, stop in zip(first, last, strict=True)])


def parabola_peak(at: FloatArray, values: FloatArray, i: int) -> float:
    """Return where the vertex of the parabola through three samples around a maximum is."""
    low, mid, high = values[i - 1 : i + 2]
    bend = low - 2 * mid + high
    shift = 0.5 * (low - high) / bend if bend < 0 else 0.0
    neighbour = i + 1 if shift > 0 else i - 1
    return float(at[i] + abs(shift) * (at[neighbour] - at[i]))


def stride_period_s(time_s: FloatArray, separation_px: FloatArray, settings: GaitSettings) -> float:
    """Return the stride period by autocorrelation of the ankle separation; NaN when there is none.

    Parameters
    ----------
    time_s, separation_px : ndarray, shape (T,)
        The signed distance of the ankles repeats once per stride; NaN is interpolated.
    settings : GaitSettings
        Periods from `stride_min_s` to `stride_max_s`, at most two thirds of the stretch.
    """
    if np.isfinite(separation_px).sum() < 10:
        return float("nan")
    step = float((time_s[-1] - time_s[0]) / (len(time_s) - 1))
    grid = np.arange(time_s[0], time_s[-1] + step / 2, step)
    signal = np.interp(grid, time_s, without_gaps(time_s, separation_px))
    signal = signal - signal.mean()
    n = len(signal)
    longest = min(int(settings.stride_max_s / step), 2 * n // 3)
    correlation = np.array([signal[: n - lag] @ signal[lag:] / (n - lag) for lag in range(longest)])
    lags = np.arange(max(2, int(settings.stride_min_s / step)), longest)
    if len(lags) < 3 or correlation[0] <= 0:
        return float("nan")
    peaks, _ = find_peaks(correlation[lags])
    if len(peaks) == 0:
        return float("nan")
    heights = correlation[lags][peaks]
    if heights.max() <= 0:
        return float("nan")
    # The first peak nearly as high as the highest: later ones are two or three strides.
    first = peaks[np.flatnonzero(heights >= 0.8 * heights.max())[0]]
    return float(lags[first] * step)


def mean_stride_s(strikes_s: Sequence[Sequence[float]], typical_s: float) -> float:
    """Return the mean stride time of heel strikes some of which may be missing; NaN where no stride can be counted.

    Parameters
    ----------
    strikes_s : sequence of sequences of float
        For each stretch of walking and each foot, the times of its heel strikes in order.
    typical_s : float
        The median stride time. Neighbouring strikes 2 to 4 strides apart count as that many strides when they fit
        within 12 % per stride *(ours)*; else they are left out.

    Notes
    -----
    It counts strides, not steps: so a limp gives the same result when more steps of one foot than of the other are
    seen.
    """
    total_s, n_strides = 0.0, 0
    for start_s, end_s in chain.from_iterable(pairwise(times) for times in strikes_s):
        count = max(1, round((end_s - start_s) / typical_s))
        misfit = abs((end_s - start_s) / count - typical_s) / typical_s
        if misfit <= (0.5 if count == 1 else _BRIDGED_MISFIT) and count <= _BRIDGED_MAX_STRIDES:
            total_s, n_strides = total_s + end_s - start_s, n_strides + count
    return total_s / n_strides if n_strides else float("nan")


def harmonic_cadence_spm(
    time_s: FloatArray, alternating: FloatArray, settings: GaitSettings, *, level: FloatArray | None = None
) -> float:
    """Return the cadence by harmonic regression; an estimate without events.

    Parameters
    ----------
    time_s : ndarray, shape (T,)
    alternating : ndarray, shape (T, M)
        Left minus right of legs: after half a stride it repeats with the opposite sign, so it holds odd harmonics of
        the stride frequency only. NaN = unknown.
    settings : GaitSettings
        Strides of `stride_min_s` to `stride_max_s`.
    level : ndarray, shape (T, K), optional
        Heights of the body and means of both legs: they repeat with every step.

    Returns
    -------
    float
        120 times the stride frequency at which sinusoids explain most: once and three times a stride of `alternating`
        (at least half of it by the first, so that three steps are no stride) and, at half the weight *(ours)*, twice a
        stride of `level`, in shares of the variance that a slow drift leaves (a cubic in time). Stretches longer than
        20 s are cut into equal parts, and their mean is given. NaN with fewer than ten known frames.
    """
    signals = alternating if level is None else np.concatenate([alternating, level], axis=1)
    used = np.isfinite(signals).mean(axis=0) >= _COLUMN_KNOWN_SHARE
    known = np.isfinite(signals[:, used]).all(axis=1)
    if known.sum() < _N_MIN_FRAMES or not used[: alternating.shape[1]].any():
        return float("nan")
    odd = used[: alternating.shape[1]]
    t, values = time_s[known], signals[known][:, used]
    n_parts = max(1, math.ceil((t[-1] - t[0]) / _PART_MAX_S))
    parts = zip(np.array_split(t, n_parts), np.array_split(values, n_parts), strict=True)
    return float(np.mean([120.0 * _stride_hz(part_s, part, int(odd.sum()), settings) for part_s, part in parts]))


def _stride_hz(time_s: FloatArray, values: FloatArray, n_odd: int, settings: GaitSettings) -> float:
    """Return the stride frequency of one part; the first `n_odd` columns alternate."""
    drift, _ = np.linalg.qr(np.polynomial.legendre.legvander(_scaled(time_s), _DRIFT_DEGREE))
    rest = _without(drift, values)
    rest = rest / np.maximum(np.linalg.norm(rest, axis=0), 1e-9)
    hz = np.arange(1.0 / settings.stride_max_s, 1.0 / settings.stride_min_s, _STEP_HZ)

    odd, even = rest[:, :n_odd], rest[:, n_odd:]
    first, both = _explained(odd, drift, time_s, hz, (1, 3)).T
    score = np.minimum(both, 2.0 * first) + _LEVEL_WEIGHT * _explained(even, drift, time_s, hz, (2,))[:, 0]
    best = int(np.argmax(score))
    return parabola_peak(hz, score, best) if 0 < best < len(hz) - 1 else float(hz[best])


def _explained(
    columns: FloatArray, drift: FloatArray, time_s: FloatArray, hz: FloatArray, harmonics: Sequence[int]
) -> FloatArray:
    """Return the mean share of unit columns that harmonics explain beyond a drift, shape (len(hz), len(harmonics)).

    The first harmonic alone, the first two together, and so on.
    """
    shares = np.zeros((len(hz), len(harmonics)))
    if columns.shape[1] == 0:
        return shares
    for first in range(0, len(hz), _AT_ONCE):
        rows = slice(first, first + _AT_ONCE)
        angles = 2.0 * np.pi * hz[rows, np.newaxis, np.newaxis] * np.multiply.outer(time_s, harmonics)
        pairs = np.stack([np.cos(angles), np.sin(angles)], axis=-1).reshape(*angles.shape[:2], -1)
        bases, _ = np.linalg.qr(_without(drift, pairs))
        of_pairs = np.sum((bases.mT @ columns) ** 2, axis=2).reshape(len(bases), -1, 2).sum(axis=2)
        shares[rows] = np.cumsum(of_pairs, axis=1) / columns.shape[1]
    return shares


def _scaled(time_s: FloatArray) -> FloatArray:
    """Return times as -1 to 1."""
    return np.asarray(2.0 * (time_s - time_s[0]) / (time_s[-1] - time_s[0]) - 1.0)


def _without(basis: FloatArray, values: FloatArray) -> FloatArray:
    """Return the columns without what an orthonormal basis explains of them."""
    return np.asarray(values - basis @ (basis.T @ values))
