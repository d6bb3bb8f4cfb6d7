"""Everybody in one list: a figure, the last session, and the line of the main number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from gaitlab.history.comparable import usable
from gaitlab.metrics.words import date_words
from gaitlab.storage import Person, PersonOverview, SessionHeader
from gaitlab.ui.resources import store
from gaitlab.ui.shared.help_texts import markdown_text
from gaitlab.ui.shared.small_pictures import session_figure, spark_svg
from gaitlab.ui.shared.widgets import HISTORY_PAGE, headline, headline_metric, time_zone

__all__ = ["EVERYBODY", "everybody_link", "people_list"]

#: Instead of the number of a person in the address of the page.
EVERYBODY: Final = "all"

_AT_ONCE: Final = 20
_RECENT: Final = 20  # sessions in a line
_SHOWN: Final = "people_shown"
_FIND: Final = "find-person"

# The rows are lines of a table; on a phone what follows the name goes below it.
_STYLE: Final = """<style>
[class*="st-key-person-row-"] { border-bottom: 1px solid rgba(128, 128, 128, 0.25); padding: 0.35rem 0 }
[class*="st-key-person-row-"] [data-testid=stPageLink-NavLink] * { white-space: normal; overflow-wrap: anywhere }
</style>"""


def everybody_link() -> None:
    """Show the way from one person to the list."""
    link = {"person": EVERYBODY}
    st.page_link(HISTORY_PAGE, label="Everybody", icon=":material/arrow_back:", query_params=link)


def people_list(people: Sequence[Person]) -> None:
    """Show people, those filmed last first, some at a time; each leads to its time line.

    Parameters
    ----------
    people : sequence of Person
        All of them, for the search by name.
    """
    st.title("History")
    st.write("Everybody known on this computer, those filmed last first. Open somebody to see what has changed.")
    shown = int(st.session_state.get(_SHOWN, _AT_ONCE))
    if len(people) > _AT_ONCE:
        _find(people)
    st.html(_STYLE)
    with st.container(gap="xsmall"):
        for line in store().people_overview(recent=_RECENT, limit=shown):
            _row(line)
    if len(people) > shown and st.button(f"Show more ({len(people) - shown})"):
        st.session_state[_SHOWN] = shown + _AT_ONCE
        st.rerun()


def _find(people: Sequence[Person]) -> None:
    numbers = {person.name: person.id for person in people}
    st.selectbox("Find somebody", list(numbers), index=None, key=_FIND, placeholder="Type a name…", width=320)
    if (name := st.session_state.get(_FIND)) in numbers:
        st.switch_page(HISTORY_PAGE, query_params={"person": str(numbers[name])})


def _main_values(recent: Sequence[SessionHeader]) -> list[float]:
    """Return the main number of the activity done last, oldest first; those of low confidence are left out."""
    newest = next((header for header in recent if header.kind != "none"), None)
    metrics = (headline_metric(header) for header in reversed(recent) if newest and header.kind == newest.kind)
    sure = (metric for metric in metrics if metric is not None and usable(metric))
    return [metric.value for metric in sure if metric.value is not None]


def _row(line: PersonOverview) -> None:
    person, newest = line.person, next(iter(line.recent), None)
    with st.container(horizontal=True, vertical_alignment="center", key=f"person-row-{person.id}"):
        if newest:
            st.html(session_figure(newest.id, "Figure of the last session"), width="content")
        with st.container(width=280):
            link = {"person": str(person.id)}
            st.page_link(HISTORY_PAGE, label=markdown_text(person.name), query_params=link)
        with st.container(width=340, gap=None):
            st.markdown(markdown_text(headline(newest)) if newest else "No session yet")
            if newest:
                n = f"{line.n_sessions} session{'s' if line.n_sessions != 1 else ''}"
                st.caption(markdown_text(f"{date_words(newest.recorded_at, time_zone())} · {n}"))
        if len(values := _main_values(line.recent)) > 1:
            st.html(spark_svg(values, f"The main number of {len(values)} sessions"), width="content")
