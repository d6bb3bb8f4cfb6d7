"""Long work outside the page: a queue, worker threads, progress, time left and cancel.

A page only reads snapshots (`JobSnapshot`), so a reload or a closed tab does not disturb a running job. This module
does not depend on Streamlit.
"""

from __future__ import annotations

import logging
import queue
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, Literal, TypeVar

from gaitlab.errors import AnalysisCancelled, GaitLabError
from gaitlab.records.tracks import Report
from gaitlab.storage import LOCAL_OWNER

__all__ = ["UNEXPECTED", "JobQueue", "JobSnapshot", "JobState", "Work"]

JobState = Literal["queued", "running", "done", "failed", "cancelled"]

T = TypeVar("T")
#: Does the job and returns its result.
Work = Callable[[Report], T]

_logger = logging.getLogger(__name__)
#: Message of a job that failed for an unknown reason.
UNEXPECTED: Final = (
    "Something went wrong inside GaitLab, and nothing was saved. Please try again; if it happens again, report it "
    "with the lines the server wrote to its terminal."
)
_FINISHED_KEPT = 20
_ESTIMATE_AFTER_S = 1.5
_ESTIMATE_AFTER_SHARE = 0.02
# The pace counts over this long: drawing a clip takes another one than finding the person in it.
_PACE_OVER_S = 20.0
_PACE_STEP_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSnapshot(Generic[T]):
    """The state of a job at one moment.

    Attributes
    ----------
    id : str
        Cannot be guessed.
    title : str
        Title for the user: the file name.
    state : {"queued", "running", "done", "failed", "cancelled"}
    stage : str
        Name of the current stage; empty before the start.
    fraction : float or None
        Share done, 0..1.
    seconds_left : float or None
        Estimated from the pace of the last 20 s; None while it is unknown, and when all that can be foreseen is done.
    result : T or None
        When done: the value that the work returned.
    message : str or None
        When failed: the error and the remedy.
    stopping : bool
        Whether cancelling was requested and the work has not stopped yet.
    owner : str
        Who may see it.
    """

    id: str
    title: str
    state: JobState
    stage: str = ""
    fraction: float | None = None
    seconds_left: float | None = None
    result: T | None = None
    message: str | None = None
    stopping: bool = False
    owner: str = LOCAL_OWNER

    @property
    def active(self) -> bool:
        """Whether the job still waits or runs."""
        return self.state in {"queued", "running"}


class _Job(Generic[T]):
    """A job with the state kept by the worker; changed only under the queue's lock."""

    def __init__(self, job_id: str, title: str, work: Work[T], release: Callable[[], None], owner: str) -> None:
        self.id, self.title, self.work, self.release, self.owner = job_id, title, work, release, owner
        self.state: JobState = "queued"
        self.stage = ""
        self.fraction: float | None = None
        self.paces: deque[tuple[float, float]] = deque()  # time and share done, the oldest first
        self.cancelled = False
        self.released = False
        self.result: T | None = None
        self.message: str | None = None

    def snapshot(self, now_s: float) -> JobSnapshot[T]:
        return JobSnapshot(
            id=self.id,
            title=self.title,
            state=self.state,
            stage=self.stage,
            fraction=self.fraction,
            seconds_left=self._seconds_left(now_s),
            result=self.result,
            message=self.message,
            stopping=self.cancelled and self.state == "running",
            owner=self.owner,
        )

    def note(self, stage: str, fraction: float | None, now_s: float) -> None:
        """Take in a report of progress."""
        self.stage, self.fraction = stage, fraction
        if fraction is None or now_s - self.paces[-1][0] < _PACE_STEP_S:
            return
        self.paces.append((now_s, fraction))
        while len(self.paces) > 1 and now_s - self.paces[1][0] >= _PACE_OVER_S:
            self.paces.popleft()

    def _seconds_left(self, now_s: float) -> float | None:
        if self.state != "running" or self.fraction is None or not _ESTIMATE_AFTER_SHARE <= self.fraction < 1.0:
            return None
        then_s, then = self.paces[0]
        if now_s - then_s < _ESTIMATE_AFTER_S or self.fraction <= then:
            return None
        return (now_s - then_s) * (1.0 - self.fraction) / (self.fraction - then)


