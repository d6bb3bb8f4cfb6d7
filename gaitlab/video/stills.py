"""Still pictures, and the single JPEGs a camera sends."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np

from gaitlab.errors import InputError, StoreError, UsageError
from gaitlab.extras import need_extra
from gaitlab.limits import TOO_LARGE, is_too_large
from gaitlab.records import Picture, UInt8Array
from gaitlab.video.decoded import picture_of
from gaitlab.workspace import appearing

__all__ = ["check_picture_name", "decoded_still", "picture_of_jpeg", "read_picture", "write_picture"]

# ITU-T T.81, table B.1: start of frame of any coding, and the segments with a length that may stand before it. No other
# marker belongs there, and a decoder may read one that has no length, or none it knows, otherwise than we do.
_SOI: Final = b"\xff\xd8"
_FRAME_STARTS: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SEGMENTS: Final = frozenset((0xC4, 0xCC, 0xDB, 0xDD, *range(0xE0, 0xF0), 0xFE))
_FILL: Final = 0xFF
# PNG (ISO/IEC 15948, 11.2.1) begins with the chunk that has the size; that of a BMP follows the length of its header.
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_BMP: Final = b"BM"
_OLD_BMP_HEADER_BYTES: Final = 12
# ISO/IEC 23008-12, annex B: stills in the container of MP4, whose first box tells the brand.
_HEIC_BRANDS: Final = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")
_WRITTEN: Final = (".png", ".jpg", ".jpeg")
#: Beginnings of pictures that are not read.
_OTHER_KINDS: Final = {
    b"II*\x00": "a TIFF or a camera's raw picture",
    b"MM\x00*": "a TIFF or a camera's raw picture",
    b"GIF8": "a GIF",
    b"RIFF": "a WebP",
    b"%PDF": "a PDF",
    b"8BPS": "a Photoshop picture",
}
_NO_JPEG: Final = "frame: expected a JPEG picture; reload the page and start again"


def read_picture(path: Path) -> UInt8Array:
    """Return a still picture as upright RGB of shape (H, W, 3), its EXIF orientation applied.

    Raises
    ------
    InputError
        When the file is missing, no picture, or too large; the size is read before anything is decoded.
    """
    if not path.is_file():
        raise InputError(f"{path}: no such file; check the path")
    return decoded_still(path.read_bytes(), path.name)


def check_picture_name(name: str) -> None:
    """Raise UsageError for the name of a picture that cannot be written by its ending."""
    if Path(name).suffix.lower() not in _WRITTEN:
        raise UsageError(f"{name}: expected a name that ends in {' or '.join(_WRITTEN)}")


def write_picture(rgb: UInt8Array, out: Path) -> None:
    """Write a picture as PNG or JPEG, by the ending of its name; what was there before is replaced when it is complete.

    Raises
    ------
    UsageError
        For another ending.
    StoreError
        When it cannot be written.
    """
    check_picture_name(out.name)
    _, encoded = cv2.imencode(out.suffix.lower(), cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
    try:
        with appearing(out) as part:
            part.write_bytes(encoded.tobytes())
    except OSError as error:
        raise StoreError(f"{out}: the picture could not be written ({error.strerror}); is the disk full?") from error


def decoded_still(data: bytes, name: str) -> UInt8Array:
    """Return the bytes of a still picture as upright RGB of shape (H, W, 3); `name` is for messages.

    Raises
    ------
    InputError
        When it is no picture that is read, or too large; the size is read before anything is decoded.
    MissingExtraError
        For a HEIC picture without the extra `heic`.
    """
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return _decoded_heic(data, name)
    wh = _still_wh(data)
    if wh is not None and is_too_large(wh):
        raise InputError(f"{name}: the picture is {wh[0]} x {wh[1]}, {TOO_LARGE}")
    picture = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_COLOR) if wh else None
    if picture is None:
        kind = "an AVIF" if data[4:12] == b"ftypavif" else _OTHER_KINDS.get(data[:4])
        raise InputError(
            f"{name}: this is {kind}, which is not read; save it as JPEG or PNG"
            if kind
            else f"{name}: this is not a picture that can be read; give a JPEG, PNG, BMP or HEIC file"
        )
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def _decoded_heic(data: bytes, name: str) -> UInt8Array:
    need_extra("heic", f"{name}: reading HEIC")
    import pillow_heif  # noqa: PLC0415 (an extra)

    try:
        picture = pillow_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=True)  # decodes nothing yet
        if is_too_large(picture.size):
            raise InputError(f"{name}: the picture is {picture.size[0]} x {picture.size[1]}, {TOO_LARGE}")
        pixels = np.asarray(picture, dtype=np.uint8)  # turned upright by the file's own transformations
    except InputError:
        raise
    except Exception as error:  # the library raises whatever comes
        raise InputError(f"{name}: this HEIC picture cannot be read; save it as JPEG or PNG") from error
    rgb = np.repeat(pixels[..., np.newaxis], 3, axis=2) if pixels.ndim == 2 else pixels[..., :3]
    return np.ascontiguousarray(rgb)


def _still_wh(data: bytes) -> tuple[int, int] | None:
    """Return the stated size of a JPEG, PNG or BMP; None for another format or a damaged beginning."""
    if data.startswith(_PNG) and data[12:16] == b"IHDR" and len(data) >= 24:
        return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    if data.startswith(_BMP) and len(data) >= 26:
        size = 2 if int.from_bytes(data[14:18], "little") == _OLD_BMP_HEADER_BYTES else 4
        width, height = (int.from_bytes(data[18 + at : 18 + at + size], "little", signed=size == 4) for at in (0, size))
        return abs(width), abs(height)  # a height below zero: the first row is the upper one
    try:
        return _jpeg_wh(data)
    except InputError:
        return None


def picture_of_jpeg(data: bytes, *, side_max_px: int) -> Picture:
    """Return a JPEG of a live camera as a picture.

    A few bytes cannot claim gigabytes: the size is read before anything is decoded, and the decoder itself refuses a
    frame with more than `side_max_px` squared pixels, whatever header it finds.

    Raises
    ------
    InputError
        When it is no JPEG, damaged, or has a side of more than `side_max_px` pixels.
    """
    width, height = _jpeg_wh(data)
    if not (0 < width <= side_max_px and 0 < height <= side_max_px):
        raise InputError(
            f"frame: expected at most {side_max_px} pixels per side, got {width} x {height}; send it smaller"
        )
    decoder = av.CodecContext.create("mjpeg", "r")
    decoder.thread_count = 1
    decoder.options = {"max_pixels": str(side_max_px**2), "err_detect": "explode"}
    try:
        decoded = decoder.decode(av.Packet(data))
    except av.FFmpegError as error:
        raise InputError(_NO_JPEG) from error
    if len(decoded) != 1 or (decoded[0].width, decoded[0].height) != (width, height):
        raise InputError(_NO_JPEG)
    return picture_of(decoded[0], Fraction(1), (0, False))  # the page draws frames upright with square pixels


def _jpeg_wh(data: bytes) -> tuple[int, int]:
    """Return width and height from the frame header (ITU-T T.81, B.2.2)."""
    if not data.startswith(_SOI):
        raise InputError(_NO_JPEG)
    at = len(_SOI)
    while at + 9 <= len(data) and data[at] == _FILL:
        marker = data[at + 1]
        if marker in _FRAME_STARTS:
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        if marker == _FILL:
            at += 1
        elif marker in _SEGMENTS:
            at += 2 + int.from_bytes(data[at + 2 : at + 4])
        else:
            break
    raise InputError(_NO_JPEG)
