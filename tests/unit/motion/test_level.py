"""Which way is up: by the way across the picture, and by a body that walks when the picture is turned."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gaitlab.motion.level import find_level, turned, turned_points
from gaitlab.pipeline import analyse_track
from gaitlab.records import Analysis, PoseTrack, SourceInfo
from gaitlab.settings import AnalysisSettings
from tests.builders import squatter, standing, walker


def analysed(track: PoseTrack) -> Analysis:
    return analyse_track(
        track, AnalysisSettings(), source=SourceInfo(file="t", frames=1, duration_s=None, fps_mean=None)
    )


def number(analysis: Analysis, name: str) -> float:
    (found,) = [one for one in analysis.metrics if one.name == name]
    assert found.value is not None
    return found.value


@pytest.mark.parametrize("roll_deg", [-15.0, 5.0, 10.0, 90.0, -90.0, 180.0])
def test_a_turned_picture_of_a_walk_gives_the_same_numbers_and_says_so(roll_deg: float) -> None:
    walk = walker(n_strikes=12).track
    plain, rolled = analysed(walk), analysed(turned(walk, roll_deg))
    for name in ("cadence", "trunk_lean_mean"):
        assert number(rolled, name) == pytest.approx(number(plain, name), abs=0.5)
    word = "tilted" if abs(roll_deg) < 45 else "upside down" if abs(roll_deg) == 180 else "on its side"
    assert [note for note in rolled.notes if word in note]
    assert not [note for note in plain.notes if word in note]
    assert rolled.subject.direction == "forward"


def test_the_track_stays_where_the_picture_shows_it() -> None:
    walk = turned(walker(n_strikes=12).track, 90.0)
    assert abs(analysed(walk).track.xy_px[40] - walk.xy_px[40]).max() <= 20.0


@pytest.mark.parametrize(("roll_deg", "is_told"), [(2.5, False), (3.5, True)])
def test_a_camera_that_is_tilted_by_less_than_3_degrees_is_level(roll_deg: float, is_told: bool) -> None:
    assert (find_level(turned(walker(n_strikes=12).track, roll_deg)).roll_deg != 0.0) == is_told


@pytest.mark.parametrize("track", [standing(), squatter(reps=3)])
def test_who_stays_in_place_shows_no_level(track: PoseTrack) -> None:
    level = find_level(track)
    assert (level.roll_deg, level.is_measured) == (0.0, False)


def test_a_body_that_lies_and_does_not_walk_is_not_turned() -> None:
    analysis = analysed(turned(squatter(reps=4), 90.0))
    assert not [note for note in analysis.notes if "lies on its side" in note]


def test_the_ways_of_shoulders_and_ankles_may_lie_on_either_side_of_level() -> None:
    """Shoulders go down by a hundredth of the way, ankles go up by as much: level in the mean."""
    track = walker(n_strikes=12).track
    xy_px = track.xy_px.copy()
    for joints, share in (((5, 6), 0.01), ((15, 16), -0.01)):
        xy_px[:, joints, 1] += share * (xy_px[:, joints, 0] - xy_px[0, joints, 0])
    level = find_level(replace(track, xy_px=xy_px))
    assert (level.roll_deg, level.is_measured) == (0.0, True)


@pytest.mark.parametrize(("bent_deg", "lies_deg"), [(37.0, 90.0), (43.0, 0.0)])
def test_a_body_lies_that_is_bent_by_less_than_40_degrees(bent_deg: float, lies_deg: float) -> None:
    track = turned(standing(), 90.0)
    hips = track.xy_px[:, [11, 12]].mean(axis=1, keepdims=True)
    xy_px = track.xy_px.copy()
    upper = slice(0, 11)
    xy_px[:, upper] = hips + turned_points(xy_px[:, upper] - hips, bent_deg, from_wh=(0, 0), to_wh=(0, 0))
    assert find_level(replace(track, xy_px=xy_px)).lies_deg == lies_deg
