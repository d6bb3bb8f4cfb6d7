"""The numbers of a whole session of one exercise."""

from __future__ import annotations

import numpy as np

from gaitlab.quality import REASONS, measured, withheld
from gaitlab.types import Metric, Repetition

__all__ = ["repetition_metrics"]


def repetition_metrics(repetitions: tuple[Repetition, ...]) -> tuple[Metric, ...]:
    """Return count, tempo, duration and range of motion, withheld with a reason where there are none."""
    if not repetitions:
        names = (("repetition_count", "repetitions"), ("tempo", "repetitions/min"), ("repetition_duration", "s"))
        return tuple(
            Metric(name=name, value=None, unit=unit, reason=REASONS["no_repetitions"])
            for name, unit in (*names, ("range_of_motion", "deg"))
        )
    n = len(repetitions)
    sure = float(np.mean([one.confidence for one in repetitions]))
    whole = [one for one in repetitions if "cut off" not in one.notes]
    ranges = [one.range_deg for one in whole if one.range_deg is not None]
    intervals = np.diff([one.turn_s for one in repetitions])
    tempo = (
        measured("tempo", "repetitions/min", 60.0 / intervals, confidence=sure)
        if n > 1
        else withheld("tempo", "repetitions/min", "few_repetitions", n=n)
    )
    return (
        Metric(name="repetition_count", value=float(n), unit="repetitions", n=n, confidence=sure),
        tempo,
        measured("repetition_duration", "s", [one.end_s - one.start_s for one in whole], confidence=sure)
        if whole
        else withheld("repetition_duration", "s", "no_repetitions"),
        measured("range_of_motion", "deg", ranges, confidence=sure * len(ranges) / n, side="both")
        if ranges
        else withheld("range_of_motion", "deg", "view"),
    )
