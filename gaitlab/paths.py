"""The folders of GaitLab on this machine, private to their user, and the paths of its own bundled files."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from contextlib import suppress
from pathlib import Path

import platformdirs

__all__ = [
    "bundled_path",
    "data_dir",
    "keep_private",
    "name_of_parts",
    "private_file",
    "private_folder",
    "safe_file_name",
    "user_model_dir",
    "work_dir",
]

_PACKAGE = Path(__file__).resolve().parent
_STEM_MAX_BYTES = 160  # file systems allow 255 for the whole name
_PART_MAX_BYTES = 60  # (ours)


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


def name_of_parts(*parts: str) -> str:
    """Return parts as one name of a file: letters and digits of any script, a hyphen for all else, bounded in length.

    >>> name_of_parts("Anna M. / left", "2026-03-02", "gait")
    'Anna-M-left_2026-03-02_gait'
    """
    plain = (re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", part)) for part in parts)
    cut = (part.encode()[:_PART_MAX_BYTES].decode(errors="ignore").strip("-") for part in plain)
    return "_".join(part for part in cut if part)


def private_folder(folder: Path) -> Path:
    """Make a folder if it is not there, which only its user may open, whatever the umask; return it.

    A folder that is there stays as it is; `keep_private` closes one that GaitLab made.
    """
    with suppress(FileExistsError):
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
    folder.mkdir(exist_ok=True)  # an error if it is no folder
    return folder


def private_file(path: Path) -> Path:
    """Make an empty file if there is none, which only its user may read, whatever the umask; return its path."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    return path


def keep_private(*paths: Path) -> None:
    """Close files and folders to the other users of this computer, where they exist and are this user's.

    The home folder and folders for everybody, such as a temporary one, are left as they are.
    """
    if os.name != "posix":  # elsewhere the folder of a user is private as it is
        return
    for path in paths:
        with suppress(OSError):
            found = path.stat()
            is_everybodys = bool(found.st_mode & stat.S_ISVTX) or path.resolve() in {Path.home(), Path("/")}
            if found.st_uid == os.geteuid() and found.st_mode & 0o077 and not is_everybodys:
                path.chmod(stat.S_IMODE(found.st_mode) & ~0o077)
