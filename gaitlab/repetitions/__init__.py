"""Counting repetitions: cycles of the body first, found by three independent counters; depth and names second.

One engine serves every exercise; the differences are in the table `gaitlab.repetitions.exercises`.
"""

from __future__ import annotations

from collections.abc import Sequence

from gaitlab.records import AngleSeries, Edit, ExerciseSummary, PoseTrack, Repetition, SmoothedTrack
from gaitlab.records.findings import Said, said
from gaitlab.repetitions.chair import chair_metrics
from gaitlab.repetitions.corrections import corrected
from gaitlab.repetitions.counting import Excursion, find_excursions
from gaitlab.repetitions.describe import describe_repetition
from gaitlab.repetitions.exercise_row import Exercise
from gaitlab.repetitions.exercises import ANY_MOVEMENT, standard_of
from gaitlab.repetitions.finding import Found, Movement
from gaitlab.repetitions.metrics import repetition_metrics
from gaitlab.repetitions.recognition import begins_seated, recognise

__all__ = [
    "Excursion",
    "Movement",
    "count_repeated",
    "count_repetitions",
    "doubts",
    "find_excursions",
    "recognise",
]


def count_repetitions(
    movement: Movement,
    smoothed: SmoothedTrack,
    angles: AngleSeries,
    exercise: Exercise,
    *,
    edits: Sequence[Edit] = (),
) -> ExerciseSummary:
    """Count the repetitions of one exercise and describe each.

    Parameters
    ----------
    movement : Movement
        Of `smoothed`; one serves all exercises.
    smoothed : SmoothedTrack
    angles : AngleSeries
        On the same times.
    exercise : Exercise
    edits : sequence of Edit
        Corrections by hand; those of repetitions count.

    Returns
    -------
    ExerciseSummary
        All repetitions; those that turn before the exercise's `full_level` are shallow. Position, resting level and
        checks of the exercise change the confidence, not the count.
    """
    found = corrected(
        movement.found(exercise),
        smoothed.track.time_s,
        edits,
        counting=exercise.counting,
        settings=movement.settings,
    )
    return summarise(found, smoothed, angles, exercise, seen=movement.found(exercise).excursions)


def count_repeated(
    movement: Movement, smoothed: SmoothedTrack, angles: AngleSeries, *, edits: Sequence[Edit] = ()
) -> ExerciseSummary:
    """Count any movement that repeats; parameters as of `count_repetitions`. No range of motion, no depth, no form."""
    found = corrected(movement.repeated, smoothed.track.time_s, edits, counting=None, settings=movement.settings)
    return summarise(found, smoothed, angles, ANY_MOVEMENT, seen=movement.repeated.excursions)


def doubts(movement: Movement, exercise: Exercise) -> tuple[Said, ...]:
    """Return what speaks against the exercise, where it makes the count less sure or nothing."""
    found, what = movement.found(exercise), exercise.title.lower()
    why = [name for name in found.doubts if name != "depth"]
    if found.is_another:
        instead = ANY_MOVEMENT.title if len(movement.repeated.excursions) > 1 else ""
        return (said("another_movement", exercise=what, doubts=why, instead=instead),)
    if not found.excursions:
        return ()
    unseated = exercise.standard.chair_tests and not begins_seated(movement.body)
    return (
        *((said("count_less_sure", exercise=what, doubts=why),) if why else ()),
        *((said("begins_standing"),) if unseated else ()),
    )


def summarise(
    found: Found, smoothed: SmoothedTrack, angles: AngleSeries, exercise: Exercise, *, seen: Sequence[Excursion] = ()
) -> ExerciseSummary:
    """Describe the excursions, full and shallow ones, as repetitions; `seen` are turns, too, counted or not."""
    within = sorted({one.turn for one in (*found.excursions, *seen)})
    turns = [0, *within, len(smoothed.track) - 1]
    repetitions = tuple(
        describe_repetition(
            number,
            one,
            turns=turns,
            signal=found.signals[one.side],
            smoothed=smoothed,
            angles=angles,
            exercise=exercise,
            confidence=sure,
        )
        for number, (one, sure) in enumerate(zip(found.excursions, found.confidences, strict=True), start=1)
    )
    return _with_metrics(exercise.name, repetitions, smoothed.track)


def _with_metrics(name: str, repetitions: tuple[Repetition, ...], track: PoseTrack) -> ExerciseSummary:
    """Return the summary of repetitions, with their metrics and those of the tests that belong to the exercise."""
    chair = chair_metrics(track, repetitions) if standard_of(name).chair_tests else ()
    return ExerciseSummary(
        name=name,
        count=len(repetitions),
        partial=sum(one.is_shallow for one in repetitions),
        repetitions=repetitions,
        metrics=(*repetition_metrics(name, repetitions), *chair),
    )
