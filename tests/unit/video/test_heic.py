"""Pictures of an iPhone are read where pillow_heif is installed; other kinds are named with what to do."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from gaitlab.errors import InputError, MissingExtraError
from gaitlab.video import read_picture

HEIC = b"\x00\x00\x00\x18ftypheic" + bytes(16)


def test_a_heic_picture_is_read(tmp_path: Path) -> None:
    pillow_heif = pytest.importorskip("pillow_heif", reason="HEIC needs the extra heic")
    rgb = np.full((48, 64, 3), (200, 40, 90), dtype=np.uint8)
    pillow_heif.from_bytes(mode="RGB", size=(64, 48), data=rgb.tobytes()).save(tmp_path / "a.heic", quality=100)
    read = read_picture(tmp_path / "a.heic")
    assert read.shape == (48, 64, 3)
    assert np.abs(read.astype(int) - rgb).max() <= 8  # chroma is sampled and packed


def test_a_damaged_heic_picture_is_refused_in_one_line(tmp_path: Path) -> None:
    pytest.importorskip("pillow_heif", reason="HEIC needs the extra heic")
    (tmp_path / "a.heic").write_bytes(HEIC)
    with pytest.raises(InputError, match="save it as JPEG or PNG") as refused:
        read_picture(tmp_path / "a.heic")
    assert "\n" not in str(refused.value)


def test_without_the_library_a_heic_picture_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "pillow_heif" else there(name))
    (tmp_path / "a.heic").write_bytes(HEIC)
    with pytest.raises(MissingExtraError, match="install them with: pip install"):
        read_picture(tmp_path / "a.heic")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"II*\x00" + bytes(20), "a TIFF"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a WebP"),
        (b"GIF89a" + bytes(20), "a GIF"),
        (b"\x00\x00\x00\x1cftypavif" + bytes(20), "an AVIF"),
        (b"%PDF-1.7", "a PDF"),
    ],
)
def test_another_still_is_named_with_what_to_do(data: bytes, kind: str, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(data)
    with pytest.raises(InputError, match=f"{kind}.*save it as JPEG or PNG"):
        read_picture(tmp_path / "a.jpg")
