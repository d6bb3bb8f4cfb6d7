"""The tab Share: the page says beside its links what the files will hold."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from gaitlab.storage import SessionStore
from tests.app.builders_ui import squats
from tests.app.visits import open_tab, page, text_of

pytestmark = pytest.mark.usefixtures("own_resources")


def press(app: AppTest, label: str) -> AppTest:
    """Press a button of the tab, which stays open."""
    next(button for button in app.button if button.label == label).click()
    return open_tab(app, "Share")


def test_what_is_typed_waits_for_its_button_and_then_stands_beside_the_link(sessions: SessionStore) -> None:
    number = sessions.save(squats(), person="Ann")
    app = open_tab(page("session", session=str(number)), "Share")
    assert "Without a question." in text_of(app)
    assert "Without comments." in text_of(app)
    assert app.text_input(
        key=f"question-{number}"
    ).form_id  # outside of a form the click on the link would come before the words
    assert app.text_area[0].form_id
    app.text_input(key=f"question-{number}").set_value("*Deep* enough")
    app = press(app, "Put it on the page")
    assert "With the question: \\*Deep\\* enough" in text_of(app)
    app.text_area[0].set_value("2.0 deep\n6 deeper")
    app = press(app, "Pin them to the page")
    assert "With 2 comments." in text_of(app)


def test_a_comment_outside_of_the_clip_leaves_no_link(sessions: SessionStore) -> None:
    app = open_tab(page("session", session=str(sessions.save(squats(), person="Ann"))), "Share")
    app.text_area[0].set_value("99 deep")
    app = press(app, "Pin them to the page")
    assert "from 0.00 to 7.96 s" in app.error[0].value
    link = next(one.proto for one in app.get("link_button") if one.proto.label == "Page that plays (HTML)")
    assert link.disabled
    assert "omments." not in text_of(app)
