"""The arrays of a session as the bytes of an .npz: float64, read exactly as saved, NaN included."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import numpy as np

from gaitlab.errors import StoreError
from gaitlab.records import Analysis, AngleSeries, FeetTrack, FloatArray, PoseTrack
from gaitlab.storage.faults import damaged

__all__ = ["TRACK_SCHEMA", "pack_arrays", "unpack_arrays", "unpack_raw_track"]

#: Version of the arrays in `TrackRow.npz`; it increases when their names or meaning change.
TRACK_SCHEMA: Final = 1
#: Of zlib: coordinates get hardly smaller by more.
_COMPRESSION: Final = 1
#: An array is compressed when the first bytes of it get smaller than this share (ours). What a network told and scores
#: do, to a third; smoothed coordinates and angles keep 0.94, and compressing them is most of the time of a save.
_WORTH_MAX: Final = 0.8
_TRIED_BYTES: Final = 1 << 16


def pack_arrays(analysis: Analysis) -> bytes:
    """Return raw track, smoothed track and angles as the bytes of an .npz file; what is worth it is compressed."""
    angles = analysis.angles
    arrays: dict[str, Any] = {"time_s": angles.time_s, "deg": angles.deg}
    arrays |= {"names": np.array(angles.names, dtype=np.str_), "facing": np.array(angles.facing)}
    for label, track in (("raw", analysis.track_raw), ("track", analysis.track)):
        arrays |= {f"{label}_time_s": track.time_s, f"{label}_xy_px": track.xy_px, f"{label}_score": track.score}
        arrays[f"{label}_image_wh"] = np.array(track.image_wh or (), dtype=np.int64)
        if track.feet is not None:
            arrays |= {f"{label}_feet_xy_px": track.feet.xy_px, f"{label}_feet_score": track.feet.score}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as npz:
        for name, values in arrays.items():
            member, content = zipfile.ZipInfo(f"{name}.npy"), io.BytesIO()
            np.lib.format.write_array(content, np.asanyarray(values), allow_pickle=False)
            npz.writestr(member, content.getbuffer(), _compression_of(content.getbuffer()), _COMPRESSION)
    return buffer.getvalue()


def _compression_of(content: memoryview) -> int:
    tried = content[:_TRIED_BYTES]
    is_worth_it = len(zlib.compress(tried, _COMPRESSION)) < _WORTH_MAX * len(tried)
    return zipfile.ZIP_DEFLATED if is_worth_it else zipfile.ZIP_STORED


def unpack_arrays(npz: bytes) -> tuple[PoseTrack, PoseTrack, AngleSeries]:
    """Return raw track, smoothed track and angles; the inverse of `pack_arrays`.

    Raises
    ------
    StoreError
        If the bytes were not made by `pack_arrays`.
    """
    with _opened(npz) as arrays:
        angles = AngleSeries(
            time_s=_read_only(arrays["time_s"]),
            names=tuple(str(name) for name in arrays["names"]),
            deg=_read_only(arrays["deg"]),
            facing=str(arrays["facing"]),  # type: ignore[arg-type]
        )
        return _unpack_track(arrays, "raw"), _unpack_track(arrays, "track"), angles


def unpack_raw_track(npz: bytes) -> PoseTrack:
    """Return the raw track alone; StoreError as for `unpack_arrays`."""
    with _opened(npz) as arrays:
        return _unpack_track(arrays, "raw")


@contextmanager
def _opened(npz: bytes) -> Iterator[Mapping[str, Any]]:
    try:
        with np.load(io.BytesIO(npz), allow_pickle=False) as arrays:
            yield arrays
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise StoreError(f"stored track: {damaged(error)}") from error


def _unpack_track(arrays: Mapping[str, Any], label: str) -> PoseTrack:
    wh = arrays[f"{label}_image_wh"]
    return PoseTrack(
        time_s=_read_only(arrays[f"{label}_time_s"]),
        xy_px=_read_only(arrays[f"{label}_xy_px"]),
        score=_read_only(arrays[f"{label}_score"]),
        image_wh=(int(wh[0]), int(wh[1])) if wh.size else None,
        feet=_unpack_feet(arrays, label),
    )


def _read_only(array: FloatArray) -> FloatArray:
    """Return an array that nobody else has as one that records need not copy."""
    for one in (array, array.base):
        if isinstance(one, np.ndarray):
            one.flags.writeable = False
    return array


def _unpack_feet(arrays: Mapping[str, Any], label: str) -> FeetTrack | None:
    """Return the feet of a track; None where there are none, as in older sessions."""
    if f"{label}_feet_xy_px" not in arrays:
        return None
    xy_px, score = (_read_only(arrays[f"{label}_feet_{name}"]) for name in ("xy_px", "score"))
    return FeetTrack(xy_px=xy_px, score=score)
