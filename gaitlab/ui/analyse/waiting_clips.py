"""Clips that wait until their analysis is requested; each has an id that cannot be guessed."""

from __future__ import annotations

import secrets
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gaitlab.limits import HELD_MAX, HELD_MAX_BYTES, HELD_MAX_S
from gaitlab.storage import LOCAL_OWNER

__all__ = ["WaitingClip", "WaitingClips"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingClip:
    """A clip on the disk, in a folder of its own, under its own name.

    Attributes
    ----------
    id : str
    path : Path
    n_bytes : int
    since_s : float
        Time of arrival by the clock of the `WaitingClips`.
    owner : str
        Who may see it.
    """

    id: str
    path: Path
    n_bytes: int = 0
    since_s: float = 0.0
    owner: str = LOCAL_OWNER

    @property
    def name(self) -> str:
        """The file name that the user knows."""
        return self.path.name


class WaitingClips:
    """The clips that wait; every method may be called from any thread.

    Parameters
    ----------
    max_bytes : int
        Of all clips together; the newest stays, however large it is.
    clock : callable
        Seconds that never go back.
    """

    def __init__(self, *, max_bytes: int = HELD_MAX_BYTES, clock: Callable[[], float] = time.monotonic) -> None:
        self._max_bytes, self._clock = max_bytes, clock
        self._lock = threading.Lock()
        self._clips: dict[str, WaitingClip] = {}

    def hold(self, path: Path, *, owner: str = LOCAL_OWNER) -> str:
        """Keep somebody's clip with its folder and return its id; remove old clips that exceed the limits."""
        clip = WaitingClip(
            id=secrets.token_hex(8), path=path, n_bytes=path.stat().st_size, since_s=self._clock(), owner=owner
        )
        with self._lock:
            self._clips[clip.id] = clip
            surplus = self._surplus()
        for clip_id in surplus:
            self.drop(clip_id)
        return clip.id

    def _surplus(self) -> list[str]:
        """Return the ids of the clips to remove: the newest clip over a limit, and all older ones."""
        kept, n_bytes = 0, 0
        newest_first = list(reversed(self._clips.values()))
        for clip in newest_first:
            n_bytes += clip.n_bytes
            is_old = self._clock() - clip.since_s > HELD_MAX_S
            if kept and (kept >= HELD_MAX or n_bytes > self._max_bytes or is_old):
                break
            kept += 1
        return [clip.id for clip in newest_first[kept:]]

    def get(self, clip_id: str) -> WaitingClip | None:
        """Return a clip; None when it is unknown or gone."""
        with self._lock:
            return self._clips.get(clip_id)

    def take(self, clip_id: str) -> WaitingClip | None:
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
