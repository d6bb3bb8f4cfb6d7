"""Whether a clip plays at the speed of life: how long the legs swing, and whether that changes within the clip.

A leg swings forward like a pendulum, so the time it takes depends on its length more than on the person: 0.31 to 0.51 s
in 160 walks of children, adults and patients at 86 to 168 steps/min, runs lie between. No scale is needed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np

from gaitlab.gait.toe_off import Cycle
from gaitlab.metrics.confidence import withheld
from gaitlab.motion.geometry import midpoint
from gaitlab.motion.runs import known_median, true_runs
from gaitlab.records import FloatArray, GaitMode, Metric, PoseTrack
from gaitlab.records.findings import Said, said
from gaitlab.records.skeleton import Keypoint

__all__ = ["as_far_as_cadence", "at_its_pace", "changes_speed", "front_at_its_pace", "swing_time_s"]

# Seconds of swing (all ours). Below the first nobody walks, below the second and above the third few do, above the
# last nobody: of 125 walks as filmed 0.31 to 0.51, at double speed 0.26 at most, at half speed 0.62 at least.
_TOO_FAST_S, _FAST_S, _SLOW_S, _TOO_SLOW_S = 0.27, 0.30, 0.55, 0.61
_USUAL_S = 0.40
# Of a stride, where no foot is seen to leave the ground: Perry 1992 has 0.38 for walking, slow walks less.
_SWING_SHARES: Final[dict[GaitMode, float]] = {"walk": 0.36, "run": 0.65, "unknown": 0.36}
_WALK_MAX_SPM = 173.0  # mobgap; with swings that short it is a walk played too fast
_FRONT_SURE_SPM = 80.0  # half of a slow run; of walks as filmed 86 at least (ours)
_NOT_SURE = 0.75  # never "sure", 0.8
_FACTORS = (0.5, 2.0, 4.0, 8.0)
_TIMELESS_UNITS = ("deg", "m")
# A walk as filmed has strides that differ by 1.11 at most (85th over 15th percentile of 165 walks), one whose middle is
# played at half speed by 1.4 mostly. Fewer than three strides are judged by single steps, which a limp makes uneven.
_CHANGED_STRIDES, _CHANGED_STEPS, _N_MIN = 1.25, 1.9, 3
_ALIKE_SHARE, _SWING_MIN_LEGS = 0.7, 0.3  # of the median step; a person who slows down makes shorter steps (ours)


@dataclass(frozen=True, slots=True)
class _Steps:
    """Times between the moments at which the legs pass each other, (N,); how far they part then, in leg lengths."""

    duration_s: FloatArray
    apart: FloatArray


def swing_time_s(cadence: Metric, cycles: Sequence[Cycle], mode: GaitMode) -> float:
    """Return the median swing time, from the cadence where no toe-off is seen; NaN without a cadence."""
    if cadence.value is None:
        return float("nan")
    seen = [one.swing_s for one in cycles]
    return float(np.median(seen)) if seen else _SWING_SHARES[mode] * 120.0 / cadence.value


def at_its_pace(
    metrics: Sequence[Metric], swing_s: float, *, changes: bool, slow_motion: float
) -> tuple[list[Metric], tuple[Said, ...]]:
    """Return the metrics as far as the speed at which the clip plays allows them, and what is to be noted about it.

    What depends on time is withheld where the legs swing slower or faster than anybody's, or where the clip changes its
    speed; it is never sure where few people's legs swing so. Angles and placements of the feet stay.

    Parameters
    ----------
    metrics : sequence of Metric
        Cadence first.
    swing_s : float
        By `swing_time_s`.
    changes : bool
        By `changes_speed`.
    slow_motion : float
        The factor that was given.
    """
    if changes:
        return [
            _without(one, "speed_changes") if one.value is not None or one.name == "cadence" else one for one in metrics
        ], ()
    cadence_spm = metrics[0].value or 0.0
    if swing_s > _TOO_SLOW_S or (swing_s < _TOO_FAST_S and cadence_spm > _WALK_MAX_SPM):
        reason = "slowed" if swing_s > _TOO_SLOW_S else "too_fast"
        return [_without(one, reason) if one.value is not None else one for one in metrics], (
            _told(swing_s, slow_motion),
        )
    if swing_s > _SLOW_S or swing_s < _FAST_S:
        findings = (_told(swing_s, slow_motion),) if swing_s > _SLOW_S or swing_s < _TOO_FAST_S else ()
        return [_less_sure(one) for one in metrics], findings
    return list(metrics), ()


def as_far_as_cadence(metrics: Sequence[Metric], cadence: Metric) -> list[Metric]:
    """Return the metrics, without those that depend on time where the cadence was withheld for the clip's speed."""
    if cadence.why is None or cadence.why.code not in ("slowed", "too_fast", "speed_changes"):
        return list(metrics)
    return [_without(one, cadence.why.code) if one.value is not None else one for one in metrics]


