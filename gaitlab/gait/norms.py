"""Norms of healthy people: for comparison beside a number or a curve, never to correct it.

The table of curves and the sources of its numbers are in ``gaitlab/data/norms``. Each group walked over ground at a
speed of its own choice and was recorded with markers; a camera measures differently (see the README there).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final

import numpy as np

from gaitlab.metrics.confidence import computed
from gaitlab.records import Analysis, FloatArray, Metric

__all__ = [
    "COLUMNS",
    "GROUPS",
    "TABLE",
    "NormBand",
    "NormGroup",
    "UsualSpeed",
    "group_of_age",
    "has_norm",
    "norm_band",
    "usual_speed",
]

COLUMNS: Final = ("group", "angle", "percent", "mean_deg", "sd_deg")
TABLE: Final = resources.files("gaitlab") / "data" / "norms" / "walking.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class NormGroup:
    """The people of a norm: `title` for a choice, `people` with ages and speed for a caption, `source` to cite."""

    name: str
    title: str
    people: str
    source: str


_ROWS: Final = (
    NormGroup(
        name="adults",
        title="Adults, 22-72 years",
        people="20 healthy adults of 22-72 years walking over ground at about 1.2 m/s",
        source="after Bovi et al. 2011, Gait & Posture 33:6-13, as in SCONE",
    ),
    NormGroup(
        name="children",
        title="Children, 4-17 years",
        people="83 healthy children of 4-17 years walking over ground at a speed of their choice",
        source="Schwartz et al. 2008, Journal of Biomechanics 41:1639-1650",
    ),
)

#: Groups by name.
GROUPS: Final[Mapping[str, NormGroup]] = MappingProxyType({row.name: row for row in _ROWS})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NormBand:
    """Mean and standard deviation between people at 0, 1, .. 100 % of the gait cycle, each of shape (101,), degrees."""

    group: NormGroup
    angle: str
    mean_deg: FloatArray
    sd_deg: FloatArray


_ADULT_FROM: Final = 18  # years; the children are 4 to 17, the adults 22 to 72
_SPEED_SOURCE: Final = "Bohannon & Andrews 2011, Physiotherapy 97:182-189"
# First and last age, and the mean comfortable walking speed in m/s of women and men over 41 studies with 23,111 people.
_SPEEDS: Final = (
    (20, 29, 1.34, 1.36),
    (30, 39, 1.34, 1.43),
    (40, 49, 1.39, 1.43),
    (50, 59, 1.31, 1.43),
    (60, 69, 1.24, 1.34),
    (70, 79, 1.13, 1.26),
    (80, 99, 0.94, 0.97),
)
_OF_BOTH: Final = {"female": ("women", 2), "male": ("men", 3)}


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualSpeed:
    """The mean walking speed of healthy people of one sex and age: `people` and `source` in words, `metric` in m/s."""

    people: str
    metric: Metric
    source: str


@cache
def _table() -> dict[tuple[str, str], FloatArray]:
    """Return the curves by group and angle, shape (2, 101)."""
    rows: dict[tuple[str, str], list[tuple[float, float]]] = {}
    with TABLE.open() as stream:
        for row in csv.DictReader(stream):
            rows.setdefault((row["group"], row["angle"]), []).append((float(row["mean_deg"]), float(row["sd_deg"])))
    curves = {key: np.array(values).T for key, values in rows.items()}
    for curve in curves.values():
        curve.flags.writeable = False
    return curves


def norm_band(angle: str, group: str = "adults") -> NormBand | None:
    """Return the band of a curve ("knee_flexion", "hip_flexion"); None for a curve without one.

    Parameters
    ----------
    angle : str
        Name of a curve as in `gaitlab.gait.cycle_curves`.
    group : str
        Key of `GROUPS`; KeyError for another one.
    """
    curve = _table().get((GROUPS[group].name, angle))
    if curve is None:
        return None
    return NormBand(group=GROUPS[group], angle=angle, mean_deg=curve[0], sd_deg=curve[1])


def group_of_age(age: int | None) -> str:
    """Name the group of `GROUPS` whose curves fit somebody of that age in years; adults where it is not known."""
    return "children" if age is not None and age < _ADULT_FROM else "adults"


def usual_speed(sex: str | None, age: int | None) -> UsualSpeed | None:
    """Look up the usual walking speed of healthy people of a sex ("female", "male") and an age in years.

    None where either is unknown, or for an age without data (under 20, over 99).

    References
    ----------
    R. W. Bohannon, A. W. Andrews, Normal walking speed: a descriptive meta-analysis. Physiotherapy 97 (2011) 182-189.
    """
    row = next((row for row in _SPEEDS if age is not None and row[0] <= age <= row[1]), None)
    if row is None or sex not in _OF_BOTH:
        return None
    people, column = _OF_BOTH[sex]
    metric = computed("speed", row[column], n=1, confidence=1.0)
    return UsualSpeed(people=f"{people} of {row[0]} to {row[1]} years", metric=metric, source=_SPEED_SOURCE)


def has_norm(analysis: Analysis) -> bool:
    """Return whether a norm may be laid beside the curves of an analysis: of walking forward, not of running."""
    walks = analysis.gait is not None and analysis.gait.mode == "walk"
    return walks and analysis.subject.direction != "backward"
