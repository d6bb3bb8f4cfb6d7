"""A walking test asked for on the page Analyse."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gaitlab.sessions import AnalysisRequest
from tests.app.analyse.test_scaling import requests, set_points
from tests.app.analyse.test_subject_choice import choose_clip
from tests.app.scenes import people_clip
from tests.app.visits import click, page, text_of

__all__ = ["requests"]

pytestmark = pytest.mark.usefixtures("own_resources")


def page_with_clip(tmp_path: Path) -> AppTest:
    return choose_clip(page("analyse"), people_clip(tmp_path / "one.mp4", 1))


def choose(app: AppTest, key: str, value: object) -> AppTest:
    app.selectbox(key=key).set_value(value)
    return app.run()


def test_marks_of_a_walk_are_the_points_of_the_scale(tmp_path: Path, requests: list[AnalysisRequest]) -> None:
    app = set_points(page_with_clip(tmp_path), 100.0, 300.0, 400.0, 300.0, length_m=4.0)
    click(choose(app, "walking-test", "marks"), "Analyse")
    (request,) = requests
    assert request.settings.walking_tests.marks is not None
    assert request.settings.walking_tests.marks.length_m == 4.0


@pytest.mark.usefixtures("requests")
def test_a_walk_without_marks_says_what_to_set(tmp_path: Path) -> None:
    app = choose(page_with_clip(tmp_path), "walking-test", "marks")
    assert "4, 6 or 10 m apart" in app.error[0].value
    assert "set both marks" in text_of(app)
    assert next(button for button in app.button if button.label == "Analyse").disabled


def test_up_and_go_and_typed_points_go_with_the_order(tmp_path: Path, requests: list[AnalysisRequest]) -> None:
    app = choose(choose(page_with_clip(tmp_path), "walking-test", "up_and_go"), "sppb-balance", 3)
    click(app, "Analyse")
    (request,) = requests
    asked = request.settings.walking_tests
    assert (asked.up_and_go, asked.sppb_balance, asked.sppb_gait, asked.marks) == (True, 3, None, None)
