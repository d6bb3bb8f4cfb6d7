"""Positions of a person relative to their own size: lengths in the picture that hold from every camera angle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from gaitlab.motion.anthropometry import FOREARM, SHANK, THIGH, TRUNK, UPPER_ARM
from gaitlab.motion.geometry import midpoint, segment_length_px
from gaitlab.motion.runs import row_percentiles
from gaitlab.records import FloatArray, PoseTrack
from gaitlab.records.skeleton import Keypoint

__all__ = ["Body"]

_LIMBS: Final = (
    ("SHOULDER", "ELBOW", UPPER_ARM),
    ("ELBOW", "WRIST", FOREARM),
    ("HIP", "KNEE", THIGH),
    ("KNEE", "ANKLE", SHANK),
)
# A segment looks shorter when it points at the camera, never longer: the upper part of what segments and moments say.
_SEGMENT_PERCENTILE, _TIME_PERCENTILE = 70, 75  # (ours)
_WINDOW_S, _EVERY_S = 4.0, 0.5  # people come nearer and zooms change over seconds (ours)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Body:
    """A smoothed track with the body height in pixels at each frame, shape (T,); NaN where it is unknown."""

    track: PoseTrack
    height_px: FloatArray
    _made: dict[str, FloatArray] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, track: PoseTrack) -> Body:
        """Measure a person's size over time."""
        return cls(track=track, height_px=_height_px(track))

    def during(self, rows: slice) -> Body:
        """Return the body in some frames, its height as it was measured in all of them; without heels and toes."""
        track = self.track
        cut = replace(track, time_s=track.time_s[rows], xy_px=track.xy_px[rows], score=track.score[rows], feet=None)
        return Body(track=cut, height_px=self.height_px[rows])

    def pair(self, joint: str) -> FloatArray:
        """Return the left and right point of a joint, shape (T, 2, 2): frame, side, x and y."""
        left, right = Keypoint[f"LEFT_{joint}"], Keypoint[f"RIGHT_{joint}"]
        return self.track.xy_px[:, left : right + 1]  # neighbours, so that nothing is copied

    def middle(self, joint: str) -> FloatArray:
        """Return the point between left and right, shape (T, 2); the one that is known where the other is not."""
        pair = self.pair(joint)
        return self._once(f"middle {joint}", lambda: midpoint(pair[:, 0], pair[:, 1]))

    def _once(self, name: str, make: Callable[[], FloatArray]) -> FloatArray:
        """Return what was made under this name; a set of an hour asks for the same points hundreds of times."""
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

    def above(self, high: FloatArray, low: FloatArray, share: float) -> FloatArray:
        """Return the height of `high` above `low` (points, (T, ..., 2)), in lengths of `share` of the body height."""
        height = self.height_px.reshape(-1, *[1] * (high.ndim - 2))
        return np.asarray((low[..., 1] - high[..., 1]) / (share * height))


def _height_px(track: PoseTrack) -> FloatArray:
    estimates = _estimates_px(track)
    each = row_percentiles(estimates, _SEGMENT_PERCENTILE)
    known = np.isfinite(each)
    if not known.any():
        return each
    time_s, values = track.time_s[known], each[known]
    at = np.arange(time_s[0], time_s[-1] + _EVERY_S, _EVERY_S)
    first, last = np.searchsorted(time_s, at - _WINDOW_S), np.searchsorted(time_s, at + _WINDOW_S, side="right")
    rows = first[:, np.newaxis] + np.arange((last - first).max())
    in_window = np.where(rows < last[:, np.newaxis], values[np.minimum(rows, len(values) - 1)], np.nan)
    heights = row_percentiles(in_window, _TIME_PERCENTILE)
    sure = np.isfinite(heights)
    return np.asarray(np.interp(track.time_s, at[sure], heights[sure]))


def _estimates_px(track: PoseTrack) -> FloatArray:
    """Return the body height by each segment, shape (T, 9)."""
    xy = track.xy_px
    point = {name: xy[:, Keypoint[name]] for name in Keypoint.__members__}
    shoulders = midpoint(point["LEFT_SHOULDER"], point["RIGHT_SHOULDER"])
    hips = midpoint(point["LEFT_HIP"], point["RIGHT_HIP"])
    estimates = [segment_length_px(hips, shoulders) / TRUNK]
    for side in ("LEFT", "RIGHT"):
        for upper, lower, share in _LIMBS:
            estimates.append(segment_length_px(point[f"{side}_{upper}"], point[f"{side}_{lower}"]) / share)
    return np.stack(estimates, axis=1)
