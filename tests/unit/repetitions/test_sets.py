"""Sets: tempo within them, the best and the worst repetition, and slopes that are told only when they are clear."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitlab.records import FormNote, Metric, Repetition, Side
from gaitlab.repetitions.metrics import METRIC_NAMES, repetition_metrics
from gaitlab.repetitions.sets import best_and_worst, slope_of, summarise_sets
from tests.examples import examples


def repetition(
    index: int,
    *,
    at_s: float | None = None,
    duration_s: float = 2.0,
    range_deg: float | None = 100.0,
    set_index: int = 1,
    side: Side = "both",
    depth: float = 1.0,
    remarks: int = 0,
    notes: tuple[str, ...] = (),
) -> Repetition:
    start_s = 3.0 * index if at_s is None else at_s
    return Repetition(
        index=index, side=side, start_s=start_s, turn_s=start_s + duration_s / 2, end_s=start_s + duration_s,
        range_deg=range_deg, depth=depth, set_index=set_index, notes=notes, confidence=0.9,
        form=tuple(FormNote(rule="knees_in", time_s=start_s, text="knees fall in") for _ in range(remarks)),
    )  # fmt: skip


def metric(repetitions: Sequence[Repetition], name: str, exercise: str = "squat") -> Metric:
    (found,) = [one for one in repetition_metrics(exercise, repetitions) if one.name == name]
    return found


def test_a_pause_between_sets_is_no_slow_repetition() -> None:
    first = [repetition(k, at_s=3.0 * k) for k in range(1, 4)]
    second = [repetition(k, at_s=60.0 + 3.0 * k, set_index=2) for k in range(4, 7)]
    assert metric([*first, *second], "tempo").value == pytest.approx(20.0)
    assert [(one.index, one.count) for one in summarise_sets([*first, *second])] == [(1, 3), (2, 3)]


def test_the_best_repetition_has_the_fewest_remarks_and_is_the_deepest() -> None:
    (one_set,) = summarise_sets(
        [repetition(1, remarks=1), repetition(2, depth=0.7), repetition(3, depth=0.9), repetition(4, remarks=2)]
    )
    assert (one_set.best, one_set.worst) == (3, 4)


def test_deeper_than_the_standard_is_not_better() -> None:
    (one_set,) = summarise_sets([repetition(1, depth=1.3, range_deg=90.0), repetition(2, depth=1.05)])
    assert one_set.best == 2


def test_alike_repetitions_have_no_best_one() -> None:
    (one_set,) = summarise_sets([repetition(k) for k in range(1, 6)])
    assert (one_set.best, one_set.worst) == (None, None)


def test_ranges_that_differ_by_less_than_a_camera_can_tell_are_alike() -> None:
    assert best_and_worst([repetition(1, range_deg=112.0), repetition(2, range_deg=117.0)]) is None
    pair = best_and_worst([repetition(1, range_deg=108.0), repetition(2, range_deg=117.0)])
    assert pair is not None
    assert [one.index for one in pair] == [2, 1]


def test_a_repetition_whose_range_is_not_known_is_not_the_worst_for_that() -> None:
    assert best_and_worst([repetition(1), repetition(2), repetition(3, range_deg=None)]) is None


def test_a_repetition_that_is_cut_off_is_neither_the_best_nor_the_worst() -> None:
    cut = repetition(3, depth=0.1, notes=("cut off",))
    (one_set,) = summarise_sets([repetition(1), repetition(2, depth=0.8), cut])
    assert (one_set.best, one_set.worst) == (1, 2)


def test_a_slope_is_that_of_the_line_through_the_repetitions() -> None:
    """By hand: x = 0..3, y = 10, 8, 7, 5 -> slope -1.6, residual sum of squares 0.2, se sqrt(0.2 / 2 / 5)."""
    slope = slope_of([0, 1, 2, 3], [10.0, 8.0, 7.0, 5.0])
    assert slope is not None
    assert slope.per_repetition == pytest.approx(-1.6)
    assert slope.se == pytest.approx(np.sqrt(0.02))
    assert slope.high == pytest.approx(-1.6 + 4.3027 * np.sqrt(0.02), abs=1e-4)  # t(0.975, 2) = 4.3027
    assert slope.is_clear


def test_three_repetitions_have_no_slope() -> None:
    assert slope_of([0, 1, 2], [3.0, 2.0, 1.0]) is None
    assert "four" in str(metric([repetition(k) for k in range(1, 4)], "fatigue_slope").reason)


def test_who_tires_loses_range_and_takes_longer() -> None:
    tiring = [
        repetition(k, range_deg=100.0 - 3.0 * k + (-1.0) ** k, duration_s=1.5 + 0.1 * k + 0.02 * (-1.0) ** k)
        for k in range(1, 9)
    ]
    fatigue, slower = metric(tiring, "fatigue_slope"), metric(tiring, "fatigue_slope_duration")
    assert fatigue.value == pytest.approx(-3.0, abs=0.2)
    assert slower.value == pytest.approx(0.1, abs=0.01)
    assert (fatigue.unit, slower.unit, fatigue.n) == ("deg/repetition", "s/repetition", 8)


def test_a_slope_that_chance_can_make_is_withheld_with_its_reason() -> None:
    even = [repetition(k, range_deg=100.0 + 5.0 * (-1.0) ** k) for k in range(1, 9)]
    fatigue = metric(even, "fatigue_slope")
    assert fatigue.value is None
    assert "by chance" in str(fatigue.reason)


def test_where_no_range_is_seen_fatigue_is_told_of_the_depth() -> None:
    tiring = [repetition(k, range_deg=None, depth=1.1 - 0.05 * k + 0.003 * (-1.0) ** k) for k in range(1, 7)]
    fatigue = metric(tiring, "fatigue_slope")
    assert fatigue.value == pytest.approx(-5.0, abs=0.5)
    assert fatigue.unit == "%/repetition"


@settings(max_examples=examples(25), deadline=None, derandomize=True)
@given(seed=st.integers(0, 1000))
def test_people_who_do_not_tire_are_seldom_called_tired(seed: int) -> None:
    """At 95 % one in twenty slopes is clear by chance: of 100 sets at most 14 (binomial, 99.9 %)."""
    rng = np.random.default_rng(seed)
    slopes = [slope_of(range(8), rng.normal(100.0, 4.0, 8).tolist()) for _ in range(100)]
    assert sum(slope is not None and slope.is_clear for slope in slopes) <= 14


def test_sides_that_take_turns_are_compared_with_each_other() -> None:
    turns: list[Side] = ["left", "right"]
    curls = [
        repetition(k, side=turns[k % 2], range_deg=120.0 if turns[k % 2] == "left" else 105.0) for k in range(1, 7)
    ]
    difference = metric(curls, "left_right_difference", "biceps-curl")
    assert (difference.value, difference.n) == (15.0, 3)


def test_one_repetition_of_a_side_is_too_few_to_compare() -> None:
    curls = [repetition(1, side="left"), repetition(2, side="left"), repetition(3, side="right")]
    assert "each side" in str(metric(curls, "left_right_difference", "biceps-curl").reason)
    two_of_each = [*curls, repetition(4, side="right")]
    assert metric(two_of_each, "left_right_difference", "biceps-curl").n == 2


@pytest.mark.parametrize(("exercise", "words"), [("squat", "side"), ("lateral-raise", "front"), ("repeated", "name")])
def test_a_range_that_was_not_seen_says_how_to_film_it(exercise: str, words: str) -> None:
    assert words in str(metric([repetition(1, range_deg=None)], "range_of_motion", exercise).reason)


def test_without_repetitions_every_number_is_withheld() -> None:
    metrics = repetition_metrics("squat", [])
    assert [(one.name, one.value) for one in metrics] == [(name, None) for name in METRIC_NAMES]


def test_where_no_side_moves_by_itself_its_difference_was_hidden() -> None:
    of_both, of_one = [repetition(k) for k in range(1, 4)], [repetition(k, side="left") for k in range(1, 4)]
    assert "hides the far one" in str(metric(of_both, "left_right_difference").reason)
    assert "each side" in str(metric(of_one, "left_right_difference", "biceps-curl").reason)
