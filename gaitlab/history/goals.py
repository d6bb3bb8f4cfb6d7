"""Goals in words: the target and the distance to it, the same on every page and in the reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, Literal, Protocol, TypeVar

from gaitlab.history.comparable import CONFIDENCE_MIN
from gaitlab.metrics.words import exact_amount
from gaitlab.records import Metric, Side

__all__ = [
    "DIRECTIONS",
    "AnyGoal",
    "GoalOfMetric",
    "goal_for",
    "goal_words",
    "missing_to",
    "progress_words",
    "wanted_words",
]

_TARGET_DECIMALS: Final = 3
#: Directions of a goal, in words.
DIRECTIONS: Final[Mapping[Literal["at_least", "at_most"], str]] = {"at_least": "at least", "at_most": "at most"}


class AnyGoal(Protocol):
    """A value to reach, such as a goal of the store."""

    @property
    def target(self) -> float: ...  # noqa: D102
    @property
    def direction(self) -> Literal["at_least", "at_most"]: ...  # noqa: D102
    @property
    def due(self) -> date | None: ...  # noqa: D102


class GoalOfMetric(AnyGoal, Protocol):
    """A goal with the metric it is for, such as a goal of the store."""

    @property
    def metric(self) -> str: ...  # noqa: D102
    @property
    def side(self) -> Side | None: ...  # noqa: D102


_G = TypeVar("_G", bound=GoalOfMetric)


def goal_for(goals: Iterable[_G], name: str, side: Side | None) -> _G | None:
    """Return the goal for a metric and side, if there is one."""
    return next((goal for goal in goals if (goal.metric, goal.side) == (name, side)), None)


def missing_to(goal: AnyGoal, value: float) -> float:
    """Return the distance from a value to a goal, in the goal's direction; 0 or less when it is reached."""
    return goal.target - value if goal.direction == "at_least" else value - goal.target


def wanted_words(goal: AnyGoal, unit: str) -> str:
    """Return the target of a goal in words: "at least 110 steps/min by 01 May 2026"."""
    by = f" by {goal.due:%d %b %Y}" if goal.due else ""
    target = round(goal.target, _TARGET_DECIMALS)  # one converted to other units has many
    return f"{DIRECTIONS[goal.direction]} {exact_amount(target, unit)}{by}"


def progress_words(goal: AnyGoal, value: float, unit: str) -> str:
    """Return "reached", or the missing amount with two significant digits: "12 steps/min more to go"."""
    missing = missing_to(goal, value)
    if missing <= 0.0:
        return "reached"
    return f"{exact_amount(float(f'{missing:.2g}'), unit)} {'more' if goal.direction == 'at_least' else 'less'} to go"


def goal_words(goal: AnyGoal | None, metric: Metric) -> str:
    """Return the target of a goal and the distance of a metric to it, in words; empty without a goal.

    Parameters
    ----------
    goal : goal of the store or None
        Its target in the unit of the metric.
    metric : Metric
        With low confidence the goal counts neither as reached nor as missed, as in `trends.goal_state`.
    """
    if goal is None:
        return ""
    wanted = wanted_words(goal, metric.unit)
    if metric.value is None:
        return wanted
    if metric.confidence < CONFIDENCE_MIN:
        return f"{wanted} – too little confidence to tell"
    return f"{wanted} – {progress_words(goal, metric.value, metric.unit)}"
