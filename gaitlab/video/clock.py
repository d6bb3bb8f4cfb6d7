"""Times of frames where a file's timestamps are missing, repeated, go back or jump."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Clock"]

_BACK_MAX_S = 1.0  # farther back, the file's clock has started anew rather than two frames changed places
_AHEAD_MAX_S = 10.0
_AHEAD_MAX_FRAMES = 20


@dataclass(slots=True, kw_only=True)
class Clock:
    """Turns the timestamps of a file into times that start at 0 and increase strictly.

    A frame without a timestamp comes one frame interval after the last. A frame whose timestamp is repeated or goes
    back comes half an interval later, so that the next good timestamp still fits; further such frames follow at whole
    intervals. Where timestamps jump (back by more than a second, ahead by more than ten seconds and 20 frames), time
    advances by one interval and the new timestamps count from there *(thresholds: ours)*.

    Attributes
    ----------
    interval_s : float
        The nominal time between frames.
    n_filled : int
        Frames whose time was made up.
    jumps_s : list of float
        Times at which the timestamps jumped.
    """

    interval_s: float
    n_filled: int = 0
    jumps_s: list[float] = field(default_factory=list)
    _last_s: float | None = None
    _origin: float | None = None
    _was_good: bool = True

    def next(self, stamp_s: float | None) -> float:
        """Return the time of the next frame in seconds."""
        time_s, is_good = self._time_of(stamp_s)
        self.n_filled += not is_good
        self._was_good = is_good
        self._last_s = time_s
        return time_s

    def _time_of(self, stamp_s: float | None) -> tuple[float, bool]:
        expected_s = 0.0 if self._last_s is None else self._last_s + self.interval_s
        if stamp_s is None:
            return expected_s, False
        if self._origin is None or self._last_s is None:
            self._origin = stamp_s - expected_s
            return expected_s, True
        step_s = stamp_s - self._origin - self._last_s
        if step_s < -_BACK_MAX_S or step_s > max(_AHEAD_MAX_S, _AHEAD_MAX_FRAMES * self.interval_s):
            self._origin = stamp_s - expected_s
            self.jumps_s.append(expected_s)
            return expected_s, True
        if step_s <= 0:
            return (self._last_s + self.interval_s / 2 if self._was_good else expected_s), False
        return self._last_s + step_s, True
