"""The rhythm of the legs: stride period and cadence without any event."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, pairwise

import numpy as np
from scipy.signal import find_peaks

from gaitlab.motion.runs import without_gaps
from gaitlab.records import FloatArray
from gaitlab.settings import GaitSettings

__all__ = ["mean_stride_s", "range_px", "spectral_cadence_spm", "stride_period_s"]

_BRIDGED_MAX_STRIDES, _BRIDGED_MISFIT = 4, 0.12  # misfit per stride; together less than half a stride (ours)


def range_px(values: FloatArray) -> float:
    """Return p98 - p2, NaN ignored; 0 without any value."""
    known = values[np.isfinite(values)]
    return float(np.subtract(*np.percentile(known, [98, 2]))) if known.size else 0.0


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


def spectral_cadence_spm(time_s: FloatArray, separation_px: FloatArray, settings: GaitSettings) -> float:
    """Return the cadence by a least-squares sinusoid on the ankle separation; an estimate without events.

    The stride frequency is the frequency, from 0.3 Hz up, of the sinusoid that explains most of the variance; there are
    two steps per stride. NaN with fewer than ten known frames.
    """
    known = np.isfinite(separation_px)
    if known.sum() < 10:
        return float("nan")
    t, y = time_s[known] - time_s[known].mean(), separation_px[known] - separation_px[known].mean()
    stride_hz = np.arange(1.0 / settings.stride_max_s, 1.0 / settings.stride_min_s, 0.005)
    power = [_explained(t, y, hz) for hz in stride_hz]
    return float(120.0 * stride_hz[int(np.argmax(power))])


def _explained(t: FloatArray, y: FloatArray, hz: float) -> float:
    """Return the sum of squares of `y` that a sinusoid of this frequency and a constant explain."""
    basis = np.stack([np.cos(2 * np.pi * hz * t), np.sin(2 * np.pi * hz * t), np.ones_like(t)])
    moment = basis @ y
    return float(moment @ np.linalg.solve(basis @ basis.T, moment))
