"""Recognition of the exercise in a track, without a trained network: every row's traits against what is seen.

Each row of the table says what its movement has, in physical terms. How well the repetitions have these traits makes
the claim of the row; a claim against those of the other rows, and against that of something else, makes the confidence
in the name. Something else is never seen: it is what no row describes, with a claim of its own, so that a movement that
fits no row well has no name. The count stands without one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np

from gaitlab.motion.geometry import midpoint
from gaitlab.motion.runs import known_median
from gaitlab.records import Edit
from gaitlab.repetitions.body import Body
from gaitlab.repetitions.corrections import corrected
from gaitlab.repetitions.counting import Excursion
from gaitlab.repetitions.exercise_row import Exercise
from gaitlab.repetitions.exercises import EXERCISES
from gaitlab.repetitions.finding import Found, Movement
from gaitlab.repetitions.signals import thigh_drops
from gaitlab.repetitions.traits import Posture, degree

__all__ = ["begins_seated", "recognise"]

_ELSE = 0.35  # the claim of something else: a movement that fits a row worse than that is likelier none (ours)
_SURE_MIN = 0.5  # a name that is less sure is none: better none than a wrong one (ours)
#: Confidence by the number of repetitions: one alone may be a chance movement (ours).
_BY_COUNT: Final = (0.0, 0.7, 0.9, 0.95, 1.0)
_EXPLAINED_WEIGHT = 0.45  # of the confidence, by the share of what repeats that the row counts (ours)
_AGREED_WEIGHT = 0.5  # of the confidence, by the agreement of the signals (ours)
_STEPS_SPLIT, _STEPS_OTHER = 0.77, 0.14  # left of a claim where the legs swing by turns: of lunges, of others (ours)
_SEATED_RISE = 0.5  # thighs 60 degrees or more from the vertical: seated (ours)
_FIRST_S = 0.5


def recognise(movement: Movement, *, edits: Sequence[Edit] = ()) -> tuple[str, float] | None:
    """Return the exercise of a track and the confidence in it, 0..1; None when no name is surer than 0.5.

    Parameters
    ----------
    movement : Movement
    edits : sequence of Edit
        Corrections by hand; the rows that have repetitions with them are asked.
    """
    posture = Posture(movement.body, begins_seated=begins_seated(movement.body))
    claims = {
        name: _claim(movement, posture, exercise)
        for name, exercise in EXERCISES.items()
        if exercise.traits and _is_counted(movement, exercise, edits)
    }
    if not claims:
        return None
    best = max(claims, key=lambda name: claims[name])
    found = movement.found(EXERCISES[best])
    n, n_any = len(found.excursions), len(movement.repeated.excursions)
    sure = claims[best] ** 2 / (sum(claim**2 for claim in claims.values()) + _ELSE**2)
    sure *= 1 - _EXPLAINED_WEIGHT * (1 - min(1.0, n / max(1, n_any)))
    sure *= 1 - _AGREED_WEIGHT * (1 - found.agreement)
    sure *= _BY_COUNT[min(n, len(_BY_COUNT) - 1)]
    return (best, float(sure)) if sure >= _SURE_MIN else None


def _is_counted(movement: Movement, row: Exercise, edits: Sequence[Edit]) -> bool:
    """Return whether there are repetitions of a row, with the corrections by hand."""
    time_s, found = movement.body.track.time_s, movement.found(row)
    return bool(corrected(found, time_s, edits, counting=row.counting, settings=movement.settings).excursions)


def _claim(movement: Movement, posture: Posture, row: Exercise) -> float:
    """Return how well what a row counts has the traits of the row, 0..1."""
    excursions = _right_way_round(movement.found(row))
    claim = 1.0
    for trait in row.traits:
        claim *= degree(posture, trait, excursions)
    if movement.steps:
        claim *= _STEPS_SPLIT if row.counting.side_of == "front_leg" else _STEPS_OTHER
    return claim


def _right_way_round(found: Found) -> list[Excursion]:
    """Return the excursions from rest to turn: the counter of any movement may have taken the one for the other."""
    ones = list(found.excursions)
    signal = found.signals
    rises = known_median(np.array([signal[one.side][one.turn] - signal[one.side][one.start] for one in ones]))
    if len(ones) < 2 or not rises < 0:
        return ones
    return [replace(one, start=one.turn, turn=one.end, end=later.turn) for one, later in pairwise(ones)]


def begins_seated(body: Body) -> bool:
    """Return whether the thighs are about level when the person is seen first."""
    drops = thigh_drops(body)
    rise = -midpoint(drops[:, 0], drops[:, 1])
    known = np.flatnonzero(np.isfinite(rise))
    if not known.size:
        return False
    first = rise[body.track.time_s <= body.track.time_s[known[0]] + _FIRST_S]
    return bool(np.nanmedian(first) <= _SEATED_RISE)
