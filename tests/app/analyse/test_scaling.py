"""A scale set by two points on the page Analyse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gaitlab.sessions import AnalysisRequest
from gaitlab.ui.analyse import queues, show_first_looks
from gaitlab.ui.analyse.queues import previews
from tests.app.analyse.test_subject_choice import choose_clip
from tests.app.scenes import block_engine, people_clip
from tests.app.visits import click, page, text_of, wait_for

pytestmark = pytest.mark.usefixtures("own_resources")


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[AnalysisRequest]]:
    """Take what the page requests instead of analysing it."""
    taken: list[AnalysisRequest] = []

    def take(_clip: Path, request: AnalysisRequest) -> str:
        taken.append(request)
        return "none"

    with closing(block_engine()) as engine:
        monkeypatch.setattr(show_first_looks, "engine_at_hand", lambda: engine)
        monkeypatch.setattr(queues, "submit_clip", take)
        yield taken
        wait_for(previews())


def set_points(app: AppTest, *values: float, length_m: float | None) -> AppTest:
    for field, value in zip(app.number_input[:4], values, strict=True):
        field.set_value(value)
    app.number_input[4].set_value(length_m)
    return app.run()


def test_two_typed_points_and_a_length_go_with_the_order(tmp_path: Path, requests: list[AnalysisRequest]) -> None:
    app = choose_clip(page("analyse"), people_clip(tmp_path / "one.mp4", 1))
    app = set_points(app, 100.0, 300.0, 400.0, 300.0, length_m=1.5)
    assert "300 px are 1.5 m: 200 px a metre" in text_of(app)
    app = click(app, "Analyse")
    assert not app.exception
    (request,) = requests
    assert request.settings.scale_line is not None
    assert request.settings.scale_line.px_per_m == pytest.approx(200.0)


def test_without_a_length_there_is_no_scale(tmp_path: Path, requests: list[AnalysisRequest]) -> None:
    app = choose_clip(page("analyse"), people_clip(tmp_path / "one.mp4", 1))
    click(set_points(app, 100.0, 300.0, 400.0, 300.0, length_m=None), "Analyse")
    assert [request.settings.scale_line for request in requests] == [None]


@pytest.mark.usefixtures("requests")
def test_points_too_near_to_each_other_are_refused_before_the_analysis(tmp_path: Path) -> None:
    app = choose_clip(page("analyse"), people_clip(tmp_path / "one.mp4", 1))
    app = set_points(app, 100.0, 300.0, 103.0, 300.0, length_m=1.5)
    assert "points farther apart" in app.error[0].value
    assert next(button for button in app.button if button.label == "Analyse").disabled


@pytest.mark.usefixtures("requests")
def test_another_clip_needs_its_own_scale(tmp_path: Path) -> None:
    app = choose_clip(page("analyse"), people_clip(tmp_path / "one.mp4", 1))
    app = set_points(app, 100.0, 300.0, 400.0, 300.0, length_m=1.5)
    app = choose_clip(click(app, "Remove"), people_clip(tmp_path / "two.mp4", 2))
    assert [field.value for field in app.number_input] == [None] * 5
