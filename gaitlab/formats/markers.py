"""Markers in space or in a plane, as motion capture gives them, seen from the side or from the front.

The rule: up is the axis along which the shoulders are above the ankles. Forward is the horizontal direction in which
the pelvis travels, or, where it stays in place, the one across the line from the left to the right hip. The picture is
that of a camera on the person's right: forward is to the right. From the front, it is that of a camera which the person
faces: the person's left is to the right. A millimetre becomes a pixel.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import numpy as np

from gaitlab.errors import InputError
from gaitlab.formats.detections import Detections
from gaitlab.formats.names import N_POINTS, point_of
from gaitlab.records import FloatArray, Recording
from gaitlab.records.findings import said
from gaitlab.records.skeleton import Keypoint

__all__ = ["MarkerView", "is_marker", "recording_of_markers"]

#: From where markers in space are seen.
MarkerView = Literal["side", "front"]

_MM_PER: Final[Mapping[str, float]] = {"mm": 1.0, "cm": 10.0, "m": 1000.0}
#: Markers whose middle stands for a point that has no marker of its own: Vicon's plug-in gait, and its pelvis.
_MIDDLES: Final[Mapping[Keypoint, tuple[str, ...]]] = {
    Keypoint.LEFT_HIP: ("lasi", "lpsi"),
    Keypoint.RIGHT_HIP: ("rasi", "rpsi"),
    Keypoint.LEFT_WRIST: ("lwra", "lwrb"),
    Keypoint.RIGHT_WRIST: ("rwra", "rwrb"),
}
_TRAVEL_MIN_BODIES: Final = 1.0  # less than the height of shoulders above ankles is staying in place (ours)
_BODY_MM: Final = (300.0, 3000.0)  # shoulders above ankles, or hips above ankles (ours)


def _plain(name: str) -> str:
    return name.rsplit(":", 1)[-1].strip().lower()


def is_marker(name: str) -> bool:
    """Return whether a marker of this name is used."""
    return point_of(name) is not None or any(_plain(name) in names for names in _MIDDLES.values())


def recording_of_markers(
    time_s: FloatArray,
    markers: Mapping[str, FloatArray],
    *,
    unit: str,
    up: str,
    file: str,
    program: str,
    view: MarkerView = "side",
) -> Recording:
    """Return the view of markers from the side or from the front.

    Parameters
    ----------
    time_s : ndarray, shape (T,)
    markers : mapping of str to ndarray, shape (T, 3)
        Name → positions; NaN = unknown.
    unit : str
        "mm", "cm", "m" or "px".
    up : str
        The axis that points up where all markers lie in a plane: "+y" or "-y".
    file, program : str
        For messages and the note.
    view : {"side", "front"}
        For markers in space; those in a plane are taken as they are.

    Raises
    ------
    InputError
        When there are too few points of a body, or the markers show none.
    """
    found = Detections(file=file, program=program, in_pixels=unit not in _MM_PER)
    xyz = np.full((len(time_s), N_POINTS, 3), np.nan)
    for name, positions in markers.items():
        point = point_of(name)
        if point is not None and point not in found.points:
            xyz[:, point] = positions
            found.points.add(point)
    _add_middles(found, xyz, markers)
    known = np.isfinite(xyz).all(axis=2)
    xyz = np.where(known[..., np.newaxis] & (xyz != 0).any(axis=2, keepdims=True), xyz, np.nan)
    if not np.isfinite(xyz).any():
        found.points.clear()  # tells what was expected
        return found.by_times(time_s)
    flat = xyz[..., :2] * (1.0, -1.0 if up == "+y" else 1.0)
    found.has_markers = not _in_a_plane(xyz)  # a file made from one camera has what a network saw
    xy = _projected(xyz, found, file, view) if found.has_markers else flat
    xy = xy * _scale(xy, unit, found)
    for i in range(len(time_s)):
        found.add(i, xy[i], np.isfinite(xy[i]).all(axis=1).astype(np.float64))
    return found.by_times(time_s)


def _add_middles(found: Detections, xyz: FloatArray, markers: Mapping[str, FloatArray]) -> None:
    plain = {_plain(name): positions for name, positions in markers.items()}
    for keypoint, names in _MIDDLES.items():
        if keypoint not in found.points and all(name in plain for name in names):
            xyz[:, keypoint] = np.mean([plain[name] for name in names], axis=0)
            found.points.add(keypoint)
            if keypoint == Keypoint.LEFT_HIP:
                found.findings.append(said("pelvis_markers"))


def _in_a_plane(xyz: FloatArray) -> bool:
    """Return whether no marker moves in depth, as in a file made from one camera."""
    depth = xyz[..., 2]
    low, high = (np.where(np.isnan(depth), far, depth) for far in (np.inf, -np.inf))
    moved = high.max(axis=0) - low.min(axis=0)
    extent = float(np.nanmax(np.abs(xyz[..., :2])))
    return bool(np.all((moved <= 1e-6 * extent) | ~np.isfinite(moved)))


def _projected(xyz: FloatArray, found: Detections, file: str, view: MarkerView) -> FloatArray:
    high = _middle(xyz, "SHOULDER" if Keypoint.LEFT_SHOULDER in found.points else "HIP")
    body = _median(high - _middle(xyz, "ANKLE"))
    if not np.isfinite(body).all():
        raise InputError(f"{file}: expected hips or shoulders and ankles that are seen together; check the markers")
    axis = int(np.argmax(np.abs(body)))
    up = np.zeros(3)
    up[axis] = np.sign(body[axis])
    across = _median(xyz[:, Keypoint.RIGHT_HIP] - xyz[:, Keypoint.LEFT_HIP])
    pelvis = _middle(xyz, "HIP")
    travel = _travel(pelvis, up, float(np.linalg.norm(body)))
    rightwards = np.cross(up, across) if np.isfinite(across).all() else np.full(3, np.nan)
    forward = rightwards if travel is None else travel * (-1.0 if float(travel @ rightwards) < 0 else 1.0)
    length = float(np.linalg.norm(forward))
    if not length > 0:
        raise InputError(f"{file}: the direction of walking is not known: the pelvis stays and both hips are not seen")
    up_axis = f"{'+' if up[axis] > 0 else '-'}{'xyz'[axis]}"
    found.findings.append(said("markers_projected", view=view, up=up_axis, travels=travel is not None))
    forward = forward / length
    to_the_right = forward if view == "side" else np.cross(up, forward)
    return np.stack([xyz @ to_the_right, -(xyz @ up)], axis=2)


def _middle(xyz: FloatArray, joint: str) -> FloatArray:
    """Return the middle of left and right, or the one that is known, shape (T, 3)."""
    left, right = xyz[:, Keypoint[f"LEFT_{joint}"]], xyz[:, Keypoint[f"RIGHT_{joint}"]]
    return np.where(np.isnan(left), right, np.where(np.isnan(right), left, (left + right) / 2))


def _median(rows: FloatArray) -> FloatArray:
    known = rows[np.isfinite(rows).all(axis=1)]
    return np.median(known, axis=0) if len(known) else np.full(3, np.nan)


def _travel(pelvis: FloatArray, up: FloatArray, body: float) -> FloatArray | None:
    """Return the horizontal direction in which the pelvis travels, None where it stays in place."""
    known = pelvis[np.isfinite(pelvis).all(axis=1)]
    if len(known) < 2:
        return None
    flat = known - np.outer(known @ up, up)
    flat = flat - flat.mean(axis=0)
    _, _, directions = np.linalg.svd(flat, full_matrices=False)
    along = directions[0]
    return along if float(np.ptp(flat @ along)) >= _TRAVEL_MIN_BODIES * body else None


def _scale(xy: FloatArray, unit: str, found: Detections) -> float:
    """Return what makes millimetres of the unit; a unit with which the body has no human size was stated wrongly."""
    if unit not in _MM_PER:
        return 1.0
    known = np.isfinite(xy)
    size = np.where(known, xy, -np.inf).max(axis=1) - np.where(known, xy, np.inf).min(axis=1)
    seen = np.isfinite(size).all(axis=1)
    body = float(np.median(np.hypot(*size[seen].T))) if seen.any() else 0.0
    if _BODY_MM[0] <= body * _MM_PER[unit] <= _BODY_MM[1]:
        return _MM_PER[unit]
    found.in_pixels = True
    found.findings.append(said("unit_not_believed", unit=unit, tall_m=body * _MM_PER[unit] / 1000))
    return 1.0
