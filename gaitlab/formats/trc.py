"""Marker files (.trc), which OpenSim and its tools read: five header lines, then one row per frame.

The image lies in the plane z = 0: x to the right, y upwards from the bottom edge, as OpenSim expects.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from gaitlab.errors import InputError
from gaitlab.records import FloatArray, PoseTrack
from gaitlab.records.skeleton import KEYPOINT_NAMES, N_KEYPOINTS

__all__ = ["read_trc", "write_trc"]

_HEADER_LINES: Final = 5
_MM_PER_UNIT: Final = {"mm": 1.0, "cm": 10.0, "m": 1000.0}


def write_trc(path: Path, track: PoseTrack, *, px_per_m: float | None, provenance: str = "") -> None:
    """Write a track as .trc.

    Parameters
    ----------
    path : Path
    track : PoseTrack
        Unknown points become empty cells, which OpenSim takes as missing.
    px_per_m : float or None
        Scale; with it the file is in metres. Without it, the file is in pixels and says so.
    provenance : str
        One line; it follows the file's name in the first line, which readers ignore.
    """
    unit, scale = ("m", px_per_m) if px_per_m else ("px", 1.0)
    rate = f"{track.fps_mean if len(track) > 1 else 0.0:.4f}"
    n = len(track)
    lines = [
        "\t".join(["PathFileType", "4", "(X/Y/Z)", path.name, *([provenance] if provenance else [])]),
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        "\t".join([rate, rate, str(n), str(N_KEYPOINTS), unit, rate, "1", str(n)]),
        "Frame#\tTime\t" + "\t\t\t".join(KEYPOINT_NAMES) + "\t\t",
        "\t\t" + "\t".join(f"{axis}{i}" for i in range(1, N_KEYPOINTS + 1) for axis in "XYZ"),
        "",
    ]
    floor_px = _floor_px(track)
    for i, time_s in enumerate(track.time_s):
        cells = [_cells(float(x) / scale, (floor_px - float(y)) / scale) for x, y in track.xy_px[i]]
        lines.append("\t".join([str(i + 1), f"{time_s:.6f}", *cells]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _floor_px(track: PoseTrack) -> float:
    """Return the pixel row that becomes y = 0: the bottom of the frame, or the lowest point if its size is unknown."""
    if track.image_wh is not None:
        return float(track.image_wh[1])
    return float(np.nanmax(track.xy_px[..., 1])) if np.isfinite(track.xy_px).any() else 0.0


def _cells(x: float, y: float) -> str:
    return f"{x:.6f}\t{y:.6f}\t0.000000" if np.isfinite(x) and np.isfinite(y) else "\t\t"


def read_trc(path: Path) -> PoseTrack:
    """Read the markers of a .trc that are named like COCO keypoints; other markers are ignored.

    Parameters
    ----------
    path : Path

    Returns
    -------
    PoseTrack
        x to the right and y downwards, in pixels if the file is in pixels, else in millimetres used as pixels: angles
        and times do not depend on the scale. Scores are 1 where there is a position. The frame size is unknown.

    Raises
    ------
    InputError
        When it is not a .trc file, or none of its markers has a keypoint's name.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        unit = lines[2].split("\t")[4].strip().lower()
        names = [name.strip().lower() for name in lines[3].split("\t")[2::3]]
        rows = [_numbers(line) for line in lines[_HEADER_LINES:] if line.strip()]
    except (OSError, UnicodeDecodeError, IndexError, ValueError) as error:
        raise InputError(
            f"{path.name}: this is not a marker file that can be read ({error}); check the file"
        ) from error
    wanted = {name: names.index(name) for name in KEYPOINT_NAMES if name in names}
    if not wanted or not rows:
        raise InputError(
            f"{path.name}: expected markers named like {', '.join(KEYPOINT_NAMES[5:8])} and at least one row of them"
        )
    width = max(len(row) for row in rows)
    table = np.array([row + [np.nan] * (width - len(row)) for row in rows])
    return _track_of(table, wanted, scale=_MM_PER_UNIT.get(unit, 1.0), file=path.name)


def _numbers(line: str) -> list[float]:
    return [float(cell) if cell.strip() else float("nan") for cell in line.split("\t")]


def _track_of(table: FloatArray, wanted: dict[str, int], *, scale: float, file: str) -> PoseTrack:
    xy_px = np.full((len(table), N_KEYPOINTS, 2), np.nan)
    for k, name in enumerate(KEYPOINT_NAMES):
        first = 2 + 3 * wanted[name] if name in wanted else table.shape[1]
        if first + 1 < table.shape[1]:
            xy_px[:, k] = table[:, first : first + 2] * (scale, -scale)
    known = np.isfinite(xy_px).all(axis=2)
    try:
        return PoseTrack(
            time_s=table[:, 1],
            xy_px=np.where(known[..., np.newaxis], xy_px, np.nan),
            score=known.astype(np.float64),
            image_wh=None,
        )
    except ValueError as error:
        raise InputError(f"{file}: {error}; correct the file") from error
