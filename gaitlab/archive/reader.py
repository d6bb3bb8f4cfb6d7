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
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from gaitlab.archive.codec import bounded_text, from_plain
from gaitlab.archive.layout import ARRAYS, FORMAT, HEADER_FIELDS, MANIFEST, MEDIA_SUFFIX, VERSION, session_folder
from gaitlab.archive.older import modernised
from gaitlab.errors import StoreError, UsageError
from gaitlab.limits import (
    ARCHIVE_ARRAYS_MAX_BYTES,
    ARCHIVE_MAX_BYTES,
    ARCHIVE_MEDIA_MAX_BYTES,
    ARCHIVE_MEMBERS_MAX,
    ARCHIVE_RATIO_MAX,
    ARCHIVE_TEXT_MAX_BYTES,
    COORDINATE_MAX,
    REMARK_MAX_CHARS,
)
from gaitlab.records import Analysis, FloatArray
from gaitlab.settings import AnalysisSettings
from gaitlab.storage import (
    Goal,
    Person,
    PersonData,
    ProgrammeItem,
    SessionHeader,
    StoredSession,
    header_of,
    unpack_arrays,
)
from gaitlab.workspace import work_folder

__all__ = ["read_archive"]

# Errors that zipfile, json, numpy and the database driver raise for wrong or damaged content. RuntimeError: a password,
# a compression that zipfile does not know, nesting too deep. OverflowError, MemoryError: absurd numbers.
_DAMAGE: Final = (
    *(LookupError, TypeError, ValueError, AttributeError, EOFError, OSError, RuntimeError, OverflowError, MemoryError),
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError),
)

_KIND: Final = re.compile(r"[a-z_]{1,32}")
_SMALL_BYTES: Final = 1 << 20


@contextmanager
def read_archive(path: Path, *, as_name: str | None = None) -> Iterator[list[PersonData]]:
    """Open an archive and yield its people; their sessions are read one by one during iteration.

    Kept files are unpacked before, as that may take minutes and the database is locked during iteration; they are the
    store's to take.

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
    with _damage_told(path), zipfile.ZipFile(path) as archive, work_folder() as folder:
        _check_members(archive.infolist())
        manifest = _manifest(path, archive)
        opened = _Opened(path, archive, manifest["version"], folder)
        _unpack_media(opened, manifest["people"])
        people = [_person(opened, number, entry) for number, entry in enumerate(manifest["people"])]
        yield _renamed(people, as_name)


@contextmanager
def _damage_told(path: Path) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        why = " ".join(str(error).split()) or type(error).__name__
        raise StoreError(
            f"{path}: expected an archive of GaitLab, got something else or a damaged one ({why}); export it again"
        ) from error


@dataclass(frozen=True, slots=True)
class _Opened:
    """An archive with its path, its version, and the folder that kept files are extracted to."""

    path: Path
    archive: zipfile.ZipFile
    version: int
    folder: Path


def _manifest(path: Path, archive: zipfile.ZipFile) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(_read(archive, MANIFEST, ARCHIVE_TEXT_MAX_BYTES))
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
    remark = bounded_text(str(entry["person"].get("remark", "")), n_max=REMARK_MAX_CHARS)
    person: Person = from_plain(Person, {**entry["person"], "remark": ""}, remark=remark)
    return PersonData(
        person=person,
        goals=from_plain(tuple[Goal, ...], entry["goals"]),
        programme=from_plain(tuple[ProgrammeItem, ...], entry.get("programme", ())),
        sessions=(_session(opened, session_folder(number, one), one, person.name) for one in entry["sessions"]),
        owner=entry["owner"],
        given_away=tuple(path for _, path in _kept(opened, number, entry)),
    )


def _session(opened: _Opened, folder: str, entry: dict[str, Any], person: str) -> StoredSession:
    with _damage_told(opened.path):  # here, where the store reads it, an error would seem to be of the database
        return _session_in(opened, folder, entry, person)


def _session_in(opened: _Opened, folder: str, entry: dict[str, Any], person: str) -> StoredSession:
    archive = opened.archive
    values = json.loads(_read(archive, f"{folder}/session.json", ARCHIVE_TEXT_MAX_BYTES))
    packed = _read(archive, f"{folder}/{ARRAYS}", ARCHIVE_ARRAYS_MAX_BYTES)
    with zipfile.ZipFile(io.BytesIO(packed)) as arrays:  # compressed twice: .npz is a zip file, too
        _check_size(arrays.infolist(), ARCHIVE_ARRAYS_MAX_BYTES)
    raw, track, angles = unpack_arrays(packed)
    feet = (one.feet.xy_px for one in (raw, track) if one.feet is not None)
    _check_arrays(raw.xy_px, track.xy_px, *feet, angles.deg)
    values = modernised(values, version=opened.version)
    analysis: Analysis = from_plain(Analysis, values, track_raw=raw, track=track, angles=angles)
    with suppress(UsageError):  # a value out of range does no harm, one of another type would
        AnalysisSettings.from_json(analysis.provenance.settings)
    tags = from_plain(tuple[str, ...], entry["tags"])
    remark = bounded_text(str(entry["remark"]), n_max=REMARK_MAX_CHARS)
    given = {**header_of(analysis, person, tags), "remark": remark}
    told = from_plain(SessionHeader, {name: entry[name] for name in HEADER_FIELDS}, **given)
    media = {kind: _unpacked_as(opened, folder, kind, name) for kind, name in entry["media"].items()}
    return StoredSession(header=told, analysis=analysis, media=media, remark=remark, tags=tags)


def _check_arrays(*arrays: FloatArray) -> None:
    """Refuse coordinates and angles so large that sums of them are none."""
    for one in arrays:
        if (np.abs(one) > COORDINATE_MAX).any():
            raise ValueError(f"coordinates or angles of more than {COORDINATE_MAX:g}")


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive that would fill the disk."""
    n_bytes = sum(one.file_size for one in members)
    if len(members) > ARCHIVE_MEMBERS_MAX or n_bytes > ARCHIVE_MAX_BYTES:
        raise ValueError(
            f"{len(members)} files of {n_bytes} bytes, at most {ARCHIVE_MEMBERS_MAX} of {ARCHIVE_MAX_BYTES} are read"
        )


