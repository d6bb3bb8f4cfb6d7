"""The One-Euro filter: calm at rest, quick in motion."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitlab.live.one_euro import OneEuro, OneEuroSettings
from gaitlab.records import FloatArray

FPS, UNIT_PX = 30.0, 640.0


def smoothed(values_px: FloatArray, *, settings: OneEuroSettings | None = None, fps: float = FPS) -> FloatArray:
    one_euro = OneEuro(settings or OneEuroSettings(), unit_px=UNIT_PX)
    return np.array([one_euro.smooth(i / fps, np.array([value])) for i, value in enumerate(values_px)])[:, 0]


def test_a_step_is_followed_by_the_formula() -> None:
    settings = OneEuroSettings(cutoff_min_hz=1.0, beta=0.0, speed_cutoff_hz=1.0)
    weight = 1 / (1 + FPS / (2 * np.pi))  # 1 / (1 + tau / step), tau = 1 / (2 pi cutoff): Casiez et al. 2012
    assert smoothed(np.array([0.0, 100.0]), settings=settings)[1] == pytest.approx(100 * weight)


def test_a_resting_point_trembles_less() -> None:
    noise = np.random.default_rng(0).normal(0.0, 1.0, 300)
    assert np.diff(smoothed(300 + noise)).std() < 0.65 * np.diff(noise).std()


def test_a_squat_is_less_than_a_frame_late() -> None:
    t = np.arange(0, 6, 1 / FPS)
    hip_px = 240 - 80 * np.cos(2 * np.pi * t / 3)  # 160 px down and up in 3 s
    late_s = _delay_s(t, hip_px, smoothed(hip_px))
    assert 0 < late_s < 1 / FPS


def _delay_s(t: FloatArray, true: FloatArray, late: FloatArray) -> float:
    speed = np.gradient(true, t)
    moving = np.abs(speed) > 0.3 * np.abs(speed).max()
    return float(((true - late)[moving] * speed[moving]).sum() / (speed[moving] ** 2).sum())


def test_a_point_seen_again_starts_where_it_is_seen() -> None:
    values = np.array([100.0, 100.0, np.nan, 400.0])
    out = smoothed(values)
    assert np.isnan(out[2])
    assert out[3] == 400.0


def test_coordinates_do_not_touch_each_other() -> None:
    one_euro = OneEuro(OneEuroSettings(), unit_px=UNIT_PX)
    one_euro.smooth(0.0, np.array([[0.0, 0.0]]))
    assert one_euro.smooth(0.1, np.array([[50.0, 0.0]]))[0, 1] == 0.0


@given(st.lists(st.floats(0, 640), min_size=2, max_size=20), st.floats(5, 120))
def test_the_result_lies_between_the_one_before_and_the_new_value(values: list[float], fps: float) -> None:
    out = smoothed(np.array(values), fps=fps)
    low, high = np.minimum(out[:-1], values[1:]), np.maximum(out[:-1], values[1:])
    assert np.all((out[1:] >= low - 1e-9) & (out[1:] <= high + 1e-9))
