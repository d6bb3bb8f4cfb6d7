"""Who is in a clip, from a few of its pictures."""

from __future__ import annotations

import numpy as np
import pytest

from gaitlab.pose.detection import Detection
from gaitlab.pose.engine import PoseEngine
from gaitlab.pose.preview import best_view_of_people, who_stands_out
from tests.builders_scene import BLUE, GREEN, RED, WH, Box, places, pool, scene

LEFT: Box = (60, 60, 90, 200)
RIGHT: Box = (460, 80, 80, 190)
NEAR: Box = (300, 60, 90, 200)
CHILD: Box = (300, 200, 30, 70)


@pytest.fixture
def engine() -> PoseEngine:
    return PoseEngine(pool=pool(), name="blocks", sha256="0" * 64)


def test_the_picture_with_the_most_people_is_taken_and_they_are_listed_from_left_to_right(engine: PoseEngine) -> None:
    ways = {RED: lambda i: RIGHT, GREEN: lambda i: LEFT if i == 2 else None}
    best = best_view_of_people(scene(ways, n=4), engine)
    assert best is not None
    assert best.frame.index == 2
    np.testing.assert_allclose([one.middle_px for one in best.people], [[105, 160], [500, 175]], atol=6)


def test_of_pictures_with_as_many_people_the_one_where_they_stand_farthest_apart_is_taken(engine: PoseEngine) -> None:
    best = best_view_of_people(scene({RED: lambda i: RIGHT, GREEN: lambda i: LEFT if i == 1 else NEAR}, n=3), engine)
    assert best is not None
    assert best.frame.index == 1


def test_who_is_much_smaller_could_not_be_followed_and_is_not_listed(engine: PoseEngine) -> None:
    best = best_view_of_people(scene({RED: lambda i: LEFT, BLUE: lambda i: CHILD}, n=1), engine)
    assert best is not None
    assert len(best.people) == 1


def test_an_empty_scene_has_nobody_in_it(engine: PoseEngine) -> None:
    best = best_view_of_people(scene({}, n=2), engine)
    assert best is not None
    assert best.people == ()


def test_without_a_picture_there_is_nothing_to_tell(engine: PoseEngine) -> None:
    assert best_view_of_people([], engine) is None


def body(box: Box) -> Detection:
    return Detection(xy_px=places(box), score=np.full(17, 0.8), colour=np.full(3, np.nan))


def aside(box: Box, by_px: float) -> Box:
    return (box[0] + by_px, *box[1:])


def test_who_moves_stands_out_beside_a_larger_bystander() -> None:
    now, later = [body(LEFT), body(RIGHT)], [body(LEFT), body(aside(RIGHT, -40))]
    assert who_stands_out(now, later, apart_s=0.3, image_wh=WH) is now[1]


@pytest.mark.parametrize(("by_px", "is_the_same"), [(110, True), (140, False)])
def test_who_is_too_far_away_a_moment_later_is_somebody_else(by_px: float, is_the_same: bool) -> None:
    now, later = [body(LEFT), body(RIGHT)], [body(LEFT), body(aside(RIGHT, -by_px))]
    assert (who_stands_out(now, later, apart_s=0.3, image_wh=WH) is now[1]) == is_the_same


def test_of_one_frame_alone_the_largest_stands_out() -> None:
    now = [body(RIGHT), body(LEFT)]
    assert who_stands_out(now, [], apart_s=0.0, image_wh=WH) is now[1]
