"""Counting repetitions: full excursions of the exercise's signal and back, by two thresholds.

One engine for every exercise; what differs stands in `gaitlab.exercises`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gaitlab.exercises import Exercise
from gaitlab.repetitions.chair import chair_metrics
from gaitlab.repetitions.counting import Excursion, find_excursions
from gaitlab.repetitions.describe import describe_repetition
from gaitlab.repetitions.metrics import repetition_metrics
from gaitlab.repetitions.signals import POSITIONS, SIGNALS
from gaitlab.settings import RepetitionSettings
from gaitlab.types import AngleSeries, ExerciseSummary, PoseTrack, SmoothedTrack

__all__ = ["Excursion", "count_repetitions", "find_excursions", "without_repetitions"]


def count_repetitions(
    smoothed: SmoothedTrack, angles: AngleSeries, exercise: Exercise, settings: RepetitionSettings
) -> ExerciseSummary:
    """Count the repetitions of one exercise and describe each.

    Parameters
    ----------
    smoothed : SmoothedTrack
    angles : AngleSeries
        On the same times.
    exercise : Exercise
    settings : RepetitionSettings

    Returns
    -------
    ExerciseSummary
        Excursions whose turning point is not in the exercise's position are left out. One that stays below the upper
        threshold or short of `full_level` is partial when it reaches `partial_level`, else nothing.
    """
    track = smoothed.track
    signal = SIGNALS[exercise.signal](track)
    in_position = POSITIONS[exercise.position](track)
    signal = np.where(in_position, signal, np.nan)
    excursions = [
        one
        for one in find_excursions(track.time_s, signal, range_min=exercise.range_min, settings=settings)
        if signal[one.start] <= exercise.rest_level
    ]
    full = [one for one in excursions if one.full and signal[one.turn] >= exercise.full_level]
    turns = [0, *(one.turn for one in excursions), len(signal) - 1]
    repetitions = tuple(
        describe_repetition(
            number, one, turns=turns, signal=signal, smoothed=smoothed, angles=angles, exercise=exercise
        )
        for number, one in enumerate(full, start=1)
    )
    partial = sum(signal[one.turn] >= exercise.partial_level for one in excursions) - len(full)
    summary = ExerciseSummary(
        name=exercise.name,
        count=len(repetitions),
        partial=int(partial),
        repetitions=repetitions,
        metrics=(),
    )
    return _with_metrics(summary, track)


def without_repetitions(summary: ExerciseSummary, moments_s: Sequence[float], track: PoseTrack) -> ExerciseSummary:
    """Return a summary without the repetitions, full or partial, during which one of these moments is.

    The others are numbered anew, and the numbers of the exercise made of them and the smoothed track.
    """
    if not moments_s:
        return summary
    kept, partials = (
        tuple(rep for rep in reps if not any(rep.start_s <= moment <= rep.end_s for moment in moments_s))
        for reps in (summary.repetitions, summary.partials)
    )
    changed = replace(
        summary,
        count=len(kept),
        partial=summary.partial - len(summary.partials) + len(partials),
        repetitions=tuple(replace(rep, index=number) for number, rep in enumerate(kept, start=1)),
        partials=partials,
        metrics=(),
    )
    return _with_metrics(changed, track)


def _with_metrics(summary: ExerciseSummary, track: PoseTrack) -> ExerciseSummary:
    """Return a summary with the numbers made of its repetitions, and those of the tests that belong to the exercise."""
    chair = chair_metrics(track, summary.repetitions) if summary.name == "sit-to-stand" else ()
    return replace(summary, metrics=(*repetition_metrics(summary), *chair))
