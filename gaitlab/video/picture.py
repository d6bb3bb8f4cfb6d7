"""Decoded pictures: a part is cropped, turned upright and converted to RGB in one step.

Cropping and scaling happen on the Y, U and V planes; only the result is converted. For a crop of 256 x 256 out of a
1080p frame this is a small part of the work of converting the frame first.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Final, Literal

import cv2
import numpy as np

from gaitlab.records import FloatArray, Picture, UInt8Array

__all__ = ["ColorMatrix", "jpeg_of", "resampled", "rgb_from_yuv", "shrunk", "stay_on_calling_thread", "upright_rgb"]

ColorMatrix = Literal["bt601", "bt709", "smpte240m", "bt2020"]

# Weights of red and blue in Y: ITU-R BT.601-7 (2.5.1), BT.709-6 (3.2), SMPTE 240M, BT.2020-2 (table 4).
_WEIGHTS: Final[dict[ColorMatrix, tuple[float, float]]] = {
    "bt601": (0.299, 0.114),
    "bt709": (0.2126, 0.0722),
    "smpte240m": (0.212, 0.087),
    "bt2020": (0.2627, 0.0593),
}
_TURNS: Final[dict[int, tuple[int, int]]] = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}  # cosine, sine


@cache
def rgb_from_yuv(matrix: ColorMatrix, *, full_range: bool) -> FloatArray:
    """Return the matrix, shape (3, 4), that turns 8-bit (Y, U, V, 1) into R, G and B (0..255).

    Y = kr R + kg G + kb B, U and V the differences of B and R to Y scaled to -1/2..1/2. Limited range: Y in 16..235, U
    and V in 16..240 around 128.
    """
    red, blue = _WEIGHTS[matrix]
    green = 1.0 - red - blue
    of_u, of_v = 2 * (1 - blue), 2 * (1 - red)
    linear = np.array([[1, 0, of_v], [1, -of_u * blue / green, -of_v * red / green], [1, of_u, 0]])
    scale = np.ones(3) if full_range else 255 / np.array([219.0, 224.0, 224.0])
    zero = np.array([0.0 if full_range else 16.0, 128.0, 128.0])
    linear = linear * scale
    result = np.column_stack([linear, -linear @ zero])
    result.flags.writeable = False
    return result


def stay_on_calling_thread() -> None:
    """Tell OpenCV, for the whole process, to start no threads of its own.

    A program that runs a network on every core calls this once: OpenCV 5 spreads even a crop of 256 x 256 over threads,
    and those threads wait actively for more work, which costs the networks more than it saves.
    """
    cv2.setNumThreads(1)


def upright_rgb(picture: Picture, *, wh: tuple[int, int] | None = None) -> UInt8Array:
    """Return the whole picture upright as RGB of shape (H, W, 3), a new array; `wh` asks for another size."""
    return resampled(picture, (0.0, 0.0, float(picture.wh[0]), float(picture.wh[1])), wh=wh or picture.wh)


def resampled(
    picture: Picture, region_px: tuple[float, float, float, float], *, wh: tuple[int, int], clockwise_deg: float = 0.0
) -> UInt8Array:
    """Return a part of a picture, upright and in RGB, at another size; what lies outside the picture is black.

    Parameters
    ----------
    picture : Picture
    region_px : tuple of float
        Left, top, width and height in pixels of the upright picture; it may reach beyond the edges.
    wh : tuple of int
        Size of the result.
    clockwise_deg : float
        How far the region is turned about its middle.

    Returns
    -------
    ndarray of uint8, shape (H, W, 3)

    Notes
    -----
    The mapping is exact to a fraction of a pixel: corners go to corners, pixels are areas. Bilinear sampling would skip
    pixels when it shrinks by more than two, so those are averaged first.
    """
    left, top, width, height = region_px
    stored_wh = (picture.planes[0].shape[1], picture.planes[0].shape[0])
    to_upright = np.array([[width / wh[0], 0.0, left], [0.0, height / wh[1], top], [0.0, 0.0, 1.0]])
    if clockwise_deg:
        cos, sin = np.cos(np.radians(clockwise_deg)), np.sin(np.radians(clockwise_deg))
        middle = np.array([left + width / 2, top + height / 2])
        turn = np.array([[cos, -sin], [sin, cos]])
        to_upright[:2] = turn @ to_upright[:2]
        to_upright[:2, 2] += middle - turn @ middle
    to_stored = _stored_from_upright(picture, stored_wh) @ to_upright
    if picture.rgb_from_yuv is None:
        return _sampled(picture.planes[0], to_stored[:2], wh, outside=0.0)
    matrix = picture.rgb_from_yuv
    parts = [
        _sampled(plane, _plane_from_stored(plane, stored_wh) @ to_stored[:2], wh, outside=value)
        for plane, value in zip(picture.planes, _black(matrix.tobytes()), strict=True)
    ]
    return np.asarray(cv2.transform(cv2.merge(parts), matrix), dtype=np.uint8)


@cache
def _black(rgb_from_yuv: bytes) -> tuple[float, ...]:
    """Return Y, U and V of black, of a matrix as bytes."""
    matrix = np.frombuffer(rgb_from_yuv).reshape(3, 4)
    return tuple(np.linalg.solve(matrix[:, :3], -matrix[:, 3]).tolist())


def shrunk(picture: Picture, *, side_px: int) -> Picture:
    """Return the picture with planes a whole number of times smaller, the longer side near `side_px`.

    Positions stay those of the full picture. It takes a fraction of the memory, and none of the decoder's; a picture
    that is small enough is returned as it is.
    """
    times = round(max(picture.planes[0].shape[:2]) / side_px)
    if times < 2:
        return picture
    return replace(picture, planes=tuple(_averaged(plane, columns=times, rows=times) for plane in picture.planes))


def jpeg_of(picture: Picture, *, side_max_px: int, region_px: tuple[float, float, float, float] | None = None) -> bytes:
    """Return a picture, or the part of it that `resampled` takes, upright as a JPEG file.

    Its longer side has at most `side_max_px` pixels.
    """
    region = region_px or (0.0, 0.0, float(picture.wh[0]), float(picture.wh[1]))
    scale = min(1.0, side_max_px / max(region[2:]))
    wide, high = (max(1, round(side * scale)) for side in region[2:])
    rgb = resampled(picture, region, wh=(wide, high))
    _, encoded = cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
    return encoded.tobytes()


def _stored_from_upright(picture: Picture, stored_wh: tuple[int, int]) -> FloatArray:
    """Return the map, shape (3, 3), from upright to stored positions; both count from the upper left corner."""
    cos, sin = _TURNS[picture.rotation_deg]
    flip = -1 if picture.is_mirrored else 1
    # Around the middle: scaled to the unit square, turned back (anticlockwise, y down), flipped back, scaled.
    turn_back = np.array([[flip * cos, flip * sin], [-sin, cos]])
    linear = np.diag(stored_wh) @ turn_back @ np.diag(1 / np.array(picture.wh, dtype=np.float64))
    result = np.eye(3)
    result[:2, :2] = linear
    result[:2, 2] = np.array(stored_wh) / 2 - linear @ np.array(picture.wh) / 2
    return result


def _plane_from_stored(plane: UInt8Array, stored_wh: tuple[int, int]) -> FloatArray:
    """Return the scale, shape (2, 2), of a plane; one sample covers whole pixels, so odd sizes are rounded."""
    return np.diag([1.0 / round(stored_wh[0] / plane.shape[1]), 1.0 / round(stored_wh[1] / plane.shape[0])])


def _sampled(plane: UInt8Array, plane_from_result: FloatArray, wh: tuple[int, int], *, outside: float) -> UInt8Array:
    """Return the samples at the mapped positions, averaged before the plane shrinks by more than two."""
    corners = plane_from_result @ np.array([[0.0, wh[0]], [0.0, wh[1]], [1.0, 1.0]])
    left, top = np.maximum(np.floor(corners.min(axis=1)).astype(int) - 1, 0).tolist()
    right, bottom = np.minimum(np.ceil(corners.max(axis=1)).astype(int) + 1, plane.shape[1::-1]).tolist()
    region = plane[top : max(top, bottom), left : max(left, right)]
    if region.size == 0:
        return np.full((wh[1], wh[0], *plane.shape[2:]), round(outside), dtype=np.uint8)
    shrink = np.maximum(1, np.round(np.abs(plane_from_result[:, :2]).sum(axis=1) / 1.5).astype(int))
    region = _averaged(region, columns=int(shrink[0]), rows=int(shrink[1]))
    affine = (plane_from_result - np.array([[0.0, 0.0, left], [0.0, 0.0, top]])) / shrink[:, np.newaxis]
    # OpenCV counts the centres of pixels as whole numbers.
    affine[:, 2] += affine[:, :2].sum(axis=1) / 2 - 0.5
    warped = cv2.warpAffine(
        region,
        affine,
        wh,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(outside,) * 3,
    )
    return np.asarray(warped, dtype=np.uint8)


def _averaged(region: UInt8Array, *, columns: int, rows: int) -> UInt8Array:
    """Return the region made smaller, each pixel the mean of a block; the last blocks are padded.

    OpenCV has fast code for blocks of two by two. Of odd blocks the mean around each middle is the same, and its fast
    code takes a quarter of the time though it makes the others, too.
    """
    if columns == rows == 1:
        return region
    wide, high = -(-region.shape[1] // columns), -(-region.shape[0] // rows)
    right, below = wide * columns - region.shape[1], high * rows - region.shape[0]
    if right or below:
        region = np.asarray(cv2.copyMakeBorder(region, 0, below, 0, right, cv2.BORDER_REPLICATE), dtype=np.uint8)
    if columns == rows and columns % 2:
        means = cv2.blur(region, (columns, rows), borderType=cv2.BORDER_REPLICATE)
        return np.ascontiguousarray(means[rows // 2 :: rows, columns // 2 :: columns], dtype=np.uint8)
    return np.asarray(cv2.resize(region, (wide, high), interpolation=cv2.INTER_AREA), dtype=np.uint8)
