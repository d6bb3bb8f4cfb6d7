"""The hints for the sample sessions."""

from __future__ import annotations

import pytest

from gaitlab.paths import data_dir
from gaitlab.storage import SessionStore
from gaitlab.storage.preferences import read_preferences
from tests.app.visits import click, page, text_of

pytestmark = pytest.mark.usefixtures("own_resources")


def test_the_tour_goes_from_the_newest_report_over_the_person_to_a_clip_of_ones_own() -> None:
    app = click(page("analyse"), "Load the sample sessions")
    assert "hint 1 of 4" in text_of(app)
    assert app.title[0].value == "Walking\\: 122 steps\\/min"
    app = click(app, "Next")
    assert "hint 2 of 4" in text_of(app)
    app = click(app, "Next")
    assert "hint 3 of 4" in text_of(app)
    assert app.title[0].value == "Sample\\: walking"
    app = click(app, "Next")
    assert "hint 4 of 4" in text_of(app)
    assert app.title[0].value == "Analyse a video"
    assert "· hint" not in text_of(click(app, "Done"))
    assert read_preferences(data_dir()).tour_done


def test_a_tour_that_was_closed_does_not_come_again(sample_sessions: SessionStore) -> None:
    for header in sample_sessions.sessions():
        sample_sessions.delete(header.id)
    app = click(click(page("analyse"), "Load the sample sessions"), "Close the tour")
    assert "· hint" not in text_of(app)
    for header in sample_sessions.sessions():
        sample_sessions.delete(header.id)
    assert "· hint" not in text_of(click(page("analyse"), "Load the sample sessions"))


def test_a_hint_waits_on_its_page(sample_sessions: SessionStore) -> None:
    for header in sample_sessions.sessions():
        sample_sessions.delete(header.id)
    app = click(page("analyse"), "Load the sample sessions")
    app.switch_page("settings/settings.py")
    assert "· hint" not in text_of(app.run())
    app.switch_page("session/session.py")
    assert "hint 1 of 4" in text_of(app.run())
