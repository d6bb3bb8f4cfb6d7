"""Reading video: the only place that decodes.

Time is each frame's presentation timestamp, never index / fps: phone files run at a variable rate. Pictures stay as the
decoder made them (`Picture`), with what is needed to turn them upright and to convert the part that is looked at.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import av
import av.error
import cv2
import numpy as np

from gaitlab.errors import InputError
from gaitlab.picture import ColorMatrix, rgb_from_yuv
from gaitlab.types import Frame, Picture, UInt8Array, VideoInfo

__all__ = ["VideoReader", "frames", "probe", "read_picture", "sha256_of"]

_PICTURE_FORMATS = ("image2", "png_pipe", "jpeg_pipe", "bmp_pipe", "webp_pipe", "tiff_pipe", "gif_pipe", "ppm_pipe")
# Containers that hold one recording. Play lists and subtitle-like formats could name other files or addresses.
_VIDEO_FORMATS = (
    *(["mov", "mp4", "m4a", "3gp", "3g2", "mj2"]),
    *(["matroska", "webm"]),
    *("avi", "mpegts", "mpeg", "mpegvideo", "flv", "ogg", "asf", "gif", "mxf", "h264", "hevc", "ivf", "rm", "dv"),
)
_OPEN_OPTIONS = {"format_whitelist": ",".join((*_VIDEO_FORMATS, *_PICTURE_FORMATS)), "protocol_whitelist": "file"}
_WHAT_TO_DO = "give a video file such as MP4 or MOV, or export the clip again as MP4 (H.264)"
_HD_HEIGHT_PX = 720
# Codes of ISO/IEC 23091-2, 8.3. FCC's weights (4) are those of BT.601 to the second digit.
_MATRICES: dict[int, ColorMatrix] = {
    **{1: "bt709", 4: "bt601", 5: "bt601", 6: "bt601"},
    **{7: "smpte240m", 9: "bt2020", 10: "bt2020"},
}
_LIMITED, _FULL = 1, 2  # FFmpeg's codes of the range
_PLANAR = ("yuv420p", "yuv422p", "yuv444p", "yuv440p", "yuvj420p", "yuvj422p", "yuvj444p", "yuvj440p")
_SHORTFALL_S = 0.5


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's content as hexadecimal text."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _recorded_at(container: Any) -> datetime | None:
    text = container.metadata.get("com.apple.quicktime.creationdate") or container.metadata.get("creation_time")
    if not text:
        return None
    try:
        stamp = datetime.fromisoformat(text)
    except ValueError:
        return None
    stamp = stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)
    # Cameras with an unset clock write the epoch of the container (1904) or of Unix.
    return stamp if stamp.year > 1980 else None


def _matrix_of(decoded: Any) -> ColorMatrix:
    """Return the colour matrix; unmarked HD material is BT.709 and smaller is BT.601, as players assume."""
    unmarked: ColorMatrix = "bt709" if min(decoded.width, decoded.height) >= _HD_HEIGHT_PX else "bt601"
    return _MATRICES.get(int(decoded.colorspace), unmarked)


def _planes_of(decoded: Any) -> tuple[UInt8Array, ...]:
    """Return the planes as read-only views on the decoder's buffer, without the padding at the end of each row."""
    planes = []
    for plane in decoded.planes:
        rows = np.frombuffer(plane, dtype=np.uint8, count=plane.line_size * plane.height)
        view = rows.reshape(plane.height, plane.line_size)[:, : plane.width]
        view.flags.writeable = False
        planes.append(view)
    return tuple(planes)


def _picture_of(decoded: Any) -> Picture:
    """Return a decoded picture with what turns it upright and converts it."""
    rotation_deg = _clockwise(decoded)
    wh = (decoded.width, decoded.height) if rotation_deg in (0, 180) else (decoded.height, decoded.width)
    if not decoded.format.name.startswith("yuv") and not decoded.format.name.startswith(("nv", "p0", "p2", "p4")):
        rgb = np.asarray(decoded.to_ndarray(format="rgb24"), dtype=np.uint8)
        return Picture(planes=(rgb,), wh=wh, rotation_deg=rotation_deg)
    full_range = decoded.color_range == _FULL or decoded.format.name.startswith("yuvj")
    matrix = rgb_from_yuv(_matrix_of(decoded), full_range=full_range)
    if decoded.format.name not in _PLANAR:
        same = _FULL if full_range else _LIMITED
        decoded = decoded.reformat(format="yuv420p", src_color_range=same, dst_color_range=same)
    return Picture(planes=_planes_of(decoded), wh=wh, rgb_from_yuv=matrix, rotation_deg=rotation_deg)


def _clockwise(decoded: Any) -> int:
    """Return the clockwise turn, in right angles as degrees, that makes a decoded picture upright."""
    return int(round(-decoded.rotation / 90) * 90 % 360)


