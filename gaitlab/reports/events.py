"""The events of a movement as a table: repetitions, or contacts of the feet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from gaitlab.metrics.words import confidence_words
from gaitlab.records import Analysis, Contact, Repetition

__all__ = ["HEEL_STRIKE", "Events", "events_of"]

HEEL_STRIKE: Final = "heel strike"
_KINDS: Final = {"heel_strike": HEEL_STRIKE, "toe_off": "toe off"}
#: Column → decimals of its numbers.
_DECIMALS: Final[Mapping[str, int]] = {
    **dict.fromkeys(("Start (s)", "Turn (s)", "End (s)", "Out (s)", "Hold (s)", "Back (s)"), 2),
    "Time (s)": 3,  # neighbouring frames of 240 per second differ by 4 ms
    **dict.fromkeys(("Range (°)", "Depth (%)", "Left - right (°)"), 0),
}
_OPTIONAL: Final = ("Out (s)", "Hold (s)", "Back (s)", "Depth (%)", "Left - right (°)")
_UNKNOWN: Final = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """Rows of one table, in order of time.

    Attributes
    ----------
    title : str
    rows : tuple of mapping
        Column → value, the same columns in all of them; None is unknown.
    """

    title: str
    rows: tuple[Mapping[str, Any], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The column headings; empty without rows."""
        return tuple(self.rows[0]) if self.rows else ()

    @property
    def words(self) -> tuple[tuple[str, ...], ...]:
        """The rows as a reader sees them, with a dash for what is unknown."""
        return tuple(tuple(_said(name, value) for name, value in row.items()) for row in self.rows)

    @staticmethod
    def decimals(column: str) -> int | None:
        """Return the number of decimals of a column; None for words and counts."""
        return _DECIMALS.get(column)

    def only(self, event: str) -> Events:
        """Return the table of one kind of contact, numbered from 1, without the column "Event"."""
        rows = ({k: v for k, v in row.items() if k != "Event"} for row in self.rows if row["Event"] == event)
        return replace(self, rows=tuple({**row, "#": index} for index, row in enumerate(rows, start=1)))


def events_of(analysis: Analysis) -> Events:
    """Return the repetitions of an exercise, else the contacts of the feet."""
    if analysis.exercise:
        rows = [_repetition(rep) for rep in analysis.exercise.repetitions]
        return Events(title="Repetitions", rows=_informative(rows))
    contacts = analysis.gait.contacts if analysis.gait else ()
    return Events(title="Foot events", rows=tuple(_contact(i, one) for i, one in enumerate(contacts, start=1)))


def _contact(index: int, contact: Contact) -> dict[str, Any]:
    return {
        "#": index,
        "Time (s)": contact.time_s,
        "Foot": contact.side,
        "Event": _KINDS[contact.kind],
        "Frame": contact.frame,
    }


def _repetition(rep: Repetition) -> dict[str, Any]:
    return {
        "#": rep.index,
        "Start (s)": rep.start_s,
        "Turn (s)": rep.turn_s,
        "End (s)": rep.end_s,
        "Out (s)": rep.outward_s,
        "Hold (s)": rep.hold_s,
        "Back (s)": rep.return_s,
        "Range (°)": rep.range_deg,
        "Depth (%)": None if rep.depth is None else 100.0 * rep.depth,
        "Left - right (°)": rep.left_right_difference_deg,
        "Side": rep.side,
        "Set": rep.set_index,
        "Confidence": confidence_words(rep.confidence).split()[0],
        "Notes": "; ".join(_remarks(rep)),
    }


def _remarks(rep: Repetition) -> list[str]:
    shallow = ["shallow"] if rep.is_shallow else []
    return [*shallow, *rep.notes, *(f"{note.text} at {note.time_s:.2f} s" for note in rep.form if not rep.notes)]


def _informative(rows: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """Leave out optional columns that are empty in every row; the range stays, since its dash points to filming."""
    if not rows:
        return ()
    idle = {name for name in rows[0] if all(row[name] in ("", "both") for row in rows)}
    idle |= {name for name in _OPTIONAL if all(row[name] is None for row in rows)}
    idle |= {"Set"} if all(row["Set"] == 1 for row in rows) else set()
    return tuple({name: value for name, value in row.items() if name not in idle} for row in rows)


def _said(column: str, value: Any) -> str:
    if value is None:
        return _UNKNOWN
    decimals = _DECIMALS.get(column)
    if decimals is None:
        return str(value)
    return f"{round(value, decimals) + 0.0:.{decimals}f}".replace("-", "−")  # + 0.0 turns -0.0 into 0.0
