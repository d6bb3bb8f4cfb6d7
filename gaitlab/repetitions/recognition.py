"""Recognition of the exercise in a track, without a trained network: every row is counted, and the surest one is named.

A count is sure where the movement fits the row: position, levels and checks. The checks distinguish similar exercises
(a press and a pull-up by the part that stays in place, a squat and a lunge by the knees). Where no row is sure there is
no name, and the count of any movement stands. Two pairs move alike over a repetition. Their rows name the property of
the whole clip that distinguishes them (`Counting.told_by`), and this module finds it: the direction of raised arms, and
the start posture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from gaitlab.motion.anthropometry import ARM, TRUNK
from gaitlab.motion.geometry import midpoint
from gaitlab.motion.runs import known_median
from gaitlab.records import ExerciseSummary, Repetition
from gaitlab.repetitions.body import Body
from gaitlab.repetitions.exercise_row import ToldBy
from gaitlab.repetitions.exercises import exercise_of
from gaitlab.repetitions.signals import thigh_drops

__all__ = ["recognise"]

_COUNT_MIN = 2  # one alone is not taken for an exercise: a step or a jump resembles it for a moment (ours)
_SURE_COUNT = 4  # so many leave no doubt (ours)
_RIVAL_WEIGHT = 0.5  # what an exercise that is as sure takes from the confidence (ours)
_SURE_MIN = 0.5  # a count that is less sure has no name: better none than a wrong one (ours)
_SEATED_RISE = 0.5  # thighs 60 degrees or more from the vertical: seated (ours)
_FIRST_S = 0.5
_SIDEWAYS_SHARE = 0.4  # of an arm: what reaches further shows its direction (ours)
_FRONT_SPREAD = 0.35  # shoulder width over trunk, from the front 0.44 and more, from the side below 0.2 (ours)
_ARMS: Final = ("arms_sideways", "arms_forward")


def recognise(summaries: Mapping[str, ExerciseSummary], body: Body) -> tuple[str, float] | None:
    """Return the exercise of a track and the confidence in it, 0..1; None when no count of two or more is sure.

    Parameters
    ----------
    summaries : mapping of str to ExerciseSummary
        All exercises, counted in this track.
    body : Body
    """
    excluded = _excluded(summaries, body)
    claims = {
        name: (one.metrics[0].confidence, _claimed_s(one.repetitions))
        for name, one in summaries.items()
        if one.count - one.partial >= _COUNT_MIN and name not in excluded
    }
    if not claims:
        return None
    # Of rows that fit alike, the one that explains more of the time.
    best = max(claims, key=lambda name: (round(claims[name][0], 1), claims[name][1]))
    sure = claims[best][0]
    if sure < _SURE_MIN:
        return None
    rival = max((claim[0] for name, claim in claims.items() if name != best), default=0.0)
    sure *= min(1.0, (summaries[best].count + 1) / (_SURE_COUNT + 1)) * (1.0 - _RIVAL_WEIGHT * (rival / sure) ** 2)
    return best, float(np.clip(sure, 0.0, 1.0))


def _claimed_s(repetitions: Sequence[Repetition]) -> float:
    return sum(one.end_s - one.start_s for one in repetitions)


def _excluded(summaries: Mapping[str, ExerciseSummary], body: Body) -> set[str]:
    """Return the exercises excluded: the members of the pairs that move alike whose property the clip lacks."""
    told_by = {name: mark for name in summaries if (mark := _told_by(name)) is not None}
    shown: set[ToldBy] = {"begins_seated" if _begins_seated(body) else "begins_standing"}
    raises = [one for name, mark in told_by.items() if mark in _ARMS for one in summaries[name].repetitions]
    if raises:
        shown.add("arms_sideways" if _goes_sideways(body, raises) else "arms_forward")
    return {name for name, mark in told_by.items() if mark not in shown}


def _told_by(name: str) -> ToldBy | None:
    row = exercise_of(name)
    return row.counting.told_by if row else None


def _begins_seated(body: Body) -> bool:
    drops = thigh_drops(body)
    rise = -midpoint(drops[:, 0], drops[:, 1])
    known = np.flatnonzero(np.isfinite(rise))
    if not known.size:
        return False
    first = rise[body.track.time_s <= body.track.time_s[known[0]] + _FIRST_S]
    return bool(np.nanmedian(first) <= _SEATED_RISE)


def _goes_sideways(body: Body, raises: Sequence[Repetition]) -> bool:
    """Return whether the arms are raised to the sides, not to the front: the hands move apart in the picture.

    Where the arms point at the camera, the raise is sideways when the body is seen from the side.
    """
    rows = np.searchsorted(body.track.time_s, [one.turn_s for one in raises])
    wrists, shoulders = body.pair("WRIST")[rows, :, 0], body.pair("SHOULDER")[rows, :, 0]
    reach = (wrists - shoulders) / (ARM * body.height_px[rows, np.newaxis])
    outward = reach * np.sign(shoulders - shoulders[:, ::-1])
    apart, together = known_median(np.abs(reach[:, 0] - reach[:, 1]) / 2), known_median(np.abs(reach.sum(axis=1)) / 2)
    if np.isnan(apart):  # one arm alone is seen
        apart = together = known_median(np.abs(outward))
    spread = known_median(np.abs(shoulders[:, 0] - shoulders[:, 1]) / (TRUNK * body.height_px[rows]))
    if max(apart, together) >= _SIDEWAYS_SHARE and apart != together:
        return apart > together
    return known_median(outward) > _SIDEWAYS_SHARE if spread >= _FRONT_SPREAD else apart < _SIDEWAYS_SHARE
