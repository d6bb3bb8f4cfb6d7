"""Joint angles over the gait cycle: every stride stretched to 0..100 %, mean and spread per side.

After Winter (2009): from a heel strike, 0 %, to the next of the same foot, 100 %, at 101 points. The curves are not
stored; they follow from the angles and strides of an analysis.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from gaitlab.gait.events import N_MIN_STRIDES
from gaitlab.motion.phase import all_in_phase, known_in_phase
from gaitlab.records import Analysis, AngleSeries, FloatArray, Stride
from gaitlab.records.skeleton import SIDES, OneSide

__all__ = ["CycleCurve", "cycle_curves", "stretch"]

#: Curve -> the angle it is of; the trunk's is that of the same stride for either leg.
_CURVES: Final = {
    "knee_flexion": "{side}_knee",
    "hip_flexion": "{side}_hip",
    "ankle_flexion": "{side}_ankle",
    "trunk_lean": "trunk_lean",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CycleCurve:
    """One angle over the gait cycle of one leg.

    Attributes
    ----------
    name : str
        "knee_flexion", "hip_flexion" (thigh against trunk), "ankle_flexion" (where it is known) or "trunk_lean".
    side : {"left", "right"}
        The side of the heel strike that begins the cycle.
    n : int
        Number of strides in the mean, at least three.
    mean_deg, sd_deg : ndarray, shape (101,)
        At 0, 1, .. 100 % of the cycle; SD with ddof 1, between strides. No NaN.
    """

    name: str
    side: OneSide
    n: int
    mean_deg: FloatArray
    sd_deg: FloatArray


def stretch(angles: AngleSeries, name: str, stride: Stride) -> FloatArray | None:
    """Return an angle at 0, 1, .. 100 % of a stride, shape (101,), by straight lines between the frames.

    None where it is not known throughout: no such angle, a NaN in it, frames more than 0.12 s apart, or a stride that
    begins before the first or ends after the last frame.
    """
    if name not in angles.names:
        return None
    return known_in_phase(angles.time_s, angles.angle(name), (stride.start_s, stride.end_s))


def cycle_curves(analysis: Analysis) -> tuple[CycleCurve, ...]:
    """Return knee, hip, ankle and trunk angles over the gait cycle, left before right.

    Parameters
    ----------
    analysis : Analysis
        Of walking or running seen from the side; any other has no curves. All its strides count, also one that
        begins from standing. A curve of which fewer than three strides are known throughout is left out.
    """
    if analysis.gait is None or analysis.subject.view != "side":
        return ()
    curves = []
    for name, angle in _CURVES.items():
        for side in SIDES:
            own = [(stride.start_s, stride.end_s) for stride in analysis.gait.strides if stride.side == side]
            if (of_side := angle.format(side=side)) not in analysis.angles.names:
                continue
            found = all_in_phase(analysis.angles.time_s, analysis.angles.angle(of_side), own)
            known = found[np.isfinite(found).all(axis=1)]
            if len(known) >= N_MIN_STRIDES:
                mean, sd = known.mean(axis=0), known.std(axis=0, ddof=1)
                curves.append(CycleCurve(name=name, side=side, n=len(known), mean_deg=mean, sd_deg=sd))
    return tuple(curves)
