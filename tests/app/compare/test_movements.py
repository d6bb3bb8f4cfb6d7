"""A stride or repetition as it is laid over another one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.pipeline import analyse_track
from gaitlab.records import Analysis, PoseTrack, SourceInfo
from gaitlab.records.skeleton import Keypoint
from gaitlab.settings import AnalysisSettings
from gaitlab.ui.compare.movements import body_height_px, choose_repetition, cycle_of, lengths_px, movements
from gaitlab.ui.shared.overlay import Cycle
from tests.app.builders_ui import nothing, squats
from tests.builders import walker

HIPS = [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]


def analysed(track: PoseTrack) -> Analysis:
    source = SourceInfo(file="walk.mp4", frames=len(track), duration_s=None, fps_mean=None, sha256="0" * 64)
    return analyse_track(track, AnalysisSettings(activity="gait"), source=source)


def laid(analysis: Analysis) -> Cycle:
    movement = movements(analysis)["left"]
    (height_px,) = body_height_px([lengths_px(analysis, movement)])
    return cycle_of(analysis, movement, height_px=height_px)


@pytest.fixture(scope="module")
def rightward() -> Analysis:
    return analysed(walker(n_strikes=10).track)


def test_a_walker_walks_on_the_spot(rightward: Analysis) -> None:
    cycle = laid(rightward)
    middle = cycle.xy[:, HIPS].mean(axis=1)
    assert middle[[0, -1]] == pytest.approx(np.zeros((2, 2)), abs=1e-6)
    assert np.abs(middle).max() < 0.05


def test_who_walks_to_the_left_is_mirrored_and_looks_like_who_walks_to_the_right(rightward: Analysis) -> None:
    leftward = laid(analysed(walker(n_strikes=10, direction=-1).track))
    assert leftward.place.is_mirrored
    assert not laid(rightward).place.is_mirrored
    assert leftward.xy[0, Keypoint.LEFT_ANKLE, 0] > 0.1  # at heel strike the foot is in front
    assert laid(rightward).xy[0, Keypoint.LEFT_ANKLE, 0] > 0.1


def test_who_is_filmed_from_nearer_is_as_large(rightward: Analysis) -> None:
    near = laid(analysed(walker(n_strikes=10, body_px=450.0).track))
    far = laid(rightward)
    assert near.place.px_per_height == pytest.approx(1.5 * far.place.px_per_height, rel=0.02)
    assert near.xy[0, Keypoint.LEFT_ANKLE] == pytest.approx(far.xy[0, Keypoint.LEFT_ANKLE], abs=0.03)


def test_only_segments_that_all_show_say_how_large_they_are() -> None:
    whole, without_legs = np.array([288.0, 245.0, 123.0]), np.array([144.0, np.nan, np.nan])
    assert body_height_px([whole, without_legs]) == pytest.approx([1000.0, 500.0])
    assert body_height_px([np.full(3, np.nan), whole]) == []
    assert body_height_px([]) == []


def test_times_of_a_slow_motion_clip_are_those_of_its_file(rightward: Analysis) -> None:
    slow = replace(rightward.track_raw, time_s=4.0 * rightward.track_raw.time_s)
    cycle = laid(replace(rightward, track_raw=slow))
    assert np.diff(cycle.events_s) == pytest.approx(4.0 * np.diff(laid(rightward).events_s))


def test_hips_that_are_not_seen_at_the_start_leave_a_repetition_out() -> None:
    analysis = squats()
    assert list(movements(analysis)) == ["both"]
    assert [one.title for one in choose_repetition(analysis, 1).values()] == ["repetition 1, 3.0 s"]
    assert choose_repetition(analysis, 9) == {}
    xy_px = analysis.track.xy_px.copy()
    xy_px[:20, HIPS] = np.nan
    hidden = replace(analysis, track=replace(analysis.track, xy_px=xy_px))
    assert movements(hidden) == {}


def test_without_an_activity_there_is_no_movement() -> None:
    assert movements(nothing()) == {}
