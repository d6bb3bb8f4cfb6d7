"""The description of one repetition: its phases, range of motion, depth, form notes and confidence."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from gaitlab.records import CUT_OFF, AngleSeries, FloatArray, Repetition, SmoothedTrack
from gaitlab.records.skeleton import SIDES, OneSide
from gaitlab.repetitions.counting import Excursion
from gaitlab.repetitions.exercise_row import Exercise
from gaitlab.repetitions.form import Seen, form_notes, moment_words
from gaitlab.repetitions.measures import MEASURES, aspect_of
from gaitlab.repetitions.standards import Standard

__all__ = ["describe_repetition"]

_REST_S = 1.0  # the rest position of a repetition is searched so long before its start (ours)
_KNOWN_SHARE = 0.8
# A movement on a cosine is within 5 % of its height at the turn for acos(0.9) / 180 degrees of each way; what it stays
# there longer is a hold (ours).
_TOP_SHARE = 0.05
_TOP_OF_WAY = float(np.arccos(1 - 2 * _TOP_SHARE) / np.pi)


def describe_repetition(
    number: int,
    one: Excursion,
    *,
    turns: Sequence[int],
    signal: FloatArray,
    smoothed: SmoothedTrack,
    angles: AngleSeries,
    exercise: Exercise,
    confidence: float,
) -> Repetition:
    """Return an excursion as a repetition.

    Parameters
    ----------
    number : int
        From 1.
    one : Excursion
    turns : sequence of int
        All turning points in order, with the track's first and last frame.
    signal : ndarray, shape (T,)
        The signal that was counted; it rises toward the turn.
    smoothed : SmoothedTrack
    angles : AngleSeries
    exercise : Exercise
    confidence : float
        That it is one of the exercise.
    """
    standard = exercise.standard
    rows = slice(one.start, one.end + 1)
    time_s, xy_px = smoothed.track.time_s, smoothed.track.xy_px[rows]
    sides: tuple[OneSide, ...] = SIDES if one.side == "both" else (one.side,)
    seen = Seen(
        time_s=time_s[rows],
        xy_px=xy_px,
        lean_deg=angles.angle("trunk_lean")[rows],
        measure=standard.measure,
        sides=sides,
        aspect=aspect_of(xy_px),
    )
    reached = _reached(seen)
    form = form_notes(seen, standard.form)
    outward_s, hold_s, return_s = _phases(time_s, signal, one)
    return Repetition(
        index=number,
        side=one.side,
        start_s=float(time_s[one.start]),
        turn_s=float(time_s[one.turn]),
        end_s=float(time_s[one.end]),
        range_deg=_range_deg(one, turns, seen, angles, standard),
        notes=(*(f"{note.text} at {moment_words(note.time_s)}" for note in form), *([CUT_OFF] if one.cut_off else [])),
        confidence=confidence,
        set_index=one.set_index,
        outward_s=outward_s,
        hold_s=hold_s,
        return_s=return_s,
        depth=float(np.mean(list(reached.values()))) / standard.full_deg if reached else None,
        left_right_difference_deg=_difference_deg(seen, standard),
        form=form,
        is_shallow=not one.full,
    )


def _phases(time_s: FloatArray, signal: FloatArray, one: Excursion) -> tuple[float | None, float | None, float | None]:
    """Return the duration of the way out, of the hold at the turn and of the way back, in seconds.

    The hold is the stretch around the turn within 5 % of the excursion's height, less the time that a cosine without a
    hold spends there. Of a repetition that is cut off only the way out is known.
    """
    start_s, turn_s, end_s = (float(time_s[i]) for i in (one.start, one.turn, one.end))
    height = signal[one.turn] - signal[one.start]
    if not (np.isfinite(height) and height > 0):
        return None, None, None
    # Unknown samples do not end the stretch: an arm out of sight for a moment is still up.
    left_it = np.flatnonzero(signal[one.start : one.end + 1] < signal[one.turn] - _TOP_SHARE * height) + one.start
    first = int(max((i for i in left_it if i < one.turn), default=one.start)) + 1
    last = int(min((i for i in left_it if i > one.turn), default=one.end)) - 1
    outward_s = (float(time_s[first]) - start_s) / (1.0 - _TOP_OF_WAY)
    if one.cut_off:
        return min(outward_s, turn_s - start_s), None, None
    return_s = (end_s - float(time_s[last])) / (1.0 - _TOP_OF_WAY)
    hold_s = end_s - start_s - outward_s - return_s
    if hold_s <= 0:
        return turn_s - start_s, 0.0, end_s - turn_s
    return outward_s, hold_s, return_s


def _reached(seen: Seen) -> dict[OneSide, float]:
    """Return the largest value of the standard's measure per moving side; sides that are not seen are left out."""
    if seen.measure is None:
        return {}
    found = {side: MEASURES[seen.measure](seen.xy_px, side) for side in seen.sides}
    return {side: float(np.nanmax(v)) for side, v in found.items() if np.isfinite(v).mean() >= _KNOWN_SHARE}


def _difference_deg(seen: Seen, standard: Standard) -> float | None:
    """Return the range of the left side minus that of the right, where both move and neither hides the other."""
    if seen.measure is None or len(seen.sides) < 2 or seen.aspect == "side" or seen.measure.startswith("trunk"):
        return None
    found = [MEASURES[seen.measure](seen.xy_px, side) for side in seen.sides]
    if min(np.isfinite(v).mean() for v in found) < _KNOWN_SHARE or standard.measure == "pull":
        return None
    left, right = (float(np.nanmax(v) - np.nanmin(v)) for v in found)
    return left - right


def _angle_names(standard: Standard, sides: Sequence[OneSide]) -> list[str]:
    return [f"{side}_{standard.angle}" for side in sides] if standard.angle else []


def _range_deg(
    one: Excursion, turns: Sequence[int], seen: Seen, angles: AngleSeries, standard: Standard
) -> float | None:
    """Return the range of motion of the exercise's joints, mean over the sides; None in a view that distorts it.

    The range goes from the least angle since the turning point before (at most 1 s before the start) to the largest
    angle; where the angle falls toward the turn (as in standing up), the other way round.
    """
    if seen.aspect not in standard.aspects:
        return None
    time_s = angles.time_s
    earliest = max(turns[bisect_left(turns, one.turn) - 1], int(np.searchsorted(time_s, time_s[one.start] - _REST_S)))
    ranges = []
    for name in _angle_names(standard, seen.sides):
        rest, bent = angles.angle(name)[earliest : one.turn + 1], angles.angle(name)[one.start : one.end + 1]
        if np.isfinite(rest).mean() >= _KNOWN_SHARE and np.isfinite(bent).mean() >= _KNOWN_SHARE:
            up, down = np.nanmax(bent) - np.nanmin(rest), np.nanmax(rest) - np.nanmin(bent)
            ranges.append(float(max(up, down)))
    return float(np.mean(ranges)) if ranges else None
