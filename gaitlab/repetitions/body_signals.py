"""Signals of the body by name, on an even clock and in body heights: what may rise and fall while somebody exercises.

A name says what is measured. Of ``hip``, ``wrist`` and so on:

- ``wrist_over_shoulder``: height of the one over the other, mean of both sides; ``left_…``, ``right_…`` of one side;
  ``higher_…``, ``lower_…`` of the higher and the lower side.
- ``left_wrist_beside_shoulder``: horizontal distance in the picture, to the right positive.
- ``elbow_angle``: inner angle of the joint, mean of both sides; ``left_…``, ``right_…``, ``wider_…``, ``narrower_…``.
- ``ankles_apart``: horizontal distance of left and right.
- ``hip_height``: height in the picture against the mean of some seconds, so that a moving camera does not count.

A quarter of a body height stands for a radian of an angle, so that one scale serves all of them *(ours)*.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.signal import oaconvolve

from gaitlab.motion.geometry import angle_at_deg, midpoint
from gaitlab.records import FloatArray, PoseTrack
from gaitlab.repetitions.body import Body

__all__ = ["ONE_SIDED", "RATE_HZ", "TWO_SIDED", "BodySignals"]

RATE_HZ: Final = 30.0
_GAP_MAX_S = 0.8  # a joint that is out of sight for longer is unknown in between (ours)
_CALM_S = 0.08  # standard deviation of the Gaussian that calms all signals (ours)
_BACKGROUND_S = 4.0  # of the one that says where the camera and the person are meanwhile (ours)
_HEIGHT_PER_RADIAN = 0.25
_KERNEL_REACH = 4.0  # standard deviations: a Gaussian ends there
_LONG_KERNEL = 100  # samples to each side: from there on the Fourier transform is faster
_OVER: Final = (
    ("wrist", "shoulder"), ("wrist", "elbow"), ("elbow", "shoulder"), ("hip", "knee"), ("hip", "ankle"),
    ("shoulder", "hip"), ("knee", "ankle"), ("shoulder", "ankle"), ("nose", "wrist"), ("shoulder", "wrist"),
    ("shoulder", "knee"), ("wrist", "knee"), ("wrist", "ankle"), ("nose", "hip"),
)  # fmt: skip
_BESIDE: Final = (("wrist", "shoulder"), ("elbow", "shoulder"), ("knee", "hip"), ("ankle", "hip"), ("shoulder", "hip"))
_ANGLES: Final[Mapping[str, tuple[str, str, str]]] = {
    "elbow": ("shoulder", "elbow", "wrist"),
    "knee": ("hip", "knee", "ankle"),
    "hip": ("shoulder", "hip", "knee"),
    "shoulder": ("hip", "shoulder", "elbow"),
}
_APART: Final = ("wrist", "ankle", "elbow", "knee")
_HEIGHTS: Final = ("nose", "shoulder", "hip", "wrist", "knee", "ankle")
_OF_BOTH: Final[Mapping[str, Callable[[FloatArray, FloatArray], FloatArray]]] = {
    "": midpoint,
    "left_": lambda left, _: left,
    "right_": lambda _, right: right,
    "higher_": np.fmax,
    "lower_": np.fmin,
}
_ANGLE_OF_BOTH: Final = {
    {"higher_": "wider_", "lower_": "narrower_"}.get(prefix, prefix): of_both for prefix, of_both in _OF_BOTH.items()
}

#: Signals in which left and right count as one.
TWO_SIDED: Final = (
    *(f"{one}_over_{other}" for one, other in _OVER if (one, other) != ("shoulder", "wrist")),
    *(f"{joint}_angle" for joint in _ANGLES),
    *(f"{joint}_height" for joint in _HEIGHTS),
    *(f"{joint}s_apart" for joint in _APART),
)
#: Signals of one side each.
ONE_SIDED: Final = tuple(
    f"{side}_{name}"
    for name in (
        *(f"{one}_over_{other}" for one, other in (*_OVER[:5], ("knee", "ankle"))),
        "elbow_angle",
        "knee_angle",
        *(f"{one}_beside_{other}" for one, other in _BESIDE if one != "elbow"),
    )
    for side in ("left", "right")
)


class BodySignals:
    """The signals of a body, made when they are asked for.

    Attributes
    ----------
    time_s : ndarray, shape (N,)
        Even, `RATE_HZ`, over the whole track.
    """

    def __init__(self, body: Body) -> None:
        track = body.track
        self.time_s = np.arange(track.time_s[0], track.time_s[-1] + 1e-9, 1.0 / RATE_HZ)
        xy = _on_clock(self.time_s, track.time_s, track.xy_px)
        self._body = Body(
            track=PoseTrack(time_s=self.time_s, xy_px=xy, score=np.ones(xy.shape[:2]), image_wh=track.image_wh),
            height_px=np.interp(self.time_s, track.time_s, body.height_px),
        )
        self._made: dict[str, NDArray[np.float32]] = {}  # single precision is enough to keep: an hour has 110 of them

    def __getitem__(self, name: str) -> FloatArray:
        """Return the signal of a name, shape (N,), calmed; NaN = unknown.

        Raises
        ------
        KeyError
            For a name that is none.
        """
        if name not in self._made:
            self._made[name] = smooth(_SIGNALS[name](self._body), _CALM_S).astype(np.float32)
        return self._made[name].astype(np.float64)


def smooth(values: FloatArray, sigma_s: float) -> FloatArray:
    """Return a Gaussian mean of the known values; what is unknown stays unknown."""
    known = np.isfinite(values)
    total = _gaussian_mean(np.where(known, values, 0.0), sigma_s * RATE_HZ)
    if known.all():
        return total
    share = _gaussian_mean(known.astype(np.float64), sigma_s * RATE_HZ)
    return np.asarray(np.where(known, total / np.maximum(share, 1e-9), np.nan))


def _gaussian_mean(values: FloatArray, sigma: float) -> FloatArray:
    """Return what ``gaussian_filter1d`` does, which takes long where the kernel is."""
    reach = int(_KERNEL_REACH * sigma + 0.5)
    if reach < _LONG_KERNEL:
        return np.asarray(gaussian_filter1d(values, sigma, truncate=_KERNEL_REACH))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    return np.asarray(oaconvolve(np.pad(values, reach, mode="symmetric"), weights / weights.sum(), mode="valid"))


def _on_clock(at_s: FloatArray, time_s: FloatArray, xy: FloatArray) -> FloatArray:
    """Return positions, shape (T, 17, 2), at other times; unknown within gaps of over 0.8 s and beyond the ends."""
    placed = np.full((len(at_s), *xy.shape[1:]), np.nan)
    for joint in range(xy.shape[1]):
        known = np.flatnonzero(np.isfinite(xy[:, joint, 0]))
        if known.size < 2:
            continue
        t = time_s[known]
        after = np.clip(np.searchsorted(t, at_s), 1, len(t) - 1)
        inside = (at_s >= t[0] - 1e-9) & (at_s <= t[-1] + 1e-9) & (t[after] - t[after - 1] <= _GAP_MAX_S)
        for axis in range(2):
            placed[inside, joint, axis] = np.interp(at_s[inside], t, xy[known, joint, axis])
    return placed


def _points(body: Body, joint: str) -> FloatArray:
    """Return left and right of a joint, shape (N, 2, 2); the nose is its own other side."""
    if joint == "nose":
        return body.track.xy_px[:, [0, 0]]
    return body.pair(joint.upper())


def _over(body: Body, *, one: str, other: str, of_both: Callable[[FloatArray, FloatArray], FloatArray]) -> FloatArray:
    rise = body.above(_points(body, one), _points(body, other), 1.0)
    return of_both(rise[:, 0], rise[:, 1])


def _beside(body: Body, *, one: str, other: str, side: int) -> FloatArray:
    return np.asarray((_points(body, one) - _points(body, other))[:, side, 0] / body.height_px)


def _angle(body: Body, *, joint: str, of_both: Callable[[FloatArray, FloatArray], FloatArray]) -> FloatArray:
    angles = np.radians(angle_at_deg(*(_points(body, name) for name in _ANGLES[joint])))
    return _HEIGHT_PER_RADIAN * of_both(angles[:, 0], angles[:, 1])


def _apart(body: Body, *, joint: str) -> FloatArray:
    points = _points(body, joint)
    return np.asarray(np.abs(points[:, 0, 0] - points[:, 1, 0]) / body.height_px)


def _height(body: Body, *, joint: str) -> FloatArray:
    points = _points(body, joint)
    known = body.height_px[np.isfinite(body.height_px)]
    up = -midpoint(points[:, 0], points[:, 1])[:, 1] / (np.median(known) if known.size else np.nan)
    return np.asarray(up - smooth(up, _BACKGROUND_S))


_SIGNALS: Final[Mapping[str, Callable[[Body], FloatArray]]] = {
    **{
        f"{prefix}{one}_over_{other}": partial(_over, one=one, other=other, of_both=of_both)
        for one, other in _OVER
        for prefix, of_both in _OF_BOTH.items()
    },
    **{
        f"{name}_{one}_beside_{other}": partial(_beside, one=one, other=other, side=side)
        for one, other in _BESIDE
        for side, name in enumerate(("left", "right"))
    },
    **{
        f"{prefix}{joint}_angle": partial(_angle, joint=joint, of_both=of_both)
        for joint in _ANGLES
        for prefix, of_both in _ANGLE_OF_BOTH.items()
    },
    **{f"{joint}s_apart": partial(_apart, joint=joint) for joint in _APART},
    **{f"{joint}_height": partial(_height, joint=joint) for joint in _HEIGHTS},
}
