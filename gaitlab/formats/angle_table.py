"""Angles over time as a table: one row a frame, with the events and the repetitions, for Excel, R and pandas."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from gaitlab.formats.csv import write_rows
from gaitlab.records import AngleSeries, Contact, Repetition

__all__ = ["write_angle_table"]


def write_angle_table(
    path: Path, angles: AngleSeries, *, contacts: Sequence[Contact] = (), repetitions: Sequence[Repetition] = ()
) -> None:
    """Write one row per frame: frame, time_s, each angle in degrees, the event nearest to the frame, the repetition.

    An unknown angle is an empty cell. Several events of one frame are joined by " + ". `repetition` is the number of
    the repetition under way.
    """
    time_s = angles.time_s
    events: dict[int, list[str]] = {}
    for contact in contacts:
        row = int(np.argmin(np.abs(time_s - contact.time_s)))
        events.setdefault(row, []).append(f"{contact.side} {contact.kind}".replace("_", " "))
    number: dict[int, int] = {}
    for one in repetitions:
        for row in np.flatnonzero((time_s >= one.start_s) & (time_s <= one.end_s)).tolist():
            number[row] = one.index
    header = ("frame", "time_s", *(f"{name}_deg" for name in angles.names), "event", "repetition")
    write_rows(
        path,
        header,
        (
            [
                i,
                f"{moment_s:.6f}",
                *(f"{value:.3f}" if np.isfinite(value) else "" for value in row),
                " + ".join(events.get(i, ())),
                number.get(i, ""),
            ]
            for i, (moment_s, row) in enumerate(zip(time_s, angles.deg, strict=True))
        ),
    )
