"""Opening a video file, choosing the stream to read, and what the file states about itself."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import av.error
from av.stream import Disposition

from gaitlab.errors import InputError
from gaitlab.limits import PICTURE_MAX_PX, TOO_LARGE, is_too_large
from gaitlab.records import VideoInfo
from gaitlab.video.decoded import orientation_of, upright_wh

__all__ = [
    "DECODER_OPTIONS",
    "VIDEO_ENDINGS",
    "WHAT_TO_DO",
    "check_size",
    "choose_stream",
    "open_container",
    "pixel_aspect_of",
    "recordings_in",
    "sha256_of",
    "stated_facts",
]

#: Of the video files that people have; others are read too, for what a file is shows in its content.
VIDEO_ENDINGS: Final = (".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm", ".3gp", ".mpg", ".mpeg", ".mts", ".ts", ".wmv")

WHAT_TO_DO: Final = "give a video file such as MP4 or MOV, or export the clip again as MP4 (H.264)"

_PICTURE_FORMATS = ("image2", "png_pipe", "jpeg_pipe", "bmp_pipe", "webp_pipe", "tiff_pipe", "gif_pipe", "ppm_pipe")
_PICTURE_BRANDS = ("heic", "heix", "mif1", "avif")  # ISO/IEC 23008-12, annex B: stills in the container of MP4
# Containers that hold one recording. Play lists and subtitle-like formats could name other files or addresses.
_VIDEO_FORMATS = (
    *(["mov", "mp4", "m4a", "3gp", "3g2", "mj2"]),
    *(["matroska", "webm"]),
    *("avi", "mpegts", "mpeg", "mpegvideo", "flv", "ogg", "asf", "gif", "mxf", "h264", "hevc", "ivf", "rm", "dv"),
)
#: FFmpeg's own limit for a decoder: it gives up on a picture before it takes memory for it.
DECODER_OPTIONS: Final = {"max_pixels": str(PICTURE_MAX_PX)}
# Opening a file decodes some of it, so the limit is one of these options, too.
_OPEN_OPTIONS = {
    "format_whitelist": ",".join((*_VIDEO_FORMATS, *_PICTURE_FORMATS)),
    "protocol_whitelist": "file",
    **DECODER_OPTIONS,
}
_NOT_A_RECORDING = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image
_ASPECT_MAX = 4
_RATE_MAX_HZ = 1000.0


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's content as hexadecimal text; of a folder, of its files' names and contents."""
    if path.is_dir():
        files = sorted(one for one in path.iterdir() if one.is_file() and not one.name.startswith("."))
        listed = "".join(f"{sha256_of(one)}  {one.name}\n" for one in files)
        return hashlib.sha256(listed.encode(errors="surrogateescape")).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def open_container(path: Path) -> Any:
    """Open a video file with PyAV, or raise InputError that says why that cannot be done."""
    if not path.exists():
        raise InputError(f"{path}: no such file; check the path")
    if path.is_dir():
        raise InputError(f"{path}: this is a folder; give one video file")
    if path.stat().st_size == 0:
        raise InputError(f"{path.name}: the file is empty; copy it again from the camera")
    try:
        container: Any = av.open(str(path), options=dict(_OPEN_OPTIONS))
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise InputError(_why_not(path)) from error
    brand = str(container.metadata.get("major_brand", "")).strip()
    if container.format.name in _PICTURE_FORMATS or brand in _PICTURE_BRANDS:
        container.close()
        told = f"{path.name}: this is a still picture"
        raise InputError(f"{told}; give a video, or use `gaitlab pose` for a picture", on_page=f"{told}; give a video")
    return container


def check_size(path: Path, wh: tuple[int, int]) -> None:
    """Raise InputError for a picture that is too large to be worked on."""
    if is_too_large(wh):
        raise InputError(f"{path.name}: its pictures are {wh[0]} x {wh[1]}, {TOO_LARGE}")


def _why_not(path: Path) -> str:
    with path.open("rb") as file:
        is_mp4 = file.read(8)[4:] == b"ftyp"
    if is_mp4:
        return (
            f"{path.name}: the recording was not finished or not copied whole, its table of contents is missing or "
            "damaged; copy it again from the camera, or let the camera repair it"
        )
    return f"{path.name}: this is not a video that can be read; {WHAT_TO_DO}"


