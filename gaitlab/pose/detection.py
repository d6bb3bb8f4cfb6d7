"""One detection: the pose of a person in one frame."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gaitlab.records import FloatArray
from gaitlab.records.skeleton import FEET, KEYPOINT_SCORE_MIN, N_KEYPOINTS, Keypoint

__all__ = ["NO_FEET", "Detection", "is_same_body", "is_somebody"]

#: Nothing is known of the feet: x and y in pixels, and score, of each of `skeleton.FEET`.
NO_FEET: Final = np.tile([np.nan, np.nan, 0.0], (len(FEET), 1))

_VISIBLE_MIN = 0.2  # the limit of the crop rule
_BODY = [Keypoint.NOSE, *range(Keypoint.LEFT_SHOULDER, N_KEYPOINTS)]
_LEGS = list(range(Keypoint.LEFT_HIP, N_KEYPOINTS))
_BODY_MIN, _LEGS_MIN = 6, 4
_SAME_BODY_MAX = 0.12


def is_somebody(score: FloatArray) -> NDArray[np.bool_]:
    """Return whether these scores, shape (..., 17), show enough of a person; shape (...).

    At least six of the nose and the body's twelve joints, or four of the legs' joints, reach 0.3 *(ours)*: eyes and
    ears alone are nobody, and a treadmill may hide all but the legs.
    """
    sure = score >= KEYPOINT_SCORE_MIN
    return np.asarray((sure[..., _BODY].sum(axis=-1) >= _BODY_MIN) | (sure[..., _LEGS].sum(axis=-1) >= _LEGS_MIN))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Detection:
    """A pose in source pixels.

    Attributes
    ----------
    xy_px : ndarray, shape (17, 2)
        Of the upright picture.
    score : ndarray, shape (17,)
    colour : ndarray, shape (3,)
        Mean red, green and blue of the torso's middle, 0..255; NaN when it lies outside the detection.
    feet : ndarray, shape (4, 3), or None
        x, y and score of `skeleton.FEET`, NaN, NaN and 0 where they are unknown; None where nobody looked.
    visible : ndarray of bool, shape (17,)
        Where the scores reach 0.2.
    extent_px : float
        Diagonal of `box_px`, at least 1.
    """

    xy_px: FloatArray
    score: FloatArray
    colour: FloatArray
    feet: FloatArray | None = None
    visible: NDArray[np.bool_] = field(init=False)
    extent_px: float = field(init=False)

    def __post_init__(self) -> None:  # once: whoever follows a person asks ten times in every frame
        object.__setattr__(self, "visible", np.asarray(self.score >= _VISIBLE_MIN))
        left, top, right, bottom = self.box_px
        object.__setattr__(self, "extent_px", float(max(np.hypot(right - left, bottom - top), 1.0)))

    @property
    def box_px(self) -> FloatArray:
        """Left, top, right and bottom of the visible keypoints, or of all when none is; shape (4,)."""
        points = self.xy_px[self.visible] if self.visible.any() else self.xy_px
        return np.concatenate([points.min(axis=0), points.max(axis=0)])

    @property
    def middle_px(self) -> FloatArray:
        """Middle of `box_px`."""
        left, top, right, bottom = self.box_px
        return np.array([left + right, top + bottom]) / 2

    def apart_px(self, other: Detection, *, moved_px: FloatArray | float = 0.0) -> float:
        """Return the mean distance to the other's keypoints once this detection is moved by `moved_px`.

        Over the keypoints visible in both; with fewer than three of them, the distance between the middles.
        """
        both = self.visible & other.visible
        if both.sum() < 3:
            return float(np.linalg.norm(other.middle_px - self.middle_px - moved_px))
        return float(np.linalg.norm(other.xy_px[both] - self.xy_px[both] - moved_px, axis=1).mean())

    def travel_px(self, later: Detection) -> FloatArray:
        """Return the shift of the body to a later detection, shape (2,): the median over the keypoints."""
        both = self.visible & later.visible
        if both.sum() < 3:
            return later.middle_px - self.middle_px
        return np.asarray(np.median(later.xy_px[both] - self.xy_px[both], axis=0))


def is_same_body(detection: Detection, other: Detection) -> bool:
    """Whether two detections in one frame show the same person: closer than 0.12 body extents on average *(ours)*."""
    return detection.apart_px(other) < _SAME_BODY_MAX * max(detection.extent_px, other.extent_px)
