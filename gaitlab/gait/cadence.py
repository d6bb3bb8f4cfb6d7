"""Cadence from the steps, and from the rhythm of the whole body as a second opinion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gaitlab.gait.events import N_LEAST_STEPS, N_MIN_STRIDES, Pass, Step, strikes_by_foot
from gaitlab.gait.rhythm import harmonic_cadence_spm, mean_stride_s
from gaitlab.metrics.confidence import Trust, computed, withheld
from gaitlab.motion.geometry import midpoint
from gaitlab.motion.runs import true_runs
from gaitlab.records import FloatArray, Metric, PoseTrack, Stride
from gaitlab.records.findings import Said, said
from gaitlab.records.skeleton import Keypoint
from gaitlab.settings import GaitSettings

__all__ = ["agreement", "cadence_of_steps"]

_SURE_MIN_STRIDES = 4.0  # of walks with fewer in a row two in thirteen were off by more than 2 % (ours)
_CLOSE_SHARE, _ALONE_TRUST = 0.02, 0.75  # what differs by more, or is alone, is never sure, 0.8 (ours)
_N_MIN_STEPS = 4
_IRREGULAR_MAX_CV = 0.25  # walking people stay below 0.1 (ours)
_RHYTHM_MIN_STRIDES = 2.0  # a shorter stretch has no rhythm of its own (ours)
_TOGETHER_MIN_STRIDES = 3.0  # below it the steps alone are nearer to the truth, from it on both together (ours)
_PAIRS = (
    (Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER),
    (Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP),
    (Keypoint.LEFT_KNEE, Keypoint.RIGHT_KNEE),
    (Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE),
)


@dataclass(frozen=True, slots=True)
class _Rhythm:
    """Cadence without events, NaN where nothing is long enough, and the strides of the longest stretch it rests on."""

    cadence_spm: float
    n_strides: float


def cadence_of_steps(  # noqa: PLR0917  what was found, in the order in which it was found
    track: PoseTrack,
    steady: Sequence[Sequence[Step]],
    strides: Sequence[Stride],
    passes: Sequence[Pass],
    trust: Trust,
    settings: GaitSettings,
) -> tuple[Metric, tuple[Said, ...]]:
    """Return the cadence, and what is to be noted about it.

    It is 60 / mean steady step time, half the mean stride. From three strides in a row on it is the mean of that and
    of the rhythm of the whole body, where both agree within `disagreement_max`. With fewer than four strides in a row,
    or where both differ by more than 2 %, the confidence stays below 0.8.
    """
    name = "cadence"
    durations = np.array([step.end_s - step.start_s for steps in steady for step in steps])
    stride_times = np.array([stride.end_s - stride.start_s for stride in strides])
    if durations.size < N_LEAST_STEPS:
        return withheld(name, "few_steps" if durations.size else "no_steps", n=durations.size), ()
    value = 60.0 / _mean_step_s(steady, durations, stride_times)
    if not settings.cadence_min_spm <= value <= settings.cadence_max_spm:
        return withheld(name, "implausible", n=durations.size), ()
    rhythm = _rhythm(track, passes, settings)
    disagreement = abs(rhythm.cadence_spm - value) / value  # NaN without a rhythm
    findings: tuple[Said, ...] = ()
    if disagreement > settings.disagreement_max:
        findings = (said("two_cadences", steps_spm=value, rhythm_spm=rhythm.cadence_spm),)
    # The fewer of the steps were found, the closer the rhythm must agree with them.
    borne = max(settings.disagreement_max, _found_share(durations, passes) ** 2 * settings.disagreement_refused)
    if disagreement > borne:
        return withheld(name, "disagreement", n=durations.size), findings
    # Strides where there are enough, because a limp makes uneven steps but even strides.
    times = durations if stride_times.size < N_MIN_STRIDES else stride_times
    if np.std(times, ddof=1) / np.mean(times) > _IRREGULAR_MAX_CV:
        return withheld(name, "irregular", n=durations.size), findings
    if rhythm.n_strides >= _TOGETHER_MIN_STRIDES and disagreement <= settings.disagreement_max:
        value = (value + rhythm.cadence_spm) / 2
    spread = float(np.std(60.0 / durations, ddof=1))
    sure = trust(durations.size, _N_MIN_STEPS) * agreement(rhythm.n_strides, disagreement)
    return computed(name, value, n=durations.size, sd=spread, confidence=sure), findings


def agreement(n_strides: float, disagreement: float) -> float:
    """Return the factor of the confidence of a cadence: 1 after four strides in a row with both within 2 %, else 0.75.

    Parameters
    ----------
    n_strides : float
        Of the longest stretch that has a rhythm.
    disagreement : float
        Of steps and rhythm, as a share of the cadence; NaN without a rhythm.
    """
    return 1.0 if n_strides >= _SURE_MIN_STRIDES and disagreement <= _CLOSE_SHARE else _ALONE_TRUST


def _found_share(durations_s: FloatArray, passes: Sequence[Pass]) -> float:
    """Return the share of the walking time that the steps cover; each pass may end between steps."""
    walked_s = sum(float(np.median(np.diff(walk.time_s)) * (~walk.standing).sum()) for walk in passes)
    return min(1.0, float(durations_s.sum()) / max(1e-9, walked_s - 2 * len(passes) * float(np.median(durations_s))))


def _mean_step_s(steady: Sequence[Sequence[Step]], durations: FloatArray, stride_times: FloatArray) -> float:
    """Return half the mean stride time of the steady steps, or their mean where no foot has a stride."""
    typical_s = float(np.median(stride_times)) if stride_times.size else 2 * float(np.median(durations))
    found = mean_stride_s(strikes_by_foot(steady), typical_s)
    return found / 2 if np.isfinite(found) else float(durations.mean())


def _rhythm(track: PoseTrack, passes: Sequence[Pass], settings: GaitSettings) -> _Rhythm:
    """Return the rhythm of all stretches of walking that are long enough, the longer ones counting for more."""
    found: list[tuple[float, float, float]] = []
    for walk in passes:
        rows = np.searchsorted(track.time_s, walk.time_s)
        for run in true_runs(~walk.standing):
            time_s, xy = walk.time_s[run], track.xy_px[rows[run]]
            length_s = float(np.ptp(time_s))
            if length_s >= _RHYTHM_MIN_STRIDES * walk.period_s:
                alternating, level = _signals(xy)
                spm = harmonic_cadence_spm(time_s, alternating, settings, level=level)
                found += [(length_s, spm, length_s / walk.period_s)] if np.isfinite(spm) else []
    if not found:
        return _Rhythm(float("nan"), 0.0)
    lengths_s, cadences, n_strides = np.array(found).T
    return _Rhythm(float(np.average(cadences, weights=lengths_s)), float(n_strides.max()))


def _signals(xy: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return left minus right of knees and ankles, x and y; and the heights of shoulders, hips and ankles."""
    shoulders, hips, knees, ankles = ((xy[:, left], xy[:, right]) for left, right in _PAIRS)
    alternating = np.concatenate([ankles[0] - ankles[1], knees[0] - knees[1]], axis=1)
    level = np.stack([midpoint(*pair)[:, 1] for pair in (shoulders, hips, ankles)], axis=1)
    return alternating, level
