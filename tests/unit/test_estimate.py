"""Following a person through frames, with a network that finds coloured blocks."""

from __future__ import annotations

import numpy as np
import pytest

from gaitlab.errors import AnalysisCancelled, InputError
from gaitlab.pose.estimate import estimate_pose, estimate_track
from gaitlab.pose.model import Poses
from gaitlab.skeleton import Keypoint
from gaitlab.types import FloatArray, Frame, UInt8Array

# Where the keypoints of a block person lie in its box, from the left and the top.
PLACES = np.full((17, 2), 0.5)
PLACES[[Keypoint.NOSE, Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]] = [[0.5, 0.05], [0.1, 0.95], [0.9, 0.95]]
PLACES[[Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER]] = [[0.2, 0.2], [0.8, 0.2]]
PLACES[[Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]] = [[0.3, 0.5], [0.7, 0.5]]

Box = tuple[int, int, int, int]


def picture(*boxes: Box, wh: tuple[int, int] = (640, 360)) -> UInt8Array:
    """Return a black picture with a white block for each person."""
    rgb = np.zeros((wh[1], wh[0], 3), dtype=np.uint8)
    for left, top, width, height in boxes:
        rgb[top : top + height, left : left + width] = 255
    return rgb


def places(box: Box) -> FloatArray:
    left, top, width, height = box
    return np.asarray(np.array([left, top]) + PLACES * [width, height])


def one_pose(xy_unit: FloatArray, score: float) -> Poses:
    return Poses(xy_unit=xy_unit[None], score=np.full((1, 17), score), pose_score=np.array([score]))


class BlockNet:
    """Finds the bright block nearest to the middle of the square."""

    size_px = 128

    def __init__(self, *, score: float = 0.9) -> None:
        self.calls = 0
        self._score = score

    def __call__(self, square_rgb: UInt8Array) -> Poses:
        self.calls += 1
        bright = square_rgb[..., 0] > 127
        columns = np.flatnonzero(bright.any(axis=0))
        if columns.size == 0:
            return one_pose(np.full((17, 2), 0.5), 0.0)
        blocks = np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1)
        block = min(blocks, key=lambda one: abs(one.mean() - self.size_px / 2))
        rows = np.flatnonzero(bright[:, block].any(axis=1))
        low = np.array([block[0], rows[0]])
        size = np.array([block[-1], rows[-1]]) + 1 - low
        return one_pose((low + PLACES * size) / self.size_px, self._score)


def frames(*pictures: UInt8Array) -> list[Frame]:
    return [Frame(index=i, time_s=i / 30, rgb=rgb) for i, rgb in enumerate(pictures)]


def test_a_person_in_a_picture_is_measured_in_the_crop() -> None:
    box = (500, 200, 40, 120)
    net = BlockNet()
    xy_px, score = estimate_pose(picture(box), net)
    assert net.calls == 2
    np.testing.assert_allclose(xy_px, places(box), atol=3.0)
    assert score.min() == 0.9


def test_a_moving_person_is_followed() -> None:
    boxes = [(60 + 12 * i, 100, 60, 180) for i in range(40)]
    track = estimate_track(frames(*[picture(box) for box in boxes]), BlockNet())
    expected = np.stack([places(box) for box in boxes])
    np.testing.assert_allclose(track.xy_px, expected, atol=4.0)


def test_the_crop_stays_on_the_person_followed_when_another_comes_nearer_to_the_middle() -> None:
    own = (60, 100, 60, 180)
    pictures = [picture(own), *[picture(own, (300, 100, 60, 180)) for _ in range(10)]]
    track = estimate_track(frames(*pictures), BlockNet())
    np.testing.assert_allclose(track.xy_px[-1], places(own), atol=4.0)


def test_a_clearly_larger_person_takes_over_from_a_doubtful_one() -> None:
    small, large = (560, 40, 16, 50), (280, 60, 80, 260)
    pictures = [picture(small) for _ in range(10)] + [picture(small, large) for _ in range(20)]
    track = estimate_track(frames(*pictures), BlockNet(score=0.45))
    np.testing.assert_allclose(track.xy_px[9], places(small), atol=3.0)
    np.testing.assert_allclose(track.xy_px[-1], places(large), atol=6.0)


def test_a_person_who_is_seen_well_is_kept_beside_a_larger_one() -> None:
    small, large = (560, 40, 16, 50), (280, 60, 80, 260)
    pictures = [picture(small) for _ in range(10)] + [picture(small, large) for _ in range(20)]
    track = estimate_track(frames(*pictures), BlockNet())
    np.testing.assert_allclose(track.xy_px[-1], places(small), atol=3.0)


def test_an_exception_of_the_observer_stops_the_work() -> None:
    def cancel(done: int) -> None:
        if done == 3:
            raise AnalysisCancelled("stopped")

    net = BlockNet()
    with pytest.raises(AnalysisCancelled):
        estimate_track(frames(*[picture((60, 100, 60, 180))] * 20), net, on_frame=cancel)
    assert net.calls == 4  # two looks at the first frame, one at each of the next two


def test_no_frame_is_an_error() -> None:
    with pytest.raises(InputError, match="no frame"):
        estimate_track([], BlockNet())
