"""Cutting a square out of a picture at the model's input size."""

from __future__ import annotations

from gaitlab.picture import resampled
from gaitlab.pose.crop import CropSquare
from gaitlab.types import Picture, UInt8Array

__all__ = ["cut_square"]


def cut_square(picture: Picture, square: CropSquare, *, size_px: int) -> UInt8Array:
    """Return `square` of the upright picture as RGB of shape ``(size_px, size_px, 3)``; black outside the picture.

    The unit square of the result is the unit square of `CropSquare`, exact to a fraction of a pixel.
    """
    region_px = (square.left_px, square.top_px, square.side_px, square.side_px)
    return resampled(picture, region_px, wh=(size_px, size_px))
