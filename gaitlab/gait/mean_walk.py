"""The mean gait cycle as a figure that walks: trunk, thighs and shanks from their angles, both legs in phase.

It has no feet and no arms. Lengths are those of Drillis and Contini (1966, in
Winter 2009), the same for everybody, so that two figures differ by their angles only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from gaitlab.gait.cycle_curves import CycleCurve
from gaitlab.gait.events import between, times_by_foot
from gaitlab.gait.norms import norm_band
from gaitlab.motion.anthropometry import HEAD, SHANK, THIGH, TRUNK
from gaitlab.motion.phase import N_POINTS
from gaitlab.records import FloatArray, GaitSummary
from gaitlab.records.skeleton import N_KEYPOINTS, SIDES, Keypoint, OneSide

__all__ = ["LegAngles", "MeanWalk", "mean_walk", "norm_walk", "walking_figure"]

_HALF: Final = 0.5  # of a cycle from one foot's heel strike to the other's, in the norm
#: From the shoulders up to the middle of the head: they are at 0.818 of the body height, its middle at 0.935.
_NECK: Final = 1.0 - HEAD / 2 - 0.818


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LegAngles:
    """Hip (thigh against trunk) and knee flexion of one leg in degrees, shape (101,), over the leg's own cycle."""

    hip_deg: FloatArray
    knee_deg: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeanWalk:
    """A mean gait cycle.

    Attributes
    ----------
    legs : mapping of side to LegAngles
        Of one leg or both.
    lean_deg : ndarray, shape (101,)
        Of the trunk, forward positive, over the cycle of the first of the legs.
    right_after_left : float
        The share of the left leg's cycle at which the right heel strikes, 0..1.
    stance : mapping of side to float
        The share of the leg's cycle that the foot is on the ground; without a leg whose toe-offs are not known.
    """

    legs: Mapping[OneSide, LegAngles]
    lean_deg: FloatArray
    right_after_left: float
    stance: Mapping[OneSide, float]

    def lag(self, side: OneSide, of: OneSide) -> float:
        """Return the share of the one leg's cycle at which the heel of `side` strikes."""
        if side == of:
            return 0.0
        return self.right_after_left if side == "right" else (1.0 - self.right_after_left) % 1.0


def mean_walk(gait: GaitSummary, curves: Sequence[CycleCurve]) -> MeanWalk | None:
    """Return the mean cycle of a walk; None where hip and knee of no leg are known, or how the legs follow each other.

    Parameters
    ----------
    gait : GaitSummary
    curves : sequence of CycleCurve
        Of `gaitlab.gait.cycle_curves`. The trunk is upright where its lean is not among them.
    """
    of = {(curve.name, curve.side): curve.mean_deg for curve in curves}
    legs = {
        side: LegAngles(hip_deg=of["hip_flexion", side], knee_deg=of["knee_flexion", side])
        for side in SIDES
        if {("hip_flexion", side), ("knee_flexion", side)} <= of.keys()
    }
    after = list(_right_after_left(gait)) if legs else []
    if not after:
        return None
    lean_deg = of.get(("trunk_lean", next(iter(legs))), np.zeros(N_POINTS))
    # The mean direction, since 0.98 and 0.02 are near each other.
    turn = float(np.angle(np.exp(2j * np.pi * np.array(after)).mean())) / (2 * np.pi)
    return MeanWalk(legs=legs, lean_deg=lean_deg, right_after_left=turn % 1.0, stance=_stance(gait))


def _right_after_left(gait: GaitSummary) -> Iterator[float]:
    """Yield where in every stride the other foot's heel strikes, as the share of the left leg's cycle."""
    left_s, right_s = times_by_foot(gait.contacts, "heel_strike").values()
    for stride in gait.strides:
        inside_s = between(right_s if stride.side == "left" else left_s, stride.start_s, stride.end_s)
        if len(inside_s) == 1:
            share = (inside_s[0] - stride.start_s) / (stride.end_s - stride.start_s)
            yield share if stride.side == "left" else 1.0 - share


def _stance(gait: GaitSummary) -> dict[OneSide, float]:
    """Return the mean share of the cycle on the ground of each foot, over strides with one toe-off of it."""
    shares: dict[OneSide, list[float]] = {}
    lifts_s = times_by_foot(gait.contacts, "toe_off")
    for stride in gait.strides:
        own_s = between(lifts_s[stride.side], stride.start_s, stride.end_s)
        if len(own_s) == 1:
            shares.setdefault(stride.side, []).append((own_s[0] - stride.start_s) / (stride.end_s - stride.start_s))
    return {side: float(np.mean(shares[side])) for side in SIDES if side in shares}


def norm_walk(group: str) -> MeanWalk:
    """Return the mean cycle of a group of `gaitlab.gait.norms.GROUPS`: both legs alike, the trunk upright."""
    hip, knee = norm_band("hip_flexion", group), norm_band("knee_flexion", group)
    if hip is None or knee is None:
        raise KeyError(f"group: expected one with curves of hip and knee, got {group!r}")
    leg = LegAngles(hip_deg=hip.mean_deg, knee_deg=knee.mean_deg)
    return MeanWalk(legs=dict.fromkeys(SIDES, leg), lean_deg=np.zeros(N_POINTS), right_after_left=_HALF, stance={})


def walking_figure(walk: MeanWalk, *, of: OneSide) -> FloatArray:
    """Return the figure at 0, 1, .. 100 % of the cycle of one leg, shape (101, 17, 2).

    Parameters
    ----------
    walk : MeanWalk
    of : {"left", "right"}
        The leg whose heel strike is 0 %.

    Returns
    -------
    ndarray
        In body heights, x forward, y downwards, both hips at the origin; NaN for arms, face and a leg not known. The
        thigh is at hip flexion minus lean of the trunk to the vertical, the shank at knee flexion behind the thigh.
    """
    grid = np.linspace(0.0, 1.0, N_POINTS)
    xy = np.full((N_POINTS, N_KEYPOINTS, 2), np.nan)
    lean_rad = np.radians(_shifted(walk.lean_deg, grid - walk.lag(next(iter(walk.legs)), of)))
    up = np.stack([np.sin(lean_rad), -np.cos(lean_rad)], axis=1)
    for side in SIDES:
        xy[:, Keypoint[f"{side}_hip".upper()]] = 0.0
        xy[:, Keypoint[f"{side}_shoulder".upper()]] = TRUNK * up
        xy[:, Keypoint[f"{side}_ear".upper()]] = (TRUNK + _NECK) * up
    for side, leg in walk.legs.items():
        at = grid - walk.lag(side, of)
        thigh_rad = np.radians(_shifted(leg.hip_deg, at)) - lean_rad
        shank_rad = thigh_rad - np.radians(_shifted(leg.knee_deg, at))
        knee = THIGH * np.stack([np.sin(thigh_rad), np.cos(thigh_rad)], axis=1)
        xy[:, Keypoint[f"{side}_knee".upper()]] = knee
        xy[:, Keypoint[f"{side}_ankle".upper()]] = knee + SHANK * np.stack(
            [np.sin(shank_rad), np.cos(shank_rad)], axis=1
        )
    return xy


def _shifted(deg: FloatArray, at: FloatArray) -> FloatArray:
    """Return a curve over the cycle at shares of it that may lie in the cycle before or after."""
    whole = at == 1.0  # the end is not quite the beginning
    return np.interp(np.where(whole, 1.0, at % 1.0), np.linspace(0.0, 1.0, len(deg)), deg)
