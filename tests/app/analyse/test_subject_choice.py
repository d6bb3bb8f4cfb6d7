"""Choosing who of several people is measured."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gaitlab.pipeline import PoseEngine
from gaitlab.ui.analyse import show_first_looks as first_looks
from gaitlab.ui.analyse.first_look import PersonInView, Preview
from gaitlab.ui.analyse.queues import previews
from gaitlab.ui.analyse.subject_choice import AUTOMATIC
from gaitlab.ui.resources import upload_dir
from tests.app.scenes import block_engine, people_clip
from tests.app.visits import SOON_S, click, drop, page, text_of, wait_for

pytestmark = pytest.mark.usefixtures("own_resources")

NOBODY = "Nobody was found in a first look"
OUTSTANDING = "button p { background: #f0e442 }"
LOOKING = "Finding out who is in the clip"


class EngineAtHand:
    """An engine for block people that counts how often it was asked for."""

    def __init__(self, engine: PoseEngine) -> None:
        self.engine, self.asked = engine, 0

    def __call__(self) -> PoseEngine:
        self.asked += 1
        return self.engine


@pytest.fixture
def at_hand(monkeypatch: pytest.MonkeyPatch) -> Iterator[EngineAtHand]:
    with closing(block_engine()) as engine:
        at_hand = EngineAtHand(engine)
        monkeypatch.setattr(first_looks, "engine_at_hand", at_hand)
        yield at_hand
        wait_for(previews())


def choose_clip(app: AppTest, clip: Path) -> AppTest:
    """Choose a clip and wait until it was looked at."""
    drop(app, clip.name, clip.read_bytes())
    wait_for(previews())
    return app.run()


@pytest.mark.usefixtures("at_hand")
def test_several_people_can_be_chosen_from_by_number(tmp_path: Path) -> None:
    app = choose_clip(page("analyse"), people_clip(tmp_path / "two.mp4", 2))
    assert not app.exception
    assert "Several people are in the clip" in text_of(app)
    assert list(app.button_group[0].options) == [AUTOMATIC, "1", "2"]
    assert app.session_state["whom"] == AUTOMATIC
    app.button_group[0].set_value("2")
    assert app.run().session_state["whom"] == "2"


@pytest.mark.usefixtures("at_hand")
def test_one_person_needs_no_choice(tmp_path: Path) -> None:
    app = choose_clip(page("analyse"), people_clip(tmp_path / "one.mp4", 1))
    assert not app.button_group
    assert not app.info
    assert not app.warning
    assert LOOKING not in text_of(app)


def test_until_the_clip_was_looked_at_a_line_says_so_and_it_can_be_analysed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    monkeypatch.setattr(first_looks, "engine_at_hand", lambda: go_on.wait(SOON_S) and None)
    app = page("analyse")
    clip = people_clip(tmp_path / "two.mp4", 2)
    assert LOOKING in text_of(drop(app, clip.name, clip.read_bytes()))
    assert not next(button for button in app.button if button.label == "Analyse").disabled
    go_on.set()
    wait_for(previews())
    assert LOOKING not in text_of(app.run())


@pytest.mark.usefixtures("at_hand")
def test_nobody_is_said_and_the_clip_can_be_analysed_all_the_same(tmp_path: Path) -> None:
    app = choose_clip(page("analyse"), people_clip(tmp_path / "empty.mp4", 0))
    assert NOBODY in app.info[0].value
    assert not next(button for button in app.button if button.label == "Analyse").disabled


@pytest.mark.usefixtures("at_hand")
def test_a_damaged_file_is_a_message(tmp_path: Path) -> None:
    clip = tmp_path / "diary.mp4"
    clip.write_bytes(b"dear diary")
    app = choose_clip(page("analyse"), clip)
    assert not app.exception
    assert "diary" in app.warning[0].value


def test_a_clip_is_looked_at_once_and_goes_when_it_is_removed(tmp_path: Path, at_hand: EngineAtHand) -> None:
    app = choose_clip(page("analyse"), people_clip(tmp_path / "two.mp4", 2))
    app.button_group[0].set_value("1")
    app.run()
    app.run()
    assert at_hand.asked == 1
    click(app, "Remove")
    assert list(upload_dir().iterdir()) == []


def test_another_clip_is_looked_at_anew_and_nobody_is_chosen_in_it(tmp_path: Path, at_hand: EngineAtHand) -> None:
    app = choose_clip(page("analyse"), people_clip(tmp_path / "two.mp4", 2))
    app.button_group[0].set_value("2")
    app = choose_clip(click(app.run(), "Remove"), people_clip(tmp_path / "other.mp4", 2))
    assert at_hand.asked == 2
    assert app.session_state["whom"] == AUTOMATIC


@pytest.mark.usefixtures("at_hand")
def test_the_choice_goes_with_the_clip(tmp_path: Path) -> None:
    app = choose_clip(page("analyse"), people_clip(tmp_path / "two.mp4", 2))
    click(app, "Remove")
    assert not app.exception
    assert not app.button_group


@pytest.mark.usefixtures("at_hand")
def test_a_click_on_a_box_chooses_the_person_and_makes_the_box_stand_out(tmp_path: Path) -> None:
    app = choose_clip(page("analyse"), people_clip(tmp_path / "two.mp4", 2))
    assert OUTSTANDING not in text_of(app)
    for number in ("2", "1", "1"):
        app = click(app, number)
        assert app.session_state["whom"] == number
        assert f".st-key-whom-box-{number} {OUTSTANDING}" in text_of(app)
    app.button_group[0].set_value(AUTOMATIC)
    assert OUTSTANDING not in text_of(app.run())


def test_a_person_is_told_by_the_moment_and_the_middle_of_the_torso() -> None:
    people = (
        PersonInView(box_px=(10.0, 20.0, 60.0, 180.0), torso_px=(35.0, 80.0)),
        PersonInView(box_px=(200.0, 30.0, 250.0, 190.0), torso_px=(225.0, 90.0)),
    )
    preview = Preview(time_s=1.5, image_wh=(320, 200), jpeg=b"", people=people)
    assert preview.subject_at(2) == (1.5, 225.0, 90.0)
