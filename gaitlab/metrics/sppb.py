"""The Short Physical Performance Battery: points for the 4-metre walk, and the total of its three parts.

Guralnik et al. 1994 (J Gerontol 49:M85-94) gave the points for a walk of 8 feet; those for 4 m are of the battery's
protocol of the National Institute on Aging: under 4.82 s 4, to 6.20 s 3, to 8.70 s 2, slower 1, unable 0. Balance,
walk and five chair stands add up to 0 to 12.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gaitlab.metrics.confidence import computed, withheld
from gaitlab.records import Metric

__all__ = ["gait_points", "sppb_total"]

_PARTS: Final = ("sppb_gait_points", "sppb_chair_points")
#: Below so many seconds, so many points; times are read to a hundredth of a second.
_GAIT: Final = ((4.82, 4), (6.21, 3), (8.71, 2))


def gait_points(seconds: float) -> int:
    """Return the points for a 4-metre walk that takes so long."""
    shown = round(seconds, 2)
    return next((points for limit, points in _GAIT if shown < limit), 1)


def sppb_total(
    measured: Sequence[Metric], *, balance: int | None, gait: int | None, chair: int | None
) -> Metric | None:
    """Return the total of the battery; None where no balance points are typed in, or the clip shows no part of it.

    Parameters
    ----------
    measured : sequence of Metric
        Of one clip: the points for the walk or for the chair stands may be among them.
    balance, gait, chair : int or None
        Points typed in, of 0 to 4. What the clip shows goes before what is typed in.
    """
    if balance is None or not {one.name for one in measured} & set(_PARTS):
        return None
    seen = {one.name: one for one in measured if one.value is not None}
    sure, total = 1.0, float(balance)
    for name, typed in zip(_PARTS, (gait, chair), strict=True):
        if name in seen:
            sure, total = min(sure, seen[name].confidence), total + float(seen[name].value or 0.0)
        elif typed is not None:
            total += typed
        else:
            return withheld("sppb_total", "sppb_incomplete")
    return computed("sppb_total", total, n=3, confidence=sure)
