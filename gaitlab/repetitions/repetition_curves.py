"""Joint angles over the repetition: every one stretched to 0..100 %, the turning point at 50 %; mean and spread.

The curves are not stored; they follow from the angles and repetitions of an analysis.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from gaitlab.motion.kinematics import ANGLE_NAMES
from gaitlab.motion.phase import all_in_phase
from gaitlab.records import Analysis, FloatArray, Repetition
from gaitlab.records.skeleton import Side, side_of_name

__all__ = ["N_MIN_REPETITIONS", "RepetitionCurve", "events_of", "repetition_curves", "whole_repetitions"]

#: Fewer have no spread.
N_MIN_REPETITIONS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RepetitionCurve:
    """One angle over the repetition.

    Attributes
    ----------
    angle : str
        Name of an angle of `gaitlab.motion.kinematics`, such as "left_knee".
    n : int
        Number of repetitions in the mean, at least two.
    mean_deg, sd_deg : ndarray, shape (101,)
        At 0, 1, .. 100 %; SD with ddof 1, between repetitions. No NaN.
    """

    angle: str
    n: int
    mean_deg: FloatArray
    sd_deg: FloatArray

    @property
    def side(self) -> Side:
        """The side of the angle; "both" for the trunk."""
        return side_of_name(self.angle)


def events_of(rep: Repetition) -> tuple[float, float, float]:
    """Return start, turning point and end in seconds."""
    return rep.start_s, rep.turn_s, rep.end_s


def whole_repetitions(analysis: Analysis) -> tuple[Repetition, ...]:
    """Return the repetitions that the clip shows to their end and that turn between their start and their end."""
    repetitions = analysis.exercise.repetitions if analysis.exercise else ()
    return tuple(rep for rep in repetitions if rep.is_whole and rep.start_s < rep.turn_s < rep.end_s)


def repetition_curves(analysis: Analysis) -> tuple[RepetitionCurve, ...]:
    """Return the angles over the repetition; without an exercise there are none.

    Parameters
    ----------
    analysis : Analysis
        Of an angle of one side those repetitions count that this side takes part in. A curve of which fewer than two
        are known throughout is left out.
    """
    return tuple(_curves(analysis, whole_repetitions(analysis)))


def _curves(analysis: Analysis, repetitions: tuple[Repetition, ...]) -> Iterator[RepetitionCurve]:
    angles = analysis.angles
    for angle in ANGLE_NAMES:
        if angle not in angles.names:
            continue
        side = side_of_name(angle)
        own = [rep for rep in repetitions if side == "both" or rep.side in {side, "both"}]
        found = all_in_phase(angles.time_s, angles.angle(angle), [events_of(rep) for rep in own])
        known = found[np.isfinite(found).all(axis=1)]
        if len(known) >= N_MIN_REPETITIONS:
            mean, sd = known.mean(axis=0), known.std(axis=0, ddof=1)
            yield RepetitionCurve(angle=angle, n=len(known), mean_deg=mean, sd_deg=sd)