def recordings_in(container: Any) -> list[Any]:
    """Return the video streams that are recordings; cover pictures and thumbnails are none."""
    return [stream for stream in container.streams.video if not stream.disposition & _NOT_A_RECORDING]


def choose_stream(container: Any, path: Path) -> Any:
    """Return the video stream to read: of the recordings the default one, then the largest.

    Raises
    ------
    InputError
        When there is none, or no decoder for it.
    """
    streams = recordings_in(container)
    if not streams:
        raise InputError(f"{path.name}: there is no moving picture in this file, only sound or data; {WHAT_TO_DO}")
    known = [stream for stream in streams if stream.codec_context is not None]
    if not known:
        raise InputError(f"{path.name}: its kind of video cannot be decoded here; export the clip as MP4 (H.264)")
    return max(known, key=lambda one: (bool(one.disposition & Disposition.default), one.width * one.height, -one.index))


def pixel_aspect_of(stream: Any) -> Fraction:
    """Return width / height of a stored pixel; 1 where nothing credible is stated."""
    stated = stream.sample_aspect_ratio
    return stated if stated and Fraction(1, _ASPECT_MAX) <= stated <= _ASPECT_MAX else Fraction(1)


def stated_facts(path: Path, container: Any, stream: Any, first: Any) -> VideoInfo:
    """Return the properties that the file states, with the size of its first decoded frame."""
    rotation_deg, _ = orientation_of(first)
    width_px, height_px = upright_wh((first.width, first.height), pixel_aspect_of(stream), rotation_deg)
    metadata = {**container.metadata, **stream.metadata}
    n_frames, duration_s = stream.frames or None, _duration_s(container, stream)
    if duration_s is None:
        n_frames, duration_s = _counted(path, stream.index)
    return VideoInfo(
        path=path,
        width_px=width_px,
        height_px=height_px,
        fps_nominal=_rate_hz(stream),
        n_frames=n_frames,
        duration_s=duration_s,
        rotation_deg=rotation_deg,
        recorded_at=_recorded_at(metadata),
        capture_fps=_capture_hz(metadata),
    )


def _rate_hz(stream: Any) -> float:
    rates = (float(rate) for rate in (stream.average_rate, stream.guessed_rate) if rate)
    return next((rate for rate in rates if 0 < rate <= _RATE_MAX_HZ), 25.0)


def _duration_s(container: Any, stream: Any) -> float | None:
    if stream.duration is not None:
        return float(stream.duration * stream.time_base)
    # Matroska states the length of a stream in a tag of its own; the file's length may be that of the sound.
    tag = re.fullmatch(r"(\d+):(\d+):(\d+\.\d+)", stream.metadata.get("DURATION", ""))
    if tag:
        hours, minutes, seconds = map(float, tag.groups())
        return 3600 * hours + 60 * minutes + seconds
    return container.duration / av.time_base if container.duration else None


def _counted(path: Path, index: int) -> tuple[int | None, float | None]:
    """Return the number and time span of a stream's frames in a file that states no length, as browsers record them.

    Nothing is decoded: 100 MB take a fraction of a second. None, None where the pieces carry no times.
    """
    times_s: list[float] = []
    with suppress(av.error.FFmpegError), av.open(str(path), options=dict(_OPEN_OPTIONS)) as container:
        for packet in container.demux(container.streams[index]):
            if packet.pts is not None and packet.time_base is not None:
                times_s.append(float(packet.pts * packet.time_base))
    if len(times_s) < 2:
        return None, None
    span_s = max(times_s) - min(times_s)
    return len(times_s), span_s * len(times_s) / (len(times_s) - 1)


def _recorded_at(metadata: Mapping[str, str]) -> datetime | None:
    text = metadata.get("com.apple.quicktime.creationdate") or metadata.get("creation_time")
    if not text:
        return None
    try:
        stamp = datetime.fromisoformat(text)
    except ValueError:
        return None
    stamp = stamp if stamp.tzinfo else stamp.astimezone()  # a clock without a zone is that of where it was filmed
    # Cameras with an unset clock write the epoch of the container (1904) or of Unix.
    return stamp if stamp.year > 1980 else None


def _capture_hz(metadata: Mapping[str, str]) -> float | None:
    """Return the rate at which a slow-motion file says it was filmed; Android's cameras do."""
    try:
        rate = float(metadata.get("com.android.capture.fps", ""))
    except ValueError:
        return None
    return rate if 0 < rate <= 10 * _RATE_MAX_HZ else None
