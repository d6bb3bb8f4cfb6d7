"""The last stretch of a track, kept in a buffer of fixed size."""

from __future__ import annotations

import numpy as np

from gaitlab.records import FloatArray, PoseTrack
from gaitlab.records.skeleton import N_KEYPOINTS

__all__ = ["TrackWindow"]


class TrackWindow:
    """A ring of the newest frames; frames without the person are kept as such.

    Parameters
    ----------
    length_s : float
        Length of `track`.
    fps_max : float
        Frames that come faster are thinned out to this rate.
    """

    def __init__(self, *, length_s: float, fps_max: float) -> None:
        self.length_s, self._step_s = length_s, 1.0 / fps_max
        size = int(length_s * fps_max) + 1
        self._time_s = np.full(size, np.nan)
        self._xy_px = np.full((size, N_KEYPOINTS, 2), np.nan)
        self._score = np.zeros((size, N_KEYPOINTS))
        self._count = 0

    def add(self, time_s: float, xy_px: FloatArray | None, score: FloatArray | None) -> None:
        """Take the next frame, later than the one before; None, None where the person was not seen."""
        if self._count and time_s - self._time_s[(self._count - 1) % len(self._time_s)] < 0.9 * self._step_s:
            return
        row = self._count % len(self._time_s)
        self._time_s[row] = time_s
        self._xy_px[row] = np.nan if xy_px is None else xy_px
        self._score[row] = 0.0 if score is None else score
        self._count += 1

    def track(self, image_wh: tuple[int, int]) -> PoseTrack | None:
        """Return a copy of the last `length_s`; None before the second frame."""
        n = min(self._count, len(self._time_s))
        if n < 2:
            return None
        rows = np.arange(self._count - n, self._count) % len(self._time_s)
        time_s = self._time_s[rows]
        keep = rows[time_s > time_s[-1] - self.length_s]
        return PoseTrack(time_s=self._time_s[keep], xy_px=self._xy_px[keep], score=self._score[keep], image_wh=image_wh)
