"""What the chart of one number over sessions is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gaitlab.history.trends import trend
from gaitlab.ui.history.trend_chart import trend_chart_data
from tests.builders_change import FIRST_DAY, Point, baseline


def chart(*points: Point, **options: Any) -> dict[str, Any]:
    return trend_chart_data(trend("cadence", points), label="Cadence", zone=UTC, **options)


def test_every_session_has_a_mark_with_its_words_and_its_interval() -> None:
    first, second = chart(*(Point(session_id=i, value=100.0 + i, n=4, sd=2.0) for i in (1, 2)))["points"]
    assert (first["session"], first["value"], second["value"]) == (1, 101.0, 102.0)
    assert (first["when"], first["said"]) == ("2 Mar 2026, 10:00", "101 steps/min")
    assert first["high"] - first["value"] == pytest.approx(3.182, abs=1e-3)
    assert first["value"] - first["low"] == pytest.approx(3.182, abs=1e-3)


def test_a_session_without_a_spread_has_no_interval() -> None:
    (only,) = chart(Point(sd=None))["points"]
    assert (only["low"], only["high"]) == (None, None)


def test_baseline_doubtful_and_differently_filmed_sessions_are_told_apart() -> None:
    points = chart(Point(is_baseline=True), Point(session_id=2, view="front"), Point(session_id=3, confidence=0.2))
    told = [(one["is_baseline"], one["is_comparable"], one["is_sure"]) for one in points["points"]]
    assert told == [(True, True, True), (False, False, True), (False, True, False)]


def test_band_course_and_goal_are_told_where_they_are_known() -> None:
    data = chart(*baseline([100.0, 101.0, 102.0, 103.0, 104.0]), target=120.0)
    mean, low, high = data["band"]
    assert (mean, high - mean, data["goal"]) == (102.0, mean - low, 120.0)
    (start, first), (end, last) = data["course"]
    assert (end - start, first, last) == (4 * 86_400_000, 100.0, 104.0)
    few = chart(Point())
    assert (few["band"], few["course"], few["goal"]) == (None, None, None)


def test_moments_are_what_the_clock_of_the_zone_showed() -> None:
    shown = trend("cadence", [Point()])
    tokyo = trend_chart_data(shown, label="Cadence", zone=ZoneInfo("Asia/Tokyo"))["points"][0]
    assert datetime.fromtimestamp(tokyo["at"] / 1000, UTC) == datetime(2026, 3, 2, 19, tzinfo=UTC)
    assert tokyo["when"] == "2 Mar 2026, 19:00"


def test_a_chart_that_begins_later_keeps_its_band_and_the_slope_of_its_course() -> None:
    sessions = baseline([100.0, 101.0, 102.0, 103.0, 104.0])
    whole = chart(*sessions)
    later = chart(*sessions, since=FIRST_DAY + timedelta(days=3, hours=12))
    assert [one["value"] for one in later["points"]] == [103.0, 104.0]
    assert later["band"] == whole["band"]
    assert [value for _, value in later["course"]] == [pytest.approx(102.5), 104.0]


def test_a_course_that_ended_before_the_chart_begins_is_left_out() -> None:
    sessions = [*baseline([100.0, 101.0, 102.0, 103.0, 104.0]), Point(session_id=9, confidence=0.2)]
    assert chart(*sessions, since=FIRST_DAY + timedelta(days=8))["course"] is None


@pytest.mark.parametrize(
    ("unit", "axis", "is_counted"),
    [("steps/min", "Cadence (steps/min)", False), ("deg", "Cadence (°)", False), ("repetitions", "Cadence", True)],
)
def test_the_axis_is_named_with_its_unit_and_counts_have_none(unit: str, axis: str, is_counted: bool) -> None:
    data = chart(Point(unit=unit))
    assert (data["axis"], data["is_counted"]) == (axis, is_counted)


def test_a_number_of_a_side_has_its_colour() -> None:
    left = trend("knee_flexion_peak", [Point(side="left", unit="deg")], side="left")
    assert trend_chart_data(left, label="Knee, left", zone=UTC)["side"] == "left"
    assert chart(Point())["side"] == "both"
