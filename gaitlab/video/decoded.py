"""One decoded frame as a `Picture`: its planes, colour matrix, orientation and the shape of its pixels."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

import numpy as np
from av.sidedata.sidedata import Type as SideDataType

from gaitlab.records import Picture, UInt8Array
from gaitlab.video.picture import ColorMatrix, rgb_from_yuv

__all__ = ["orientation_of", "picture_of", "upright_wh"]

_HD_HEIGHT_PX = 720
# Codes of ISO/IEC 23091-2, 8.3. FCC's weights (4) are those of BT.601 to the second digit.
_MATRICES: Final[dict[int, ColorMatrix]] = {
    **{1: "bt709", 4: "bt601", 5: "bt601", 6: "bt601"},
    **{7: "smpte240m", 9: "bt2020", 10: "bt2020"},
}
_LIMITED, _FULL = 1, 2  # FFmpeg's codes of the range
_PLANAR = ("yuv420p", "yuv422p", "yuv444p", "yuv440p", "yuvj420p", "yuvj422p", "yuvj444p", "yuvj440p")


def picture_of(decoded: Any, pixel_aspect: Fraction, orientation: tuple[int, bool]) -> Picture:
    """Return a decoded frame as a picture.

    Eight-bit planar YUV is taken as it is, without a copy. Other YUV (10 bit, interleaved) becomes that, its matrix and
    range unchanged; grey, palettes and RGB become RGB.

    Parameters
    ----------
    decoded : av.VideoFrame
    pixel_aspect : Fraction
        Width of a stored pixel divided by its height.
    orientation : tuple of int and bool
        As `orientation_of` gives it for the clip's first frame. Asking every frame would keep its memory until the
        garbage collector comes round: PyAV's side data and its frame refer to each other.
    """
    rotation_deg, is_mirrored = orientation
    wh = upright_wh((decoded.width, decoded.height), pixel_aspect, rotation_deg)
    name = decoded.format.name
    if decoded.format.is_rgb or decoded.format.has_palette or len(decoded.format.components) < 3:
        rgb = np.asarray(decoded.to_ndarray(format="rgb24"), dtype=np.uint8)
        return Picture(planes=(rgb,), wh=wh, rotation_deg=rotation_deg, is_mirrored=is_mirrored)
    full_range = decoded.color_range == _FULL or name.startswith("yuvj")
    matrix = rgb_from_yuv(_matrix_of(decoded), full_range=full_range)
    if name not in _PLANAR:
        same = _FULL if full_range else _LIMITED
        decoded = decoded.reformat(format=_plain(decoded.format), src_color_range=same, dst_color_range=same)
    return Picture(
        planes=_planes_of(decoded), wh=wh, rgb_from_yuv=matrix, rotation_deg=rotation_deg, is_mirrored=is_mirrored
    )


def _matrix_of(decoded: Any) -> ColorMatrix:
    """Return the colour matrix; unmarked HD material is BT.709 and smaller is BT.601, as players assume."""
    unmarked: ColorMatrix = "bt709" if min(decoded.width, decoded.height) >= _HD_HEIGHT_PX else "bt601"
    return _MATRICES.get(int(decoded.colorspace), unmarked)


def _plain(pixels: Any) -> str:
    """Return the eight-bit planar format with as many colour samples in a row."""
    return "yuv444p" if pixels.chroma_width(64) == 64 else "yuv420p"


def _planes_of(decoded: Any) -> tuple[UInt8Array, ...]:
    """Return the planes as read-only views on the decoder's buffer, without the padding at the end of each row."""
    planes = []
    for plane in decoded.planes:
        rows = np.frombuffer(plane, dtype=np.uint8, count=plane.line_size * plane.height)
        view = rows.reshape(plane.height, plane.line_size)[:, : plane.width]
        view.flags.writeable = False
        planes.append(view)
    return tuple(planes)


def orientation_of(decoded: Any) -> tuple[int, bool]:
    """Return the clockwise turn in degrees that makes a frame upright, and whether it is mirrored before that.

    From the display matrix (ISO/IEC 14496-12, 8.3.2): stored (x, y) is shown at (a x + c y, b x + d y), y downwards;
    the matrix lists a, b, u, c, d, v, … in this order. A turn by another angle goes to the nearest right angle.
    """
    matrix = decoded.side_data.get(SideDataType.DISPLAYMATRIX)
    if matrix is None:
        return 0, False
    a, b, _, c, d, *_ = np.frombuffer(matrix, dtype=np.int32).tolist()
    is_mirrored = a * d - b * c < 0
    if is_mirrored:  # undone before the angle is read
        a, b = -a, -b
    return round(np.degrees(np.arctan2(b, a)) / 90) * 90 % 360, is_mirrored


def upright_wh(stored_wh: tuple[int, int], pixel_aspect: Fraction, rotation_deg: int) -> tuple[int, int]:
    """Return the size of the upright picture in square pixels; the side whose pixels are longer is stretched."""
    width, height = stored_wh
    if pixel_aspect > 1:
        width = round(width * pixel_aspect)
    else:
        height = round(height / pixel_aspect)
    return (width, height) if rotation_deg in (0, 180) else (height, width)
