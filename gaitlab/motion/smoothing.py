"""Cleaning of keypoint tracks: remove doubtful points and outliers, fill short gaps, filter noise.

The order and the defaults are those of the settings; each step keeps NaN where the value is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.signal import butter, filtfilt

from gaitlab.motion.geometry import midpoint, segment_length_px
from gaitlab.motion.runs import true_runs
from gaitlab.records import FeetTrack, FloatArray, PoseTrack, SmoothedTrack
from gaitlab.records.findings import Said, said
from gaitlab.records.skeleton import N_KEYPOINTS, TORSO
from gaitlab.settings import SmoothingSettings

__all__ = ["fill_gaps", "hampel_outliers", "lowpass", "smooth_track"]

_TWO_PASS_CORRECTION = 0.802  # (sqrt(2) - 1) ** 0.25: two passes of a 2nd order Butterworth (Winter 2009)
_MAD_TO_SD = 1.4826
_OUTLIER_FLOOR_PX = 1.0
_OUTLIER_MAX_S = (
    0.5  # a window that lasts longer takes the turn of a step or of a fast repetition for an outlier (ours)
)
_BLOCK = 2048
_UNEVEN_SHARE = 0.10
_CUT_TORSOS = 1.0


def hampel_outliers(values: FloatArray, *, window: int, n_mad: float, floor: float = 0.0) -> NDArray[np.bool_]:
    """Return the mask of values far from the median of their neighbourhood (Hampel identifier).

    Parameters
    ----------
    values : ndarray, shape (T, ...)
        NaN is ignored and never an outlier.
    window : int
        Odd number of samples, centred.
    n_mad : float
        Limit in median absolute deviations, scaled to the standard deviation of a normal distribution.
    floor : float
        Smaller differences are never outliers.

    Returns
    -------
    ndarray of bool, shape (T, ...)
    """
    half = window // 2
    padded = np.pad(values, [(half, half)] + [(0, 0)] * (values.ndim - 1), constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, window, axis=0)
    outlier = np.zeros(values.shape, dtype=bool)
    for start in range(0, len(values), _BLOCK):  # the windows take `window` times the memory of the values
        block = slice(start, start + _BLOCK)
        known = np.isfinite(values[block])
        rows = windows[block][known]
        median = _row_medians(rows)
        mad = _row_medians(np.abs(rows - median[:, np.newaxis]))
        outlier[block][known] = np.abs(values[block][known] - median) > np.maximum(n_mad * _MAD_TO_SD * mad, floor)
    return outlier


def _row_medians(rows: FloatArray) -> FloatArray:
    """Return what ``np.nanmedian(rows, axis=1)`` does, which takes long; each row has a known value."""
    ordered = np.sort(rows, axis=1)  # NaN comes last
    n_known = np.isfinite(rows).sum(axis=1)[:, np.newaxis]
    middle = np.concatenate([(n_known - 1) // 2, n_known // 2], axis=1)
    return np.asarray(np.take_along_axis(ordered, middle, axis=1).mean(axis=1))


def fill_gaps(time_s: FloatArray, values: FloatArray, *, gap_max_s: float) -> FloatArray:
    """Return `values`, shape (T,), with inner gaps of NaN of at most `gap_max_s` filled along a straight line.

    The length of a gap is the time that is missing: from the sample before it to the one after it, less one frame
    interval. Gaps at the ends stay.
    """
    filled = values.copy()
    unknown = np.isnan(values)
    if not unknown.any():
        return filled
    known = np.flatnonzero(~unknown)
    if len(known) < 2:
        return filled
    apart_s = np.diff(time_s[known]) - float(np.median(np.diff(time_s)))
    rows = np.flatnonzero(unknown[known[0] : known[-1]]) + known[0]
    rows = rows[apart_s[np.searchsorted(known, rows) - 1] <= gap_max_s + 1e-9]
    filled[rows] = np.interp(time_s[rows], time_s[known], values[known])
    return filled


def lowpass(time_s: FloatArray, values: FloatArray, *, cutoff_hz: float) -> FloatArray:
    """Return `values` without frequencies above `cutoff_hz`, without delay.

    Second order Butterworth run forward and back; the design cutoff is ``cutoff / 0.802`` so that the two passes
    together have theirs at `cutoff_hz`, capped at 0.4 of the frame rate (Winter 2009).

    Parameters
    ----------
    time_s : ndarray, shape (T,), T >= 4
        Uneven times are resampled to an even grid before and back after filtering.
    values : ndarray, shape (T, ...)
        Without NaN.
    """
    interval = np.diff(time_s)
    step = float((time_s[-1] - time_s[0]) / (len(time_s) - 1))
    uneven = bool(np.ptp(interval) > _UNEVEN_SHARE * step)
    grid = np.linspace(time_s[0], time_s[-1], len(time_s))
    even = CubicSpline(time_s, values)(grid) if uneven else values
    design_hz = min(cutoff_hz / _TWO_PASS_CORRECTION, 0.4 / step)
    b, a = _butterworth(design_hz, 1.0 / step)
    smooth = filtfilt(b, a, even, axis=0, padlen=min(3 * len(a), len(even) - 1))
    return np.asarray(CubicSpline(grid, smooth)(time_s) if uneven else smooth)


@lru_cache(maxsize=64)
def _butterworth(cutoff_hz: float, fs_hz: float) -> tuple[FloatArray, FloatArray]:
    """Return the coefficients of the second order; one track asks for the same ones again and again."""
    b, a = butter(2, cutoff_hz, fs=fs_hz)
    return b, a


def _cuts(xy_px: FloatArray) -> NDArray[np.bool_]:
    """Return the mask of cuts, shape (T,): frames at which the torso jumps by more than its length."""
    left_shoulder, right_shoulder, left_hip, right_hip = (xy_px[:, joint] for joint in TORSO)
    length = segment_length_px(midpoint(left_shoulder, right_shoulder), midpoint(left_hip, right_hip))
    length = np.fmax(length[1:], length[:-1])
    moved = np.linalg.norm(np.diff(xy_px[:, list(TORSO)], axis=0), axis=2)
    # The joint that moved least of those known in both frames: one joint that jumps is an outlier, no cut.
    least = np.fmin.reduce(moved, axis=1)
    return np.concatenate([[False], least > _CUT_TORSOS * length])


def _smooth(time_s: FloatArray, xy: FloatArray, settings: SmoothingSettings) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Fill and filter keypoints, shape (T, K, 2); return them and where they were filled in, shape (T, K)."""
    outlier = np.zeros(xy.shape, dtype=bool)
    if len(time_s) > 1 and settings.hampel_window * np.median(np.diff(time_s)) <= _OUTLIER_MAX_S:
        outlier = hampel_outliers(
            xy, window=settings.hampel_window, n_mad=settings.hampel_n_mad, floor=_OUTLIER_FLOOR_PX
        )
    xy = np.where(outlier.any(axis=2, keepdims=True), np.nan, xy)
    measured = np.isfinite(xy[:, :, 0])
    for keypoint, axis in np.ndindex(xy.shape[1:]):
        xy[:, keypoint, axis] = fill_gaps(time_s, xy[:, keypoint, axis], gap_max_s=settings.gap_max_s)
    kept = np.zeros(measured.shape, dtype=bool)
    for run, keypoints in _runs_in_common(np.isfinite(xy[:, :, 0])):
        if run.stop - run.start >= settings.run_min:
            xy[run, keypoints] = lowpass(time_s[run], xy[run, keypoints], cutoff_hz=settings.cutoff_hz)
            kept[run, keypoints] = True
    xy[~kept] = np.nan
    return xy, ~measured & kept


