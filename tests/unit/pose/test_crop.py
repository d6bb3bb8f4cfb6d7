"""Where to look next: squares worked out by hand for a person at (500, 400) in a picture of 1000 x 800."""

from __future__ import annotations

import numpy as np
import pytest

from gaitlab.pose.crop import CropSquare, body_square, crop_around, full_square, next_crop
from gaitlab.records import FloatArray
from gaitlab.records.skeleton import Keypoint

WH = (1000, 800)
WHOLE = CropSquare(left_px=0.0, top_px=-100.0, side_px=1000.0)
SHOULDERS = (Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER)
HIPS = (Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP)


def person(**moved: tuple[float, float]) -> FloatArray:
    """Return a pose that is one point, (500, 400), but for shoulders 100 above and the keypoints `moved`."""
    xy_px = np.tile([500.0, 400.0], (17, 1))
    xy_px[list(SHOULDERS)] = [500, 300]
    for name, position in moved.items():
        xy_px[Keypoint[name.upper()]] = position
    return xy_px


def scores(**changed: float) -> FloatArray:
    score = np.full(17, 0.9)
    for name, value in changed.items():
        score[Keypoint[name.upper()]] = value
    return score


def test_the_first_square_holds_the_whole_picture() -> None:
    assert full_square(WH) == WHOLE
    assert full_square((360, 640)) == CropSquare(left_px=-140.0, top_px=0.0, side_px=640.0)


def test_the_torso_decides_when_the_body_is_near() -> None:
    # Shoulders 100 px above the hips: half the side is 1.9 x 100.
    assert next_crop(person(), scores(), WH) == CropSquare(left_px=310.0, top_px=210.0, side_px=380.0)


def test_an_ankle_far_below_the_hips_widens_the_crop() -> None:
    # 1.2 x 250 = 300 is more than 1.9 x 100.
    square = next_crop(person(left_ankle=(500, 650)), scores(), WH)
    assert square == CropSquare(left_px=200.0, top_px=100.0, side_px=600.0)


def test_a_wrist_far_to_the_side_widens_the_crop() -> None:
    square = next_crop(person(right_wrist=(300, 400)), scores(), WH)
    assert square.side_px == pytest.approx(2 * 1.2 * 200)


@pytest.mark.parametrize(("score", "side_px"), [(0.2, 380.0), (0.21, 600.0)])
def test_an_ankle_that_is_not_seen_does_not_widen_the_crop(score: float, side_px: float) -> None:
    square = next_crop(person(left_ankle=(500, 650)), scores(left_ankle=score), WH)
    assert square.side_px == pytest.approx(side_px)


def test_a_shoulder_counts_for_the_torso_whatever_its_score() -> None:
    square = next_crop(person(left_shoulder=(500, 250)), scores(left_shoulder=0.0), WH)
    assert square.side_px == pytest.approx(2 * 1.9 * 150)


def test_one_shoulder_and_the_hip_of_the_other_side_are_enough() -> None:
    assert next_crop(person(), scores(left_shoulder=0.1, right_hip=0.1), WH).side_px == pytest.approx(380.0)


@pytest.mark.parametrize("lost", [SHOULDERS, HIPS])
def test_without_shoulders_or_hips_the_whole_picture_is_looked_at(lost: tuple[Keypoint, ...]) -> None:
    score = scores()
    score[list(lost)] = 0.2
    assert next_crop(person(), score, WH) == WHOLE


def test_the_crop_ends_at_the_farthest_edge_of_the_picture() -> None:
    # Half the side would be 1.2 x 450 = 540; the farthest edge from the middle is 500 px away.
    square = next_crop(person(left_ankle=(500, 850)), scores(), WH)
    assert square == CropSquare(left_px=0.0, top_px=-100.0, side_px=1000.0)


def test_a_crop_larger_than_the_picture_becomes_the_whole_picture() -> None:
    off_centre = person(left_ankle=(500, 850)) + np.array([100.0, 0.0])
    # Half the side is 1.2 x 450 = 540: within the 600 px to the left edge, but more than half of 1000.
    assert next_crop(off_centre, scores(), WH) == WHOLE


def test_the_square_may_reach_beyond_the_picture() -> None:
    at_the_edge = person() - np.array([450.0, 0.0])
    assert next_crop(at_the_edge, scores(), WH).left_px == pytest.approx(50 - 190)


def test_an_unknown_keypoint_means_the_whole_picture() -> None:
    assert next_crop(person(nose=(np.nan, np.nan)), scores(), WH) == WHOLE


def test_the_middle_of_the_square_is_the_middle_of_the_person() -> None:
    square = CropSquare(left_px=310.0, top_px=210.0, side_px=380.0)
    np.testing.assert_allclose(
        square.box((256, 256)).to_source(np.array([[0.5, 0.5], [0.0, 1.0]])), [[500, 400], [310, 590]]
    )


def test_what_is_visible_of_somebody_without_a_torso_is_looked_at() -> None:
    """Legs alone, 300 px high and 100 px wide: 1.2 times the longer side, centred."""
    xy_px = person(left_hip=(450, 400), right_hip=(550, 400), left_ankle=(450, 700), right_ankle=(550, 700))
    score = np.zeros(17)
    score[[Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP, Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]] = 0.9
    assert crop_around(xy_px, score, WH) == CropSquare(left_px=320.0, top_px=370.0, side_px=360.0)


def test_three_points_are_too_few_to_look_around() -> None:
    score = np.zeros(17)
    score[:3] = 0.9
    assert crop_around(person(), score, WH) == WHOLE


def test_a_scaled_square_keeps_its_middle() -> None:
    assert CropSquare(left_px=10.0, top_px=20.0, side_px=100.0).scaled(1.5) == CropSquare(
        left_px=-15.0, top_px=-5.0, side_px=150.0
    )


class TestBodySquare:
    """The square of a landmark network: about the hips, 3 times the farthest keypoint, its top where the head is."""

    def test_the_farthest_visible_keypoint_sets_its_side(self) -> None:
        square = body_square(person(left_ankle=(500, 600), nose=(500, 0)), scores(nose=0.1))
        assert square is not None
        assert (square.middle_px, square.side_px, square.clockwise_deg) == ((500.0, 400.0), 600.0, 0.0)

    def test_it_is_turned_as_the_trunk_is(self) -> None:
        square = body_square(person(left_shoulder=(600, 400), right_shoulder=(600, 400)), scores())
        assert square is not None
        assert square.clockwise_deg == pytest.approx(90.0)
        # The middle of its upper edge lies where the head is: 150 px to the right of the hips.
        np.testing.assert_allclose(square.to_source(np.array([0.5, 0.0])), [650.0, 400.0])

    def test_there_is_none_without_a_trunk(self) -> None:
        assert body_square(person(), scores(left_hip=0.1, right_hip=0.1)) is None
