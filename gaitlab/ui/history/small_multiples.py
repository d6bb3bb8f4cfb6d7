"""Small multiples: the numbers that matter for an activity over time, each a small chart beside the others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import streamlit as st

from gaitlab.history.goals import goal_for
from gaitlab.history.sessions import trends_of
from gaitlab.history.trends import Trend
from gaitlab.metrics.words import amount, metric_label
from gaitlab.records import Metric
from gaitlab.storage import Goal
from gaitlab.ui.history.trend_chart import trend_chart, trend_chart_data
from gaitlab.ui.resources import store
from gaitlab.ui.shared.help_texts import markdown_text
from gaitlab.ui.shared.verdicts import verdict_badge
from gaitlab.ui.shared.widgets import time_zone

__all__ = ["small_multiples"]

_EXERCISE: Final = ("repetition_count", "tempo", "range_of_motion", "left_right_difference", "repetition_duration")
#: Activity -> its numbers in the order they are shown; every other activity is an exercise.
_NUMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "gait": (
        *("cadence", "speed", "step_length", "knee_flexion_peak", "step_time_symmetry_index"),
        *("double_support_percent", "hip_range", "step_time"),
    )
}
_SHOWN_MAX: Final = 4  # beside the one in large, before the eye must search (ours)


def small_multiples(person: str, kind: str, *, without: str | None, since: datetime | None = None) -> None:
    """Draw the numbers that matter for an activity, some of them, each with at least two sessions.

    Parameters
    ----------
    person : str
    kind : str
        Of the activity.
    without : str or None
        A number that is shown elsewhere.
    since : datetime, optional
        Earlier sessions are not drawn.
    """
    names = [name for name in _NUMBERS.get(kind, _EXERCISE) if name != without]
    trends = [one for one in trends_of(store(), person, names, kind=kind) if len(one.points) > 1][:_SHOWN_MAX]
    goals = store().goals(person)
    for left, right in zip(trends[::2], [*trends[1::2], None], strict=False):
        for place, shown in zip(st.columns(2), (left, right), strict=True):
            if shown is not None:
                with place:
                    _small(shown, goal_for(goals, shown.name, shown.side), since)


def _small(shown: Trend, goal: Goal | None, since: datetime | None) -> None:
    label = metric_label(Metric(name=shown.name, value=0.0, unit="", side=shown.side))
    newest = shown.points[-1].measurement
    badge = verdict_badge(shown.change) if shown.change else ""
    value = amount(float(newest.value or 0.0), shown.unit)
    st.markdown(f"**{markdown_text(label)}**  \n{markdown_text(value)} {badge}")
    target = goal.target if goal else None
    data = trend_chart_data(shown, label=label, target=target, zone=time_zone(), since=since, is_small=True)
    trend_chart(data, key=f"small-{shown.name}")
