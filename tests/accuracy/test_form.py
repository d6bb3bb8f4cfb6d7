"""Remarks on form of people who do it right and wrong on purpose, from the shared data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.evidence import EVIDENCE, form_sets
from benchmarks.evidence_form import FormSet, evidence_words, left_out
from gaitlab.repetitions.standards import FORM_RULES

pytestmark = pytest.mark.accuracy

LABORATORY = [(name, view) for name in ("squat", "lunge", "sit-to-stand") for view in ("side", "front")]


@pytest.fixture(scope="module")
def sets(shared_data: Path) -> list[FormSet]:
    assert shared_data / "evidence" == EVIDENCE
    return form_sets(is_degraded=False)


def of(sets: Sequence[FormSet], exercise: str, view: str) -> list[FormSet]:
    return [one for one in sets if (one.exercise, one.view) == (exercise, view)]


def told(sets: Sequence[FormSet]) -> tuple[float, float]:
    """Return the share of the wrong sets with a remark, and of the right repetitions."""
    wrong = [any(rep.remarks for rep in one.repetitions) for one in sets if not one.is_correct]
    right = [bool(rep.remarks) for one in sets if one.is_correct for rep in one.repetitions]
    return sum(wrong) / len(wrong), sum(right) / len(right)


@pytest.mark.parametrize(
    ("exercise", "view", "least", "least_without"),
    [*((name, view, 0.75, 0.75) for name, view in LABORATORY), ("push-up", "as filmed", 0.55, 0.5)],
)
def test_wrong_sets_get_a_remark_and_right_repetitions_do_not(
    sets: list[FormSet], exercise: str, view: str, least: float, least_without: float
) -> None:
    """Without: with the limits chosen without the person judged."""
    group = of(sets, exercise, view)
    wrong, right = told(group)
    assert wrong >= least
    assert right <= 0.05
    wrong_without, right_without = left_out(group)
    assert sum(wrong_without) / len(wrong_without) >= least_without
    assert sum(right_without) / len(right_without) <= 0.05


def test_what_is_said_of_a_rule_is_what_was_measured(sets: list[FormSet]) -> None:
    assert {name: rule.evidence for name, rule in FORM_RULES.items()} == {
        name: evidence_words(name, sets) for name in FORM_RULES
    }
