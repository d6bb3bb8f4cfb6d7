"""What was typed when a sign-in ended: kept for its owner alone, and put back once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from gaitlab.errors import SignInError
from gaitlab.ui.resources import store_of
from gaitlab.ui.server.sign_in import Visitor
from tests.app.builders_ui import walk
from tests.app.visits import MAIN, SOON_S

MIA = Visitor(owner="https://id.example mia", role="therapist", name="Mia", until_s=4e9)
ROLF = Visitor(owner="https://id.example rolf", role="reader", name="Rolf", until_s=4e9)


class Door:
    """Whom the pages take who looks for; None: nobody, any more."""

    who: Visitor | None = MIA

    def __call__(self) -> Visitor:
        if self.who is None:
            raise SignInError("your sign-in is over; sign in again")
        return self.who


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch, own_resources: None) -> Door:
    door = Door()
    for module in ("resources", "shared.sign_in_page", "people.people", "settings.settings"):
        monkeypatch.setattr(f"gaitlab.ui.{module}.visitor", door)
    return door


def opened(page: str = "people/people.py") -> AppTest:
    return AppTest.from_file(str(MAIN), default_timeout=SOON_S).run().switch_page(page).run()


def test_what_was_typed_when_a_sign_in_ended_is_there_after_the_next_one_for_its_owner_alone(door: Door) -> None:
    ann = store_of(MIA).add_person("Ann")
    key = f"person-{ann.id}-remark"
    page = opened()
    page.text_area(key=key).input("limps since Monday")
    door.who = None
    next(button for button in page.button if button.label == "Save").click().run()

    assert "over; sign in again" in page.info[0].value
    assert not page.text_area

    door.who = ROLF
    store_of(ROLF)
    assert not opened().text_area
    door.who = MIA
    back = AppTest.from_file(str(MAIN), default_timeout=SOON_S).run()

    assert back.title[0].value == "People"
    assert back.text_area(key=key).value == "limps since Monday"
    assert opened().text_area(key=key).value == ""  # once


def test_a_reader_looks_and_is_offered_nothing_else(door: Door) -> None:
    mine = store_of(MIA)
    mine.save(walk(), person="Ann")
    store_of(ROLF).sign_in("Rolf")
    mine.sign_in("Mia")
    mine.share("Ann", ROLF.owner)
    door.who = ROLF

    page = opened()
    assert any("Shared with you by Mia" in one.value for one in page.markdown)
    assert [button.label for button in page.button] == ["Show the sessions"]
    assert not page.text_input
    assert "Your role is reader" in page.switch_page("analyse/analyse.py").run().info[0].value
    assert not page.exception


def test_only_administrators_set_what_is_for_everybody(door: Door) -> None:
    assert not opened("settings/settings.py").radio
    door.who = replace(MIA, role="administrator")
    assert opened("settings/settings.py").radio
