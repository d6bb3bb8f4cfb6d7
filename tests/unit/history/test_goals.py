"""A goal in words, the same wherever a number is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitlab.history.goals import goal_for, goal_words, missing_to, progress_words, wanted_words
from gaitlab.records import Metric, Side
from gaitlab.records.findings import as_written
from gaitlab.reports import About, document_of, html_report
from gaitlab.reports.document import tables_of
from tests.app.builders_ui import walk


@dataclass(frozen=True, kw_only=True)
class Goal:
    target: float = 110.0
    direction: Literal["at_least", "at_most"] = "at_least"
    due: date | None = None
    metric: str = "cadence"
    side: Side | None = None


def cadence(value: float | None, *, confidence: float = 0.9) -> Metric:
    why = None if value is not None else as_written("Film a longer walk.")
    return Metric(name="cadence", value=value, unit="steps/min", confidence=confidence, why=why)


@pytest.mark.parametrize(
    ("goal", "metric", "words"),
    [
        (Goal(), cadence(115.0), "at least 110 steps/min – reached"),
        (Goal(), cadence(110.0), "at least 110 steps/min – reached"),
        (Goal(), cadence(98.0), "at least 110 steps/min – 12 steps/min more to go"),
        (Goal(direction="at_most"), cadence(115.0), "at most 110 steps/min – 5 steps/min less to go"),
        (Goal(), cadence(115.0, confidence=0.3), "at least 110 steps/min – too little confidence to tell"),
        (Goal(), cadence(None), "at least 110 steps/min"),
        (
            Goal(target=8.0, metric="repetition_count"),
            Metric(name="repetition_count", value=5.0, unit="count", confidence=0.9),
            "at least 8 – 3 more to go",
        ),
        (None, cadence(98.0), ""),
    ],
)
def test_a_number_is_held_against_its_goal(goal: Goal | None, metric: Metric, words: str) -> None:
    assert goal_words(goal, metric) == words


def test_a_goal_is_told_as_it_was_set_with_its_day() -> None:
    assert (
        wanted_words(Goal(target=112.5, due=date(2026, 5, 1)), "steps/min") == "at least 112.5 steps/min by 01 May 2026"
    )


@given(value=st.floats(0, 300), target=st.floats(0, 300), direction=st.sampled_from(["at_least", "at_most"]))
def test_a_goal_is_reached_or_something_is_missing(
    value: float, target: float, direction: Literal["at_least", "at_most"]
) -> None:
    goal = Goal(target=target, direction=direction)
    assert (progress_words(goal, value, "s") == "reached") == (missing_to(goal, value) <= 0.0)


def test_a_goal_of_one_side_is_not_that_of_the_other() -> None:
    left = Goal(metric="step_time", side="left")
    assert goal_for([left], "step_time", "left") is left
    assert goal_for([left], "step_time", "right") is None


def test_a_report_tells_the_goal_and_has_no_column_without_one() -> None:
    with_goal, without = document_of(walk(), About(goals=[Goal()])), document_of(walk())
    words = "at least 110 steps/min – 5.8 steps/min more to go"
    assert f"goal: {words}" in html_report(with_goal)
    numbers = tables_of(with_goal)[0]
    assert numbers.rows[0][numbers.head.index("Goal")] == words
    assert "Goal" not in tables_of(without)[0].head
    assert "goal:" not in html_report(without)
