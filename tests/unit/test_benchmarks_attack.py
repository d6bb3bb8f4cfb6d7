"""A short part of `make attack`: some inputs of each kind, and what counts as a failure."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import pytest

from benchmarks import attack
from benchmarks.attack import Outcome, attacked
from benchmarks.attack_work import ATTACKS, emptied
from gaitlab.errors import GaitLabError


@pytest.mark.parametrize("name", ATTACKS)
def test_hostile_inputs_end_with_a_result_or_an_error_of_gaitlab(name: str, tmp_path: Path) -> None:
    for seed in range(1000, 1008):
        with suppress(GaitLabError):
            ATTACKS[name](random.Random(f"{name} {seed}"), tmp_path)
        emptied(tmp_path)


def test_an_error_that_is_not_of_gaitlab_is_a_failure_with_its_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = Outcome("clips")

    class Told:
        reports = iter([(7, None), (7, ""), (8, None), (8, "KeyError: 3")])

        def poll(self, timeout: float) -> bool:
            return True

        def recv(self) -> tuple[int, str | None]:
            return next(self.reports)

    assert attack._listen(Told(), outcome, 7, 1e12, None) == 9  # type: ignore[arg-type]
    assert (outcome.tries, outcome.failures) == (2, [(8, "KeyError: 3")])


def test_silence_is_a_failure() -> None:
    class Silent:
        def poll(self, timeout: float) -> bool:
            return False

    outcome = Outcome("clips")
    attack._listen(Silent(), outcome, 7, 1e12, None)  # type: ignore[arg-type]
    assert outcome.failures == [(7, "more than 60 s")]


@pytest.mark.accuracy
def test_a_process_attacks_and_is_stopped() -> None:
    outcome = attacked("clips", seconds=600, tries=20)
    assert (outcome.tries, outcome.failures) == (20, [])
