"""The trend of one number with its verdict, and a person's goals."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

import streamlit as st

from gaitlab.history.goals import DIRECTIONS, goal_for, wanted_words
from gaitlab.history.sessions import trend_of
from gaitlab.history.trends import Line, Trend, goal_state
from gaitlab.metrics.words import amount, metric_label
from gaitlab.records import Metric, Side
from gaitlab.storage import Goal, SessionHeader
from gaitlab.ui.history.trend_chart import trend_chart, trend_chart_data
from gaitlab.ui.resources import store
from gaitlab.ui.shared.help_texts import markdown_text
from gaitlab.ui.shared.verdicts import VERDICT_HELP, verdict_badge, verdict_reason
from gaitlab.ui.shared.widgets import COMPARE_PAGE, headline_metric, time_zone

__all__ = ["goal_list", "trend_section"]

_COURSES: Final = {
    "rising": "The sessions rise",
    "falling": "The sessions fall",
    "no clear trend": "The sessions show no clear trend",
}


def _label(name: str, side: Side | None) -> str:
    return metric_label(Metric(name=name, value=0.0, unit="", side=side))


def _choose(header: SessionHeader) -> tuple[str, Side | None] | None:
    """Let the user choose a metric of a session; the main one comes first."""
    metrics = [m for m in store().get(header.id).analysis.metrics if m.value is not None]
    first = headline_metric(header)
    metrics.sort(key=lambda metric: first is None or metric.name != first.name)
    keys = list(dict.fromkeys((metric.name, metric.side) for metric in metrics))
    if not keys:
        return None
    return st.selectbox("Number", keys, format_func=lambda key: _label(*key), key=f"trend-of-{header.kind}", width=320)


def trend_section(person: str, newest: SessionHeader, *, since: datetime | None = None) -> str | None:
    """Draw the trend of a metric of a person, with the verdict on the newest session and the goal.

    Parameters
    ----------
    person : str
    newest : SessionHeader
        The newest session of the activity that is shown.
    since : datetime, optional
        Earlier sessions are not drawn.

    Returns
    -------
    str or None
        Name of the metric; None where the session has none.
    """
    key = _choose(newest)
    if key is None:
        return None
    name, side = key
    shown = trend_of(store(), person, name, side=side, kind=newest.kind)
    if len(shown.points) < 2:
        st.caption("With a second session of the same kind, a chart over time appears here.")
        return name
    goal = goal_for(store().goals(person), name, side)
    _verdict(shown)
    label = _label(name, side)
    target = goal.target if goal else None
    trend_chart(trend_chart_data(shown, label=label, target=target, zone=time_zone(), since=since), key="trend")
    st.caption(_chart_words(shown))
    if st.button("All numbers of the newest session", icon=":material/rule:", help="Each with its verdict"):
        st.switch_page(COMPARE_PAGE, query_params={"session": str(shown.points[-1].measurement.session_id)})
    _goal_form(person, shown, goal)
    return name


def _verdict(shown: Trend) -> None:
    if shown.change is None:
        return
    st.markdown(
        f"Newest session: {verdict_badge(shown.change)}  \n:small[{verdict_reason(shown.change)}]", help=VERDICT_HELP
    )


def _chart_words(shown: Trend) -> str:
    parts = ["A click on a mark opens its session."]
    if any(point.low is not None for point in shown.points):
        parts.append("Bars: how surely each session's own mean is known (95 %).")
    if any(point.measurement.is_baseline for point in shown.points):
        parts.append("Diamonds: baseline sessions.")
    if shown.band:
        parts.append("Grey: where a session lies that shows no change.")
    if shown.line:
        parts.append(_course_words(shown.line, shown.unit))
    if not all(point.comparable for point in shown.points):
        parts.append("Grey marks were filmed or measured differently and do not count.")
    return markdown_text(" ".join(parts))


def _course_words(line: Line, unit: str) -> str:
    if line.slope_low == line.slope_high == 0.0:
        return "Most sessions have the same value."
    low, high = (amount(30.0 * slope, unit) for slope in (line.slope_low, line.slope_high))
    return f"{_COURSES[line.course]}: {low} to {high} in 30 days (95 %)."


def _goal_form(person: str, shown: Trend, goal: Goal | None) -> None:
    title = "Change the goal" if goal else "Set a goal"
    with st.expander(title, icon=":material/flag:"), st.form(f"goal-{shown.name}-{shown.side}", border=False):
        last = shown.points[-1].measurement.value or 0.0
        with st.container(horizontal=True, vertical_alignment="bottom"):
            direction = st.selectbox(
                "Target",
                list(DIRECTIONS),
                format_func=lambda key: DIRECTIONS[key],
                index=list(DIRECTIONS).index(goal.direction) if goal else 0,
            )
            target = st.number_input(f"Value ({shown.unit})", value=float(goal.target if goal else round(last, 2)))
            due = st.date_input("By (optional)", value=goal.due if goal else None)
        if st.form_submit_button("Save the goal", type="primary"):
            store().set_goal(
                person,
                metric=shown.name,
                side=shown.side,
                target=target,
                direction=direction,
                due=due if isinstance(due, date) else None,
            )
            st.rerun()


def goal_list(person: str) -> None:
    """Show a person's goals with the progress of each."""
    goals = store().goals(person)
    if not goals:
        return
    st.subheader("Goals")
    for goal in goals:
        _goal_card(person, goal)


def _goal_card(person: str, goal: Goal) -> None:
    shown = trend_of(store(), person, goal.metric, side=goal.side)
    state = goal_state(goal, shown, today=datetime.now(time_zone()).date())
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap="xsmall"):
            wanted = f"{_label(goal.metric, goal.side)}: {wanted_words(goal, shown.unit)}"
            st.markdown(f"**{markdown_text(wanted)}**")
            if state.share is not None:
                st.progress(state.share, text=markdown_text(state.words))
            else:
                st.caption(markdown_text(state.words))
        if st.button("Remove", key=f"goal-{goal.id}", icon=":material/delete:", width="content"):
            store().delete_goal(goal.id)
            st.rerun()
