"""Programs measured in turn, round after round, so that other work on the machine affects all of them equally.

Every run is a program of its own: its memory peak is its own, and nothing is warm from the run before.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.results import PROJECT, markdown_table

__all__ = [
    "Contestant",
    "Rounds",
    "Run",
    "Spread",
    "clip_contestant",
    "cpu_ms_of",
    "measure_in_turn",
    "peak_of",
    "ratio",
    "run_once",
    "speed_table",
    "spread",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """A program of this folder that reports what it cost (`benchmarks.meter`).

    Attributes
    ----------
    name : str
    clip : str
        Name of the clip, under which the results stand together; empty for a network alone.
    module : str
        Such as ``"run_gaitlab"``.
    arguments : tuple of str
    python : str
        The interpreter of the environment it runs in; default: this one.
    """

    name: str
    module: str
    arguments: tuple[str, ...]
    clip: str = ""
    python: str = sys.executable


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The cost of one run; MB of 1024 x 1024 bytes."""

    frames: int
    wall_s: float
    cpu_s: float
    peak_mb: float

    @property
    def fps(self) -> float:
        """Frames per second."""
        return self.frames / self.wall_s

    @property
    def cpu_s_per_frame(self) -> float:
        """Seconds of all cores together."""
        return self.cpu_s / self.frames


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Median, lowest and highest of the rounds."""

    median: float
    low: float
    high: float

    def text(self, digits: int) -> str:
        """Return ``median (low-high)``."""
        return f"{self.median:.{digits}f} ({self.low:.{digits}f}-{self.high:.{digits}f})"


Rounds = Sequence[Mapping[Contestant, Run]]


def run_once(contestant: Contestant) -> Run:
    """Run a program to its end.

    Raises
    ------
    RuntimeError
        With its last words when it fails.
    """
    command = (contestant.python, "-m", f"benchmarks.{contestant.module}", *contestant.arguments)
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last_line = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise RuntimeError(f"{contestant.name} failed: {last_line} (command: {' '.join(command)})")
    return Run(**json.loads(done.stdout.strip().splitlines()[-1]))


def measure_in_turn(
    contestants: Sequence[Contestant], n_rounds: int, *, run: Callable[[Contestant], Run] = run_once
) -> list[dict[Contestant, Run]]:
    """Run each once, then each once again, and so on; one dict per round."""
    rounds = []
    for number in range(n_rounds):
        one: dict[Contestant, Run] = {}
        for contestant in contestants:
            print(f"round {number + 1} of {n_rounds}: {contestant.clip} {contestant.name}", file=sys.stderr)
            one[contestant] = run(contestant)
        rounds.append(one)
    return rounds


def spread(values: Sequence[float]) -> Spread:
    """Return median, lowest and highest."""
    return Spread(median=statistics.median(values), low=min(values), high=max(values))


def ratio(rounds: Rounds, one: Contestant, other: Contestant) -> Spread:
    """Return the speed of `one` over that of `other`: within each round, where both met the same noise."""
    return spread([taken[one].fps / taken[other].fps for taken in rounds])


def cpu_ms_of(rounds: Rounds, contestant: Contestant) -> float:
    """Return the median milliseconds per frame of all cores together."""
    return 1000 * statistics.median(taken[contestant].cpu_s_per_frame for taken in rounds)


def peak_of(rounds: Rounds, contestant: Contestant) -> float:
    """Return the highest memory peak of all rounds, in MB."""
    return max(taken[contestant].peak_mb for taken in rounds)


def speed_table(rounds: Rounds, contestants: Sequence[Contestant], *, references: Mapping[str, Contestant]) -> str:
    """Return a row per contestant; `references` are columns of ratios, by heading."""
    header = ("", "frames/s", "CPU ms per frame", "peak MB", *references)
    rows = []
    for contestant in contestants:
        fps = spread([taken[contestant].fps for taken in rounds])
        ratios = (
            "1" if other == contestant else ratio(rounds, contestant, other).text(2) for other in references.values()
        )
        rows.append(
            (
                contestant.name,
                fps.text(1),
                f"{cpu_ms_of(rounds, contestant):.1f}",
                f"{peak_of(rounds, contestant):.0f}",
                *ratios,
            ),
        )
    return markdown_table(header, rows)


def clip_contestant(name: str, module: str, clip: str, path: Path, *more: str, python: str = "") -> Contestant:
    """Return a program that takes a clip's path."""
    return Contestant(
        name=name, module=module, arguments=(str(path), *more), clip=clip, python=python or sys.executable
    )
