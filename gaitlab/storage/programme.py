"""The programme of a person: what they train on the Live page, exercise after exercise."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gaitlab.errors import UsageError
from gaitlab.limits import (
    NAME_MAX_CHARS,
    PROGRAMME_ITEMS_MAX,
    PROGRAMME_RANGE_PCT,
    REST_MAX_S,
    SET_REPETITIONS_MAX,
    SETS_MAX,
)

__all__ = ["Programme", "ProgrammeItem", "check_programme", "tempo_seconds"]

_TEMPO: Final = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{1,2})-(\d{1,2})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeItem:
    """One exercise of a programme.

    Attributes
    ----------
    exercise : str
        An activity that is counted, see `gaitlab.repetitions.activities.counted_activities`.
    sets, repetitions : int
        How many sets, and how many repetitions each has.
    rest_s : int
        The rest between two sets, in seconds.
    tempo : str or None
        Seconds of the way down, the hold at the bottom, the way up and the hold at the top, as in "4-2-1-0".
    range_left_pct, range_right_pct : int or None
        How far each side shall go, in percent of the way from rest to the turn of a full repetition; None = a full one.
    """

    exercise: str
    sets: int
    repetitions: int
    rest_s: int
    tempo: str | None = None
    range_left_pct: int | None = None
    range_right_pct: int | None = None


#: The items in the order in which they are done.
Programme = tuple[ProgrammeItem, ...]


def tempo_seconds(code: str) -> tuple[int, int, int, int]:
    """Return the seconds of a tempo code: way down, hold at the bottom, way up, hold at the top.

    Raises
    ------
    UsageError
        For another text, or where one of the two ways takes no time.
    """
    found = _TEMPO.fullmatch(code.strip())
    down_s, bottom_s, up_s, top_s = (int(one) for one in found.groups()) if found else (0, 0, 0, 0)
    if not (down_s and up_s):
        raise UsageError(
            f"tempo {code.strip()[:20]!r}: expected seconds of the way down, the hold, the way up and the hold, as in "
            "4-2-1-0"
        )
    return down_s, bottom_s, up_s, top_s


def check_programme(items: Sequence[ProgrammeItem]) -> None:
    """Raise UsageError for too many items, or one that cannot be trained; any text is a name of an exercise."""
    if len(items) > PROGRAMME_ITEMS_MAX:
        raise UsageError(f"programme: expected at most {PROGRAMME_ITEMS_MAX} exercises, got {len(items)}; remove some")
    for item in items:
        _check_item(item)


def _check_item(item: ProgrammeItem) -> None:
    if not 0 < len(item.exercise.strip()) <= NAME_MAX_CHARS:
        raise UsageError(
            f"exercise: expected a name of at most {NAME_MAX_CHARS} characters, got {item.exercise[:40]!r}"
        )
    _check_between("sets", item.sets, 1, SETS_MAX)
    _check_between("repetitions", item.repetitions, 1, SET_REPETITIONS_MAX)
    _check_between("rest_s", item.rest_s, 0, REST_MAX_S)
    if item.tempo is not None:
        tempo_seconds(item.tempo)
    for name in ("range_left_pct", "range_right_pct"):
        if (pct := getattr(item, name)) is not None:
            _check_between(name, pct, *PROGRAMME_RANGE_PCT)


def _check_between(name: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise UsageError(f"{name}: expected a number from {least} to {most}, got {value}")
