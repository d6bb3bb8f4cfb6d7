"""The crop for the next frame: a square that follows the person.

The rule is the one of MoveNet's reference client (tensorflow/tfjs-models, ``pose-detection/src/movenet/crop_utils.ts``)
with one difference: the network gets the whole first frame, padded to a square, so that it also finds a person away
from the centre.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gaitlab.records import FloatArray
from gaitlab.records.skeleton import TORSO, Keypoint

__all__ = [
    "BodySquare",
    "CropBox",
    "CropSquare",
    "body_square",
    "crop_around",
    "full_box",
    "full_square",
    "next_crop",
    "torso_visible",
]

_SCORE_MIN = 0.2
_TORSO_FACTOR = 1.9
_BODY_FACTOR = 1.2
_VISIBLE_MIN_KEYPOINTS = 4
_REACH_FACTOR = 3.0  # MediaPipe takes 2.5 of its own points; by MoveNet's more feet are seen with 3.0 (ours)


@dataclass(frozen=True, slots=True, kw_only=True)
class CropBox:
    """A part of the source picture in the shape of a network's input, in pixels; it may reach beyond the edges."""

    left_px: float
    top_px: float
    width_px: float
    height_px: float

    def to_source(self, xy_unit: FloatArray) -> FloatArray:
        """Map positions relative to the box (0..1) to source pixels; any shape (..., 2), NaN stays NaN."""
        return np.asarray(xy_unit * np.array([self.width_px, self.height_px]) + np.array([self.left_px, self.top_px]))


@dataclass(frozen=True, slots=True, kw_only=True)
class CropSquare:
    """A square of the source picture, in pixels; it may reach beyond the picture's edges."""

    left_px: float
    top_px: float
    side_px: float

    def box(self, input_wh: tuple[int, int]) -> CropBox:
        """Return the smallest box around the square in the shape of a network's input, with the same middle."""
        return _box_around((self.left_px, self.top_px), (self.side_px, self.side_px), input_wh)

    def scaled(self, factor: float) -> CropSquare:
        """Return the square with the same middle and `factor` times the side."""
        margin_px = (factor - 1) / 2 * self.side_px
        return CropSquare(
            left_px=self.left_px - margin_px, top_px=self.top_px - margin_px, side_px=factor * self.side_px
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BodySquare:
    """A square around a body whose trunk points to its upper edge; it may reach beyond the picture's edges.

    Attributes
    ----------
    middle_px : tuple of float
    side_px : float
    clockwise_deg : float
        How far the square is turned in the source picture.
    """

    middle_px: tuple[float, float]
    side_px: float
    clockwise_deg: float

    @property
    def region_px(self) -> tuple[float, float, float, float]:
        """Left, top, width and height before it is turned about its middle."""
        (x, y), half = self.middle_px, self.side_px / 2
        return (x - half, y - half, self.side_px, self.side_px)

    def to_source(self, xy_unit: FloatArray) -> FloatArray:
        """Map positions relative to the square (0..1) to source pixels, shape (..., 2)."""
        angle = np.radians(self.clockwise_deg)
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])  # of rows (x, y), y down
        return np.asarray((xy_unit - 0.5) * self.side_px @ turn + np.array(self.middle_px))


def full_square(image_wh: tuple[int, int]) -> CropSquare:
    """Return the smallest square around the whole picture, centred on it."""
    width, height = image_wh
    side = float(max(width, height))
    return CropSquare(left_px=(width - side) / 2, top_px=(height - side) / 2, side_px=side)


def full_box(image_wh: tuple[int, int], input_wh: tuple[int, int]) -> CropBox:
    """Return the smallest box around the whole picture in the shape of a network's input, centred on it."""
    return _box_around((0.0, 0.0), image_wh, input_wh)


def _box_around(left_top: tuple[float, float], wh: tuple[float, float], input_wh: tuple[int, int]) -> CropBox:
    wide = input_wh[0] / input_wh[1]  # 1 for a square: its sides come out exactly
    width = max(wh[0], wh[1] * wide)
    height = max(wh[1], wh[0] / wide)
    return CropBox(
        left_px=left_top[0] + (wh[0] - width) / 2,
        top_px=left_top[1] + (wh[1] - height) / 2,
        width_px=float(width),
        height_px=float(height),
    )


