"""What the store hands out: frozen records, never rows."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gaitlab.errors import NotFoundError, UsageError
from gaitlab.types import Activity, Analysis, Metric, Side

__all__ = [
    "HEADLINES",
    "HistoryPoint",
    "Person",
    "SessionHeader",
    "StoredSession",
    "check_height",
    "headlines",
    "normal_name",
    "not_found",
    "session_time",
    "storable_text",
]

#: Metrics that stand beside a session in a list.
HEADLINES = ("cadence", "repetition_count")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody sessions belong to; `name` is unique in the store."""

    id: int
    name: str
    height_m: float | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionHeader:
    """One line of a list of sessions.

    Attributes
    ----------
    id : int
        Never used again after the session is deleted.
    person : str
    kind : str
        The kind of `activity`: "gait", the name of an exercise, or "none".
    recorded_at, created_at : datetime
        When it was filmed and when it was saved; in UTC.
    file : str
        Name of the analysed file.
    activity : Activity
    cadence, repetition_count : Metric or None
        None when the session has no such metric; a withheld one is there with its reason.
    """

    id: int
    person: str
    kind: str
    recorded_at: datetime
    created_at: datetime
    file: str
    activity: Activity
    cadence: Metric | None
    repetition_count: Metric | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StoredSession:
    """A saved session in full.

    Attributes
    ----------
    header : SessionHeader
    analysis : Analysis
        Equal to the one that was saved, number by number.
    media : mapping of str to Path
        Kept files by kind, for example "overlay"; only those that are still on the disk.
    remark : str
    tags : tuple of str
        Sorted.
    """

    header: SessionHeader
    analysis: Analysis
    media: Mapping[str, Path]
    remark: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPoint:
    """One value of a trend; `value` is None in a session where the metric was withheld."""

    session_id: int
    recorded_at: datetime
    side: Side | None
    value: float | None
    unit: str
    confidence: float


def storable_text(text: str) -> str:
    """Return text that a database takes: undecodable bytes, as in some file names, become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def normal_name(text: str) -> str:
    """Return a person's name or a tag without outer blanks, in Unicode NFC, so that equal-looking ones are equal.

    Raises
    ------
    UsageError
        If nothing is left of it.
    """
    name = unicodedata.normalize("NFC", storable_text(text)).strip()
    if not name:
        raise UsageError(f"name: expected at least one visible character, got {text!r}; give a name")
    return name


def check_height(height_m: float | None) -> float | None:
    """Return `height_m` if it is None or a human height in metres, else raise UsageError."""
    if height_m is not None and not 0.4 <= height_m <= 2.6:
        raise UsageError(f"height_m: expected a value from 0.4 to 2.6, got {height_m:g}")
    return height_m


def not_found(session_id: int) -> NotFoundError:
    """Return the error for a session that does not exist, worded for the app and the command line alike."""
    return NotFoundError(
        f"session {session_id}: there is none of that number (any more); the page History and `gaitlab list` show all"
    )


def session_time(analysis: Analysis, recorded_at: datetime | None) -> datetime:
    """Return when the session was filmed, in UTC: as told, else as the file says, else now.

    Raises
    ------
    UsageError
        For a time without time zone: it could mean any of 26 hours.
    """
    moment = recorded_at or analysis.source.recorded_at or datetime.now(UTC)
    if moment.tzinfo is None:
        raise UsageError(f"recorded_at: expected a time with its zone, got {moment.isoformat()}; add one, as in +00:00")
    return moment.astimezone(UTC)


def headlines(metrics: Iterable[Metric]) -> dict[str, Metric | None]:
    """Return the metric of both sides together for each name of `HEADLINES`, None where there is none."""
    found = {m.name: m for m in metrics if m.name in HEADLINES and m.side in (None, "both")}
    return {name: found.get(name) for name in HEADLINES}
