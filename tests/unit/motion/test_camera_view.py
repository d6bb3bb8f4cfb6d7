"""From which side the person is seen, and which way they face and go."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pytest

from gaitlab.motion.camera_view import classify_view, find_facing, find_turns, forward_direction, spread_ratio
from gaitlab.records import PoseTrack
from gaitlab.records.skeleton import Keypoint
from tests.builders import figure, squatter, standing, there_and_back, track_of, walker
from tests.builders_walking_tests import up_and_go

HEAD = [Keypoint.NOSE, Keypoint.LEFT_EYE, Keypoint.RIGHT_EYE, Keypoint.LEFT_EAR, Keypoint.RIGHT_EAR]


def without(track: PoseTrack, keypoints: list[Keypoint]) -> PoseTrack:
    xy_px = track.xy_px.copy()
    xy_px[:, keypoints] = np.nan
    return replace(track, xy_px=xy_px)


def test_a_walk_past_the_camera_is_seen_from_the_side() -> None:
    assert classify_view(walker().track) == "side"


def test_somebody_who_faces_the_camera_is_seen_from_the_front() -> None:
    assert classify_view(squatter(view="front")) == "front"


def test_a_person_in_profile_who_stands_is_ambiguous() -> None:
    # Narrow as from the side, but the ankles do not swing as from the front.
    assert classify_view(standing()) == "ambiguous"


def test_a_person_whose_joints_are_unknown_is_ambiguous() -> None:
    track = standing()
    assert classify_view(replace(track, xy_px=np.full_like(track.xy_px, np.nan))) == "ambiguous"


def test_spread_is_the_mean_width_of_shoulders_and_hips_over_the_trunk() -> None:
    front = track_of(figure(np.tile([960.0, 700.0], (20, 1)), forward=0.0))
    # Shoulders 0.25, hips 0.16, trunk 0.30 of the body's height.
    assert spread_ratio(front) == pytest.approx((0.25 + 0.16) / 2 / 0.30)


@pytest.mark.parametrize(("n_seen", "trunk"), [(10, 0.45), (9, 0.293)])
def test_the_legs_tell_the_trunk_where_shoulders_are_seen_in_less_than_half_of_the_frames(
    n_seen: int, trunk: float
) -> None:
    """The trunk of this figure is half as long again as its legs let expect."""
    front = track_of(figure(np.tile([960.0, 700.0], (20, 1)), forward=0.0))
    xy_px = front.xy_px.copy()
    shoulders, hips = [Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER], [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]
    xy_px[:, shoulders, 1] += 0.5 * (xy_px[:, shoulders, 1] - xy_px[:, hips, 1])
    xy_px[n_seen:, shoulders] = np.nan
    assert spread_ratio(replace(front, xy_px=xy_px)) == pytest.approx((0.25 + 0.16) / 2 / trunk, rel=0.05)


@pytest.mark.parametrize(("direction", "facing"), [(1, "right"), (-1, "left")])
def test_a_walker_faces_where_they_go(direction: Literal[1, -1], facing: str) -> None:
    assert find_facing(walker(direction=direction).track) == facing


def test_a_walker_whose_head_is_out_of_the_picture_faces_where_they_go() -> None:
    assert find_facing(without(walker(direction=-1).track, HEAD)) == "left"


def test_a_person_on_the_spot_faces_where_the_nose_is() -> None:
    assert find_facing(standing()) == "right"
    assert find_facing(squatter(direction=-1)) == "left"


def test_without_head_and_without_movement_facing_is_unknown() -> None:
    assert find_facing(without(standing(), HEAD)) == "unknown"


def test_there_and_back_faces_no_one_direction() -> None:
    assert find_facing(there_and_back().track) == "unknown"


@pytest.mark.parametrize("direction", [1, -1])
def test_forward_is_the_walking_direction_all_along(direction: Literal[1, -1]) -> None:
    assert set(forward_direction(walker(direction=direction).track)) == {direction}


def test_there_and_back_goes_right_turns_and_goes_left() -> None:
    walk = there_and_back(fps=30.0)
    forward = forward_direction(walk.track)
    changes = np.flatnonzero(np.diff(forward)) + 1
    assert [int(forward[0]), *forward[changes].astype(int).tolist()] == [1, 0, -1]
    turn_s = len(walk.track) / 2 / 30.0
    np.testing.assert_allclose(walk.track.time_s[changes], turn_s, atol=0.5)


def test_a_direction_is_known_from_half_a_second_before_to_half_a_second_after_it_is_seen() -> None:
    track = standing(duration_s=6.0, fps=4.0)
    seen = (track.time_s >= 2.0) & (track.time_s <= 3.0)
    forward = forward_direction(replace(track, xy_px=np.where(seen[:, np.newaxis, np.newaxis], track.xy_px, np.nan)))
    assert track.time_s[forward == 1].tolist() == [1.5, 1.75, 2.0, 2.25, 2.5, 2.75, 3.0, 3.25, 3.5]


def test_where_the_nose_is_over_the_hips_says_as_much_as_where_it_is_beside_the_ears() -> None:
    track = standing()
    hips_x = track.xy_px[:, [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP], 0].mean(axis=1)
    xy_px = track.xy_px.copy()
    xy_px[:, Keypoint.NOSE, 0] = hips_x + 10.0
    for ear_px, facing in ((0.0, "right"), (20.0, "unknown")):  # the nose lies before the ears, or behind them
        xy_px[:, [Keypoint.LEFT_EAR, Keypoint.RIGHT_EAR], 0] = (hips_x + ear_px)[:, np.newaxis]
        assert find_facing(replace(track, xy_px=xy_px)) == facing


@pytest.mark.parametrize("turn_s", [0.6, 0.8])
def test_a_quick_turn_begins_and_ends_where_it_is_drawn(turn_s: float) -> None:
    drawn = up_and_go(turn_s=turn_s)
    turns = find_turns(drawn.track, forward_direction(drawn.track))
    starts_s = (drawn.turn_s, drawn.turn_back_s)
    expected = [(one, one + turn_s) for one in starts_s]
    np.testing.assert_allclose(np.array(turns, dtype=float), expected, atol=0.1)


def test_forward_is_unclear_while_nothing_is_known() -> None:
    track = standing()
    unknown = replace(track, xy_px=np.full_like(track.xy_px, np.nan))
    assert not forward_direction(unknown).any()


@pytest.mark.parametrize(("trunks_per_s", "facing"), [(0.45, "unknown"), (0.55, "right")])
def test_who_goes_by_half_a_trunk_in_a_second_faces_where_they_go(trunks_per_s: float, facing: str) -> None:
    """Without a head and with straight legs nothing else tells it; the trunk is 0.3 of 300 px."""
    track = without(standing(), HEAD)
    way_px = trunks_per_s * 0.3 * 300.0 * track.time_s
    moved = track.xy_px + np.stack([way_px, np.zeros_like(way_px)], axis=1)[:, np.newaxis]
    assert find_facing(replace(track, xy_px=moved)) == facing
