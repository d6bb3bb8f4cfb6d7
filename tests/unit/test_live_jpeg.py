"""The JPEGs of a live camera: what is taken, and what is refused before it is decoded."""

from __future__ import annotations

import numpy as np
import pytest

from gaitlab.errors import InputError
from gaitlab.picture import jpeg_of
from gaitlab.types import Picture
from gaitlab.video import picture_of_jpeg
from tests.clips import BLUE, RED, corners

SIDE_MAX_PX = 640


def jpeg(width: int = 64, height: int = 48) -> bytes:
    return jpeg_of(Picture.of_rgb(corners(width, height)), side_max_px=max(width, height))


def claiming(width: int, height: int) -> bytes:
    """Return a small JPEG whose header claims another size."""
    data = bytearray(jpeg())
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = height.to_bytes(2) + width.to_bytes(2)
    return bytes(data)


def test_colours_and_places_are_kept() -> None:
    picture = picture_of_jpeg(jpeg(), side_max_px=SIDE_MAX_PX)
    assert picture.wh == (64, 48)
    (rgb,) = picture.planes
    assert np.abs(rgb[8, 8].astype(int) - RED).max() < 25
    assert np.abs(rgb[40, 8].astype(int) - BLUE).max() < 25


@pytest.mark.parametrize("wh", [(65_000, 65_000), (641, 10), (0, 10)])
def test_a_size_that_is_not_agreed_is_refused_without_decoding(wh: tuple[int, int]) -> None:
    with pytest.raises(InputError, match=f"{wh[0]} x {wh[1]}"):
        picture_of_jpeg(claiming(*wh), side_max_px=SIDE_MAX_PX)


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xd8", b"GIF89a", b"\xff\xd8\xff\xff\xff\xff", jpeg()[:200], b"\xff\xd8" + b"\xff\xe0\x00\x00" * 50],
    ids=["empty", "start only", "another format", "fill bytes", "cut off", "pieces without length"],
)
def test_what_is_no_jpeg_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="expected a JPEG"):
        picture_of_jpeg(data, side_max_px=SIDE_MAX_PX)
