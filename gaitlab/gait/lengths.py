"""Step length, stride length and speed in metres, or the reason why they are withheld."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from gaitlab.gait.distance import Ground, Travel, ground_of, measure_travel
from gaitlab.gait.events import LEGS, N_MIN_STEPS_A_SIDE, N_MIN_STRIDES, Leg, Pass, Step, join_strides
from gaitlab.gait.scale import KnownLengths, Scale, choose_scale, scale_from_height, why_no_scale
from gaitlab.metrics.confidence import Trust, computed, one_of_a_side, withheld
from gaitlab.records import Metric, PoseTrack
from gaitlab.records.findings import Said, said
from gaitlab.settings import GaitSettings

__all__ = ["Lengths", "length_metrics", "measure_lengths"]

_NAMES: Final = ("step_length", "stride_length")
# Beside sensors on eleven walkers the step length of one foot was 0.081 m off, up to 0.157 (ours: never "sure", 0.8).
_PLACED_TRUST = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """Lengths by side (m), speeds per stride and over all steps (m/s).

    `trust` applies to all lengths, `step_trust` also to the steps of each foot. `missing` is the reason where there are
    none.
    """

    steps_m: tuple[tuple[Leg, float], ...] = ()
    strides_m: tuple[tuple[Leg, float], ...] = ()
    speeds_mps: tuple[float, ...] = ()
    speed_mps: float = float("nan")
    trust: float = 0.0
    step_trust: float = 1.0
    missing: str = "few_strides"
    findings: tuple[Said, ...] = ()


def measure_lengths(
    track: PoseTrack,
    passes: Sequence[Pass],
    steady: Sequence[Sequence[Step]],
    known: KnownLengths,
    settings: GaitSettings,
    *,
    missing: str,
) -> Lengths:
    """Return lengths and speeds over the steady steps.

    Before a still camera they follow from the placements of the feet and the path of the pelvis. Where the hips stay in
    place (treadmill, following camera) the belt speed is needed: step length is belt speed times step time.
    """
    walked = [(walk, steps) for walk, steps in zip(passes, steady, strict=True) if steps]
    if not walked:
        return Lengths(missing=missing)
    grounds = [ground_of(track, walk, steps) for walk, steps in walked]
    at_rest = [ground.at_rest for ground in grounds]
    height = scale_from_height(track, known.height_m) if known.height_m is not None else float("nan")
    scale, findings = choose_scale(known, from_height_px_per_m=height, foot_speed_px_s=_belt_px_s(grounds))
    if not any(at_rest):
        return _on_the_belt(walked, known, settings, findings)
    if known.belt_mps is not None:
        findings = (*findings, said("belt_unused"))
    if scale is None:
        return Lengths(missing=why_no_scale(known), findings=findings)
    still = [one for one, rests in zip(walked, at_rest, strict=True) if rests]
    return _in_metres([measure_travel(track, walk, steps) for walk, steps in still], scale, findings)


def _belt_px_s(grounds: Sequence[Ground]) -> float:
    """Return the speed of the standing foot where the ground moves in the picture in every pass, else NaN."""
    if any(ground.at_rest for ground in grounds):
        return float("nan")
    return float(np.median([ground.foot_speed_px_s for ground in grounds]))


def _on_the_belt(
    walked: Sequence[tuple[Pass, Sequence[Step]]],
    known: KnownLengths,
    settings: GaitSettings,
    findings: tuple[Said, ...],
) -> Lengths:
    belt = known.belt_mps
    if belt is None:
        return Lengths(missing="ground_moves", findings=findings)
    all_steps = [steps for _, steps in walked]
    strides = join_strides(all_steps, settings)
    return Lengths(
        steps_m=tuple((step.side, belt * (step.end_s - step.start_s)) for steps in all_steps for step in steps),
        strides_m=tuple((stride.side, belt * (stride.end_s - stride.start_s)) for stride in strides),
        speeds_mps=tuple(belt for _ in strides),
        speed_mps=belt,
        trust=1.0,
        findings=(*findings, said("belt_used")),
    )


def _in_metres(travels: Sequence[Travel], scale: Scale, findings: tuple[Said, ...]) -> Lengths:
    time_s = sum(travel.time_s for travel in travels)
    way_m = sum(travel.way_px for travel in travels) / scale.px_per_m
    return Lengths(
        steps_m=tuple((side, px / scale.px_per_m) for travel in travels for side, px in travel.steps),
        strides_m=tuple((side, px / scale.px_per_m) for travel in travels for side, px in travel.strides),
        speeds_mps=tuple(px_s / scale.px_per_m for travel in travels for px_s in travel.speeds),
        speed_mps=way_m / time_s if time_s > 0 else float("nan"),
        trust=scale.trust,
        step_trust=_PLACED_TRUST,
        findings=findings,
    )


def length_metrics(lengths: Lengths, trust: Trust, settings: GaitSettings) -> list[Metric]:
    """Return step and stride length per side and speed."""
    reason = lengths.missing
    samples = (lengths.steps_m, lengths.strides_m)

    def scaled(n: int, n_min: int) -> float:
        return lengths.trust * trust(n, n_min)

    def of_a_foot(n: int, n_min: int) -> float:
        return lengths.step_trust * scaled(n, n_min)

    needs = ((of_a_foot, N_MIN_STEPS_A_SIDE), (scaled, N_MIN_STRIDES))
    metrics = [
        one_of_a_side(name, [m for which, m in found if which == side], sure, n_min=n_min, missing=reason, side=side)
        for name, found, (sure, n_min) in zip(_NAMES, samples, needs, strict=True)
        for side in LEGS
    ]
    n = len(lengths.speeds_mps)
    if n == 0 or not np.isfinite(lengths.speed_mps):
        return [*metrics, withheld("speed", reason)]
    if not settings.speed_min_mps <= lengths.speed_mps <= settings.speed_max_mps:
        metrics = [withheld(one.name, "implausible_speed", side=one.side) for one in metrics]
        return [*metrics, withheld("speed", "implausible_speed", n=n)]
    sd = float(np.std(lengths.speeds_mps, ddof=1)) if n > 1 else None
    speed_sure = scaled(n, N_MIN_STRIDES)
    return [*metrics, computed("speed", lengths.speed_mps, n=n, sd=sd, confidence=speed_sure)]
