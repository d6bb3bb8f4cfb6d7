"""Records of video and pose: frames, keypoint tracks and angles over time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gaitlab.records.arrays import FloatArray, UInt8Array, check_times, frozen
from gaitlab.records.findings import Said
from gaitlab.records.skeleton import FEET, FEET_MIRROR, N_KEYPOINTS

__all__ = [
    "COORDINATE_MAX_PX",
    "FRAMES_MAX",
    "SPAN_MAX_S",
    "AngleSeries",
    "Facing",
    "FeetTrack",
    "Frame",
    "Picture",
    "PoseTrack",
    "Progress",
    "Report",
    "SmoothedTrack",
    "VideoInfo",
]

#: Limits of a track (ours). The rate allows for slow motion, up to 64 times a camera's 1,000 frames/s, and for frames
#: that arrive at nearly the same time from a live camera.
FRAMES_MAX, SPAN_MAX_S, RATE_MAX_HZ, COORDINATE_MAX_PX = 2_000_000, 24 * 3600.0, 1e6, 1e6

Facing = Literal["left", "right", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoInfo:
    """The properties of a video file.

    Attributes
    ----------
    path : Path
    width_px, height_px : int
        Size of the upright frames, rotation applied, in square pixels.
    fps_nominal : float
        The rate the container states; times come from the frames themselves.
    n_frames : int or None
        Number of frames if the container states it, or states no duration: then they are counted.
    duration_s : float or None
    rotation_deg : int
        Clockwise turn that makes the stored frames upright: 0, 90, 180 or 270.
    recorded_at : datetime or None
        Creation time from the file's metadata, time zone aware.
    capture_fps : float or None
        The rate at which the camera filmed, where the file states it; above `fps_nominal` in slow motion.
    """

    path: Path
    width_px: int
    height_px: int
    fps_nominal: float
    n_frames: int | None
    duration_s: float | None
    rotation_deg: int
    recorded_at: datetime | None = None
    capture_fps: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Picture:
    """A picture as it was decoded: not yet turned upright, not yet converted to RGB.

    The whole picture is rarely needed: `gaitlab.video.picture` crops, turns and converts the part in use.

    Attributes
    ----------
    planes : tuple of ndarray of uint8
        Y, U and V, each of shape (H, W) of its own (U and V may have half the columns and rows), or one array of shape
        (H, W, 3) that is RGB. They may be views on a decoder's buffer: nobody writes to them.
    wh : tuple of int
        Width and height of the upright picture in square pixels. Coordinates refer to this picture.
    rgb_from_yuv : ndarray, shape (3, 4), or None
        R, G and B are its rows times (Y, U, V, 1); None for RGB.
    rotation_deg : int
        Clockwise turn that makes the stored picture upright: 0, 90, 180 or 270.
    is_mirrored : bool
        The stored picture is flipped left to right before it is turned.
    """

    planes: tuple[UInt8Array, ...]
    wh: tuple[int, int]
    rgb_from_yuv: FloatArray | None = None
    rotation_deg: int = 0
    is_mirrored: bool = False

    def __post_init__(self) -> None:
        is_rgb = len(self.planes) == 1 and self.planes[0].ndim == 3 and self.planes[0].shape[2] == 3
        is_yuv = len(self.planes) == 3 and all(plane.ndim == 2 for plane in self.planes)
        if not (is_rgb and self.rgb_from_yuv is None) and not (is_yuv and self.rgb_from_yuv is not None):
            shapes = tuple(plane.shape for plane in self.planes)
            raise ValueError(f"planes: expected (H, W, 3) of RGB, or Y, U, V and a matrix for them, got {shapes}")
        if self.rotation_deg not in (0, 90, 180, 270):
            raise ValueError(f"rotation_deg: expected 0, 90, 180 or 270, got {self.rotation_deg}")
        if min(self.wh) <= 0:
            raise ValueError(f"wh: expected positive sizes, got {self.wh}")

    @classmethod
    def of_rgb(cls, rgb: UInt8Array) -> Picture:
        """Return an upright RGB array of shape (H, W, 3) as a picture, without a copy."""
        return cls(planes=(rgb,), wh=(rgb.shape[1], rgb.shape[0]))

    @property
    def nbytes(self) -> int:
        """Memory that the planes take."""
        return sum(plane.nbytes for plane in self.planes)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """One decoded frame of a clip.

    Attributes
    ----------
    index : int
        Position in the file in presentation order, from 0.
    time_s : float
        Presentation time relative to the first frame of the file.
    picture : Picture
    is_repeat : bool
        The frame equals the frame before, so nothing new was recorded: a duplicate or a frozen stretch.
    """

    index: int
    time_s: float
    picture: Picture
    is_repeat: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The progress of a long stage; `total` is None where it cannot be known."""

    stage: str
    done: int
    total: int | None


