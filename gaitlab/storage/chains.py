"""Chains of analyses of one recording: each is replaced by a newer one, up to the newest."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gaitlab.errors import NotFoundError, StoreError, UsageError

__all__ = ["check_chains", "heir", "leads_nowhere", "newest"]


def check_chains(replaced_by: Mapping[int, int | None]) -> None:
    """Refuse a set of sessions in which one is replaced by itself, directly or through others.

    Parameters
    ----------
    replaced_by : mapping of int to int or None
        Session → the session that replaced it; a number that is not a key ends a chain.

    Raises
    ------
    UsageError
        If a chain leads back to itself.
    """
    sound: set[int] = set()
    for start in replaced_by:
        way: set[int] = set()
        number: int | None = start
        while number is not None and number not in sound:
            if number in way:
                raise UsageError(
                    "expected analyses with newer ones in their place, got some that replace each other in a circle; "
                    "nothing is taken in, export them again where they come from"
                )
            way.add(number)
            number = replaced_by.get(number)
        sound |= way


def newest(number: int, follow: Callable[[int], int | None]) -> int:
    """Return the last session of a chain.

    Parameters
    ----------
    number : int
        First session of the chain.
    follow : callable
        Returns the session that replaced another one; NotFoundError where there is no session of that number.

    Raises
    ------
    StoreError
        If the chain leads back to itself, or to a missing session; both occur only in a damaged database.
    """
    start, seen = number, {number}
    try:
        while (newer := follow(number)) is not None:
            if newer in seen:
                raise leads_nowhere(start, f"back to session {newer}", last=number)
            number = newer
            seen.add(number)
    except NotFoundError as error:
        raise (error if number == start else leads_nowhere(start, f"to session {number}", last=start)) from error
    return number


def heir(number: int, follow: Callable[[int], int | None]) -> int | None:
    """Return the session that replaces a deleted one; None if there is none, or its chain is broken."""
    try:
        newest(number, follow)
    except NotFoundError:
        raise
    except StoreError:
        return None
    return follow(number)


def leads_nowhere(start: int, where: str, *, last: int) -> StoreError:
    """Return the error for a chain that does not end at a newer analysis of the same recording."""
    return StoreError(
        f"session {start}: damaged (what replaced it leads {where}); write what you need with `gaitlab export`, then "
        f"end this with `gaitlab delete {last}`, or restore a copy with `gaitlab db restore FILE`"
    )
