"""Pictures beyond the limits are refused before they are decoded, whatever file they are in (F4)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import cv2
import pytest

from gaitlab.errors import InputError
from gaitlab.video import VideoReader, frames, probe, read_picture
from tests.clips import corners, every, moving, write_clip

Make = Callable[[Path], Path]


def forged_gif(path: Path) -> Path:
    """Write a GIF of 64 x 48 whose header claims 10,000 x 10,000: a few kilobytes that took 3 GB."""
    write_clip(path, times_ms=every(100, 4), pictures=moving(4), codec="gif", pixels="rgb8", options={})
    data = bytearray(path.read_bytes())
    data[6:10] = struct.pack("<HH", 10_000, 10_000)
    path.write_bytes(data)
    return path


def clip_of(wh: tuple[int, int], codec: str, pixels: str) -> Make:
    options = {"preset": "ultrafast"} if codec == "libx264" else {}
    return lambda path: write_clip(path, times_ms=every(100, 1), wh=wh, codec=codec, pixels=pixels, options=options)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("forged.gif", forged_gif),
        ("png.mov", clip_of((8200, 16), "png", "rgb24")),
        ("8k.avi", clip_of((7680, 4320), "mjpeg", "yuvj420p")),
        ("side.mkv", clip_of((8194, 16), "ffv1", "yuv420p")),
        ("area.mkv", clip_of((8192, 2444), "ffv1", "yuv420p")),
    ],
)
def test_clips_with_larger_pictures_are_refused_with_what_to_do(tmp_path: Path, name: str, make: Make) -> None:
    with pytest.raises(InputError, match=r"at most 8192 pixels a side and 20 megapixels; make it smaller"):
        probe(make(tmp_path / name))


@pytest.mark.parametrize("wh", [(3840, 2160), (8192, 2440), (16, 8192)])
def test_clips_of_4k_and_up_to_the_limits_are_read(tmp_path: Path, wh: tuple[int, int]) -> None:
    clip = clip_of(wh, "mjpeg", "yuvj420p")(tmp_path / "clip.avi")
    assert [frame.picture.wh for frame in frames(clip)] == [wh]


def test_pixels_that_are_not_square_count_as_they_are_shown(tmp_path: Path) -> None:
    """4096 x 16 stored, four times as wide when shown."""
    clip = write_clip(tmp_path / "wide.mp4", times_ms=every(100, 2), wh=(4096, 16), pixel_aspect=Fraction(4))
    with pytest.raises(InputError, match="16384 x 16"):
        VideoReader(clip)


def png(width: int, height: int) -> bytes:
    """Return a PNG that claims a size and has no row of it."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [head, b"IDAT" + zlib.compress(b""), b"IEND"]
    packed = (struct.pack(">I", len(one) - 4) + one + struct.pack(">I", zlib.crc32(one)) for one in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def bmp(width: int, height: int) -> bytes:
    return b"BM" + struct.pack("<IHHIIiiHH", 54, 0, 0, 54, 40, width, height, 1, 24) + bytes(24)


def jpeg(width: int, height: int) -> bytes:
    data = bytearray(cv2.imencode(".jpg", corners(64, 48))[1].tobytes())
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(data)


@pytest.mark.parametrize("kind", [png, bmp, jpeg])
@pytest.mark.parametrize("wh", [(30_000, 30_000), (8193, 1), (1, 8193), (5000, 4001)])
def test_still_pictures_are_refused_by_the_size_they_claim(
    tmp_path: Path, kind: Callable[[int, int], bytes], wh: tuple[int, int]
) -> None:
    picture = tmp_path / "still"
    picture.write_bytes(kind(*wh))
    with pytest.raises(InputError, match=rf"{wh[0]} x {wh[1]}, expected at most 8192 pixels a side"):
        read_picture(picture)


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".jpg"])
def test_still_pictures_within_the_limits_are_read(tmp_path: Path, suffix: str) -> None:
    picture = tmp_path / f"still{suffix}"
    cv2.imwrite(str(picture), corners(5000, 4000))
    assert read_picture(picture).shape == (4000, 5000, 3)


def test_a_format_whose_size_is_not_read_is_refused(tmp_path: Path) -> None:
    picture = tmp_path / "still.tiff"
    cv2.imwrite(str(picture), corners(64, 48))
    with pytest.raises(InputError, match="save it as JPEG or PNG"):
        read_picture(picture)
