"""The named chair tests, scored from one clip of standing up and sitting down.

- Five times sit-to-stand: from the start of the first rise to the fifth full stand; points of the Short Physical
  Performance Battery (Guralnik et al. 1994, J Gerontol 49: M85): up to 11.1 s 4, to 13.6 s 3, to 16.6 s 2, slower 1.
- 30-second chair stand (CDC STEADI, 2017): full stands in 30 s; a rise that is more than half done at the end counts.

In both the arms are crossed before the chest; with their help the score is 0. A clip cannot tell help from hands that
rest on the thighs, so where hands are low the tests are withheld with that reason. The time starts with the first
movement instead of the word "go", which a clip does not show: the reaction time is not in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from gaitlab.metrics.confidence import computed, withheld
from gaitlab.motion.geometry import midpoint
from gaitlab.motion.runs import rows_within
from gaitlab.records import FloatArray, Metric, PoseTrack, Repetition
from gaitlab.records.findings import said
from gaitlab.records.skeleton import SIDES
from gaitlab.repetitions.measures import MEASURES, joint_of

__all__ = ["chair_metrics"]

_FIVE, _WINDOW_S = 5, 30.0
#: Below so many seconds, so many points (Guralnik et al. 1994); slower ones get 1.
_POINTS: Final[tuple[tuple[float, int], ...]] = ((11.2, 4), (13.7, 3), (16.7, 2))
_SEATED_MIN_DEG = 55.0  # thighs steeper than that at the start of a rise: the person does not sit on a chair (ours)
_HELPED_MAX_SHARE = 0.2  # of the stands: a single doubtful one does not void a test (ours)
_HALF = 0.5

_TIME, _SCORE, _STANDS = _NAMES = ("five_times_sit_to_stand", "sppb_chair_points", "chair_stands_30s")


def chair_metrics(track: PoseTrack, repetitions: Sequence[Repetition]) -> tuple[Metric, ...]:
    """Return the scores of both tests, each withheld with its reason where the clip does not show it.

    Parameters
    ----------
    track : PoseTrack
    repetitions : sequence of Repetition
        Of `sit-to-stand`: from sitting up to standing (the turn) and back.
    """
    refused = _refused(track, repetitions)
    if refused:
        return tuple(withheld(name, refused, n=len(repetitions)) for name in _NAMES)
    return (*_five_times(repetitions), _in_thirty_seconds(track, repetitions))


def _refused(track: PoseTrack, repetitions: Sequence[Repetition]) -> str | None:
    if not repetitions:
        return "no_repetitions"
    helped = [any(note.rule == "arms_help" for note in one.form) for one in repetitions]
    if np.mean(helped) > _HELPED_MAX_SHARE:
        return "arms_help"
    seats = [_thigh_deg(track, one) for one in repetitions]
    known = [seat for seat in seats if np.isfinite(seat)]
    return None if known and np.median(known) >= _SEATED_MIN_DEG else "no_chair"


def _thigh_deg(track: PoseTrack, one: Repetition) -> float:
    """Return the angle of the thighs to the vertical where a rise starts; NaN where they are not seen."""
    rows = rows_within(track.time_s, one.start_s, one.end_s)
    angles = [MEASURES["thigh"](track.xy_px[rows], side)[:3] for side in SIDES]
    known = np.concatenate(angles)
    known = known[np.isfinite(known)]
    return float(np.median(known)) if known.size else float("nan")


def _stood_s(one: Repetition) -> float:
    """Return the time of the full stand."""
    return one.start_s + one.outward_s if one.outward_s is not None else one.turn_s


def _five_times(repetitions: Sequence[Repetition]) -> tuple[Metric, Metric]:
    in_sets = [[one for one in repetitions if one.set_index == number] for number in {r.set_index for r in repetitions}]
    first = next((row[:_FIVE] for row in sorted(in_sets, key=lambda row: row[0].start_s) if len(row) >= _FIVE), None)
    if first is None:
        n = max(len(row) for row in in_sets)
        return withheld(_TIME, "few_stands", n=n), withheld(_SCORE, "few_stands", n=n)
    seconds = _stood_s(first[-1]) - first[0].start_s
    score = next((points for limit, points in _POINTS if seconds < limit), 1)
    sure = min(one.confidence for one in first)
    return (
        computed(_TIME, seconds, n=_FIVE, confidence=sure),
        computed(_SCORE, float(score), n=_FIVE, confidence=sure),
    )


def _in_thirty_seconds(track: PoseTrack, repetitions: Sequence[Repetition]) -> Metric:
    end_s = repetitions[0].start_s + _WINDOW_S
    if track.time_s[-1] < end_s:
        seen_s = float(track.time_s[-1]) - repetitions[0].start_s
        return withheld(_STANDS, said("clip_short", seen_s=seen_s), n=len(repetitions))
    inside = [one for one in repetitions if _stood_s(one) <= end_s or _is_past_half(track, one, end_s)]
    sure = float(np.mean([one.confidence for one in inside]))
    return computed(_STANDS, float(len(inside)), n=len(inside), confidence=sure)


def _hips_y(track: PoseTrack) -> FloatArray:
    return midpoint(joint_of(track.xy_px, "left", "hip"), joint_of(track.xy_px, "right", "hip"))[:, 1]


def _is_past_half(track: PoseTrack, one: Repetition, at_s: float) -> bool:
    """Return whether the hips have come up more than half of their way at a moment before the full stand."""
    if not one.start_s < at_s:
        return False
    known = np.isfinite(_hips_y(track))
    if not known.any():
        return False
    sitting, standing, now = np.interp((one.start_s, _stood_s(one), at_s), track.time_s[known], _hips_y(track)[known])
    return bool(sitting - now > _HALF * (sitting - standing) > 0)
