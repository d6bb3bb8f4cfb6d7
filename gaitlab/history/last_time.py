"""What a person did in an exercise the last time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from gaitlab.storage import SessionFilter, SessionStore

__all__ = ["LastTime", "last_time"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LastTime:
    """The newest session of a person in an exercise.

    Attributes
    ----------
    recorded_at : datetime
        With its zone.
    count : int
        Its repetitions, shallow ones too.
    sets : tuple of int
        The repetitions of each set, in their order; a pause separates sets.
    """

    recorded_at: datetime
    count: int
    sets: tuple[int, ...]


def last_time(store: SessionStore, person: str, exercise: str) -> LastTime | None:
    """Return the newest session of a person in an exercise; None without one, and where nothing was counted in it."""
    newest = next(iter(store.sessions(person=person, where=SessionFilter(kind=exercise), limit=1)), None)
    if newest is None or (summary := store.get(newest.id).analysis.exercise) is None or not summary.count:
        return None
    per_set = Counter(one.set_index for one in summary.repetitions)
    return LastTime(
        recorded_at=newest.recorded_at, count=summary.count, sets=tuple(n for _, n in sorted(per_set.items()))
    )
