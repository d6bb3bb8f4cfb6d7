"""Angles over time as a table: one row a frame, with the events and the repetitions, for Excel, R and pandas."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from gaitlab.extras import need_extra
from gaitlab.formats.csv import write_rows
from gaitlab.records import AngleSeries, Contact, Repetition

__all__ = ["write_angle_parquet", "write_angle_table"]


def write_angle_table(
    path: Path, angles: AngleSeries, *, contacts: Sequence[Contact] = (), repetitions: Sequence[Repetition] = ()
) -> None:
    """Write one row per frame: frame, time_s, each angle in degrees, the event nearest to the frame, the repetition.

    An unknown angle is an empty cell. Several events of one frame are joined by " + ". `repetition` is the number of
    the repetition under way.
    """
    events, number = _marks(angles, contacts, repetitions)
    header = ("frame", "time_s", *(f"{name}_deg" for name in angles.names), "event", "repetition")
    write_rows(
        path,
        header,
        (
            [
                i,
                f"{moment_s:.6f}",
                *(f"{value:.3f}" if np.isfinite(value) else "" for value in row),
                events[i],
                number[i],
            ]
            for i, (moment_s, row) in enumerate(zip(angles.time_s, angles.deg, strict=True))
        ),
    )


def write_angle_parquet(
    path: Path,
    angles: AngleSeries,
    *,
    contacts: Sequence[Contact] = (),
    repetitions: Sequence[Repetition] = (),
    provenance: str = "",
) -> None:
    """Write the same table as Parquet, with exact values; unknown angles, no event and no repetition are null.

    Parameters
    ----------
    path : Path
    angles, contacts, repetitions
        As for `write_angle_table`.
    provenance : str
        Kept as "gaitlab" in the file's metadata.

    Raises
    ------
    MissingExtraError
        When pyarrow is not installed; Streamlit brings it.
    """
    need_extra("parquet", "Parquet")
    import pyarrow  # noqa: PLC0415 (an extra)
    from pyarrow import parquet  # noqa: PLC0415

    events, number = _marks(angles, contacts, repetitions)
    columns = {
        "frame": pyarrow.array(range(len(angles.time_s)), pyarrow.int64()),
        "time_s": pyarrow.array(angles.time_s),
        **{f"{name}_deg": pyarrow.array(angles.deg[:, i], from_pandas=True) for i, name in enumerate(angles.names)},
        "event": pyarrow.array([one or None for one in events], pyarrow.string()),
        "repetition": pyarrow.array(number, pyarrow.int64()),
    }
    parquet.write_table(pyarrow.table(columns, metadata={"gaitlab": provenance}), path)


def _marks(
    angles: AngleSeries, contacts: Sequence[Contact], repetitions: Sequence[Repetition]
) -> tuple[list[str], list[int | None]]:
    """Return the events of each frame, "" without one, and the number of the repetition under way."""
    time_s = angles.time_s
    events: list[list[str]] = [[] for _ in time_s]
    for contact in contacts:
        row = int(np.argmin(np.abs(time_s - contact.time_s)))
        events[row].append(f"{contact.side} {contact.kind}".replace("_", " "))
    number: list[int | None] = [None] * len(time_s)
    for one in repetitions:
        for row in np.flatnonzero((time_s >= one.start_s) & (time_s <= one.end_s)).tolist():
            number[row] = one.index
    return [" + ".join(one) for one in events], number
