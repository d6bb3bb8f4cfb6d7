"""Toe-offs, from the ankle alone, and the duty factor: the share of a stride in which the foot is on the ground.

Toe-off is the fastest rise of the foot (O'Connor et al. 2007, Gait & Posture 25:469), taken at the ankle because no toe
is seen. Against force plates in walking it comes 29-38 ms early (the ankle's rearmost moment of Zeni et al. 2008:
61-74 ms). In running it comes about 50 ms late, so contact and flight are withheld there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from gaitlab.gait.events import LEGS, Event, Leg, Pass, Step
from gaitlab.gait.rhythm import parabola_peak
from gaitlab.records import FloatArray, PoseTrack, Stride
from gaitlab.records.skeleton import Keypoint

__all__ = [
    "ANKLES",
    "Cycle",
    "duty_factor",
    "find_cycles",
    "time_toe_offs",
    "time_touch_downs",
    "toe_offs_in_steps",
]

#: Keypoints by side.
ANKLES: Final[dict[Leg, Keypoint]] = {"left": Keypoint.LEFT_ANKLE, "right": Keypoint.RIGHT_ANKLE}
_FALL_BEFORE_EXTREME = 0.03  # of the stride period, from the ankle's extreme: 25-36 ms in the walk on force plates
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
    """Return the toe-offs of a pass, each moved to the fastest rise of the ankle near its rearmost moment.

    A toe-off whose rise is not seen, or has no peak from 0.1 of a stride before to 0.2 after, is left out; so are all
    toe-offs of a pass walked backward, where the heel leaves the ground last.
    """
    if walk.backward:
        return []
    rises = {side: _rise(walk.time_s, y_px) for side, y_px in _heights(track, walk).items()}
    window = (-_BEFORE_SHARE * walk.period_s, _AFTER_SHARE * walk.period_s)
    return _moved([event for event in events if event.kind == "toe_off"], walk.time_s, rises, window)


def time_touch_downs(track: PoseTrack, walk: Pass, events: Sequence[Event]) -> list[Event]:
    """Return the events of a pass; walking backward, the touch-downs are moved to the fastest fall of the ankle.

    In walking backward the toes touch down behind the body, where in walking forward they leave the ground. It is a
    toe-off played backward, so the window is that of `time_toe_offs` reversed. Touch-downs without a fall in the window
    move by the average shift of the others.
    """
    if not walk.backward:
        return list(events)
    falls = {side: -_rise(walk.time_s, y_px) for side, y_px in _heights(track, walk).items()}
    window = (-_AFTER_SHARE * walk.period_s, _BEFORE_SHARE * walk.period_s)
    timed = []
    for event in events:
        found = _moved([event], walk.time_s, falls, window) if event.kind == "heel_strike" else [event]
        timed += found or [replace(event, time_s=event.time_s - _FALL_BEFORE_EXTREME * walk.period_s)]
    return sorted(timed, key=lambda event: event.time_s)


def _heights(track: PoseTrack, walk: Pass) -> dict[Leg, FloatArray]:
    rows = np.searchsorted(track.time_s, walk.time_s)
    return {side: track.xy_px[rows, ankle, 1] for side, ankle in ANKLES.items()}


def _moved(
    events: Sequence[Event], time_s: FloatArray, speeds: dict[Leg, FloatArray], window_s: tuple[float, float]
) -> list[Event]:
    """Return the events, each at the peak of its foot's speed within a window around it; those without left out."""
    timed = []
    for event in events:
        at_s = _peak_s(time_s, speeds[event.side], event.time_s + window_s[0], event.time_s + window_s[1])
        if np.isfinite(at_s):
            timed.append(replace(event, time_s=at_s))
    return timed


def _rise(time_s: FloatArray, y_px: FloatArray) -> FloatArray:
    """Return the upward velocity; NaN beside unknown frames."""
    return np.asarray(-np.gradient(y_px, time_s))


def _peak_s(time_s: FloatArray, values: FloatArray, first_s: float, last_s: float) -> float:
    """Return the time of the largest maximum inside a window, between frames by a parabola; NaN if there is none."""
    inside = np.flatnonzero((time_s >= first_s) & (time_s <= last_s))
    if inside.size < 3 or not np.isfinite(values[inside]).all():
        return float("nan")
    i = int(inside[np.argmax(values[inside])])
    if i in (inside[0], inside[-1]):
        return float("nan")
    return parabola_peak(time_s, values, i)


def find_cycles(strides: Sequence[Stride], toe_offs: Sequence[Event]) -> list[Cycle]:
    """Return the strides within which their foot leaves the ground exactly once."""
    cycles = []
    for stride in strides:
        own = [
            event.time_s
            for event in toe_offs
            if event.side == stride.side and stride.start_s < event.time_s < stride.end_s
        ]
        if len(own) == 1:
            cycles.append(Cycle(stride=stride, toe_off_s=own[0]))
    return cycles


def toe_offs_in_steps(toe_offs: Sequence[Event], steps: Sequence[Step]) -> list[Event]:
    """Return the toe-offs within the step of their own foot; a single toe-off is not reliable."""
    return [
        event
        for event in toe_offs
        if any(step.side == event.side and step.start_s < event.time_s < step.end_s for step in steps)
    ]


def duty_factor(cycles: Sequence[Cycle]) -> float:
    """Return the median share of a stride that a foot is on the ground, 0..1; NaN without a cycle of each leg."""
    sides = {cycle.stride.side for cycle in cycles}
    if sides != set(LEGS):
        return float("nan")
    return float(np.median([cycle.stance_percent for cycle in cycles])) / 100.0
