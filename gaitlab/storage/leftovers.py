"""What restoring set aside, and what a program that died left behind."""

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

#: How the archive is called that keeps what another archive took the place of.
BEFORE_PREFIX: Final = "gaitlab-before-"
# A program of before there was a work folder locked nothing; while it works it writes all the time (ours).
_GIVEN_UP_AFTER_S: Final = 600.0


def set_aside_files(url: URL) -> list[Path]:
    """Return the databases that restoring a file set aside, and whatever belongs to them."""
    return _beside_database(url, ".before-*")


def older_archives() -> list[Path]:
    """Return the archives that hold what restoring an archive took the place of."""
    return list(data_dir().glob(f"{BEFORE_PREFIX}*.zip"))


def kept_for_older_copies(url: URL) -> set[MediaKey] | None:
    """Return the files that databases set aside refer to, without which they would be worth less.

    Returns
    -------
    set of MediaKey or None
        None where one of them cannot be read: then nobody knows.
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
    """Remove what programs that died left in the work folder, and older versions beside the database.

    Returns
    -------
    tuple of Path
        What stays, as another program is at work on it or it cannot be removed.
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
