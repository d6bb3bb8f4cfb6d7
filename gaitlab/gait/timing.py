"""Stance, swing and double support of each leg, and the gait mode: walking or running."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from gaitlab.gait.events import LEGS, N_MIN_STRIDES
from gaitlab.gait.toe_off import Cycle, duty_factor
from gaitlab.metrics.confidence import Trust, computed, one_of_a_side, withheld
from gaitlab.records import GaitMode, Metric

__all__ = ["gait_mode", "stance_metrics"]

_RUN_MIN_CADENCE_SPM = 140.0
# In running the ankle's toe-off comes some 30 ms late, so a run may show 0.49; a walk shows 0.55 and more (ours).
_RUN_MAX_DUTY, _WALK_MIN_DUTY = 0.475, 0.535
_STANCE_MIN_PERCENT, _STANCE_MAX_PERCENT = 50.0, 80.0  # of walking (DOMAIN 6)
_ANKLE_TRUST = 0.7  # toe-offs rest on the ankle, stance is 1.5 points off on average: never "sure", 0.8 (ours)
_PER_CYCLE: Final[tuple[tuple[str, Callable[[Cycle], float]], ...]] = (
    ("stance_time", lambda cycle: cycle.stance_s),
    ("swing_time", lambda cycle: cycle.swing_s),
    ("stance_percent", lambda cycle: cycle.stance_percent),
    ("swing_percent", lambda cycle: 100.0 - cycle.stance_percent),
)


def gait_mode(cadence: Metric, cycles: Sequence[Cycle]) -> GaitMode:
    """Return "run" for a duty factor below 0.475, and "walk" from 0.535 on, as children walk at 150 steps/min.

    Between them, and where no duty factor is known, a cadence from 140 steps/min up is running.
    """
    if cadence.value is None:
        return "unknown"
    duty = duty_factor(cycles)
    if duty < _RUN_MAX_DUTY:
        return "run"
    return "walk" if duty >= _WALK_MIN_DUTY or cadence.value < _RUN_MIN_CADENCE_SPM else "run"


def stance_metrics(cycles: Sequence[Cycle], trust: Trust, *, mode: GaitMode, missing: str) -> list[Metric]:
    """Return stance and swing per side and double support (stance left + right - 100, not below 0).

    Cycles with an implausible stance (outside 50-80 % in walking) are left out. In running all are withheld: the
    ankle's toe-off is some 30 ms late there.
    """
    reason = "running" if mode == "run" else missing
    walking = [one for one in cycles if _STANCE_MIN_PERCENT <= one.stance_percent <= _STANCE_MAX_PERCENT]
    own = {side: [] if mode == "run" else [one for one in walking if one.stride.side == side] for side in LEGS}

    def less_trust(n: int, n_min: int) -> float:
        return _ANKLE_TRUST * trust(n, n_min)

    metrics = [
        one_of_a_side(
            name,
            [value(cycle) for cycle in own[side]],
            less_trust,
            n_min=N_MIN_STRIDES,
            missing=reason,
            side=side,
        )
        for name, value in _PER_CYCLE
        for side in LEGS
    ]
    n = min(len(own[side]) for side in LEGS)
    if n == 0:
        return [*metrics, withheld("double_support_percent", reason)]
    both = sum(float(np.mean([cycle.stance_percent for cycle in own[side]])) for side in LEGS) - 100.0
    sure = less_trust(n, N_MIN_STRIDES)
    double = computed("double_support_percent", max(0.0, both), n=n, confidence=sure)
    return [*metrics, double]