def front_at_its_pace(cadence: Metric, *, slow_motion: float) -> tuple[Metric, tuple[Said, ...]]:
    """Return a cadence seen from the front, where no swing is seen: few steps a minute are never sure."""
    if cadence.value is None or cadence.value >= _FRONT_SURE_SPM:
        return cadence, ()
    swing_s = swing_time_s(cadence, (), "walk")
    return _less_sure(cadence), ((_told(swing_s, slow_motion),) if swing_s > _TOO_SLOW_S else ())


def _without(metric: Metric, reason: str) -> Metric:
    return metric if metric.unit in _TIMELESS_UNITS else withheld(metric.name, reason, side=metric.side, n=metric.n)


def _less_sure(metric: Metric) -> Metric:
    timeless = metric.value is None or metric.unit in _TIMELESS_UNITS
    return metric if timeless else replace(metric, confidence=_NOT_SURE * metric.confidence)


def _told(swing_s: float, slow_motion: float) -> Said:
    """Return how long the legs swing, and the slow-motion factor with which that would be usual."""
    away = {abs(math.log(swing_s / _USUAL_S / factor)): factor for factor in _FACTORS}
    return said("swing", swing_s=swing_s, factor=slow_motion * away[min(away)])


def changes_speed(track: PoseTrack, forward: FloatArray) -> bool:
    """Return whether strides that reach equally far take unequal times: the clip's speed changes.

    Parameters
    ----------
    track : PoseTrack
        Smoothed, from the side.
    forward : ndarray, shape (T,)
        +1 right, -1 left, 0 unclear.

    Notes
    -----
    The times between the moments at which the ankles pass each other need no heel strike, and are there in a part that
    is too slow for steps. A pause, a start and a stop bring the feet together, so they are no such stride.
    """
    runs = _steps(track, forward)
    steps = [pair for run in runs for pair in zip(run.duration_s, run.apart, strict=True)]
    if not steps:
        return False
    far = float(np.median([apart for _, apart in steps]))
    if far < _SWING_MIN_LEGS:
        return False
    strides = [
        sum(run.duration_s[i : i + 2])
        for run in runs
        for i in range(len(run.duration_s) - 1)
        if run.apart[i : i + 2].min() >= _ALIKE_SHARE * far
    ]
    if len(strides) >= _N_MIN:
        return _spread(strides) > _CHANGED_STRIDES
    return _spread([time_s for time_s, apart in steps if apart >= _ALIKE_SHARE * far]) > _CHANGED_STEPS


def _spread(durations_s: Sequence[float]) -> float:
    """Return the 85th over the 15th percentile; 1 for fewer than three."""
    return float(np.divide(*np.percentile(durations_s, [85, 15]))) if len(durations_s) >= _N_MIN else 1.0


def _steps(track: PoseTrack, forward: FloatArray) -> list[_Steps]:
    """Return the steps of each stretch in which both ankles are known."""
    xy = track.xy_px
    hip = midpoint(xy[:, Keypoint.LEFT_HIP], xy[:, Keypoint.RIGHT_HIP])
    ankles = xy[:, [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]]
    leg_px = known_median(np.linalg.norm(ankles - hip[:, np.newaxis], axis=-1))
    ahead = forward * (ankles[:, 0, 0] - ankles[:, 1, 0]) / leg_px
    found = []
    for run in true_runs(np.isfinite(ahead) & (forward != 0)):
        time_s, part = track.time_s[run], ahead[run]
        rows = np.flatnonzero(np.diff(np.sign(part)))
        passing_s = time_s[rows] - part[rows] * np.diff(time_s)[rows] / np.diff(part)[rows]
        apart = [np.abs(part[a + 1 : b + 1]).max() for a, b in pairwise(rows)]
        found.append(_Steps(np.diff(passing_s), np.array(apart)))
    return found
