"""Repetitions told at their turn: the signal of the exercise, watched frame by frame between two counts.

A count of the window tells a repetition late: it takes its time, and each witness waits until the movement has clearly
come back. Here the levels of the repetitions that were counted before are known, so that a little of the way back is
enough. What is told here stands until a count has seen the moment with what came after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from gaitlab.live.window import TrackWindow
from gaitlab.records import FloatArray, Repetition, Side
from gaitlab.repetitions.body import Body
from gaitlab.repetitions.exercise_row import Counting, Exercise
from gaitlab.repetitions.signals import SIGNALS

__all__ = ["Levels", "TurnWatch", "sure_turns"]

_LENGTH_S, _FPS_MAX = 8.0, 30.0  # a repetition and the rest before it (ours)
_LEAVE_SHARE = 0.35  # of the usual way: below it the next repetition may begin, as in the count
_ENTER_SHARE = 0.75  # of the usual way: what turns before it is left to the count (ours)
import os
_BACK_SHARE = float(os.environ.get('BACK','0.03'))  # of the usual way: come back so far, it has turned (ours)
_MOVES_SHARE = 0.5  # of the row's range: a signal that moves by less does not show this movement (ours)
_SAME_S = 0.25  # turns of two limbs that are nearer are one (ours)


class Levels(NamedTuple):
    """Of one signal.

    Attributes
    ----------
    leave : float
        Below it the next repetition may begin.
    enter : float
        What turns below it is left to the count.
    way : float
        From rest to the turn.
    """

    leave: float
    enter: float
    way: float

    @classmethod
    def of_row(cls, counting: Counting) -> Levels:
        """Return those of a first repetition."""
        return cls(counting.rest_level, counting.full_level, counting.range_min)

    @classmethod
    def usual(cls, low: float, high: float) -> Levels:
        """Return those after repetitions that went from one level to another."""
        way = high - low
        return cls(low + _LEAVE_SHARE * way, low + _ENTER_SHARE * way, way)


def sure_turns(time_s: FloatArray, signal: FloatArray, levels: Levels) -> list[tuple[float, float]]:
    """Return when a signal turned, by what is seen so far.

    Parameters
    ----------
    time_s, signal : ndarray, shape (T,)
        NaN = unknown. Rises toward the turns.
    levels : Levels

    Returns
    -------
    list of float
        Times of the highest samples. Each rose from below the lower threshold over the upper one and has come back by
        `_BACK_SHARE` of the usual way; one that goes on after that is still the same.
    """
    turns: list[tuple[float, float]] = []
    rest_s, peak, peak_s, is_told = np.nan, -np.inf, 0.0, False
    known = np.isfinite(signal)
    for now_s, value in zip(time_s[known].tolist(), signal[known].tolist(), strict=True):
        if not is_told and peak - value >= _BACK_SHARE * levels.way:
            turns.append((rest_s, peak_s))
            is_told = True
        if value <= levels.leave:
            rest_s, peak, is_told = now_s, -np.inf, False
        elif np.isfinite(rest_s) and value >= max(levels.enter, peak):
            peak, peak_s = value, now_s
    return turns


NOT=Levels(-np.inf,np.inf,np.inf)
FIRST=lambda e: Levels.of_row(e.counting) if os.environ.get("FIRST","1")=="1" else NOT
class TurnWatch:
    """Watches the newest seconds of one camera for turns of one exercise."""

    def __init__(self) -> None:
        self._window = TrackWindow(length_s=_LENGTH_S, fps_max=_FPS_MAX)
        self._levels: dict[Side, Levels] = {}

    def add(self, time_s: float, xy_px: FloatArray) -> None:
        """Take the pose of the next frame, shape (17, 2), smoothed without later frames; NaN = unknown."""
        self._window.add(time_s, xy_px, np.isfinite(xy_px).all(axis=1).astype(np.float64))

    def learn(self, exercise: Exercise, repetitions: Sequence[Repetition], image_wh: tuple[int, int]) -> None:
        """Take the levels of the repetitions that were counted in the newest seconds; without any the old ones stay."""
        signals = self._signals(exercise, image_wh)
        if signals is None:
            return
        time_s, of_side = signals
        for side, signal in of_side.items():
            known = np.isfinite(signal)
            mine = [one for one in repetitions if one.start_s >= time_s[0] and (side in (one.side, "both") or one.side == "both")]
            if not mine or known.sum() < 2:
                continue
            at = lambda moments: float(np.median(np.interp(moments, time_s[known], signal[known])))
            levels = Levels.usual(at([one.start_s for one in mine]), at([one.turn_s for one in mine]))
            if levels.way >= _MOVES_SHARE * exercise.counting.range_min:
                self._levels[side] = levels
            else:
                self._levels[side] = NOT

    def turns_after(self, exercise: Exercise, after_s: tuple[float, float], image_wh: tuple[int, int]) -> int:
        """Return how many repetitions turned after a moment."""
        signals = self._signals(exercise, image_wh)
        if signals is None:
            return 0
        time_s, of_side = signals
        turns = [
            turn_s
            for side, signal in of_side.items()
            for rest_s, turn_s in sure_turns(time_s, signal, self._levels.get(side, FIRST(exercise)))
            if rest_s > after_s[0] and turn_s > after_s[1]
        ]
        return _apart(turns)

    def _signals(
        self, exercise: Exercise, image_wh: tuple[int, int]
    ) -> tuple[FloatArray, Mapping[Side, FloatArray]] | None:
        track = self._window.track(image_wh)
        if track is None:
            return None
        signal = SIGNALS[exercise.counting.signal](Body.of(track))
        if signal.ndim == 1:
            return track.time_s, {"both": signal}
        return track.time_s, {"left": signal[:, 0], "right": signal[:, 1]}


def _apart(turns_s: Iterable[float]) -> int:
    """Return how many turns there are when those of two limbs that coincide are one."""
    ordered = np.sort(np.fromiter(turns_s, dtype=np.float64))
    return int(1 + np.sum(np.diff(ordered) > _SAME_S)) if ordered.size else 0
