"""Date, remark and tags of a session can be changed on its page, and its older results are found there."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime

import pytest
from streamlit.testing.v1 import AppTest

from gaitlab.storage import SessionStore
from tests.app.builders_ui import walk
from tests.app.visits import click, open_tab, page, text_of

pytestmark = pytest.mark.usefixtures("own_resources")

FILMED = datetime(2026, 3, 2, 9, 30, 12, tzinfo=UTC)


def details(number: int) -> AppTest:
    return open_tab(page("session", session=str(number)), "Details")


def test_remark_and_tags_are_kept_and_the_time_stays(sessions: SessionStore) -> None:
    number = sessions.save(walk(), person="Ann", recorded_at=FILMED, tags=["hall"])
    app = details(number)
    app.text_area(key=f"remark-{number}").input("new shoes")
    app.multiselect(key=f"tags-{number}").set_value(["hall", "shoes"])

    app = click(app, "Save changes")

    assert not app.exception
    stored = sessions.get(number)
    assert (stored.remark, stored.tags) == ("new shoes", ("hall", "shoes"))
    assert stored.header.recorded_at == FILMED


def test_a_day_before_every_film_can_be_shown(sessions: SessionStore) -> None:
    long_ago = datetime(1904, 1, 1, 12, tzinfo=UTC)  # what a camera writes whose clock was never set
    number = sessions.save(walk(), person="Ann", recorded_at=long_ago)
    assert not page("session", session=str(number)).exception


def test_a_changed_day_is_told_by_the_user(sessions: SessionStore) -> None:
    number = sessions.save(walk(), person="Ann")
    app = details(number)
    assert "as the file says" in text_of(app)
    app.date_input(key=f"day-{number}").set_value(date(2025, 5, 1))

    app = click(app, "Save changes")

    header = sessions.get(number).header
    assert header.recorded_at.date() == date(2025, 5, 1)
    assert header.recorded_from == "user"
    assert "told by you" in text_of(app)


def test_older_results_are_offered_and_say_that_they_are_older(sessions: SessionStore) -> None:
    old = sessions.save(walk(), person="Ann", recorded_at=FILMED)
    new = sessions.save(walk(), person="Ann", replaces=old)

    assert "Other results of the same clip (1)" in [one.label for one in details(new).expander]
    assert "These are older results" in text_of(page("session", session=str(old)))


def test_a_recording_analysed_once_has_no_other_results(sessions: SessionStore) -> None:
    number = sessions.save(walk(), person="Ann")

    labels = [one.label for one in details(number).expander]

    assert not [label for label in labels if label.startswith("Other results")]


def test_without_the_packages_of_pdf_its_button_is_off_and_says_what_to_install(
    sessions: SessionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = sessions.save(walk(), person="Ann")

    def button() -> tuple[bool, str]:
        links = page("session", session=str(number)).get("link_button")
        proto = next(link.proto for link in links if link.proto.label == "PDF report")
        return proto.disabled, proto.help

    assert button() == (False, "")
    monkeypatch.setitem(sys.modules, "typst", None)
    disabled, told = button()
    assert disabled
    assert "pip install" in told
