"""Read-only arrays, and the checks that records make of their values."""

from __future__ import annotations

from typing import TypeGuard

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["FloatArray", "UInt8Array", "check_times", "check_unit_interval", "frozen"]

FloatArray = NDArray[np.float64]
UInt8Array = NDArray[np.uint8]


def _is_frozen(values: ArrayLike) -> TypeGuard[FloatArray]:
    owner = values
    while isinstance(owner, np.ndarray) and not owner.flags.writeable:
        if owner.base is None:
            return isinstance(values, np.ndarray) and values.dtype == np.float64
        owner = owner.base
    return False


def frozen(values: ArrayLike, *, name: str, shape: tuple[int | None, ...]) -> FloatArray:
    """Return `values` as a read-only float64 array, checked against `shape` (None = any length).

    The result is a copy, unless `values` is read-only already, as in another record.
    """
    array = values if _is_frozen(values) else np.array(values, dtype=np.float64)
    if len(shape) != array.ndim or any(want not in (None, got) for want, got in zip(shape, array.shape, strict=True)):
        expected = tuple("any" if want is None else want for want in shape)
        raise ValueError(f"{name}: expected shape {expected}, got {array.shape}")
    array.flags.writeable = False
    return array


def check_times(time_s: FloatArray) -> None:
    """Raise ValueError unless times are finite and increase."""
    if not np.all(np.isfinite(time_s)):
        raise ValueError("time_s: expected finite times, got NaN or infinity")
    if np.any(np.diff(time_s) <= 0):
        raise ValueError("time_s: expected strictly increasing times, got a repeated or decreasing one")


def check_unit_interval(name: str, value: float) -> None:
    """Raise ValueError unless a value is from 0 to 1."""
    if not 0.0 <= value <= 1.0:
        raise ValueError(f"{name}: expected 0..1, got {value}")