def _unpack_media(opened: _Opened, people: list[dict[str, Any]]) -> None:
    for number, entry in enumerate(people):
        for name, path in _kept(opened, number, entry):
            _extract(opened.archive, name, path)


def _kept(opened: _Opened, number: int, entry: dict[str, Any]) -> Iterator[tuple[str, Path]]:
    """Yield the kept files of a person: the name in the archive, and where it is unpacked."""
    for one in entry["sessions"]:
        folder = session_folder(number, one)
        for kind, name in one["media"].items():
            yield f"{folder}/{name}", _unpacked_as(opened, folder, kind, name)


def _unpacked_as(opened: _Opened, folder: str, kind: str, name: str) -> Path:
    """Return where a kept file is unpacked; names in the archive do not choose the path."""
    suffix = Path(name).suffix
    if not re.fullmatch(MEDIA_SUFFIX, suffix or ".x") or not _KIND.fullmatch(kind):
        raise ValueError(f"file name {name!r} of kind {kind!r}")
    return opened.folder / f"{folder.replace('/', '-')}-{kind}{suffix}"


def _read(archive: zipfile.ZipFile, name: str, max_bytes: int) -> bytes:
    """Return the content of a member; zipfile unpacks at most the size that the member states."""
    _check_size([archive.getinfo(name)], max_bytes)
    return archive.read(name)


def _check_size(members: list[zipfile.ZipInfo], max_bytes: int) -> None:
    if (size := sum(one.file_size for one in members)) > max_bytes:
        raise ValueError(f"{members[0].filename} unpacks to {size} bytes, at most {max_bytes} are read")


def _extract(archive: zipfile.ZipFile, name: str, target: Path) -> None:
    """Unpack a kept file; a film cannot be packed much further, so one that was is none."""
    member = archive.getinfo(name)
    _check_size([member], min(ARCHIVE_MEDIA_MAX_BYTES, _SMALL_BYTES + ARCHIVE_RATIO_MAX * member.compress_size))
    with archive.open(member) as source, target.open("wb") as dest:
        shutil.copyfileobj(source, dest)
