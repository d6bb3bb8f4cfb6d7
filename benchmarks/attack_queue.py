"""A queue of accepted clips in a program that is killed again and again."""

from __future__ import annotations

import os
import random
import time
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.attack_work import keypoints_csv
from gaitlab.storage import open_store
from tests.saving import PROCESSES, memory_mb

__all__ = ["Kept", "lost_in_kills"]

_PERSON = "Queued"
_VARIABLES = ("GAITLAB_DATA_DIR", "GAITLAB_DATABASE_URL")


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of the clips of a queue.

    Attributes
    ----------
    sessions : int
    named : int
        Clips that the page names as not analysed.
    lost : int
        Clips that are neither, or as a negative number, sessions too many.
    left : tuple of str
        Files that nobody needs any more.
    peak_mb : int
    """

    sessions: int
    named: int
    lost: int
    left: tuple[str, ...]
    peak_mb: int


def _serve(data_dir: str, url: str, clips: list[Path], told: Connection) -> None:
    """Do what a server does with accepted clips, from its start to the end of the queue."""
    os.environ |= dict(zip(_VARIABLES, (data_dir, url), strict=True))
    from gaitlab.sessions import request_of  # noqa: PLC0415
    from gaitlab.ui.analyse.queues import dismiss, jobs, resume_accepted, submit_clip  # noqa: PLC0415
    from gaitlab.ui.resources import close_folders  # noqa: PLC0415

    resume_accepted()
    for clip in clips:
        submit_clip(clip, request_of(_PERSON, "squat"))
    told.send("ready")
    while any(job.active for job in jobs().snapshots()):
        time.sleep(0.01)
    failed = [job for job in jobs().snapshots() if job.state == "failed"]
    for job in failed:
        dismiss(job.id)  # as who reads the messages does
    jobs().close()  # what is over is cleaned up
    close_folders()
    told.send([job.message for job in failed])


def lost_in_kills(folder: Path, *, clips: int = 10, kills: int = 5, seed: int = 1, url: str | None = None) -> Kept:
    """Let a server accept clips, kill it so many times, and let it end.

    Parameters
    ----------
    folder : Path
    clips, kills, seed : int
    url : str, optional
        Address of the database; default: SQLite in `folder`.
    """
    PROCESSES.set_forkserver_preload(["tests.saving", "gaitlab.ui.analyse.queues"])  # once, not by every server
    rng, data = random.Random(seed), folder / "data"
    address = url or f"sqlite:///{data / 'gaitlab.db'}"
    arrived = []
    for number in range(clips):
        path = folder / f"upload-{number}" / f"{number}.csv"
        path.parent.mkdir()
        path.write_text(keypoints_csv(folder / "track.csv").read_text(encoding="utf-8") + "\n" * number)
        arrived.append(path)
    named: list[str] = []
    peak_mb = 0
    for turn in range(kills + 1):
        receiver, sender = PROCESSES.Pipe(duplex=False)
        arguments = (str(data), address, arrived if turn == 0 else [], sender)
        process = PROCESSES.Process(target=_serve, args=arguments)
        process.start()
        sender.close()
        try:
            assert receiver.recv() == "ready"
            if turn == kills:
                named = receiver.recv()
            else:
                time.sleep(rng.uniform(0.0, 0.3))
            peak_mb = max(peak_mb, memory_mb(process.pid))
        finally:
            process.kill()
            process.join()
    before = {name: os.environ.get(name) for name in _VARIABLES}
    os.environ |= dict(zip(_VARIABLES, (str(data), address), strict=True))
    try:
        with closing(open_store()) as store:
            saved = len(store.sessions(person=_PERSON))
        left = tuple(path.name for path in data.rglob("*") if path.is_file() and not _belongs(path, data))
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})
    return Kept(saved, len(named), clips - saved - len(named), left, peak_mb)


def _belongs(path: Path, data: Path) -> bool:
    return path.parent.parent.name.startswith("media") or (path.parent == data and path.name.startswith("gaitlab.db"))
