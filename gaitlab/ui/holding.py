"""Clips that have arrived and wait for their analysis to be asked for; known by an id that cannot be guessed."""

from __future__ import annotations

import secrets
import shutil
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["HeldClip", "HeldClips"]

#: Who drops more than this without analysing any loses the oldest (ours): the disk is not a shelf.
HELD_MAX: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldClip:
    """A clip on the disk, in a folder of its own, under its own name."""

    id: str
    path: Path

    @property
    def name(self) -> str:
        """What the user calls it."""
        return self.path.name


class HeldClips:
    """The clips that wait; every method may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clips: dict[str, HeldClip] = {}

    def hold(self, path: Path) -> str:
        """Keep a clip, with its folder, and return its id."""
        clip = HeldClip(id=secrets.token_hex(8), path=path)
        with self._lock:
            self._clips[clip.id] = clip
            too_old = list(self._clips)[:-HELD_MAX]
        for clip_id in too_old:
            self.drop(clip_id)
        return clip.id

    def get(self, clip_id: str) -> HeldClip | None:
        """Return a clip; None when it is unknown or gone."""
        with self._lock:
            return self._clips.get(clip_id)

    def take(self, clip_id: str) -> HeldClip | None:
        """Return a clip and forget it: from now on the caller removes its folder."""
        with self._lock:
            return self._clips.pop(clip_id, None)

    def drop(self, clip_id: str) -> None:
        """Forget a clip and remove its folder."""
        clip = self.take(clip_id)
        if clip is not None:
            shutil.rmtree(clip.path.parent, ignore_errors=True)

    def close(self) -> None:
        """Remove all of them."""
        for clip_id in list(self._clips):
            self.drop(clip_id)
