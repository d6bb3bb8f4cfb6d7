"""The tabs of a report: only the open one is made, and it stays open where it can."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from gaitlab.storage import SessionStore
from tests.app.builders_ui import long_walk, nothing, squats, walk
from tests.app.visits import open_tab, page, text_of

pytestmark = pytest.mark.usefixtures("own_resources")


def tabs(app: AppTest) -> list[str]:
    return [tab.label for tab in app.tabs]


def test_a_report_has_the_tabs_it_has_something_for(sessions: SessionStore) -> None:
    for analysis, expected in (
        (long_walk(), ["Curves", "Steps", "Left and right", "Details", "Share"]),
        (squats(), ["Repetitions", "Details", "Share"]),
        (nothing(), ["Details", "Share"]),
    ):
        assert tabs(page("session", session=str(sessions.save(analysis, person="Ann")))) == expected


def test_a_closed_tab_is_not_made(sessions: SessionStore) -> None:
    app = page("session", session=str(sessions.save(walk(), person="Ann")))
    assert "Select a row" in text_of(app)
    assert not app.text_area  # the remark, in the details
    app = open_tab(app, "Details")
    assert "Select a row" not in text_of(app)
    assert app.text_area


def test_the_open_tab_stays_open_in_the_next_report(sessions: SessionStore) -> None:
    first, second = (sessions.save(analysis, person="Ann") for analysis in (long_walk(), squats()))
    app = open_tab(page("session", session=str(first)), "Share")
    app.query_params["session"] = str(second)
    app.run()
    assert [link.proto.label for link in app.get("link_button")][-1] != "PDF report"


def test_the_sentence_of_what_stands_out_is_outside_of_the_tabs(sessions: SessionStore) -> None:
    app = open_tab(page("session", session=str(sessions.save(walk(), person="Ann"))), "Share")
    assert "Walking at 104 steps per minute" in text_of(app)
