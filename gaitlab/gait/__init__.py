"""Foot events, strides and gait metrics from the side.

Heel strikes follow Zeni et al. (2008): ``r`` is the distance of the ankle ahead of the mid-hip in the walking
direction, and a heel strike is a maximum of ``r``; against force plates it comes 10-21 ms early. A toe-off is the
fastest rise of the ankle (after O'Connor et al. 2007), 29-38 ms early in walking. In running all metrics that rest on
toe-offs are withheld.
"""

from gaitlab.gait.feet.angles import with_ankles
from gaitlab.gait.feet.metrics import measure_feet
from gaitlab.gait.markers import has_marked_feet
from gaitlab.gait.metrics import analyse_gait, walking_direction
from gaitlab.gait.pace import as_far_as_cadence
from gaitlab.gait.rhythm import harmonic_cadence_spm, stride_period_s
from gaitlab.gait.scale import KnownLengths, px_per_m_of
from gaitlab.gait.walking_tests import walking_tests

__all__ = [
    "KnownLengths",
    "analyse_gait",
    "as_far_as_cadence",
    "harmonic_cadence_spm",
    "has_marked_feet",
    "measure_feet",
    "px_per_m_of",
    "stride_period_s",
    "walking_direction",
    "walking_tests",
    "with_ankles",
]
