"""Import of people with all their sessions from another store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from gaitlab.errors import UsageError
from gaitlab.storage import mapping
from gaitlab.storage.chains import check_chains
from gaitlab.storage.entities import Person, PersonData, StoredSession, check_person, normal_name, storable_text, utc
from gaitlab.storage.media import MediaFolder, MediaKey, StagedFile
from gaitlab.storage.programme import check_programme
from gaitlab.storage.rows import GoalRow, PersonRow, SessionRow, TagRow

__all__ = ["take_in"]


def take_in(
    session: Session,
    people: Iterable[PersonData],
    *,
    owner: str,
    media: MediaFolder,
    ready: Mapping[Path, StagedFile],
    placed: set[MediaKey],
    restored: bool = False,
) -> None:
    """Add people with their goals, programmes and sessions; to be called with the database locked for writing.

    Parameters
    ----------
    session : Session
        Its transaction is left to the caller.
    people : iterable of PersonData
    owner : str
        Owner of all people; with `restored`, only of people without an owner.
    media : MediaFolder
    ready : mapping of Path to StagedFile
        Of `MediaFolder.given`, for the files that the people give away.
    placed : set of MediaKey
        Receives the key of every file as it is placed.
    restored : bool
        Whether they return to their own database with their old owners and times of saving; else they count as saved
        now. Never for a file from a user, which could name anybody as owner.

    Raises
    ------
    UsageError
        If a person of the same name exists already, a programme cannot be trained, or sessions replace each other in a
        circle.
    """
    saved_at = None if restored else datetime.now(UTC)
    for data in people:
        row = _person_row(session, data.person, (data.owner if restored else None) or owner)
        for goal in data.goals:
            columns = ("metric", "side", "target", "direction", "due", "created_at")
            session.add(GoalRow(person_id=row.id, **{name: getattr(goal, name) for name in columns}))
        check_programme(data.programme)
        session.add_all(mapping.programme_rows(data.programme, person_id=row.id))
        _take_in_sessions(session, row, data.sessions, media=media, ready=ready, placed=placed, saved_at=saved_at)


def _person_row(session: Session, person: Person, owner: str) -> PersonRow:
    check_person(person)
    name = normal_name(person.name)
    if session.scalar(select(PersonRow.id).where(PersonRow.owner == owner, PersonRow.name == name)) is not None:
        raise UsageError(f"{name}: there is somebody of that name already; take them in under another name")
    row = PersonRow(owner=owner, name=name, height_m=person.height_m, sex=person.sex, birth_year=person.birth_year)
    row.remark, row.created_at = storable_text(person.remark), person.created_at
    session.add(row)
    session.flush()
    return row


def _take_in_sessions(
    session: Session,
    person: PersonRow,
    stored: Iterable[StoredSession],
    *,
    media: MediaFolder,
    ready: Mapping[Path, StagedFile],
    placed: set[MediaKey],
    saved_at: datetime | None,
) -> None:
    new_ids: dict[int, int] = {}
    replaced_by: dict[int, int] = {}
    for one in stored:
        with media.staged(one.media, ready=ready) as staged:
            row = _session_row(one, saved_at)
            row.person_id, row.media = person.id, mapping.media_rows(staged)
            mapping.add_session(session, row, one.analysis.gait)
            for file in staged.values():
                media.place(file)
                placed.add(file.key)
        new_ids[one.header.id] = row.id
        if one.header.replaced_by is not None:
            replaced_by[row.id] = one.header.replaced_by
        session.expunge_all()  # otherwise all tracks would stay in memory
    newer = {new_id: new_ids[number] for new_id, number in replaced_by.items() if number in new_ids}
    check_chains(newer)
    for new_id, newer_id in newer.items():
        session.get_one(SessionRow, new_id).replaced_by = newer_id


def _session_row(one: StoredSession, saved_at: datetime | None) -> SessionRow:
    return mapping.to_session_row(
        one.analysis,
        recorded_at=utc(one.header.recorded_at),
        recorded_from=one.header.recorded_from,
        created_at=saved_at or utc(one.header.created_at),
        remark=storable_text(one.remark),
        tags=[TagRow(name=name) for name in sorted({normal_name(tag) for tag in one.tags})],
        is_baseline=one.header.is_baseline,
    )
