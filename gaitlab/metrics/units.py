"""The units a reader prefers; numbers are kept in metric ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from gaitlab.records import Metric

__all__ = ["Units", "in_units"]

Units = Literal["metric", "imperial"]


#: Of a unit, the other one and how many of it one is (international foot and mile of 1959: exact).
_IMPERIAL: Final[Mapping[str, tuple[str, float]]] = {"m": ("ft", 1 / 0.3048), "m/s": ("mph", 3600 / 1609.344)}


def in_units(metric: Metric, units: Units) -> Metric:
    """Return a number in the units somebody prefers; those without such a unit stay as they are."""
    if units == "metric" or metric.unit not in _IMPERIAL:
        return metric
    unit, factor = _IMPERIAL[metric.unit]
    return Metric(
        name=metric.name,
        value=None if metric.value is None else metric.value * factor,
        unit=unit,
        side=metric.side,
        n=metric.n,
        sd=None if metric.sd is None else metric.sd * factor,
        confidence=metric.confidence,
        reason=metric.reason,
    )
