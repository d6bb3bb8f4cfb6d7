"""The metrics of a whole session of one exercise."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from gaitlab.metrics.confidence import computed, measured, withheld
from gaitlab.records import Metric, Repetition
from gaitlab.repetitions.exercises import standard_of
from gaitlab.repetitions.sets import SetSummary, summarise_sets

__all__ = ["METRIC_NAMES", "repetition_metrics"]

#: The numbers that every exercise has, in the order of the report.
METRIC_NAMES: Final[tuple[str, ...]] = (
    "repetition_count",
    "tempo",
    "repetition_duration",
    "range_of_motion",
    "left_right_difference",
    "fatigue_slope",
    "fatigue_slope_duration",
)
_PER_SIDE_MIN = 2  # repetitions of each side for a difference of sides that take turns (ours)


def repetition_metrics(exercise: str, repetitions: Sequence[Repetition]) -> tuple[Metric, ...]:
    """Return the metrics of an exercise, each withheld with its reason where it has no value.

    Tempo and fatigue are measured within sets: rests between sets are no slow repetitions. Fatigue is given for the
    longest set, and only where the slope over its repetitions is clear (95 %).
    """
    if not repetitions:
        return tuple(withheld(name, "no_repetitions") for name in METRIC_NAMES)
    n = len(repetitions)
    sure = float(np.mean([one.confidence for one in repetitions]))
    whole = [one for one in repetitions if one.is_whole]
    durations = [one.end_s - one.start_s for one in whole]
    longest = max(summarise_sets(repetitions), key=lambda one: one.count)
    return (
        computed("repetition_count", float(n), n=n, confidence=sure),
        _tempo(repetitions, sure),
        measured("repetition_duration", durations, confidence=sure)
        if durations
        else withheld("repetition_duration", "no_repetitions"),
        _range_of_motion(whole, n, sure, standard_of(exercise).aspects),
        _left_right(whole, sure),
        *_fatigue(longest, sure),
    )


def _tempo(repetitions: Sequence[Repetition], sure: float) -> Metric:
    pairs = [(one, later) for one, later in pairwise(repetitions) if one.set_index == later.set_index]
    intervals = [later.turn_s - one.turn_s for one, later in pairs if later.turn_s > one.turn_s]
    if not intervals:
        return withheld("tempo", "few_repetitions", n=len(repetitions))
    rates = 60.0 / np.asarray(intervals)
    sd = float(np.std(rates, ddof=1)) if rates.size > 1 else None
    value = 60.0 * rates.size / float(np.sum(intervals))
    even = 1.0 if sd is None else max(0.0, 1.0 - sd / float(np.mean(rates)))
    return computed("tempo", value, n=rates.size, sd=sd, confidence=sure * even)


def _range_of_motion(whole: Sequence[Repetition], n: int, sure: float, aspects: Sequence[str]) -> Metric:
    ranges = [one.range_deg for one in whole if one.range_deg is not None]
    if ranges:
        return measured("range_of_motion", ranges, confidence=sure * len(ranges) / n, side="both")
    reason = "no_angle" if not aspects else "view" if "side" in aspects else "view_front"
    return withheld("range_of_motion", reason, n=0)


def _left_right(whole: Sequence[Repetition], sure: float) -> Metric:
    """Return left minus right: within repetitions of both sides, or between repetitions of alternating sides."""
    name = "left_right_difference"
    together = [one.left_right_difference_deg for one in whole if one.left_right_difference_deg is not None]
    if together:
        return measured(name, together, confidence=sure)
    left, right = (
        [one.range_deg for one in whole if one.side == side and one.range_deg is not None] for side in ("left", "right")
    )
    if not any(one.side != "both" for one in whole):
        return withheld(name, "sides_hidden")
    if min(len(left), len(right)) < _PER_SIDE_MIN:
        return withheld(name, "few_of_each_side", n=min(len(left), len(right)))
    value = float(np.mean(left) - np.mean(right))
    return computed(name, value, n=min(len(left), len(right)), confidence=sure)


def _fatigue(longest: SetSummary, sure: float) -> tuple[Metric, ...]:
    """Return the slopes of range and duration over the longest set; `sd` is the standard error of the slope."""
    metrics = []
    for name, unit, slope in (
        ("fatigue_slope", f"{longest.range_unit}/repetition", longest.range_slope),
        ("fatigue_slope_duration", None, longest.duration_slope),
    ):
        if slope is None:
            metrics.append(withheld(name, "few_for_fatigue", n=longest.count, unit=unit))
        elif not slope.is_clear:
            metrics.append(withheld(name, "level_by_chance", n=slope.n, unit=unit))
        else:
            metrics.append(computed(name, slope.per_repetition, n=slope.n, sd=slope.se, confidence=sure, unit=unit))
    return tuple(metrics)