class VideoReader:
    """An open video file, read once from its first frame to its last.

    Parameters
    ----------
    path : Path

    Attributes
    ----------
    info : VideoInfo
    notes : tuple of str
        After the last frame: what a reader must know of the file, for example that it broke off.

    Raises
    ------
    InputError
        When the file is missing, empty, no video, a still picture, sound only, or nothing in it can be decoded.

    Notes
    -----
    Memory does not depend on the length: frames are decoded one at a time and not kept.
    """

    def __init__(self, path: Path) -> None:
        self.notes: tuple[str, ...] = ()
        self._path = path
        self._container = _open(path)
        try:
            self._stream = self._container.streams.video[0]
            self._stream.thread_type = "AUTO"
            self._pictures = self._decode()
            self._first = next(self._pictures, None)
            if self._first is None:
                raise InputError(f"{path.name}: no frame could be decoded; the file is damaged, {_WHAT_TO_DO}")
            self.info = self._info(self._first)
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
        """Yield decoded pictures; a decoding error ends the clip and is noted."""
        try:
            yield from self._container.decode(self._stream)
        except av.error.FFmpegError as error:
            self.notes += (f"The file is damaged: decoding stopped early ({error.strerror}).",)

    def _info(self, picture: Any) -> VideoInfo:
        rotation = _clockwise(picture)
        upright = (picture.height, picture.width) if rotation in (90, 270) else (picture.width, picture.height)
        stream = self._stream
        rate = stream.average_rate or stream.guessed_rate
        if stream.duration is not None:
            duration: float | None = float(stream.duration * stream.time_base)
        else:
            duration = self._container.duration / av.time_base if self._container.duration else None
        return VideoInfo(
            path=self._path,
            width_px=upright[0],
            height_px=upright[1],
            fps_nominal=float(rate) if rate else 25.0,
            n_frames=stream.frames or None,
            duration_s=duration,
            rotation_deg=rotation,
            recorded_at=_recorded_at(self._container),
        )

    def __iter__(self) -> Iterator[Frame]:
        """Yield frames in presentation order; times start at 0 and increase strictly.

        A missing or repeated timestamp is replaced by the previous one plus the nominal frame interval.
        """
        decoded = self._first
        self._first = None
        origin: float | None = None
        previous = -1.0
        index = 0
        while decoded is not None:
            stamp = decoded.time
            if stamp is not None and origin is None:
                origin = stamp
            time_s = stamp - origin if stamp is not None and origin is not None else -1.0
            if time_s <= previous:
                time_s = previous + 1.0 / self.info.fps_nominal if index else 0.0
            picture = _picture_of(decoded)
            if picture.wh != (self.info.width_px, self.info.height_px):
                self.notes += (f"The picture size changes after {time_s:.1f} s; the rest was left out.",)
                return
            yield Frame(index=index, time_s=time_s, picture=picture)
            previous = time_s
            index += 1
            decoded = next(self._pictures, None)
        self._note_shortfall(index, previous)

    def _note_shortfall(self, n_frames: int, last_s: float) -> None:
        stated = self.info.duration_s
        seen = last_s + 1.0 / self.info.fps_nominal
        if stated is not None and stated - seen > max(_SHORTFALL_S, 0.02 * stated):
            self.notes += (
                f"The file breaks off: {n_frames} frames ({seen:.1f} s of {stated:.1f} s) could be decoded and were "
                "analysed.",
            )


def _open(path: Path) -> Any:
    """Open a video file with PyAV or say why that cannot be done."""
    if not path.exists():
        raise InputError(f"{path}: no such file; check the path")
    if path.is_dir():
        raise InputError(f"{path}: this is a folder; give one video file")
    if path.stat().st_size == 0:
        raise InputError(f"{path.name}: the file is empty; copy it again from the camera")
    try:
        container: Any = av.open(str(path), options=dict(_OPEN_OPTIONS))
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise InputError(f"{path.name}: this is not a video that can be read; {_WHAT_TO_DO}") from error
    if container.format.name in _PICTURE_FORMATS:
        container.close()
        raise InputError(f"{path.name}: this is a still picture; give a video, or use `gaitlab pose` for a picture")
    if not container.streams.video or container.streams.video[0].codec_context is None:
        container.close()
        raise InputError(f"{path.name}: there is no picture in this file, only sound or data; {_WHAT_TO_DO}")
    return container


def probe(path: Path) -> VideoInfo:
    """Return size, rate, duration, rotation and recording time of a video file; InputError as `VideoReader`."""
    with VideoReader(path) as reader:
        return reader.info


def frames(path: Path) -> Iterator[Frame]:
    """Yield the frames of a video file; InputError as `VideoReader`."""
    with VideoReader(path) as reader:
        yield from reader


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
