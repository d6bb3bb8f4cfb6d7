"""What other processes do in the tests of crashes and of many writers: analyse and save, again and again."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from gaitlab.archive import back_up, bring_back, export_person, import_people
from gaitlab.pipeline import analyse_track
from gaitlab.records import Analysis, PoseTrack
from gaitlab.settings import AnalysisSettings
from gaitlab.storage import open_store
from tests.builders_store import a_source, a_walk

__all__ = [
    "PROCESSES",
    "WORK",
    "an_analysis",
    "analyse_and_save_for_ever",
    "memory_mb",
    "rest_of",
    "save_many",
    "save_until_told",
    "work_for_ever",
]

#: Children come from a server that has imported everything already, so that each starts in no time.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.saving"])


def an_analysis() -> Analysis:
    """Return what the pipeline makes of a person who stands there and sways for two seconds."""
    time_s = np.arange(60) / 30
    xy_px = np.zeros((60, 17, 2)) + np.linspace(50, 300, 17)[:, np.newaxis] + np.sin(time_s)[:, np.newaxis, np.newaxis]
    track = PoseTrack(time_s=time_s, xy_px=xy_px, score=np.full((60, 17), 0.9), image_wh=(640, 352))
    return analyse_track(track, AnalysisSettings(activity="squat"), source=a_source())


def rest_of(receiver: Connection) -> list[Any]:
    """Return what a program that was killed had still told; a message that it began is lost with it."""
    told = []
    while receiver.poll():
        try:
            told.append(receiver.recv())
        except EOFError:
            break
    return told


def memory_mb(pid: int | None) -> int:
    """Return how much memory a program holds; 0 when it has just ended."""
    with suppress(psutil.NoSuchProcess):
        return int(psutil.Process(pid).memory_info().rss) >> 20
    return 0


def analyse_and_save_for_ever(url: str, data_dir: str, folder: Path, saved: Connection) -> None:
    """Save one analysis after the other, each with a film of its own, and tell each number as soon as it is known."""
    os.environ["GAITLAB_DATA_DIR"] = data_dir  # the server that children come from knows that of an earlier test
    with closing(open_store(url)) as store:
        saved.send(0)
        while True:
            film = folder / f"{os.getpid()}.mp4"
            film.write_bytes(os.urandom(300_000))
            saved.send(store.save(an_analysis(), person="Ann", media={"overlay": film}, tags=["hall"]))


def save_many(url: str, data_dir: str, n: int) -> None:
    """Save `n` sessions of people whom the other process saves sessions of, too."""
    os.environ["GAITLAB_DATA_DIR"] = data_dir  # the server that children come from knows that of an earlier test
    with closing(open_store(url)) as store:
        for number in range(n):
            store.save(a_walk(), person=f"Ann {number % 7}", tags=[f"tag {number % 3}"])


def save_until_told(url: str, data_dir: str, ends: Connection) -> None:
    """Save one session after the other, each with a tag of its own, until a message comes; send the tags back."""
    os.environ["GAITLAB_DATA_DIR"] = data_dir  # the server that children come from knows that of an earlier test
    tags: list[str] = []
    with closing(open_store(url)) as store:
        ends.send("ready")
        while not ends.poll():
            tag = f"{os.getpid()} {len(tags)}"
            store.save(a_walk(), person="Ann", tags=[tag])
            tags.append(tag)
    ends.send(tags)


def _import(place: Path, name: str) -> None:
    with closing(open_store()) as store:
        import_people(store, place / "zenobia.zip", as_name=f"Zenobia {name}")


def _save(place: Path, name: str) -> int:
    with closing(open_store()) as store:
        film = {"overlay": place / "film.mp4"}
        return store.save(a_walk(), person="Zenobia", media=film, remark=f"zenremark {name}", tags=["zentag"])


def _export(place: Path, name: str) -> None:
    with closing(open_store()) as store:
        export_person(store, "Zenobia", place / f"made-{name}.zip")


#: What a program does with the files at the user's place, each time under a new name.
WORK: Mapping[str, Callable[[Path, str], object]] = {
    "save": _save,
    "restore .db": lambda place, _: bring_back(place / "all.db"),
    "restore .zip": lambda place, _: bring_back(place / "all.zip"),
    "import": _import,
    "backup .db": lambda place, name: back_up(place / f"made-{name}.db"),
    "backup .zip": lambda place, name: back_up(place / f"made-{name}.zip"),
    "export": _export,
}


def work_for_ever(work: str, data_dir: str, temporary: str, place: Path, started: Connection) -> None:
    """Do the same over and over, and tell when it begins."""
    os.environ["GAITLAB_DATA_DIR"] = data_dir  # the server that children come from knows that of an earlier test
    tempfile.tempdir = temporary
    started.send("started")
    for number in itertools.count():
        WORK[work](place, f"{os.getpid()} {number}")
