"""Writing people and all their data into one zip file."""

from __future__ import annotations

import csv
import io
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from gaitlab import __version__
from gaitlab.archive.codec import to_plain
from gaitlab.archive.layout import ARRAYS, FORMAT, HEADER_FIELDS, MANIFEST, NOT_IN_JSON, VERSION, session_folder
from gaitlab.errors import NotFoundError, StoreError
from gaitlab.reports.report_json import METRIC_COLUMNS, metric_rows, to_json
from gaitlab.storage import SessionFilter, SessionStore, StoredSession, pack_arrays
from gaitlab.workspace import appearing

__all__ = ["write_archive"]

_EVERY: Final = SessionFilter(with_replaced=True)
_README: Final = """Everything that GaitLab keeps of the people named in gaitlab.json.

gaitlab.json              people, goals, programmes, and which sessions belong to whom
people/N/metrics.csv      the numbers of all sessions of a person
.../sessions/ID/report.json   the report, as `gaitlab show ID --json -` writes it
.../sessions/ID/session.json  the same without rounding, for `gaitlab person import`
.../sessions/ID/track.npz     keypoints (raw and smoothed, pixels) and joint angles (degrees) over time, for numpy.load
.../sessions/ID/overlay.mp4   kept files, where there are any
"""


def write_archive(dest: Path, stores: Iterable[tuple[str | None, SessionStore]], *, person: str | None = None) -> None:
    """Write all people of these stores, or the one of that name, with sessions and kept files into a new zip file.

    The stores may be in use: a session deleted meanwhile is left out; every other one is written as a whole.

    Parameters
    ----------
    dest : Path
    stores : iterable of (owner or None, SessionStore)
    person : str, optional

    Raises
    ------
    StoreError
        If `dest` exists or cannot be written, a store cannot be read, or a person was renamed or erased meanwhile:
        sessions are found by name, so the file would lack theirs.
    NotFoundError
        If there is nobody of that name.
    """
    with _new_zip(dest) as archive:
        people: list[dict[str, Any]] = []
        for owner, store in stores:
            for one in store.people() if person is None else (store.person(person),):
                entry = {"owner": owner, "person": to_plain(one), "goals": to_plain(store.goals(one.name))}
                entry["programme"] = to_plain(store.programme(one.name))
                entry["sessions"] = _write_sessions(archive, len(people), store, one.name)
                if one.name not in {still.name for still in store.people() if still.id == one.id}:
                    raise StoreError(f"{one.name}: was renamed or erased while the file was written; write it again")
                people.append(entry)
        manifest = {"format": FORMAT, "version": VERSION, "gaitlab": __version__, "people": people}
        archive.writestr(MANIFEST, _json(manifest))
        archive.writestr("README.txt", _README)


def _write_sessions(archive: zipfile.ZipFile, number: int, store: SessionStore, person: str) -> list[dict[str, Any]]:
    """Write the sessions of one person, oldest first, and return their entries for the manifest."""
    entries = []
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(("session", "recorded_at", "kind", *METRIC_COLUMNS))
    for header in reversed(store.sessions(person=person, where=_EVERY)):
        try:
            stored = store.get(header.id)
        except NotFoundError:  # deleted since it was listed
            continue
        entries.append(_write_session(archive, session_folder(number, header.id), stored))
        when = (header.id, header.recorded_at.isoformat(), header.kind)
        rows.writerows((*when, *row) for row in metric_rows(stored.analysis))
    archive.writestr(f"people/{number + 1}/metrics.csv", table.getvalue())
    return entries


def _write_session(archive: zipfile.ZipFile, folder: str, stored: StoredSession) -> dict[str, Any]:
    analysis, header = stored.analysis, to_plain(stored.header)
    archive.writestr(f"{folder}/session.json", _json(to_plain(analysis, without=NOT_IN_JSON)))
    archive.writestr(f"{folder}/report.json", _json(to_json(analysis, session_id=stored.header.id)))
    archive.writestr(f"{folder}/{ARRAYS}", pack_arrays(analysis), compress_type=zipfile.ZIP_STORED)
    media = {}
    for kind, path in stored.media.items():
        media[kind] = f"{kind}{path.suffix}"
        archive.write(path, f"{folder}/{media[kind]}", compress_type=zipfile.ZIP_STORED)
    told = {name: header[name] for name in HEADER_FIELDS}
    return {**told, "remark": stored.remark, "tags": list(stored.tags), "media": media}


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False)


@contextmanager
def _new_zip(dest: Path) -> Iterator[zipfile.ZipFile]:
    """Open a new zip file that gets its name when it is complete and that only its owner can read."""
    if dest.exists():
        raise StoreError(f"{dest}: expected a new file, got one that exists; choose another name")
    try:
        with appearing(dest) as path:
            opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
            with os.fdopen(opened, "w+b") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                yield archive
    except OSError as error:
        raise StoreError(
            f"{dest}: it cannot be written ({error.strerror}); choose another file or free space"
        ) from error
