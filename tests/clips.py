"""Small video files made at test time: coloured corners that tell which way is up, and times of any kind."""

from __future__ import annotations

from collections.abc import Sequence
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


def write_clip(
    path: Path,
    *,
    times_ms: Sequence[int],
    wh: tuple[int, int] = (64, 48),
    pictures: Sequence[NDArray[np.uint8]] | None = None,
) -> Path:
    """Write an H.264 clip whose frames are shown at the given times."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30, options={"crf": "10", "bf": "0"})
        stream.width, stream.height, stream.pix_fmt = *wh, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, TICKS)
        for number, time_ms in enumerate(times_ms):
            picture = corners(*wh) if pictures is None else pictures[number]
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = time_ms, Fraction(1, TICKS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def every(step_ms: int, n: int) -> list[int]:
    """Return n evenly spaced times."""
    return [step_ms * number for number in range(n)]


def turned(source: Path, target: Path, *, degrees: int) -> Path:
    """Copy a clip and mark it as to be turned by `degrees` clockwise when played (0, 90, 180 or 270).

    The display matrix of the track header is written: ISO/IEC 14496-12, 8.3.2, nine 32-bit numbers that begin 40 bytes
    after the header's version field (version 0).
    """
    cos, sin = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[degrees]
    one, last = 1 << 16, 1 << 30
    matrix = (cos * one, sin * one, 0, -sin * one, cos * one, 0, 0, 0, last)
    content = bytearray(source.read_bytes())
    header = content.index(b"tkhd") + 4
    assert content[header] == 0
    content[header + 40 : header + 76] = b"".join(number.to_bytes(4, "big", signed=True) for number in matrix)
    target.write_bytes(content)
    return target
