"""Two-point calibration: a line in the picture whose length is known."""

from __future__ import annotations

import json

import pytest

from gaitlab.errors import UsageError
from gaitlab.settings import AnalysisSettings, ScaleLine
from gaitlab.ui.analyse.scaling import place_point
from tests.unit.gait.test_gait_metrics import BODY_PX, metric, planted, walk_of

# 300 px and 400 px make 500 px on the slant.
SLANT = (100.0, 700.0, 400.0, 300.0)


def test_the_scale_is_the_distance_in_the_picture_over_the_length() -> None:
    line = ScaleLine(points_px=SLANT, length_m=2.5)
    assert line.distance_px == pytest.approx(500.0)
    assert line.px_per_m == pytest.approx(200.0)


def test_lengths_and_speed_are_those_of_the_same_scale_given_as_a_number() -> None:
    by_line = walk_of(planted(), scale_line=ScaleLine(points_px=SLANT, length_m=2.5))
    by_number = walk_of(planted(), px_per_m=200.0)
    for name, side in (("step_length", "left"), ("stride_length", "right"), ("speed", None)):
        assert metric(by_line, name, side) == metric(by_number, name, side)


def test_a_body_height_that_contradicts_the_line_is_told() -> None:
    """The drawn body is 300 px: 1.5 m at 200 px a metre."""
    line = ScaleLine(points_px=SLANT, length_m=2.5)
    told = {
        height_m: [note for note in walk_of(planted(), scale_line=line, height_m=height_m).notes if "disagree" in note]
        for height_m in (BODY_PX / 200.0, 1.9)
    }
    assert told[BODY_PX / 200.0] == []
    (note,) = told[1.9]
    assert "the two points" in note
    assert "the body height" in note


def test_a_scale_as_a_number_and_a_line_are_compared() -> None:
    analysis = walk_of(planted(), px_per_m=150.0, scale_line=ScaleLine(points_px=SLANT, length_m=2.5))
    assert any("the two points" in note and "The scale given was used" in note for note in analysis.notes)


@pytest.mark.parametrize(
    ("points_px", "length_m"),
    [((10.0, 10.0, 15.0, 12.0), 1.0), (SLANT, 0.0), (SLANT, float("nan")), ((0.0, 0.0, float("inf"), 0.0), 1.0)],
    ids=["too near", "no length", "length unknown", "endless"],
)
def test_what_is_no_scale_is_refused(points_px: tuple[float, float, float, float], length_m: float) -> None:
    with pytest.raises(UsageError):
        ScaleLine(points_px=points_px, length_m=length_m)


def test_the_line_comes_back_from_the_settings_that_were_stored() -> None:
    settings = AnalysisSettings(scale_line=ScaleLine(points_px=SLANT, length_m=2.5))
    assert AnalysisSettings.from_json(json.loads(json.dumps(settings.to_json()))) == settings


def test_a_third_click_moves_the_nearer_point() -> None:
    points = place_point(place_point([], (10.0, 10.0)), (200.0, 10.0))
    assert points == [(10.0, 10.0), (200.0, 10.0)]
    assert place_point(points, (180.0, 40.0)) == [(10.0, 10.0), (180.0, 40.0)]
    assert place_point(points, (0.0, 0.0)) == [(0.0, 0.0), (200.0, 10.0)]
