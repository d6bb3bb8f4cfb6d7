"""The count of repetitions while the window in which they are counted slides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gaitlab.records import Repetition

__all__ = ["Shown", "Tally", "Total"]

_FULL_SHARE = 0.9  # of the window: then its older half is settled, before it loses any of it (ours)
_FALLS_AFTER_S = 3.0  # people take it badly when a count goes down: lower ones must have come for so long (ours)


@dataclass(frozen=True, slots=True)
class Total:
    """Repetitions since the start, and how many of them are shallow."""

    count: int
    shallow: int


class Tally:
    """Adds up the repetitions of successive counts of a window.

    Each count covers the whole window, knows more than the one before, and replaces it: so the total of a short session
    is that of its analysis. Only when the window is about to lose the oldest repetitions, those of its first half are
    settled, up to a moment between two of them. Counts may place the same repetitions half a period apart; what another
    one adds before that moment is missing after it. A total that rises by more than one at once is believed when the
    next count says so too.

    Parameters
    ----------
    window_s : float
        Length of the window that is counted.
    since_s : float
        Time of the first frame that counts.
    """

    def __init__(self, *, window_s: float, since_s: float) -> None:
        self._window_s = window_s
        self._settled = Total(0, 0)
        self._until_s = since_s
        self._before: int | None = None

    def update(self, repetitions: Sequence[Repetition], *, now_s: float) -> Total:
        """Return the total after another count of the window.

        Parameters
        ----------
        repetitions : sequence of Repetition
            In time order; one that is cut off has turned and is on its way back.
        now_s : float
            Time of the newest frame.
        """
        fresh = [one for one in repetitions if one.turn_s > self._until_s]
        if self.is_due(now_s):
            limit_s = now_s - 0.5 * self._window_s
            old = [one for one in fresh if one.turn_s <= limit_s]
            fresh = fresh[len(old) :]
            self._settled = self._plus(old)
            self._until_s = (old[-1].turn_s + fresh[0].turn_s) / 2 if old and fresh else limit_s
        total = self._plus(fresh)
        count = total.count if self._before is None else min(total.count, self._before + 1)
        self._before = total.count
        return Total(count, min(total.shallow, count))

    def is_due(self, now_s: float) -> bool:
        """Return whether the window is about to lose repetitions that are not settled: it should be counted now."""
        return now_s - self._until_s > _FULL_SHARE * self._window_s

    def _plus(self, repetitions: Sequence[Repetition]) -> Total:
        shallow = sum(one.is_shallow for one in repetitions)
        return Total(self._settled.count + len(repetitions), self._settled.shallow + shallow)


class Shown:
    """The count that is shown: it rises at once, and falls by one when all counts have been lower for some time."""

    def __init__(self) -> None:
        self._count, self._agreed_s = 0, float("-inf")

    def update(self, count: int, *, now_s: float) -> int:
        """Return what to show after a new count."""
        if count >= self._count:
            self._count, self._agreed_s = count, now_s
        elif now_s - self._agreed_s > _FALLS_AFTER_S:
            self._count, self._agreed_s = self._count - 1, now_s
        return self._count
