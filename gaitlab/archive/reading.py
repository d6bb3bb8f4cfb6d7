"""Reading people out of a zip file that `writing` wrote."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from gaitlab.archive.codec import from_plain
from gaitlab.archive.layout import ARRAYS, FORMAT, HEADER_FIELDS, MANIFEST, MEDIA_SUFFIX, VERSION, session_folder
from gaitlab.errors import StoreError
from gaitlab.storage import Goal, Person, PersonData, SessionHeader, StoredSession, header_of, unpack_arrays
from gaitlab.types import Analysis

__all__ = ["read_archive"]

_DAMAGE = (KeyError, TypeError, ValueError, AttributeError, EOFError, zipfile.BadZipFile, zlib.error)


@contextmanager
def read_archive(path: Path, *, as_name: str | None = None) -> Iterator[list[PersonData]]:
    """Open an archive and give its people; their sessions are read one by one while somebody iterates over them.

    Parameters
    ----------
    path : Path
    as_name : str, optional
        Another name for the one person in it.

    Raises
    ------
    StoreError
        If it is no archive of GaitLab, was written by a newer one or is damaged; this may show only in the middle.
    """
    if not path.is_file():
        raise StoreError(f"{path}: expected an archive of GaitLab, got no file; check the path")
    try:
        with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory(prefix="gaitlab-") as folder:
            people = [
                _person(archive, number, entry, Path(folder)) for number, entry in enumerate(_manifest(path, archive))
            ]
            yield _renamed(people, as_name)
    except _DAMAGE as error:
        raise StoreError(
            f"{path}: expected an archive of GaitLab, got something else or a damaged one ({error})"
        ) from error


def _manifest(path: Path, archive: zipfile.ZipFile) -> list[dict[str, Any]]:
    manifest = json.loads(archive.read(MANIFEST))
    if manifest["format"] != FORMAT:
        raise ValueError(f"format {manifest['format']!r}")
    if manifest["version"] > VERSION:
        raise StoreError(f"{path}: written by a newer GaitLab ({manifest['gaitlab']}); update the program")
    people: list[dict[str, Any]] = manifest["people"]
    return people


def _renamed(people: list[PersonData], name: str | None) -> list[PersonData]:
    if name is None:
        return people
    if len(people) != 1:
        raise StoreError(f"expected an archive of one person to give another name to, got one of {len(people)} people")
    return [replace(people[0], person=replace(people[0].person, name=name))]


def _person(archive: zipfile.ZipFile, number: int, entry: dict[str, Any], folder: Path) -> PersonData:
    person: Person = from_plain(Person, entry["person"])
    return PersonData(
        person=person,
        goals=tuple(from_plain(Goal, goal) for goal in entry["goals"]),
        sessions=(
            _session(archive, session_folder(number, one), one, person.name, folder) for one in entry["sessions"]
        ),
        owner=entry["owner"],
    )


def _session(archive: zipfile.ZipFile, folder: str, entry: dict[str, Any], person: str, work: Path) -> StoredSession:
    values = json.loads(archive.read(f"{folder}/session.json"))
    raw, track, angles = unpack_arrays(archive.read(f"{folder}/{ARRAYS}"))
    analysis: Analysis = from_plain(Analysis, values, track_raw=raw, track=track, angles=angles)
    tags = tuple(str(tag) for tag in entry["tags"])
    told = from_plain(SessionHeader, {name: entry[name] for name in HEADER_FIELDS}, **header_of(analysis, person, tags))
    media = {str(kind): _extracted(archive, folder, name, work) for kind, name in entry["media"].items()}
    return StoredSession(header=told, analysis=analysis, media=media, remark=str(entry["remark"]), tags=tags)


def _extracted(archive: zipfile.ZipFile, folder: str, name: str, work: Path) -> Path:
    """Write a kept file into the work folder, over the one before: no name from the archive decides where."""
    suffix = Path(name).suffix
    target = work / f"{Path(name).stem if Path(name).stem.isalnum() else 'file'}{suffix}"
    if not re.fullmatch(MEDIA_SUFFIX, suffix or ".x"):
        raise ValueError(f"file name {name!r}")
    with archive.open(f"{folder}/{name}") as source, target.open("wb") as dest:
        shutil.copyfileobj(source, dest)
    return target
