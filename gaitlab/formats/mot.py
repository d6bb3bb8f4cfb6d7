"""Motion files (.mot), as OpenSim writes and reads coordinates: a short header, then time and one column per angle.

OpenSim's `Storage` stops at the first cell that is no number. So a file holds one block of rows and columns without any
gap, and its header says what was left out and what was filled.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gaitlab.errors import UsageError
from gaitlab.records import AngleSeries, FloatArray

__all__ = ["write_mot"]

_FILL_MAX_S: Final = 0.25  # shorter gaps are bridged by a straight line (ours)


def write_mot(path: Path, angles: AngleSeries, *, provenance: str = "", name: str | None = None) -> None:
    """Write joint angles as .mot, in degrees: the largest block of frames and angles that is known throughout.

    Gaps of at most 0.25 s are filled along a straight line. Columns carry GaitLab's own names: these are angles in the
    image plane, not coordinates of an OpenSim model.

    Parameters
    ----------
    path : Path
    angles : AngleSeries
    provenance : str
        One line for the header, which readers ignore.
    name : str, optional
        The recording's; by default that of the file.

    Raises
    ------
    UsageError
        When no angle is known.
    """
    block = _largest_block(angles)
    if block is None:
        raise UsageError("no angle is known in this session, so there is nothing to write as .mot")
    names = [angles.names[i] for i in block.columns]
    left_out = [name for name in angles.names if name not in names]
    time_s, deg = angles.time_s[block.rows], block.deg
    lines = [
        name or path.stem,
        "version=1",
        f"nRows={len(time_s)}",
        f"nColumns={len(names) + 1}",
        "inDegrees=yes",
        f"rows={block.rows.start + 1} to {block.rows.stop} of {len(angles.time_s)} frames",
        f"filled={_counts(names, block.filled)}",
        f"left_out={','.join(left_out) or 'nothing'}",
        *([f"provenance={provenance}"] if provenance else []),
        "endheader",
        "\t".join(["time", *names]),
    ]
    for moment_s, row in zip(time_s, deg, strict=True):
        lines.append("\t".join([f"{moment_s:.6f}", *(f"{value:.4f}" for value in row)]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    rows: slice
    columns: list[int]
    deg: FloatArray
    filled: list[int]


def _largest_block(angles: AngleSeries) -> _Block | None:
    """Return the block with most numbers; angles that are known more often are taken first."""
    filled = np.column_stack([_bridged(angles.time_s, one) for one in angles.deg.T]) if angles.deg.size else angles.deg
    known = np.isfinite(filled)
    order = np.argsort(-known.sum(axis=0), kind="stable")
    best: tuple[int, slice, list[int]] | None = None
    for n in range(1, len(order) + 1):
        run = _longest_run(np.asarray(known[:, order[:n]].all(axis=1)))
        numbers = (run.stop - run.start) * n
        if numbers and (best is None or numbers >= best[0]):
            best = numbers, run, sorted(order[:n].tolist())
    if best is None:
        return None
    _, rows, columns = best
    was_gap = np.isnan(angles.deg[rows][:, columns])
    return _Block(rows, columns, filled[rows][:, columns], was_gap.sum(axis=0).tolist())


def _longest_run(known: NDArray[np.bool_]) -> slice:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(np.int8)))
    runs = edges.reshape(-1, 2)
    if not len(runs):
        return slice(0, 0)
    start, stop = runs[int(np.argmax(runs[:, 1] - runs[:, 0]))].tolist()
    return slice(start, stop)


def _bridged(time_s: FloatArray, deg: FloatArray) -> FloatArray:
    known = np.flatnonzero(np.isfinite(deg))
    filled = deg.copy()
    for before, after in pairwise(known):
        if after - before > 1 and time_s[after] - time_s[before] <= _FILL_MAX_S:
            gap = slice(before + 1, after)
            filled[gap] = np.interp(time_s[gap], time_s[[before, after]], deg[[before, after]])
    return filled


def _counts(names: list[str], counts: list[int]) -> str:
    return ",".join(f"{name}:{n}" for name, n in zip(names, counts, strict=True) if n) or "nothing"
