"""C3D, the binary format of motion capture: markers, angles and foot contacts. Needs the extra `formats` (ezc3d).

Files are read in a process of their own: of a damaged one, ezc3d may end the program.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from gaitlab.errors import InputError
from gaitlab.extras import need_extra
from gaitlab.formats.loading import FRAMES_MAX_FILE, one_line
from gaitlab.formats.markers import MarkerView, is_marker, recording_of_markers
from gaitlab.formats.names import POINT_NAMES
from gaitlab.formats.trc import floor_px
from gaitlab.records import AngleSeries, Contact, FloatArray, PoseTrack, Recording

__all__ = ["read_c3d", "write_c3d"]

_EVENTS: Final = {"heel_strike": "Foot Strike", "toe_off": "Foot Off"}
_SIZE_MAX: Final = 256 << 20
_MAGIC: Final = 0x50
#: Seconds and memory that reading may take, at all and for each byte; 15 MB took below 5 s (ours).
_READ_S, _READ_S_PER_BYTE = 5.0, 1e-6
_MEMORY_BYTES, _MEMORY_PER_BYTE = 1 << 30, 8
#: Run by Python alone: reads the file of the first argument, and writes its parts to the second.
_READER: Final = """
import sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[3]),) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
except (ImportError, ValueError, OSError):
    pass
import ezc3d
import numpy
try:
    file = ezc3d.c3d(sys.argv[1])
    group = file["parameters"]["POINT"]
    units = group["UNITS"]["value"] if "UNITS" in group else []
    numpy.savez(
        sys.argv[2],
        rate=float(group["RATE"]["value"][0]),
        unit=str(units[0]) if len(units) else "mm",
        labels=numpy.array([str(name) for name in group["LABELS"]["value"]], dtype=str),
        points=numpy.asarray(file["data"]["points"], dtype=float)[:3],
    )
except Exception as error:
    sys.exit(str(error) or type(error).__name__)
