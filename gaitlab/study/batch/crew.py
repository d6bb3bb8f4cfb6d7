"""Who analyses the clips of a batch: processes of this computer, or the workers of a Dask cluster."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from gaitlab import __version__
from gaitlab.errors import GaitLabError, UsageError
from gaitlab.extras import need_extra
from gaitlab.study.batch.work import BatchClip, Outcome, Problem, analyse_clip

__all__ = ["Crew", "cluster", "outcomes", "processes"]

#: Clips under way or done and waiting for their turn, for each that are analysed at once.
_AHEAD: Final = 4
_JOIN_MAX_S: Final = 60.0
_DIED: Final = "the program that analysed it was ended from outside, or it takes more memory than there is"


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """Those who analyse.

    Attributes
    ----------
    at_once : int
        How many clips are analysed at the same time.
    engage : callable
        Returns a new executor; called again when one broke.
    dismiss : callable
        Ends an executor, with what it has not begun.
    killed : tuple of type
        Exceptions by which it tells, of a clip that it tried several times, that each process died.
    """

    at_once: int
    engage: Callable[[], Executor]
    dismiss: Callable[[Executor], None] = lambda executor: executor.shutdown(wait=False, cancel_futures=True)
    killed: tuple[type[BaseException], ...] = ()


@contextmanager
def processes(number: int) -> Iterator[Crew]:
    """Give a crew of new processes of this computer; they end with this one, however it ends."""
    if number < 1:
        raise UsageError(f"--processes: expected 1 or more, got {number}")
    context = multiprocessing.get_context("spawn")  # threads of the networks do not survive a fork

    def engage() -> Executor:
        return ProcessPoolExecutor(max_workers=number, mp_context=context, initializer=_begin)

    yield Crew(at_once=number, engage=engage)


def _begin() -> None:
    """Begin a process that analyses: it ends with the one that started it, and what it has to say comes as a result."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # the interpreter greets everybody
    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


@contextmanager
def cluster(address: str) -> Iterator[Crew]:
    """Give a crew of the workers of a Dask cluster.

    Parameters
    ----------
    address : str
        Of its scheduler: ``tcp://10.0.0.5:8786``.

    Raises
    ------
    UsageError
        When nobody answers there, no worker joins within a minute, or a worker has another version of GaitLab.
    MissingExtraError
        Without the extra "cluster".
    """
    need_extra("cluster", "--scheduler")
    import distributed  # noqa: PLC0415 (an extra)

    dask: Any = distributed  # its types are not complete
    try:
        client = dask.Client(address, timeout=f"{_JOIN_MAX_S:.0f}s", set_as_default=False)
    except (OSError, ValueError) as error:  # TimeoutError is an OSError
        raise UsageError(f"--scheduler {address}: no scheduler answers there ({error}); check the address") from error
    with client:
        at_once = _workers(client, address)

        def engage() -> Executor:
            executor: Executor = client.get_executor(pure=False)
            return executor

        def dismiss(executor: Executor) -> None:
            executor.shutdown(wait=False)  # Dask's own cancels what is not done

        yield Crew(at_once=at_once, engage=engage, dismiss=dismiss, killed=(dask.KilledWorker,))


def _workers(client: Any, address: str) -> int:
    """Return how many workers there are; all must have this version of the program."""
    try:
        client.wait_for_workers(1, timeout=_JOIN_MAX_S)
    except TimeoutError as error:
        raise UsageError(
            f"--scheduler {address}: no worker has joined; start one with `dask worker {address}`"
        ) from error
    versions: dict[str, str] = client.run(_version, on_error="return")
    for worker, version in versions.items():
        if version != __version__:
            raise UsageError(
                f"--scheduler {address}: the worker {worker} has GaitLab {version}, this program is {__version__}; "
                "install the same everywhere"
            )
    return len(versions)


def _version() -> str:
    return __version__


def outcomes(clips: Iterable[BatchClip], crew: Crew) -> Iterator[tuple[BatchClip, Outcome]]:
    """Yield what each clip gave, in the order of the clips.

    At most four times as many clips as are analysed at once are under way or wait for their turn, so that memory does
    not grow with their number. When a process died, all that were under way are tried once more, one at a time: the
    clip that ends its process again has a problem.
    """
    waiting: deque[tuple[BatchClip, Future[Outcome]]] = deque()
    remaining = iter(clips)
    executor = crew.engage()
    try:
        while True:
            while len(waiting) < _AHEAD * crew.at_once and (clip := next(remaining, None)) is not None:
                waiting.append((clip, _submit(executor, clip)))
            if not waiting:
                return
            if not isinstance(waiting[0][1].exception(), BrokenExecutor):
                clip, future = waiting.popleft()
                yield clip, _outcome(clip, future, crew)
                continue
            while waiting:
                clip, future = waiting.popleft()
                is_broken = isinstance(future.exception(), BrokenExecutor)
                yield clip, _alone(clip, crew) if is_broken else _outcome(clip, future, crew)
            crew.dismiss(executor)
            executor = crew.engage()
    finally:
        crew.dismiss(executor)


def _submit(executor: Executor, clip: BatchClip) -> Future[Outcome]:
    try:
        return executor.submit(analyse_clip, clip)
    except BrokenExecutor as error:  # it broke a moment ago
        broken: Future[Outcome] = Future()
        broken.set_exception(error)
        return broken


def _alone(clip: BatchClip, crew: Crew) -> Outcome:
    executor = crew.engage()
    try:
        return _outcome(clip, _submit(executor, clip), crew)
    finally:
        crew.dismiss(executor)


def _outcome(clip: BatchClip, future: Future[Outcome], crew: Crew) -> Outcome:
    """Return what a clip gave; an error that nobody foresaw is its problem, and not that of the others."""
    error = future.exception()
    if error is None:
        return future.result()
    if not isinstance(error, Exception):
        raise error
    told = f"an error of the program, {type(error).__name__}: {error}; please report it with the clip"
    if isinstance(error, (BrokenExecutor, *crew.killed)):
        told = _DIED
    return Outcome(problem=Problem(file=clip.label, exit_code=GaitLabError.exit_code, reason=told))
