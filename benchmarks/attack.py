"""Hostile inputs by the thousand, with fixed seeds and a budget of time.

    python -m benchmarks.attack --minutes 20     # make attack; FULL=1: 90 minutes

Every attack gets an equal share of the time and works in a process of its own. A failure is an error that is not one of
GaitLab's own, more than 20 s, more than 1 GB, or the end of the process; its seed makes it again:

    python -m benchmarks.attack --only clips --seed 417 --tries 1
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from benchmarks.attack_queue import lost_in_kills
from benchmarks.attack_work import ATTACKS, emptied
from gaitlab.errors import GaitLabError

__all__ = ["Outcome", "attacked", "main"]

_HANG_S: Final = 20.0
_START_S: Final = 60.0
_MEMORY_MAX_MB: Final = 1024
_QUEUE: Final = "kills of a queue of 10"
_KILLS: Final = 5


@dataclass(slots=True)
class Outcome:
    """Tries and failures of one attack; a failure is its seed and what happened."""

    name: str
    tries: int = 0
    failures: list[tuple[int, str]] = field(default_factory=list)


def _work(name: str, seed: int, home: str, told: Connection) -> None:
    """Attack with one seed after the other, and tell each before and after."""
    os.environ["GAITLAB_DATA_DIR"] = f"{home}/data"
    logging.disable(logging.CRITICAL)
    folder = Path(home) / "place"
    folder.mkdir(parents=True, exist_ok=True)
    while True:
        told.send((seed, None))
        failure = ""
        try:
            ATTACKS[name](random.Random(f"{name} {seed}"), folder)
        except GaitLabError:
            pass
        except BaseException as error:  # noqa: BLE001  (this is what is looked for)
            failure = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1 << 20 if sys.platform == "darwin" else 1024)
        if not failure and peak_mb > _MEMORY_MAX_MB:
            failure = f"{peak_mb} MB"
        emptied(folder)
        told.send((seed, failure))
        seed += 1


def attacked(name: str, *, seconds: float, seed: int = 1, tries: int | None = None) -> Outcome:
    """Attack until the time is over, or so many times."""
    processes = multiprocessing.get_context("spawn")
    outcome, until_s = Outcome(name), time.monotonic() + seconds
    while not _is_over(outcome, until_s, tries):
        with tempfile.TemporaryDirectory(prefix="attack-", ignore_cleanup_errors=True) as home:
            receiver, sender = processes.Pipe(duplex=False)
            process = processes.Process(target=_work, args=(name, seed, home, sender))
            process.start()
            sender.close()
            try:
                seed = _listen(receiver, outcome, seed, until_s, tries)
            finally:
                process.kill()
                process.join()
    return outcome


def _is_over(outcome: Outcome, until_s: float, tries: int | None) -> bool:
    return time.monotonic() > until_s if tries is None else outcome.tries >= tries


def _listen(receiver: Connection, outcome: Outcome, seed: int, until_s: float, tries: int | None) -> int:
    """Take reports of a process until it hangs, ends, fails or the time is over; return the next seed."""
    wait_s = _START_S
    while not _is_over(outcome, until_s, tries):
        failure: str | None
        try:
            seed, failure = receiver.recv() if receiver.poll(wait_s) else (seed, f"more than {wait_s:g} s")
        except EOFError:
            failure = "the process ended"
        wait_s = _HANG_S
        if failure is None:
            continue
        outcome.tries += 1
        if failure:
            outcome.failures.append((seed, failure))
            return seed + 1
    return seed


def queue_attacked(*, seconds: float, tries: int | None = None) -> Outcome:
    """Kill servers with clips in their queues until the time is over."""
    outcome, until_s = Outcome(_QUEUE), time.monotonic() + seconds
    turn = 0
    while not _is_over(outcome, until_s, tries):
        turn += 1
        with tempfile.TemporaryDirectory(prefix="attack-", ignore_cleanup_errors=True) as home:
            lost, left = lost_in_kills(Path(home), kills=_KILLS, seed=turn)
        outcome.tries += _KILLS
        if lost or left:
            outcome.failures.append((turn, f"{lost} clips lost, {left} files left"))
    return outcome


def main(arguments: Sequence[str] | None = None) -> int:
    """Attack, print tries and failures, and return 1 if there is a failure."""
    parser = argparse.ArgumentParser(description="Attack GaitLab with hostile inputs.")
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--only", choices=(*ATTACKS, _QUEUE))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tries", type=int)
    args = parser.parse_args(arguments)
    names = [args.only] if args.only else [*ATTACKS, _QUEUE]
    seconds = 60 * args.minutes / len(names)
    n_failures = 0
    for name in names:
        if name == _QUEUE:
            outcome = queue_attacked(seconds=seconds, tries=args.tries)
        else:
            outcome = attacked(name, seconds=seconds, seed=args.seed, tries=args.tries)
        n_failures += len(outcome.failures)
        print(f"{outcome.name:24} {outcome.tries:6} tries {len(outcome.failures):4} failures", flush=True)
        for seed, failure in outcome.failures:
            print(f"    seed {seed}: {failure}", flush=True)
    return 1 if n_failures else 0


if __name__ == "__main__":
    sys.exit(main())
