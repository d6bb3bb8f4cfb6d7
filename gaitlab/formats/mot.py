"""Motion files (.mot), as OpenSim writes and reads coordinates: a short header, then time and one column per angle."""

from __future__ import annotations

from pathlib import Path

from gaitlab.records import AngleSeries

__all__ = ["write_mot"]


def write_mot(path: Path, angles: AngleSeries, *, provenance: str = "") -> None:
    """Write joint angles as .mot, in degrees; an unknown angle is written as nan.

    The columns carry GaitLab's own names: these are angles in the image plane, not coordinates of an OpenSim model.

    Parameters
    ----------
    path : Path
    angles : AngleSeries
    provenance : str
        One line for the header, which readers ignore.
    """
    lines = [
        path.stem,
        "version=1",
        f"nRows={len(angles.time_s)}",
        f"nColumns={len(angles.names) + 1}",
        "inDegrees=yes",
        *([f"provenance={provenance}"] if provenance else []),
        "endheader",
        "\t".join(["time", *angles.names]),
    ]
    for time_s, row in zip(angles.time_s, angles.deg, strict=True):
        lines.append("\t".join([f"{time_s:.6f}", *(f"{value:.4f}" for value in row)]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
