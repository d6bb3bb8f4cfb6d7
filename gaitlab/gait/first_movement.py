"""The moment at which somebody at rest begins to move, and at which a movement comes to rest."""

from __future__ import annotations

import numpy as np

from gaitlab.records import FloatArray

__all__ = ["came_to_rest_s", "left_rest_s"]

# Of the way: far enough above the noise of the keypoints, and near enough to the start for even acceleration (ours).
_FIRST, _SECOND = 0.05, 0.25


def left_rest_s(time_s: FloatArray, away: FloatArray, full: float) -> float:
    """Return when a movement began; NaN where it does not come as far as a quarter of its way.

    From rest, ``s = a t² / 2``: the square root of the way lies on a straight line over time. The line is fitted from a
    twentieth to a quarter of the way, and the movement begins where it comes from zero.

    Parameters
    ----------
    time_s, away : ndarray, shape (T,)
        Distance from the place of rest, where the first sample lies; NaN where it is not known.
    full : float
        The whole way.
    """
    known = np.isfinite(away)
    times, way = time_s[known], away[known] / full
    far = np.flatnonzero(way >= _SECOND)
    near = np.flatnonzero(way[: far[0]] < _FIRST) if far.size else far
    if not near.size:
        return float("nan")
    between = slice(near[-1] + 1, far[0])
    ends_s = [_crossing_s(times, way, int(row), level) for row, level in ((near[-1], _FIRST), (far[0] - 1, _SECOND))]
    line_s = np.array([ends_s[0], *times[between], ends_s[1]])
    root = np.sqrt([_FIRST, *way[between], _SECOND])
    slope, level = np.polyfit(line_s - line_s[0], root, 1)
    return float(line_s[0] - level / slope)


def came_to_rest_s(time_s: FloatArray, away: FloatArray, full: float) -> float:
    """Return when a movement ended, by the same rule backward in time; the last sample lies at rest."""
    return -left_rest_s(-time_s[::-1], away[::-1], full)


def _crossing_s(time_s: FloatArray, values: FloatArray, row: int, level: float) -> float:
    """Return when the straight line from one sample to the next one passes a level."""
    rise = values[row + 1] - values[row]
    return float(time_s[row] + (time_s[row + 1] - time_s[row]) * (level - values[row]) / rise)
