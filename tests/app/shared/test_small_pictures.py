"""Figures and lines beside the rows of lists."""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import replace

import numpy as np
import pytest

from gaitlab.errors import StoreError
from gaitlab.records import PoseTrack
from gaitlab.records.skeleton import Keypoint
from gaitlab.storage import SessionStore
from gaitlab.ui.shared.small_pictures import figure_svg, session_figure, spark_svg, telling_pose
from tests.app.builders_ui import moving_track, squats
from tests.app.visits import click, page


def drawn(picture: str) -> str:
    """Return the SVG element in the address of a picture."""
    match = re.search(r"base64,([^\"]+)", picture)
    assert match is not None
    return b64decode(match[1]).decode()


def with_scores(track: PoseTrack, scores: dict[int, float]) -> PoseTrack:
    score = track.score.copy()
    for frame, value in scores.items():
        score[frame, Keypoint.LEFT_ANKLE] = value
    return PoseTrack(time_s=track.time_s, xy_px=track.xy_px, score=score, image_wh=track.image_wh)


def test_of_the_moments_the_one_is_shown_that_was_seen_best() -> None:
    track = with_scores(moving_track(), {25: 0.2, 50: 0.8, 75: 0.3})
    pose = telling_pose(track, [1.0, 2.0, 3.0])
    assert pose is not None
    np.testing.assert_array_equal(pose, track.xy_px[50])


def test_the_moments_of_a_slow_motion_clip_are_those_of_its_file(sessions: SessionStore) -> None:
    done = squats()
    slow = replace(
        done,
        track_raw=replace(done.track_raw, time_s=4.0 * done.track_raw.time_s),
        provenance=replace(done.provenance, settings={"slow_motion": 4.0}),
    )
    number = sessions.save(slow, person="Ann")
    assert sessions.moments(number) == pytest.approx([8.0, 24.0])


@pytest.mark.usefixtures("own_resources")
def test_an_error_is_not_remembered_as_no_figure(sessions: SessionStore, monkeypatch: pytest.MonkeyPatch) -> None:
    number = sessions.save(squats(), person="Ann")

    def busy(*_: object) -> None:
        raise StoreError("the database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(SessionStore, "raw_track", busy)
        assert "polygon" not in drawn(session_figure(number, "Ann"))
    assert "polygon" in drawn(session_figure(number, "Ann"))


@pytest.mark.usefixtures("own_resources")
def test_a_figure_is_forgotten_with_its_person(sessions: SessionStore) -> None:
    number = sessions.save(squats(), person="Ann")
    assert "polygon" in drawn(session_figure(number, "Ann"))
    app = page("people")
    next(box for box in app.text_input if box.label == "Type the name to confirm").set_value("Ann").run()
    click(app, "Erase for good")
    assert "polygon" not in drawn(session_figure(number, "Ann"))


def test_a_body_with_an_unknown_ankle_is_not_drawn_by_half() -> None:
    track = moving_track()
    xy_px = track.xy_px.copy()
    xy_px[:, Keypoint.LEFT_ANKLE] = np.nan
    assert telling_pose(PoseTrack(time_s=track.time_s, xy_px=xy_px, score=track.score, image_wh=(320, 240)), []) is None


def test_a_figure_lies_within_its_place() -> None:
    places = re.findall(r"([\d.]+),([\d.]+)", figure_svg(moving_track().xy_px[0], wh=(36.0, 44.0)))
    points = np.array(places, dtype=np.float64)
    assert (points >= 0.0).all()
    assert (points <= [36.0, 44.0]).all()
    assert np.ptp(points[:, 1]) > 30.0


def test_a_line_rises_with_its_values_and_ends_in_a_dot() -> None:
    svg = drawn(spark_svg([1.0, 2.0, 3.0], "Three sessions"))
    heights = [float(y) for _, y in re.findall(r"([\d.]+),([\d.]+)", svg)]
    assert heights == sorted(heights, reverse=True)
    assert f'cy="{heights[-1]}"' in svg


def test_equal_values_are_a_level_line_and_one_value_is_none() -> None:
    assert len({y for _, y in re.findall(r"([\d.]+),([\d.]+)", drawn(spark_svg([4.0, 4.0], "Two")))}) == 1
    assert "polyline" not in drawn(spark_svg([4.0], "One"))


def test_the_title_of_a_picture_cannot_end_it() -> None:
    assert '"><script>' not in spark_svg([1.0, 2.0], '"><script>')
