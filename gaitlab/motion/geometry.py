"""Angles and lengths on arrays of points, in picture coordinates (x right, y down)."""

from __future__ import annotations

import numpy as np

from gaitlab.records import FloatArray

__all__ = ["angle_at_deg", "midpoint", "segment_length_px", "signed_angle_deg", "vertical_angle_deg"]


def _unit(vector: FloatArray) -> FloatArray:
    """Normalise the last axis; a zero vector has no direction and gives NaN."""
    length = np.linalg.norm(vector, axis=-1, keepdims=True)
    return np.asarray(vector / np.where(length > 0, length, np.nan))


def midpoint(one: FloatArray, other: FloatArray) -> FloatArray:
    """Return the mean of two points (or numbers) of equal shape; where one is unknown, the other one.

    For paired joints seen from the side, where the far one is often hidden behind the near one.
    """
    return np.asarray(np.where(np.isnan(one), other, np.where(np.isnan(other), one, (one + other) / 2)))


def segment_length_px(start: FloatArray, end: FloatArray) -> FloatArray:
    """Return the distance of two points, shapes (..., 2) -> (...); NaN where a point is unknown."""
    return np.asarray(np.linalg.norm(end - start, axis=-1))


def angle_at_deg(first: FloatArray, vertex: FloatArray, second: FloatArray) -> FloatArray:
    """Return the angle first-vertex-second in degrees, 0..180.

    Parameters
    ----------
    first, vertex, second : ndarray, shape (..., 2)

    Returns
    -------
    ndarray, shape (...)
        NaN where a point is unknown or coincides with the vertex. Does not change under shift, uniform scale, rotation
        or mirroring of the picture.
    """
    one, two = _unit(first - vertex), _unit(second - vertex)
    # atan2 keeps its precision near 0 and 180 degrees, where acos loses it.
    cross = one[..., 0] * two[..., 1] - one[..., 1] * two[..., 0]
    dot = np.sum(one * two, axis=-1)
    return np.asarray(np.degrees(np.arctan2(np.abs(cross), dot)))


def signed_angle_deg(reference: FloatArray, vector: FloatArray) -> FloatArray:
    """Return the turn from `reference` to `vector` in degrees, -180..180, clockwise in the picture positive.

    Shapes (..., 2) -> (...); NaN where one is unknown or has no length. Mirroring the picture changes the sign.
    """
    one, two = _unit(reference), _unit(vector)
    cross = one[..., 0] * two[..., 1] - one[..., 1] * two[..., 0]
    return np.asarray(np.degrees(np.arctan2(cross, np.sum(one * two, axis=-1))))


def vertical_angle_deg(low: FloatArray, high: FloatArray) -> FloatArray:
    """Return the lean of the segment from `low` up to `high` to the right of the picture's vertical, in degrees.

    Shapes (..., 2) -> (...); -180..180, NaN where a point is unknown. Turning the picture changes it by the turn.
    """
    upright = np.broadcast_to(np.array([0.0, -1.0]), np.shape(high))
    return signed_angle_deg(upright, high - low)
