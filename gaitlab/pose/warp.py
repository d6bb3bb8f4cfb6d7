"""Cutting a square out of a picture at the model's input size: the one place in `pose` that uses OpenCV."""

from __future__ import annotations

import cv2
import numpy as np

from gaitlab.pose.crop import CropSquare
from gaitlab.types import UInt8Array

__all__ = ["cut_square"]


def cut_square(rgb: UInt8Array, square: CropSquare, *, size_px: int) -> UInt8Array:
    """Return `square` of the picture scaled to ``(size_px, size_px, 3)``; what lies outside the picture is black.

    The mapping is exact to a fraction of a pixel: the unit square of the result is the unit square of `CropSquare`.
    """
    height, width = rgb.shape[:2]
    left, top = max(0, int(np.floor(square.left_px)) - 1), max(0, int(np.floor(square.top_px)) - 1)
    right = min(width, int(np.ceil(square.left_px + square.side_px)) + 1)
    bottom = min(height, int(np.ceil(square.top_px + square.side_px)) + 1)
    if right <= left or bottom <= top:
        return np.zeros((size_px, size_px, 3), dtype=np.uint8)
    region = rgb[top:bottom, left:right]
    # Bilinear sampling skips pixels when it shrinks by more than two: average those first.
    shrink = max(1, int(square.side_px / size_px / 1.5))
    if shrink > 1 and min(region.shape[:2]) >= shrink:
        wide, high = -(-region.shape[1] // shrink), -(-region.shape[0] // shrink)
        region = cv2.copyMakeBorder(
            region, 0, high * shrink - region.shape[0], 0, wide * shrink - region.shape[1], cv2.BORDER_CONSTANT
        )
        region = cv2.resize(region, (wide, high), interpolation=cv2.INTER_AREA)
    else:
        shrink = 1
    scale = square.side_px / size_px / shrink
    # Pixel centres: result (i + 0.5) <-> source (left + (i + 0.5) * scale); OpenCV counts centres as whole numbers.
    offset_x = (square.left_px - left) / shrink + 0.5 * scale - 0.5
    offset_y = (square.top_px - top) / shrink + 0.5 * scale - 0.5
    matrix = np.array([[scale, 0.0, offset_x], [0.0, scale, offset_y]])
    warped = cv2.warpAffine(
        np.ascontiguousarray(region),
        matrix,
        (size_px, size_px),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
    )
    return np.asarray(warped, dtype=np.uint8)
