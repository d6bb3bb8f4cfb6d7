"""Conversion between rows and records: the only module that knows both.

A record whose fields have the names of a row's columns is copied by those names, so that a field added to both needs
no line here. Arrays are in `packed_tracks`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
from sqlalchemy import Row, insert, select
from sqlalchemy.orm import Session, object_session

from gaitlab.errors import StoreError
from gaitlab.records import (
    Activity,
    Analysis,
    Contact,
    Edit,
    ExerciseSummary,
    FormNote,
    GaitSummary,
    Metric,
    PoseTrack,
    Provenance,
    Repetition,
    SourceInfo,
    Stride,
    SubjectInfo,
    SubjectPerson,
)
from gaitlab.records.findings import Said, as_written, recalled
from gaitlab.settings import real_rate
from gaitlab.storage.entities import Goal, HistoryPoint, Person, SessionHeader, StoredSession, headlines, storable_text
from gaitlab.storage.faults import damaged
from gaitlab.storage.media import MediaKey, StagedFile
from gaitlab.storage.packed_tracks import TRACK_SCHEMA, pack_arrays, unpack_arrays, unpack_raw_track
from gaitlab.storage.programme import Programme, ProgrammeItem
from gaitlab.storage.rows import (
    Base,
    ContactRow,
    EditRow,
    GoalRow,
    MediaRow,
    MetricRow,
    PersonRow,
    ProgrammeItemRow,
    RepetitionRow,
    SessionRow,
    StrideRow,
    TrackRow,
)

__all__ = [
    "add_events",
    "add_session",
    "copy_recording",
    "copy_results",
    "media_keys",
    "media_rows",
    "programme_rows",
    "session_facts",
    "to_analysis",
    "to_goal",
    "to_header",
    "to_history_point",
    "to_person",
    "to_programme",
    "to_provenance",
    "to_raw_track",
    "to_session_row",
    "to_stored_session",
]

#: Columns that another analysis of the same recording may change; see `copy_results`.
_RESULTS: Final = (
    *("kind", "activity_chosen_by", "activity_confidence", "subject"),
    *("notes", "input_notes", "findings", "input_findings"),
    *("gait_mode", "exercise_name", "exercise_count", "exercise_partial"),
    *("metrics", "repetitions", "edits", "track"),
)

_R = TypeVar("_R")
_B = TypeVar("_B", bound=Base)


def _plain(value: Any) -> Any:
    """Return a Python scalar for a NumPy one, a list for a tuple and a dict for a record, as JSON needs."""
    if isinstance(value, np.generic):
        return value.item()
    if is_dataclass(value):
        return _values(value)
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value


def _values(record: Any, *skipped: str) -> dict[str, Any]:
    return {f.name: _plain(getattr(record, f.name)) for f in fields(record) if f.name not in skipped}


def _listed(row_type: type[_B], records: Iterable[Any], *, first: int = 0, **extra: Any) -> list[_B]:
    return [row_type(position=i, **_values(r), **extra) for i, r in enumerate(records, start=first)]


def _record(record_type: type[_R], row: Base | Row[Any], **replaced: Any) -> _R:
    """Make a record from the columns with the names of its fields; StoreError when they do not fit."""
    names = (f.name for f in fields(record_type) if f.name not in replaced)  # type: ignore[arg-type]
    try:
        return record_type(**{name: getattr(row, name) for name in names}, **replaced)
    except (TypeError, ValueError) as error:
        number = getattr(row, "session_id", getattr(row, "id", None))
        raise StoreError(
            f"session {number}: its row in {getattr(row, '__tablename__', 'metric')} is {damaged(error)}"
        ) from error


def _records(record_type: type[_R], row: SessionRow, table: type[ContactRow | StrideRow]) -> tuple[_R, ...]:
    """Make the records of one table of a session that is read, in order.

    Of an hour these are thousands: the columns alone take a fifth of the time that rows with an identity take.
    """
    names = [one.name for one in fields(record_type)]  # type: ignore[arg-type]
    columns = [getattr(table, name) for name in names]
    reading = object_session(row)
    assert reading is not None
    found = reading.execute(select(*columns).where(table.session_id == row.id).order_by(table.position))
    try:
        return tuple(record_type(**dict(zip(names, one, strict=True))) for one in found)
    except (TypeError, ValueError) as error:
        raise StoreError(f"session {row.id}: its row in {table.__tablename__} is {damaged(error)}") from error


def to_session_row(analysis: Analysis, **told: Any) -> SessionRow:
    """Return the row of an analysis with its dependent rows, but for those that `add_session` adds.

    The caller adds the rest: person, media, and as `told` the columns that come from the user or the moment of saving,
    such as `recorded_at`.
    """
    source, activity, made_by = analysis.source, analysis.activity, analysis.provenance
    row = SessionRow(
        **_values(source, "file", "recorded_at"),
        file=storable_text(source.file),
        file_recorded_at=source.recorded_at.isoformat() if source.recorded_at else None,
        kind=activity.kind,
        activity_chosen_by=activity.chosen_by,
        activity_confidence=_plain(activity.confidence),
        subject=asdict(analysis.subject),
        settings=dict(made_by.settings),
        model=made_by.model,
        model_sha256=made_by.model_sha256,
        version=made_by.gaitlab,
        notes=list(analysis.notes),
        input_notes=list(analysis.input_notes),
        findings=_plain(analysis.findings),
        input_findings=_plain(analysis.input_findings),
        edits=_listed(EditRow, analysis.edits),
        track=TrackRow(schema_version=TRACK_SCHEMA, npz=pack_arrays(analysis)),
        **told,
    )
    _attach_gait(row, analysis.gait)
    _attach_exercise(row, analysis.exercise)
    return row


def add_session(session: Session, row: SessionRow, gait: GaitSummary | None) -> None:
    """Add the row of an analysis to the database, with the contacts and strides of its gait."""
    session.add(row)
    session.flush()
    add_events(session, row.id, gait)


def add_events(session: Session, session_id: int, gait: GaitSummary | None) -> None:
    """Add contacts and strides to a session that is in the database and has none.

    Of an hour these are twenty thousand: as values they take a fraction of the time of rows with an identity.
    """
    if gait is None:
        return
    for table, records in ((ContactRow, gait.contacts), (StrideRow, gait.strides)):
        if values := [{"session_id": session_id, "position": i, **_values(one)} for i, one in enumerate(records)]:
            session.execute(insert(table), values)


def copy_recording(old: SessionRow, new: SessionRow, *, created_at: datetime) -> None:
    """Give a new analysis what it has in common with an older one of the same recording, media included."""
    new.person, new.remark, new.created_at = old.person, old.remark, created_at
    new.recorded_at, new.recorded_from, new.is_baseline = old.recorded_at, old.recorded_from, False
    new.media = [MediaRow(kind=m.kind, sha256=m.sha256, suffix=m.suffix, n_bytes=m.n_bytes) for m in old.media]


def copy_results(source: SessionRow, dest: SessionRow) -> None:
    """Move the results of an analysis from one row to another row without results."""
    for name in _RESULTS:
        setattr(dest, name, getattr(source, name))


def media_rows(media: Mapping[str, StagedFile]) -> list[MediaRow]:
    """Return the rows of kept files by kind."""
    return [
        MediaRow(kind=kind, sha256=f.key.sha256, suffix=f.key.suffix, n_bytes=f.n_bytes) for kind, f in media.items()
    ]


def _metric_rows(metrics: Sequence[Metric], *, part: str, first: int = 0) -> list[MetricRow]:
    rows = _listed(MetricRow, metrics, first=first, part=part)
    for row, metric in zip(rows, metrics, strict=True):
        row.reason = metric.reason
    return rows


def _attach_gait(row: SessionRow, gait: GaitSummary | None) -> None:
    if gait is None:
        return
    row.gait_mode = gait.mode
    row.metrics = _metric_rows(gait.metrics, part="gait")


def _attach_exercise(row: SessionRow, exercise: ExerciseSummary | None) -> None:
    if exercise is None:
        return
    row.exercise_name = exercise.name
    row.exercise_count, row.exercise_partial = _plain(exercise.count), _plain(exercise.partial)
    row.repetitions = _listed(RepetitionRow, exercise.repetitions)
    row.metrics += _metric_rows(exercise.metrics, first=len(row.metrics), part="exercise")


def to_analysis(row: SessionRow) -> Analysis:
    """Return the analysis that a session row was made from.

    Raises
    ------
    StoreError
        If the arrays are damaged or of a version this program does not know.
    """
    track_raw, track, angles = unpack_arrays(_known_track(row))
    file_time = datetime.fromisoformat(row.file_recorded_at) if row.file_recorded_at else None
    return Analysis(
        source=_record(SourceInfo, row, recorded_at=file_time),
        subject=_subject(row.subject),
        activity=_activity(row),
        track_raw=track_raw,
        track=track,
        angles=angles,
        gait=_gait(row),
        exercise=_exercise(row),
        findings=_findings(row.findings, row.notes),
        input_findings=_findings(row.input_findings, row.input_notes),
        edits=tuple(_record(Edit, one) for one in row.edits),
        provenance=to_provenance(row),
    )


def to_raw_track(row: SessionRow) -> PoseTrack:
    """Return the raw track of a session; StoreError as for `to_analysis`."""
    return unpack_raw_track(_known_track(row))


def _known_track(row: SessionRow) -> bytes:
    if row.track is None:
        raise StoreError(f"session {row.id}: its coordinates are gone; restore a copy with `gaitlab db restore FILE`")
    if row.track.schema_version > TRACK_SCHEMA:
        raise StoreError(
            f"session {row.id}: expected tracks of version {TRACK_SCHEMA}, got {row.track.schema_version}; "
            "it was saved by a newer GaitLab, update the program"
        )
    return row.track.npz


def to_provenance(row: SessionRow) -> Provenance:
    """Return the provenance of a session: program version, model and settings."""
    return _record(Provenance, row, gaitlab=row.version)


def _subject(stored: dict[str, Any]) -> SubjectInfo:
    people = (SubjectPerson(**{**person, "box_px": tuple(person["box_px"])}) for person in stored["people"])
    return SubjectInfo(**{**stored, "people": tuple(people)})


def _activity(row: SessionRow) -> Activity:
    return Activity(
        kind=row.kind,
        chosen_by=row.activity_chosen_by,  # type: ignore[arg-type]
        confidence=row.activity_confidence,
    )


def _metrics(row: SessionRow, part: str) -> tuple[Metric, ...]:
    return tuple(_metric(m) for m in row.metrics if m.part == part)


def _metric(row: MetricRow) -> Metric:
    return _record(Metric, row, why=None if row.reason is None else _finding(row.why, row.reason))


def _findings(stored: Sequence[dict[str, Any]] | None, told: Sequence[str]) -> tuple[Said, ...]:
    return tuple(_finding(one, text) for one, text in zip_longest(stored or (), told) if text is not None)


def _finding(stored: Mapping[str, Any] | None, told: str) -> Said:
    """Return a finding by its code, or by its sentence: in sessions before 0006, or for a code of another program."""
    if stored is None:
        return recalled(told)
    try:
        return Said(**stored)
    except (TypeError, ValueError, AttributeError):
        return as_written(told)


def _gait(row: SessionRow) -> GaitSummary | None:
    if row.gait_mode is None:
        return None
    return GaitSummary(
        mode=row.gait_mode,  # type: ignore[arg-type]
        contacts=_records(Contact, row, ContactRow),
        strides=_records(Stride, row, StrideRow),
        metrics=_metrics(row, "gait"),
    )


def _exercise(row: SessionRow) -> ExerciseSummary | None:
    if row.exercise_name is None:
        return None
    return ExerciseSummary(
        name=row.exercise_name,
        count=row.exercise_count or 0,
        partial=row.exercise_partial or 0,
        repetitions=_repetitions(row),
        metrics=_metrics(row, "exercise"),
    )


def _repetitions(row: SessionRow) -> tuple[Repetition, ...]:
    return tuple(
        _record(Repetition, one, notes=tuple(one.notes), form=tuple(FormNote(**note) for note in one.form))
        for one in row.repetitions
    )


def to_person(row: PersonRow) -> Person:
    """Return the record of a person row."""
    return _record(Person, row)


def to_goal(row: GoalRow) -> Goal:
    """Return the record of a goal row."""
    return _record(Goal, row)


def to_programme(rows: Iterable[ProgrammeItemRow]) -> Programme:
    """Return the programme of these rows, which are in their order."""
    return tuple(_record(ProgrammeItem, row) for row in rows)


def programme_rows(items: Iterable[ProgrammeItem], *, person_id: int) -> list[ProgrammeItemRow]:
    """Return the rows of a person's programme."""
    return _listed(ProgrammeItemRow, items, person_id=person_id)


