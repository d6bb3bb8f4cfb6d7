"""Symmetry of the two legs, and variability of the steps of one leg."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gaitlab.gait.events import LEGS, N_MIN_STRIDES, Leg, Step
from gaitlab.metrics.confidence import Trust, computed, withheld
from gaitlab.records import Metric, Stride, View
from gaitlab.records.findings import Said, said

__all__ = ["evenness_metrics", "longer_side", "uneven_findings"]

_CV_FLOOR_MAX_PERCENT = (
    2.0  # typical step-time CVs are 2-4 %: with a higher floor they would show the frame grid (ours)
)
_SE_MAX_PERCENT = (
    5.0  # twice this is 10 %, from where on people speak of an uneven walk: less sure tells nothing (ours)
)
# SD of a true difference around the measured one, beside sensors and force plates: what more steps do not make smaller,
# as the near and the far foot are not seen alike (docs/evidence.md). 1.96 of it are 12 %.
_FEET_SD_PERCENT = 6.0
_Z_95 = 1.96
_FEET_TRUST = 0.7  # so it is never "sure", 0.8 (ours)

Samples = Sequence[tuple[Leg, float]]


def _by_side(samples: Samples) -> dict[Leg, list[float]]:
    return {side: [value for which, value in samples if which == side] for side in LEGS}


def evenness_metrics(
    steady: Sequence[Sequence[Step]],
    strides: Sequence[Stride],
    trust: Trust,
    *,
    interval_s: float,
    missing: str,
) -> list[Metric]:
    """Return the symmetry index of the step times and their variability.

    That of the step lengths is never given: `gaitlab.metrics.confidence.never_measured`.

    Parameters
    ----------
    steady : sequence of sequences of Step
        The steady steps of each pass.
    strides : sequence of Stride
        Of these steps; below three of each leg everything is withheld.
    trust : callable
    interval_s : float
        Between frames.
    missing : str
        The reason where there are no strides at all.
    """
    step_times = [(step.side, step.end_s - step.start_s) for steps in steady for step in steps]
    n_strides = min(sum(stride.side == side for stride in strides) for side in LEGS)
    refused = missing if not strides else None if n_strides >= N_MIN_STRIDES else "few_per_side"
    return [
        _symmetry("step_time_symmetry_index", step_times, trust, refused, interval_s / float(np.sqrt(6.0))),
        *(_variability(side, values, trust, refused, interval_s) for side, values in _by_side(step_times).items()),
    ]


def longer_side(metrics: Sequence[Metric], view: View) -> Leg | None:
    """Return the leg with the longer steps where the 95 % interval of the difference excludes even steps.

    The interval has the standard error of the two mean step times and what a camera sees differently of the two feet.
    From an oblique view that is not known, and no leg is named.
    """
    index = next((one.value for one in metrics if one.name == "step_time_symmetry_index"), None)
    times = {one.side: one for one in metrics if one.name == "step_time" and one.value is not None}
    if view != "side" or index is None or set(times) != set(LEGS):
        return None
    means = {side: one.value or 0.0 for side, one in times.items()}
    error = float(np.sqrt(sum((one.sd or 0.0) ** 2 / one.n for one in times.values())))
    if index <= _Z_95 * float(np.hypot(200.0 * error / sum(means.values()), _FEET_SD_PERCENT)):
        return None
    return "left" if means["left"] > means["right"] else "right"


def uneven_findings(metrics: Sequence[Metric], view: View) -> tuple[Said, ...]:
    """Name the leg with the longer steps, if `longer_side` does."""
    longer = longer_side(metrics, view)
    if longer is None:
        return ()
    index = next(one.value for one in metrics if one.name == "step_time_symmetry_index")
    return (said("longer_steps", side=longer, percent=index),)


def _symmetry(name: str, samples: Samples, trust: Trust, refused: str | None, noise: float = 0.0) -> Metric:
    """Return ``100 |L - R| / (0.5 (L + R))``; withheld when its standard error is more than 5 %.

    The standard deviation of a sample is at least `noise`, the one that the frame grid alone causes.
    """
    own = _by_side(samples)
    n = min(len(values) for values in own.values())
    if refused or n < N_MIN_STRIDES:
        return withheld(name, refused or "few_per_side", n=n)
    left, right = (float(np.mean(own[side])) for side in LEGS)
    variances = [max(float(np.var(values, ddof=1)), noise**2) / len(values) for values in own.values()]
    error = float(np.sqrt(sum(variances)))
    if 200.0 * error / (left + right) > _SE_MAX_PERCENT:
        return withheld(name, "uneven_by_chance", n=n)
    value = 200.0 * abs(left - right) / (left + right)
    return computed(name, value, n=n, confidence=_FEET_TRUST * trust(n, N_MIN_STRIDES))


def _variability(side: Leg, values: Sequence[float], trust: Trust, refused: str | None, interval_s: float) -> Metric:
    """Return ``100 SD (ddof 1) / mean``.

    The frame grid alone makes a CV of ``dt / sqrt(6)`` over the mean step time: 2.5 % at 30 frames/s. Where that is
    more than 2 % the CV is withheld.
    """
    name, n = "step_time_cv", len(values)
    if refused or n < N_MIN_STRIDES:
        return withheld(name, refused or "few_per_side", side=side, n=n)
    mean = float(np.mean(values))
    if 100.0 * interval_s / np.sqrt(6.0) / mean > _CV_FLOOR_MAX_PERCENT:
        return withheld(name, "frame_rate", side=side, n=n)
    cv = 100.0 * float(np.std(values, ddof=1)) / mean
    return computed(name, cv, side=side, n=n, confidence=trust(n, N_MIN_STRIDES))
