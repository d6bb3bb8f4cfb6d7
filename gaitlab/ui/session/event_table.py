"""The table of repetitions or foot events: a selected row moves the player, and is what a correction is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from gaitlab.reports.events import Events

__all__ = ["selected_event", "selected_start_s", "show_events"]


def _key(session_id: int) -> str:
    return f"events-{session_id}"


def _row(session_id: int) -> int | None:
    table = st.session_state.get(_key(session_id))
    rows = table.selection.rows if table else []
    return rows[0] if rows else None


def selected_event(session_id: int, events: Events) -> Mapping[str, Any] | None:
    """Return the row that is selected in the table; None without one."""
    row = _row(session_id)
    return events.rows[row] if row is not None and row < len(events.rows) else None


def selected_start_s(session_id: int, events: Events) -> float | None:
    """Return the start of the event selected in the table; None without one."""
    event = selected_event(session_id, events)
    if event is None:
        return None
    return float(event["Start (s)"] if "Start (s)" in event else event["Time (s)"])


def show_events(events: Events, session_id: int) -> None:
    """Show the table; the whole page follows when another row is selected, as the player stands outside of the tabs."""
    hints = ["Select a row to go to that moment."]
    if any(row.get("Range (°)", 0.0) is None for row in events.rows):
        hints.append("A dash: the joints were not seen well enough from the side to measure the range.")
    st.caption(" ".join(hints))
    numbers = {name: events.decimals(name) for name in events.columns}
    st.dataframe(
        [dict(row) for row in events.rows],
        hide_index=True,
        placeholder="–",
        on_select="rerun",
        selection_mode="single-row",
        key=_key(session_id),
        column_config={
            name: st.column_config.NumberColumn(format=f"%.{decimals}f")
            for name, decimals in numbers.items()
            if decimals is not None
        },
    )
    shown, row = f"shown-{_key(session_id)}", _row(session_id)
    if st.session_state.get(shown) != row:
        st.session_state[shown] = row
        st.rerun()
