"""Corrections of repetitions by hand: deleted where the program saw one too many, added where it saw one too few."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from gaitlab.records import Edit, FloatArray, Side
from gaitlab.records.edits import repetition_edits
from gaitlab.records.skeleton import SIDES
from gaitlab.repetitions.counting import Excursion, excursions_around
from gaitlab.repetitions.exercise_row import Counting
from gaitlab.repetitions.finding import Found, number_sets, of_sides, with_depth
from gaitlab.settings import RepetitionSettings

__all__ = ["corrected"]

_BY_HAND = 1.0  # confidence in what somebody saw


def corrected(
    found: Found, time_s: FloatArray, edits: Iterable[Edit], *, counting: Counting | None, settings: RepetitionSettings
) -> Found:
    """Return the repetitions with the edits applied in their order.

    A deleted repetition is each that contains the moment of the edit. An added one lies around the turn nearest to the
    moment of the edit; neighbours that reach into it end where it begins. Where the body does not move at that moment,
    nothing is added.

    Parameters
    ----------
    found : Found
    time_s : ndarray, shape (T,)
        Of the signals of `found`.
    edits : iterable of Edit
        Those of contacts and sides are passed over, and so are those that are taken back.
    counting : Counting or None
        Of the exercise; None for any movement, which has no depth.
    settings : RepetitionSettings
    """
    for edit in repetition_edits(edits):
        if edit.kind == "delete_repetition":
            found = _without(found, time_s, edit.time_s)
        else:
            found = _with(found, time_s, edit.time_s, counting, settings)
    return found


def _without(found: Found, time_s: FloatArray, moment_s: float) -> Found:
    kept = [
        (one, sure)
        for one, sure in zip(found.excursions, found.confidences, strict=True)
        if not time_s[one.start] <= moment_s <= time_s[one.end]
    ]
    return replace(found, excursions=tuple(one for one, _ in kept), confidences=tuple(sure for _, sure in kept))


def _with(
    found: Found, time_s: FloatArray, moment_s: float, counting: Counting | None, settings: RepetitionSettings
) -> Found:
    turns_s = np.sort([moment_s, *(time_s[one.turn] for one in found.excursions)])
    place = int(np.searchsorted(turns_s, moment_s))
    sides: tuple[Side, ...] = ("both",) if found.signals["left"] is found.signals["both"] else SIDES
    ends_at_turn = counting is not None and counting.ends_at_turn
    new: dict[Side, Excursion] = {}
    for side in sides:
        around = excursions_around(time_s, found.signals[side], turns_s, settings=settings, ends_at_turn=ends_at_turn)
        near = [one for one in around if time_s[one.start] <= moment_s <= time_s[one.end]]
        if near:
            new[side] = min(near, key=lambda one: abs(time_s[one.turn] - moment_s))
    if not new:
        return found
    one = of_sides(new, found.signals)
    if counting is not None:
        (one,) = with_depth(found.signals, [one], counting)
    before = [_cut(other, end=one.start) for other in found.excursions[:place]]
    after = [_cut(other, start=one.end) for other in found.excursions[place:]]
    return replace(
        found,
        excursions=tuple(number_sets(time_s, [*before, one, *after])),
        confidences=(*found.confidences[:place], _BY_HAND, *found.confidences[place:]),
    )


def _cut(one: Excursion, *, start: int | None = None, end: int | None = None) -> Excursion:
    """Return an excursion that leaves room for its new neighbour, with its turn still inside."""
    first = one.start if start is None else min(max(one.start, start), one.turn)
    last = one.end if end is None else max(min(one.end, end), one.turn)
    return replace(one, start=first, end=last)
