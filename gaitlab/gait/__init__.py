"""Foot events, strides and gait metrics from the side.

Heel strikes follow Zeni et al. (2008): with ``r`` = how far the ankle is ahead of the mid-hip in the walking direction,
a heel strike is a maximum of ``r``; against force plates it comes 10-21 ms early. Toe-offs are the fastest rise of the
ankle (after O'Connor et al. 2007), 29-38 ms early in walking; in running nothing that rests on them is given.
"""

from gaitlab.gait.metrics import analyse_gait, walking_direction
from gaitlab.gait.rhythm import spectral_cadence_spm, stride_period_s
from gaitlab.gait.scale import KnownLengths

__all__ = ["KnownLengths", "analyse_gait", "spectral_cadence_spm", "stride_period_s", "walking_direction"]
