"""Hostile inputs by the thousand and programs that are killed, with fixed seeds and a budget of time.

    python -m benchmarks.attack --minutes 20            # make attack
    python -m benchmarks.attack --minutes 90 --full     # make attack FULL=1: at least 2,000 inputs and 300 kills

An attack ends when its share of the time is over or, with `--full`, when it has made all its tries; what it leaves of
its time goes to those after it. Hostile inputs are given to a process of their own. A failure is an error that is not
one of GaitLab's own, more than 20 s, more than 1 GB, the end of the process, and after a kill whatever is lost, half or
left behind; its seed makes it again:

    python -m benchmarks.attack --only clips --seed 417 --tries 1
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.attack_kills import SERIES, killed, prepared, remains
from benchmarks.attack_queue import lost_in_kills
from benchmarks.attack_server import ServerAttack
from benchmarks.attack_work import ATTACKS, emptied
from benchmarks.meter import peak_memory_mb
from gaitlab.errors import GaitLabError

if TYPE_CHECKING:
    from tests.postgresql import PostgresDatabases

__all__ = ["FULL", "KILLS", "Outcome", "attacked", "main"]

_HANG_S: Final = 20.0
_START_S: Final = 60.0
_MEMORY_MAX_MB: Final = 1024
_SERVER: Final = "served app"
_KILLS_A_QUEUE: Final = 5
#: Kinds of work in which a program is killed, with the database: the queue, then all others.
KILLS: Final = (("queue", "sqlite"), ("queue", "postgresql"), *SERIES)
#: How many tries make a full attack.
FULL: Final[Mapping[str, int]] = {
    "clips": 2000, "pictures": 1500, "archives": 350, "keypoint files": 700,
    "model files": 300, "requests": 1000, "live socket": 150, _SERVER: 120,
    **{f"kills: {work}, {database}": 25 if work == "queue" else 27 for work, database in KILLS},
}  # fmt: skip


@dataclass(slots=True)
class Outcome:
    """Tries and failures of one attack; a failure is its seed and what happened."""

    name: str
    tries: int = 0
    failures: list[tuple[int, str]] = field(default_factory=list)
    peak_mb: int = 0
    remark: str = ""

    def add(self, seed: int, failure: str, peak_mb: int = 0) -> None:
        """Note a try; "" is no failure."""
        self.tries += 1
        self.peak_mb = max(self.peak_mb, peak_mb)
        if failure:
            self.failures.append((seed, failure))


#: Attacks for so many seconds, from a seed on, at most so many times.
Attack = Callable[[float, int, int | None], Outcome]
#: Lends a database until the stack is closed; None for SQLite.
Lend = Callable[[ExitStack], "str | None"]


def _work(name: str, seed: int, home: str, told: Connection) -> None:
    """Attack with one seed after the other, and tell each before and after."""
    os.environ["GAITLAB_DATA_DIR"] = f"{home}/data"
    logging.disable(logging.CRITICAL)
    folder = Path(home) / "place"
    folder.mkdir(parents=True, exist_ok=True)
    while True:
        told.send((seed, None, 0))
        failure = ""
        try:
            ATTACKS[name](random.Random(f"{name} {seed}"), folder)
        except GaitLabError:
            pass
        except BaseException as error:  # noqa: BLE001  (this is what is looked for)
            failure = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        peak_mb = round(peak_memory_mb())
        if not failure and peak_mb > _MEMORY_MAX_MB:
            failure = f"{peak_mb} MB"
        emptied(folder)
        told.send((seed, failure, peak_mb))
        seed += 1


def attacked(name: str, seconds: float, seed: int = 1, tries: int | None = None) -> Outcome:
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
    return time.monotonic() > until_s or (tries is not None and outcome.tries >= tries)


def _listen(receiver: Connection, outcome: Outcome, seed: int, until_s: float, tries: int | None) -> int:
    """Take reports of a process until it hangs, ends, fails or the time is over; return the next seed."""
    wait_s, peak_mb = _START_S, 0
    while not _is_over(outcome, until_s, tries):
        failure: str | None
        try:
            told = receiver.recv() if receiver.poll(wait_s) else (seed, f"more than {wait_s:g} s", peak_mb)
            seed, failure, peak_mb = told
        except EOFError:
            failure = "the process ended"
        wait_s = _HANG_S
        if failure is None:
            continue
        outcome.add(seed, failure, peak_mb)
        if failure:
            return seed + 1
    return seed


def server_attacked(seconds: float, seed: int = 1, tries: int | None = None) -> Outcome:
    """Attack a served app; after a failure, a new one."""
    outcome, until_s = Outcome(_SERVER), time.monotonic() + seconds
    while not _is_over(outcome, until_s, tries):
        with (
            tempfile.TemporaryDirectory(prefix="attack-", ignore_cleanup_errors=True) as home,
            ServerAttack.served(Path(home)) as attack,
        ):
            failure = ""
            while not failure and not _is_over(outcome, until_s, tries):
                failure = attack.failure(seed)
                outcome.add(seed, failure, attack.peak_mb)
                seed += 1
    return outcome


def queue_killed(lend: Lend, name: str, seconds: float, seed: int = 1, tries: int | None = None) -> Outcome:
    """Kill servers with ten clips in their queues, five times each."""
    outcome, until_s = Outcome(name), time.monotonic() + seconds
    while not _is_over(outcome, until_s, tries):
        with tempfile.TemporaryDirectory(prefix="attack-", ignore_cleanup_errors=True) as home, ExitStack() as stack:
            kept = lost_in_kills(Path(home), kills=_KILLS_A_QUEUE, seed=seed, url=lend(stack))
        for _ in range(_KILLS_A_QUEUE - 1):
            outcome.add(seed, "")
        outcome.add(seed, str(kept) if kept.lost or kept.left else "", kept.peak_mb)
        seed += 1
    return outcome


def work_killed(lend: Lend, work: str, seconds: float, seed: int = 1, tries: int | None = None) -> Outcome:
    """Kill programs at one kind of work; in the end erase the person whose data they held, and look for her."""
    outcome, until_s = Outcome(work), time.monotonic() + seconds
    n_struck = 0
    with tempfile.TemporaryDirectory(prefix="attack-", ignore_cleanup_errors=True) as home, ExitStack() as stack:
        place = stack.enter_context(prepared(Path(home), lend(stack)))
        while not _is_over(outcome, until_s, tries):
            kill = killed(work, place, random.Random(f"{work} {seed}"))
            outcome.add(seed, "; ".join(kill.faults), kill.peak_mb)
            n_struck += kill.struck
            seed += 1
        if still_there := remains(place):
            outcome.failures.append((seed, f"erased, but still in {', '.join(still_there)}"))
    outcome.remark = f"{n_struck} left something unfinished"
    return outcome


def _attacks(databases: Callable[[], PostgresDatabases]) -> dict[str, Attack]:
    def lend(database: str, stack: ExitStack) -> str | None:
        return stack.enter_context(databases().lent()) if database == "postgresql" else None

    found: dict[str, Attack] = {name: partial(attacked, name) for name in ATTACKS}
    found[_SERVER] = server_attacked
    for work, database in KILLS:
        attack = queue_killed if work == "queue" else work_killed
        found[f"kills: {work}, {database}"] = partial(attack, partial(lend, database), work)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Attack, print tries and failures, and return 1 if there is a failure."""
    parser = argparse.ArgumentParser(description="Attack GaitLab with hostile inputs, and kill it.")
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--only", choices=tuple(FULL))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tries", type=int)
    args = parser.parse_args(arguments)
    names = [args.only] if args.only else list(FULL)
    start_s, n_failures = time.monotonic(), 0
    with ExitStack() as stack:
        started: list[PostgresDatabases] = []

        def databases() -> PostgresDatabases:
            from tests.postgresql import served_databases  # noqa: PLC0415  (every process would look for a server)

            if not started:
                started.append(stack.enter_context(served_databases()))
            return started[0]

        attacks = _attacks(databases)
        for number, name in enumerate(names):
            begun_s = time.monotonic()
            left_s = 60 * args.minutes - (begun_s - start_s)
            tries = args.tries or (FULL[name] if args.full else None)
            outcome = attacks[name](left_s / (len(names) - number), args.seed, tries)
            n_failures += len(outcome.failures)
            outcome.name = name
            _print(outcome, time.monotonic() - begun_s, tries)
    return 1 if n_failures else 0


def _print(outcome: Outcome, took_s: float, wanted: int | None) -> None:
    remark = f"  {outcome.remark}" if outcome.remark else ""
    if wanted is not None and outcome.tries < wanted:
        remark += f"  time over: {wanted} wanted"
    print(
        f"{outcome.name:32} {outcome.tries:6} tries {len(outcome.failures):4} failures"
        f" {took_s:6.0f} s {outcome.peak_mb:5} MB{remark}",
        flush=True,
    )
    for seed, failure in outcome.failures:
        print(f"    seed {seed}: {failure}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
