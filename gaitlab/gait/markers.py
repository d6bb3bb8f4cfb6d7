"""Contacts of tracks that come from markers: both kinds come early there, by about the same time.

A marker on the ankle, or a joint centre computed from markers, begins to slow down before the heel lands; what a
network calls the ankle does not. Against force plates and labelled events the heel strikes of four data sets came 17 to
52 ms early, the toe-offs as much, while those of MoveNet are right on average. So all contacts of a pass are moved by
one time, and no step, stance or swing changes its length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from gaitlab.gait.events import LEGS, Event, Pass
from gaitlab.motion.runs import rows_within
from gaitlab.records import FloatArray, PoseTrack

__all__ = ["comes_from_markers", "has_marked_feet", "landing_delay_s", "moved"]

# The foot is taken to have landed when its ankle moves forward over the floor at less than this share of the walking
# speed; in four laboratories that took 0.02 to 0.04 of a stride. What takes longer than 0.06 lands in another way, and
# nothing is moved (both ours).
_LANDED_SHARE: Final = 0.3
_LATEST_SHARE: Final = 0.06


def comes_from_markers(track: PoseTrack) -> bool:
    """Return whether every keypoint that is known has the same score: a network doubts some more than others."""
    known = track.score[np.isfinite(track.xy_px).all(axis=2) & (track.score > 0)]
    return known.size > 0 and float(np.ptp(known)) == 0.0


def has_marked_feet(track: PoseTrack) -> bool:
    """Return whether heel and toe are known closely enough to measure with: where they are markers, as all the rest."""
    if track.feet is None or not comes_from_markers(track):
        return False
    known = track.feet.score[np.isfinite(track.feet.xy_px).all(axis=2) & (track.feet.score > 0)]
    return known.size > 0 and bool(np.all(known == track.score.max()))


def landing_delay_s(walk: Pass, events: Sequence[Event]) -> float:
    """Return the median time from the foremost moment of the ankles to when they have nearly stopped on the floor.

    The floor goes back under the hips at the speed at which the ankles of standing feet do. 0 where most feet land in
    another way, and in walking backward.
    """
    speed = np.gradient(walk.ahead_px, walk.time_s, axis=0)
    back = speed[speed < 0]
    if not back.size or walk.backward:
        return 0.0
    walking = -float(np.median(back[back < 0.5 * np.median(back)]))
    over_floor = 1.0 + speed / walking
    delays_s = [
        _first_below_s(walk.time_s, over_floor[:, LEGS.index(one.side)], one.time_s, _LATEST_SHARE * walk.period_s)
        for one in events
        if one.kind == "heel_strike"
    ]
    known = [one for one in delays_s if np.isfinite(one)]
    return float(np.median(known)) if 2 * len(known) > len(delays_s) else 0.0


def moved(events: Sequence[Event], delay_s: float) -> list[Event]:
    """Return the events, each later by the delay."""
    return [replace(one, time_s=one.time_s + delay_s) for one in events]


def _first_below_s(time_s: FloatArray, values: FloatArray, from_s: float, within_s: float) -> float:
    """Return how long after a moment the values first come down to the share; NaN if they do not in time."""
    rows = rows_within(time_s, from_s, from_s + within_s)
    after = rows.start + np.flatnonzero((time_s[rows] > from_s) & (values[rows] <= _LANDED_SHARE))
    if not after.size or after[0] == 0 or not np.isfinite(values[after[0] - 1]):
        return float("nan")
    i = int(after[0])
    high, low = values[i - 1], values[i]
    share = (high - _LANDED_SHARE) / (high - low) if high > _LANDED_SHARE else 0.0
    return max(0.0, float(time_s[i - 1] + share * (time_s[i] - time_s[i - 1])) - from_s)
