"""Stretches of time series."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["true_runs"]


def true_runs(mask: NDArray[np.bool_]) -> list[slice]:
    """Return the contiguous stretches of True in a mask of shape (T,), in order."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(int)))
    return [slice(int(start), int(stop)) for start, stop in zip(edges[::2], edges[1::2], strict=True)]
