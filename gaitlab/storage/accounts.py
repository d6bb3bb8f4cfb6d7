"""Who signed in on a server, what their role lets them do, and the people whom they share with one another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.session import SessionTransaction

from gaitlab.errors import NotAllowedError, NotFoundError, UsageError
from gaitlab.storage.entities import storable_text
from gaitlab.storage.queries import Own
from gaitlab.storage.rows import AccountRow, PersonRow, ShareRow

__all__ = [
    "Account",
    "ReadOnly",
    "Role",
    "SharedPerson",
    "colleagues",
    "share",
    "shared_with",
    "shared_with_owner",
    "sign_in",
    "unshare",
]

#: A reader sees, a therapist also changes and hands out, an administrator also does what concerns everybody.
Role = Literal["reader", "therapist", "administrator"]

#: An account that comes back within this time is not written anew (ours).
_SEEN_EVERY: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who signed in.

    Attributes
    ----------
    owner : str
        Issuer and subject of their token.
    name : str
        As their token told it last.
    seen_at : datetime
        When they signed in last, to the hour.
    """

    owner: str
    name: str
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPerson:
    """A person whom a colleague shares.

    Attributes
    ----------
    name : str
    by : str
        Name of the colleague.
    is_hidden : bool
        Whether somebody else of that name is seen in their place: who receives the share renames theirs to see both.
    """

    name: str
    by: str
    is_hidden: bool


class ReadOnly(sessionmaker[Session]):
    """What a reader's store has in the place of sessions that write: no method of it can forget to ask."""

    def begin(self) -> SessionTransaction:  # type: ignore[override]
        """Refuse."""
        raise NotAllowedError("your role is reader: it looks at sessions and changes nothing; ask an administrator")


def sign_in(session: Session, owner: str, name: str) -> None:
    """Note that somebody is here, so that colleagues can share with them."""
    now, name = datetime.now(UTC), storable_text(name).strip() or owner
    row = session.get(AccountRow, owner)
    if row is None:
        session.add(AccountRow(owner=owner, name=name, seen_at=now))
    elif row.name != name or now - row.seen_at > _SEEN_EVERY:
        row.name, row.seen_at = name, now


def colleagues(session: Session, own: Own) -> list[Account]:
    """Return everybody else who ever signed in, by name."""
    rows = session.scalars(select(AccountRow).where(AccountRow.owner != own.owner))
    return sorted(map(_account, rows), key=lambda one: (one.name, one.owner))


def share(session: Session, own: Own, name: str, owner: str) -> None:
    """Share a person with a colleague; twice is no error."""
    person = own.person_of_mine(session, name)
    if owner == own.owner:
        raise UsageError(f"{person.name}: expected a colleague, got the owner; choose somebody else")
    if session.get(AccountRow, owner) is None:
        raise NotFoundError("nobody of that account has signed in; ask them to sign in once")
    if session.get(ShareRow, (person.id, owner)) is None:
        session.add(ShareRow(person_id=person.id, owner=owner, created_at=datetime.now(UTC)))


def unshare(session: Session, own: Own, name: str, owner: str) -> None:
    """Withdraw a share; what is not there is no error."""
    person = own.person_of_mine(session, name)
    session.execute(delete(ShareRow).where(ShareRow.person_id == person.id, ShareRow.owner == owner))


def shared_with(session: Session, own: Own, name: str) -> list[Account]:
    """Return the colleagues with whom a person is shared, by name."""
    person = own.person_of_mine(session, name)
    rows = session.scalars(
        select(AccountRow).join(ShareRow, ShareRow.owner == AccountRow.owner).where(ShareRow.person_id == person.id)
    )
    return sorted(map(_account, rows), key=lambda one: (one.name, one.owner))


def shared_with_owner(session: Session, own: Own) -> list[SharedPerson]:
    """Return the people whom colleagues share with the owner, by name."""
    query = select(PersonRow, AccountRow.name).join(ShareRow, ShareRow.person_id == PersonRow.id)
    query = query.outerjoin(AccountRow, AccountRow.owner == PersonRow.owner).where(ShareRow.owner == own.owner)
    seen = set(session.scalars(own.people().with_only_columns(PersonRow.id)))
    found = [
        SharedPerson(name=row.name, by=by or row.owner, is_hidden=row.id not in seen)
        for row, by in session.execute(query)
    ]
    return sorted(found, key=lambda one: (one.name, one.by))


def _account(row: AccountRow) -> Account:
    return Account(owner=row.owner, name=row.name, seen_at=row.seen_at)
