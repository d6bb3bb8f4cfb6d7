"""Repetitions kept while the window they are counted in slides on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from gaitlab.types import Repetition, Side

__all__ = ["Tally"]

# A repetition that ended longer ago than this stands for good; until then a better look may revoke it. People take it
# badly when a count goes down, and the report of the saved session is counted anew (ours).
_SETTLED_AFTER_S = 1.0
#: Which sides a repetition of one side may not overlap: the same arm cannot do two at once, the other may.
_RIVALS: Final[dict[Side, tuple[Side, ...]]] = {
    "left": ("left", "both"),
    "right": ("right", "both"),
    "both": ("left", "right", "both"),
}


class Tally:
    """Adds up what one count after the other of the last minute finds.

    The window is counted as a whole again and again, always with thresholds that fit what it holds. Repetitions that
    ended a while ago are settled: they are neither counted again nor taken back when they leave the window.
    """

    def __init__(self) -> None:
        self._settled = 0
        self._settled_until_s: dict[Side, float] = dict.fromkeys(_RIVALS, float("-inf"))

    def update(self, repetitions: Iterable[Repetition], *, now_s: float) -> int:
        """Return the count after another look at the window.

        Parameters
        ----------
        repetitions : iterable of Repetition
            In time order; those that are cut off are still under way and count when they have come back.
        now_s : float
            Time of the newest frame.
        """
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
