"""Which way is up in the picture: cameras that are tilted to a side, pictures on their side or upside down."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gaitlab.motion.geometry import midpoint
from gaitlab.motion.runs import known_median
from gaitlab.records import FloatArray, PoseTrack
from gaitlab.records.skeleton import Keypoint

__all__ = ["Level", "find_level", "turned", "turned_points"]

# A way across the picture is a line of the floor: that of shoulders, hips and ankles differed by 2.1 degrees at most in
# 47 walks before a still camera that were 3.3 leg lengths long or more, and lay within 1.6 degrees of level (all ours).
_WAY_MIN_LEGS, _WAY_AGREE_DEG, _ROLL_MIN_DEG = 3.0, 3.0, 3.0
_ROLL_MAX_DEG = 25.0  # of a camera, beyond the picture's turns by 90; steeper ways go down from a box (ours)
_LEAN_MAX_DEG = 45.0  # who leans more against the floor does not walk along it (ours)
_DOWN_DEG, _STRAIGHT_DEG, _STRAIGHT_SHARE = 45.0, 40.0, 0.5  # of straight down; trunk to legs; of the frames (ours)
_MIN_FRAMES = 10


@dataclass(frozen=True, slots=True)
class Level:
    """The direction of up in a picture.

    Attributes
    ----------
    roll_deg : float
        How far the picture is turned clockwise, -180..180; 0 for less than 3 degrees.
    is_measured : bool
        The way of the person across the picture shows it; else the camera is taken to be level.
    lies_deg : float
        Where the body does not stand in the picture and nothing else tells the way up: 90 or -90 with the head right or
        left, 180 with the head below the feet, as in a push-up seen from the front; else 0.
    """

    roll_deg: float = 0.0
    is_measured: bool = False
    lies_deg: float = 0.0


def find_level(track: PoseTrack) -> Level:
    """Return which way is up in the picture.

    Who goes across the picture goes along the floor, so the line that hips, shoulders and ankles follow is level. Where
    nobody goes far, a straight body that lies or has its head down may do an exercise, or the picture is turned.
    """
    xy = track.xy_px
    shoulders, hips, ankles = (
        midpoint(xy[:, left], xy[:, left + 1])
        for left in (Keypoint.LEFT_SHOULDER, Keypoint.LEFT_HIP, Keypoint.LEFT_ANKLE)
    )
    trunk_deg, legs_deg = _clockwise_deg(shoulders - hips), _clockwise_deg(hips - ankles)
    straight = np.abs(_wrapped(trunk_deg - legs_deg)) <= _STRAIGHT_DEG
    known = np.isfinite(trunk_deg) & np.isfinite(legs_deg)
    if known.sum() < _MIN_FRAMES or straight.sum() < _STRAIGHT_SHARE * known.sum():
        return Level()
    up_deg = _mean_deg(trunk_deg[straight])
    leg_px = known_median(np.linalg.norm(ankles - hips, axis=1))
    ways = [_way(points, leg_px) for points in (shoulders, hips, ankles)]
    if None not in ways:
        lines = np.array(ways, dtype=np.float64)
        middle = lines[1]
        apart = (lines - middle + 90.0) % 180.0 - 90.0
        way_deg = middle + float(np.median(apart))
        if np.ptp(apart) <= _WAY_AGREE_DEG:
            roll_deg = min((_wrapped(way_deg), _wrapped(way_deg + 180.0)), key=lambda one: abs(_wrapped(one - up_deg)))
            tilt_deg = abs((roll_deg + 45.0) % 90.0 - 45.0)
            if tilt_deg <= _ROLL_MAX_DEG and abs(_wrapped(roll_deg - up_deg)) <= _LEAN_MAX_DEG:
                return Level(float(roll_deg) if abs(roll_deg) >= _ROLL_MIN_DEG else 0.0, is_measured=True)
    if abs(up_deg) >= 180.0 - _DOWN_DEG:
        return Level(lies_deg=180.0)
    return Level(lies_deg=float(np.copysign(90.0, up_deg))) if abs(up_deg) > _DOWN_DEG else Level()


def turned(track: PoseTrack, clockwise_deg: float) -> PoseTrack:
    """Return the track as if the picture were turned clockwise about its middle; scores and size stay."""
    if clockwise_deg == 0.0:
        return track
    wh = track.image_wh or (0, 0)
    feet = track.feet
    if feet is not None:
        feet = replace(feet, xy_px=turned_points(feet.xy_px, clockwise_deg, from_wh=wh, to_wh=wh))
    return replace(track, xy_px=turned_points(track.xy_px, clockwise_deg, from_wh=wh, to_wh=wh), feet=feet)


def turned_points(
    xy_px: FloatArray, clockwise_deg: float, *, from_wh: tuple[int, int], to_wh: tuple[int, int]
) -> FloatArray:
    """Return points, shape (..., 2), turned clockwise: the middle of one picture becomes that of the other."""
    angle = np.radians(clockwise_deg)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])  # of rows (x, y), y down
    return np.asarray((xy_px - np.array(from_wh) / 2.0) @ turn + np.array(to_wh) / 2.0)


def _clockwise_deg(arrow: FloatArray) -> FloatArray:
    """Return the angles of arrows, shape (T, 2), clockwise from straight up."""
    return np.asarray(np.degrees(np.arctan2(arrow[:, 0], -arrow[:, 1])))


def _wrapped(deg: FloatArray | float) -> FloatArray:
    return np.asarray((np.asarray(deg) + 180.0) % 360.0 - 180.0)


def _mean_deg(deg: FloatArray) -> float:
    return float(np.degrees(np.angle(np.exp(1j * np.radians(deg)).mean())))


def _way(points: FloatArray, leg_px: float) -> float | None:
    """Return the clockwise angle of the line that points follow against a row of the picture; None for a short way."""
    known = points[np.isfinite(points).all(axis=1)]
    if len(known) < _MIN_FRAMES:
        return None
    around = known - known.mean(axis=0)
    along = np.linalg.eigh(around.T @ around)[1][:, 1]
    if np.ptp(around @ along) < _WAY_MIN_LEGS * leg_px:
        return None
    return float(np.degrees(np.arctan2(along[1], along[0])))
