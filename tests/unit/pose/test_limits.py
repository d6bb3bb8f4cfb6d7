"""The limits of following a person, each with a case on either side, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from gaitlab.pose.crop import crop_around, torso_visible
from gaitlab.pose.detection import Detection
from gaitlab.pose.follow import Person
from gaitlab.records.skeleton import N_KEYPOINTS, Keypoint
from tests.builders_scene import places

WH = (640, 360)


def detection(left_px: float) -> Detection:
    """Return somebody 90 px wide and 120 px high, whose extent therefore is 150 px."""
    return Detection(xy_px=places((left_px, 100.0, 90.0, 120.0)), score=np.full(N_KEYPOINTS, 0.9), colour=np.zeros(3))


@pytest.mark.parametrize(
    ("after_s", "moved_px", "fits"), [(0.0, 37.0, True), (0.0, 38.0, False), (0.4, 67.0, True), (0.4, 68.0, False)]
)
def test_who_jumps_by_more_than_a_quarter_of_the_body_is_somebody_else(
    after_s: float, moved_px: float, fits: bool
) -> None:
    """A quarter of 150 px is 37.5 px; in 0.4 s there is 0.5 * 0.4 * 150 = 30 px more."""
    person = Person(detection(200.0), time_s=1.0, image_wh=WH)
    assert person.fits(detection(200.0 + moved_px), 1.0 + after_s) is fits


@pytest.mark.parametrize(("score", "is_seen"), [(0.19, False), (0.2, False), (0.21, True)])
def test_a_keypoint_is_looked_at_from_a_score_of_more_than_a_fifth(score: float, is_seen: bool) -> None:
    scores = np.zeros(N_KEYPOINTS)
    scores[[Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_HIP]] = score
    assert torso_visible(scores) is is_seen
    scores[[Keypoint.RIGHT_SHOULDER, Keypoint.LEFT_HIP]] = score
    square = crop_around(places((200.0, 100.0, 90.0, 120.0)), scores, WH)
    assert (square.side_px < 640.0) is is_seen