def to_header(row: SessionRow) -> SessionHeader:
    """Return one line of a list; of the metrics only the headline ones need to be loaded."""
    return _record(
        SessionHeader,
        row,
        person=row.person.name,
        activity=_activity(row),
        shallow=row.exercise_partial or 0,
        tags=tuple(sorted(tag.name for tag in row.tags)),
        **headlines(_metric(m) for m in row.metrics),
    )


def to_stored_session(row: SessionRow, *, media: Mapping[str, Path]) -> StoredSession:
    """Return the whole session; `media` are the kept files that exist."""
    return StoredSession(
        header=to_header(row),
        analysis=to_analysis(row),
        media=media,
        remark=row.remark,
        tags=tuple(sorted(tag.name for tag in row.tags)),
    )


def session_facts(row: Row[Any]) -> dict[str, Any]:
    """Return what the points of a trend need to know of their session."""
    facts = {name: getattr(row, name) for name in ("recorded_at", "kind", "model", "version", "is_baseline")}
    settings = {} if row.slow_motion is None else {"slow_motion": row.slow_motion}
    return {**facts, "fps_mean": real_rate(row.fps_mean, settings), "view": row.view}


def to_history_point(metric: Sequence[Any], facts: Mapping[str, Any]) -> HistoryPoint:
    """Return one value of a trend; `facts` are those of its session. StoreError where it is no number."""
    session_id, name, side, value, unit, confidence, n, sd, _position = metric
    if not all(one is None or isinstance(one, (int, float)) for one in (value, sd, confidence)):
        raise StoreError(f"session {session_id}: {name} is damaged: expected a number")
    return HistoryPoint(
        session_id=session_id, side=side, value=value, unit=unit, confidence=confidence, n=n, sd=sd, **facts
    )


def media_keys(row: SessionRow) -> dict[str, MediaKey]:
    """Return the identity of each kept file by kind."""
    return {m.kind: MediaKey(m.sha256, m.suffix) for m in row.media}
