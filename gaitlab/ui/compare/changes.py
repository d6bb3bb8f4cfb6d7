"""What changed between two sessions, first; what did not, or cannot be told, folded below with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from gaitlab.history.sessions import ComparedMetric
from gaitlab.metrics.units import in_units
from gaitlab.metrics.words import amount, metric_label, metric_value, rounded
from gaitlab.records import Metric
from gaitlab.ui.resources import preferences
from gaitlab.ui.shared.help_texts import markdown_text
from gaitlab.ui.shared.verdicts import VERDICT_HELP, verdict_badge
from gaitlab.ui.shared.widgets import reason_list

__all__ = ["change_words", "show_changes", "value_words"]


def value_words(metric: Metric | None) -> str:
    """Return a value in the reader's units; a dash where there is none."""
    return "–" if metric is None else metric_value(in_units(metric, preferences().units))


def _difference(row: ComparedMetric) -> str:
    if row.first is None or row.second is None or row.first.value is None or row.second.value is None:
        return "–"
    first, second = (rounded(in_units(metric, preferences().units)) for metric in (row.first, row.second))
    size = (second.value or 0.0) - (first.value or 0.0)
    return f"{'+' if size > 0 else '−' if size < 0 else '±'}{metric_value(replace(second, value=abs(size)))}"


def _label(row: ComparedMetric) -> str:
    return metric_label(row.second or row.first or Metric(name=row.name, value=0.0, unit="", side=row.side))


def change_words(row: ComparedMetric) -> str:
    """Return a number of both sessions and its verdict in one sentence."""
    values = f"{value_words(row.first)} → {value_words(row.second)}"
    return f"{_label(row)}: {values} ({_difference(row)}), {row.change.word}."


def show_changes(rows: Sequence[ComparedMetric], note: str) -> None:
    """Show what changed, by how much, and what happens without a change; the other numbers are folded.

    Parameters
    ----------
    rows : sequence of ComparedMetric
        At least one.
    note : str
        A caution about many verdicts at once; may be empty.
    """
    changed = [row for row in rows if row.change.verdict != "cannot tell"]
    others = [row for row in rows if row.change.verdict == "cannot tell"]
    n = f"**{len(changed)} of {len(rows)} numbers changed.**" if changed else "**No number changed clearly.**"
    st.markdown(n, help=f"{VERDICT_HELP} {markdown_text(note)}".strip())
    if changed:
        _table(changed, alt="What changed between the two sessions", with_limits=True)
    with st.expander(_folded_words(changed, others), icon=":material/help:"):
        reason_list([(_label(row), " ".join(row.change.why)) for row in (*changed, *_untold_first(others))])
        if others:
            _table(others, alt="Numbers of the two sessions without a clear change")


def _untold_first(rows: Sequence[ComparedMetric]) -> list[ComparedMetric]:
    return sorted(rows, key=lambda row: row.change.limit is not None)


def _folded_words(changed: Sequence[ComparedMetric], others: Sequence[ComparedMetric]) -> str:
    """Return what is folded, in words with its number."""
    judged = sum(1 for row in others if row.change.limit is not None)
    parts = [(judged, "no clear change"), (len(others) - judged, "cannot tell")]
    words = ["why"] * bool(changed) + [f"{words} ({n})" for n, words in parts if n]
    return " · ".join(words).capitalize()


def _table(rows: Sequence[ComparedMetric], *, alt: str, with_limits: bool = False) -> None:
    table = []
    for row in rows:
        cells = {
            "": f"**{_label(row)}**",
            "Verdict": verdict_badge(row.change),  # on a phone the last columns are out of sight
            "Earlier": value_words(row.first),
            "Later": value_words(row.second),
            "Difference": _difference(row),
        }
        if with_limits:
            cells["By chance up to"] = _limit(row)
        table.append(cells)
    st.table(table, border="horizontal", alt=alt)


def _limit(row: ComparedMetric) -> str:
    """Return the largest difference without a change in the reader's units."""
    if row.change.limit is None or row.second is None:
        return "–"
    limit = in_units(replace(row.second, value=row.change.limit), preferences().units)
    return "±" + amount(limit.value or 0.0, limit.unit)
