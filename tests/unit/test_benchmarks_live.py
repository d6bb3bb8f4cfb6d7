"""The table of the Live benchmark, from numbers that can be checked by hand."""

from __future__ import annotations

import os

import pytest

from benchmarks.live import LiveRun, Sample, live_table, pss_mb


def run() -> LiveRun:
    """Ten seconds of 20 answers a second; the delay rises from 40 to 60 ms half-way."""
    poses = [(1000 + 50.0 * i, 40.0 if i < 100 else 60.0) for i in range(201)]
    samples = [Sample(server_mb=300.0 + i, browser_mb=500.0) for i in range(10)]
    return LiveRun(model="movenet-thunder-fp16", poses_ms=poses, samples=samples)


def test_rate_delay_and_memory_of_the_first_and_the_last_fifth() -> None:
    cells = [cell.strip() for cell in live_table([run()]).splitlines()[-1].strip("|").split("|")]
    assert cells == [
        "Exact (Thunder FP16)", "20.1", "20.0 -> 20.5", "60", "60", "40 -> 60", "300 -> 308", "500 -> 500",
    ]  # fmt: skip


def test_the_delays_are_parted_by_time() -> None:
    assert [len(part) for part in run().parts()] == [40, 40, 40, 40, 41]


@pytest.mark.skipif(not os.path.exists("/proc/self/smaps_rollup"), reason="the kernel does not tell")
def test_the_memory_of_this_program_is_some() -> None:
    assert 10 < pss_mb(os.getpid()) < 100_000
