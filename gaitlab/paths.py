"""The folders of GaitLab on this machine, and the paths of its own bundled files."""

from __future__ import annotations

import os
import re
from pathlib import Path

import platformdirs

__all__ = ["bundled_path", "data_dir", "safe_file_name", "user_model_dir", "work_dir"]

_PACKAGE = Path(__file__).resolve().parent
_STEM_MAX_BYTES = 160  # file systems allow 255 for the whole name


def bundled_path(relative: str) -> Path:
    """Path of a project file that travels with the program.

    In a checkout that is the file beside the package; in an installed wheel the copy under ``gaitlab/_bundled``.

    Parameters
    ----------
    relative : str
        Path as in the checkout, for example ``"migrations"`` or ``"models/manifest.toml"``.
    """
    installed = _PACKAGE / "_bundled"
    return (installed if installed.is_dir() else _PACKAGE.parent) / relative


def data_dir() -> Path:
    """Folder for the database and media: ``GAITLAB_DATA_DIR``, else the user's data folder."""
    configured = os.environ.get("GAITLAB_DATA_DIR")
    return Path(configured) if configured else Path(platformdirs.user_data_dir("gaitlab", appauthor=False))


def work_dir() -> Path:
    """Private folder for what is in the making, within the data folder; see `workspace`."""
    return data_dir() / "work"


def user_model_dir() -> Path:
    """Cache folder for downloaded pose models."""
    return Path(platformdirs.user_cache_dir("gaitlab", appauthor=False)) / "models"


def safe_file_name(name: str) -> str:
    """Return a name that is safe as a file on any system: no folder, no control characters, not too long.

    >>> safe_file_name("../../my walk.mp4")
    'my walk.mp4'
    """
    base = re.split(r"[/\\]", name)[-1]
    base = re.sub(r'[\x00-\x1f\x7f<>:"|?*]', "_", base).strip(" .") or "clip"
    path = Path(base)
    stem = path.stem.encode()[:_STEM_MAX_BYTES].decode(errors="ignore")
    return stem + path.suffix[:10]
