"""A pose as the drawing of a body; the numbers stand in tests/javascript/figure.test.js, too."""

from __future__ import annotations

import numpy as np
import pytest

from gaitlab.motion.body_figure import FIGURE_PLAN, body_figure
from gaitlab.records import FloatArray
from gaitlab.records.skeleton import Keypoint


@pytest.fixture
def front() -> FloatArray:
    """Return head and trunk seen from the front, 28.8 from shoulders to hips."""
    xy = np.full((17, 2), np.nan)
    xy[Keypoint.NOSE] = (0, 1)
    xy[Keypoint.LEFT_EAR], xy[Keypoint.RIGHT_EAR] = (2, 0), (-2, 0)
    xy[Keypoint.LEFT_SHOULDER], xy[Keypoint.RIGHT_SHOULDER] = (4, 10), (-4, 10)
    xy[Keypoint.LEFT_HIP], xy[Keypoint.RIGHT_HIP] = (3, 38.8), (-3, 38.8)
    return xy


def test_the_head_is_as_large_as_the_trunk_says_and_has_its_middle_between_the_ears(front: FloatArray) -> None:
    figure = body_figure(front)
    assert figure.head == pytest.approx((0.0, 0.0, 6.5))
    [(start, end, side)] = figure.bones
    assert (start, side) == ((0.0, 10.0), "both")
    assert end == pytest.approx((0.0, 6.5))
    assert figure.trunk == ((4.0, 10.0), (-4.0, 10.0), (-3.0, 38.8), (3.0, 38.8))


def test_where_the_trunk_is_hidden_the_face_says_how_large_the_head_is(front: FloatArray) -> None:
    front[Keypoint.LEFT_SHOULDER :] = np.nan
    assert body_figure(front).head == pytest.approx((0.0, 0.0, 2.8))


def test_without_a_face_there_is_no_head_and_no_neck(front: FloatArray) -> None:
    front[: Keypoint.LEFT_SHOULDER] = np.nan
    assert body_figure(front).head is None
    assert body_figure(front).bones == ()


def test_a_face_of_one_point_without_a_trunk_has_no_size(front: FloatArray) -> None:
    front[1:] = np.nan
    assert body_figure(front).head is None


def test_limbs_with_an_unknown_end_are_left_out() -> None:
    xy = np.arange(34.0).reshape(17, 2)
    xy[Keypoint.LEFT_WRIST] = np.nan
    sides = [side for *_, side in body_figure(xy).bones]
    assert (sides.count("left"), sides.count("right"), sides.count("both")) == (3, 4, 1)


def test_feet_after_the_keypoints_are_drawn_from_the_ankle_to_the_heel_and_on_to_the_toe() -> None:
    xy = np.full((21, 2), np.nan)
    xy[Keypoint.LEFT_ANKLE], xy[17], xy[19] = (0, 0), (-1, 2), (4, 3)  # the right foot is unknown
    assert body_figure(xy).bones == (((0.0, 0.0), (-1.0, 2.0), "left"), ((-1.0, 2.0), (4.0, 3.0), "left"))


def test_the_plan_for_the_pages_is_plain_numbers() -> None:
    assert FIGURE_PLAN["trunk"] == [5, 6, 12, 11]
    assert len(FIGURE_PLAN["bones"]) == 12
    assert FIGURE_PLAN["bones"][-4:] == [[15, 17, "left"], [16, 18, "right"], [17, 19, "left"], [18, 20, "right"]]
    assert FIGURE_PLAN["of_trunk"] == pytest.approx(0.2257, abs=1e-4)
