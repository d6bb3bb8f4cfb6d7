"""Uploaded clips: safe file names, and removal of uploads that a crash left behind."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

__all__ = ["remove_stale_uploads", "safe_file_name"]


_STEM_MAX_BYTES = 160  # file systems allow 255 for the whole name
_STALE_AFTER_S = 24 * 3600.0


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


def remove_stale_uploads(folder: Path, *, now_s: float | None = None) -> None:
    """Remove uploads that a crash left behind: those a day old, since another process may be using newer ones."""
    now_s = time.time() if now_s is None else now_s
    for own in folder.glob("upload-*"):
        if now_s - own.stat().st_mtime > _STALE_AFTER_S:
            shutil.rmtree(own, ignore_errors=True)
