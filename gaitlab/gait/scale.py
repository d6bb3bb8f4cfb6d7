"""The scale in pixels per metre at the person's distance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from gaitlab.motion.anthropometry import SHOULDER_TO_ANKLE
from gaitlab.motion.geometry import angle_at_deg, midpoint, segment_length_px
from gaitlab.records import FloatArray, PoseTrack
from gaitlab.records.findings import Said, said
from gaitlab.records.skeleton import LEG_CHAINS, Keypoint

__all__ = ["KnownLengths", "Scale", "choose_scale", "px_per_m_of", "scale_from_height", "scale_of", "why_no_scale"]

_STRAIGHT_KNEE_DEG = 20.0  # "nearly straight" (ours): a bent leg often leaves the picture plane
_MIN_FRAMES = 5
_DISAGREEMENT = 0.10


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLengths:
    """The real-world lengths that the user knows; None = unknown.

    The scale of the picture as a number, or from two points of a known distance, body height, belt speed.
    """

    px_per_m: float | None = None
    two_point_px_per_m: float | None = None
    height_m: float | None = None
    belt_mps: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Pixels per metre, their source, and the confidence in lengths made with them, 0..1."""

    px_per_m: float
    source: Literal["scale", "points", "belt", "height"]
    trust: float


def scale_from_height(track: PoseTrack, height_m: float) -> float:
    """Return pixels per metre from body height; NaN when too few frames show the body nearly straight.

    The sum of the segments mid-shoulder to mid-hip, hip to knee and knee to ankle, of each leg in the frames in which
    its knee is bent by less than 20 degrees; the median over these frames is 0.779 of the height.
    """
    xy = track.xy_px
    shoulders = midpoint(xy[:, Keypoint.LEFT_SHOULDER], xy[:, Keypoint.RIGHT_SHOULDER])
    hips = midpoint(xy[:, Keypoint.LEFT_HIP], xy[:, Keypoint.RIGHT_HIP])
    trunk = segment_length_px(shoulders, hips)
    sums: list[FloatArray] = []
    for hip, knee, ankle in LEG_CHAINS:
        leg = segment_length_px(xy[:, hip], xy[:, knee]) + segment_length_px(xy[:, knee], xy[:, ankle])
        bend = 180.0 - angle_at_deg(xy[:, hip], xy[:, knee], xy[:, ankle])
        total = trunk + leg
        sums.append(total[np.isfinite(total) & (bend < _STRAIGHT_KNEE_DEG)])
    known = np.concatenate(sums)
    if known.size < _MIN_FRAMES:
        return float("nan")
    return float(np.median(known)) / (SHOULDER_TO_ANKLE * height_m)


def choose_scale(
    known: KnownLengths, *, from_height_px_per_m: float, foot_speed_px_s: float
) -> tuple[Scale | None, tuple[Said, ...]]:
    """Return the most reliable scale, and a finding for each pair of scales that differ by more than 10 %.

    Parameters
    ----------
    known : KnownLengths
        A scale given as a number comes first, then two points of a known distance, the belt and the body height.
    from_height_px_per_m : float
        By `scale_from_height`; NaN = unknown.
    foot_speed_px_s : float
        Backward speed of the standing foot in the picture on a belt; NaN = no belt.
    """
    scales: list[Scale] = []
    if known.px_per_m is not None:
        scales.append(Scale(px_per_m=known.px_per_m, source="scale", trust=1.0))
    if known.two_point_px_per_m is not None:
        scales.append(Scale(px_per_m=known.two_point_px_per_m, source="points", trust=1.0))
    if known.belt_mps is not None and np.isfinite(foot_speed_px_s) and foot_speed_px_s > 0:
        scales.append(Scale(px_per_m=foot_speed_px_s / known.belt_mps, source="belt", trust=0.9))
    if known.height_m is not None and np.isfinite(from_height_px_per_m):
        # Segment shares vary by some percent between people, keypoints are not the joint centres (ours).
        scales.append(Scale(px_per_m=from_height_px_per_m, source="height", trust=0.8))
    return (scales[0] if scales else None), _disagreements(scales)


def scale_of(track: PoseTrack, known: KnownLengths) -> Scale | None:
    """Return the most reliable scale but the belt's; None without one."""
    height = scale_from_height(track, known.height_m) if known.height_m is not None else float("nan")
    scale, _ = choose_scale(known, from_height_px_per_m=height, foot_speed_px_s=float("nan"))
    return scale


def why_no_scale(known: KnownLengths) -> str:
    """Return the code of the reason why there is no scale: nothing is known, or the body height gives none."""
    return "no_scale" if known.height_m is None else "no_body_height"


def px_per_m_of(track: PoseTrack, known: KnownLengths) -> float | None:
    """Return pixels per metre of the most reliable scale but the belt's; None without one."""
    scale = scale_of(track, known)
    return None if scale is None else scale.px_per_m


def _disagreements(scales: Sequence[Scale]) -> tuple[Said, ...]:
    return tuple(
        said(
            "scales_differ",
            percent=100 * abs(one.px_per_m / other.px_per_m - 1),
            first=one.source,
            first_px_per_m=one.px_per_m,
            second=other.source,
            second_px_per_m=other.px_per_m,
        )
        for one, other in combinations(scales, 2)
        if abs(one.px_per_m / other.px_per_m - 1) > _DISAGREEMENT
    )
