"""Toe-offs, from the ankle alone, and the duty factor: the share of a stride in which the foot is on the ground.

The fastest rise of the foot (O'Connor et al. 2007, Gait & Posture 25:469) is taken at the ankle: no toe is seen. The
foot leaves the ground a little earlier: with the fastest rise itself the stance of eleven walkers was 1.9 points longer
than inertial sensors say, with the moment just before it (`_RISE_SHARE`) 0.0. In running toe-off comes some 30 ms late,
so contact and flight are withheld there.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from gaitlab.gait.events import LEGS, Event, Leg, Pass, Step, between, times_by_foot
from gaitlab.gait.rhythm import parabola_peak
from gaitlab.motion.runs import rows_within
from gaitlab.records import FloatArray, PoseTrack, Stride
from gaitlab.records.skeleton import Keypoint

__all__ = [
    "ANKLES",
    "Cycle",
    "duty_factor",
    "find_cycles",
    "largest_inside",
    "time_toe_offs",
    "time_touch_downs",
    "toe_offs_in_steps",
]

#: Keypoints by side.
ANKLES: Final[dict[Leg, Keypoint]] = {"left": Keypoint.LEFT_ANKLE, "right": Keypoint.RIGHT_ANKLE}
_FALL_BEFORE_EXTREME = 0.03  # of the stride period, from the ankle's extreme: 25-36 ms in the walk on force plates
_RISE_SHARE = 0.93  # of the fastest rise, reached some 20 ms before it, is toe-off (ours)
_BEFORE_SHARE, _AFTER_SHARE = 0.10, 0.20  # of the stride period around the ankle's rearmost moment (ours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """One stride with the toe-off of its foot."""

    stride: Stride
    toe_off_s: float

    @property
    def stance_s(self) -> float:
        """Time of the foot on the ground."""
        return self.toe_off_s - self.stride.start_s

    @property
    def swing_s(self) -> float:
        """Time of the foot in the air."""
        return self.stride.end_s - self.toe_off_s

    @property
    def stance_percent(self) -> float:
        """Stance as a share of the stride, 0-100."""
        return 100.0 * self.stance_s / (self.stride.end_s - self.stride.start_s)


def time_toe_offs(track: PoseTrack, walk: Pass, events: Sequence[Event]) -> list[Event]:
    """Return the toe-offs of a pass, each where the ankle, near its rearmost moment, rises nearly at its fastest.

    A toe-off whose rise is not seen, or has no peak from 0.1 of a stride before to 0.2 after, is left out; so are all
    toe-offs of a pass walked backward, where the heel leaves the ground last.
    """
    if walk.backward:
        return []
    rises = {side: _rise(walk.time_s, y_px) for side, y_px in _heights(track, walk).items()}
    timed = []
    for event in events:
        window = rows_within(
            walk.time_s, event.time_s - _BEFORE_SHARE * walk.period_s, event.time_s + _AFTER_SHARE * walk.period_s
        )
        fastest = largest_inside(rises[event.side], window) if event.kind == "toe_off" else None
        if fastest is not None:
            at_s = _reached_s(walk.time_s, rises[event.side], window.start, fastest)
            timed.append(replace(event, time_s=at_s))
    return timed


def time_touch_downs(track: PoseTrack, walk: Pass, events: Sequence[Event]) -> list[Event]:
    """Return the events of a pass; walking backward, the touch-downs are moved to the fastest fall of the ankle.

    In walking backward the toes touch down behind the body, where in walking forward they leave the ground. It is a
    toe-off played backward, so the window is that of `time_toe_offs` reversed. Touch-downs without a fall in the window
    move by the average shift of the others.
    """
    if not walk.backward:
        return list(events)
    falls = {side: -_rise(walk.time_s, y_px) for side, y_px in _heights(track, walk).items()}
    timed = []
    for event in events:
        at_s = event.time_s
        if event.kind == "heel_strike":
            window = rows_within(walk.time_s, at_s - _AFTER_SHARE * walk.period_s, at_s + _BEFORE_SHARE * walk.period_s)
            fastest = largest_inside(falls[event.side], window)
            at_s -= _FALL_BEFORE_EXTREME * walk.period_s
            if fastest is not None:
                at_s = parabola_peak(walk.time_s, falls[event.side], fastest)
        timed.append(replace(event, time_s=at_s))
    return sorted(timed, key=lambda event: event.time_s)


def _heights(track: PoseTrack, walk: Pass) -> dict[Leg, FloatArray]:
    rows = np.searchsorted(track.time_s, walk.time_s)
    return {side: track.xy_px[rows, ankle, 1] for side, ankle in ANKLES.items()}


def _rise(time_s: FloatArray, y_px: FloatArray) -> FloatArray:
    """Return the upward velocity; NaN beside unknown frames."""
    return np.asarray(-np.gradient(y_px, time_s))


def largest_inside(values: FloatArray, window: slice) -> int | None:
    """Return the frame of the largest maximum inside a window; None if there is none, or if a value is unknown."""
    inside = values[window]
    if inside.size < 3 or not np.isfinite(inside).all():
        return None
    i = int(np.argmax(inside))
    return None if i in (0, inside.size - 1) else window.start + i


def _reached_s(time_s: FloatArray, rise: FloatArray, first: int, fastest: int) -> float:
    """Return when the rise, on its way to its fastest, reaches `_RISE_SHARE` of it; between frames on a line."""
    level = _RISE_SHARE * rise[fastest]
    below = np.flatnonzero(rise[first:fastest] < level)
    if not below.size:
        return float(time_s[first])
    last = first + int(below[-1])
    return float(np.interp(level, rise[last : last + 2], time_s[last : last + 2]))


def find_cycles(strides: Sequence[Stride], toe_offs: Sequence[Event]) -> list[Cycle]:
    """Return the strides within which their foot leaves the ground exactly once."""
    lifts_s, cycles = times_by_foot(toe_offs, "toe_off"), []
    for stride in strides:
        match between(lifts_s[stride.side], stride.start_s, stride.end_s):
            case [toe_off_s]:
                cycles.append(Cycle(stride=stride, toe_off_s=toe_off_s))
    return cycles


def toe_offs_in_steps(toe_offs: Sequence[Event], steps: Sequence[Step]) -> list[Event]:
    """Return the toe-offs within the step of their own foot; a single toe-off is not reliable."""
    own = {side: sorted((step.start_s, step.end_s) for step in steps if step.side == side) for side in LEGS}

    def in_step(event: Event) -> bool:  # the steps of one foot follow each other
        begun = bisect_left(own[event.side], (event.time_s,))
        return begun > 0 and event.time_s < own[event.side][begun - 1][1]

    return [event for event in toe_offs if in_step(event)]


def duty_factor(cycles: Sequence[Cycle]) -> float:
    """Return the median share of a stride that a foot is on the ground, 0..1; NaN without a cycle of each leg."""
    sides = {cycle.stride.side for cycle in cycles}
    if sides != set(LEGS):
        return float("nan")
    return float(np.median([cycle.stance_percent for cycle in cycles])) / 100.0
