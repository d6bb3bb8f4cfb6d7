"""Verdicts: did a number really change?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitlab.history.verdict import (
    Verdict,
    compare_two,
    judge,
    limit_of_new_session,
    limit_of_two_sessions,
    many_verdicts_note,
)
from gaitlab.metrics.table import METRICS, Aim, Bound, row_of
from tests.builders_change import Point, baseline

# Mean 100, SD 2 (ddof 1), so that the limit of a fourth session is 4.303 * 2 * sqrt(4 / 3) = 9.936.
STEADY = baseline([98.0, 100.0, 102.0])
NEW = Point(session_id=20, value=100.0)


def test_the_limit_is_the_prediction_interval_of_one_more_session() -> None:
    assert limit_of_new_session(2.0, 3) == pytest.approx(9.936, abs=1e-3)  # t(0.975, 2) = 4.303
    assert limit_of_new_session(2.0, 10) == pytest.approx(4.745, abs=1e-3)  # t(0.975, 9) = 2.262


def test_two_single_sessions_may_differ_by_more_than_one_from_a_mean() -> None:
    assert limit_of_two_sessions(2.0, 3) == pytest.approx(12.17, abs=1e-2)


@pytest.mark.parametrize(
    ("value", "verdict"), [(109.9, "cannot tell"), (110.0, "higher"), (90.1, "cannot tell"), (90.0, "lower")]
)
def test_a_difference_counts_beyond_the_limit_of_the_own_baseline(value: float, verdict: Verdict) -> None:
    change = judge("cadence", replace(NEW, value=value), STEADY)
    assert change.verdict == verdict
    assert change.basis == "own"
    assert change.limit == pytest.approx(9.936, abs=1e-3)
    assert change.reference_ids == (1, 2, 3)


def test_the_reason_names_the_difference_the_limit_and_what_it_rests_on() -> None:
    change = judge("cadence", replace(NEW, value=112.0), STEADY)
    assert change.why == (
        "12.0 steps/min above the mean of 3 baseline sessions; without a change a session lies between 90.1 steps/min "
        "and 110 steps/min (95 %, from 3 baseline sessions).",
    )
    assert judge("cadence", replace(NEW, value=100.0), STEADY).why[0].startswith("The same as the mean of 3 baseline")


@pytest.mark.parametrize("n", [1, 2])
def test_with_fewer_than_three_baseline_sessions_a_published_limit_is_used_as_it_stands(n: int) -> None:
    history = baseline([100.0] * n)
    assert judge("cadence", replace(NEW, value=111.9), history).verdict == "cannot tell"
    change = judge("cadence", replace(NEW, value=112.1), history)
    assert (change.verdict, change.basis, change.limit) == ("higher", "published", 12.0)


def test_without_a_baseline_the_session_before_is_compared_with() -> None:
    history = [Point(session_id=3, value=90.0), Point(session_id=9, value=100.0), Point(session_id=30, value=50.0)]
    change = judge("cadence", replace(NEW, value=113.0), history)
    assert (change.verdict, change.reference, change.reference_ids) == ("higher", 100.0, (9,))


def test_a_published_sd_within_persons_becomes_the_limit_of_a_difference_of_two() -> None:
    assert Bound(within_sd=2.0, source="x").limit == pytest.approx(1.96 * 2**0.5 * 2.0)


def test_a_bound_is_a_change_or_an_sd() -> None:
    with pytest.raises(ValueError, match="either"):
        Bound(source="x")


def test_every_published_limit_names_its_source() -> None:
    assert all(len(row.bound.source) > 10 for row in METRICS.values() if row.bound)


def test_a_number_of_unknown_repeatability_asks_for_a_baseline() -> None:
    change = judge("tempo", replace(NEW, value=200.0), [Point(value=20.0)])
    assert change.verdict == "cannot tell"
    assert change.difference == 180.0
    assert "mark three or more comparable sessions as baseline" in change.why[0]


def test_the_first_session_has_nothing_to_be_compared_with() -> None:
    change = judge("cadence", NEW, [NEW])
    assert (change.verdict, change.why) == ("cannot tell", ("There is no earlier comparable session.",))


def test_a_missing_number_and_one_of_low_confidence_get_no_verdict() -> None:
    missing = judge("cadence", replace(NEW, value=None, confidence=0.0), STEADY)
    doubtful = judge("cadence", replace(NEW, value=150.0, confidence=0.49), STEADY)
    assert missing.verdict == doubtful.verdict == "cannot tell"
    assert missing.why == ("The number is missing.",)
    assert "low confidence (0.49" in doubtful.why[0]


def test_a_confidence_of_one_half_is_enough_for_a_verdict() -> None:
    assert "low confidence" not in str(judge("cadence", replace(NEW, value=150.0, confidence=0.5), STEADY).why)


def test_a_baseline_session_is_not_judged_by_its_own_kind() -> None:
    change = judge("cadence", replace(STEADY[2], value=150.0), STEADY)
    assert change.verdict == "cannot tell"
    assert "one of the baseline" in change.why[0]


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"view": "front"}, "was seen from the front, not from the side"),
        ({"fps_mean": 60.0}, "has 60 frames per second, not 30 frames per second"),
        ({"fps_mean": None}, "has an unknown frame rate, not 30 frames per second"),
        ({"model": None}, "was measured with another pose model"),
        ({"kind": "squat"}, "shows something else (squats)"),
        ({"confidence": 0.4}, "has no number of enough confidence"),
    ],
)
def test_a_baseline_session_measured_differently_does_not_count_and_the_reason_is_told(
    other: dict[str, object], reason: str
) -> None:
    odd = [replace(STEADY[0], **other), *STEADY[1:]]  # type: ignore[arg-type]
    change = judge("cadence", replace(NEW, value=111.0), odd)
    assert change.basis == "published"
    assert change.reference_ids == (2, 3)
    assert change.why[-1] == f"Left out: 1 baseline session that {reason}."


@pytest.mark.parametrize("other", [{"is_baseline": False}, {"view": "front"}])
def test_two_sessions_go_by_comparable_baseline_sessions_only(other: dict[str, object]) -> None:
    third = replace(STEADY[2], **other)  # type: ignore[arg-type]
    bases = [compare_two("cadence", NEW, NEW, [*STEADY[:2], one]).basis for one in (STEADY[2], third)]
    assert bases == ["own", "published"]


def test_only_baseline_sessions_are_named_as_left_out_where_there_are_any() -> None:
    unmarked = Point(session_id=10, view="front")
    assert len(judge("cadence", NEW, [*STEADY, unmarked]).why) == 1
    assert judge("cadence", NEW, [unmarked]).why[1] == (
        "Left out: 1 earlier session that was seen from the front, not from the side."
    )


def test_left_and_right_are_never_mixed() -> None:
    history = [*baseline([0.5, 0.5, 0.5], side="left", unit="s"), *baseline([0.6, 0.6], side="right", unit="s")]
    change = judge("step_time", Point(session_id=20, value=0.7, side="right", unit="s"), history)
    assert change.reference == pytest.approx(0.6)


@pytest.mark.parametrize("fps", [24.0, 25.0, 29.97, 30.0, 36.0])
def test_similar_frame_rates_are_comparable(fps: float) -> None:
    assert judge("cadence", replace(NEW, fps_mean=fps), STEADY).basis == "own"


@pytest.mark.parametrize(("fps", "basis"), [(37.7, "own"), (37.9, "published"), (23.9, "own"), (23.7, "published")])
def test_frame_rates_are_similar_up_to_a_ratio_of_one_and_a_quarter(fps: float, basis: str) -> None:
    """By hand: 30 times 1.26 is 37.8, 30 divided by 1.26 is 23.8."""
    change = judge("cadence", replace(NEW, fps_mean=fps), [*STEADY, Point(session_id=10, fps_mean=fps)])
    unlike = judge("cadence", NEW, [replace(point, fps_mean=fps) for point in STEADY] + [Point(session_id=10)])
    assert (change.basis, unlike.basis) == (basis, basis)


def test_baseline_sessions_that_agree_exactly_are_taken_for_one_recording() -> None:
    change = judge("cadence", replace(NEW, value=130.0), baseline([100.0] * 3))
    assert change.verdict == "cannot tell"
    assert "one recording" in change.why[0]


def test_a_count_may_change_by_its_own_rounding() -> None:
    tens = baseline([10.0, 10.0, 10.0], unit="count")
    new = Point(session_id=20, value=11.0, unit="count")
    assert judge("repetition_count", new, tens).verdict == "cannot tell"
    assert judge("repetition_count", replace(new, value=13.0), tens).verdict == "better"


@pytest.mark.parametrize(
    ("name", "value", "aim", "verdict"),
    [
        ("speed", 150.0, None, "better"),
        ("speed", 50.0, None, "worse"),
        ("step_time_cv", 50.0, None, "better"),
        ("five_times_sit_to_stand", 50.0, None, "better"),
        ("chair_stands_30s", 50.0, None, "worse"),
        ("step_time_symmetry_index", 150.0, None, "worse"),
        ("cadence", 150.0, None, "higher"),
        ("cadence", 150.0, "more", "better"),
        ("cadence", 150.0, "less", "worse"),
        ("cadence", 150.0, (140.0, 160.0), "better"),
        ("cadence", 150.0, (90.0, 110.0), "worse"),
        ("cadence", 150.0, (90.0, 160.0), "higher"),
    ],
)
def test_which_way_is_better_is_told_by_the_table_a_goal_or_a_range(
    name: str, value: float, aim: Aim | None, verdict: Verdict
) -> None:
    assert judge(name, replace(NEW, value=value), STEADY, aim=aim).verdict == verdict


def test_a_difference_of_the_sides_is_better_near_zero_whatever_its_sign() -> None:
    left_longer = baseline([-20.0, -21.0, -19.0], unit="deg")
    new = Point(session_id=20, value=-2.0, unit="deg")
    assert judge("left_right_difference", new, left_longer).verdict == "better"


def test_numbers_that_belong_to_a_speed_have_no_better_side() -> None:
    names = ("cadence", "step_time", "step_length", "stance_percent", "tempo")
    assert [row_of(name).better for name in names] == [None] * len(names)


def test_two_sessions_are_compared_by_the_spread_of_the_baseline() -> None:
    a, b = Point(session_id=10, value=100.0), Point(session_id=12, value=112.1)
    assert compare_two("cadence", a, b, STEADY).verdict == "cannot tell"  # limit 12.17
    change = compare_two("cadence", a, replace(b, value=112.3), STEADY)
    assert (change.verdict, change.basis) == ("higher", "own")
    assert compare_two("cadence", a, b, []).basis == "published"


def test_two_sessions_seen_differently_are_not_compared() -> None:
    change = compare_two("cadence", NEW, replace(NEW, value=200.0, view="front", fps_mean=60.0), STEADY)
    assert change.verdict == "cannot tell"
    assert (change.value, change.reference, change.reference_ids) == (200.0, NEW.value, (NEW.session_id,))
    assert change.why == (
        "The second session was seen from the front, not from the side and has 60 frames per second, not 30 frames "
        "per second.",
    )


def test_many_verdicts_come_with_a_warning() -> None:
    assert many_verdicts_note(1) == ""
    assert "Of 20 numbers" in many_verdicts_note(20)
    assert "about 1.0" in many_verdicts_note(20)


numbers = st.floats(-1e3, 1e3, allow_nan=False).map(lambda x: round(x, 3))


@given(st.lists(numbers, min_size=3, max_size=8), numbers, st.randoms())
def test_the_order_of_the_baseline_does_not_matter(values: list[float], value: float, random: object) -> None:
    new = replace(NEW, value=value)
    assert judge("cadence", new, baseline(values)).verdict == judge("cadence", new, baseline(values[::-1])).verdict


@given(st.lists(numbers, min_size=3, max_size=8), numbers)
def test_mirrored_numbers_give_the_opposite_verdict(values: list[float], value: float) -> None:
    opposite: dict[Verdict, Verdict] = {"higher": "lower", "lower": "higher", "cannot tell": "cannot tell"}
    verdict = judge("cadence", replace(NEW, value=value), baseline(values)).verdict
    mirrored = judge("cadence", replace(NEW, value=-value), baseline([-v for v in values])).verdict
    assert mirrored == opposite[verdict]


@given(st.lists(numbers, min_size=3, max_size=8))
def test_the_mean_of_the_baseline_itself_is_no_change(values: list[float]) -> None:
    new = replace(NEW, value=float(np.mean(values)))
    assert judge("cadence", new, baseline(values)).verdict == "cannot tell"


def test_a_session_that_is_itself_uncertain_by_more_than_the_difference_is_no_change() -> None:
    """By hand: t(0.975, 2) * 12 / sqrt(3) = 29.8 steps/min, more than the 20 that the baseline's limit is passed by."""
    steady = baseline([99.0, 100.0, 101.0])
    few_steps = Point(session_id=9, value=120.0, n=3, sd=12.0)
    shown = judge("cadence", few_steps, steady)
    assert shown.verdict == "cannot tell"
    assert shown.why[0].endswith("But the session itself is uncertain by 29.8 steps/min (95 %).")
    assert judge("cadence", replace(few_steps, n=30), steady).verdict == "higher"


@pytest.mark.parametrize(("value", "verdict"), [(113.4, "cannot tell"), (113.6, "higher")])
def test_two_single_sessions_are_as_uncertain_as_both_together(value: float, verdict: Verdict) -> None:
    """By hand: each mean is known to t(0.975, 3) * 6 / sqrt(4) = 9.55; their difference to 9.55 * sqrt(2) = 13.5."""
    a = Point(session_id=10, value=100.0, n=4, sd=6.0)
    b = Point(session_id=12, value=value, n=4, sd=6.0)
    change = compare_two("cadence", a, b, [])
    assert (change.verdict, change.limit) == (verdict, 12.0)


def test_the_spread_of_the_earlier_session_alone_can_hide_a_difference() -> None:
    doubtful, sure = Point(session_id=10, value=100.0, n=4, sd=12.0), Point(session_id=12, value=115.0, n=200)
    assert compare_two("cadence", doubtful, sure, []).verdict == "cannot tell"  # 19.1 steps/min
    assert compare_two("cadence", replace(doubtful, n=40), sure, []).verdict == "higher"
