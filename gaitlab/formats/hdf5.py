"""HDF5 files of keypoints: DeepLabCut (.h5), SLEAP analysis (.h5) and `movement` (.nc). Needs the extra `formats`."""

from __future__ import annotations

import io
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from gaitlab.errors import InputError, UsageError
from gaitlab.extras import need_extra
from gaitlab.formats.detections import Detections
from gaitlab.formats.loading import FRAMES_MAX_FILE, one_line
from gaitlab.formats.names import N_POINTS, places_of
from gaitlab.records import FloatArray, Recording

__all__ = ["read_hdf5"]

_VALUES_MAX: Final = 40_000_000  # 320 MB
_NAMES_MAX: Final = 5_000


def read_hdf5(path: Path, *, fps: float | None = None, image_wh: tuple[int, int] | None = None) -> Recording:
    """Read the keypoints of a HDF5 file of DeepLabCut, SLEAP or `movement`.

    Parameters
    ----------
    path : Path
    fps : float, optional
        Frames per second, where the file has none.
    image_wh : tuple of int, optional

    Raises
    ------
    MissingExtraError
        When h5py is not installed.
    InputError
        When the file cannot be read, or is of another kind.
    UsageError
        When there are no times and no `fps`.
    """
    need_extra("formats", f"{path.name}: reading HDF5")
    import h5py  # noqa: PLC0415 (an extra)

    try:
        with h5py.File(path, "r") as file:
            return _recording(path, file, fps=fps, image_wh=image_wh)
    except (InputError, UsageError):
        raise
    except Exception as error:  # the library raises whatever comes
        raise InputError(f"{path.name}: this HDF5 file cannot be read ({one_line(error)}); check the file") from error


def _recording(path: Path, file: Any, *, fps: float | None, image_wh: tuple[int, int] | None) -> Recording:
    if "position" in file and ("keypoints" in file or "keypoint" in file):
        return _movement(path, file, fps=fps, image_wh=image_wh)
    if "tracks" in file and "node_names" in file:
        xy = np.moveaxis(_values(path, file["tracks"]), (3, 0, 2, 1), (0, 1, 2, 3))  # time, person, point, x and y
        score = np.ones(xy.shape[:3])
        if "point_scores" in file:
            score = np.moveaxis(_values(path, file["point_scores"]), (2, 0, 1), (0, 1, 2))
        found = Detections(file=path.name, program="SLEAP's analysis HDF5", image_wh=image_wh)
        _add(found, xy, score, _texts(path, file["node_names"]))
        return found.by_number(fps=fps)
    for group in file.values():
        if getattr(group, "attrs", {}).get("pandas_type") is not None:
            return _deeplabcut(path, group, fps=fps, image_wh=image_wh)
    raise InputError(
        f"{path.name}: this HDF5 file is none of DeepLabCut, SLEAP's analysis or movement; it has "
        f"{', '.join(list(file)[:4])[:80] or 'nothing'}; save the keypoints as CSV"
    )


def _movement(path: Path, file: Any, *, fps: float | None, image_wh: tuple[int, int] | None) -> Recording:
    position = file["position"]
    if position.ndim != 4 or position.shape[1] != 2:
        raise InputError(f"{path.name}: expected positions in the picture (time, x and y, keypoints, individuals)")
    xy = np.moveaxis(_values(path, position), (0, 3, 2, 1), (0, 1, 2, 3))
    score = np.ones(xy.shape[:3])
    if "confidence" in file:
        given = np.moveaxis(_values(path, file["confidence"]), (0, 2, 1), (0, 1, 2))
        score = np.where(np.isnan(given), 1.0, given)  # positions without a confidence are known, too
    found = Detections(file=path.name, program="movement's netCDF", image_wh=image_wh)
    names = file["keypoints"] if "keypoints" in file else file["keypoint"]  # it differs between versions
    _add(found, xy, score, _texts(path, names))
    if _text(file.attrs.get("time_unit", "")) == "seconds":
        return found.by_times(_values(path, file["time"]))
    return found.by_number(fps=fps)


def _deeplabcut(path: Path, group: Any, *, fps: float | None, image_wh: tuple[int, int] | None) -> Recording:
    """Read a pandas table, in its format "table" or "fixed"."""
    if "table" in group:
        values = _values(path, group["table"]["values_block_0"])
        columns = _names_in_pickle(bytes(group.attrs["non_index_axes"]))
        frames = np.asarray(group["table"]["index"])
    else:
        values = _values(path, group["block0_values"])
        n_levels = int(group.attrs["axis0_nlevels"])
        levels = [_texts(path, group[f"block0_items_level{i}"]) for i in range(n_levels)]
        labels = [np.asarray(group[f"block0_items_label{i}"]) for i in range(n_levels)]
        columns = [tuple(level[k] for level, k in zip(levels, row, strict=True)) for row in zip(*labels, strict=True)]
        frames = np.asarray(group["axis1"])
    if not np.issubdtype(frames.dtype, np.integer):
        raise InputError(
            f"{path.name}: these are labelled pictures, not the frames of a video; analyse the video's file"
        )
    whose = [column[1] if len(column) > 3 else "" for column in columns]
    everybody = list(dict.fromkeys(whose))
    points = list(dict.fromkeys(column[-2] for column in columns))
    each = np.full((len(values), len(everybody), len(points), 3), np.nan)
    for i, column in enumerate(columns):
        part = ("x", "y", "likelihood").index(column[-1])
        each[:, everybody.index(whose[i]), points.index(column[-2]), part] = values[:, i]
    found = Detections(file=path.name, program="DeepLabCut's HDF5", image_wh=image_wh)
    _add(found, each[..., :2], each[..., 2], points, numbers=frames.tolist())
    return found.by_number(fps=fps)


def _values(path: Path, data: Any) -> FloatArray:
    if data.size > _VALUES_MAX or (len(data.shape) and max(data.shape) > FRAMES_MAX_FILE):
        raise InputError(f"{path.name}: expected at most {FRAMES_MAX_FILE:,} frames; cut the recording into parts")
    return np.asarray(data, dtype=np.float64)


def _texts(path: Path, data: Any) -> list[str]:
    if data.size > _NAMES_MAX:
        raise InputError(f"{path.name}: expected names of points, got {data.size:,} of them")
    return [_text(one) for one in np.asarray(data).ravel()]


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


class _OnlyPlain(pickle.Unpickler):
    """Lists, tuples and texts only: nothing that a file names is ever imported or called."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"the names of the columns ask for {module}.{name}")


def _names_in_pickle(raw: bytes) -> list[tuple[str, ...]]:
    axes = _OnlyPlain(io.BytesIO(raw), encoding="utf-8").load()
    return [tuple(str(part) for part in column) for column in axes[0][1]]


def _add(
    found: Detections, xy: FloatArray, score: FloatArray, names: Sequence[str], *, numbers: Sequence[int] | None = None
) -> None:
    """Add all people, arrays of shapes (T, people, points, 2) and (T, people, points)."""
    places = places_of(names)
    found.points.update(places)
    ours, columns = list(places), list(places.values())
    n_people = xy.shape[1]
    for row in range(len(xy)):
        number = row if numbers is None else numbers[row]
        found.numbers.add(number)
        for person in range(n_people):
            if np.isfinite(xy[row, person]).any():
                points, seen = np.full((N_POINTS, 2), np.nan), np.zeros(N_POINTS)
                points[ours], seen[ours] = xy[row, person, columns], score[row, person, columns]
                found.add(number, points, seen, who=person if n_people > 1 else None)
