"""Corrections of foot events by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from gaitlab.gait.events import Event, Pass
from gaitlab.records import ContactKind, Edit
from gaitlab.records.edits import contact_edits

__all__ = ["corrected"]

_SAME_S: Final = 0.15  # an event this near is the one meant: less than half the shortest stride (ours)


def corrected(events: Sequence[Event], walk: Pass, edits: Iterable[Edit], kind: ContactKind) -> list[Event]:
    """Return the events of one pass with the edits of one kind applied (moved, deleted, added), in time order.

    An edit applies to the nearest event of its foot within 0.15 s; without such an event it has no effect.
    """
    changed = list(events)
    for edit in contact_edits(edits, kind):
        assert edit.side is not None
        if edit.kind == "add_contact":
            if walk.time_s[0] <= edit.time_s <= walk.time_s[-1]:
                changed.append(Event(side=edit.side, kind=kind, time_s=edit.time_s))
            continue
        own = [one for one in changed if (one.side, one.kind) == (edit.side, kind)]
        meant = min(own, key=lambda one: abs(one.time_s - edit.time_s), default=None)
        if meant is None or abs(meant.time_s - edit.time_s) > _SAME_S:
            continue
        changed.remove(meant)
        if edit.to_s is not None:
            changed.append(replace(meant, time_s=edit.to_s))
    return sorted(changed, key=lambda one: one.time_s)
