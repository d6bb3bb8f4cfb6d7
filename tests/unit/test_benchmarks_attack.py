"""A short part of `make attack`: some inputs of each kind, and what counts as a failure."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from benchmarks import attack
from benchmarks.attack import FULL, KILLS, Outcome, attacked, server_attacked
from benchmarks.attack_kills import faults_after, killed, prepared, remains
from benchmarks.attack_queue import lost_in_kills
from benchmarks.attack_work import ATTACKS, emptied
from gaitlab.errors import GaitLabError
from tests.saving import PROCESSES, memory_mb


@pytest.mark.parametrize("name", ATTACKS)
def test_hostile_inputs_end_with_a_result_or_an_error_of_gaitlab(name: str, tmp_path: Path) -> None:
    for seed in range(1000, 1002 if name == "model files" else 1008):  # each of them is tried by a program of its own
        with suppress(GaitLabError):
            ATTACKS[name](random.Random(f"{name} {seed}"), tmp_path)
        emptied(tmp_path)


def test_an_error_that_is_not_of_gaitlab_is_a_failure_with_its_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = Outcome("clips")

    class Told:
        reports = iter([(7, None, 0), (7, "", 90), (8, None, 0), (8, "KeyError: 3", 80)])

        def poll(self, timeout: float) -> bool:
            return True

        def recv(self) -> tuple[int, str | None, int]:
            return next(self.reports)

    assert attack._listen(Told(), outcome, 7, 1e12, None) == 9  # type: ignore[arg-type]
    assert (outcome.tries, outcome.failures, outcome.peak_mb) == (2, [(8, "KeyError: 3")], 90)


def test_silence_is_a_failure() -> None:
    class Silent:
        def poll(self, timeout: float) -> bool:
            return False

    outcome = Outcome("clips")
    attack._listen(Silent(), outcome, 7, 1e12, None)  # type: ignore[arg-type]
    assert outcome.failures == [(7, "more than 60 s")]


def test_a_program_that_has_just_ended_holds_no_memory() -> None:
    process = PROCESSES.Process(target=len, args=("",))
    process.start()
    process.join()
    assert memory_mb(process.pid) == 0


@pytest.mark.parametrize("work", ["save", "restore .zip"])
def test_a_kill_loses_nothing_and_leaves_nothing(work: str, tmp_path: Path) -> None:
    with prepared(tmp_path) as place:
        assert killed(work, place, random.Random(5)).faults == ()
        assert remains(place) == []


def test_a_session_that_is_half_after_a_kill_is_a_failure(tmp_path: Path) -> None:
    with prepared(tmp_path) as place:
        next((place.data / "media").rglob("*.mp4")).unlink()
        assert any("has lost its clip" in fault for fault in faults_after("save", place, []))


def test_a_file_that_is_left_after_a_kill_is_a_failure(tmp_path: Path) -> None:
    with prepared(tmp_path) as place:
        (place.data / "forgotten.mp4").touch()
        assert any("forgotten.mp4" in fault for fault in faults_after("save", place, []))


def test_an_accepted_clip_is_not_lost_in_a_kill(tmp_path: Path) -> None:
    kept = lost_in_kills(tmp_path, clips=2, kills=1)
    assert (kept.sessions + kept.named, kept.lost, kept.left) == (2, 0, ())


def test_a_full_attack_is_as_large_as_promised() -> None:
    inputs = sum(FULL[name] for name in ("clips", "pictures", "archives", "keypoint files"))
    kills = sum(n for name, n in FULL.items() if name.startswith("kills"))
    assert inputs >= 2000
    assert kills >= 300
    assert sum(FULL.values()) - inputs - kills >= 500
    assert {"sqlite", "postgresql"} == {database for _, database in KILLS}


@pytest.mark.parametrize("over", [{"tries": 3}, {"until_s": 0.0}])
def test_an_attack_is_over_by_count_or_by_time(over: dict[str, Any]) -> None:
    outcome = Outcome("clips", tries=3)
    assert not attack._is_over(outcome, 1e12, 4)
    assert attack._is_over(outcome, **{"until_s": 1e12, "tries": None, **over})


@pytest.mark.accuracy
def test_a_served_app_stands_hostile_frames() -> None:
    outcome = server_attacked(300, 1, 30)
    assert (outcome.tries, outcome.failures) == (30, [])


@pytest.mark.accuracy
def test_a_process_attacks_and_is_stopped() -> None:
    outcome = attacked("clips", 600, tries=20)
    assert (outcome.tries, outcome.failures) == (20, [])
