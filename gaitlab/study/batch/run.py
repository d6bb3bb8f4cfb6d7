"""A batch from its list of clips to its table: what is done is left out, the rest is analysed and kept in order."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from gaitlab import __version__
from gaitlab.errors import GaitLabError, UsageError
from gaitlab.study.batch.crew import Crew, outcomes
from gaitlab.study.batch.keeping import Kept, Row
from gaitlab.study.batch.work import BatchClip, Outcome, Problem, local_file, problem_of
from gaitlab.video import sha256_of

__all__ = ["BatchProgress", "BatchResult", "run_batch"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchProgress:
    """How far a batch is.

    Attributes
    ----------
    done, total : int
        Clips, with those that were done before and those with a problem.
    problems : int
    left_s : float or None
        Seconds that the rest will take at the rate so far; None before the first analysis.
    """

    done: int
    total: int
    problems: int
    left_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """What a batch gave.

    Attributes
    ----------
    rows : tuple of dict
        Of the table, in the order of the clips.
    problems : tuple of Problem
        In the order of the clips.
    analysed, known : int
        Clips that were analysed now, and that were done before.
    same : tuple of tuple of str
        Clips that are copies: the file, and the one before it with the same content, person and settings.
    """

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    analysed: int
    known: int
    same: tuple[tuple[str, str], ...]


class _Book:
    """Which clips are done, have a problem, or are a copy; filled while the list is gone through."""

    def __init__(self, kept: Kept, *, again: bool) -> None:
        self._kept, self._again = kept, again
        self._first: dict[tuple[Any, ...], str] = {}
        self.rows: dict[int, list[Row]] = {}
        self.problems: dict[int, Problem] = {}
        self.same: list[tuple[str, str]] = []
        self.known = 0

    def to_do(self, clips: Sequence[BatchClip]) -> Iterator[tuple[int, BatchClip]]:
        for number, given in enumerate(clips):
            clip = self._kept.prepared(given)
            try:
                sha256 = _digest(clip.place)
            except (GaitLabError, OSError) as error:
                self.problems[number] = problem_of(clip, error)
                continue
            if first := self._first.get(_identity(clip, sha256)):
                self.same.append((clip.label, first))
                continue
            self._first[_identity(clip, sha256)] = clip.label
            rows = None if self._again else self._kept.found(clip, sha256)
            if rows is None:
                yield number, clip
            else:
                self.rows[number] = rows
                self.known += 1


def run_batch(
    clips: Sequence[BatchClip],
    *,
    crew: Crew,
    kept: Kept,
    again: bool = False,
    on_progress: Callable[[BatchProgress], None] = lambda _: None,
) -> BatchResult:
    """Analyse what is not done yet and keep it, in the order of the clips.

    A batch that ended early, however it ended, goes on where it was: what is kept is complete, and nothing is kept
    twice. Rows and kept results do not depend on how many analyse at once.

    Parameters
    ----------
    clips : sequence of BatchClip
    crew : Crew
    kept : Kept
    again : bool
        Analyse also what is done.
    on_progress : callable
        Called whenever a clip is done; an exception that it raises ends the batch.

    Raises
    ------
    StoreError, UsageError
        When results cannot be kept.
    """
    book = _Book(kept, again=again)
    order: list[int] = []
    analysed, since_s = 0, time.monotonic()

    def tell() -> None:
        done = len(book.rows) + len(book.problems) + len(book.same)
        each_s = (time.monotonic() - since_s) / analysed if analysed else None
        left_s = None if each_s is None else each_s * (len(clips) - done)
        on_progress(BatchProgress(done=done, total=len(clips), problems=len(book.problems), left_s=left_s))

    def numbered() -> Iterator[BatchClip]:
        for number, clip in book.to_do(clips):
            order.append(number)
            tell()
            yield clip

    for place, (clip, outcome) in enumerate(outcomes(numbered(), crew)):
        kept_now = _keep(kept, clip, outcome)
        if isinstance(kept_now, Problem):
            book.problems[order[place]] = kept_now
        else:
            book.rows[order[place]] = kept_now
            analysed += 1
        tell()
    tell()
    return BatchResult(
        rows=tuple(row for _, rows in sorted(book.rows.items()) for row in rows),
        problems=tuple(problem for _, problem in sorted(book.problems.items())),
        analysed=analysed,
        known=book.known,
        same=tuple(book.same),
    )


def _keep(kept: Kept, clip: BatchClip, outcome: Outcome) -> list[Row] | Problem:
    if outcome.analysis is not None and outcome.analysis.provenance.gaitlab != __version__:
        told = f"a worker with GaitLab {outcome.analysis.provenance.gaitlab} analysed it, this program is {__version__}"
        return Problem(file=clip.label, exit_code=UsageError.exit_code, reason=f"{told}; install the same everywhere")
    if outcome.analysis is None:
        return outcome.problem or Problem(file=clip.label, exit_code=GaitLabError.exit_code, reason="no result")
    return kept.keep(clip, outcome.analysis)


def _digest(place: str) -> str:
    """Return the SHA-256 of a clip's content, wherever it lies."""
    with local_file(place) as path:
        return sha256_of(path)


def _identity(clip: BatchClip, sha256: str) -> tuple[Any, ...]:
    request = clip.request
    return (sha256, request.person, repr(request.settings), request.fps)
