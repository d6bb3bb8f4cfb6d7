"""The clips that are measured: made from one real clip in the size, rate and bitrate of a phone's files."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av

__all__ = ["PHONE_CLIPS", "ClipShape", "make_clip", "repeat_clip"]

_FPS = 30
_KEYFRAME_EVERY = 30  # as phones do: once per second, and no B-frames


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipShape:
    """Size, rate and length of a made clip."""

    name: str
    width_px: int
    height_px: int
    mbit_per_s: float
    n_frames: int = 10 * _FPS


PHONE_CLIPS = (
    ClipShape(name="1080p", width_px=1920, height_px=1080, mbit_per_s=12.0),
    ClipShape(name="480p", width_px=854, height_px=480, mbit_per_s=3.0),
)


def make_clip(source: Path, shape: ClipShape, target: Path) -> Path:
    """Write the first frames of `source`, scaled, as H.264 at 30 frames/s; a shorter source starts over."""
    with av.open(str(target), "w") as container:
        stream = container.add_stream("libx264", rate=_FPS, options={"preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = shape.width_px, shape.height_px, "yuv420p"
        stream.bit_rate = round(shape.mbit_per_s * 1e6)
        stream.codec_context.gop_size, stream.codec_context.max_b_frames = _KEYFRAME_EVERY, 0
        for number, frame in enumerate(islice(_endless(source), shape.n_frames)):
            scaled = frame.reformat(shape.width_px, shape.height_px, "yuv420p", interpolation="BICUBIC")
            scaled.pts, scaled.time_base = number, Fraction(1, _FPS)
            container.mux(stream.encode(scaled))
        container.mux(stream.encode())
    return target


def _endless(source: Path) -> Iterator[av.VideoFrame]:
    while True:
        with av.open(str(source)) as container:
            yield from container.decode(video=0)


def repeat_clip(source: Path, target: Path, *, at_least_s: float) -> Path:
    """Write the same coded frames again and again, without decoding them; ValueError where no duration is stated."""
    with av.open(str(source)) as container, av.open(str(target), "w") as written:
        original = container.streams.video[0]
        if original.duration is None or original.time_base is None:
            raise ValueError(f"{source}: expected a clip that states its duration, such as an MP4")
        stream = written.add_stream_from_template(original)
        for turn in range(math.ceil(at_least_s / (original.duration * original.time_base))):
            container.seek(0)
            for packet in container.demux(original):
                if packet.dts is None or packet.pts is None:
                    continue  # the empty packet at the end
                packet.pts += turn * original.duration
                packet.dts += turn * original.duration
                packet.stream = stream
                written.mux(packet)
    return target
