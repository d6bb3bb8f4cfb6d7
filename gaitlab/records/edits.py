"""Corrections by hand: a layer over the raw track, which they never change, so that each can be taken back.

They take effect at three places: left and right are swapped after the program's own repair; contacts are moved, deleted
or added among the foot events before steps are made of them, so that every number that rests on them follows;
repetitions are deleted or added before they are described.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from gaitlab.records import ContactKind, Edit, PoseTrack
from gaitlab.records.findings import Said, said
from gaitlab.records.findings.english import CORRECTIONS
from gaitlab.records.skeleton import MIRROR

__all__ = [
    "contact_edits",
    "correction_words",
    "edit_findings",
    "live_edits",
    "may_redo",
    "redone",
    "repetition_edits",
    "stretched",
    "swap_sides",
    "undone_last",
]


def correction_words(edit: Edit) -> str:
    """Return what an edit does, in words that begin with a small letter."""
    return CORRECTIONS[edit.kind](_values(edit))


def live_edits(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Return the edits that are not undone."""
    return tuple(edit for edit in edits if not edit.undone)


def undone_last(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Return the edits with the last one that has an effect taken back."""
    live = [number for number, edit in enumerate(edits) if not edit.undone]
    return tuple(replace(edit, undone=edit.undone or [number] == live[-1:]) for number, edit in enumerate(edits))


def may_redo(edits: Sequence[Edit]) -> bool:
    """Return whether edits were taken back after the last one that has an effect."""
    return bool(edits) and edits[-1].undone


def redone(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Return the edits with the one that was taken back last in effect again; the same if there is none."""
    last = max((number for number, edit in enumerate(edits) if not edit.undone), default=-1) + 1
    return tuple(replace(edit, undone=edit.undone and number != last) for number, edit in enumerate(edits))


def contact_edits(edits: Iterable[Edit], kind: ContactKind) -> tuple[Edit, ...]:
    """Return the edits in effect that concern contacts of one kind."""
    return tuple(edit for edit in live_edits(edits) if edit.contact == kind)


def repetition_edits(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Return the edits in effect that delete or add repetitions."""
    return tuple(edit for edit in live_edits(edits) if edit.kind in ("delete_repetition", "add_repetition"))


def stretched(edits: Iterable[Edit], factor: float) -> tuple[Edit, ...]:
    """Return the edits with their times multiplied by a factor, for a new slow-motion factor."""
    return tuple(
        replace(edit, time_s=edit.time_s * factor, to_s=None if edit.to_s is None else edit.to_s * factor)
        for edit in edits
    )


def swap_sides(track: PoseTrack, edits: Iterable[Edit]) -> PoseTrack:
    """Return the track with left and right exchanged, from face to feet, in every stretch that an edit names."""
    swapped = np.zeros(len(track), dtype=bool)
    for edit in live_edits(edits):
        if edit.kind == "swap_sides" and edit.to_s is not None:
            swapped ^= (track.time_s >= edit.time_s) & (track.time_s <= edit.to_s)
    if not swapped.any():
        return track
    return track.exchanged(swapped, mirror=MIRROR)


def edit_findings(edits: Iterable[Edit]) -> tuple[Said, ...]:
    """Return the finding on the corrections by hand, for the reader of the report."""
    live = [_values(edit) for edit in live_edits(edits)]
    return (said("corrected", edits=live),) if live else ()


def _values(edit: Edit) -> dict[str, Any]:
    return {name: getattr(edit, name) for name in ("kind", "side", "contact", "time_s", "to_s")}
