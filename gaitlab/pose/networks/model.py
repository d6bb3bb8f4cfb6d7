"""The interface of every pose network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from gaitlab.records import FloatArray, UInt8Array
from gaitlab.records.skeleton import N_KEYPOINTS

__all__ = ["PoseModel", "Poses", "check_picture_wh"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Poses:
    """The people that a network found in the picture that it was given, best first.

    Attributes
    ----------
    xy_unit : ndarray, shape (P, 17, 2)
        0..1 from the left and the top of the picture; a little outside where the network says so. Hidden joints get a
        position too; only the score tells.
    score : ndarray, shape (P, 17)
        Of each keypoint, 0..1.
    pose_score : ndarray, shape (P,)
        Of each person, 0..1, as the network's own literature defines it.
    """

    xy_unit: FloatArray
    score: FloatArray
    pose_score: FloatArray

    def __post_init__(self) -> None:
        n = len(self.pose_score)
        if self.xy_unit.shape != (n, N_KEYPOINTS, 2) or self.score.shape != (n, N_KEYPOINTS):
            raise ValueError(
                f"poses: expected shapes ({n}, 17, 2) and ({n}, 17), got {self.xy_unit.shape} and {self.score.shape}"
            )
        if not np.all((self.score >= 0.0) & (self.score <= 1.0)):
            raise ValueError("poses: expected keypoint scores in 0..1")

    def __len__(self) -> int:
        return len(self.pose_score)


class PoseModel(Protocol):
    """A network that finds people in a picture of its own size, `input_wh`; most want a square one."""

    input_wh: tuple[int, int]

    def __call__(self, rgb: UInt8Array) -> Poses:
        """Return the people in a picture of shape (height, width, 3).

        A network for one person returns one pose whether or not there is anybody; one for several returns only those
        above its threshold, so none at all in an empty picture. Raises ValueError for a picture of another shape.
        """


def check_picture_wh(rgb: UInt8Array, wh: tuple[int, int]) -> None:
    """Raise ValueError unless the picture is uint8 of shape (height, width, 3)."""
    width, height = wh
    if rgb.shape != (height, width, 3) or rgb.dtype != np.uint8:
        raise ValueError(
            f"picture: expected shape ({height}, {width}, 3) of uint8, got {rgb.shape} of {rgb.dtype}; "
            "cut it out with `cut_box` at the model's `input_wh`"
        )
