"""Check, without decoding, whether a file reaches the end that it states."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import av.error

from gaitlab.records import VideoInfo
from gaitlab.video.container import choose_stream, open_container

__all__ = ["end_of", "falls_short"]

_SHORTFALL_S, _SHORTFALL_SHARE = 0.5, 0.02  # (ours) rounding in stated lengths is smaller, what matters is larger


def falls_short(seen_s: float, stated_s: float | None) -> bool:
    """Return whether a file breaks off before its stated end; False where none is stated."""
    return stated_s is not None and stated_s - seen_s > max(_SHORTFALL_S, _SHORTFALL_SHARE * stated_s)


def end_of(info: VideoInfo) -> float | None:
    """Return the length in seconds of the part of a file that is there; None where the file states no length.

    A whole file is read from its last keyframe on; only a file that breaks off is read through, at the speed of the
    disk.

    Raises
    ------
    InputError
        When the file cannot be read as a video.
    """
    if info.duration_s is None:
        return None
    seen_s = _last_s(info.path, from_s=info.duration_s) + 1.0 / info.fps_nominal
    if falls_short(seen_s, info.duration_s):
        seen_s = _last_s(info.path, from_s=None) + 1.0 / info.fps_nominal
    return min(seen_s, info.duration_s)


def _last_s(path: Path, *, from_s: float | None) -> float:
    """Return the time of the last frame found from the keyframe before a moment on; 0 where there is none."""
    container = open_container(path)
    with container:
        stream: Any = choose_stream(container, path)
        start = stream.start_time or 0
        last = start
        with suppress(av.error.FFmpegError):
            if from_s is not None:
                container.seek(start + int(from_s / stream.time_base), stream=stream)
            for packet in container.demux(stream):
                if packet.pts is not None and packet.size and not packet.is_corrupt:
                    last = max(last, packet.pts)
        return float((last - start) * stream.time_base)
