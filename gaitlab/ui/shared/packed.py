"""Many numbers as one text for a script; `packed.js` reads them."""

from __future__ import annotations

from base64 import b64encode
from typing import Final

import numpy as np

from gaitlab.records import FloatArray

__all__ = ["LARGEST", "packed"]

#: The largest number that can be sent, in its parts.
LARGEST: Final = 32767
_UNKNOWN: Final = -32768  # as in the script


def packed(values: FloatArray, per_unit: float) -> str:
    """Return numbers as base64 of 16-bit integers, low byte first: a clip of ten minutes has half a million.

    Parameters
    ----------
    values : ndarray
        In C order; NaN is sent as unknown, too large a number as the largest.
    per_unit : float
        Parts of a unit that are told apart.
    """
    whole = np.where(np.isnan(values), _UNKNOWN, np.clip(np.round(values * per_unit), -LARGEST, LARGEST))
    return b64encode(whole.astype("<i2").tobytes()).decode("ascii")