class JobQueue(Generic[T]):
    """Runs jobs in the order of submission, in its own threads.

    Parameters
    ----------
    at_once : int
        Number of jobs that may run at the same time; the others wait.
    clock : callable
        Seconds that never go back.
    """

    def __init__(self, *, at_once: int = 1, clock: Callable[[], float] = time.monotonic) -> None:
        self._at_once, self._clock = at_once, clock
        self._lock = threading.Lock()
        self._jobs: dict[str, _Job[T]] = {}
        self._waiting: queue.SimpleQueue[_Job[T] | None] = queue.SimpleQueue()
        self._workers: list[threading.Thread] = []
        self._closed = False

    def submit(
        self,
        title: str,
        work: Work[T],
        *,
        job_id: str | None = None,
        release: Callable[[], None] = lambda: None,
        owner: str = LOCAL_OWNER,
    ) -> str:
        """Add a job of somebody and return its id.

        `release` runs once when the job is over, also after an error or a cancel; not when `close` stopped it, since
        then it is not over.
        """
        job = _Job(job_id or secrets.token_hex(8), title, work, release, owner)
        with self._lock:
            if self._closed:
                raise RuntimeError("job queue: expected an open queue, got a closed one")
            self._jobs[job.id] = job
            self._drop_old_finished()
            if len(self._workers) < self._at_once:
                self._workers.append(threading.Thread(target=self._run, name="gaitlab-jobs", daemon=True))
                self._workers[-1].start()
            self._waiting.put(job)  # under the lock: nothing may be queued after the end mark that `close` adds
        return job.id

    def snapshots(self) -> tuple[JobSnapshot[T], ...]:
        """Return all jobs in the order they were added."""
        with self._lock:
            return tuple(job.snapshot(self._clock()) for job in self._jobs.values())

    def snapshot(self, job_id: str) -> JobSnapshot[T] | None:
        """Return one job; None when it is unknown or forgotten."""
        with self._lock:
            job = self._jobs.get(job_id)
            return job.snapshot(self._clock()) if job else None

    def cancel(self, job_id: str) -> None:
        """Stop a job at its next report of progress; a waiting job ends at once. A finished one stays as it is."""
        with self._lock:
            job = self._jobs.get(job_id)
            if job is None:
                return
            job.cancelled = True
            waiting = job.state == "queued"
            if waiting:
                job.state = "cancelled"
        if waiting:
            self._release(job)

    def forget(self, job_id: str) -> None:
        """Drop a finished job from the list."""
        with self._lock:
            job = self._jobs.get(job_id)
            if job and job.state not in {"queued", "running"}:
                del self._jobs[job_id]

    def close(self, *, timeout_s: float = 5.0) -> None:
        """Stop everything and wait for the workers."""
        with self._lock:
            self._closed = True
            workers = tuple(self._workers)
            for _ in workers:
                self._waiting.put(None)
        until_s = time.monotonic() + timeout_s
        for worker in workers:
            worker.join(max(0.0, until_s - time.monotonic()))

    def _drop_old_finished(self) -> None:
        finished = [job for job in self._jobs.values() if job.state not in {"queued", "running"}]
        for job in finished[:-_FINISHED_KEPT]:
            del self._jobs[job.id]

    def _run(self) -> None:
        while (job := self._waiting.get()) is not None:
            try:
                self._run_job(job)
            finally:
                self._release(job)

    def _run_job(self, job: _Job[T]) -> None:
        def report(stage: str, fraction: float | None) -> None:
            with self._lock:
                job.note(stage, fraction, self._clock())
                if job.cancelled or self._closed:
                    raise AnalysisCancelled(f"{job.title}: stopped; nothing was saved")

        with self._lock:
            if job.state != "queued" or self._closed:
                return
            job.state = "running"
            job.paces.append((self._clock(), 0.0))
        try:
            report("", None)
            result = job.work(report)
        except AnalysisCancelled:
            self._finish(job, "cancelled")
        except GaitLabError as error:
            self._finish(job, "failed", message=error.on_page)
        except Exception:
            _logger.exception("work on an uploaded clip failed")
            self._finish(job, "failed", message=UNEXPECTED)
        else:
            self._finish(job, "done", result=result)

    def _finish(self, job: _Job[T], state: JobState, *, result: T | None = None, message: str | None = None) -> None:
        with self._lock:
            job.state, job.result, job.message = state, result, message

    def _release(self, job: _Job[T]) -> None:
        with self._lock:
            stopped = self._closed and not job.cancelled and job.state in {"queued", "cancelled"}
            if job.released or stopped:
                return
            job.released = True
        try:
            job.release()
        except OSError:
            _logger.exception("temporary files of a job could not be removed")
