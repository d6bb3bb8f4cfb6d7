"""Still pictures, and the single JPEGs a camera sends."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from gaitlab.errors import InputError
from gaitlab.types import Picture, UInt8Array

__all__ = ["picture_of_jpeg", "read_picture"]

# ITU-T T.81, table B.1: start of frame, any coding but lossless ones, and the markers without a length.
_SOI, _FRAME_STARTS, _BARE = (
    b"\xff\xd8",
    frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC},
    frozenset(range(0xD0, 0xD9)),
)
_NO_JPEG = "frame: expected a JPEG picture; reload the page and start again"


def read_picture(path: Path) -> UInt8Array:
    """Return a still picture as upright RGB of shape (H, W, 3), its EXIF orientation applied.

    Raises
    ------
    InputError
        When the file is missing or no picture.
    """
    if not path.is_file():
        raise InputError(f"{path}: no such file; check the path")
    encoded = np.fromfile(path, dtype=np.uint8)
    picture = cv2.imdecode(encoded, cv2.IMREAD_COLOR) if encoded.size else None
    if picture is None:
        raise InputError(f"{path.name}: this is not a picture that can be read; give a JPEG, PNG or BMP file")
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def picture_of_jpeg(data: bytes, *, side_max_px: int) -> Picture:
    """Return a JPEG of a live camera as a picture.

    Its size is read before anything is decoded, so a few bytes cannot claim gigabytes.

    Raises
    ------
    InputError
        When it is no JPEG, damaged, or has a side of more than `side_max_px` pixels.
    """
    width, height = _jpeg_wh(data)
    if not (0 < width <= side_max_px and 0 < height <= side_max_px):
        raise InputError(
            f"frame: expected at most {side_max_px} pixels a side, got {width} x {height}; send it smaller"
        )
    picture = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    if picture is None:
        raise InputError(_NO_JPEG)
    return Picture.of_rgb(np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), dtype=np.uint8))


def _jpeg_wh(data: bytes) -> tuple[int, int]:
    """Return width and height from the frame header (ITU-T T.81, B.2.2)."""
    if not data.startswith(_SOI):
        raise InputError(_NO_JPEG)
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _FRAME_STARTS:
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        if marker == 0xFF:  # a fill byte
            at += 1
        elif marker in _BARE:
            at += 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4])
    raise InputError(_NO_JPEG)
