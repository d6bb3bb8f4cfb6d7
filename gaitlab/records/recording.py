"""Everybody's keypoints in a file of another program, before one person is chosen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitlab.records.arrays import FloatArray, check_times, frozen
from gaitlab.records.findings import Said
from gaitlab.records.skeleton import FEET, N_KEYPOINTS

__all__ = ["NOBODY_TOLD", "Recording"]

#: `Recording.who` where the file does not tell people apart.
NOBODY_TOLD = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recording:
    """Detections of people over the frames of a recording.

    Attributes
    ----------
    time_s : ndarray, shape (T,)
        Of every frame, also of those without anybody; strictly increasing.
    frame : ndarray of int, shape (D,)
        The row of `time_s` of each detection; never decreasing.
    who : ndarray of int, shape (D,)
        The number by which the file tells people apart; `NOBODY_TOLD` where it does not.
    xy_px : ndarray, shape (D, 17, 2)
        y downwards; NaN = unknown.
    score : ndarray, shape (D, 17)
        0..1, 0 where the position is unknown.
    image_wh : tuple of int or None
    feet : ndarray, shape (D, 4, 3), or None
        x, y and score of `skeleton.FEET`, NaN, NaN and 0 where they are unknown; None where the file has none.
    findings : tuple of Said
        What was read: the format, the rate, what is missing.
    """

    time_s: FloatArray
    frame: NDArray[np.int64]
    who: NDArray[np.int64]
    xy_px: FloatArray
    score: FloatArray
    image_wh: tuple[int, int] | None = None
    feet: FloatArray | None = None
    findings: tuple[Said, ...] = ()

    def __post_init__(self) -> None:
        n = len(self.frame)
        for name in ("frame", "who"):
            rows = np.array(getattr(self, name), dtype=np.int64).reshape(n)
            rows.flags.writeable = False
            object.__setattr__(self, name, rows)
        object.__setattr__(self, "time_s", frozen(self.time_s, name="time_s", shape=(None,)))
        object.__setattr__(self, "xy_px", frozen(self.xy_px, name="xy_px", shape=(n, N_KEYPOINTS, 2)))
        object.__setattr__(self, "score", frozen(self.score, name="score", shape=(n, N_KEYPOINTS)))
        if self.feet is not None:
            object.__setattr__(self, "feet", frozen(self.feet, name="feet", shape=(n, len(FEET), 3)))
        check_times(self.time_s)
        if np.any(np.diff(self.frame) < 0) or (n and not 0 <= self.frame[0] <= self.frame[-1] < len(self.time_s)):
            raise ValueError("frame: expected rows of time_s that never decrease")

    def __len__(self) -> int:
        return len(self.time_s)

    @property
    def shows_one_person(self) -> bool:
        """Whether no frame has two detections, and the file tells nobody apart."""
        return bool(np.all(np.diff(self.frame) > 0) and (len(self.who) == 0 or np.ptp(self.who) == 0))
