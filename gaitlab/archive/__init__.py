"""Archives: one zip file with people and all their data, for moving, backup and restoring.

Its `gaitlab.json` lists the people; each session lies in a folder with its report (JSON), its exact values, its
keypoints and angles (.npz) and its kept files; each person has a table of all numbers (CSV).
"""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from gaitlab.archive.reader import read_archive
from gaitlab.archive.writer import write_archive
from gaitlab.paths import data_dir, private_folder
from gaitlab.storage import (
    BEFORE_PREFIX,
    SessionStore,
    StoreCheck,
    backup,
    check_store,
    is_one_file,
    open_store,
    restore,
)
from gaitlab.workspace import work_folder

__all__ = ["back_up", "bring_back", "export_person", "import_people", "rehearse"]


def export_person(store: SessionStore, name: str, dest: Path) -> None:
    """Write all data of one person into a new zip file.

    Raises
    ------
    NotFoundError, StoreError
        If there is nobody of that name, or the file exists or cannot be written.
    """
    store.note("exported", person=store.person(name).id)
    write_archive(dest, [(None, store)], person=name)


def import_people(store: SessionStore, src: Path, *, as_name: str | None = None) -> tuple[str, ...]:
    """Import everybody in an archive, or nobody on failure, and return their names.

    Raises
    ------
    UsageError
        If there is already a person of the same name; `as_name` gives the imported person another name.
    StoreError
        If it is not a valid archive of GaitLab.
    """
    with read_archive(src, as_name=as_name) as people:
        store.add_people(people)
        return tuple(one.person.name for one in people)


def back_up(dest: Path, *, url: str | None = None, by: str | None = None) -> None:
    """Back everything up to one new file; the program may be running.

    An SQLite database is copied as such, without kept files; with a name that ends in ".zip", and from any other
    database, it becomes an archive with kept files, which can be brought back into any kind of database.
    `by` is who asks, where people sign in.

    Raises
    ------
    StoreError
        If `dest` exists or cannot be written, or there is nothing to copy.
    """
    if is_one_file(url) and dest.suffix != ".zip":
        backup(dest, url=url)
        with closing(open_store(url, by=by)) as store:
            store.note("exported")
        return
    store = open_store(url, by=by)
    try:
        store.note("exported")
        _write_everything(store, dest)
    finally:
        store.close()


def rehearse(src: Path) -> StoreCheck:
    """Restore a backup into a temporary store and check that, as `check_store` does; nothing of it remains.

    It needs as much free space in the data folder as what is in the backup.

    Raises
    ------
    StoreError
        If it cannot be restored.
    """
    with work_folder() as folder:
        url = f"sqlite:///{folder / 'rehearsal.db'}"
        bring_back(src, url=url)
        return check_store(url, with_files=src.suffix == ".zip")


def bring_back(src: Path, *, url: str | None = None, by: str | None = None) -> Path | None:
    """Replace everything by a backup; the program may be running. `by` is who asks, where people sign in.

    Returns
    -------
    Path or None
        The database file or archive that keeps the data replaced; None if there was none.

    Raises
    ------
    StoreError
        If `src` is not a valid backup; then nothing is changed.
    """
    if src.suffix != ".zip":
        before = restore(src, url=url)
        with closing(open_store(url, by=by)) as store:
            store.note("restored")
        return before
    store = open_store(url, by=by)
    try:
        with read_archive(src) as people:
            before, state = None, store.state()
            if store.owners():
                before = private_folder(data_dir()) / f"{BEFORE_PREFIX}{datetime.now(UTC):%Y%m%dT%H%M%S%f}.zip"
                _write_everything(store, before)
            try:
                store.replace_everything(people, state=state)
            except BaseException:
                if before is not None:
                    before.unlink(missing_ok=True)
                raise
            return before
    finally:
        store.close()


def _write_everything(store: SessionStore, dest: Path) -> None:
    write_archive(dest, [(owner, store.for_owner(owner)) for owner in store.owners()])
