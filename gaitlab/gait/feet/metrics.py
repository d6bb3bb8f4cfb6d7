"""Numbers of the feet over strides and contacts, each with its confidence or the reason why it is withheld."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal

import numpy as np

from gaitlab.gait.events import N_MIN_STEPS_A_SIDE, N_MIN_STRIDES, between, times_by_foot
from gaitlab.gait.feet.angles import ANKLES_DEG, flat_in, foot_angles_deg
from gaitlab.gait.markers import has_marked_feet
from gaitlab.metrics.confidence import (
    FEET_IN_VIDEO,
    FOOT_TURN_OUT,
    Trust,
    confidence,
    leg_quality,
    one_of_a_side,
    withheld,
)
from gaitlab.metrics.table import METRICS
from gaitlab.motion.runs import rows_within
from gaitlab.records import (
    AngleSeries,
    FloatArray,
    GaitMode,
    GaitSummary,
    Metric,
    PoseTrack,
    SmoothedTrack,
    Stride,
    View,
    WalkingDirection,
)
from gaitlab.records.findings import Said, said
from gaitlab.records.skeleton import LEG_CHAINS, SIDES

__all__ = ["FootStrike", "foot_strike", "measure_feet"]

FootStrike = Literal["rear", "fore"]

# Of one leg, and from one camera: never "sure", 0.8 (ours).
_TRUST: Final = 0.7
# Of a network's heel and toe: beside what was read by eye one landing is 8 degrees off (SD), a foot's mean 5 (ours).
_TRUST_IN_VIDEO: Final = 0.55
# Limits of Altman & Davis 2012 (Gait & Posture 35:298) for the foot's angle at contact against standing.
_REAR_MIN_DEG, _FORE_MAX_DEG = 8.0, -1.6
# So far from these limits the kind is told: at 30 frames/s with keypoints that shake the angle is 3 degrees too small
# on average, with an SD of 3 to 4 (ours).
_STRIKE_SURE_DEG: Final = 6.0
_STRIKE_SURE_IN_VIDEO_DEG: Final = 10.0  # so far off was the mean of a foot at most, by eye (ours)
_STRIKE_MIN_FPS: Final = 25.0  # between frames further apart the forefoot is down (ours)
_KNOWN_MIN_SHARE: Final = 0.9  # of the frames of a stride
#: Shares of the swing in which the toe passes lowest: from the rise after toe-off to that before heel strike (ours).
_MID_SWING: Final = (0.2, 0.85)
_PROGRESSION: Final = "foot_progression_angle"
_CLEARANCES: Final = ("toe_clearance", "mid_swing_clearance")


def measure_feet(
    smoothed: SmoothedTrack,
    angles: AngleSeries,
    gait: GaitSummary,
    *,
    forward: FloatArray,
    view: View,
    direction: WalkingDirection,
    px_per_m: float | None,
    by_own_network: bool = False,
) -> tuple[GaitSummary, tuple[Said, ...]]:
    """Return the results with the numbers of the feet in the place of those that need heel and toe.

    Parameters
    ----------
    smoothed : SmoothedTrack
        A track without feet gives the results unchanged.
    angles : AngleSeries
        With the ankles, by `with_ankles`.
    gait : GaitSummary
        Its contacts and strides are used.
    forward : ndarray, shape (T,)
        The direction of the person's front in the picture: +1 right, -1 left, 0 or NaN = unclear.
    view : {"side", "front", "ambiguous"}
    direction : {"forward", "backward", "unknown"}
        Backward the feet roll the other way: everything is withheld.
    px_per_m : float, optional
        The scale, for toe clearance.
    by_own_network : bool
        Feet that are no markers come from the network of `gaitlab.pose.feet`: of others it is not known how far they
        are off.

    Returns
    -------
    GaitSummary
    findings : tuple of Said
        How the feet land, where that is clear.
    """
    if smoothed.track.feet is None:
        return gait, ()
    others = [one for one in gait.metrics if one.name not in _NEED_FEET]
    if not has_marked_feet(smoothed.track):
        is_measured = by_own_network and gait.mode == "walk" and view != "front" and direction != "backward"
        return _in_video(smoothed, gait, forward=forward, view=view, is_measured=is_measured)
    if view == "front" or direction == "backward":
        missing = "view" if view == "front" else "foot_backward"
        return replace(gait, metrics=(*others, *_all_withheld(missing))), ()
    foot_deg = foot_angles_deg(smoothed.track, forward, gait.strides, gait.mode)
    trust = _trust_of(smoothed, gait.strides, view)
    strikes = _strike_metrics(smoothed, foot_deg, gait, trust)
    landing = _how_they_land(strikes, sure_deg=_STRIKE_SURE_DEG)
    found = [
        *_ankle_metrics(angles, gait.strides, trust),
        *strikes,
        *_clearances(smoothed, gait, trust, px_per_m),
        withheld(_PROGRESSION, FOOT_TURN_OUT),
    ]
    return replace(gait, metrics=(*others, *found)), landing


def _in_video(
    smoothed: SmoothedTrack, gait: GaitSummary, *, forward: FloatArray, view: View, is_measured: bool
) -> tuple[GaitSummary, tuple[Said, ...]]:
    """Return the results with what the feet that a network sees are good for: how they land, walking forward."""
    others = [
        withheld(one.name, FOOT_TURN_OUT if one.name == _PROGRESSION else FEET_IN_VIDEO)
        if one.name in _NEED_FEET
        else one
        for one in gait.metrics
        if not (is_measured and one.name == "foot_strike_type")
    ]
    if not is_measured:
        return replace(gait, metrics=tuple(others)), ()
    foot_deg = foot_angles_deg(smoothed.track, forward, gait.strides, gait.mode)
    strikes = _strike_metrics(smoothed, foot_deg, gait, _trust_of(smoothed, gait.strides, view, most=_TRUST_IN_VIDEO))
    landing = _how_they_land(strikes, sure_deg=_STRIKE_SURE_IN_VIDEO_DEG)
    return replace(gait, metrics=(*others, *strikes)), landing


#: Rows of the table that are given, or withheld with a reason of their own, where heel and toe are tracked.
_NEED_FEET: Final = tuple(row.name for row in METRICS.values() if row.needs_feet)


def _all_withheld(reason: str) -> list[Metric]:
    return [
        withheld(name, reason, side=side)
        for name in _GIVEN
        for side in (SIDES if METRICS[name].is_per_leg else (None,))
    ]


#: Those of them that stand in a report of a track with feet.
_GIVEN: Final = ("ankle_dorsiflexion_peak", "ankle_range", "foot_strike_angle", *_CLEARANCES, _PROGRESSION)


def _trust_of(smoothed: SmoothedTrack, strides: Sequence[Stride], view: View, *, most: float = _TRUST) -> Trust:
    """Return the confidence of numbers of one foot over the strides."""
    time_s = smoothed.track.time_s
    inside = np.zeros(len(time_s), dtype=bool)
    for stride in strides:
        inside[rows_within(time_s, stride.start_s, stride.end_s)] = True
    coverage, interpolated = leg_quality(smoothed, np.flatnonzero(inside))
    feet = smoothed.track.feet
    seen = float(np.isfinite(feet.xy_px[inside]).mean()) if feet is not None and inside.any() else 0.0

    def trust(n: int, n_min: int) -> float:
        return most * confidence(view=view, coverage=min(coverage, seen), interpolated=interpolated, n=n, n_min=n_min)

    return trust


def _in_stride(time_s: FloatArray, values: FloatArray, stride: Stride) -> FloatArray:
    """Return the known values within a stride; none where a tenth or more of them is unknown."""
    inside = values[rows_within(time_s, stride.start_s, stride.end_s)]
    known = inside[np.isfinite(inside)]
    return known if known.size >= max(1.0, _KNOWN_MIN_SHARE * inside.size) else np.empty(0)


def _ankle_metrics(angles: AngleSeries, strides: Sequence[Stride], trust: Trust) -> list[Metric]:
    metrics = []
    for name, value in (("ankle_dorsiflexion_peak", np.max), ("ankle_range", np.ptp)):
        for side, angle in zip(SIDES, ANKLES_DEG, strict=True):
            own = [one for one in strides if one.side == side]
            curves = [_in_stride(angles.time_s, angles.angle(angle), stride) for stride in own]
            deg = [float(value(curve)) for curve in curves if curve.size]
            missing = "foot_unseen" if own else "few_strides"
            metrics.append(one_of_a_side(name, deg, trust, n_min=N_MIN_STRIDES, missing=missing, side=side))
    return metrics


def _strike_metrics(smoothed: SmoothedTrack, foot_deg: FloatArray, gait: GaitSummary, trust: Trust) -> list[Metric]:
    """Return the angle of each foot against the floor at its heel strikes."""
    name = "foot_strike_angle"
    if smoothed.track.fps_mean < _STRIKE_MIN_FPS:
        return [withheld(name, "foot_frame_rate", side=side) for side in SIDES]
    metrics = []
    for column, side in enumerate(SIDES):
        own = [one.time_s for one in gait.contacts if (one.side, one.kind) == (side, "heel_strike")]
        at_contact = np.interp(own, smoothed.track.time_s, foot_deg[:, column])
        deg = at_contact[np.isfinite(at_contact)].tolist()
        missing = "foot_unseen" if own else "few_strides"
        metrics.append(one_of_a_side(name, deg, trust, n_min=N_MIN_STEPS_A_SIDE, missing=missing, side=side))
    return metrics


def foot_strike(deg: float, *, sure_deg: float = _STRIKE_SURE_DEG) -> FootStrike | None:
    """Return the kind of foot strike of an angle at contact, toes up positive; None near the limits.

    Above 8 degrees the rear of the foot lands first, below -1.6 the forefoot, between them the middle (Altman & Davis
    2012). The middle is narrower than the error of the angle, so it is told from the sides only: nearer to a limit than
    `sure_deg` nothing is told; 6 degrees for markers, 10 in a video.
    """
    if deg >= _REAR_MIN_DEG + sure_deg:
        return "rear"
    return "fore" if deg <= _FORE_MAX_DEG - sure_deg else None


def _how_they_land(strikes: Sequence[Metric], *, sure_deg: float) -> tuple[Said, ...]:
    kinds = {one.side: foot_strike(one.value, sure_deg=sure_deg) for one in strikes if one.value is not None}
    return tuple(said("foot_strike", side=side, kind=kind) for side, kind in kinds.items() if kind is not None)


def _clearances(smoothed: SmoothedTrack, gait: GaitSummary, trust: Trust, px_per_m: float | None) -> list[Metric]:
    """Return how high the toe passes over the floor, least in mid-swing and beside the other foot, for each leg."""
    track = smoothed.track
    scaled = px_per_m is not None and np.isfinite(px_per_m)
    if gait.mode == "run" or not scaled:
        reason = "clearance_running" if gait.mode == "run" else "no_scale"
        return [withheld(name, reason, side=side) for name in _CLEARANCES for side in SIDES]
    assert track.feet is not None
    assert px_per_m is not None
    passes_s, lifts_s = _passings(track), times_by_foot(gait.contacts, "toe_off")
    metrics = []
    for column, side in enumerate(SIDES):
        up_px = -track.feet.xy_px[:, 2 + column, 1]
        own = [one for one in gait.strides if one.side == side]
        swings = [
            swing for one in own if (swing := _swing_of(track.time_s, up_px, one, lifts_s[side], gait.mode)) is not None
        ]
        for name, over_px, missing in (
            ("toe_clearance", [_least_px(*swing) for swing in swings], "toe_not_lowest"),
            ("mid_swing_clearance", [_beside_px(*swing, passes_s) for swing in swings], "foot_unseen"),
        ):
            known = [float(one) / px_per_m for one in over_px if np.isfinite(one)]
            reason = missing if own else "few_strides"
            metrics.append(one_of_a_side(name, known, trust, n_min=N_MIN_STRIDES, missing=reason, side=side))
    return metrics


def _swing_of(
    time_s: FloatArray, up_px: FloatArray, stride: Stride, lifts_s: Sequence[float], mode: GaitMode
) -> tuple[FloatArray, FloatArray, float, float] | None:
    """Return times, the toe's height over its own on the flat foot before, lift and landing; None if not known."""
    inside_s = between(lifts_s, stride.start_s, stride.end_s)
    flat = up_px[flat_in(time_s, stride, mode)]
    if len(inside_s) != 1 or not np.isfinite(flat).any():
        return None
    rows = rows_within(time_s, stride.start_s, stride.end_s)
    return time_s[rows], up_px[rows] - np.nanmedian(flat), inside_s[0], stride.end_s


