"""The figures on form in docs/evidence.md, on sets small enough to work out by hand."""

from __future__ import annotations

import pytest

from benchmarks.evidence_form import FormSet, Judged, evidence_words, interval, left_out
from gaitlab.repetitions.standards import NOT_TESTED


def repetition(up_to: int, *, limit: int = 30) -> Judged:
    """Return a repetition whose hips sag by so much, with the remark from a limit on."""
    return Judged(
        seen=frozenset({"hips_sag"}),
        remarks=frozenset({"hips_sag"} if up_to >= limit else ()),
        up_to={"hips_sag": up_to},
        is_shallow=False,
    )


def one_set(person: str, *up_to: int, is_correct: bool) -> FormSet:
    return FormSet(
        name=f"{person} {is_correct}", person=person, exercise="push-up", view="side", is_correct=is_correct,
        is_degraded=False, repetitions=tuple(repetition(each) for each in up_to),
    )  # fmt: skip


SETS = [
    one_set("ann", 20, 0, is_correct=True),  # without bob the limit is 20 + 5 + 5 = 30
    one_set("bob", 0, 35, is_correct=True),  # without ann it is 35 + 5 + 5 = 45
    one_set("ann", 0, 40, is_correct=False),
    one_set("bob", 30, 0, is_correct=False),
]


def test_the_limits_for_a_person_are_chosen_from_the_others() -> None:
    wrong, right = left_out(SETS)
    assert wrong == [False, True]
    assert right == [False, False, False, True]


def test_what_is_said_of_a_rule_counts_wrong_sets_and_right_repetitions() -> None:
    assert evidence_words("hips_sag", SETS) == "seen in 2 of 2 wrong sets, in 1 of 4 right repetitions"
    assert evidence_words("uneven", SETS) == NOT_TESTED
    blameless = [one_set("ann", 0, 0, is_correct=True), one_set("ann", 0, is_correct=False)]
    assert evidence_words("hips_sag", blameless) == "in none of 2 right repetitions; no wrong ones to test it on"


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"), [(0, 0, 0.0, 1.0), (0, 10, 0.0, 0.278), (5, 10, 0.237, 0.763), (10, 10, 0.722, 1.0)]
)
def test_intervals_are_those_of_wilson(hits: int, n: int, low: float, high: float) -> None:
    assert interval(hits, n) == pytest.approx((low, high), abs=0.001)
