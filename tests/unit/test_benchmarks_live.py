"""The table of the Live benchmark, from numbers that can be checked by hand."""

from __future__ import annotations

import os
import time

import pytest

from benchmarks.evidence_live import LiveCount, live_section
from benchmarks.live import LiveRun, Sample, cpu_s, live_table, pss_mb


def run() -> LiveRun:
    """Ten seconds of 20 answers a second; the delay rises from 40 to 60 ms half-way."""
    poses = [(1000 + 50.0 * i, 40.0 if i < 100 else 60.0) for i in range(201)]
    samples = [Sample(server_mb=300.0 + i, browser_mb=500.0) for i in range(10)]
    return LiveRun(model="movenet-thunder-fp16", poses_ms=poses, samples=samples, server_share=0.423)


def test_rate_delay_and_memory_of_the_first_and_the_last_fifth() -> None:
    cells = [cell.strip() for cell in live_table([run()]).splitlines()[-1].strip("|").split("|")]
    assert cells == [
        "Exact (Thunder FP16)", "20.1", "20.0 -> 20.5", "60", "60", "40 -> 60", "300 -> 308", "500 -> 500", "42",
    ]  # fmt: skip


def test_the_delays_are_parted_by_time() -> None:
    assert [len(part) for part in run().parts()] == [40, 40, 40, 40, 41]


@pytest.mark.skipif(not os.path.exists("/proc/self/smaps_rollup"), reason="the kernel does not tell")
def test_the_memory_of_this_program_is_some() -> None:
    assert 10 < pss_mb(os.getpid()) < 100_000


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="the kernel does not tell")
def test_the_processor_time_of_this_program_is_what_the_kernel_counts() -> None:
    before_s = time.process_time()
    assert before_s - 0.1 <= cpu_s(os.getpid()) <= time.process_time() + 0.1


def live_count(
    *shown: tuple[float, int], activity: str = "squat", turns_s: tuple[float, ...] = (2.0, 4.0)
) -> LiveCount:
    return LiveCount(name="clip", activity=activity, turns_s=turns_s, shown=shown)


def test_a_delay_is_from_the_turn_to_the_first_time_that_its_number_is_shown() -> None:
    one = live_count((0.5, 0), (2.25, 1), (3.5, 2), (4.5, 2))
    assert one.delays_s == [0.25, -0.5]
    assert (one.count, one.error, one.n_falls) == (2, 0, 0)


def test_a_count_that_goes_down_and_one_that_is_never_shown() -> None:
    one = live_count((2.0, 1), (2.5, 0))
    assert (one.error, one.n_falls, one.delays_s) == (-2, 1, [0.0])


def test_any_movement_is_shown_from_the_third_time_on() -> None:
    assert live_count((6.5, 3), activity="repeated", turns_s=(2.0, 4.0, 6.0)).delays_s == [0.5]


def test_the_section_tells_how_many_agree_and_the_delays() -> None:
    text = live_section([live_count((2.2, 1), (4.4, 2)), live_count((2.2, 1), (4.4, 3), turns_s=(2.0, 4.0))])
    assert "The same count in 1 of 2 clips, within one in 2." in text
    assert "median 0.30 s" in text
    assert [cell.strip() for cell in text.split("|")[-8:-1]] == ["clip", "squat", "2", "3", "0", "0.30", "0.40"]
