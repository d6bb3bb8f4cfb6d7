"""Counting repetitions: full excursions of the exercise's signal and back, by two thresholds.

One engine serves every exercise; the differences are in the table `gaitlab.repetitions.exercises`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gaitlab.records import AngleSeries, ExerciseSummary, PoseTrack, SmoothedTrack
from gaitlab.repetitions.body import Body
from gaitlab.repetitions.chair import chair_metrics
from gaitlab.repetitions.counting import Excursion, find_excursions
from gaitlab.repetitions.describe import describe_repetition
from gaitlab.repetitions.exercise_row import Exercise
from gaitlab.repetitions.exercises import ANY_MOVEMENT, standard_of
from gaitlab.repetitions.finding import Found, find_repetitions
from gaitlab.repetitions.metrics import repetition_metrics
from gaitlab.repetitions.recognition import recognise
from gaitlab.repetitions.repeated import find_repeated
from gaitlab.settings import RepetitionSettings

__all__ = [
    "Excursion",
    "count_repeated",
    "count_repetitions",
    "find_excursions",
    "recognise",
    "without_repetitions",
]


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
    found = find_repetitions(Body.of(smoothed.track), exercise, settings)
    return summarise(found, smoothed, angles, exercise)


def count_repeated(smoothed: SmoothedTrack, angles: AngleSeries, settings: RepetitionSettings) -> ExerciseSummary:
    """Count any movement that repeats; parameters as of `count_repetitions`. No range of motion, no depth, no form."""
    return summarise(find_repeated(Body.of(smoothed.track), settings), smoothed, angles, ANY_MOVEMENT)


def summarise(found: Found, smoothed: SmoothedTrack, angles: AngleSeries, exercise: Exercise) -> ExerciseSummary:
    """Describe the excursions: the full ones are the repetitions, the shallow ones the partials."""
    turns = [0, *(one.turn for one in found.excursions), len(smoothed.track) - 1]
    repetitions, partials = (
        tuple(
            describe_repetition(
                number,
                one,
                turns=turns,
                signal=found.signals[one.side],
                smoothed=smoothed,
                angles=angles,
                exercise=exercise,
            )
            for number, one in enumerate((one for one in found.excursions if one.full == full), start=1)
        )
        for full in (True, False)
    )
    summary = ExerciseSummary(
        name=exercise.name,
        count=len(repetitions),
        partial=len(partials),
        repetitions=repetitions,
        partials=partials,
        metrics=(),
    )
    return _with_metrics(summary, smoothed.track)


def without_repetitions(summary: ExerciseSummary, moments_s: Sequence[float], track: PoseTrack) -> ExerciseSummary:
    """Return a summary without the repetitions, full or partial, that contain one of these moments.

    The others are numbered anew, and the metrics of the exercise are computed from them and the smoothed track.
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
    """Return a summary with the metrics of its repetitions and of the tests that belong to the exercise."""
    chair = chair_metrics(track, summary.repetitions) if standard_of(summary.name).chair_tests else ()
    return replace(summary, metrics=(*repetition_metrics(summary), *chair))
