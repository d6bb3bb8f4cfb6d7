"""A store as somebody has it after years: a thousand sessions made of the shipped samples, no two alike."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice

import numpy as np

from gaitlab.archive.samples import analyse_sample, samples
from gaitlab.records import Analysis, Metric
from gaitlab.storage import SessionStore

__all__ = ["PEOPLE", "fill"]

#: Names and the share of the sessions each has: one who measures most days, and some of whom there is less.
PEOPLE = (("Ada", 0.7), ("Bo", 0.2), ("Cem", 0.08), ("Dana Overlong-Hyphenated", 0.02))
_FIRST = datetime(2022, 1, 3, 7, 30, tzinfo=UTC)
_SPREAD = 0.04  # of each number from session to session


def _varied(metrics: tuple[Metric, ...], factor: float) -> tuple[Metric, ...]:
    return tuple(
        m if m.value is None or m.name == "repetition_count" else replace(m, value=m.value * factor) for m in metrics
    )


def _like(analysis: Analysis, number: int, factor: float) -> Analysis:
    """Return a session of another day: other values, and another file's digest."""
    digest = hashlib.sha256(f"{number}".encode()).hexdigest()
    varied = replace(analysis, source=replace(analysis.source, sha256=digest, recorded_at=None))
    if varied.gait is not None:
        varied = replace(varied, gait=replace(varied.gait, metrics=_varied(varied.gait.metrics, factor)))
    if varied.exercise is not None:
        summary = replace(varied.exercise, metrics=_varied(varied.exercise.metrics, factor))
        varied = replace(varied, exercise=summary)
    return varied


def _names(count: int) -> Iterator[str]:
    for name, share in PEOPLE:
        yield from [name] * max(1, round(share * count))


def fill(store: SessionStore, count: int) -> None:
    """Save `count` sessions of several people, somewhat more than a day apart; the same ones every time.

    Parameters
    ----------
    store : SessionStore
        An empty one.
    count : int
    """
    rng = np.random.default_rng(7)
    # Walks come last, two of one person, so that Compare lays them over one another.
    originals = cycle([analyse_sample(sample) for sample in reversed(samples())])
    names = rng.permutation(list(islice(cycle(_names(count)), count)))
    names[-2:] = PEOPLE[0][0]
    for number, (name, original) in enumerate(zip(names, originals, strict=False)):
        store.save(
            _like(original, number, 1.0 + _SPREAD * float(rng.standard_normal())),
            person=str(name),
            recorded_at=_FIRST + number * timedelta(hours=31),
            tags=("morning",) if number % 5 == 0 else (),
        )
