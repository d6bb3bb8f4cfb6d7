"""What a browser that runs the network itself sends: poses as points, and no picture.

A message is one or several records of 220 bytes, big-endian::

    number   uint32             of the frame, counted by the page
    time_s   float64            by the page's clock
    wh       2 x uint16         width and height of the picture
    points   17 x 3 x float32   x and y in pixels of the picture, score; all zero where nobody is seen
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from gaitlab.errors import InputError
from gaitlab.limits import LIVE_POINTS_MAX, LIVE_SIDE_MAX_PX
from gaitlab.pose.detection import Detection
from gaitlab.records.skeleton import N_KEYPOINTS

__all__ = ["RECORD", "PosedFrame", "poses_of"]

RECORD: Final = np.dtype([("number", ">u4"), ("time_s", ">f8"), ("wh", ">u2", 2), ("points", ">f4", (N_KEYPOINTS, 3))])
# A joint may lie outside the picture, as far as the square around a person reaches beyond it (ours).
_OUTSIDE_MAX = 1.0
_AGAIN = "reload the page and start again"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PosedFrame:
    """The pose in one frame of a camera; `detection` is None where nobody is seen."""

    number: int
    time_s: float
    image_wh: tuple[int, int]
    detection: Detection | None


def poses_of(message: bytes) -> tuple[PosedFrame, ...]:
    """Return the poses of a message, in its order.

    Raises
    ------
    InputError
        For another length, more records than `LIVE_POINTS_MAX`, a picture of no size or a larger one than is filmed,
        numbers that are none, scores outside 0..1, or points more than a picture away from it.
    """
    n, rest = divmod(len(message), RECORD.itemsize)
    if rest or not 1 <= n <= LIVE_POINTS_MAX:
        expected = f"1 to {LIVE_POINTS_MAX} records of {RECORD.itemsize} bytes"
        raise InputError(f"points: expected {expected}, got {len(message)} bytes; {_AGAIN}")
    records = np.frombuffer(message, dtype=RECORD)
    wh, points = records["wh"].astype(np.float64), records["points"].astype(np.float64)
    xy_px, score = points[..., :2], points[..., 2]
    if wh.min() < 1 or wh.max() > LIVE_SIDE_MAX_PX:
        raise InputError(f"points: expected a picture of 1 to {LIVE_SIDE_MAX_PX} pixels a side; {_AGAIN}")
    # Of a number that is none every comparison is false.
    if not (np.isfinite(records["time_s"]).all() and ((score >= 0) & (score <= 1)).all()):
        raise InputError(f"points: expected times, and scores from 0 to 1; {_AGAIN}")
    share = xy_px / wh[:, np.newaxis]
    if not ((share >= -_OUTSIDE_MAX) & (share <= 1 + _OUTSIDE_MAX)).all():
        raise InputError(f"points: expected points in the picture or near it; {_AGAIN}")
    return tuple(
        PosedFrame(
            number=int(records["number"][i]),
            time_s=float(records["time_s"][i]),
            image_wh=(int(wh[i, 0]), int(wh[i, 1])),
            detection=Detection(xy_px=xy_px[i], score=score[i], colour=np.full(3, np.nan)) if score[i].any() else None,
        )
        for i in range(n)
    )
