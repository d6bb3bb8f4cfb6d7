"""The records: checked once when made, and not to be changed afterwards."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from gaitlab.records import AngleSeries, FeetTrack, FloatArray, Metric, PoseTrack, Repetition, Stride


def a_track(**changes: Any) -> PoseTrack:
    fields: dict[str, Any] = {
        "time_s": np.arange(3) / 30,
        "xy_px": np.ones((3, 17, 2)),
        "score": np.full((3, 17), 0.5),
        "image_wh": (640, 480),
    }
    return PoseTrack(**(fields | changes))


@pytest.mark.parametrize("name", ["time_s", "xy_px", "score"])
def test_arrays_of_a_track_cannot_be_written(name: str) -> None:
    with pytest.raises(ValueError, match="read-only"):
        getattr(a_track(), name)[0] = 0.0


def test_a_track_does_not_follow_later_changes_of_the_array_it_was_made_from() -> None:
    xy_px = np.ones((3, 17, 2))
    track = a_track(xy_px=xy_px)
    xy_px[:] = 7.0
    assert track.xy_px.max() == 1.0


def test_fields_of_a_track_cannot_be_replaced() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        a_track().image_wh = None  # type: ignore[misc]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"xy_px": np.ones((3, 16, 2))}, r"xy_px: expected shape \(3, 17, 2\), got \(3, 16, 2\)"),
        ({"score": np.ones((2, 17))}, r"score: expected shape \(3, 17\), got \(2, 17\)"),
        ({"time_s": [0.0, 0.1, 0.1]}, "strictly increasing"),
        ({"time_s": [0.0, 0.2, 0.1]}, "strictly increasing"),
        ({"time_s": [0.0, np.nan, 0.1]}, "expected finite times"),
        ({"score": np.full((3, 17), 1.01)}, r"expected values in 0\.\.1"),
        ({"score": np.full((3, 17), np.nan)}, r"expected values in 0\.\.1"),
        ({"feet": FeetTrack(xy_px=np.ones((2, 4, 2)), score=np.ones((2, 4)))}, "feet: expected 3 frames, got 2"),
        ({"image_wh": (640, 0)}, r"expected positive sizes, got \(640, 0\)"),
    ],
)
def test_a_track_that_cannot_be_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        a_track(**changes)


@pytest.mark.parametrize(
    ("xy_px", "score", "message"),
    [
        (np.ones((3, 3, 2)), np.ones((3, 4)), r"feet\.xy_px: expected shape \(3, 4, 2\), got \(3, 3, 2\)"),
        (np.ones((3, 4, 2)), np.ones((2, 4)), r"feet\.score: expected shape \(3, 4\), got \(2, 4\)"),
        (np.full((3, 4, 2), 1e6), np.ones((3, 4)), "expected coordinates below"),
        (np.ones((3, 4, 2)), np.full((3, 4), np.nan), r"expected values in 0\.\.1"),
    ],
)
def test_feet_that_cannot_be_are_refused(xy_px: FloatArray, score: FloatArray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        FeetTrack(xy_px=xy_px, score=score)


def test_unknown_positions_are_allowed() -> None:
    assert np.isnan(a_track(xy_px=np.full((3, 17, 2), np.nan)).xy_px).all()


def test_mean_frame_rate_comes_from_the_times() -> None:
    assert a_track(time_s=[0.0, 0.1, 0.5]).fps_mean == pytest.approx(4.0)


def test_one_frame_has_no_frame_rate() -> None:
    single = PoseTrack(time_s=np.zeros(1), xy_px=np.ones((1, 17, 2)), score=np.ones((1, 17)), image_wh=None)
    assert np.isnan(single.fps_mean)


def knees() -> AngleSeries:
    return AngleSeries(
        time_s=np.array([0.0, 0.1]),
        names=("left_knee", "right_knee"),
        deg=np.array([[1.0, 2.0], [3.0, 4.0]]),
        facing="right",
    )


def test_an_angle_is_found_by_its_name() -> None:
    assert knees().angle("right_knee").tolist() == [2.0, 4.0]


def test_an_unknown_angle_names_those_there_are() -> None:
    with pytest.raises(KeyError, match="no angle 'ankle'; there are left_knee, right_knee"):
        knees().angle("ankle")


def test_a_metric_without_a_value_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="cadence: a withheld metric needs a reason"):
        Metric(name="cadence", value=None, unit="steps/min")


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_metric_is_a_finite_number_or_none(number: float) -> None:
    with pytest.raises(ValueError, match=r"cadence\.value: expected a finite number or None"):
        Metric(name="cadence", value=number, unit="steps/min")


def test_confidence_is_a_share() -> None:
    with pytest.raises(ValueError, match=r"cadence\.confidence: expected 0\.\.1, got 1\.2"):
        Metric(name="cadence", value=100.0, unit="steps/min", confidence=1.2)


def test_a_stride_ends_after_its_start() -> None:
    with pytest.raises(ValueError, match="expected end after start"):
        Stride(side="left", start_s=1.0, end_s=1.0)


def test_a_repetition_turns_between_its_start_and_its_end() -> None:
    with pytest.raises(ValueError, match="start <= turn <= end"):
        Repetition(index=1, side="both", start_s=1.0, turn_s=3.0, end_s=2.0, range_deg=None)
