"""Scenes of coloured blocks as people, and a network that finds them: every position is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from gaitlab.pose.network_pool import NetworkPool
from gaitlab.pose.networks.model import Poses
from gaitlab.records import FloatArray, Frame, Picture, UInt8Array
from gaitlab.records.skeleton import Keypoint

# Where the keypoints of a block person lie in its box, from the left and the top; all differ, as in a real body.
PLACES = np.column_stack([np.linspace(0.2, 0.8, 17), np.linspace(0.15, 0.75, 17)])
PLACES[[Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER]] = [[0.2, 0.2], [0.8, 0.2]]
PLACES[[Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]] = [[0.3, 0.5], [0.7, 0.5]]
PLACES[[Keypoint.NOSE, Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]] = [[0.5, 0.0], [0.0, 1.0], [1.0, 1.0]]

RED, GREEN, BLUE = 0, 1, 2
WH = (640, 360)
FPS = 30.0

#: left, top, width, height in pixels, or None while the person is away
Box = tuple[float, float, float, float]
Way = Callable[[int], Box | None]


def places(box: Box) -> FloatArray:
    """Return the true keypoints of a block, shape (17, 2)."""
    left, top, width, height = box
    return np.asarray(np.array([left, top]) + PLACES * [width, height])


def draw(people: Sequence[tuple[int, Box]]) -> UInt8Array:
    """Return a black picture with a block of its colour for each person; the last one stands in front."""
    rgb = np.zeros((WH[1], WH[0], 3), dtype=np.uint8)
    for colour, (left, top, width, height) in people:
        ys, xs = slice(max(0, round(top)), round(top + height)), slice(max(0, round(left)), max(0, round(left + width)))
        rgb[ys, xs] = 0
        rgb[ys, xs, colour] = 255
    return rgb


def scene(ways: dict[int, Way], *, n: int) -> Iterator[Frame]:
    """Yield n frames at 30 frames a second in which each colour goes its way."""
    for index in range(n):
        boxes = [(colour, box) for colour, way in ways.items() if (box := way(index)) is not None]
        yield Frame(index=index, time_s=index / FPS, picture=Picture.of_rgb(draw(boxes)))


class BlockNet:
    """Finds blocks; for one person the one nearest to the middle of the square, for several the largest first."""

    def __init__(self, *, several: bool, size_px: int = 128) -> None:
        self.input_wh = (size_px, size_px)
        self.calls = 0
        self._several = several

    def __call__(self, rgb: UInt8Array) -> Poses:
        self.calls += 1
        boxes = [box for colour in (RED, GREEN, BLUE) if (box := self._box(rgb[..., colour])) is not None]
        if not boxes and not self._several:
            return poses([np.full((17, 2), 0.5)], score=0.0)
        size_px = self.input_wh[0]
        middle = size_px / 2
        boxes.sort(
            key=lambda b: -b[3] if self._several else np.hypot(b[0] + b[2] / 2 - middle, b[1] + b[3] / 2 - middle)
        )
        return poses([places(box) / size_px for box in (boxes if self._several else boxes[:1])], score=0.9)

    @staticmethod
    def _box(channel: UInt8Array) -> Box | None:
        rows, columns = np.flatnonzero((channel > 127).any(axis=1)), np.flatnonzero((channel > 127).any(axis=0))
        if not rows.size or columns.size < 3:
            return None
        return (columns[0], rows[0], columns[-1] + 1 - columns[0], rows[-1] + 1 - rows[0])


def poses(xy_unit: Sequence[FloatArray], *, score: float) -> Poses:
    """Return poses whose keypoints all have one score."""
    n = len(xy_unit)
    return Poses(
        xy_unit=np.array(xy_unit).reshape(n, 17, 2), score=np.full((n, 17), score), pose_score=np.full(n, score)
    )


def pool(n: int = 2, *, finder: bool = True) -> NetworkPool:
    """Return a pool of block networks on n threads."""
    return NetworkPool([BlockNet(several=False) for _ in range(n)], BlockNet(several=True) if finder else None)
