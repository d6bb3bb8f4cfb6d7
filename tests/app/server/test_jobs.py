"""The queue of analyses: order, progress, time left, cancel, errors and cleaning up."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator

import pytest

from gaitlab.errors import InputError
from gaitlab.records.tracks import Report
from gaitlab.ui.server.jobs import JobQueue, JobSnapshot

SOON_S = 20.0


class Clock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class Gate:
    """Work that reports once and then waits until the test lets it go on."""

    def __init__(self, *, fraction: float | None = None) -> None:
        self.fraction = fraction
        self.started, self.go_on = threading.Event(), threading.Event()

    def __call__(self, report: Report) -> int:
        report("pose", self.fraction)
        self.started.set()
        assert self.go_on.wait(SOON_S)
        report("pose", self.fraction)
        return 7


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def jobs(clock: Clock) -> Iterator[JobQueue[int]]:
    queue: JobQueue[int] = JobQueue(clock=clock)
    yield queue
    queue.close()


def finished(jobs: JobQueue[int], job_id: str) -> JobSnapshot[int]:
    """Wait for a job by waiting for one queued behind it."""
    behind = threading.Event()

    def arrive(report: Report) -> int:
        behind.set()
        return 0

    marker = jobs.submit("marker", arrive)
    assert behind.wait(SOON_S)
    view = jobs.snapshot(job_id)
    assert view is not None
    assert marker != job_id
    return view


def test_a_finished_job_knows_its_session(jobs: JobQueue[int]) -> None:
    view = finished(jobs, jobs.submit("walk.mp4", lambda report: 12))
    assert (view.state, view.result, view.active) == ("done", 12, False)


def test_the_message_of_an_expected_error_reaches_the_page(jobs: JobQueue[int]) -> None:
    def work(report: Report) -> int:
        raise InputError("walk.mp4: this is not a video")

    view = finished(jobs, jobs.submit("walk.mp4", work))
    assert (view.state, view.message) == ("failed", "walk.mp4: this is not a video")


def test_an_unexpected_error_is_a_plain_sentence_and_a_log_entry(
    jobs: JobQueue[int], caplog: pytest.LogCaptureFixture
) -> None:
    def work(report: Report) -> int:
        raise ZeroDivisionError("secret detail")

    with caplog.at_level(logging.ERROR):
        view = finished(jobs, jobs.submit("walk.mp4", work))
    assert view.state == "failed"
    assert "secret detail" not in (view.message or "")
    assert "secret detail" in caplog.text


def test_jobs_run_one_after_another_in_order(jobs: JobQueue[int]) -> None:
    first, second = Gate(), Gate()
    jobs.submit("first", first)
    jobs.submit("second", second)
    assert first.started.wait(SOON_S)
    assert [view.state for view in jobs.snapshots()] == ["running", "queued"]
    assert not second.started.is_set()
    first.go_on.set()
    assert second.started.wait(SOON_S)
    second.go_on.set()


def test_time_left_follows_from_the_pace_so_far(jobs: JobQueue[int], clock: Clock) -> None:
    gate = Gate(fraction=0.25)
    job_id = jobs.submit("walk.mp4", gate)
    assert gate.started.wait(SOON_S)
    clock.now_s = 10.0
    view = jobs.snapshot(job_id)
    assert view is not None
    assert view.seconds_left == pytest.approx(30.0)
    gate.go_on.set()


def test_time_left_follows_the_last_twenty_seconds_where_the_pace_changes(jobs: JobQueue[int], clock: Clock) -> None:
    ended = threading.Event()

    def work(report: Report) -> int:
        for second in range(1, 61):  # to three quarters in half a minute, from there on at a third of the pace
            clock.now_s = float(second)
            report("pose", min(second, 30) / 40 + max(0, second - 30) / 120)
            if second == 55:
                views.append(jobs.snapshots()[0])
        clock.now_s = 75.0  # and then nothing comes for a while
        views.append(jobs.snapshots()[0])
        report("saving", 1.0)
        views.append(jobs.snapshots()[0])
        ended.set()
        return 1

    views: list[JobSnapshot[int]] = []
    jobs.submit("walk.mp4", work)
    assert ended.wait(SOON_S)
    steady, stuck, saving = (view.seconds_left for view in views)
    assert steady == pytest.approx(5.0, abs=0.3)
    assert stuck is None
    assert saving is None


def test_no_time_left_is_claimed_while_the_length_is_unknown(jobs: JobQueue[int], clock: Clock) -> None:
    gate = Gate(fraction=None)
    job_id = jobs.submit("walk.mp4", gate)
    assert gate.started.wait(SOON_S)
    clock.now_s = 10.0
    view = jobs.snapshot(job_id)
    assert view is not None
    assert view.seconds_left is None
    gate.go_on.set()


def test_cancel_stops_a_running_job_at_its_next_report(jobs: JobQueue[int]) -> None:
    gate = Gate()
    released = threading.Event()
    job_id = jobs.submit("walk.mp4", gate, release=released.set)
    assert gate.started.wait(SOON_S)
    jobs.cancel(job_id)
    stopping = jobs.snapshot(job_id)
    assert stopping is not None
    assert stopping.stopping
    gate.go_on.set()
    view = finished(jobs, job_id)
    assert (view.state, view.result) == ("cancelled", None)
    assert released.is_set()


def test_cancel_of_a_waiting_job_frees_its_files_at_once(jobs: JobQueue[int]) -> None:
    gate = Gate()
    jobs.submit("first", gate)
    assert gate.started.wait(SOON_S)
    released: list[str] = []
    job_id = jobs.submit("second", lambda report: 1, release=lambda: released.append("second"))
    jobs.cancel(job_id)
    view = jobs.snapshot(job_id)
    assert view is not None
    assert view.state == "cancelled"
    assert released == ["second"]
    gate.go_on.set()
    finished(jobs, job_id)
    assert released == ["second"]


def test_cancel_after_the_end_changes_nothing(jobs: JobQueue[int]) -> None:
    job_id = jobs.submit("walk.mp4", lambda report: 3)
    finished(jobs, job_id)
    jobs.cancel(job_id)
    view = jobs.snapshot(job_id)
    assert view is not None
    assert (view.state, view.result) == ("done", 3)


def test_files_are_released_after_an_error_too(jobs: JobQueue[int]) -> None:
    released: list[int] = []

    def work(report: Report) -> int:
        raise InputError("no")

    finished(jobs, jobs.submit("walk.mp4", work, release=lambda: released.append(1)))
    assert released == [1]


def test_a_forgotten_job_is_gone_but_a_running_one_stays(jobs: JobQueue[int]) -> None:
    done = jobs.submit("done", lambda report: 1)
    finished(jobs, done)
    gate = Gate()
    running = jobs.submit("running", gate)
    assert gate.started.wait(SOON_S)
    jobs.forget(done)
    jobs.forget(running)
    assert jobs.snapshot(done) is None
    assert jobs.snapshot(running) is not None
    gate.go_on.set()


def test_only_the_latest_finished_jobs_are_kept(jobs: JobQueue[int]) -> None:
    for number in range(40):
        finished(jobs, jobs.submit(f"clip {number}", lambda report: 1))
    assert len(jobs.snapshots()) <= 22


def test_closing_stops_what_runs_and_keeps_the_files_of_what_is_not_over() -> None:
    """The next start goes on with them."""
    jobs: JobQueue[int] = JobQueue()
    gate, released = Gate(), list[str]()
    running = jobs.submit("walk.mp4", gate, release=lambda: released.append("running"))
    jobs.submit("squat.mp4", Gate(), release=lambda: released.append("waiting"))
    assert gate.started.wait(SOON_S)
    threading.Timer(0.05, gate.go_on.set).start()
    jobs.close()
    assert jobs.snapshots()[0].id == running
    assert jobs.snapshots()[0].state == "cancelled"
    assert released == []


def test_what_the_user_cancelled_is_over_when_the_queue_closes() -> None:
    jobs: JobQueue[int] = JobQueue()
    gate, released = Gate(), threading.Event()
    job_id = jobs.submit("walk.mp4", gate, release=released.set)
    assert gate.started.wait(SOON_S)
    jobs.cancel(job_id)
    threading.Timer(0.05, gate.go_on.set).start()
    jobs.close()
    assert released.is_set()


def test_as_many_jobs_run_at_once_as_there_is_room_for() -> None:
    both = threading.Barrier(2, timeout=SOON_S)
    queue = JobQueue[int](at_once=2)
    ids = [queue.submit(name, lambda report: both.wait()) for name in ("one", "two")]
    until_s = time.monotonic() + SOON_S
    while any(view.active for view in queue.snapshots()) and time.monotonic() < until_s:
        time.sleep(0.01)
    assert [view.state for job_id in ids if (view := queue.snapshot(job_id))] == ["done", "done"]
    queue.close()
