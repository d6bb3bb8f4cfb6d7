"""The private folder for unfinished files; when a program died, the next start empties it.

Every unfinished file lies in a subfolder of `paths.work_dir`. Beside each subfolder lies its note, a file that the
program locks while it works there. The system releases the lock however the program ends, so a note that can be locked
means that no program works there any more. A file for another disk than the data folder's lies in a hidden folder on
that disk, and the note names this folder.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from gaitlab.paths import private_folder, work_dir

__all__ = ["WorkFolder", "appearing", "held_by_nobody", "sweep", "sync_folder", "take_lock", "work_folder"]

_NOTE: Final = ".lock"
_HIDDEN: Final = ".gaitlab-"
# Where the disk knows no locks, such as some network disks, work counts as given up after a day (ours).
_GIVEN_UP_AFTER_S: Final = 24 * 3600.0
_BEYOND_THE_END: Final = 1 << 30  # Windows lets nobody else read the bytes that are locked


class WorkFolder:
    """A private, empty folder for one piece of work, until `remove`; no sweep of another program removes it before.

    Attributes
    ----------
    path : Path

    Parameters
    ----------
    root : Path, optional
        Where it lies; default: `paths.work_dir`, which every start sweeps.

    Raises
    ------
    OSError
        If it cannot be made.
    """

    def __init__(self, root: Path | None = None) -> None:
        root = root or work_dir()
        private_folder(root.parent)
        private_folder(root)
        while True:
            self.path = root / uuid.uuid4().hex
            self._note = self.path.with_suffix(_NOTE)
            self._lock = open(self._note, "x+b", buffering=0, opener=_private)  # noqa: SIM115  (open while it works)
            if take_lock(self._lock) is not False and self._note.exists():
                break
            self._lock.close()  # swept away before it was locked
        self.path.mkdir(mode=0o700)

    def beside(self, dest: Path) -> Path:
        """Make an empty folder on the disk of `dest`, which `remove` and a sweep remove together with this one.

        It lies in this folder where both are on one disk, else hidden beside `dest`.

        Raises
        ------
        OSError
            If nothing can be written beside `dest`.
        """
        parent = dest.absolute().parent
        hidden = parent / f"{_HIDDEN}{self.path.name}"
        inside = self.path / "beside"
        with _told_as(dest):
            self._lock.write(f"{parent.stat().st_dev}\n{hidden}".encode(errors="surrogateescape"))
            os.fsync(self._lock.fileno())  # before there is anything to be found
            hidden.mkdir(mode=0o700)
        try:
            os.rename(hidden, inside)
        except OSError:  # another disk
            return hidden
        self._lock.truncate(0)
        return inside

    def leave(self) -> None:
        """Give up the folder, but keep what is in it; an empty one is removed."""
        with suppress(OSError):
            self.path.rmdir()
        if self.path.exists():
            self._lock.close()
        else:
            self.remove()

    def remove(self) -> None:
        """Remove the folder with its content; a later sweep removes files that cannot be removed now."""
        _clear(self._note, self._lock)


@contextmanager
def work_folder() -> Iterator[Path]:
    """Give a private, empty folder that is removed after the block, or at the next start.

    Raises
    ------
    OSError
        If it cannot be made.
    """
    folder = WorkFolder()
    try:
        yield folder.path
    finally:
        folder.remove()


@contextmanager
def appearing(dest: Path) -> Iterator[Path]:
    """Give a path to write to; after the block the complete file replaces `dest` at once, or nothing does.

    The path has the name of `dest`. A half-written file beside `dest` stays no longer than to the next start, however
    the program ends.

    Raises
    ------
    OSError
        If nothing can be written beside `dest`.
    """
    with _place_beside(dest) as folder:
        path = folder / dest.name
        yield path
        with _told_as(dest):
            with path.open("rb+") as file:
                os.fsync(file.fileno())
            os.replace(path, dest)
            sync_folder(dest.absolute().parent)


def sweep() -> tuple[Path, ...]:
    """Remove the unfinished files of programs that died.

    Returns
    -------
    tuple of Path
        The folders that stay: another program is at work there, or they cannot be removed, or their disk is not there.
    """
    stays: list[Path] = []
    with suppress(FileNotFoundError):
        for entry in sorted(work_dir().iterdir()):
            if entry.suffix == _NOTE:
                stays += _swept(entry)
            elif not entry.with_suffix(_NOTE).exists():  # never so while a program works there
                shutil.rmtree(entry, ignore_errors=True)
    return tuple(stays)


@contextmanager
def held_by_nobody(note: Path) -> Iterator[Path | None]:
    """Give the folder of a note, locked for the block; None while the program that made it lives, or if it is gone."""
    try:
        file = note.open("r+b", buffering=0)
    except OSError:
        yield None
        return
    with file:
        is_mine = take_lock(file)
        is_old = is_mine is None and time.time() - note.stat().st_mtime > _GIVEN_UP_AFTER_S
        yield note.with_suffix("") if (is_mine or is_old) and note.exists() else None


def sync_folder(folder: Path) -> None:
    """Write the names in a folder to the disk, where the system can."""
    with suppress(OSError):  # Windows opens no folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def take_lock(file: IO[bytes]) -> bool | None:
    """Take a file for this program until it is closed; False if another has it, None if the disk knows no locks."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415

            file.seek(_BEYOND_THE_END)
            try:
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            finally:
                file.seek(0)
        else:
            import fcntl  # noqa: PLC0415

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return False if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK) else None
    return True


