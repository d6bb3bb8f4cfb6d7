"""The hints for the sample sessions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from gaitlab.paths import data_dir
from gaitlab.storage import SessionStore
from gaitlab.storage.preferences import read_preferences
from tests.app.builders_ui import walk
from tests.app.visits import click, page, text_of

WALKER = "Sample: walking"

pytestmark = pytest.mark.usefixtures("own_resources")


def press(app: AppTest, label: str, *, on: str) -> AppTest:
    """Press a button on a page that another one led to; a test has to be told which page that is."""
    app.switch_page(f"{on}/{on}.py")
    return click(app, label)


def test_the_tour_goes_from_the_newest_report_over_the_person_to_a_clip_of_ones_own() -> None:
    app = click(page("analyse"), "Load the sample sessions")
    assert "hint 1 of 4" in text_of(app)
    assert app.title[0].value == "Walking\\: 122 steps\\/min"
    app = press(app, "Next", on="session")
    assert "hint 2 of 4" in text_of(app)
    app = press(app, "Next", on="session")
    assert "hint 3 of 4" in text_of(app)
    assert app.title[0].value == "Sample\\: walking"
    app = press(app, "Next", on="history")
    assert "hint 4 of 4" in text_of(app)
    assert app.title[0].value == "Analyse a video"
    assert "· hint" not in text_of(press(app, "Done", on="analyse"))
    assert read_preferences(data_dir()).tour_done


@pytest.mark.parametrize("change", ["renamed", "erased"])
def test_a_tour_whose_person_is_gone_ends(sample_sessions: SessionStore, change: str) -> None:
    walker = sample_sessions.person(WALKER)
    if change == "renamed":
        sample_sessions.update_person(replace(walker, name="Somebody"))
    else:
        sample_sessions.erase_person(WALKER)
    app = page("session")
    app.session_state["tour-at"] = 1
    app = click(app.run(), "Next")
    assert not app.exception
    assert "· hint" not in text_of(app)
    assert read_preferences(data_dir()).tour_done


def test_the_hint_on_one_person_is_on_that_person_only(sample_sessions: SessionStore) -> None:
    for person, is_shown in ((str(sample_sessions.person(WALKER).id), True), ("all", False), ("2", False)):
        app = page("history", person=person)
        app.session_state["tour-at"] = 2
        assert ("· hint 3 of 4" in text_of(app.run())) is is_shown


def begun() -> None:
    from gaitlab.ui.shared.tour import begin_tour, show_hint

    begin_tour()
    show_hint("Session")


def test_a_tour_that_was_closed_does_not_come_again() -> None:
    app = AppTest.from_function(begun).run()
    assert "· hint 1 of 4" in text_of(app)
    click(app, "Close the tour")
    assert "· hint" not in text_of(AppTest.from_function(begun).run())


def test_a_hint_waits_on_its_page(sessions: SessionStore) -> None:
    sessions.save(walk(), person="Ann")
    app = page("settings")
    app.session_state["tour-at"] = 0
    assert "· hint" not in text_of(app.run())
    app.switch_page("session/session.py")
    assert "· hint 1 of 4" in text_of(app.run())
