"""Repetitions told at their turn: the signal of the exercise is watched from frame to frame between two counts.

A count of the window tells a repetition late: it takes its time, and its witnesses wait until the movement has clearly
come back. Here the levels of the repetitions before are known, so that a little of the way back is enough. What is told
here stands until a count has seen the moment and what came after it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from gaitlab.live.window import TrackWindow
from gaitlab.records import FloatArray, Repetition, Side
from gaitlab.repetitions.body import Body
from gaitlab.repetitions.exercise_row import Counting, Exercise
from gaitlab.repetitions.signals import row_signals

__all__ = ["Levels", "Since", "Turn", "TurnWatch", "last_return_s", "n_repetitions", "sure_turns"]

_LENGTH_S, _FPS_MAX = 8.0, 30.0  # a slow repetition and the rest before it (ours)
_LEAVE_SHARE = 0.35  # of the usual way: below it the next repetition may begin, as in a count
_ENTER_SHARE = 0.75  # of the usual way: what turns before it is left to the count (ours)
_BACK_SHARE = 0.03  # of the usual way: what has come back so far has turned (ours)
_RETURN_SHARE = 0.5  # of the usual way: what has come back so far, all counters see (ours)
_MOVES_SHARE = 0.5  # of the row's range: a signal that moves by less does not show this movement (ours)
_TOGETHER_SHARE = 0.5  # of the way out: two limbs of which one leaves rest before that of the other are one (ours)


class Turn(NamedTuple):
    """A repetition that has turned: when it was last seen at rest, and its highest sample."""

    rest_s: float
    turn_s: float


class Since(NamedTuple):
    """What a count knows: the turn of its last repetition, and the time up to which it would know of others."""

    counted_s: float
    known_s: float


class Levels(NamedTuple):
    """Levels of a signal that rises toward the turns.

    Attributes
    ----------
    leave : float
        Below it a repetition may begin.
    enter : float
        What turns below it is left to the count.
    way : float
        From rest to the turn.
    rest : float or None
        Where repetitions begin; None before there were any.
    """

    leave: float
    enter: float
    way: float
    rest: float | None = None

    @classmethod
    def of_row(cls, counting: Counting) -> Levels:
        """Return the levels for a first repetition."""
        return cls(counting.rest_level, counting.full_level, counting.range_min)

    @classmethod
    def usual(cls, low: float, high: float) -> Levels:
        """Return the levels after repetitions that went from `low` to `high`."""
        way = high - low
        return cls(low + _LEAVE_SHARE * way, low + _ENTER_SHARE * way, way, low)


_UNUSABLE: Final = Levels(-np.inf, np.inf, np.inf)


def sure_turns(time_s: FloatArray, signal: FloatArray, levels: Levels) -> list[Turn]:
    """Return the repetitions that have turned, by what is seen so far.

    Parameters
    ----------
    time_s, signal : ndarray, shape (T,)
        NaN = unknown. Rises toward the turns.
    levels : Levels

    Returns
    -------
    list of Turn
        Each rose from `leave` or below to `enter` or above and has come back by `_BACK_SHARE` of the way; one that
        rises again after that is still the same until it is at rest.
    """
    turns: list[Turn] = []
    rest_s, peak, peak_s, is_told = np.nan, -np.inf, np.nan, False
    known = np.isfinite(signal)
    for now_s, value in zip(time_s[known].tolist(), signal[known].tolist(), strict=True):
        if not is_told and peak - value >= _BACK_SHARE * levels.way:
            turns.append(Turn(rest_s, peak_s))
            is_told = True
        if value <= levels.leave:
            rest_s, peak, is_told = now_s, -np.inf, False
        elif np.isfinite(rest_s) and value >= max(levels.enter, peak):
            peak, peak_s = value, now_s
    return turns


def last_return_s(time_s: FloatArray, signal: FloatArray, levels: Levels) -> float:
    """Return the turn above `leave` from which the signal last came half the way back; -inf without any.

    From then on a count knows of it, also of one that turned before `enter`. Parameters as for `sure_turns`.
    """
    returned_s, peak, peak_s = -np.inf, -np.inf, -np.inf
    known = np.isfinite(signal)
    for now_s, value in zip(time_s[known].tolist(), signal[known].tolist(), strict=True):
        if value > max(peak, levels.leave):
            peak, peak_s = value, now_s
        elif peak - value >= _RETURN_SHARE * levels.way:
            returned_s = peak_s
        if value <= levels.leave:
            peak = -np.inf
    return float(returned_s)


def n_repetitions(turns: Sequence[Turn]) -> int:
    """Return how many repetitions the turns of two limbs are: limbs that leave rest together move together."""
    n, apart_s = 0, -np.inf
    for turn in sorted(turns):
        if turn.rest_s >= apart_s:
            n, apart_s = n + 1, turn.rest_s + _TOGETHER_SHARE * (turn.turn_s - turn.rest_s)
    return n


class TurnWatch:
    """Watches the newest seconds of one camera for turns of one exercise, and says how far the person has come."""

    def __init__(self) -> None:
        self._window = TrackWindow(length_s=_LENGTH_S, fps_max=_FPS_MAX)
        self._levels: dict[Side, Levels] = {}
        self._read: tuple[FloatArray, Mapping[Side, FloatArray]] | None = None

    def add(self, time_s: float, xy_px: FloatArray) -> None:
        """Take the pose of the next frame, shape (17, 2), smoothed without later frames; NaN = unknown."""
        self._read = None
        self._window.add(time_s, xy_px, np.asarray(np.isfinite(xy_px).all(axis=1), dtype=np.float64))

    def learn(self, exercise: Exercise, repetitions: Sequence[Repetition], image_wh: tuple[int, int]) -> None:
        """Take the usual levels from the repetitions that were counted in these seconds; without any the old ones stay.

        A signal that hardly moves in them is not watched.
        """
        time_s, signals = self._signals(exercise, image_wh)
        for side, signal in signals.items():
            known = np.isfinite(signal)
            mine = [one for one in repetitions if one.start_s >= time_s[0] and side in (one.side, *_BOTH[one.side])]
            if mine and known.any():
                low, high = (
                    float(np.median(np.interp(moments_s, time_s[known], signal[known])))
                    for moments_s in ([one.start_s for one in mine], [one.turn_s for one in mine])
                )
                moves = high - low >= _MOVES_SHARE * exercise.counting.range_min
                self._levels[side] = Levels.usual(low, high) if moves else _UNUSABLE

    def n_turns(self, exercise: Exercise, since: Since, image_wh: tuple[int, int]) -> int:
        """Return how many repetitions have turned that a count cannot know of yet."""
        first = Levels.of_row(exercise.counting)
        time_s, signals = self._signals(exercise, image_wh)
        turns = [
            turn
            for side, signal in signals.items()
            for turn in sure_turns(time_s, signal, self._levels.get(side, first))
            if turn.rest_s > since.counted_s and turn.turn_s > since.known_s
        ]
        return n_repetitions(turns)

    def last_return_s(self, exercise: Exercise, image_wh: tuple[int, int]) -> float:
        """Return the last turn from which somebody came half the way back; -inf without any."""
        first = Levels.of_row(exercise.counting)
        time_s, signals = self._signals(exercise, image_wh)
        moments_s = (last_return_s(time_s, signal, self._levels.get(side, first)) for side, signal in signals.items())
        return max(moments_s, default=float("-inf"))

    def reach(self, exercise: Exercise, image_wh: tuple[int, int]) -> dict[Side, float]:
        """Return how far the newest frame is on the way from rest, 0, to the turn of a full repetition, 1.

        Rest is where the person's repetitions begin; before there are any it is the lowest of these seconds, or the
        row's level where that is lower. It may be below 0 and above 1. Sides whose signal is unknown now, is not
        watched, or leaves hardly a way are left out.
        """
        found: dict[Side, float] = {}
        counting = exercise.counting
        for side, signal in self._signals(exercise, image_wh)[1].items():
            levels = self._levels.get(side)
            if levels is _UNUSABLE or not np.isfinite(signal[-1]):
                continue
            rest = min(float(np.nanmin(signal)), counting.rest_level) if levels is None else levels.rest
            if rest is not None and (way := counting.full_level - rest) >= _MOVES_SHARE * counting.range_min:
                found[side] = (float(signal[-1]) - rest) / way
        return found

    def _signals(self, exercise: Exercise, image_wh: tuple[int, int]) -> tuple[FloatArray, Mapping[Side, FloatArray]]:
        """Return the times and the row's signal: of "both", or of "left" and "right"; nothing before two frames."""
        if self._read is None:
            track = self._window.track(image_wh)
            if track is None:
                return np.empty(0), {}
            self._read = track.time_s, row_signals(Body.of(track), exercise.counting)
        return self._read


#: The other signals that show a repetition of a side.
_BOTH: Final[Mapping[Side, tuple[Side, ...]]] = {"left": ("both",), "right": ("both",), "both": ("left", "right")}
