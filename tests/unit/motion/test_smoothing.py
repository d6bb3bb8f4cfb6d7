"""Cleaning a track: outliers, gaps and noise on signals with known answers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.motion.smoothing import fill_gaps, hampel_outliers, lowpass, smooth_track
from gaitlab.records import FloatArray, PoseTrack
from gaitlab.records.findings import sentences_of
from gaitlab.records.skeleton import Keypoint
from gaitlab.settings import SmoothingSettings
from tests.builders import standing, track_of, with_rows

SETTINGS = SmoothingSettings()
WRIST = Keypoint.LEFT_WRIST


def times(n: int, *, fps: float) -> FloatArray:
    return np.asarray(np.arange(n) / fps)


def without(track: PoseTrack, rows: slice) -> PoseTrack:
    """Return the track with the left wrist unseen in some frames."""
    return with_rows(track, rows, WRIST, xy_px=(0.0, 0.0), score=0.1)


def amplitude_at(time_s: FloatArray, values: FloatArray, hz: float) -> float:
    """Return the amplitude of the sinusoid of `hz` in the middle half of a signal, by least squares."""
    middle = slice(len(values) // 4, 3 * len(values) // 4)
    basis = np.stack([np.sin(2 * np.pi * hz * time_s), np.cos(2 * np.pi * hz * time_s)], axis=1)
    return float(np.hypot(*np.linalg.lstsq(basis[middle], values[middle])[0]))


def test_one_spike_is_an_outlier_and_nothing_else() -> None:
    values = np.linspace(0.0, 10.0, 31)
    values[12] += 50.0
    assert np.flatnonzero(hampel_outliers(values, window=7, n_mad=3.0)).tolist() == [12]


def test_a_difference_below_the_floor_is_no_outlier() -> None:
    values = np.zeros(21)
    values[10] = 0.9
    assert not hampel_outliers(values, window=7, n_mad=3.0, floor=1.0).any()
    assert hampel_outliers(values, window=7, n_mad=3.0, floor=0.8).any()


def test_unknown_values_are_no_outliers_and_hide_none() -> None:
    values = np.linspace(0.0, 3.0, 21)
    values[9] = np.nan
    values[10] += 50.0
    assert np.flatnonzero(hampel_outliers(values, window=7, n_mad=3.0)).tolist() == [10]


def test_a_step_that_stays_is_no_outlier() -> None:
    assert not hampel_outliers(np.repeat([0.0, 100.0], 20), window=7, n_mad=3.0).any()


@pytest.mark.parametrize(("missing_s", "is_filled"), [(0.04, True), (0.12, True), (0.16, False), (0.20, False)])
def test_gaps_up_to_the_limit_are_filled(missing_s: float, is_filled: bool) -> None:
    time_s = times(50, fps=25)
    values = 10.0 * time_s
    values[20 : 20 + round(missing_s * 25)] = np.nan
    filled = fill_gaps(time_s, values, gap_max_s=0.12)
    assert np.isfinite(filled).all() == is_filled
    if is_filled:
        np.testing.assert_allclose(filled, 10.0 * time_s)


@pytest.mark.filterwarnings("error")
def test_a_single_frame_has_no_gap() -> None:
    assert fill_gaps(times(1, fps=25), np.array([3.0]), gap_max_s=1.0).tolist() == [3.0]


def test_gaps_at_the_ends_stay() -> None:
    filled = fill_gaps(times(5, fps=25), np.array([np.nan, 1.0, 2.0, 3.0, np.nan]), gap_max_s=1.0)
    assert np.isfinite(filled).tolist() == [False, True, True, True, False]


def test_the_cutoff_of_the_two_passes_together_is_the_one_asked_for() -> None:
    time_s = times(1200, fps=240)
    smooth = lowpass(time_s, np.sin(2 * np.pi * 6.0 * time_s), cutoff_hz=6.0)
    assert amplitude_at(time_s, smooth, 6.0) == pytest.approx(np.sqrt(0.5), rel=0.01)


def test_slow_movement_passes_and_fast_noise_does_not() -> None:
    time_s = times(600, fps=60)
    smooth = lowpass(time_s, np.sin(2 * np.pi * time_s) + np.sin(2 * np.pi * 24 * time_s), cutoff_hz=6.0)
    assert amplitude_at(time_s, smooth, 1.0) == pytest.approx(1.0, abs=0.005)
    assert amplitude_at(time_s, smooth, 24.0) < 0.01


def test_filtering_does_not_delay() -> None:
    time_s = times(300, fps=60)
    bump = np.exp(-(((time_s - 2.5) / 0.2) ** 2))
    assert time_s[np.argmax(lowpass(time_s, bump, cutoff_hz=6.0))] == pytest.approx(2.5)


def test_uneven_times_are_filtered_as_if_even() -> None:
    uneven = np.cumsum(np.where(np.arange(400) % 3 == 0, 0.030, 0.015))
    wave = np.sin(2 * np.pi * 0.8 * uneven)
    smooth = lowpass(uneven, wave, cutoff_hz=6.0)
    np.testing.assert_allclose(smooth[20:-20], wave[20:-20], atol=0.01)


def test_a_doubtful_keypoint_becomes_unknown_until_it_is_seen_again() -> None:
    smoothed = smooth_track(without(standing(), slice(40, 60)), SETTINGS)
    known = np.isfinite(smoothed.track.xy_px[:, WRIST, 0])
    assert np.flatnonzero(~known).tolist() == list(range(40, 60))
    assert not smoothed.interpolated.any()


def test_a_short_gap_is_filled_and_marked() -> None:
    smoothed = smooth_track(without(standing(), slice(40, 43)), SETTINGS)
    assert np.isfinite(smoothed.track.xy_px).all()
    assert np.argwhere(smoothed.interpolated).tolist() == [[40, WRIST], [41, WRIST], [42, WRIST]]


def test_a_spike_is_taken_out() -> None:
    track = standing()
    spiked = with_rows(track, slice(50, 51), WRIST, xy_px=(10.0, 10.0), score=0.9)
    np.testing.assert_allclose(smooth_track(spiked, SETTINGS).track.xy_px, track.xy_px, atol=1e-6)


@pytest.mark.parametrize(("run", "is_kept"), [(9, False), (10, True)])
def test_a_run_of_fewer_than_ten_frames_becomes_unknown(run: int, is_kept: bool) -> None:
    track = without(without(standing(), slice(0, 40)), slice(40 + run, 120))
    known = np.isfinite(smooth_track(track, SETTINGS).track.xy_px[:, WRIST, 0])
    assert np.flatnonzero(known).tolist() == (list(range(40, 40 + run)) if is_kept else [])


def test_noise_becomes_smaller_and_the_place_stays() -> None:
    still, noisy = standing(), standing(noise_px=2.0)
    error = smooth_track(noisy, SETTINGS).track.xy_px - still.xy_px
    # An outlier in the first or last frame stays unknown.
    assert np.isfinite(error[1:-1]).mean() > 0.99
    assert abs(np.nanmean(error)) < 0.15
    assert np.nanstd(error) < 0.75 * 2.0


def test_nothing_is_smoothed_across_a_cut() -> None:
    xy_px = standing(duration_s=2).xy_px
    scenes = np.concatenate([xy_px, xy_px + 500.0])
    smooth = smooth_track(track_of(scenes), SETTINGS).track.xy_px
    np.testing.assert_allclose(smooth, scenes, atol=1e-6)


def test_a_gap_over_a_cut_is_not_filled() -> None:
    xy_px = standing(duration_s=2).xy_px
    track = without(track_of(np.concatenate([xy_px, xy_px + 500.0])), slice(59, 61))
    known = np.isfinite(smooth_track(track, SETTINGS).track.xy_px[:, WRIST, 0])
    assert np.flatnonzero(~known).tolist() == [59, 60]


def test_times_and_scores_stay_as_they_are() -> None:
    track = without(standing(noise_px=1.0), slice(40, 60))
    smooth = smooth_track(track, SETTINGS).track
    np.testing.assert_array_equal(smooth.time_s, track.time_s)
    np.testing.assert_array_equal(smooth.score, track.score)


def test_a_low_frame_rate_that_lowers_the_cutoff_is_told() -> None:
    (note,) = sentences_of(smooth_track(standing(fps=15), SETTINGS).findings)
    # 0.4 x 15 x 0.802 = 4.8
    assert "At 15 frames/s" in note
    assert "from 6 Hz to 4.8 Hz" in note


def test_thirty_frames_a_second_need_no_note() -> None:
    assert sentences_of(smooth_track(standing(fps=30), SETTINGS).findings) == ()


def test_ten_hertz_are_too_much_for_24_frames_a_second() -> None:
    assert sentences_of(smooth_track(standing(fps=24), replace(SETTINGS, cutoff_hz=10.0)).findings) != ()


def test_a_replaced_outlier_counts_as_interpolated() -> None:
    track = standing()
    spiked = with_rows(track, slice(40, 41), Keypoint.NOSE, xy_px=track.xy_px[40, Keypoint.NOSE] + 80.0, score=0.9)
    smoothed = smooth_track(spiked, SmoothingSettings())
    assert np.flatnonzero(smoothed.interpolated[:, Keypoint.NOSE]).tolist() == [40]


def test_a_cut_is_seen_with_one_hip_hidden() -> None:
    track = with_rows(standing(), slice(None), Keypoint.LEFT_HIP, xy_px=np.nan, score=0.0)
    jumped = track.xy_px.copy()
    jumped[60:, :, 0] += 900.0
    nose_x = smooth_track(replace(track, xy_px=jumped), SmoothingSettings()).track.xy_px[:, Keypoint.NOSE, 0]
    np.testing.assert_allclose(nose_x, jumped[:, Keypoint.NOSE, 0], atol=1.0)


@pytest.mark.parametrize(("fps", "is_kept"), [(13.5, True), (14.5, False)])
def test_a_sharp_turn_is_no_outlier_where_seven_frames_last_longer_than_half_a_second(
    fps: float, is_kept: bool
) -> None:
    """A wrist that goes up for a single frame: at 13.5 frames/s it may be a movement, at 14.5 it is an error."""
    xy = standing(duration_s=30 / fps, fps=fps).xy_px.copy()
    xy[15, Keypoint.LEFT_WRIST, 1] -= 60.0
    smoothed = smooth_track(track_of(xy, fps=fps), SmoothingSettings())
    rise = xy[0, Keypoint.LEFT_WRIST, 1] - smoothed.track.xy_px[15, Keypoint.LEFT_WRIST, 1]
    assert (rise > 20.0) == is_kept
