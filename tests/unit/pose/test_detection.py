"""One detection: whether it shows somebody, and whether two show the same body."""

from __future__ import annotations

import numpy as np
import pytest

from gaitlab.pose.detection import Detection, is_same_body, is_somebody
from gaitlab.records.skeleton import Keypoint
from tests.builders_scene import Box, places


def scores(*sure: int) -> np.ndarray:
    return np.array([0.9 if i in sure else 0.1 for i in range(17)])


def detection(box: Box, score: np.ndarray | None = None) -> Detection:
    return Detection(xy_px=places(box), score=np.full(17, 0.9) if score is None else score, colour=np.zeros(3))


LEGS = (Keypoint.LEFT_KNEE, Keypoint.RIGHT_KNEE, Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE)


@pytest.mark.parametrize(
    ("sure", "expected"),
    [((0, 1, 2, 3, 4), False), ((0, 5, 6, 7, 8, 9), True), ((5, 6, 7, 8, 9), False), (LEGS, True), (LEGS[:3], False)],
    ids=["face", "upper body", "too little of it", "legs", "three leg joints"],
)
def test_who_is_somebody(sure: tuple[int, ...], expected: bool) -> None:
    assert bool(is_somebody(scores(*sure))) is expected


def test_a_whole_track_is_asked_at_once() -> None:
    assert is_somebody(np.stack([scores(*range(17)), scores()])).tolist() == [True, False]


def test_the_extent_is_the_diagonal_of_what_is_visible() -> None:
    assert detection((10, 20, 30, 40)).extent_px == pytest.approx(50)
    ankles = detection((10, 20, 30, 40), scores(Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE))
    assert ankles.extent_px == pytest.approx(30)


def test_apart_is_the_mean_distance_of_what_both_show() -> None:
    assert detection((0, 0, 30, 40)).apart_px(detection((3, 4, 30, 40))) == pytest.approx(5)
    assert detection((0, 0, 30, 40)).apart_px(
        detection((3, 4, 30, 40)), moved_px=np.array([3.0, 4.0])
    ) == pytest.approx(0)


def test_with_too_little_in_common_the_middles_count() -> None:
    upper, lower = scores(*range(11)), scores(*range(11, 17))
    apart = detection((0, 0, 30, 40), upper).apart_px(detection((0, 0, 30, 40), lower))
    assert apart == pytest.approx(
        np.linalg.norm(detection((0, 0, 30, 40), upper).middle_px - detection((0, 0, 30, 40), lower).middle_px)
    )


def test_travel_is_the_median_move() -> None:
    later = detection((7, 0, 30, 40))
    later.xy_px[Keypoint.LEFT_ANKLE] += 500  # one joint far off does not count
    assert detection((0, 0, 30, 40)).travel_px(later) == pytest.approx([7, 0])


def test_the_same_body_and_another_one() -> None:
    assert is_same_body(detection((0, 0, 30, 40)), detection((2, 2, 30, 40)))
    assert not is_same_body(detection((0, 0, 30, 40)), detection((15, 0, 30, 40)))
