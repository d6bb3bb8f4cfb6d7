"""The JPEGs of a live camera: what is taken, and what is refused before it is decoded."""

from __future__ import annotations

import numpy as np
import pytest

from gaitlab.errors import InputError
from gaitlab.records import Picture
from gaitlab.video import picture_of_jpeg
from gaitlab.video.picture import jpeg_of, upright_rgb
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
    rgb = upright_rgb(picture)
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


def with_another_header(marker: bytes) -> bytes:
    """Return a JPEG that says 30,000 x 30,000 behind a marker, and 64 x 48 where a reader lands who jumps from there.

    A marker of two bytes is followed by the large header; who takes it for one with a length takes that header's first
    bytes, FF C0, for the length and jumps 65,472 bytes on.
    """
    plain = jpeg()
    at = plain.index(b"\xff\xc0")
    small = plain[at : at + 19]
    large = bytearray(small)
    large[5:9] = (30_000).to_bytes(2) * 2
    filler = b"\xff\xfe\xff\x00" + bytes(0xFF00 - 2)  # a comment
    ahead = plain[:at] + marker + bytes(large) + filler
    jumped_to = len(plain[:at]) + 2 + 0xFFC0
    return (
        ahead + b"\xff\xfe" + (jumped_to - len(ahead) - 2).to_bytes(2) + bytes(jumped_to - len(ahead) - 4) + plain[at:]
    )


@pytest.mark.parametrize(
    "marker", [0x00, 0x01, 0x02, 0xBF, 0xC8, 0xD0, 0xD8, 0xD9, 0xDA, 0xDC, 0xDE, 0xF0], ids=lambda one: f"FF{one:02X}"
)
def test_a_marker_that_does_not_belong_before_the_frame_hides_no_larger_size(marker: int) -> None:
    with pytest.raises(InputError, match="expected a JPEG"):
        picture_of_jpeg(with_another_header(bytes([0xFF, marker])), side_max_px=SIDE_MAX_PX)


def test_a_second_header_that_the_size_check_does_not_see_is_refused_by_the_decoder() -> None:
    plain = jpeg()
    at = plain.index(b"\xff\xc0")
    large = bytearray(plain[at : at + 19])
    large[5:9] = (30_000).to_bytes(2) * 2
    with pytest.raises(InputError, match="expected a JPEG"):
        picture_of_jpeg(plain[: at + 19] + bytes(large) + plain[at + 19 :], side_max_px=SIDE_MAX_PX)