def _runs_in_common(known: NDArray[np.bool_]) -> Iterator[tuple[slice, list[int]]]:
    """Yield each run of frames in which keypoints are known, shape (T, K), with those that have just this run."""
    keypoints: dict[tuple[int, int], list[int]] = {}
    for keypoint, its in enumerate(known.T):
        for run in true_runs(its):
            keypoints.setdefault((run.start, run.stop), []).append(keypoint)
    for (start, stop), those in keypoints.items():
        yield slice(start, stop), those


def smooth_track(track: PoseTrack, settings: SmoothingSettings) -> SmoothedTrack:
    """Return the cleaned track.

    Scores below `score_min` become unknown, then Hampel outliers (from 14 frames/s on); gaps up to `gap_max_s` are
    interpolated; each contiguous run of at least `run_min` frames is low-pass filtered, shorter ones become unknown.
    Nothing is interpolated or filtered across a cut (the torso jumps by more than its own length between two frames).
    The feet are cleaned like the keypoints.

    Parameters
    ----------
    track : PoseTrack
    settings : SmoothingSettings

    Returns
    -------
    SmoothedTrack
        On the times of `track`, scores unchanged.
    """
    xy_px, score = track.xy_px, track.score
    if track.feet is not None:
        xy_px = np.concatenate([xy_px, track.feet.xy_px], axis=1)
        score = np.concatenate([score, track.feet.score], axis=1)
    known = (score >= settings.score_min) & np.isfinite(xy_px).all(axis=2)
    xy = np.where(known[:, :, np.newaxis], xy_px, np.nan)
    starts = np.flatnonzero(_cuts(xy))
    filled = np.empty(xy.shape[:2], dtype=bool)
    for start, stop in zip([0, *starts], [*starts, len(track)], strict=True):
        part = slice(start, stop)
        xy[part], filled[part] = _smooth(track.time_s[part], xy[part], settings)
    xy.flags.writeable = False  # handed on as it is: no copy
    return SmoothedTrack(
        track=replace(track, xy_px=xy[:, :N_KEYPOINTS], feet=_feet(track.feet, xy[:, N_KEYPOINTS:])),
        interpolated=filled[:, :N_KEYPOINTS],
        findings=_findings(track, settings),
    )


def _feet(raw: FeetTrack | None, xy_px: FloatArray) -> FeetTrack | None:
    return None if raw is None else replace(raw, xy_px=xy_px)


def _findings(track: PoseTrack, settings: SmoothingSettings) -> tuple[Said, ...]:
    fps = track.fps_mean
    if np.isfinite(fps) and settings.cutoff_hz / _TWO_PASS_CORRECTION > 0.4 * fps:
        used_hz = 0.4 * fps * _TWO_PASS_CORRECTION
        return (said("cutoff_lowered", fps=fps, wanted_hz=settings.cutoff_hz, used_hz=used_hz),)
    return ()
