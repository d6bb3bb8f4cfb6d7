"""The signals that are counted, and the positions the person must be in: functions of the track, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gaitlab.exercises import Position, Signal
from gaitlab.geometry import midpoint, segment_length_px
from gaitlab.skeleton import Keypoint
from gaitlab.types import FloatArray, PoseTrack

__all__ = ["POSITIONS", "SIGNALS"]

_UPRIGHT_SHARE = 0.3  # of the trunk's length: least height of the shoulders over the hips when upright (ours)


def _nan_min(values: FloatArray) -> FloatArray:
    """Return the minimum over the last axis, NaN ignored; NaN where nothing is known."""
    return np.asarray(np.where(np.isfinite(values).any(axis=-1), np.fmin.reduce(values, axis=-1), np.nan))


def _thigh_drop(track: PoseTrack) -> FloatArray:
    """Return how far the hips have come down to the knees, in shank lengths: about -1 standing, 0 thighs level.

    The leg that has come down less counts, so that one leg alone (a step, a lunge) is no squat. Vertical distances,
    each leg by its own shank: holds from the side and from the front, near and far.
    """
    hips = track.xy_px[:, [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]]
    knees = track.xy_px[:, [Keypoint.LEFT_KNEE, Keypoint.RIGHT_KNEE]]
    ankles = track.xy_px[:, [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]]
    shank = segment_length_px(knees, ankles)
    return _nan_min((hips[..., 1] - knees[..., 1]) / np.where(shank > 0, shank, np.nan))


def _upright(track: PoseTrack) -> NDArray[np.bool_]:
    """Return where the shoulders are well above the hips, which excludes lying and bending over to the ground."""
    shoulders = midpoint(track.xy_px[:, Keypoint.LEFT_SHOULDER], track.xy_px[:, Keypoint.RIGHT_SHOULDER])
    hips = midpoint(track.xy_px[:, Keypoint.LEFT_HIP], track.xy_px[:, Keypoint.RIGHT_HIP])
    length = segment_length_px(hips, shoulders)
    if not np.isfinite(length).any():
        return np.zeros(len(track), dtype=bool)
    return np.asarray(hips[:, 1] - shoulders[:, 1] > _UPRIGHT_SHARE * np.nanpercentile(length, 95))


#: Signals by name.
SIGNALS: Final[Mapping[Signal, Callable[[PoseTrack], FloatArray]]] = {"thigh_drop": _thigh_drop}
#: Positions by name: where, shape (T,), the person is in it.
POSITIONS: Final[Mapping[Position, Callable[[PoseTrack], NDArray[np.bool_]]]] = {"upright": _upright}
