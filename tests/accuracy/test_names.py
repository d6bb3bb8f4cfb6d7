"""The names that people of the shared data get: right for the movements of the rows, none or few for the others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.evidence import EVIDENCE, named_tracks
from benchmarks.evidence_names import ROW_OF, Named

pytestmark = pytest.mark.accuracy


@pytest.fixture(scope="module")
def people(shared_data: Path) -> list[Named]:
    assert shared_data / "evidence" == EVIDENCE
    return named_tracks(is_degraded=False)


def test_movements_of_the_first_rows_have_their_names(people: list[Named]) -> None:
    asked = [one for one in people if ROW_OF.get(one.movement) in ("squat", "lunge", "sit-to-stand")]
    assert np.mean([one.is_right for one in asked]) >= 0.85


@pytest.mark.parametrize(
    "row", ["hurdle-step", "straight-leg-raise", "side-lunge", "shoulder-abduction", "shoulder-rotation"]
)
def test_a_newer_row_is_named_oftener_right_than_wrong_also_where_it_is_done_badly(
    people: list[Named], row: str
) -> None:
    good, bad = (
        [one for one in people if ROW_OF.get(one.movement) == row and one.is_correct == is_correct]
        for is_correct in (True, False)
    )
    assert np.mean([one.is_right for one in good]) >= 0.85
    assert np.mean([one.is_right for one in bad]) >= 0.5
    assert sum(one.is_wrong for one in (*good, *bad)) <= sum(one.name is None for one in (*good, *bad)) + 3


def test_push_ups_are_named_push_ups_or_not_at_all(people: list[Named]) -> None:
    push_ups = [one for one in people if one.movement == "push-up"]
    assert np.mean([one.is_right for one in push_ups]) >= 0.65
    assert sum(one.is_wrong for one in push_ups) <= 2


def test_movements_without_a_row_have_no_name_in_most_tracks(people: list[Named]) -> None:
    others = [one for one in people if one.movement not in ROW_OF]
    assert len(others) >= 40
    assert np.mean([one.is_wrong for one in others]) <= 0.3