def _check_values(xy_px: FloatArray, score: FloatArray) -> None:
    if np.any(np.abs(xy_px) >= COORDINATE_MAX_PX):  # NaN compares as False
        raise ValueError(f"xy_px: expected coordinates below {COORDINATE_MAX_PX:,.0f} px without infinity")
    if not np.all((score >= 0.0) & (score <= 1.0)):
        raise ValueError("score: expected values in 0..1 without NaN")


def _exchanged(points: FloatArray, frames: NDArray[np.bool_], mirror: tuple[int, ...]) -> FloatArray:
    return np.asarray(np.where(frames.reshape(-1, *[1] * (points.ndim - 1)), points[:, list(mirror)], points))


def _check_limits(time_s: FloatArray) -> None:
    if len(time_s) > FRAMES_MAX:
        raise ValueError(f"time_s: expected at most {FRAMES_MAX:,} frames, got {len(time_s):,}")
    span_s = float(time_s[-1] - time_s[0]) if len(time_s) > 1 else 0.0
    if span_s > SPAN_MAX_S:
        raise ValueError(f"time_s: expected at most a day ({SPAN_MAX_S:,.0f} s) of frames, got {span_s:,.0f} s")
    if (len(time_s) - 1) > span_s * RATE_MAX_HZ:
        raise ValueError(f"time_s: expected at most {RATE_MAX_HZ:,.0f} frames/s; are the times in seconds?")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FeetTrack:
    """Heels and toes of the person of a `PoseTrack`, in its frames and pixels.

    Attributes
    ----------
    xy_px : ndarray, shape (T, 4, 2)
        In the order of `skeleton.FEET`; y downwards, below a million; NaN = unknown.
    score : ndarray, shape (T, 4)
        The confidence in each point, 0..1 (0 where it is unknown).
    """

    xy_px: FloatArray
    score: FloatArray

    def __post_init__(self) -> None:
        n = len(np.asarray(self.xy_px))
        object.__setattr__(self, "xy_px", frozen(self.xy_px, name="feet.xy_px", shape=(n, len(FEET), 2)))
        object.__setattr__(self, "score", frozen(self.score, name="feet.score", shape=(n, len(FEET))))
        _check_values(self.xy_px, self.score)

    def __len__(self) -> int:
        return len(self.score)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PoseTrack:
    """Keypoints of one person over time.

    Attributes
    ----------
    time_s : ndarray, shape (T,)
        Strictly increasing; at most 2 million frames, a day, and a million a second.
    xy_px : ndarray, shape (T, 17, 2)
        Pixels of the upright frame, y downwards, below a million; NaN = unknown.
    score : ndarray, shape (T, 17)
        The model's confidence, 0..1 (0 where there was no detection).
    image_wh : tuple of int or None
        Width and height of the upright frame; None when unknown (keypoint files carry no picture).
    feet : FeetTrack or None
        Heels and toes, where something told them.
    """

    time_s: FloatArray
    xy_px: FloatArray
    score: FloatArray
    image_wh: tuple[int, int] | None
    feet: FeetTrack | None = None

    def __post_init__(self) -> None:
        n = len(np.asarray(self.time_s))
        object.__setattr__(self, "time_s", frozen(self.time_s, name="time_s", shape=(n,)))
        object.__setattr__(self, "xy_px", frozen(self.xy_px, name="xy_px", shape=(n, N_KEYPOINTS, 2)))
        object.__setattr__(self, "score", frozen(self.score, name="score", shape=(n, N_KEYPOINTS)))
        check_times(self.time_s)
        _check_limits(self.time_s)
        _check_values(self.xy_px, self.score)
        if self.feet is not None and len(self.feet) != n:
            raise ValueError(f"feet: expected {n} frames, got {len(self.feet)}")
        if self.image_wh is not None and min(self.image_wh) <= 0:
            raise ValueError(f"image_wh: expected positive sizes, got {self.image_wh}")

    def __len__(self) -> int:
        return len(self.time_s)

    def exchanged(self, frames: NDArray[np.bool_], *, mirror: tuple[int, ...]) -> PoseTrack:
        """Return the track with left and right exchanged in some frames, shape (T,): the feet, and the keypoints.

        `mirror`, length 17, names the keypoint that takes the place of each: `skeleton.MIRROR`, or that of legs alone.
        """
        feet = self.feet
        if feet is not None:
            xy_px, score = (_exchanged(one, frames, FEET_MIRROR) for one in (feet.xy_px, feet.score))
            feet = FeetTrack(xy_px=xy_px, score=score)
        xy_px, score = (_exchanged(one, frames, mirror) for one in (self.xy_px, self.score))
        return replace(self, xy_px=xy_px, score=score, feet=feet)

    def drawn_px(self, rows: int | slice | Sequence[int]) -> FloatArray:
        """Return keypoints, and then the feet where there are any, of some frames, (..., 17, 2) or (..., 21, 2)."""
        xy_px = self.xy_px[rows]
        return xy_px if self.feet is None else np.concatenate([xy_px, self.feet.xy_px[rows]], axis=-2)

    @property
    def fps_mean(self) -> float:
        """Mean frame rate from the times, in Hz; NaN with fewer than two frames."""
        if len(self) < 2:
            return float("nan")
        return float((len(self) - 1) / (self.time_s[-1] - self.time_s[0]))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SmoothedTrack:
    """A cleaned track; `interpolated`, shape (T, 17), is True where a keypoint was filled in rather than measured."""

    track: PoseTrack
    interpolated: NDArray[np.bool_]
    findings: tuple[Said, ...] = ()

    def __post_init__(self) -> None:
        interpolated = np.array(self.interpolated, dtype=bool)
        if interpolated.shape != self.track.score.shape:
            raise ValueError(f"interpolated: expected shape {self.track.score.shape}, got {interpolated.shape}")
        interpolated.flags.writeable = False
        object.__setattr__(self, "interpolated", interpolated)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AngleSeries:
    """Joint and segment angles over time.

    Attributes
    ----------
    time_s : ndarray, shape (T,)
    names : tuple of str, length A
    deg : ndarray, shape (T, A)
        Degrees; NaN = unknown.
    facing : {"left", "right", "unknown"}
        Direction in the picture that the signed angles refer to.
    """

    time_s: FloatArray
    names: tuple[str, ...]
    deg: FloatArray
    facing: Facing

    def __post_init__(self) -> None:
        n = len(np.asarray(self.time_s))
        object.__setattr__(self, "time_s", frozen(self.time_s, name="time_s", shape=(n,)))
        object.__setattr__(self, "deg", frozen(self.deg, name="deg", shape=(n, len(self.names))))
        check_times(self.time_s)

    def angle(self, name: str) -> FloatArray:
        """Return one named angle, shape (T,), in degrees; KeyError for an unknown name."""
        if name not in self.names:
            raise KeyError(f"no angle {name!r}; there are {', '.join(self.names)}")
        return self.deg[:, self.names.index(name)]


#: Called by the work with a stage name and the share done of the whole job (None = cannot be known).
Report = Callable[[str, float | None], None]
