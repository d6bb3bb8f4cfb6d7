"""Where an uploaded clip lies while it is analysed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gaitlab.ui.analysing import remove_stale_uploads, safe_file_name


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


def test_left_overs_of_a_crash_are_removed_after_a_day(tmp_path: Path) -> None:
    old, new = tmp_path / "upload-1" / "old.mp4", tmp_path / "upload-2" / "new.mp4"
    for clip in (old, new):
        clip.parent.mkdir()
        clip.touch()
    os.utime(old.parent, (0, 0))
    remove_stale_uploads(tmp_path)
    assert not old.exists()
    assert new.exists()
