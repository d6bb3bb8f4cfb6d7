"""What a programme may hold, on each side of its limits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gaitlab.errors import UsageError
from gaitlab.storage import ProgrammeItem, tempo_seconds
from gaitlab.storage.programme import check_programme

SQUATS = ProgrammeItem(exercise="squat", sets=3, repetitions=10, rest_s=60)


@pytest.mark.parametrize(
    "just_within",
    [
        {"sets": 1}, {"sets": 20}, {"repetitions": 1}, {"repetitions": 200}, {"rest_s": 0}, {"rest_s": 900},
        {"range_left_pct": 40}, {"range_right_pct": 150}, {"tempo": "1-0-1-0"}, {"exercise": "x" * 80},
    ],
    ids=str,
)  # fmt: skip
def test_what_can_be_trained_is_taken(just_within: dict[str, Any]) -> None:
    check_programme([replace(SQUATS, **just_within)])


@pytest.mark.parametrize(
    ("just_beyond", "told"),
    [
        ({"sets": 0}, "sets: expected a number from 1 to 20, got 0"),
        ({"sets": 21}, "got 21"),
        ({"repetitions": 0}, "repetitions: expected a number from 1 to 200, got 0"),
        ({"repetitions": 201}, "got 201"),
        ({"rest_s": -1}, "rest_s: expected a number from 0 to 900, got -1"),
        ({"rest_s": 901}, "got 901"),
        ({"range_left_pct": 39}, "range_left_pct: expected a number from 40 to 150, got 39"),
        ({"range_right_pct": 151}, "range_right_pct: expected a number from 40 to 150, got 151"),
        ({"tempo": "fast"}, "4-2-1-0"),
        ({"exercise": " "}, "exercise: expected a name"),
        ({"exercise": "x" * 81}, "at most 80 characters"),
    ],
    ids=str,
)
def test_what_cannot_be_trained_is_refused(just_beyond: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        check_programme([replace(SQUATS, **just_beyond)])


def test_a_programme_has_twenty_exercises_at_most() -> None:
    check_programme([SQUATS] * 20)
    with pytest.raises(UsageError, match="at most 20 exercises, got 21"):
        check_programme([SQUATS] * 21)


def test_a_tempo_is_read_with_blanks_around_it() -> None:
    assert tempo_seconds(" 4-2-1-0 ") == (4, 2, 1, 0)


@pytest.mark.parametrize("code", ["", "4-2-1", "4-2-0-0", "0-2-1-0", "4-2-1-0-1", "four", "٤-2-1-0"])
def test_a_tempo_needs_four_numbers_and_time_for_both_ways(code: str) -> None:
    with pytest.raises(UsageError, match="4-2-1-0"):
        tempo_seconds(code)
