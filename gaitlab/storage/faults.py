"""Translation of errors of the database, its driver and the disk into a one-line StoreError."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError, StatementError

from gaitlab.errors import StoreBusyError, StoreError

__all__ = ["damaged", "store_errors"]

_BUSY = "another program keeps it busy; close that program or try again in a moment"

# Part of the driver's message → its meaning and the remedy; the first match is used.
_MEANINGS = (
    ("readonly", "it may only be read; allow writing to the file and its folder, or set GAITLAB_DATA_DIR"),
    ("disk is full", "the disk is full; free some space and try again"),
    ("locked", _BUSY),
    ("not a database", "it is not a GaitLab database; move the file away, or use `gaitlab db restore FILE`"),
    ("malformed", "the database is damaged; restore a copy with `gaitlab db restore FILE`"),
    ("unable to open", "it cannot be opened; check that the folder exists and may be written, or set GAITLAB_DATA_DIR"),
    (
        "no module named",
        "the driver for this kind of database is not installed; install it or unset GAITLAB_DATABASE_URL",
    ),
    (
        "parse sqlalchemy url",
        "GAITLAB_DATABASE_URL: expected something like sqlite:////folder/file.db; correct or unset it",
    ),
    ("load plugin", "this kind of database is not known; correct or unset GAITLAB_DATABASE_URL"),
)

_DISK_MEANINGS = {
    errno.ENOSPC: "the disk is full; free some space and try again",
    errno.EROFS: "the disk may only be read; set GAITLAB_DATA_DIR to a folder that may be written",
    errno.EACCES: "access is denied; change the permissions or set GAITLAB_DATA_DIR",
    errno.ENOENT: "there is no such file; check the path",
}


def _database_meaning(error: Exception) -> str:
    cause = error.orig if isinstance(error, StatementError) and error.orig else error
    text = " ".join(str(cause).split())
    return next((meaning for piece, meaning in _MEANINGS if piece in text.lower()), text)


def _disk_meaning(error: OSError) -> str:
    return _DISK_MEANINGS.get(error.errno or 0, (error.strerror or str(error)).lower())


def damaged(error: Exception) -> str:
    """Return a message that stored data is damaged, with the remedy."""
    return f"damaged ({' '.join(str(error).split())}); restore a copy with `gaitlab db restore FILE`"


@contextmanager
def store_errors(place: str) -> Iterator[None]:
    """Turn errors of SQLAlchemy, SQLite, Alembic and the operating system into StoreError (or StoreBusyError).

    A ValueError becomes a StoreError, too: a stored value, such as a date or JSON, could not be read.

    Parameters
    ----------
    place : str
        Name of the database in the message: its file, or its address without the password.
    """
    try:
        yield
    except OSError as error:
        raise StoreError(f"{error.filename or place}: {_disk_meaning(error)}") from error
    except (SQLAlchemyError, sqlite3.Error, CommandError, ModuleNotFoundError) as error:
        meaning = _database_meaning(error)
        kind = StoreBusyError if meaning == _BUSY else StoreError
        raise kind(f"{place}: {meaning}") from error
    except ValueError as error:
        raise StoreError(f"{place}: a row is {damaged(error)}") from error
