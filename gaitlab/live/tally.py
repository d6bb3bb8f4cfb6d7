"""The count of repetitions while the window in which they are counted slides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol

from gaitlab.records import Repetition, Side

__all__ = ["Counter", "RoughTally", "Tally"]

# A repetition that ended longer ago than this stands for good; until then a later count may revoke it. People take it
# badly when a count goes down, and the report of the saved session is counted anew (ours).
_SETTLED_AFTER_S = 1.0
#: The sides that a repetition of one side may not overlap: the same arm cannot do two at once, the other may.
_RIVALS: Final[dict[Side, tuple[Side, ...]]] = {
    "left": ("left", "both"),
    "right": ("right", "both"),
    "both": ("left", "right", "both"),
}


class Counter(Protocol):
    """Adds up the repetitions of successive counts of the window."""

    def update(self, repetitions: Iterable[Repetition], *, now_s: float) -> int:
        """Return the total after another count of the window.

        Parameters
        ----------
        repetitions : iterable of Repetition
            In time order; those that are cut off are still under way and count when they have come back.
        now_s : float
            Time of the newest frame.
        """
        ...


class Tally:
    """Adds up the repetitions of successive counts of the last minute.

    Each count covers the whole window, with thresholds that fit its content. Repetitions that ended some time ago are
    settled: they are neither counted again nor taken back when they leave the window.
    """

    def __init__(self) -> None:
        self._settled = 0
        self._settled_until_s: dict[Side, float] = dict.fromkeys(_RIVALS, float("-inf"))

    def update(self, repetitions: Iterable[Repetition], *, now_s: float) -> int:
        """See `Counter`."""
        fresh = 0
        for one in repetitions:
            if not one.is_whole or one.turn_s <= self._until_s(one.side):
                continue
            if one.end_s <= now_s - _SETTLED_AFTER_S:
                self._settled += 1
                self._settled_until_s[one.side] = max(self._settled_until_s[one.side], one.end_s)
            else:
                fresh += 1
        return self._settled + fresh

    def _until_s(self, side: Side) -> float:
        return max(self._settled_until_s[rival] for rival in _RIVALS[side])


class RoughTally:
    """A tally for counts that may place the same repetitions half a period apart, so that they cannot be matched.

    Each count replaces the one before. Only when the window is about to lose the oldest repetitions, those of its first
    half are settled, up to a moment between two of them: what another count adds there is missing elsewhere.

    Parameters
    ----------
    window_s : float
        Length of the window that is counted.
    """

    def __init__(self, *, window_s: float) -> None:
        self._window_s = window_s
        self._settled = 0
        self._until_s: float | None = None

    def update(self, repetitions: Iterable[Repetition], *, now_s: float) -> int:
        """See `Counter`."""
        if self._until_s is None:
            self._until_s = now_s
        turns_s = [one.turn_s for one in repetitions if one.is_whole and one.turn_s > self._until_s]
        if now_s - self._until_s > 0.9 * self._window_s:
            limit_s = now_s - 0.5 * self._window_s
            old_s, new_s = [[t for t in turns_s if (t <= limit_s) == old] for old in (True, False)]
            self._settled += len(old_s)
            self._until_s = (old_s[-1] + new_s[0]) / 2 if old_s and new_s else limit_s
            turns_s = new_s
        return self._settled + len(turns_s)
