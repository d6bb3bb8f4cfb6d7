"""Small video files made at test time: coloured corners that tell which way is up, and files of any kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 200, 30), (30, 30, 220), (235, 235, 235)
TICKS = 1000


def corners(width: int, height: int) -> NDArray[np.uint8]:
    """Return a picture with red top left, green top right, blue bottom left and white bottom right."""
    picture = np.zeros((height, width, 3), dtype=np.uint8)
    top, left = slice(0, height // 2), slice(0, width // 2)
    bottom, right = slice(height // 2, height), slice(width // 2, width)
    picture[top, left], picture[top, right] = RED, GREEN
    picture[bottom, left], picture[bottom, right] = BLUE, WHITE
    return picture


def moving(n: int, *, wh: tuple[int, int] = (64, 48), noise: int = 0) -> list[NDArray[np.uint8]]:
    """Return pictures in which a grey block walks to the right; noise makes the files larger."""
    rng = np.random.default_rng(2)
    pictures = []
    for number in range(n):
        picture = corners(*wh)
        left = 2 * number % (wh[0] - 12)
        picture[wh[1] // 4 : 3 * wh[1] // 4, left : left + 12] = 128
        pictures.append((picture + rng.integers(-noise, noise + 1, picture.shape)).clip(0, 255).astype(np.uint8))
    return pictures


def write_clip(
    path: Path,
    *,
    times_ms: Sequence[int],
    wh: tuple[int, int] = (64, 48),
    pictures: Sequence[NDArray[np.uint8]] | None = None,
    codec: str = "libx264",
    pixels: str = "yuv420p",
    options: Mapping[str, str] | None = None,
    movflags: str = "",
    metadata: Mapping[str, str] | None = None,
    pixel_aspect: Fraction | None = None,
) -> Path:
    """Write a clip whose frames are shown at the given times."""
    with av.open(str(path), "w", options={"movflags": movflags} if movflags else {}) as container:
        container.metadata.update(metadata or {})
        chosen = {"crf": "10", "bf": "0"} if options is None and codec == "libx264" else dict(options or {})
        stream = container.add_stream(codec, rate=30, options=chosen)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = *wh, pixels
        stream.time_base = stream.codec_context.time_base = Fraction(1, TICKS)
        if pixel_aspect is not None:
            stream.codec_context.sample_aspect_ratio = pixel_aspect
        for number, time_ms in enumerate(times_ms):
            picture = corners(*wh) if pictures is None else pictures[number]
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format=pixels)
            frame.pts, frame.time_base = time_ms, Fraction(1, TICKS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def every(step_ms: int, n: int) -> list[int]:
    """Return n evenly spaced times."""
    return [step_ms * number for number in range(n)]


def first_part(source: Path, target: Path, *, share: float) -> Path:
    """Copy the first part of a file, as if the rest had never been written."""
    content = source.read_bytes()
    target.write_bytes(content[: int(len(content) * share)])
    return target


def first_seconds(source: Path, target: Path, *, seconds: float) -> Path:
    """Copy the beginning of a clip; its pictures stay coded as they are, so they look the same."""
    with av.open(str(source)) as whole, av.open(str(target), "w") as part:
        stream = whole.streams.video[0]
        copy = part.add_stream_from_template(stream)
        for packet in whole.demux(stream):
            if packet.pts is not None and packet.pts < seconds / (stream.time_base or 1):
                packet.stream = copy
                part.mux(packet)
    return target


def damaged(source: Path, target: Path, *, holes: int = 6) -> Path:
    """Copy a file with some of its coded pictures overwritten, the first ones and the end excepted."""
    content, rng = bytearray(source.read_bytes()), np.random.default_rng(0)
    for start in rng.integers(len(content) // 4, len(content) * 3 // 4, holes).tolist():
        content[start : start + 40] = rng.bytes(40)
    target.write_bytes(content)
    return target


def turned(source: Path, target: Path, *, degrees: int, mirrored: bool = False) -> Path:
    """Copy a clip and mark it as to be turned by `degrees` clockwise when played, mirrored left to right before.

    The display matrix of the track header is written: ISO/IEC 14496-12, 8.3.2, nine 32-bit numbers that begin 40 bytes
    after the header's version field (version 0).
    """
    cos, sin = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[degrees]
    one, last = 1 << 16, 1 << 30
    flip = -1 if mirrored else 1
    matrix = (flip * cos * one, flip * sin * one, 0, -sin * one, cos * one, 0, 0, 0, last)
    content = bytearray(source.read_bytes())
    header = content.index(b"tkhd") + 4
    assert content[header] == 0
    content[header + 40 : header + 76] = b"".join(number.to_bytes(4, "big", signed=True) for number in matrix)
    target.write_bytes(content)
    return target
