"""A video file from its first frame to its last, and what a reader must know of it."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import av.error

from gaitlab.errors import InputError
from gaitlab.limits import TOO_LARGE
from gaitlab.records import Frame, VideoInfo
from gaitlab.records.findings import Said, said
from gaitlab.video.clock import Clock
from gaitlab.video.container import (
    DECODER_OPTIONS,
    WHAT_TO_DO,
    check_size,
    choose_stream,
    open_container,
    pixel_aspect_of,
    recordings_in,
    stated_facts,
)
from gaitlab.video.decoded import orientation_of, picture_of
from gaitlab.video.ending import falls_short
from gaitlab.video.interlaced import deinterlaced
from gaitlab.video.repeats import RepeatWatch

__all__ = ["VideoReader", "probe"]

# With more, FFmpeg's decoders conceal damage differently each time, and results would depend on chance. One is the
# cheapest, too, and keeps ahead: 6 ms for a 1080p frame of H.264 beside two interpreters that need 12 ms and more.
_DECODER_THREADS = 1
_SLOW_MOTION_MIN = 1.5


class VideoReader:
    """An open video file, read once from its first frame to its last.

    Parameters
    ----------
    path : Path

    Attributes
    ----------
    info : VideoInfo
    findings : tuple of Said
        After the last frame: what a reader must know, for example that the file breaks off or stands still.
    other_videos : tuple of str
        The video streams of the file that are not read, for example "stream 2, 640 x 352".
    n_damaged : int
        Pieces so far that could not be decoded, or only partly.

    Raises
    ------
    InputError
        When the file is missing, empty, no video, a still picture, sound only, or nothing in it can be decoded.

    Notes
    -----
    Memory does not depend on the length: frames are decoded one at a time and not kept.
    """

    def __init__(self, path: Path) -> None:
        self.findings: tuple[Said, ...] = ()
        self.n_damaged = 0
        self._is_interlaced = False
        self._container = open_container(path)
        try:
            self._stream = choose_stream(self._container, path)
            check_size(path, (self._stream.width, self._stream.height))
            self._stream.codec_context.options = DECODER_OPTIONS
            self._stream.codec_context.thread_count = _DECODER_THREADS
            self._pixel_aspect = pixel_aspect_of(self._stream)
            self._pictures = deinterlaced(self._decode(), self._stream.time_base)
            self._first = next(self._pictures, None)
            if self._first is None:
                raise InputError(f"{path.name}: {self._why_nothing()}")
            self._orientation = orientation_of(self._first)
            self._starts_s = float(self._first.time or 0.0)
            self.other_videos: tuple[str, ...] = tuple(
                f"stream {one.index + 1}, {one.width} x {one.height}"
                for one in recordings_in(self._container)
                if one.index != self._stream.index
            )
            self.info: VideoInfo = stated_facts(path, self._container, self._stream, self._first)
            check_size(path, (self.info.width_px, self.info.height_px))
        except BaseException:
            self._container.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pictures.close()
        self._container.close()

    def _decode(self) -> Generator[Any]:
        """Yield decoded frames; damaged pieces are counted and passed over."""
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
            except av.error.FFmpegError:
                self.n_damaged += 1
                packet = None
            for frame in self._frames_of(packet):
                self.n_damaged += frame.is_corrupt
                self._is_interlaced |= frame.interlaced_frame
                yield frame
            if packet is None:
                return

    def _frames_of(self, packet: Any) -> list[Any]:
        """Return the frames that a piece of the file completes; without a piece, those the decoder still holds."""
        try:
            return list(self._stream.decode(packet))
        except av.error.EOFError:  # already emptied
            return []
        except av.error.FFmpegError:
            self.n_damaged += 1
            return []

    def _why_nothing(self) -> str:
        """Return why no frame could be decoded; a file that states no size may have pictures that are too large."""
        if self._stream.width:
            return f"no frame could be decoded; the file is damaged, {WHAT_TO_DO}"
        return (
            f"no frame could be decoded; the file is damaged ({WHAT_TO_DO}), or its pictures are too large: {TOO_LARGE}"
        )

    def __iter__(self) -> Iterator[Frame]:
        """Yield frames in presentation order; times start at 0 and increase strictly (see `Clock`)."""
        decoded, self._first = self._first, None
        clock, watch = Clock(interval_s=1.0 / self.info.fps_nominal), RepeatWatch()
        index, time_s = 0, 0.0
        while decoded is not None:
            time_s = clock.next(decoded.time)
            picture = picture_of(decoded, self._pixel_aspect, self._orientation)
            if picture.wh != (self.info.width_px, self.info.height_px):
                self.findings += (said("size_changes", after_s=time_s),)
                break
            repeats = watch.is_repeat(picture, time_s)
            yield Frame(index=index, time_s=time_s, picture=picture, is_repeat=repeats)
            index += 1
            decoded = next(self._pictures, None)
        else:
            self.findings += self._shortfall(index, time_s)
        self.findings += (*self._of_the_file(), *_of_the_clock(clock, index), *watch.findings())

    def _shortfall(self, n_frames: int, last_s: float) -> tuple[Said, ...]:
        stated = self.info.duration_s
        if self._container.format.name == "avi" and self.info.n_frames:  # its header tells more than what is left
            stated = max(stated or 0.0, self.info.n_frames / self.info.fps_nominal)
        seen = last_s + 1.0 / self.info.fps_nominal
        if stated is None or not falls_short(seen, stated):
            return ()
        if self._starts_s > 0.0 and not falls_short(seen + self._starts_s, stated):
            return (said("begins_late", missing_s=self._starts_s, n_frames=n_frames, seen_s=seen),)
        return (said("breaks_off", n_frames=n_frames, seen_s=seen, stated_s=stated),)

    def _of_the_file(self) -> tuple[Said, ...]:
        findings = []
        if self.n_damaged:
            findings.append(said("damaged", n=self.n_damaged))
        if self._is_interlaced:
            findings.append(said("interlaced"))
        if self.other_videos:
            n, width_px, height_px = 1 + len(self.other_videos), self._stream.width, self._stream.height
            findings.append(said("several_videos", n=n, width_px=width_px, height_px=height_px))
        slower = (self.info.capture_fps or 0.0) / self.info.fps_nominal
        if slower >= _SLOW_MOTION_MIN:
            factor = round(slower, None if abs(slower - round(slower)) < 0.05 * slower else 1)
            camera_fps, played_fps = self.info.capture_fps, self.info.fps_nominal
            findings.append(said("plays_slowly", camera_fps=camera_fps, played_fps=played_fps, factor=factor))
        return tuple(findings)


def _of_the_clock(clock: Clock, n_frames: int) -> tuple[Said, ...]:
    return (
        *((said("times_filled_in", n=clock.n_filled, n_frames=n_frames),) if clock.n_filled else ()),
        *((said("clock_jumps", after_s=clock.jumps_s[0]),) if clock.jumps_s else ()),
    )


def probe(path: Path) -> VideoInfo:
    """Return size, rate, duration, rotation and recording time of a video file; InputError as `VideoReader`."""
    with VideoReader(path) as reader:
        return reader.info
