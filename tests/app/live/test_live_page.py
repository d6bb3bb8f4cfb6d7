"""The Live page without a browser: what it offers and what it hands to its script."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from gaitlab.repetitions.activities import activities
from gaitlab.repetitions.exercises import EXERCISES
from gaitlab.settings import DEFAULT_MODEL
from gaitlab.ui.live import desk, networks
from gaitlab.ui.live.live_camera import live_camera_data
from gaitlab.ui.live.tempo import tempo_parts
from gaitlab.ui.server import tokens
from tests.app.builders_ui import squats
from tests.app.visits import page, text_of

pytestmark = pytest.mark.usefixtures("own_resources")


def handed() -> dict[str, Any]:
    return live_camera_data(
        activity="squat",
        unit="Squats",
        person="Ann",
        model="blocks",
        networks=None,
        sets=None,
        last=None,
        limit_bytes=1 << 20,
    )


def labels(app: AppTest) -> list[str]:
    return [box.label for box in app.selectbox]


def test_the_page_asks_what_and_who_and_says_where_the_pictures_go() -> None:
    app = page("live")
    assert not app.exception
    assert labels(app)[:2] == ["What", "Who"]
    assert "are not kept" in text_of(app)


@pytest.mark.parametrize("others", [(), ("movenet-thunder-int8",)])
def test_pose_models_are_a_choice_only_where_there_are_several(
    others: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "live_models", lambda: (DEFAULT_MODEL, *others))
    monkeypatch.setattr(networks, "networks_for_browsers", lambda: None)
    app = page("live")
    assert not app.exception
    assert ("Pose model" in labels(app)) is bool(others)
    assert not any(box.disabled for box in app.selectbox)
    assert ("Pose model: Exact" in text_of(app)) is not bool(others)


def test_where_the_files_are_the_network_runs_in_the_browser_and_the_server_can_be_chosen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    of_browser = {"networks": [{"name": "movenet-lightning-web"}, {"name": "movenet-thunder-web"}]}
    monkeypatch.setattr(networks, "networks_for_browsers", lambda: of_browser)
    app = page("live")
    assert not app.exception
    where = app.selectbox(key="live-where")
    assert where.options == [
        "On this computer",
        "On this computer: Thunder",
        "On this computer: Lightning",
        "On the server",
    ]
    assert where.value == "computer"
    assert "Pose model: " not in text_of(app)
    where.set_value("server").run()
    assert not app.exception
    assert "Pose model" in labels(app) or "Pose model: Exact" in text_of(app)


def test_every_activity_can_be_chosen_and_says_how_to_stand() -> None:
    for activity in activities():
        app = page("live")
        app.selectbox[0].set_value(activity).run()
        assert not app.exception
        assert "side" in text_of(app) or "front" in text_of(app)


def test_sets_are_offered_for_what_is_counted() -> None:
    app = page("live")
    assert [toggle.label for toggle in app.toggle] == ["Train in sets"]
    app.text_input(key="live-tempo").set_value("fast").run()
    assert "expected seconds of the way down" in app.warning[0].value
    app.text_input(key="live-tempo").set_value("4-2-1-0").run()
    assert not app.warning
    app.selectbox[0].set_value("gait").run()
    assert not app.exception
    assert not app.toggle


def test_a_squat_begins_with_the_way_down_and_a_curl_with_the_way_up() -> None:
    squat, curl = tempo_parts("4-2-1-0", "squat"), tempo_parts(" 4-2-1-0", "biceps-curl")
    assert [(part["word"], part["s"]) for part in squat] == [("down", 4), ("hold", 2), ("up", 1), ("hold", 0)]
    assert [(part["word"], part["s"]) for part in curl] == [("up", 1), ("hold", 0), ("down", 4), ("hold", 2)]


def test_exercises_that_lower_the_body_go_down_first() -> None:
    down = {name for name, row in EXERCISES.items() if row.goes_down_first}
    assert down == {"squat", "push-up", "lunge", "side-lunge", "deadlift"}


def test_people_who_are_known_are_offered(sessions: Any) -> None:
    sessions.save(squats(), person="Ann")
    who = next(box for box in page("live").selectbox if box.label == "Who")
    assert who.options == ["Ann", "Somebody new…"]


def test_the_script_gets_tokens_for_both_doors_and_nothing_that_json_does_not_know() -> None:
    data = json.loads(json.dumps(handed()))
    assert tokens.is_valid(data["live_token"], "live")
    assert tokens.is_valid(data["upload_token"], "upload")


def test_bones_have_the_colour_of_their_side() -> None:
    data = handed()
    colors = {(first, second): data["colors"][side] for first, second, side in data["plan"]["bones"]}
    assert colors[13, 15] == "#0072B2"  # left knee to ankle
    assert colors[14, 16] == "#D55E00"
