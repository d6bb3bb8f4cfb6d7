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
    Bilinear sampling would skip pixels when it shrinks by more than two, so those are averaged first.
    """
    region, left, top = _region(rgb, square)
    if region.size == 0:
        return np.zeros((size_px, size_px, 3), dtype=np.uint8)
    shrink = max(1, round(square.side_px / size_px / 1.5))
    region = _averaged(region, shrink)
    scale = square.side_px / size_px / shrink
    # Pixel centres: result (i + 0.5) <-> source (left + (i + 0.5) * scale); OpenCV counts centres as whole numbers.
    offset_x = (square.left_px - left) / shrink + 0.5 * scale - 0.5
    offset_y = (square.top_px - top) / shrink + 0.5 * scale - 0.5
    warped = cv2.warpAffine(
        region,
        np.array([[scale, 0.0, offset_x], [0.0, scale, offset_y]]),
        (size_px, size_px),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
    )
    return np.asarray(warped, dtype=np.uint8)


def _region(rgb: UInt8Array, square: CropSquare) -> tuple[UInt8Array, int, int]:
    """Return the part of the picture under the square with a margin of a pixel, and its left and top."""
    height, width = rgb.shape[:2]
    left, top = max(0, int(np.floor(square.left_px)) - 1), max(0, int(np.floor(square.top_px)) - 1)
    right = min(width, int(np.ceil(square.left_px + square.side_px)) + 1)
    bottom = min(height, int(np.ceil(square.top_px + square.side_px)) + 1)
    return rgb[top : max(top, bottom), left : max(left, right)], left, top


def _averaged(region: UInt8Array, shrink: int) -> UInt8Array:
    """Return the region made smaller by a whole number, each pixel the mean of a block; the last blocks are padded."""
    if shrink == 1:
        return np.ascontiguousarray(region)
    high, wide = -(-region.shape[0] // shrink), -(-region.shape[1] // shrink)
    below, right = high * shrink - region.shape[0], wide * shrink - region.shape[1]
    padded = cv2.copyMakeBorder(region, 0, below, 0, right, cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(padded, (wide, high), interpolation=cv2.INTER_AREA), dtype=np.uint8)
