"""Joint and segment angles in the picture plane, in degrees.

Conventions (Winter 2009): a straight knee, elbow or hip is 0 and flexion is positive; trunk and thigh angles are
against the vertical, forward positive. Signs of hip, thigh and trunk need the facing direction; without it they are
NaN. The ankle takes heel and toe, and the strides: `gaitlab.gait.feet`. Published errors of 2-D angles: hip 4.0, knee
5.6 degrees mean absolute error (Stenum et al. 2021); read ranges and shapes before single values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from gaitlab.motion.geometry import angle_at_deg, midpoint, signed_angle_deg, vertical_angle_deg
from gaitlab.records import AngleSeries, Facing, FloatArray, PoseTrack
from gaitlab.records.skeleton import SIDES, Keypoint, OneSide

__all__ = ["ANGLE_ARMS", "ANGLE_NAMES", "Arms", "Segment", "joint_angles"]

# Name of a keypoint (or mid_hip, mid_shoulder) -> its positions, (T, 2).
_Points = Callable[[str], FloatArray]


def _points(track: PoseTrack) -> _Points:
    def point(name: str) -> FloatArray:
        if name == "mid_hip":
            return midpoint(point("left_hip"), point("right_hip"))
        if name == "mid_shoulder":
            return midpoint(point("left_shoulder"), point("right_shoulder"))
        return track.xy_px[:, Keypoint[name.upper()]]

    return point


def _flexion(point: _Points, first: str, vertex: str, second: str) -> FloatArray:
    return 180.0 - angle_at_deg(point(first), point(vertex), point(second))


def _hip(point: _Points, forward: FloatArray, side: str) -> FloatArray:
    trunk_down = point("mid_hip") - point("mid_shoulder")
    thigh = point(f"{side}_knee") - point(f"{side}_hip")
    # Forward is counter-clockwise from "down" when facing right (y points down).
    return -forward * signed_angle_deg(trunk_down, thigh)


def _thigh(point: _Points, forward: FloatArray, side: str) -> FloatArray:
    thigh = point(f"{side}_knee") - point(f"{side}_hip")
    down = np.broadcast_to(np.array([0.0, 1.0]), thigh.shape)
    return -forward * signed_angle_deg(down, thigh)


def _shoulder(point: _Points, side: str) -> FloatArray:
    return angle_at_deg(
        point("mid_hip") - point("mid_shoulder"), np.zeros(2), point(f"{side}_elbow") - point(f"{side}_shoulder")
    )


def _trunk(point: _Points, forward: FloatArray) -> FloatArray:
    return forward * vertical_angle_deg(point("mid_hip"), point("mid_shoulder"))


_ANGLES: Final[dict[str, Callable[[_Points, FloatArray], FloatArray]]] = {
    "left_knee": lambda p, _: _flexion(p, "left_hip", "left_knee", "left_ankle"),
    "right_knee": lambda p, _: _flexion(p, "right_hip", "right_knee", "right_ankle"),
    "left_hip": lambda p, forward: _hip(p, forward, "left"),
    "right_hip": lambda p, forward: _hip(p, forward, "right"),
    "left_thigh": lambda p, forward: _thigh(p, forward, "left"),
    "right_thigh": lambda p, forward: _thigh(p, forward, "right"),
    "left_elbow": lambda p, _: _flexion(p, "left_shoulder", "left_elbow", "left_wrist"),
    "right_elbow": lambda p, _: _flexion(p, "right_shoulder", "right_elbow", "right_wrist"),
    "left_shoulder": lambda p, _: _shoulder(p, "left"),
    "right_shoulder": lambda p, _: _shoulder(p, "right"),
    "trunk_lean": _trunk,
}

#: Names of the angles in the order of `AngleSeries.deg`.
ANGLE_NAMES: Final[tuple[str, ...]] = tuple(_ANGLES)

_Place = tuple[Keypoint, ...]
Segment = tuple[_Place, _Place]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arms:
    """Where an angle lies in the picture: its amount is that of the turn from one direction to the other.

    A place is a keypoint, or the middle of two; where one of them is unknown, the other one.

    Attributes
    ----------
    reference : pair of places, or "up", "down"
        From the first to the second: the segment above the joint, prolonged; or the vertical of the room.
    arm : pair of places
        The segment that moves, from the joint on.
    """

    reference: Segment | Literal["up", "down"]
    arm: Segment

    def amount_deg(self, xy_px: FloatArray) -> FloatArray:
        """Return the angle between its arms, 0..180, of poses of shape (..., 17, 2); NaN where one is unknown."""
        way = _way(xy_px, self.arm)
        if isinstance(self.reference, str):
            reference = np.broadcast_to(np.array([0.0, -1.0 if self.reference == "up" else 1.0]), way.shape)
        else:
            reference = _way(xy_px, self.reference)
        return np.abs(signed_angle_deg(reference, way))


def _way(xy_px: FloatArray, segment: Segment) -> FloatArray:
    start, end = (_at(xy_px, place) for place in segment)
    return end - start


def _at(xy_px: FloatArray, place: _Place) -> FloatArray:
    points = [xy_px[..., keypoint, :] for keypoint in place]
    return midpoint(*points) if len(points) == 2 else points[0]


_MID_HIP: Final = (Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP)
_MID_SHOULDER: Final = (Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER)
_TRUNK_DOWN: Final = (_MID_SHOULDER, _MID_HIP)


def _arms_of(side: OneSide) -> dict[str, Arms]:
    shoulder, elbow, wrist, hip, knee, ankle = (
        (Keypoint[f"{side}_{name}".upper()],) for name in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
    )
    return {
        f"{side}_knee": Arms(reference=(hip, knee), arm=(knee, ankle)),
        f"{side}_hip": Arms(reference=_TRUNK_DOWN, arm=(hip, knee)),
        f"{side}_thigh": Arms(reference="down", arm=(hip, knee)),
        f"{side}_elbow": Arms(reference=(shoulder, elbow), arm=(elbow, wrist)),
        f"{side}_shoulder": Arms(reference=_TRUNK_DOWN, arm=(shoulder, elbow)),
    }


#: Name of an angle -> where it lies, to draw it.
ANGLE_ARMS: Final[Mapping[str, Arms]] = {
    **{name: arms for side in SIDES for name, arms in _arms_of(side).items()},
    "trunk_lean": Arms(reference="up", arm=(_MID_HIP, _MID_SHOULDER)),
}


def joint_angles(track: PoseTrack, *, forward: FloatArray, facing: Facing) -> AngleSeries:
    """Return all angles of a track.

    Parameters
    ----------
    track : PoseTrack
        Smoothed; unknown keypoints give unknown angles.
    forward : ndarray, shape (T,)
        The direction of the person's front in the picture: +1 right, -1 left; 0 = unclear, then the signed angles (hip,
        thigh, trunk lean) are NaN.
    facing : {"left", "right", "unknown"}
        The direction over the whole clip, for the record.

    Returns
    -------
    AngleSeries
        ``180 - angle(hip, knee, ankle)`` for the knee, likewise the elbow; hip = thigh against trunk; shoulder = upper
        arm against trunk, 0 beside the body and never negative; trunk lean and thigh against the vertical. A clip and
        its mirror image give the same angles with left and right exchanged.
    """
    sign = np.where(forward == 0, np.nan, forward)
    point = _points(track)
    deg = np.stack([angle(point, sign) for angle in _ANGLES.values()], axis=1)
    return AngleSeries(time_s=track.time_s, names=ANGLE_NAMES, deg=deg, facing=facing)
