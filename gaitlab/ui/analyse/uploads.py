"""Removal of uploads that a crash of an older version left behind."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

__all__ = ["remove_stale_uploads"]


_STALE_AFTER_S = 24 * 3600.0


def remove_stale_uploads(folder: Path, *, now_s: float | None = None) -> None:
    """Remove uploads that a crash left behind: those a day old, since another process may be using newer ones."""
    now_s = time.time() if now_s is None else now_s
    for own in folder.glob("upload-*"):
        if now_s - own.stat().st_mtime > _STALE_AFTER_S:
            shutil.rmtree(own, ignore_errors=True)
