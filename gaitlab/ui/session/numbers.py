"""The two readings of a session's numbers: cards in plain words, and a clinician's table with n, SD and ranges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import streamlit as st

from gaitlab.history.goals import goal_for, goal_words
from gaitlab.metrics.units import in_units
from gaitlab.metrics.words import (
    CONFIDENCE_HELP,
    TYPICAL_HELP,
    metric_help,
    metric_label,
    metric_spread,
    metric_value,
    rate_words,
    view_words,
)
from gaitlab.records import Analysis, Metric
from gaitlab.reports.sentences import norm_sentences, plain_sentences, typical_words
from gaitlab.settings import real_rate
from gaitlab.storage import Goal
from gaitlab.ui.resources import preferences
from gaitlab.ui.shared.help_texts import markdown_text
from gaitlab.ui.shared.widgets import Beside, metric_cards, side_table

__all__ = ["clinical_reading", "origin_sentence", "plain_reading", "reading_by_side", "usual_of"]

_ONE_SIDE: Final = {"left", "right"}
_TYPICAL, _GOAL = _OPTIONAL = ("Typical", "Goal")  # columns that are left out where they say nothing
_TARGET_DECIMALS: Final = 2  # of a converted goal, as of the numbers beside it


def origin_sentence(analysis: Analysis) -> str:
    """Return with what, in how many pictures and from where the person was found."""
    source, subject, provenance = analysis.source, analysis.subject, analysis.provenance
    rate = rate_words(real_rate(source.fps_mean, provenance.settings))
    return (
        f"GaitLab {provenance.gaitlab} with the pose model {provenance.model or 'of the keypoint file'} found the "
        f"person in {subject.frames_tracked} of {source.frames} pictures ({rate}), seen {view_words(subject.view)}."
    )


def _goal_words(metric: Metric, goals: Sequence[Goal]) -> str:
    """Return how a number stands to its goal, both in the units the reader prefers; goals are kept in metric ones."""
    goal = goal_for(goals, metric.name, metric.side)
    units = preferences().units
    if goal is not None and units != "metric":
        target = in_units(replace(metric, value=goal.target), units).value or 0.0
        goal = replace(goal, target=round(target, _TARGET_DECIMALS))
    return goal_words(goal, in_units(metric, units))


def _beside(analysis: Analysis, goals: Sequence[Goal]) -> Beside:
    return lambda metric: [words for words in (typical_words(metric, analysis), _goal_words(metric, goals)) if words]


def _in_units(analysis: Analysis) -> Analysis:
    """Return the analysis with the numbers of a walk in the units the reader prefers."""
    if analysis.gait is None:
        return analysis
    metrics = tuple(in_units(metric, preferences().units) for metric in analysis.gait.metrics)
    return replace(analysis, gait=replace(analysis.gait, metrics=metrics))


def usual_of(analysis: Analysis, sex: str | None, age: int | None) -> tuple[str, ...]:
    """Tell what is usual among healthy people of that sex and age, in the units the reader prefers."""
    units = preferences().units
    return norm_sentences(analysis, sex=sex, age=age, in_units=lambda metric: in_units(metric, units))


def plain_reading(
    analysis: Analysis, shown: Sequence[Metric], goals: Sequence[Goal], norms: Sequence[str] = ()
) -> None:
    """Show the reading in plain words: sentences, and the numbers of the whole body as cards.

    Parameters
    ----------
    analysis : Analysis
    shown : sequence of Metric
        In the order of the cards.
    goals : sequence of Goal
        Of the person.
    norms : sequence of str
        What is usual among healthy people like them.
    """
    sentences = (*plain_sentences(_in_units(analysis)), *norms)
    st.markdown("\n".join(f"- {markdown_text(sentence)}" for sentence in sentences))
    if shown:
        whole = [metric for metric in shown if metric.side not in _ONE_SIDE]
        metric_cards(whole, beside=_beside(analysis, goals))
        st.caption(CONFIDENCE_HELP)


def reading_by_side(analysis: Analysis, shown: Sequence[Metric], goals: Sequence[Goal]) -> None:
    """Show the numbers of the plain reading that belong to the left or the right side; parameters as there."""
    sided = [metric for metric in shown if metric.side in _ONE_SIDE]
    if sided:
        st.subheader("Left and right")
        side_table(sided, beside=_beside(analysis, goals))


def clinical_reading(analysis: Analysis, shown: Sequence[Metric], goals: Sequence[Goal]) -> None:
    """Show the reading for clinicians: every number with n, SD, confidence, and typical range and goal where one is.

    Parameters as of `plain_reading`.
    """
    if not shown:
        return
    rows = [_row(metric, analysis, goals) for metric in shown]
    idle = [name for name in _OPTIONAL if not any(row[name] for row in rows)]
    st.dataframe(
        [{name: value for name, value in row.items() if name not in idle} for row in rows],
        hide_index=True,
        placeholder="–",
        key="all-numbers",
        height="content",
        column_config={
            "SD": st.column_config.Column(alignment="right"),
            "Typical": st.column_config.Column(width=130),
            "Confidence": st.column_config.ProgressColumn(min_value=0.0, max_value=1.0, format="%.2f"),
        },
    )
    st.caption(origin_sentence(analysis) + ("" if _TYPICAL in idle else f" {TYPICAL_HELP}"))


def _row(metric: Metric, analysis: Analysis, goals: Sequence[Goal]) -> dict[str, Any]:
    shown = in_units(metric, preferences().units)
    return {
        "Number": metric_label(metric),
        "Value": metric_value(shown),
        "n": metric.n or None,
        "SD": metric_spread(shown),
        "Confidence": metric.confidence,
        _TYPICAL: typical_words(metric, analysis).removeprefix("typical: "),
        _GOAL: _goal_words(metric, goals).removeprefix("goal: "),
        "What it is": metric_help(metric) or "",
    }
