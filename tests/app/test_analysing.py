"""Where an uploaded clip lies while it is analysed."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from gaitlab.errors import StoreError
from gaitlab.ui.analysing import keep_upload, remove_stale_uploads, safe_file_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("walk.mp4", "walk.mp4"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\walk.mov", "walk.mov"),
        ("a\nb\x00c.mp4", "a_b_c.mp4"),
        ("", "clip"),
        ("..", "clip"),
        ("Гимнастика 😀.mp4", "Гимнастика 😀.mp4"),
    ],
)
def test_names_from_outside_become_plain_file_names(name: str, safe: str) -> None:
    assert safe_file_name(name) == safe


def test_a_very_long_name_keeps_its_suffix_and_fits_any_file_system() -> None:
    safe = safe_file_name("😀" * 500 + ".mp4")
    assert safe.endswith(".mp4")
    assert len(safe.encode()) <= 255


def test_an_upload_gets_a_folder_of_its_own_that_others_cannot_read(tmp_path: Path) -> None:
    first = keep_upload(io.BytesIO(b"one"), "walk.mp4", folder=tmp_path)
    second = keep_upload(io.BytesIO(b"two"), "walk.mp4", folder=tmp_path)
    assert (first.read_bytes(), second.read_bytes()) == (b"one", b"two")
    assert first.parent.stat().st_mode & 0o077 == 0


def test_an_upload_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError("no space left on device")

    with pytest.raises(StoreError, match="free some space"):
        keep_upload(Broken(), "walk.mp4", folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_left_overs_of_a_crash_are_removed_after_a_day(tmp_path: Path) -> None:
    old = keep_upload(io.BytesIO(b"old"), "old.mp4", folder=tmp_path)
    new = keep_upload(io.BytesIO(b"new"), "new.mp4", folder=tmp_path)
    os.utime(old.parent, (0, 0))
    remove_stale_uploads(tmp_path)
    assert not old.exists()
    assert new.exists()
