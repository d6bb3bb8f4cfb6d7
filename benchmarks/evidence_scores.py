"""Scores of counted repetitions against their truth, and the tables of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.results import markdown_table

__all__ = ["BANDS", "Counted", "exact", "relative_error", "reliability_table", "score_table", "share", "within_one"]

#: Of confidence: in words low, fair, high.
BANDS = ((0.0, 0.5), (0.5, 0.8), (0.8, 1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One count of one track and what is true of it; `truth` is None where no count is known."""

    name: str
    set: str
    person: str
    view: str
    movement: str
    is_correct: bool
    truth: int | None
    way: str
    is_degraded: bool
    count: int
    confidence: float


def exact(one: Counted) -> bool:
    """Tell whether the count is right."""
    return one.count == one.truth


def within_one(one: Counted) -> bool:
    """Tell whether the count is off by one at most."""
    return one.truth is not None and abs(one.count - one.truth) <= 1


def share(rows: Sequence[Counted], holds: Callable[[Counted], bool]) -> str:
    """Return for how many it holds, as "7/10 (70 %)"."""
    if not rows:
        return "–"
    n = sum(holds(one) for one in rows)
    return f"{n}/{len(rows)} ({100 * n / len(rows):.0f} %)"


def relative_error(rows: Sequence[Counted]) -> float:
    """Return the mean of |count - truth| / truth."""
    return float(np.mean([abs(one.count - one.truth) / one.truth for one in rows if one.truth]))


def score_table(rows: Sequence[Counted], head: str, key: Callable[[Counted], str]) -> str:
    """Return the share exact and within one by some key, as recorded and degraded, and of all together."""
    keys = list(dict.fromkeys(key(one) for one in rows))
    groups = [(name, [one for one in rows if key(one) == name]) for name in keys]
    lines = []
    for name, ones in [*groups, *([("all", list(rows))] if len(groups) > 1 else [])]:
        clean, hard = ([one for one in ones if one.is_degraded == flag] for flag in (False, True))
        lines.append((name, *(share(part, holds) for part in (clean, hard) for holds in (exact, within_one))))
    return markdown_table((head, "exact", "within one", "degraded: exact", "degraded: within one"), lines)


def reliability_table(rows: Sequence[Counted]) -> str:
    """Return by band of confidence how many counts there are, how many are right, and the share of the right ones."""
    lines = []
    for way in ("named", "repeated"):
        for is_degraded in (False, True):
            ones = [one for one in rows if one.way == way and one.is_degraded == is_degraded]
            right = [one for one in ones if exact(one)]
            for low, high in BANDS:
                band = [
                    one for one in ones if low <= one.confidence and (one.confidence < high or high == BANDS[-1][1])
                ]
                lines.append(
                    (
                        f"{way}{', degraded' if is_degraded else ''}: {low:g} to {high:g}",
                        str(len(band)),
                        share(band, exact),
                        share(band, within_one),
                        f"{100 * sum(exact(one) for one in band) / max(len(right), 1):.0f} %",
                    )
                )
    return markdown_table(("confidence", "n", "exact", "within one", "of the right ones"), lines)