def _least_px(time_s: FloatArray, over_px: FloatArray, lift_s: float, land_s: float) -> float:
    """Return the least height of a toe in mid-swing; NaN where it has none.

    The toe rises after toe-off, comes down to its least height, and rises again before the heel lands; a toe without
    such a height drags, or is lifted late.
    """
    share = (time_s - lift_s) / (land_s - lift_s)
    swing = over_px[(share >= _MID_SWING[0]) & (share <= _MID_SWING[1])]
    lowest = np.flatnonzero((swing[1:-1] <= swing[:-2]) & (swing[1:-1] <= swing[2:])) + 1
    return float(swing[lowest].min()) if lowest.size else float("nan")


def _passings(track: PoseTrack) -> FloatArray:
    """Return the times at which one ankle passes the other."""
    apart = track.xy_px[:, LEG_CHAINS[0][2], 0] - track.xy_px[:, LEG_CHAINS[1][2], 0]
    rows = np.flatnonzero(apart[:-1] * apart[1:] < 0)
    return np.asarray(track.time_s[rows] + np.diff(track.time_s)[rows] * apart[rows] / (apart[rows] - apart[rows + 1]))


def _beside_px(time_s: FloatArray, over_px: FloatArray, lift_s: float, land_s: float, passes_s: FloatArray) -> float:
    """Return the height of a toe as its ankle passes the other one; NaN where that is not seen once."""
    inside_s = passes_s[rows_within(passes_s, lift_s, land_s)]
    return float(np.interp(inside_s[0], time_s, over_px)) if inside_s.size == 1 else float("nan")
