"""Pictures, alone and in folders and zips, where they are the frames of a video; known by their names."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath
from typing import Final

__all__ = ["PICTURE_ENDINGS", "holds_pictures", "is_picture", "pictures_in"]

#: Of the pictures that are read.
PICTURE_ENDINGS: Final = (".jpg", ".jpeg", ".png", ".bmp", ".heic", ".heif")
_KEYPOINTS: Final = ".json"


def pictures_in(path: Path) -> tuple[str, ...]:
    """Return the names of the pictures in a folder, or in a zip; none where there are keypoints, or it is neither."""
    names = [
        name for name in _names_in(path) if not PurePosixPath(name).name.startswith(".") and "__MACOSX" not in name
    ]
    endings = {PurePosixPath(name).suffix.lower() for name in names}
    if _KEYPOINTS in endings:
        return ()
    return tuple(sorted(name for name in names if PurePosixPath(name).suffix.lower() in PICTURE_ENDINGS))


def is_picture(path: Path) -> bool:
    """Return whether a file is a single picture by its name."""
    return path.suffix.lower() in PICTURE_ENDINGS and path.is_file()


def holds_pictures(path: Path) -> bool:
    """Return whether a folder or a zip holds pictures, and no keypoints."""
    return bool(pictures_in(path))


def _names_in(path: Path) -> list[str]:
    try:
        if path.is_dir():
            return [one.name for one in path.iterdir() if one.is_file()]
        if path.suffix.lower() == ".zip" and path.is_file():
            with zipfile.ZipFile(path) as archive:
                return archive.namelist()
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):  # who reads it tells what is wrong
        return []
    return []
