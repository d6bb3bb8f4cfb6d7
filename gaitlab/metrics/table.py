"""What is known of each number: the direction that is good, published limits of change, typical ranges."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["AIMS", "BOUNDS", "RESOLUTION", "TYPICAL", "Aim", "Bound"]

#: Which way is better: up, down, or into a range (low, high).
Aim = Literal["more", "less"] | tuple[float, float]


#: Steps in which a number can change at all; the rounding alone has an SD of a step / sqrt(12).
RESOLUTION: Final[Mapping[str, float]] = {
    "repetition_count": 1.0,
    "chair_stands_30s": 1.0,
    "sppb_chair_points": 1.0,
}


_ZERO: Final = (0.0, 0.0)


#: Which way is better, for the numbers where that is not a matter of taste *(ours)*. Left out on purpose: cadence,
#: times, lengths and shares of the stride, which belong to a speed and a body height; joint ranges, where a norm or a
#: goal decides; tempo and duration of repetitions, which are a choice.
AIMS: Final[Mapping[str, Aim]] = {
    "speed": "more",
    "step_time_symmetry_index": _ZERO,
    "step_length_symmetry_index": _ZERO,
    "step_time_cv": "less",
    "repetition_count": "more",
    "range_of_motion": "more",
    "left_right_difference": _ZERO,
    "five_times_sit_to_stand": "less",
    "chair_stands_30s": "more",
    "sppb_chair_points": "more",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A published repeatability: either the smallest detectable change, or the SD within persons.

    Attributes
    ----------
    change, within_sd : float or None
        One of them, in the metric's unit.
    source : str
        Where it is from, as readers are told.
    """

    source: str
    change: float | None = None
    within_sd: float | None = None

    def __post_init__(self) -> None:
        if (self.change is None) == (self.within_sd is None):
            raise ValueError("bound: expected either a change or an SD within persons")

    @property
    def limit(self) -> float:
        """How far two single sessions may differ without a change."""
        return self.change if self.change is not None else 1.96 * math.sqrt(2.0) * float(self.within_sd or 0.0)


_LITERATURE: Final = "a cautious value from the literature on walking"


# The largest of the errors that Riazati et al. 2022 (doi 10.3389/fnhum.2022.867474) found between days for sagittal and
# frontal angles of hip, knee and ankle at events of the stride: 0.91 to 3.25 degrees, by markerless capture.
_ANGLE: Final = Bound(within_sd=3.25, source="Riazati et al. 2022, several cameras without markers, between days")


#: Published limits by metric. Step time, step length, speed and cadence are those of the project's notes on the domain,
#: whose own source could not be seen; for cadence, Sensors 2020, 20, 4866, table 3 has 12.2.
BOUNDS: Final[Mapping[str, Bound]] = {
    "cadence": Bound(change=12.0, source="Sensors 2020, 20, 4866: 12 steps/min between two tests"),
    "step_time": Bound(change=0.045, source=_LITERATURE),
    "step_length": Bound(change=0.040, source=_LITERATURE),
    "speed": Bound(change=0.145, source=_LITERATURE),
    "knee_flexion_peak": _ANGLE,
    "knee_range": _ANGLE,
    "hip_range": _ANGLE,
}


#: Name → where most healthy adults are who walk at their own speed; rounded, as in textbooks of gait analysis, and an
#: orientation, not a limit.
TYPICAL: Final[Mapping[str, tuple[float, float]]] = {
    "cadence": (100.0, 120.0),
    "step_time": (0.5, 0.6),
    "stance_percent": (58.0, 62.0),
    "double_support_percent": (15.0, 25.0),
}
