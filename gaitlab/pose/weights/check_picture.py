"""A drawn figure that checks a converted network: the same numbers on every machine, and MoveNet detects a person.

Exact arithmetic only (no roots, no trigonometry), so that not a single pixel differs between processors.
"""

from __future__ import annotations

import numpy as np

from gaitlab.records import UInt8Array

__all__ = ["check_picture"]

_WALL, _SKIN, _SHIRT, _TROUSERS, _EYE = (200, 205, 210), (205, 150, 120), (170, 40, 40), (40, 50, 90), (30, 30, 30)

# Rounded bars, drawn in this order: x and y of both ends, half the thickness (in parts of the picture's side), colour.
_BARS = (
    (0.46, 0.55, 0.43, 0.73, 0.050, _TROUSERS),
    (0.43, 0.73, 0.42, 0.91, 0.038, _TROUSERS),
    (0.54, 0.55, 0.57, 0.73, 0.050, _TROUSERS),
    (0.57, 0.73, 0.58, 0.91, 0.038, _TROUSERS),
    (0.42, 0.30, 0.35, 0.43, 0.033, _SKIN),
    (0.35, 0.43, 0.33, 0.55, 0.028, _SKIN),
    (0.58, 0.30, 0.65, 0.43, 0.033, _SKIN),
    (0.65, 0.43, 0.67, 0.55, 0.028, _SKIN),
    (0.46, 0.32, 0.46, 0.50, 0.060, _SHIRT),
    (0.54, 0.32, 0.54, 0.50, 0.060, _SHIRT),
    (0.50, 0.22, 0.50, 0.27, 0.030, _SKIN),
    (0.50, 0.14, 0.50, 0.18, 0.055, _SKIN),
    (0.48, 0.15, 0.48, 0.151, 0.008, _EYE),
    (0.52, 0.15, 0.52, 0.151, 0.008, _EYE),
)


def check_picture(size_px: int) -> UInt8Array:
    """Return a square picture of a standing figure, shape (size_px, size_px, 3), RGB."""
    picture = np.full((size_px, size_px, 3), _WALL, dtype=np.uint8)
    row, column = np.mgrid[0:size_px, 0:size_px]
    x, y = (column + 0.5) / size_px, (row + 0.5) / size_px
    for x0, y0, x1, y1, radius, colour in _BARS:
        dx, dy = x1 - x0, y1 - y0
        along = np.clip(((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy), 0.0, 1.0)
        off_x, off_y = x - x0 - along * dx, y - y0 - along * dy
        picture[off_x * off_x + off_y * off_y < radius * radius] = colour
    return picture
