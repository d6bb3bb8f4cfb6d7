"""Foot events, strides and gait metrics from the side.

Events follow Zeni et al. (2008): with ``r`` = how far the ankle is ahead of the mid-hip in the walking direction, a
heel strike is a maximum of ``r`` and a toe-off a minimum. Against force plates the ankle's maxima come 10-21 ms before
the heel strike; its minima come 60-75 ms before the toe-off in walking, so toe-offs serve to check the order of events
and nothing that depends on their time is reported.
"""

from gaitlab.gait.metrics import analyse_gait
from gaitlab.gait.rhythm import spectral_cadence_spm, stride_period_s

__all__ = ["analyse_gait", "spectral_cadence_spm", "stride_period_s"]
