"""The media files of a database: one that no row refers to is removed, and never one that a row refers to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from gaitlab.storage.media import MediaFolder, MediaKey
from gaitlab.storage.queries import every_media_key, without_users

__all__ = ["KeptFiles"]


class KeptFiles:
    """The files in a folder, as the rows of its database have them.

    Parameters
    ----------
    folder : MediaFolder
    reading : sessionmaker
    writing : sessionmaker
        Of sessions that hold the database's write lock, as every placing of a file does.
    """

    def __init__(self, folder: MediaFolder, *, reading: sessionmaker[Session], writing: sessionmaker[Session]) -> None:
        self.folder = folder
        self._reading = reading
        self.writing = writing

    @contextmanager
    def removed_on_failure(self) -> Iterator[set[MediaKey]]:
        """Give a set for the keys of the files placed within; when the block fails, those without a row are removed."""
        placed: set[MediaKey] = set()
        try:
            yield placed
        except BaseException:
            with suppress(SQLAlchemyError, OSError):  # the error above is the one to tell
                self.remove_unused(placed)
            raise

    def remove_unused(self, keys: set[MediaKey]) -> None:
        """Remove those files that no row refers to, seen under the write lock that every placing holds, too."""
        if keys:
            with self.writing.begin() as session:
                for key in without_users(session, keys):
                    self.folder.remove(key)

    def remove_orphans(self, *, spared: set[MediaKey]) -> None:
        """Remove all files without a row but the spared ones."""
        with self._reading() as session:
            orphans = self.folder.keys() - every_media_key(session) - spared
        self.remove_unused(orphans)  # as good as always none: opening a store needs no write lock
