"""Files that restoring set aside, and leftovers of crashed programs."""

from __future__ import annotations

import glob
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from gaitlab.paths import data_dir
from gaitlab.storage.address import sqlite_file
from gaitlab.storage.media import MediaKey
from gaitlab.workspace import sweep

__all__ = ["BEFORE_PREFIX", "kept_for_older_copies", "older_archives", "set_aside_files", "sweep_everything"]

#: Prefix of the archive that keeps the data replaced by restoring an archive.
BEFORE_PREFIX: Final = "gaitlab-before-"
# Versions without a work folder locked no file; while such a program works, it writes all the time (ours).
_GIVEN_UP_AFTER_S: Final = 600.0


def set_aside_files(url: URL) -> list[Path]:
    """Return the databases that restoring a file set aside, with their side files."""
    return _beside_database(url, ".before-*")


def older_archives() -> list[Path]:
    """Return the archives that keep the data replaced by restoring an archive."""
    return list(data_dir().glob(f"{BEFORE_PREFIX}*.zip"))


def kept_for_older_copies(url: URL) -> set[MediaKey] | None:
    """Return the media files that databases set aside refer to, and that should be kept with them.

    Returns
    -------
    set of MediaKey or None
        None if one of the databases cannot be read, so that its files are unknown.
    """
    found: set[MediaKey] = set()
    for path in set_aside_files(url):
        try:
            with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as reader:
                found |= {MediaKey(*row) for row in reader.execute("SELECT sha256, suffix FROM media")}
        except sqlite3.Error:
            return None
    return found


def sweep_everything(url: URL) -> tuple[Path, ...]:
    """Remove leftovers of crashed programs in the work folder, and those of older versions beside the database.

    Returns
    -------
    tuple of Path
        Files that remain: another program is using them, or they cannot be removed.
    """
    return (*sweep(), *_swept_of_older_versions(url))


def _swept_of_older_versions(url: URL) -> Iterator[Path]:
    for path in (*_beside_database(url, ".new-*"), *data_dir().glob(f"{BEFORE_PREFIX}*.zip.part")):
        with suppress(OSError):
            newest_s = max(one.stat().st_mtime for one in (path, *path.glob("*")))
            if time.time() - newest_s > _GIVEN_UP_AFTER_S:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        if path.exists():
            yield path


def _beside_database(url: URL, ending: str) -> list[Path]:
    if url.get_backend_name() != "sqlite":
        return []
    path = sqlite_file(url)
    return list(path.parent.glob(f"{glob.escape(path.name)}{ending}"))