"""


def write_c3d(
    path: Path,
    track: PoseTrack,
    *,
    px_per_m: float | None,
    angles: AngleSeries | None = None,
    contacts: Sequence[Contact] = (),
    provenance: str = "",
) -> None:
    """Write a track with its angles and foot contacts as C3D.

    Parameters
    ----------
    path : Path
    track : PoseTrack
        Markers in the plane z = 0: x to the right, y upwards; heels and toes where there are any. Unknown
        points are missing. Times must be even: the format knows one rate only, so frames get the mean rate.
    px_per_m : float or None
        Scale; with it the file is in millimetres, without it in pixels.
    angles : AngleSeries, optional
        Become points of the group ANGLES, "left_knee_angle", whose first coordinate is the angle in degrees.
    contacts : sequence of Contact
        Become events "Foot Strike" and "Foot Off" with their side.
    provenance : str
        A line for the group GAITLAB.

    Raises
    ------
    MissingExtraError
        When ezc3d is not installed.
    """
    need_extra("formats", "C3D")
    import ezc3d  # noqa: PLC0415 (an extra)

    unit, scale = ("mm", 1000.0 / px_per_m) if px_per_m else ("px", 1.0)
    n = len(track)
    names = [f"{name}_angle" for name in angles.names] if angles is not None and len(angles.time_s) == n else []
    x_px, y_px = np.moveaxis(track.drawn_px(slice(None)), (2, 1), (0, 1))
    markers = POINT_NAMES[: len(x_px)]
    points = np.full((4, len(markers) + len(names), n), np.nan)
    points[3] = 1.0
    points[0, : len(markers)] = x_px * scale
    points[1, : len(markers)] = (floor_px(track) - y_px) * scale
    points[2, : len(markers)] = np.where(np.isfinite(x_px), 0.0, np.nan)
    if names and angles is not None:
        points[0, len(markers) :] = angles.deg.T
        points[1:3, len(markers) :] = np.where(np.isfinite(angles.deg.T), 0.0, np.nan)
    file: Any = ezc3d.c3d()
    group = file["parameters"]["POINT"]
    rate = float(track.fps_mean) if n > 1 else 1.0
    group["RATE"]["value"], group["UNITS"]["value"] = [rate], [unit]
    group["LABELS"]["value"] = [*markers, *names]
    if names:
        file.add_parameter("POINT", "ANGLES", names)
        file.add_parameter("POINT", "ANGLE_UNITS", ["deg"])
    file.add_parameter("POINT", "X_SCREEN", ["+X"])
    file.add_parameter("POINT", "Y_SCREEN", ["+Y"])
    if provenance:
        file.add_parameter("GAITLAB", "PROVENANCE", [provenance[i : i + 120] for i in range(0, len(provenance), 120)])
    missing = np.isnan(points[:3]).any(axis=0)
    file["data"]["points"] = np.where(missing, 0.0, points)
    file["data"]["meta_points"]["residuals"] = np.where(missing, -1.0, 0.0)[np.newaxis]
    file["data"]["meta_points"]["camera_masks"] = np.zeros((7, *missing.shape), dtype=bool)
    for contact in contacts:
        since_s = contact.time_s - float(track.time_s[0])
        file.add_event([since_s // 60, since_s % 60], contact.side.capitalize(), _EVENTS[contact.kind])
    file.write(str(path))


def read_c3d(path: Path, *, view: MarkerView = "side") -> Recording:
    """Read the markers of a C3D that are named like points of a body; see `gaitlab.formats.markers` for the view.

    Raises
    ------
    MissingExtraError
        When ezc3d is not installed.
    InputError
        When the file cannot be read, or too few of its markers have the name of a point of the body.
    """
    need_extra("formats", f"{path.name}: reading C3D")
    try:
        _check_header(path)
        rate, unit, labels, points = _read_apart(path)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{path.name}: this C3D cannot be read ({one_line(error)}); check the file") from error
    if not 1.0 <= rate <= 1000.0 or points.shape[2] > FRAMES_MAX_FILE:
        raise InputError(
            f"{path.name}: expected 1 to 1000 frames/s and at most {FRAMES_MAX_FILE:,} of them, got {rate:g} "
            f"frames/s and {points.shape[2]:,} frames"
        )
    markers: dict[str, FloatArray] = {}
    for i, name in enumerate(labels[: points.shape[1]]):
        if is_marker(name):
            markers.setdefault(name, points[:, i].T)
    return recording_of_markers(
        np.arange(points.shape[2]) / rate, markers, unit=unit, up="+y", file=path.name, program="C3D", view=view
    )


def _check_header(path: Path) -> None:
    """Refuse before the library reads it what is no C3D, or says to be larger than the file is."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(512)
    if len(head) < 512 or head[1] != _MAGIC:
        raise InputError(f"{path.name}: this is not a C3D file; check the file")
    if size > _SIZE_MAX:
        raise InputError(f"{path.name}: expected at most {_SIZE_MAX >> 20} MB; cut the recording into parts")
    n_points, n_analog = np.frombuffer(head[2:6], dtype="<u2").tolist()
    first, last = np.frombuffer(head[6:10], dtype="<u2").tolist()
    values = (max(0, last - first + 1)) * (n_points * 4 + n_analog)
    if values * 2 > size + 1024 and head[5] == 0:
        raise InputError(f"{path.name}: this C3D is cut off: its header tells of more than the file holds")


def _read_apart(path: Path) -> tuple[float, str, list[str], FloatArray]:
    """Return rate, unit, names and points, shape (3, M, T), read in another process.

    Raises
    ------
    ValueError
        When that fails, dies, or takes too long.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "parts.npz"
        n_bytes = path.stat().st_size
        memory = str(_MEMORY_BYTES + _MEMORY_PER_BYTE * n_bytes)
        command = [sys.executable, "-P", "-c", _READER, str(path.absolute()), str(out), memory]
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                stdin=subprocess.DEVNULL,
                timeout=_READ_S + _READ_S_PER_BYTE * n_bytes,
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # each thread reserves memory
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise ValueError("reading it does not come to an end") from None
        if done.returncode or not out.is_file():
            why = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
            raise ValueError(why if done.returncode == 1 and why else "it ends the program that reads it")
        with np.load(out, allow_pickle=False) as parts:
            unit = str(parts["unit"]).strip().lower()
            return float(parts["rate"]), unit, [str(name) for name in parts["labels"]], parts["points"]
