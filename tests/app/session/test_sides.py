"""Left and right as bars: which numbers, on which scale, and how far each may be off."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gaitlab.metrics.confidence import FAIR_MIN
from gaitlab.records import Analysis, Metric
from gaitlab.records.findings import as_written
from gaitlab.records.skeleton import SIDE_COLORS, OneSide
from gaitlab.reports import document_of
from gaitlab.reports.drawing import Rect
from gaitlab.reports.side_chart import side_chart
from gaitlab.reports.sides import Bar, Row, side_rows
from gaitlab.ui.session.sides import bars_html
from tests.app.builders_ui import squats, walk


def rows(analysis: Analysis) -> tuple[Row, ...]:
    return side_rows(analysis, document_of(analysis, with_drawings=False))


def with_metrics(*metrics: Metric) -> Analysis:
    analysis = walk()
    assert analysis.gait is not None
    return replace(analysis, gait=replace(analysis.gait, metrics=metrics))


def bar(value: float, *, error: float | None = None) -> Bar:
    return Bar(side="left", value=value, words="", error=error, is_sure=True)


def stance(side: str, value: float = 60.0, *, confidence: float = 0.9) -> Metric:
    return Metric(name="stance_percent", value=value, unit="%", side=side, n=9, sd=0.3, confidence=confidence)  # type: ignore[arg-type]


def test_left_stands_before_right_with_the_typical_range_and_the_interval_of_the_mean() -> None:
    [row] = rows(walk())
    assert (row.label, row.typical, row.typical_words) == ("Step time", (0.5, 0.6), "0.5–0.6 s")
    assert [(one.side, one.words) for one in row.bars] == [("left", "0.58 s"), ("right", "0.57 s")]
    # two steps, SD 0.02 s: t(0.975, 1) = 12.71; 12.71 * 0.02 / sqrt(2)
    assert row.bars[0].error == pytest.approx(0.180, abs=0.001)


def test_a_known_error_larger_than_the_scatter_is_drawn() -> None:
    [row] = rows(with_metrics(stance("left"), stance("right")))
    # t(0.975, 8) * 0.3 / 3 = 0.23 %, but beside sensors the share of stance is off by up to 5 %
    assert row.bars[0].error == 5.0


def test_the_most_telling_numbers_come_first() -> None:
    swing = Metric(name="swing_percent", value=40.0, unit="%", side="left", n=9, sd=1.0, confidence=0.9)
    assert [row.label for row in rows(with_metrics(swing, stance("right")))] == ["Stance", "Swing"]


@pytest.mark.parametrize(("confidence", "is_sure"), [(FAIR_MIN, True), (FAIR_MIN - 0.01, False)])
def test_a_bar_of_low_confidence_is_pale_and_the_legend_says_why(confidence: float, is_sure: bool) -> None:
    html = bars_html(rows(with_metrics(stance("left", confidence=confidence))))
    assert ("Pale: not sure" not in html) == is_sure


def test_a_side_without_a_value_has_no_bar() -> None:
    missing = Metric(name="stance_percent", value=None, unit="%", side="right", why=as_written("Hidden."))
    assert [one.side for one in rows(with_metrics(stance("left"), missing))[0].bars] == ["left"]


def test_arms_that_alternate_are_compared_by_their_repetitions() -> None:
    analysis = squats(count=4)
    assert analysis.exercise is not None
    sides: tuple[OneSide, ...] = ("left", "right", "left", "right")
    repetitions = tuple(
        replace(rep, side=side, range_deg=deg, notes=())
        for rep, side, deg in zip(analysis.exercise.repetitions, sides, (90.0, 80.0, 94.0, 82.0), strict=True)
    )
    [row] = rows(replace(analysis, exercise=replace(analysis.exercise, repetitions=repetitions)))
    assert [(one.side, one.words) for one in row.bars] == [("left", "92°"), ("right", "81°")]


def test_legs_that_move_together_have_no_bars_of_their_own() -> None:
    assert rows(squats()) == ()


def test_the_scale_begins_at_zero_and_holds_the_typical_range() -> None:
    low, high = Row(label="", bars=(bar(50.0),), typical=(58.0, 62.0)).scale
    assert low == 0.0
    assert high > 62.0


def test_a_value_below_zero_has_a_bar_beside_a_line_at_zero() -> None:
    row = Row(label="", bars=(bar(-6.0), bar(2.0)))
    assert row.scale == pytest.approx((-6.0 * 1.08, 2.0 * 1.08))
    assert 'class="zero" style="left:75.0%"' in bars_html([row])
    drawing = side_chart([row], title="")
    assert drawing is not None
    bars = [shape for shape in drawing.shapes if isinstance(shape, Rect) and shape.color == SIDE_COLORS["left"]]
    assert bars[0].width == pytest.approx(3 * bars[1].width)


def test_an_error_reaches_below_zero_only_where_a_value_does() -> None:
    assert Row(label="", bars=(bar(2.0, error=3.0),)).scale[0] == 0.0
    assert Row(label="", bars=(bar(-2.0, error=0.5),)).scale == pytest.approx((-2.5 * 1.08, 0.0))


def test_a_difference_grows_to_both_sides_of_zero() -> None:
    low, high = Row(label="", bars=(bar(-9.0),), is_difference=True).scale
    assert high == -low > 9.0


@pytest.mark.parametrize(("error", "top"), [(4.9, 14.9), (5.0, 15.0), (5.1, 15.0), (90.0, 15.0)])
def test_an_error_of_more_than_half_of_the_longest_bar_is_cut_off(error: float, top: float) -> None:
    assert Row(label="", bars=(bar(10.0, error=error),)).scale[1] == pytest.approx(1.08 * top)


def test_a_screen_reader_hears_every_value() -> None:
    assert 'aria-label="Left and right: Step time left 0.58 s, right 0.57 s, typical 0.5–0.6 s"' in bars_html(
        rows(walk())
    )
