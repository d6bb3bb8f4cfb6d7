"""The records that the store returns: frozen, and never database rows."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, Literal, get_args

from gaitlab.errors import NotFoundError, UsageError
from gaitlab.limits import NAME_MAX_CHARS, REMARK_MAX_CHARS
from gaitlab.metrics.table import HEADLINES
from gaitlab.records import Activity, Analysis, GaitMode, Metric, Provenance, Side, View
from gaitlab.settings import real_rate
from gaitlab.storage.programme import Programme

__all__ = [
    "Direction",
    "Goal",
    "HistoryPoint",
    "KindOverview",
    "Person",
    "PersonData",
    "PersonOverview",
    "RecordedFrom",
    "SessionFilter",
    "SessionHeader",
    "Sex",
    "StoredSession",
    "check_goal",
    "check_height",
    "check_person",
    "header_of",
    "headlines",
    "history_point",
    "made_alike",
    "new_name",
    "new_remark",
    "no_person",
    "normal_name",
    "not_found",
    "session_time",
    "storable_text",
    "utc",
]

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")  # all but tab and line feed
Sex = Literal["female", "male"]
Direction = Literal["at_least", "at_most"]
#: Source of the date of a recording: given by the user, from the file's metadata, from the file's own time on the
#: disk, or only the moment of saving; "unknown" in sessions saved before this was noted.
RecordedFrom = Literal["user", "metadata", "file_time", "now", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person that sessions belong to.

    Attributes
    ----------
    id : int
    name : str
        Unique among the people of one owner.
    height_m : float or None
    created_at : datetime
    sex : {"female", "male"} or None
        With the year of birth it selects the usual walking speed; published means exist for these two.
    birth_year : int or None
        It also selects norm curves of children or of adults.
    remark : str
    """

    id: int
    name: str
    height_m: float | None
    created_at: datetime
    sex: Sex | None = None
    birth_year: int | None = None
    remark: str = ""

    def age_at(self, when: datetime) -> int | None:
        """Return the age in whole years that the person reaches in the year of `when`; None without a year of birth."""
        return None if self.birth_year is None else when.year - self.birth_year


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A value that a person wants to reach.

    Attributes
    ----------
    id : int
    metric : str
        Name of the metric.
    side : {"left", "right", "both"} or None
        Side of the metric.
    target : float
        In the metric's unit.
    direction : {"at_least", "at_most"}
    due : date or None
    created_at : datetime
    """

    id: int
    metric: str
    side: Side | None
    target: float
    direction: Direction
    due: date | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFilter:
    """Filter of a list of sessions; the default hides only sessions that a newer analysis replaced.

    Attributes
    ----------
    kind, tag : str or None
    since, until : datetime or None
        Bounds of the recording time with their zone: `since` is included, `until` is not.
    saved_before : datetime or None
        Only sessions saved earlier than this; with a zone.
    with_replaced : bool
        Show older analyses of the same recording too.
    with_media, only_baseline : bool
        Only sessions with kept files; only sessions marked as baseline.
    only_own : bool
        No sessions of people whom a colleague shares.
    """

    kind: str | None = None
    tag: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    saved_before: datetime | None = None
    with_replaced: bool = False
    with_media: bool = False
    only_baseline: bool = False
    only_own: bool = False


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
        Times of filming and of saving, in UTC.
    recorded_from : RecordedFrom
        Source of the time of recording.
    file : str
        Name of the analysed file.
    version : str
        Version of the program that computed the numbers.
    activity : Activity
    is_baseline : bool
        Whether it is marked as baseline, for comparison with later sessions.
    replaced_by : int or None
        The newer analysis of the same recording.
    tags : tuple of str
        Sorted.
    cadence, repetition_count : Metric or None
        None when the session has no such metric; a withheld one is there with its reason.
    shallow : int
        How many of the repetitions are shallow.
    gait_mode : {"walk", "run", "unknown"} or None
        None when there is no gait part.
    remark : str
    """

    id: int
    person: str
    kind: str
    recorded_at: datetime
    created_at: datetime
    recorded_from: RecordedFrom
    file: str
    version: str
    activity: Activity
    is_baseline: bool
    replaced_by: int | None
    tags: tuple[str, ...]
    cadence: Metric | None
    repetition_count: Metric | None
    shallow: int
    gait_mode: GaitMode | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonOverview:
    """One line of a list of people.

    Attributes
    ----------
    person : Person
    n_sessions : int
        Analyses that a newer one of the same recording replaced are not counted.
    recent : tuple of SessionHeader
        The last few sessions, newest first; empty for somebody without one.
    """

    person: Person
    n_sessions: int
    recent: tuple[SessionHeader, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindOverview:
    """How often somebody did one activity, and when for the first and the last time."""

    kind: str
    n_sessions: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StoredSession:
    """A saved session in full.

    Attributes
    ----------
    header : SessionHeader
    analysis : Analysis
        Equal to the one that was saved, number by number.
    media : mapping of str to Path
        Kept files by kind, for example "overlay"; only files that still exist.
    remark : str
    tags : tuple of str
        Sorted.
    """

    header: SessionHeader
    analysis: Analysis
    media: Mapping[str, Path]
    remark: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PersonData:
    """All data of one person, for the transfer from one store to another.

    Attributes
    ----------
    person : Person
    goals : tuple of Goal
    sessions : iterable of StoredSession
        Read once, one after the other; their numbers only link a session to the one that replaced it.
    programme : tuple of ProgrammeItem
    owner : str or None
        None = the owner of the store that imports it.
    given_away : tuple of Path
        Kept files of the sessions that the store may move to itself; it copies the others.
    """

    person: Person
    goals: tuple[Goal, ...]
    sessions: Iterable[StoredSession]
    programme: Programme = ()
    owner: str | None = None
    given_away: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPoint:
    """One value of a trend, with the facts needed to decide whether two values can be compared.

    Attributes
    ----------
    session_id : int
    recorded_at : datetime
    side : {"left", "right", "both"} or None
    value : float or None
        None in a session where the metric was withheld.
    unit : str
    confidence : float
    n : int
    sd : float or None
        As in `Metric`.
    kind : str
        Kind of the activity.
    view : {"side", "front", "ambiguous"}
    fps_mean : float or None
        Frames per second of real time, see `settings.real_rate`; in slow motion it is above the rate of playing.
    model : str or None
    version : str
        Of the program.
    is_baseline : bool
    """

    session_id: int
    recorded_at: datetime
    side: Side | None
    value: float | None
    unit: str
    confidence: float
    n: int
    sd: float | None
    kind: str
    view: View
    fps_mean: float | None
    model: str | None
    version: str
    is_baseline: bool


def storable_text(text: str) -> str:
    """Return text that databases and files accept: undecodable bytes and control characters become question marks."""
    return _CONTROLS.sub("?", text.encode("utf-8", "replace").decode("utf-8"))


def new_name(text: str) -> str:
    """Return a new name of a person or a new tag as `normal_name` does.

    Raises
    ------
    UsageError
        If nothing in it is visible, if it has control characters, or if it is too long. Names of older versions may be
        so: they can still be found, changed and erased.
    """
    name = normal_name(text)
    kinds = {unicodedata.category(one) for one in name}
    if "Cc" in kinds or all(kind[0] in "CZ" for kind in kinds):
        raise UsageError(f"name: expected visible characters only, got {text!r}; give another name")
    if len(name) > NAME_MAX_CHARS:
        raise UsageError(f"name: expected at most {NAME_MAX_CHARS} characters, got {len(name)}; shorten it")
    return name


def new_remark(text: str) -> str:
    """Return a new remark as it is stored; UsageError if it is too long."""
    if len(text) > REMARK_MAX_CHARS:
        raise UsageError(f"remark: expected at most {REMARK_MAX_CHARS} characters, got {len(text)}; shorten it")
    return storable_text(text)


def normal_name(text: str) -> str:
    """Return a person's name or a tag without outer blanks, in Unicode NFC, so that names that look equal are equal.

    Raises
    ------
    UsageError
        If nothing is left of it.
    """
    name = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8")).strip()
    if not name:
        raise UsageError(f"name: expected at least one visible character, got {text!r}; give a name")
    return name


def check_height(height_m: float | None) -> float | None:
    """Return `height_m` if it is None or a human height in metres, else raise UsageError."""
    if height_m is not None and not 0.4 <= height_m <= 2.6:
        raise UsageError(f"height_m: expected a value from 0.4 to 2.6, got {height_m:g}")
    return height_m


def check_person(person: Person) -> None:
    """Raise UsageError for an impossible height, sex or year of birth."""
    check_height(person.height_m)
    if person.sex is not None and person.sex not in get_args(Sex):
        raise UsageError(f"sex: expected {' or '.join(get_args(Sex))} or nothing, got {person.sex!r}")
    this_year = datetime.now(UTC).year
    if person.birth_year is not None and not 1900 <= person.birth_year <= this_year:
        raise UsageError(f"birth_year: expected a year from 1900 to {this_year}, got {person.birth_year}")


def check_goal(*, target: float, direction: str, side: str | None) -> None:
    """Raise UsageError for a goal that can be neither reached nor missed."""
    if not math.isfinite(target):
        raise UsageError(f"target: expected a number, got {target}")
    if direction not in get_args(Direction):
        raise UsageError(f"direction: expected {' or '.join(get_args(Direction))}, got {direction!r}")
    if side is not None and side not in get_args(Side):
        raise UsageError(f"side: expected {', '.join(get_args(Side))} or nothing, got {side!r}")


def not_found(session_id: int) -> NotFoundError:
    """Return the error for a session that does not exist, worded for the app and the command line alike."""
    return NotFoundError(
        f"session {session_id}: there is none of that number (any more); the page History and `gaitlab list` show all"
    )


def no_person(name: str) -> NotFoundError:
    """Return the error for a person who does not exist."""
    return NotFoundError(f"{name}: there is nobody of that name; `gaitlab person list` shows all")


def utc(moment: datetime) -> datetime:
    """Return a moment in UTC.

    Raises
    ------
    UsageError
        For a time without time zone: it could mean any of 26 hours.
    """
    if moment.tzinfo is None:
        raise UsageError(f"recorded_at: expected a time with its zone, got {moment.isoformat()}; add one, as in +00:00")
    return moment.astimezone(UTC)


def session_time(
    analysis: Analysis, recorded_at: datetime | None, file_time: datetime | None = None
) -> tuple[datetime, RecordedFrom]:
    """Return the time of filming in UTC and its source: the user, the metadata, the file time, or now.

    Raises
    ------
    UsageError
        For a time without time zone.
    """
    known: tuple[tuple[datetime | None, RecordedFrom], ...] = (
        (recorded_at, "user"),
        (analysis.source.recorded_at, "metadata"),
        (file_time, "file_time"),
    )
    return next(((utc(moment), source) for moment, source in known if moment), (datetime.now(UTC), "now"))


def made_alike(one: Provenance, other: Provenance) -> bool:
    """Return whether the same program, model and settings made two analyses; a list counts like a tuple in settings."""
    made = [(p.gaitlab, p.model, p.model_sha256, json.dumps(dict(p.settings), sort_keys=True)) for p in (one, other)]
    return made[0] == made[1]


def headlines(metrics: Iterable[Metric]) -> dict[str, Metric | None]:
    """Return the metric of both sides together for each name of `HEADLINES`, None where there is none."""
    found = {m.name: m for m in metrics if m.name in HEADLINES and m.side in (None, "both")}
    return {name: found.get(name) for name in HEADLINES}


def header_of(analysis: Analysis, person: str, tags: tuple[str, ...]) -> dict[str, Any]:
    """Return the fields of a session's header that follow from the analysis, the person and the tags."""
    return {
        "person": person,
        "tags": tags,
        "kind": analysis.activity.kind,
        "activity": analysis.activity,
        "file": analysis.source.file,
        "version": analysis.provenance.gaitlab,
        "shallow": analysis.exercise.partial if analysis.exercise else 0,
        "gait_mode": analysis.gait.mode if analysis.gait else None,
        **headlines(analysis.metrics),
    }


def history_point(stored: StoredSession, metric: Metric) -> HistoryPoint:
    """Return one value of a trend."""
    header, analysis = stored.header, stored.analysis
    return HistoryPoint(
        session_id=header.id,
        recorded_at=header.recorded_at,
        side=metric.side,
        value=metric.value,
        unit=metric.unit,
        confidence=metric.confidence,
        n=metric.n,
        sd=metric.sd,
        kind=header.kind,
        view=analysis.subject.view,
        fps_mean=real_rate(analysis.source.fps_mean, analysis.provenance.settings),
        model=analysis.provenance.model,
        version=header.version,
        is_baseline=header.is_baseline,
    )
