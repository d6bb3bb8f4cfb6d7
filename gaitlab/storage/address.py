"""Addresses: the database, and the folder of its media files."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url

from gaitlab.errors import StoreError
from gaitlab.extras import need_extra
from gaitlab.paths import data_dir
from gaitlab.storage.faults import store_errors
from gaitlab.storage.media import MediaFolder

__all__ = ["database_place", "database_url", "is_one_file", "media_folder", "sqlite_file"]

_FILE_NAME: Final = "gaitlab.db"
_BACKENDS: Final = ("sqlite", "postgresql")


def database_url(url: str | None = None) -> URL:
    """Return the database's address: `url`, else ``GAITLAB_DATABASE_URL``, else an SQLite file in the data folder.

    Raises
    ------
    StoreError
        If it is not an address of an SQLite file or of PostgreSQL.
    MissingExtraError
        If the driver for PostgreSQL is not installed.
    """
    text = url or os.environ.get("GAITLAB_DATABASE_URL")
    if not text:
        return URL.create("sqlite", database=str(data_dir() / _FILE_NAME))
    with store_errors("database"):
        address = make_url(text)
    name = address.get_backend_name()
    if name not in _BACKENDS:
        raise StoreError(f"database: expected an address of {' or '.join(_BACKENDS)}, got {name}; change it")
    if address.drivername == "postgresql":
        need_extra("postgresql", "a database of PostgreSQL")
        address = address.set(drivername="postgresql+psycopg")
    if name == "sqlite" and address.database in (None, "", ":memory:"):
        raise StoreError("database: expected an SQLite file, got a database in memory; name a file in the address")
    return address


def media_folder(url: URL) -> MediaFolder:
    """Return the folder of a database's media: beside it, and never shared with another database."""
    if url.get_backend_name() != "sqlite":
        digest = hashlib.sha256(f"{url.host}:{url.port}/{url.database}".encode()).hexdigest()
        return MediaFolder(data_dir() / f"media-{digest[:12]}")
    path = sqlite_file(url)
    return MediaFolder(path.with_name("media" if path.name == _FILE_NAME else f"{path.name}-media"))


def database_place(url: URL) -> str:
    """Return the name of the database in messages: its file, or its address without the password."""
    return str(sqlite_file(url)) if url.get_backend_name() == "sqlite" else url.render_as_string()


def sqlite_file(url: URL) -> Path:
    """Return the file of an SQLite database; StoreError for any other."""
    if url.get_backend_name() != "sqlite" or url.database is None:
        raise StoreError(f"{url.render_as_string()}: expected an SQLite file; use the tools of that database instead")
    return Path(url.database.removeprefix("file:"))


def is_one_file(url: str | None = None) -> bool:
    """Return whether the database is a file, which `backup` and `restore` copy."""
    return database_url(url).get_backend_name() == "sqlite"
