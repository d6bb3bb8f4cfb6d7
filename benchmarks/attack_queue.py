"""A queue of accepted clips in a program that is killed again and again."""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.attack_work import keypoints_csv
from gaitlab.storage import open_store
from gaitlab.storage.inbox import inbox_dir

__all__ = ["lost_in_kills"]

_PERSON = "Queued"


def _serve(data_dir: str, clips: list[Path], told: Connection) -> None:
    """Do what a server does with accepted clips, from its start to the end of the queue."""
    os.environ["GAITLAB_DATA_DIR"] = data_dir
    from gaitlab.sessions import request_of  # noqa: PLC0415
    from gaitlab.ui.analyse.queues import jobs, resume_accepted, submit_clip  # noqa: PLC0415

    resume_accepted()
    for clip in clips:
        submit_clip(clip, request_of(_PERSON, "squat"))
    told.send("ready")
    while any(job.active for job in jobs().snapshots()):
        time.sleep(0.01)
    snapshots = jobs().snapshots()
    jobs().close()  # what is over is cleaned up
    told.send([job.message for job in snapshots if job.state == "failed"])


def lost_in_kills(folder: Path, *, clips: int = 10, kills: int = 5, seed: int = 1) -> tuple[int, int]:
    """Let a server accept clips, kill it so many times, and let it end.

    Returns
    -------
    tuple of int
        Clips that are neither a session nor named on the page, and files that are left.
    """
    rng = random.Random(seed)
    data = folder / "data"
    os.environ["GAITLAB_DATA_DIR"] = str(data)
    arrived = []
    for number in range(clips):
        path = folder / f"upload-{number}" / f"{number}.csv"
        path.parent.mkdir()
        path.write_text(keypoints_csv(folder / "track.csv").read_text(encoding="utf-8") + "\n" * number)
        arrived.append(path)
    processes = multiprocessing.get_context("spawn")
    named: list[str] = []
    for turn in range(kills + 1):
        receiver, sender = processes.Pipe(duplex=False)
        process = processes.Process(target=_serve, args=(str(data), arrived if turn == 0 else [], sender))
        process.start()
        sender.close()
        try:
            assert receiver.recv() == "ready"
            if turn == kills:
                named = receiver.recv()
            else:
                time.sleep(rng.uniform(0.0, 0.3))
        finally:
            process.kill()
            process.join()
    with closing(open_store()) as store:
        saved = len(store.sessions(person=_PERSON))
    left = list(inbox_dir().rglob("*.csv"))
    return clips - saved - len(named), len(left)
