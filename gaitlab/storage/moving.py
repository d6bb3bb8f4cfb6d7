"""Sessions that go to another person, and two people who become one; both can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from gaitlab.errors import UsageError
from gaitlab.storage import mapping
from gaitlab.storage.entities import Goal, Person, no_person
from gaitlab.storage.programme import Programme
from gaitlab.storage.queries import Own
from gaitlab.storage.rows import GoalRow, PersonRow, ProgrammeItemRow, SessionRow

__all__ = ["Joined", "Moved", "join", "move", "part", "take_back"]

_FACTS: Final = ("height_m", "sex", "birth_year", "remark")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What the move of a session changed.

    Attributes
    ----------
    session_id : int
        The other analyses of its recording went along.
    person, to : Person
        Whose it was and whose it is.
    is_new : bool
        Whether the person was made for it.
    """

    session_id: int
    person: Person
    to: Person
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What joining two people changed.

    Attributes
    ----------
    kept, gone : Person
        Both as they were before.
    sessions : tuple of int
        All sessions of the person who is gone.
    goals : tuple of int
        Their goals that went along.
    dropped : tuple of Goal
        Their goals for a number that the other had a goal for, too.
    programme : tuple of ProgrammeItem
        Their programme.
    programme_went_along : bool
        Whether it did, as the other had none.
    """

    kept: Person
    gone: Person
    sessions: tuple[int, ...]
    goals: tuple[int, ...]
    dropped: tuple[Goal, ...]
    programme: Programme = ()
    programme_went_along: bool = False


def move(session: Session, own: Own, session_id: int, name: str) -> Moved:
    """Give a session, with all analyses of its recording, to the person of that name, made if missing."""
    row = own.session_of_mine(session, session_id)
    before, to = row.person, own.person_made(session, name)
    if to is before:
        raise UsageError(f"session {session_id} is one of {before.name} already; choose somebody else")
    is_new = to.id is None
    session.flush()
    own.mine(to)
    _give(session, own, row, to)
    people = {"person": mapping.to_person(before), "to": mapping.to_person(to)}
    return Moved(session_id=session_id, is_new=is_new, **people)


def take_back(session: Session, own: Own, moved: Moved) -> None:
    """Give a session back, and remove the person who was made for it and has nothing else."""
    row, to = own.session(session, moved.session_id), moved.to
    if row.person_id != to.id:
        raise UsageError(f"session {row.id} is not one of {to.name} any more; nothing is changed")
    _give(session, own, row, _by_id(session, own, moved.person))
    session.flush()
    now = _by_id(session, own, to)
    tables = (SessionRow, GoalRow, ProgrammeItemRow)
    has = [session.scalar(select(exists().where(table.person_id == to.id))) for table in tables]
    if moved.is_new and mapping.to_person(now) == to and not any(has):
        session.delete(now)


def _give(session: Session, own: Own, row: SessionRow, person: PersonRow) -> None:
    for one in own.versions(session, row):
        one.person = person


def _by_id(session: Session, own: Own, person: Person) -> PersonRow:
    row = session.scalars(own.people().where(PersonRow.id == person.id)).one_or_none()
    if row is None:
        raise no_person(person.name)
    return own.mine(row)


def join(session: Session, own: Own, name: str, *, into: str) -> Joined:
    """Give all that is of one person to another, and remove the first.

    What is known of the one who stays goes first: the other's height, sex and year of birth fill gaps, remarks are put
    together, and of two goals for the same number, or two programmes, that of the one who stays is kept.
    """
    gone, kept = own.person_of_mine(session, name), own.person_of_mine(session, into)
    if gone is kept:
        raise UsageError(f"{kept.name}: expected two people; choose another one")
    before = mapping.to_person(kept), mapping.to_person(gone)
    taken = {(goal.metric, goal.side) for goal in _goals(session, kept)}
    theirs = _goals(session, gone)
    dropped = tuple(mapping.to_goal(goal) for goal in theirs if (goal.metric, goal.side) in taken)
    along = tuple(goal.id for goal in theirs if (goal.metric, goal.side) not in taken)
    sessions = tuple(session.scalars(select(SessionRow.id).where(SessionRow.person_id == gone.id)))
    session.execute(update(SessionRow).where(SessionRow.person_id == gone.id).values(person_id=kept.id))
    session.execute(update(GoalRow).where(GoalRow.id.in_(along)).values(person_id=kept.id))
    programme, goes_along = _programme(session, gone), not _programme(session, kept)
    if goes_along:
        session.execute(update(ProgrammeItemRow).where(ProgrammeItemRow.person_id == gone.id).values(person_id=kept.id))
    for fact, value in _facts_together(*before).items():
        setattr(kept, fact, value)
    session.execute(delete(PersonRow).where(PersonRow.id == gone.id))
    return Joined(
        kept=before[0],
        gone=before[1],
        sessions=sessions,
        goals=along,
        dropped=dropped,
        programme=programme,
        programme_went_along=goes_along,
    )


def part(session: Session, own: Own, joined: Joined) -> None:
    """Take the joining of two people back: what was of each is theirs again; what came later stays where it is."""
    kept = _by_id(session, own, joined.kept)
    gone = own.person_made(session, joined.gone.name)
    if gone.id is not None:
        raise UsageError(f"{gone.name}: there is somebody of that name already; rename them and try again")
    if session.get(PersonRow, joined.gone.id) is None:
        gone.id = joined.gone.id
    gone.created_at = joined.gone.created_at
    for fact, value in _facts_together(joined.kept, joined.gone).items():
        setattr(gone, fact, getattr(joined.gone, fact))
        if getattr(kept, fact) == value:  # not changed since
            setattr(kept, fact, getattr(joined.kept, fact))
    session.flush()
    theirs = own.sessions().where(SessionRow.id.in_(joined.sessions), SessionRow.person_id == kept.id)
    for row in session.scalars(theirs).all():
        _give(session, own, row, gone)
    mine = (GoalRow.id.in_(joined.goals), GoalRow.person_id == kept.id)
    session.execute(update(GoalRow).where(*mine).values(person_id=gone.id))
    for goal in joined.dropped:
        values = {name: getattr(goal, name) for name in ("metric", "side", "target", "direction", "due", "created_at")}
        session.add(GoalRow(person_id=gone.id, **values))
    if joined.programme_went_along and _programme(session, kept) == joined.programme:  # not changed since
        session.execute(delete(ProgrammeItemRow).where(ProgrammeItemRow.person_id == kept.id))
    session.add_all(mapping.programme_rows(joined.programme, person_id=gone.id))


def _goals(session: Session, person: PersonRow) -> list[GoalRow]:
    return list(session.scalars(select(GoalRow).where(GoalRow.person_id == person.id)))


def _programme(session: Session, person: PersonRow) -> Programme:
    query = select(ProgrammeItemRow).where(ProgrammeItemRow.person_id == person.id)
    return mapping.to_programme(session.scalars(query.order_by(ProgrammeItemRow.position)))


def _facts_together(kept: Person, gone: Person) -> dict[str, object]:
    together: dict[str, object] = {}
    for fact in _FACTS:
        mine, theirs = getattr(kept, fact), getattr(gone, fact)
        together[fact] = theirs if mine in (None, "") else mine
    if kept.remark and gone.remark:
        together["remark"] = f"{kept.remark}\n{gone.remark}"
    return together
