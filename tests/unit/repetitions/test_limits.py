"""The limits of counting, of sets and of the chair tests, each with a case on either side, worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.records import FormNote, Repetition
from gaitlab.repetitions.chair import chair_metrics
from gaitlab.repetitions.counting import Excursion, find_excursions
from gaitlab.repetitions.exercises import EXERCISES
from gaitlab.repetitions.finding import number_sets, with_depth
from gaitlab.settings import RepetitionSettings
from tests.builders_exercise import SIDE, Plan, exerciser

FPS = 100.0


def hill(height: float, *, duration_s: float) -> np.ndarray:
    """Return a second of rest and a cosine up to `height` and back."""
    share = np.arange(round(duration_s * FPS)) / (duration_s * FPS)
    return np.concatenate([np.zeros(round(FPS)), height * (1 - np.cos(2 * np.pi * share)) / 2])


@pytest.mark.parametrize(("height", "is_shaking"), [(0.37, True), (0.39, False)])
def test_what_is_over_the_lower_threshold_for_less_than_a_fifth_of_a_second_is_shaking(
    height: float, is_shaking: bool
) -> None:
    """Between full repetitions a hill of 1.2 s passes 0.35; it is over it for 2 acos(2 * 0.35 / height - 1) / 2 pi.

    Of 1.2 s, that is 0.18 s for a height of 0.37 and 0.25 s for one of 0.39; calming takes little from either.
    """
    full = hill(1.0, duration_s=2.0)
    signal = np.concatenate([full, hill(height, duration_s=1.2), full, np.zeros(100)])
    found = find_excursions(np.arange(len(signal)) / FPS, signal, range_min=0.4, settings=RepetitionSettings())
    assert [one.full for one in found] == ([True, True] if is_shaking else [True, False, True])


def four_and_four(*, period_s: float, rest_s: float) -> list[int]:
    """Return the sets of eight repetitions, back to back but for a rest in their middle."""
    starts_s = [period_s * k + (rest_s if k >= 4 else 0.0) for k in range(8)]
    frames = [round(start_s * FPS) for start_s in starts_s]
    length = round(period_s * FPS)
    found = [Excursion(start=at, turn=at + length // 2, end=at + length, full=True) for at in frames]
    return [one.set_index for one in number_sets(np.arange(frames[-1] + length + 1) / FPS, found)]


@pytest.mark.parametrize(("period_s", "rest_s", "n_sets"), [(3.0, 5.9, 1), (3.0, 6.1, 2), (1.0, 3.9, 1), (1.0, 4.1, 2)])
def test_a_rest_of_more_than_two_repetitions_and_four_seconds_begins_a_new_set(
    period_s: float, rest_s: float, n_sets: int
) -> None:
    assert four_and_four(period_s=period_s, rest_s=rest_s) == [1] * 4 + [n_sets] * 4


@pytest.mark.parametrize(("n_helped", "is_a_test"), [(0, True), (1, True), (2, False)])
def test_hands_that_seem_to_help_in_more_than_one_stand_of_five_void_the_test(n_helped: int, is_a_test: bool) -> None:
    helped = FormNote(rule="arms_help", time_s=0.0, text="The hands help.")
    stands = [
        Repetition(
            index=k + 1, side="both", start_s=2.0 * k, turn_s=2.0 * k + 1.0, end_s=2.0 * k + 2.0, outward_s=1.0,
            range_deg=None, confidence=0.9,
        )
        for k in range(5)
    ]  # fmt: skip
    stands[:n_helped] = [replace(one, form=(helped,)) for one in stands[:n_helped]]
    seated = exerciser("sit-to-stand", Plan(reps=0, before_s=12.0), yaw_deg=SIDE).track
    found = {one.name: one for one in chair_metrics(seated, stands)}
    assert found["five_times_sit_to_stand"].value == (9.0 if is_a_test else None)
    assert is_a_test or "cross the arms" in str(found["five_times_sit_to_stand"].reason)


@pytest.mark.parametrize(("share", "n"), [(0.017, 0), (0.023, 1)])
def test_what_is_up_in_less_than_two_hundredths_of_the_clip_is_no_range(share: float, n: int) -> None:
    """Of 100 s the signal is up for 1.7 or 2.3 s; its range goes to the 98th percentile."""
    signal = np.zeros(10_000)
    signal[5_000 : 5_000 + round(share * 10_000)] = 1.0
    found = find_excursions(np.arange(10_000) / FPS, signal, range_min=0.4, settings=RepetitionSettings())
    assert len(found) == n


@pytest.mark.parametrize(("deepest", "full"), [(0.9, True), (0.7, False)])
def test_a_repetition_is_as_deep_as_it_is_between_its_start_and_its_end(deepest: float, full: bool) -> None:
    """A full squat reaches -0.35 and another movement comes right after this one."""
    level = EXERCISES["squat"].counting.full_level
    signal = np.array([level - 1, level + deepest - 0.8, level - 1, level + 1])
    one = Excursion(start=0, turn=1, end=2, full=False)
    (told,) = with_depth({"both": signal}, [one], EXERCISES["squat"].counting)
    assert told.full is full