@contextmanager
def _place_beside(dest: Path) -> Iterator[Path]:
    work: WorkFolder | None = None
    with suppress(OSError):  # without a data folder that can be written to there is no place for a note, nor a store
        work = WorkFolder()
    if work is None:
        with _told_as(dest):
            hidden = tempfile.TemporaryDirectory(dir=dest.absolute().parent, prefix=_HIDDEN, ignore_cleanup_errors=True)
        with hidden as name:
            yield Path(name)
        return
    try:
        yield work.beside(dest)
    finally:
        work.remove()


@contextmanager
def _told_as(dest: Path) -> Iterator[None]:
    """Make an error name the file that the user named."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(dest)) from error


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _swept(note: Path) -> list[Path]:
    """Remove the folders of a note unless a program works there, and return the folders that stay."""
    try:
        file = note.open("r+b", buffering=0)
        with file:
            is_mine = take_lock(file)
            is_old = time.time() - note.stat().st_mtime > _GIVEN_UP_AFTER_S
            if is_mine or (is_mine is None and is_old):
                return _clear(note, file)
            return [note.with_suffix(""), *(hidden for hidden, _ in _named(note, file) if hidden.exists())]
    except FileNotFoundError:  # its program has just finished
        return []
    except OSError:
        return [note.with_suffix("")]


def _clear(note: Path, lock: IO[bytes]) -> list[Path]:
    """Remove the folders of a note, then the note, and return the folders that stay; the next sweep resumes it."""
    with lock:
        own = note.with_suffix("")
        shutil.rmtree(own, ignore_errors=True)
        stays = [own] if own.exists() else []
        stays += [hidden for hidden, device in _named(note, lock) if not _is_gone(hidden, device)]
        if not stays and sys.platform != "win32":
            note.unlink(missing_ok=True)  # still locked: whoever opens it later finds it gone
    if not stays:
        with suppress(OSError):
            note.unlink(missing_ok=True)  # Windows removes no open file
    return stays


def _named(note: Path, file: IO[bytes]) -> list[tuple[Path, int]]:
    """Return the folder that a note names, if any, and its device."""
    try:
        file.seek(0)
        device, _, place = file.read().decode(errors="surrogateescape").partition("\n")
        hidden = Path(place)
        return [(hidden, int(device))] if hidden.name == f"{_HIDDEN}{note.stem}" else []
    except (OSError, ValueError):  # nothing in it, or cut short before there was anything to name
        return []


def _is_gone(hidden: Path, device: int) -> bool:
    """Remove a folder and return whether it is gone; False where its disk is not there at the moment."""
    was_there = hidden.exists()
    shutil.rmtree(hidden, ignore_errors=True)
    try:
        return not hidden.exists() and (was_there or hidden.parent.stat().st_dev == device)
    except OSError:
        return False
