"""Marker files (.trc), which OpenSim and its tools read: five header lines, then one row per frame.

The image lies in the plane z = 0: x to the right, y upwards from the bottom edge, as OpenSim expects.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np

from gaitlab.errors import InputError
from gaitlab.formats.loading import FRAMES_MAX_FILE, lines_of, one_line
from gaitlab.formats.markers import MarkerView, is_marker, recording_of_markers
from gaitlab.formats.names import POINT_NAMES
from gaitlab.records import FloatArray, PoseTrack, Recording

__all__ = ["floor_px", "read_trc", "write_trc"]

_HEADER_LINES: Final = 5
_CELLS_MAX: Final = 5_000


def write_trc(
    path: Path, track: PoseTrack, *, px_per_m: float | None, provenance: str = "", name: str | None = None
) -> None:
    """Write a track as .trc.

    Parameters
    ----------
    path : Path
    track : PoseTrack
        Unknown points become nan, which OpenSim reads as missing; it refuses empty cells at the end of a row.
    px_per_m : float or None
        Scale; with it the file is in metres. Without it, the file is in pixels and says so.
    provenance : str
        One line; it follows the name in the first line, which readers ignore.
    name : str, optional
        The recording's; by default that of the file.
    """
    xy_px = track.drawn_px(slice(None))
    names = POINT_NAMES[: xy_px.shape[1]]
    unit, scale = ("m", px_per_m) if px_per_m else ("px", 1.0)
    rate = f"{track.fps_mean if len(track) > 1 else 0.0:.4f}"
    n = len(track)
    lines = [
        "\t".join(["PathFileType", "4", "(X/Y/Z)", name or path.name, *([provenance] if provenance else [])]),
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        "\t".join([rate, rate, str(n), str(len(names)), unit, rate, "1", str(n)]),
        "Frame#\tTime\t" + "\t\t\t".join(names) + "\t\t",
        "\t\t" + "\t".join(f"{axis}{i}" for i in range(1, len(names) + 1) for axis in "XYZ"),
        "",
    ]
    floor = floor_px(track)
    for i, time_s in enumerate(track.time_s):
        cells = [_cells(float(x) / scale, (floor - float(y)) / scale) for x, y in xy_px[i]]
        lines.append("\t".join([str(i + 1), f"{time_s:.6f}", *cells]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def floor_px(track: PoseTrack) -> float:
    """Return the pixel row that becomes y = 0: the bottom of the frame, or the lowest point if its size is unknown."""
    if track.image_wh is not None:
        return float(track.image_wh[1])
    return float(np.nanmax(track.xy_px[..., 1])) if np.isfinite(track.xy_px).any() else 0.0


def _cells(x: float, y: float) -> str:
    return f"{x:.6f}\t{y:.6f}\t0.000000" if np.isfinite(x) and np.isfinite(y) else "nan\tnan\tnan"


def read_trc(path: Path, *, view: MarkerView = "side") -> Recording:
    """Read the markers of a .trc that are named like points of a body; other markers are ignored.

    Markers in a plane are taken as they are, those in space are projected; see `gaitlab.formats.markers`.

    Raises
    ------
    InputError
        When it is not a .trc file, or too few of its markers have the name of a point of the body.
    """
    lines = lines_of(path)
    head = list(islice(lines, _HEADER_LINES))
    try:
        unit = head[2].split("\t")[head[1].split("\t").index("Units")].strip().lower()
        cells = [cell.strip() for cell in head[3].split("\t")]
    except (IndexError, ValueError) as error:
        raise InputError(
            f"{path.name}: this is not a marker file that can be read ({one_line(error)}); expected the five header "
            "lines of a .trc"
        ) from error
    columns = {name: i for i, name in enumerate(cells) if i >= 2 and name}
    if len(cells) > _CELLS_MAX:
        raise InputError(f"{path.name}: expected a table of markers, got {len(cells):,} columns; check the file")
    wanted = {name: i for name, i in columns.items() if is_marker(name)}
    time_s, xyz = _table(path.name, lines, list(wanted.values()))
    return recording_of_markers(
        time_s,
        {name: xyz[:, k] for k, name in enumerate(wanted)},
        unit=unit,
        up="+y",
        file=path.name,
        program="a marker file (.trc)",
        view=view,
    )


def _table(file: str, lines: Iterator[str], columns: list[int]) -> tuple[FloatArray, FloatArray]:
    """Return times, shape (T,), and positions, shape (T, M, 3), of the markers that begin in these columns."""
    times, values = array("d"), array("d")
    for row, line in enumerate(lines):
        cells = line.split("\t")
        if not any(cell.strip() for cell in cells) or (not times and cells[0].strip() == ""):
            continue  # an empty line, or the rest of the heading
        if len(times) >= FRAMES_MAX_FILE or len(cells) > _CELLS_MAX:
            raise InputError(
                f"{file}: expected at most {FRAMES_MAX_FILE:,} rows of markers; cut the recording into parts"
            )
        times.append(_number(cells, 1, row, file))
        for first in columns:
            for i in range(first, first + 3):
                values.append(_number(cells, i, row, file))
    return np.array(times), np.array(values).reshape(len(times), len(columns), 3)


def _number(cells: list[str], i: int, row: int, file: str) -> float:
    text = cells[i].strip() if i < len(cells) else ""
    try:
        return float(text.replace(",", ".")) if text else float("nan")
    except ValueError:
        raise InputError(f"{file}: row {row + 1} of the markers: expected a number, got {text[:40]!r}") from None
