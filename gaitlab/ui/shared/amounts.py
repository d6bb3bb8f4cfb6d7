"""Body height and belt speed, in words and as fields, in the user's units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import streamlit as st

from gaitlab.metrics.units import Units

__all__ = ["belt_input", "belt_words", "height_input", "height_words"]

#: Units → name of the unit in the field, how many of it are a metre (a metre per second), and the limits in metres.
_HEIGHTS: Final[Mapping[Units, tuple[str, float]]] = {"metric": ("cm", 100.0), "imperial": ("inches", 100.0 / 2.54)}
_BELTS: Final[Mapping[Units, tuple[str, float]]] = {"metric": ("km/h", 3.6), "imperial": ("mph", 3600 / 1609.344)}
_HEIGHT_M, _BELT_MPS = (0.4, 2.6), (0.05, 12.0)


def height_words(height_m: float, units: Units) -> str:
    """Return a height as "171 cm" or "67.3 inches"."""
    unit, per_m = _HEIGHTS[units]
    return f"{round(height_m * per_m, 1):g} {unit}"


def belt_words(belt_mps: float, units: Units) -> str:
    """Return a belt speed as "4.3 km/h" or "2.7 mph"."""
    unit, per_mps = _BELTS[units]
    return f"{round(belt_mps * per_mps, 2):g} {unit}"


def height_input(height_m: float | None, units: Units, *, key: str | None = None) -> float | None:
    """Return the height in metres as typed in the user's units; None where it is left empty."""
    unit, per_m = _HEIGHTS[units]
    return _amount_input(f"Height ({unit})", height_m, per_m, _HEIGHT_M, step=1.0, decimals=1, key=key)


def belt_input(belt_mps: float | None, units: Units, *, key: str | None = None) -> float | None:
    """Return the belt speed in m/s as typed in the user's units; None where it is left empty."""
    unit, per_mps = _BELTS[units]
    return _amount_input(f"Belt speed ({unit})", belt_mps, per_mps, _BELT_MPS, step=0.1, decimals=2, key=key)


def _amount_input(
    label: str,
    known: float | None,
    factor: float,
    limits: tuple[float, float],
    *,
    step: float,
    decimals: int,
    key: str | None,
) -> float | None:
    shown = round(known * factor, decimals) if known else None
    low, high = (round(limit * factor, decimals) for limit in limits)
    typed = st.number_input(
        label, low, high, value=shown, step=step, format=f"%.{decimals}f", placeholder="unknown", key=key
    )
    if typed is None or typed == shown:  # not changed by rounding
        return known if typed is not None else None
    return min(max(typed / factor, limits[0]), limits[1])
