"""Running: how far the body goes up and down in a step, and how far ahead of it the foot lands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from gaitlab.gait.distance import way_sign
from gaitlab.gait.events import LEGS, N_MIN_STEPS_A_SIDE, N_MIN_STRIDES, Leg, Pass, Step
from gaitlab.gait.markers import has_marked_feet
from gaitlab.gait.scale import KnownLengths, Scale, scale_of, why_no_scale
from gaitlab.metrics.confidence import RUNNING_IN_VIDEO, Trust, measured, one_of_a_side, withheld
from gaitlab.motion.geometry import midpoint, vertical_angle_deg
from gaitlab.motion.runs import rows_within
from gaitlab.records import FloatArray, Metric, PoseTrack
from gaitlab.records.skeleton import LEG_CHAINS, Keypoint

__all__ = ["running_metrics"]

_Steady = Sequence[tuple[Pass, Sequence[Step]]]

#: Of one camera and, for the landing, of one leg: never "sure", 0.8 (ours).
_TRUST: Final = 0.7
_AT_CONTACT: Final = ("overstride", "shank_angle_at_contact")
_KNOWN_MIN_SHARE: Final = 0.9  # of the frames of a step
_STANCE_SHARE: Final = 0.3  # of the stride, from the landing on: in it the ankle is lowest (ours)
_SHAKING_SHARE: Final = 0.3  # of the way up and down: feet that land at heights so unequal show a moving camera (ours)
_FLOOR_MIN_STEPS: Final = 4  # fewer do not tell a shaking camera from a sloping picture (ours)


def running_metrics(
    track: PoseTrack,
    steady: _Steady,
    trust: Trust,
    *,
    known: KnownLengths,
) -> list[Metric]:
    """Return vertical oscillation, overstride and the angle of the shank at contact, where heel and toe are markers.

    In a video that was read by eye a runner's landing was found 0.055 s early, where the ankle is 0.1 of a leg's length
    farther ahead and the shank 9 degrees steeper, and the hips went up and down by a quarter less than the waist.

    Parameters
    ----------
    track : PoseTrack
        Smoothed, seen from the side.
    steady : sequence of (Pass, sequence of Step)
        The steps of somebody who runs.
    trust : callable
    known : KnownLengths
        Without a scale from them the two lengths are withheld.

    Notes
    -----
    Vertical oscillation is the range of the height of the mid-hip from one landing to the next, over the straight line
    between both. Overstride is how far the ankle is ahead of the mid-hip at the landing (Heiderscheit et al. 2011, Med
    Sci Sports Exerc 43:296); the shank's angle there is that against the vertical, the ankle ahead of the knee
    positive (Souza 2016, Phys Med Rehabil Clin N Am 27:217).
    """
    if not has_marked_feet(track):  # of a file without scores it is not known whether they are markers
        return [
            withheld("vertical_oscillation", RUNNING_IN_VIDEO),
            *(withheld(name, RUNNING_IN_VIDEO, side=side) for name in _AT_CONTACT for side in LEGS),
        ]
    scale = scale_of(track, known)
    lengths = (
        [withheld("vertical_oscillation", why_no_scale(known))]
        + [withheld("overstride", why_no_scale(known), side=side) for side in LEGS]
        if scale is None
        else [_oscillation(track, steady, trust, scale), *(_overstride(side, steady, trust, scale) for side in LEGS)]
    )
    return [*lengths, *(_shank(track, side, steady, trust) for side in LEGS)]


def _oscillation(track: PoseTrack, steady: _Steady, trust: Trust, scale: Scale) -> Metric:
    name = "vertical_oscillation"
    up_px = -midpoint(track.xy_px[:, Keypoint.LEFT_HIP], track.xy_px[:, Keypoint.RIGHT_HIP])[:, 1]
    bounces_px = [_bounce_px(track.time_s, up_px, step) for _, steps in steady for step in steps]
    known_px = [one for one in bounces_px if np.isfinite(one)]
    if not known_px:
        return withheld(name, "few_strides")
    if not _floor_sd_px(track, steady) <= _SHAKING_SHARE * float(np.mean(known_px)):
        return withheld(name, "camera_shakes", n=len(known_px))
    sure = _TRUST * scale.trust * trust(len(known_px), 2 * N_MIN_STRIDES)
    return measured(name, np.array(known_px) / scale.px_per_m, confidence=sure)


def _bounce_px(time_s: FloatArray, up_px: FloatArray, step: Step) -> float:
    """Return the range of the mid-hip's height in a step; NaN where it is not seen nearly throughout."""
    rows = rows_within(time_s, step.start_s, step.end_s)
    time_s, up_px = time_s[rows], up_px[rows]
    known = np.isfinite(up_px)
    if known.sum() < max(2.0, _KNOWN_MIN_SHARE * len(time_s)):
        return float("nan")
    time_s, up_px = time_s[known], up_px[known]
    return float(np.ptp(up_px - np.interp(time_s, time_s[[0, -1]], up_px[[0, -1]])))


def _floor_sd_px(track: PoseTrack, steady: _Steady) -> float:
    """Return how unequal the heights are at which the feet stand, but for the leg and a slope; NaN for few steps.

    Before a camera that stands still the lowest place of an ankle is that of the floor, step after step.
    """
    lowest = []
    for walk, steps in steady:
        for step in steps:
            rows = rows_within(track.time_s, step.end_s, step.end_s + _STANCE_SHARE * walk.period_s)
            down_px = track.xy_px[rows, LEG_CHAINS[LEGS.index(step.side)][2], 1]
            if np.isfinite(down_px).any():
                lowest.append((step.end_s, float(LEGS.index(step.side)), float(np.nanmax(down_px))))
    if len(lowest) < _FLOOR_MIN_STEPS:
        return float("nan")
    time_s, leg, down = np.array(lowest).T
    fit = np.column_stack([np.ones(len(lowest)), leg, time_s - time_s.mean()])
    return float(np.std(down - fit @ np.linalg.lstsq(fit, down, rcond=None)[0]))


def _overstride(side: Leg, steady: _Steady, trust: Trust, scale: Scale) -> Metric:
    ahead_px = [
        np.interp(_landings_s(steps, side), walk.time_s, walk.ahead_px[:, LEGS.index(side)]) for walk, steps in steady
    ]
    ahead_m = [of_pass / scale.px_per_m for of_pass in ahead_px]
    return _at_contact("overstride", side, ahead_m, trust, most=_TRUST * scale.trust)


def _shank(track: PoseTrack, side: Leg, steady: _Steady, trust: Trust) -> Metric:
    _, knee, ankle = LEG_CHAINS[LEGS.index(side)]
    lean_deg = vertical_angle_deg(track.xy_px[:, ankle], track.xy_px[:, knee])
    behind_deg = [
        -way_sign(track, walk) * np.interp(_landings_s(steps, side), track.time_s, lean_deg) for walk, steps in steady
    ]
    return _at_contact("shank_angle_at_contact", side, behind_deg, trust, most=_TRUST)


def _landings_s(steps: Sequence[Step], side: Leg) -> list[float]:
    return [step.end_s for step in steps if step.side == side]


def _at_contact(name: str, side: Leg, of_passes: Sequence[FloatArray], trust: Trust, *, most: float) -> Metric:
    """Return the mean of the known values at the landings of a foot, with a confidence of at most `most`."""
    values = np.concatenate(of_passes)
    known = values[np.isfinite(values)].tolist()

    def less_trust(n: int, n_min: int) -> float:
        return most * trust(n, n_min)

    return one_of_a_side(name, known, less_trust, n_min=N_MIN_STEPS_A_SIDE, missing="few_strides", side=side)