def torso_visible(score: FloatArray) -> bool:
    """Return whether a shoulder and a hip score above 0.2."""
    left_shoulder, right_shoulder, left_hip, right_hip = score[list(TORSO)] > _SCORE_MIN
    return bool((left_shoulder or right_shoulder) and (left_hip or right_hip))


def next_crop(xy_px: FloatArray, score: FloatArray, image_wh: tuple[int, int]) -> CropSquare:
    """Return the square in which to search for the person next.

    Parameters
    ----------
    xy_px : ndarray, shape (17, 2)
        Keypoints of the last detection, source pixels.
    score : ndarray, shape (17,)
    image_wh : tuple of int

    Returns
    -------
    CropSquare
        Centred between the hips. Half its side is the largest of 1.9 x the torso's and 1.2 x the body's reach from
        there, per axis; torso = shoulders and hips whatever their score, body = all 17 keypoints above 0.2. It is
        cut to the farthest picture edge. Without a visible hip and shoulder, or when half the side exceeds half the
        picture's longer side, the whole picture.
    """
    if not (torso_visible(score) and np.all(np.isfinite(xy_px))):
        return full_square(image_wh)
    width, height = image_wh
    centre = (xy_px[Keypoint.LEFT_HIP] + xy_px[Keypoint.RIGHT_HIP]) / 2
    reach = np.abs(xy_px - centre)
    torso = reach[list(TORSO)].max()
    body = reach[score > _SCORE_MIN].max()
    to_edge = max(centre[0], width - centre[0], centre[1], height - centre[1])
    half = float(min(max(_TORSO_FACTOR * torso, _BODY_FACTOR * body), to_edge))
    if half > max(width, height) / 2 or half <= 0:
        return full_square(image_wh)
    return CropSquare(left_px=float(centre[0] - half), top_px=float(centre[1] - half), side_px=2 * half)


def crop_around(xy_px: FloatArray, score: FloatArray, image_wh: tuple[int, int]) -> CropSquare:
    """Return a square around the visible keypoints, for people whose torso is hidden, as by a treadmill *(ours)*.

    Its side is 1.2 x the longer side of the box around the keypoints above 0.2; the whole picture when fewer than four
    are, or when that is smaller. Parameters as for `next_crop`.
    """
    visible = xy_px[score > _SCORE_MIN]
    if len(visible) < _VISIBLE_MIN_KEYPOINTS:
        return full_square(image_wh)
    low, high = visible.min(axis=0), visible.max(axis=0)
    side = float(_BODY_FACTOR * (high - low).max())
    if not 0 < side <= max(image_wh):
        return full_square(image_wh)
    left, top = (low + high - side) / 2
    return CropSquare(left_px=float(left), top_px=float(top), side_px=side)


def body_square(xy_px: FloatArray, score: FloatArray) -> BodySquare | None:
    """Return the square in which a landmark network expects a person.

    Parameters
    ----------
    xy_px : ndarray, shape (17, 2)
        Keypoints of the same frame, source pixels.
    score : ndarray, shape (17,)

    Returns
    -------
    BodySquare or None
        Around the middle of the hips; its side is 3.0 times the way to the farthest keypoint above 0.2
        *(ours)*, and it is turned as the trunk is, as MediaPipe cuts it (``pose_landmarks_to_roi``: 2.5 times, by the
        network's own points).
        None without a visible hip and shoulder.
    """
    if not torso_visible(score):
        return None
    hips, shoulders = (
        (xy_px[left] + xy_px[right]) / 2
        for left, right in (
            (Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP),
            (Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER),
        )
    )
    reach = float(np.linalg.norm(xy_px[score > _SCORE_MIN] - hips, axis=1).max())
    trunk = shoulders - hips
    return BodySquare(
        middle_px=(float(hips[0]), float(hips[1])),
        side_px=_REACH_FACTOR * max(reach, 1.0),
        clockwise_deg=float(np.degrees(np.arctan2(trunk[0], -trunk[1]))),
    )
