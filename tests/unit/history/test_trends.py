"""A number over sessions: band, line, goal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import pytest

from gaitlab.history.trends import aim_of, goal_state, main_side, trend
from tests.builders_change import Point, baseline


@dataclass(frozen=True)
class Goal:
    target: float
    direction: Literal["at_least", "at_most"] = "at_least"
    due: date | None = None


def rising(n: int, *, step: float = 1.0) -> list[Point]:
    return [Point(session_id=i, value=100.0 + step * i) for i in range(1, n + 1)]


def test_a_point_has_the_interval_of_its_own_mean() -> None:
    (point,) = trend("cadence", [Point(value=100.0, n=4, sd=2.0)]).points
    assert (point.low, point.high) == pytest.approx((96.818, 103.182), abs=1e-3)  # t(0.975, 3) = 3.182


@pytest.mark.parametrize(("n", "sd"), [(1, None), (1, 2.0), (5, None)])
def test_a_point_without_spread_has_no_interval(n: int, sd: float | None) -> None:
    (point,) = trend("cadence", [Point(n=n, sd=sd)]).points
    assert point.low is None


def test_sessions_without_the_number_and_other_sides_are_left_out() -> None:
    history = [Point(side="left"), Point(session_id=2, side="right"), Point(session_id=3, side="left", value=None)]
    assert [p.measurement.session_id for p in trend("step_time", history, side="left").points] == [1]


def test_nothing_measured_is_an_empty_trend() -> None:
    shown = trend("cadence", [Point(value=None)])
    assert (shown.points, shown.band, shown.line, shown.change) == ((), None, None, None)


def test_the_band_is_where_a_session_shows_no_change() -> None:
    shown = trend("cadence", baseline([98.0, 100.0, 102.0]))
    assert shown.band == pytest.approx((100.0, 90.064, 109.936), abs=1e-3)
    assert trend("cadence", baseline([98.0, 102.0])).band == (100.0, 88.0, 112.0)
    assert trend("tempo", baseline([98.0, 102.0])).band is None
    assert trend("cadence", [Point()]).band is None


def test_the_band_of_a_count_is_as_wide_as_the_limit_of_its_verdict() -> None:
    shown = trend("repetition_count", [*baseline([10.0, 10.0, 10.0]), Point(session_id=9, value=11.0)])
    assert shown.band is not None
    assert shown.change is not None
    assert shown.band[2] - shown.band[0] == pytest.approx(shown.change.limit)


def test_sessions_that_agree_to_the_last_digit_have_no_band() -> None:
    shown = trend("step_time", [*baseline([0.1, 0.1, 0.1]), Point(session_id=9, value=0.2)])
    assert shown.band is None
    assert shown.change is not None
    assert shown.change.limit is None


def test_sessions_measured_differently_are_shown_but_not_part_of_line_and_band() -> None:
    shown = trend("cadence", [replace(point, view="front") for point in rising(5)] + rising(8)[5:])
    assert [point.comparable for point in shown.points] == [False] * 5 + [True] * 3
    assert shown.line is None


def test_a_line_takes_five_sessions_and_says_how_steep_it_surely_is() -> None:
    assert trend("cadence", rising(4)).line is None
    line = trend("cadence", rising(6, step=-2.0)).line
    assert line is not None
    assert (line.course, line.n) == ("falling", 6)
    assert line.slope_per_day == pytest.approx(-2.0)
    assert line.end[1] == pytest.approx(88.0)


def test_sessions_of_one_moment_have_no_line() -> None:
    assert trend("cadence", [Point(value=100.0 + i) for i in range(6)]).line is None


def test_one_wild_session_does_not_turn_the_line() -> None:
    wild = [*rising(8), Point(session_id=9, value=300.0)]
    line = trend("cadence", wild).line
    assert line is not None
    assert line.slope_per_day == pytest.approx(1.0, abs=0.3)


def test_the_newest_session_is_judged() -> None:
    shown = trend("cadence", [*baseline([98.0, 100.0, 102.0]), Point(session_id=9, value=120.0)], aim="more")
    assert shown.change is not None
    assert shown.change.verdict == "better"


def test_a_goal_is_reached_or_so_and_so_much_is_missing() -> None:
    shown = trend("cadence", rising(10))
    assert goal_state(Goal(110.0), shown).state == "reached"
    on_the_way = goal_state(Goal(119.0), shown)
    assert (on_the_way.state, on_the_way.share) == ("not yet", 0.5)
    assert on_the_way.words == "9 steps/min more to go."
    assert goal_state(Goal(90.0, "at_most"), shown).words == "20 steps/min less to go."


@pytest.mark.parametrize(("today", "is_late"), [(date(2026, 4, 1), False), (date(2026, 4, 2), True)])
def test_a_goal_is_late_from_the_day_after_its_own(today: date, is_late: bool) -> None:
    shown = trend("cadence", rising(2))
    state = goal_state(Goal(110.0, due=date(2026, 4, 1)), shown, today=today)
    assert state.words.endswith("The day set for it is over.") == is_late


@pytest.mark.parametrize(
    ("newest", "share"), [(95.0, 0.0), (100.0, 0.0), (101.0, 0.1), (109.0, 0.9), (110.0, 1.0), (115.0, 1.0)]
)
def test_the_share_of_the_way_stays_between_nothing_and_all(newest: float, share: float) -> None:
    """From 100 to 110; who moved away from the goal has gone nothing of the way, not less."""
    shown = trend("cadence", [Point(value=100.0), Point(session_id=2, value=newest)])
    assert goal_state(Goal(110.0), shown).share == pytest.approx(share)


def test_who_fell_back_from_a_goal_reached_at_first_has_gone_nothing_of_the_way() -> None:
    shown = trend("cadence", [Point(value=112.0), Point(session_id=2, value=105.0)])
    assert goal_state(Goal(110.0), shown).share == 0.0


def test_doubtful_sessions_reach_no_goal() -> None:
    shown = trend("cadence", [Point(value=200.0, confidence=0.3)])
    assert goal_state(Goal(110.0), shown).state == "cannot tell"


def test_no_older_session_stands_in_for_a_doubtful_newest_one() -> None:
    shown = trend("cadence", [Point(value=120.0), Point(session_id=2, value=90.0, confidence=0.3)])
    state = goal_state(Goal(110.0), shown)
    assert (state.state, state.share) == ("cannot tell", None)
    assert "newest" in state.words


def test_the_way_to_a_goal_starts_at_the_first_comparable_session() -> None:
    history = [Point(value=50.0, view="front"), Point(session_id=2, value=90.0), Point(session_id=3, value=100.0)]
    assert goal_state(Goal(110.0), trend("cadence", history)).share == pytest.approx(0.5)


def test_a_goal_without_any_number_cannot_be_told() -> None:
    assert goal_state(Goal(110.0), trend("cadence", [Point(value=None)])).state == "cannot tell"


def test_a_goal_says_which_way_is_better() -> None:
    assert aim_of(Goal(1.0)) == "more"
    assert aim_of(Goal(1.0, "at_most")) == "less"
    assert aim_of(None) is None


def test_both_sides_together_are_shown_first() -> None:
    assert main_side([Point(side="left"), Point(side=None)]) is None
    assert main_side([Point(side="right"), Point(side="left")]) == "left"
