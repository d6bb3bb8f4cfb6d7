"""Finding the repetitions of an exercise by its row: signal, position, thresholds, checks, sides and sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from gaitlab.motion.geometry import midpoint
from gaitlab.records import FloatArray, Side
from gaitlab.records.skeleton import SIDES
from gaitlab.repetitions.body import Body
from gaitlab.repetitions.checks import CHECKS, SIDE_OF
from gaitlab.repetitions.counting import Excursion, calmed, find_excursions
from gaitlab.repetitions.exercise_row import Counting, Exercise
from gaitlab.repetitions.signals import POSITIONS, SIGNALS
from gaitlab.settings import RepetitionSettings

__all__ = ["Found", "find_repetitions", "number_sets"]

_USUAL_MIN = 3  # from so many repetitions the usual levels are known (ours)
_TOGETHER_SHARE = 0.6  # of the time that either of two limbs moves: so much in common is together (ours)
_SAME_TURN_SHARE = 0.25  # of the shorter movement: limbs that take turns turn half a period apart (ours)
_PAUSE_S, _PAUSE_PERIODS = 4.0, 2.0  # a rest that is longer than both begins a new set (ours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Excursions of an exercise in time order, full and shallow ones, and the signal, shape (T,), of each side."""

    excursions: tuple[Excursion, ...]
    signals: Mapping[Side, FloatArray]


def find_repetitions(body: Body, exercise: Exercise, settings: RepetitionSettings) -> Found:
    """Return the repetitions of an exercise in a track.

    Parameters
    ----------
    body : Body
    exercise : Exercise
    settings : RepetitionSettings

    Returns
    -------
    Found
        Nothing where the person is not in the exercise's position or a check fails.
    """
    counting = exercise.counting
    signal = SIGNALS[counting.signal](body)
    in_position = POSITIONS[counting.position](body)
    if signal.ndim == 1:
        signals: dict[Side, FloatArray] = dict.fromkeys((*SIDES, "both"), signal)
        found = _of_side(body, signal, in_position, counting=counting, settings=settings, side="both")
    else:
        signals = {"left": signal[:, 0], "right": signal[:, 1], "both": midpoint(signal[:, 0], signal[:, 1])}
        found = _joined(
            *(
                _of_side(body, signals[side], in_position, counting=counting, settings=settings, side=side)
                for side in SIDES
            )
        )
    if counting.side_of is not None:
        found = [replace(one, side=SIDE_OF[counting.side_of](body, one)) for one in found]
    return Found(excursions=tuple(number_sets(body.track.time_s, found)), signals=signals)


def _of_side(
    body: Body,
    signal: FloatArray,
    in_position: NDArray[np.bool_],
    *,
    counting: Counting,
    settings: RepetitionSettings,
    side: Side,
) -> list[Excursion]:
    """Return the excursions of one signal, shape (T,), that belong to this exercise: full and partial ones."""
    find = partial(
        find_excursions,
        body.track.time_s,
        signal,
        range_min=counting.range_min,
        settings=settings,
        in_position=in_position,
    )

    def fit(found: Sequence[Excursion]) -> list[Excursion]:
        named = (replace(one, side=side) for one in found)
        return [
            replace(one, full=one.full and _peak(signal, one) >= counting.full_level)
            for one in named
            if signal[one.start] <= counting.rest_level
            and _peak(signal, one) >= counting.partial_level
            and all(CHECKS[check](body, one) for check in counting.checks)
        ]

    found = find()
    usual = [one for one in fit(found) if one.full]
    if len(usual) >= _USUAL_MIN:  # what else happens in the clip does not move the thresholds
        bounds = _bounds(calmed(body.track.time_s, signal), usual)
        found = find(bounds=bounds)
    return fit(found)


def _peak(signal: FloatArray, one: Excursion) -> float:
    return float(np.nanmax(signal[one.start : one.end + 1]))


def _bounds(signal: FloatArray, usual: Sequence[Excursion]) -> tuple[float, float]:
    """Return the resting and the turning level of usual repetitions: the medians of the calmed signal there."""
    starts, turns = [one.start for one in usual], [one.turn for one in usual]
    return float(np.nanmedian(signal[starts])), float(np.nanmedian(signal[turns]))


def _joined(left: Sequence[Excursion], right: Sequence[Excursion]) -> list[Excursion]:
    """Return the excursions of two limbs in time order; two that turn together become one excursion of both sides."""
    rest, joined = list(right), []
    for one in left:
        other = next((other for other in rest if _together(one, other)), None)
        if other is None:
            joined.append(one)
            continue
        rest.remove(other)
        first = one if one.full or not other.full else other
        joined.append(replace(first, side="both"))
    return sorted([*joined, *rest], key=lambda one: one.turn)


def _together(one: Excursion, other: Excursion) -> bool:
    """Return whether two limbs move at the same time; limbs that alternate overlap for at most a third of the time.

    Two excursions whose turning points nearly coincide count as simultaneous, however much their ends differ.
    """
    shared = min(one.end, other.end) - max(one.start, other.start)
    shorter = min(one.end - one.start, other.end - other.start)
    if abs(one.turn - other.turn) <= _SAME_TURN_SHARE * shorter:
        return True
    return shared >= _TOGETHER_SHARE * (max(one.end, other.end) - min(one.start, other.start))


def number_sets(time_s: FloatArray, excursions: Sequence[Excursion]) -> list[Excursion]:
    """Return the excursions with their set numbers: a rest that is long against the rhythm begins a new set."""
    if not excursions:
        return []
    periods = np.diff([time_s[one.turn] for one in excursions])
    pause_s = max(_PAUSE_S, _PAUSE_PERIODS * float(np.median(periods)) if periods.size else 0.0)
    numbered, number = [], 1
    for before, one in zip([excursions[0], *excursions], excursions, strict=False):
        number += int(time_s[one.start] - time_s[before.end] > pause_s)
        numbered.append(replace(one, set_index=number))
    return numbered
