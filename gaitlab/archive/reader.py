"""Reading people from a zip file that `writer` wrote."""

from __future__ import annotations

import io
import json
import lzma
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from gaitlab.archive.codec import from_plain
from gaitlab.archive.layout import ARRAYS, FORMAT, HEADER_FIELDS, MANIFEST, MEDIA_SUFFIX, VERSION, session_folder
from gaitlab.archive.older import modernised
from gaitlab.errors import StoreError
from gaitlab.records import Analysis
from gaitlab.storage import Goal, Person, PersonData, SessionHeader, StoredSession, header_of, unpack_arrays
from gaitlab.workspace import work_folder

__all__ = ["read_archive"]

# Errors that zipfile, json, numpy and the database driver raise for wrong or damaged content. RuntimeError: a password,
# a compression that zipfile does not know, nesting too deep. OverflowError, MemoryError: absurd numbers.
_DAMAGE: Final = (
    *(LookupError, TypeError, ValueError, AttributeError, EOFError, OSError, RuntimeError, OverflowError, MemoryError),
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError),
)

# Largest content read into memory (ours): three hours at 30 fps are about 64 MB of text and 256 MB of arrays. A small
# zip file can unpack to any size.
_TEXT_MAX_BYTES: Final = 64 * 2**20
_ARRAYS_MAX_BYTES: Final = 256 * 2**20


@contextmanager
def read_archive(path: Path, *, as_name: str | None = None) -> Iterator[list[PersonData]]:
    """Open an archive and yield its people; their sessions are read one by one during iteration.

    Parameters
    ----------
    path : Path
    as_name : str, optional
        Another name for the one person in it.

    Raises
    ------
    StoreError
        If it is not an archive of GaitLab, was written by a newer version, or is damaged, also during iteration.
    """
    if not path.is_file():
        raise StoreError(f"{path}: expected an archive of GaitLab, got no file; check the path")
    try:
        with zipfile.ZipFile(path) as archive, work_folder() as folder:
            manifest = _manifest(path, archive)
            opened = _Opened(archive, manifest["version"], folder)
            people = [_person(opened, number, entry) for number, entry in enumerate(manifest["people"])]
            yield _renamed(people, as_name)
    except _DAMAGE as error:
        why = " ".join(str(error).split()) or type(error).__name__
        raise StoreError(
            f"{path}: expected an archive of GaitLab, got something else or a damaged one ({why}); export it again"
        ) from error


@dataclass(frozen=True, slots=True)
class _Opened:
    """An archive, its version, and the folder that kept files are extracted to."""

    archive: zipfile.ZipFile
    version: int
    folder: Path


def _manifest(path: Path, archive: zipfile.ZipFile) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(_read(archive, MANIFEST, _TEXT_MAX_BYTES))
    if manifest["format"] != FORMAT:
        raise ValueError(f"format {manifest['format']!r}")
    if manifest["version"] > VERSION:
        raise StoreError(f"{path}: written by a newer GaitLab ({manifest['gaitlab']}); update the program")
    return manifest


def _renamed(people: list[PersonData], name: str | None) -> list[PersonData]:
    if name is None:
        return people
    if len(people) != 1:
        raise StoreError(f"expected an archive of one person to give another name to, got one of {len(people)} people")
    return [replace(people[0], person=replace(people[0].person, name=name))]


def _person(opened: _Opened, number: int, entry: dict[str, Any]) -> PersonData:
    person: Person = from_plain(Person, entry["person"])
    return PersonData(
        person=person,
        goals=tuple(from_plain(Goal, goal) for goal in entry["goals"]),
        sessions=(_session(opened, session_folder(number, one), one, person.name) for one in entry["sessions"]),
        owner=entry["owner"],
    )


def _session(opened: _Opened, folder: str, entry: dict[str, Any], person: str) -> StoredSession:
    archive = opened.archive
    values = json.loads(_read(archive, f"{folder}/session.json", _TEXT_MAX_BYTES))
    packed = _read(archive, f"{folder}/{ARRAYS}", _ARRAYS_MAX_BYTES)
    with zipfile.ZipFile(io.BytesIO(packed)) as arrays:  # compressed twice: .npz is a zip file, too
        _check_size(arrays.infolist(), _ARRAYS_MAX_BYTES)
    raw, track, angles = unpack_arrays(packed)
    values = modernised(values, version=opened.version)
    analysis: Analysis = from_plain(Analysis, values, track_raw=raw, track=track, angles=angles)
    tags = tuple(str(tag) for tag in entry["tags"])
    told = from_plain(SessionHeader, {name: entry[name] for name in HEADER_FIELDS}, **header_of(analysis, person, tags))
    media = {str(kind): _extracted(archive, folder, name, opened.folder) for kind, name in entry["media"].items()}
    return StoredSession(header=told, analysis=analysis, media=media, remark=str(entry["remark"]), tags=tags)


def _read(archive: zipfile.ZipFile, name: str, max_bytes: int) -> bytes:
    """Return the content of a member; zipfile unpacks at most the size that the member states."""
    _check_size([archive.getinfo(name)], max_bytes)
    return archive.read(name)


def _check_size(members: list[zipfile.ZipInfo], max_bytes: int) -> None:
    if (size := sum(one.file_size for one in members)) > max_bytes:
        raise ValueError(f"{members[0].filename} unpacks to {size} bytes, at most {max_bytes} are read")


def _extracted(archive: zipfile.ZipFile, folder: str, name: str, work: Path) -> Path:
    """Extract a kept file to the work folder, over the previous one; names in the archive do not choose the path."""
    suffix = Path(name).suffix
    target = work / f"{Path(name).stem if Path(name).stem.isalnum() else 'file'}{suffix}"
    if not re.fullmatch(MEDIA_SUFFIX, suffix or ".x"):
        raise ValueError(f"file name {name!r}")
    with archive.open(f"{folder}/{name}") as source, target.open("wb") as dest:
        shutil.copyfileobj(source, dest)
    return target
