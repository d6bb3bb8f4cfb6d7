"""Heel strikes and toe-offs from heel and toe.

Heel strike is the fastest fall of the foot's middle (O'Connor et al. 2007, Gait & Posture 25:469): the forefoot comes
down as soon as the heel has landed. A foot that lands flat does not fall like that; it has landed when its heel goes
forward at less than half the walking speed. Toe-off is told by the toe's forward speed over the floor (Ghoussayni et
al. 2004, Gait & Posture 20:266), here as a share of the walking speed, so that no scale is needed: at 2.2 times the
walking speed the toe has been off the floor for 52 ms. Share and delay are the same for everybody; they were chosen
beside four data sets, each left out in turn. They hold for walking. The ankle's contacts say where to look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from gaitlab.gait.events import LEGS, Event, Pass
from gaitlab.gait.feet.positions import Feet, floor_speed_px_s, walking_speed_px_s
from gaitlab.gait.rhythm import parabola_peak
from gaitlab.gait.toe_off import largest_inside
from gaitlab.motion.runs import rows_within
from gaitlab.records import FloatArray

__all__ = ["heel_strikes", "toe_offs"]

_STRIKE_SHARES: Final = (-0.05, 0.12)  # of the stride period, around the ankle's foremost moment (ours)
_TOE_OFF_SHARES: Final = (-0.10, 0.25)  # of the stride period, around the ankle's rearmost moment (ours)
_FALL_MIN_SHARE: Final = 0.2  # of the walking speed; a foot that falls more slowly lands flat (ours)
_LANDED_SHARE: Final = 0.5  # of the walking speed, of the heel of a foot that lands flat (ours)
_AWAY_SHARE: Final = 2.2  # of the walking speed, of the toe (ours)
_AWAY_DELAY_S: Final = 0.052  # from toe-off to that speed (ours)


def heel_strikes(walk: Pass, feet: Feet, events: Sequence[Event]) -> list[Event] | None:
    """Return the heel strikes of a pass walked forward, each at the time that heel and toe tell.

    Parameters
    ----------
    walk : Pass
    feet : Feet
        Of its frames.
    events : sequence of Event
        From the ankles, as `find_events` gives them.

    Returns
    -------
    list of Event or None
        A heel strike whose foot is not seen moves by the median move of the others; None where fewer than half are
        seen: then the ankles have to tell.
    """
    strikes = [one for one in events if one.kind == "heel_strike"]
    heel = _over_floor(walk, feet, events, feet.heel_px)
    fall = -np.gradient(feet.middle_px[:, :, 1], walk.time_s, axis=0) / walking_speed_px_s(walk, events)
    return _moved(
        strikes,
        [_strike_s(walk, one, *(of_feet[:, LEGS.index(one.side)] for of_feet in (fall, heel))) for one in strikes],
    )


def toe_offs(walk: Pass, feet: Feet, events: Sequence[Event]) -> list[Event] | None:
    """Return the toe-offs of a pass walked forward, by the toe; else as `heel_strikes`."""
    offs = [one for one in events if one.kind == "toe_off"]
    toe = _over_floor(walk, feet, events, feet.toe_px)
    return _moved(offs, [_toe_off_s(walk, one, toe[:, LEGS.index(one.side)]) for one in offs])


def _over_floor(walk: Pass, feet: Feet, events: Sequence[Event], px: FloatArray) -> FloatArray:
    """Return the forward speed over the floor of points, shape (T, 2, 2), in walking speeds, shape (T, 2)."""
    forward_px_s = np.gradient(px[:, :, 0], walk.time_s, axis=0)
    return np.asarray((forward_px_s - floor_speed_px_s(walk, feet, events)) / walking_speed_px_s(walk, events))


def _strike_s(walk: Pass, event: Event, fall: FloatArray, over_floor: FloatArray) -> float:
    """Return when a foot lands, by its fall and its heel's speed over the floor, in walking speeds; NaN if not seen."""
    window = _around(walk, event, _STRIKE_SHARES)
    fastest = largest_inside(fall, window)
    if fastest is not None and fall[fastest] >= _FALL_MIN_SHARE:
        return parabola_peak(walk.time_s, fall, fastest)
    return _crossing_s(walk.time_s, -over_floor, window, -_LANDED_SHARE)


def _toe_off_s(walk: Pass, event: Event, over_floor: FloatArray) -> float:
    """Return when a toe leaves the floor, by its speed over the floor in walking speeds; NaN if not seen."""
    window = _around(walk, event, _TOE_OFF_SHARES)
    return _crossing_s(walk.time_s, over_floor, window, _AWAY_SHARE) - _AWAY_DELAY_S


def _around(walk: Pass, event: Event, shares: tuple[float, float]) -> slice:
    first_s, last_s = (event.time_s + share * walk.period_s for share in shares)
    return rows_within(walk.time_s, first_s, last_s)


def _crossing_s(time_s: FloatArray, values: FloatArray, window: slice, level: float) -> float:
    """Return when values first rise to a level inside a window, on a line between frames; NaN if they do not."""
    inside, at_s = values[window], time_s[window]
    risen = np.flatnonzero((inside[:-1] < level) & (inside[1:] >= level))
    if not risen.size:
        return float("nan")
    pair = slice(int(risen[0]), int(risen[0]) + 2)
    return float(np.interp(level, inside[pair], at_s[pair]))


def _moved(events: Sequence[Event], at_s: Sequence[float]) -> list[Event] | None:
    """Return events at new times; those whose time is NaN move by the median move of the others. None if most are."""
    moves = np.array(at_s) - np.array([one.time_s for one in events])
    known = np.isfinite(moves)
    if 2 * np.count_nonzero(known) < max(1, len(events)):
        return None
    moves[~known] = np.median(moves[known])
    return [replace(one, time_s=one.time_s + move) for one, move in zip(events, moves.tolist(), strict=True)]
