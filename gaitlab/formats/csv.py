"""Wide keypoint CSV: one row per frame, ``frame,time_s,nose_x,nose_y,nose_score,left_eye_x,...`` in pixels.

A missing point is empty or has score 0. A track with feet has the columns of heels and toes, too, after the others:
``left_heel_x,...``. A name that ends in ``.gz`` is compressed.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any, Final

import numpy as np

from gaitlab.errors import InputError
from gaitlab.records import FeetTrack, PoseTrack
from gaitlab.records.skeleton import FEET, KEYPOINT_NAMES, N_KEYPOINTS

__all__ = ["is_keypoint_csv", "read_track", "write_rows", "write_track"]

_PARTS: Final = ("x", "y", "score")
_COLUMNS: Final[tuple[str, ...]] = tuple(f"{name}_{part}" for name in KEYPOINT_NAMES for part in _PARTS)
_FEET_COLUMNS: Final = tuple(f"{name}_{part}" for name in FEET for part in _PARTS)
_HEADER: Final = ("frame", "time_s", *_COLUMNS)


def is_keypoint_csv(path: Path) -> bool:
    """Return whether the name of a file is that of a keypoint CSV."""
    return path.name.lower().endswith((".csv", ".csv.gz"))


def _open_text(path: Path, mode: str) -> IO[str]:
    encoding = "utf-8-sig" if mode == "r" else "utf-8"  # spreadsheets put a mark before the first column
    if path.suffix.lower() != ".gz":
        return path.open(mode, newline="", encoding=encoding)
    # No time in the gzip header, so that equal tracks give equal files.
    return io.TextIOWrapper(gzip.GzipFile(path, mode + "b", mtime=0), encoding=encoding, newline="")


def _number(text: str | None, row: int, column: str, file: str) -> float:
    try:
        number = float(text) if text and text.strip() else float("nan")
    except ValueError:
        number = float("inf")
    if np.isinf(number):
        raise InputError(f"{file}: row {row}, column {column}: expected a number, got {text!r}")
    return number


def read_track(path: Path, *, image_wh: tuple[int, int] | None = None) -> PoseTrack:
    """Read a wide keypoint CSV.

    Parameters
    ----------
    path : Path
    image_wh : tuple of int, optional
        Size of the frame in pixels, if known.

    Returns
    -------
    PoseTrack
        Points without a position or with score 0 are NaN with score 0.

    Raises
    ------
    InputError
        When the file cannot be read, a column is missing, a value is no number, or time does not increase.
    """
    try:
        with _open_text(path, "r") as file:
            reader = csv.DictReader(file)
            missing = [name for name in ("time_s", *_COLUMNS) if name not in (reader.fieldnames or ())]
            if missing:
                raise InputError(
                    f"{path.name}: expected the columns {', '.join(_HEADER[:5])}, ... of a keypoint CSV; "
                    f"{missing[0]!r} is missing"
                )
            has_feet = all(name in (reader.fieldnames or ()) for name in _FEET_COLUMNS)
            columns = ("time_s", *_COLUMNS, *(_FEET_COLUMNS if has_feet else ()))
            table = np.array(
                [
                    [_number(row[name], number, name, path.name) for name in columns]
                    for number, row in enumerate(reader, start=2)
                ]
            )
    except (OSError, UnicodeDecodeError, csv.Error, EOFError, zlib.error) as error:
        raise InputError(f"{path}: this CSV cannot be read ({error}); check the path and the file") from error
    if table.size == 0:
        raise InputError(f"{path.name}: expected one row per frame, got none")
    points = table[:, 1:].reshape(len(table), -1, len(_PARTS))
    score = np.nan_to_num(points[..., 2], nan=0.0)
    unknown = (score == 0) | np.isnan(points[..., :2]).any(axis=2)
    xy_px, score = np.where(unknown[..., np.newaxis], np.nan, points[..., :2]), np.where(unknown, 0.0, score)
    n = N_KEYPOINTS
    try:
        return PoseTrack(
            time_s=table[:, 0],
            xy_px=xy_px[:, :n],
            score=score[:, :n],
            image_wh=image_wh,
            feet=FeetTrack(xy_px=xy_px[:, n:], score=score[:, n:]) if has_feet else None,
        )
    except ValueError as error:
        raise InputError(f"{path.name}: {error}; correct the file") from error


def write_track(path: Path, track: PoseTrack, *, digits: int = 2) -> None:
    """Write a track as wide keypoint CSV; positions with `digits` after the point, unknown points empty, score 0."""
    parts = (track,) if track.feet is None else (track, track.feet)

    def cells(frame: int) -> list[str]:
        row = [str(frame), f"{track.time_s[frame]:.6f}"]
        for part in parts:
            for (x, y), score in zip(part.xy_px[frame], part.score[frame], strict=True):
                known = bool(np.isfinite(x) and np.isfinite(y))
                row += [f"{x:.{digits}f}", f"{y:.{digits}f}", f"{score:.3f}"] if known else ["", "", "0"]
        return row

    header = _HEADER if track.feet is None else (*_HEADER, *_FEET_COLUMNS)
    write_rows(path, header, (cells(frame) for frame in range(len(track))))


def write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a table as CSV; None becomes an empty cell."""
    with _open_text(path, "w") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
