"""Kept videos in a folder where the name of a file is the hash of its content.

A file is added in two steps. It is copied under a temporary name, which may take long and needs no lock. Then it gets
its final name, which takes no time and is done while the database is locked for writing; so is every removal. A file
with a final name and without a row in the database is therefore always a leftover, never work in progress. A temporary
file is locked by the program that writes it; a temporary file without a lock shows that its program has died.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, NamedTuple

from gaitlab.paths import private_folder
from gaitlab.workspace import sync_folder, take_lock

__all__ = ["MediaFolder", "MediaKey", "StagedFile"]

_CHUNK_BYTES: Final = 1 << 20
_SUFFIX: Final = re.compile(r"\.[a-z0-9]{1,8}")
_TEMPORARY: Final = "incoming-"


class MediaKey(NamedTuple):
    """Identity of a kept file: SHA-256 of the content (hex) and suffix, for example ".mp4"."""

    sha256: str
    suffix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedFile:
    """A file under a temporary name; no program removes a copy in the media folder while its `lock` is open."""

    key: MediaKey
    n_bytes: int
    temporary: Path
    lock: IO[bytes] | None = None


class MediaFolder:
    """The media folder; it and its subfolders are created with the first file.

    Parameters
    ----------
    root : Path
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, key: MediaKey) -> Path:
        """Return the path of the file with that key, whether or not it exists."""
        return self.root / key.sha256[:2] / f"{key.sha256}{key.suffix}"

    @contextmanager
    def staged(
        self, media: Mapping[str, Path], *, ready: Mapping[Path, StagedFile] | None = None
    ) -> Iterator[dict[str, StagedFile]]:
        """Copy files in under temporary names; those not placed by the end of the block are removed.

        Files that `given` made ready need no copy.

        Raises
        ------
        OSError
            If a file cannot be read or copied; then no copy remains.
        """
        copies: dict[str, StagedFile] = {}
        try:
            for kind, source in media.items():
                copies[kind] = (ready or {}).get(source) or self._copy(source)
            yield copies
        finally:
            for copy in copies.values():
                copy.temporary.unlink(missing_ok=True)
                if copy.lock is not None:
                    copy.lock.close()

    def given(self, paths: Iterable[Path]) -> dict[Path, StagedFile]:
        """Return files that the caller gives away, hashed and ready to be placed, so that placing takes no time.

        Those on another disk than the media folder's, which cannot simply be moved, are left out.

        Raises
        ------
        OSError
            If a file cannot be read.
        """
        found = {}
        for path in paths:
            private_folder(self.root)
            if path.stat().st_dev != self.root.stat().st_dev:
                continue
            path.chmod(0o600)
            with path.open("r+b") as file:  # Windows writes nothing back for who may only read
                digest = hashlib.file_digest(file, "sha256")
                os.fsync(file.fileno())
            found[path] = StagedFile(key=_key(digest.hexdigest(), path), n_bytes=path.stat().st_size, temporary=path)
        return found

    def place(self, staged: StagedFile) -> None:
        """Give a staged file its final name; to be called with the database locked for writing."""
        target = self.path(staged.key)
        private_folder(target.parent)
        if sys.platform == "win32" and staged.lock is not None:
            staged.lock.close()  # Windows cannot rename an open file
        os.replace(staged.temporary, target)
        sync_folder(target.parent)  # before the row is: after a power cut no session lacks its clip
        sync_folder(self.root)

    def remove(self, key: MediaKey) -> None:
        """Remove a file if it is there; to be called with the database locked for writing."""
        self.path(key).unlink(missing_ok=True)

    def keys(self) -> set[MediaKey]:
        """Return the keys of all files with a final name."""
        found = (MediaKey(p.name[:64], p.name[64:]) for p in self.root.glob("[0-9a-f][0-9a-f]/*"))
        return {key for key in found if re.fullmatch("[0-9a-f]{64}", key.sha256)}

    def remove_stale(self, *, age_s: float = 3600.0) -> None:
        """Remove temporary files whose program has died; where files cannot be locked, those older than `age_s`."""
        for temporary in self.root.glob(f"{_TEMPORARY}*"):
            with suppress(FileNotFoundError), temporary.open("r+b") as file:
                is_mine = take_lock(file)
                is_old = time.time() - temporary.stat().st_mtime > age_s
                if is_mine or (is_mine is None and is_old):
                    temporary.unlink(missing_ok=True)

    def _new_temporary(self) -> tuple[IO[bytes], Path]:
        """Return a new temporary file, locked; retry if another program removed it before it was locked."""
        private_folder(self.root)
        while True:
            opened, name = tempfile.mkstemp(dir=self.root, prefix=_TEMPORARY)
            file = open(opened, "w+b")  # noqa: SIM115  (stays open as long as the copy waits)
            if take_lock(file) is not False and Path(name).exists():
                return file, Path(name)
            file.close()

    def _copy(self, source: Path) -> StagedFile:
        digest = hashlib.sha256()
        with source.open("rb") as reader:
            writer, temporary = self._new_temporary()
            try:
                while chunk := reader.read(_CHUNK_BYTES):
                    digest.update(chunk)
                    writer.write(chunk)
                writer.flush()
                os.fsync(writer.fileno())
            except BaseException:
                temporary.unlink(missing_ok=True)
                writer.close()
                raise
        key = _key(digest.hexdigest(), source)
        return StagedFile(key=key, n_bytes=temporary.stat().st_size, temporary=temporary, lock=writer)


def _key(sha256: str, path: Path) -> MediaKey:
    suffix = path.suffix.lower()
    return MediaKey(sha256, suffix if _SUFFIX.fullmatch(suffix) else "")
