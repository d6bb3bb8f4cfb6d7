"""The units of the numbers: how each is written, and its counterpart for readers who prefer imperial units.

Numbers are kept in metric units; `in_units` is the one place that converts them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from gaitlab.records import Metric

__all__ = ["UNITS", "Unit", "Units", "in_unit", "in_units", "unit_of"]

Units = Literal["metric", "imperial"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit of numbers.

    Attributes
    ----------
    name : str
        As it stands in files and in the store.
    written : str
        What follows a number, with the space before it.
    decimals : int
        Of a number in this unit, where its metric says nothing else.
    is_counted : bool
        Whether whole things are counted: such an amount has no decimals.
    imperial : (str, float) or None
        The name of the imperial counterpart and the factor to it.
    """

    name: str
    written: str
    decimals: int = 1
    is_counted: bool = False
    imperial: tuple[str, float] | None = None


#: Name → unit. International foot and mile of 1959: exact.
UNITS: Final[Mapping[str, Unit]] = {
    unit.name: unit
    for unit in (
        Unit(name="", written="", decimals=0),
        Unit(name="s", written=" s", decimals=2),
        Unit(name="m", written=" m", decimals=2, imperial=("ft", 1 / 0.3048)),
        Unit(name="m/s", written=" m/s", decimals=2, imperial=("mph", 3600 / 1609.344)),
        Unit(name="ft", written=" ft", decimals=2),
        Unit(name="mph", written=" mph", decimals=2),
        Unit(name="deg", written="°", decimals=0),
        Unit(name="%", written=" %"),
        Unit(name="steps/min", written=" steps/min", decimals=0),
        Unit(name="count", written="", decimals=0, is_counted=True),
        Unit(name="stands", written="", decimals=0, is_counted=True),
        Unit(name="turns", written="", decimals=0, is_counted=True),
        Unit(name="repetitions", written="", is_counted=True),
        Unit(name="points", written=" points", decimals=0),
        Unit(name="repetitions/min", written=" /min"),
        Unit(name="deg/repetition", written="° per repetition"),
        Unit(name="s/repetition", written=" s per repetition", decimals=2),
        Unit(name="%/repetition", written=" % per repetition"),
    )
}


def unit_of(name: str) -> Unit:
    """Return the unit of that name; an unknown one, as old sessions may have, is written by its name."""
    return UNITS.get(name) or Unit(name=name, written=f" {name}")


def in_units(metric: Metric, units: Units) -> Metric:
    """Return a metric in the preferred units; a metric without an imperial unit stays as it is."""
    imperial = unit_of(metric.unit).imperial
    if units == "metric" or imperial is None:
        return metric
    name, factor = imperial
    return replace(
        metric,
        value=None if metric.value is None else metric.value * factor,
        unit=name,
        sd=None if metric.sd is None else metric.sd * factor,
    )


def in_unit(metric: Metric, unit: str) -> Metric:
    """Return a metric in `unit` if that is the imperial counterpart of its own unit, else unchanged."""
    imperial = in_units(metric, "imperial")
    return imperial if imperial.unit == unit else metric
