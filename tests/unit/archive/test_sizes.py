"""A small zip file can unpack to any size: what is read of an archive ends at a limit, and not before it."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from pathlib import Path

import pytest

from gaitlab.archive.reader import read_archive
from gaitlab.archive.writer import write_archive
from gaitlab.errors import StoreError
from gaitlab.storage import open_store
from tests.app.builders_ui import walk

TEXT_MAX_BYTES = 64 * 2**20
ARRAYS_MAX_BYTES = 256 * 2**20


def archive_of_nobody(path: Path, *, manifest_bytes: int) -> Path:
    """Write an archive whose manifest names nobody and is filled up with spaces."""
    manifest = json.dumps({"format": "gaitlab people", "version": 1, "gaitlab": "0.1.0", "people": []})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("gaitlab.json", manifest.ljust(manifest_bytes))
    return path


def stating(packed: bytes, n_bytes: int) -> bytes:
    """Return a zip file whose list says that its members unpack to so many bytes together; their content stays."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        others = sum(one.file_size for one in archive.infolist()[1:])
    changed = bytearray(packed)
    struct.pack_into("<I", changed, packed.index(b"PK\x01\x02") + 24, n_bytes - others)
    return bytes(changed)


def archive_of_ann(folder: Path, *, arrays_bytes: int) -> Path:
    """Write an archive of one walk whose arrays say that they unpack to so many bytes."""
    store = open_store()
    store.save(walk(), person="Ann")
    write_archive(folder / "ann.zip", [(None, store)])
    store.close()
    with zipfile.ZipFile(folder / "ann.zip") as whole, zipfile.ZipFile(folder / "large.zip", "w") as large:
        for name in whole.namelist():
            content = whole.read(name)
            large.writestr(name, stating(content, arrays_bytes) if name.endswith("track.npz") else content)
    return folder / "large.zip"


def sessions_of_ann(path: Path) -> int:
    with read_archive(path) as people:
        return len(list(people[0].sessions))


def test_a_text_of_sixty_four_megabytes_is_read(tmp_path: Path) -> None:
    with read_archive(archive_of_nobody(tmp_path / "full.zip", manifest_bytes=TEXT_MAX_BYTES)) as people:
        assert people == []


def test_a_text_of_one_byte_more_is_refused_for_its_size(tmp_path: Path) -> None:
    path = archive_of_nobody(tmp_path / "bomb.zip", manifest_bytes=TEXT_MAX_BYTES + 1)
    with pytest.raises(StoreError, match=r"gaitlab\.json unpacks to 67108865 bytes, at most 67108864 are read"):
        read_archive(path).__enter__()


def test_arrays_that_say_they_unpack_to_256_megabytes_are_read(tmp_path: Path) -> None:
    assert sessions_of_ann(archive_of_ann(tmp_path, arrays_bytes=ARRAYS_MAX_BYTES)) == 1


def test_arrays_that_say_one_byte_more_are_refused_for_their_size_before_they_are_unpacked(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="unpacks to 268435457 bytes, at most 268435456 are read"):
        sessions_of_ann(archive_of_ann(tmp_path, arrays_bytes=ARRAYS_MAX_BYTES + 1))
