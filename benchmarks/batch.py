"""Many clips through `gaitlab batch`: the same table for any number of processes, and nothing lost by kills.

    python -m benchmarks.batch ../shared/data [--clips 200] [--kills 5] [--model movenet-lightning-int8]

Short clips are cut from the clips below the folder. They go through `batch` with one and with two processes, and
through a local Dask cluster of three worker processes; the tables have to be the same, byte for byte. Then two batches
are begun anew, one with processes and one on the cluster; a worker or the batch itself is killed at random moments, and
it is begun again. In the end nothing may be missing and nothing double. The program ends with 1 where that does not
hold.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import psutil

from gaitlab.storage import open_store

_SHOWN_S: Final = 2.5
_HEIGHT_PX: Final = 240
_CAMERAS: Final = ("*.mp4", "*.mov")


def cut_clips(sources: Sequence[Path], folder: Path, number: int, *, seed: int = 1) -> list[Path]:
    """Cut short clips at random places, small enough to be analysed in a second.

    Parameters
    ----------
    sources : sequence of Path
    folder : Path
        Where they are written.
    number : int
    seed : int
    """
    rng = random.Random(seed)
    made: list[Path] = []
    for source in itertools.cycle(sources):
        if len(made) == number:
            return made
        target = folder / f"{len(made):03d}_{source.stem}.mp4"
        if _cut(source, target, share=rng.uniform(0.0, 0.7)):
            made.append(target)
    return made


def _cut(source: Path, target: Path, *, share: float) -> bool:
    with av.open(str(source)) as given, av.open(str(target), "w") as out:
        if not given.streams.video:
            return False
        stream = given.streams.video[0]
        rate = stream.average_rate or Fraction(30)
        first = int(share * (stream.frames or 100))
        width = round(stream.width * _HEIGHT_PX / stream.height / 2) * 2
        written: Any = out.add_stream("libx264", rate=rate, options={"crf": "23"})
        written.width, written.height, written.pix_fmt = width, _HEIGHT_PX, "yuv420p"
        frames = 0
        for frame in itertools.islice(given.decode(stream), first, first + round(_SHOWN_S * float(rate))):
            small = frame.reformat(width, _HEIGHT_PX, "yuv420p")
            small.pts, small.time_base = frames, 1 / rate
            out.mux(written.encode(small))
            frames += 1
        out.mux(written.encode(None))
    return frames > 10


def _command(manifest: Path, table: Path, model: str, crew: Sequence[str]) -> list[str]:
    begin = [sys.executable, "-m", "gaitlab", "batch", str(manifest), "--person-from", "name", "--model", model]
    return [*begin, "--table", str(table), *crew]


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a program that keeps its data in a folder."""
    return {**os.environ, "GAITLAB_DATA_DIR": str(home)}


def run_table(manifest: Path, table: Path, model: str, crew: Sequence[str], home: Path) -> tuple[bytes, float]:
    """Run a batch to its end; return the table and the seconds."""
    since_s = time.monotonic()
    done = subprocess.run(
        _command(manifest, table, model, crew), env=environment(home), capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 7):
        raise SystemExit(f"{' '.join(crew)}: ended with {done.returncode}: {done.stderr[-2000:]}")
    print(f"  {done.stderr.strip().splitlines()[-1]}")
    return table.read_bytes(), time.monotonic() - since_s


@contextmanager
def dask_cluster(workers: int, environment: dict[str, str]) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Start a scheduler and workers of one thread each on this computer; give the address and the nanny's process."""
    with tempfile.TemporaryDirectory() as folder:
        address_file = Path(folder) / "scheduler.json"
        quiet: dict[str, Any] = {"env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        module, common = [sys.executable, "-m"], ["--no-dashboard", "--scheduler-file", str(address_file)]
        scheduler = subprocess.Popen(
            [*module, "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", *common], **quiet
        )
        own = ["--nworkers", str(workers), "--nthreads", "1", "--host", "127.0.0.1"]
        crew = subprocess.Popen([*module, "distributed.cli.dask_worker", *common, *own], **quiet)
        try:
            yield _address(address_file), crew
        finally:
            for one in (crew, scheduler):
                one.terminate()
                with suppress(subprocess.TimeoutExpired):
                    one.wait(20)
                one.kill()


def _address(file: Path) -> str:
    until_s = time.monotonic() + 60.0
    while time.monotonic() < until_s:
        with suppress(OSError, ValueError):
            return str(json.loads(file.read_text())["address"])
        time.sleep(0.1)
    raise SystemExit("the scheduler did not start")


def kill_some(
    manifest: Path,
    table: Path,
    model: str,
    crew: Sequence[str],
    home: Path,
    *,
    kills: int,
    workers: Callable[[int], list[psutil.Process]],
) -> None:
    """Begin a batch, kill one that analyses for it, or it, and begin it again, `kills` times.

    `workers` returns them by the process id of the batch.
    """
    rng = random.Random(kills)
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    for number in range(kills):
        running = subprocess.Popen(_command(manifest, table, model, crew), env=environment(home), **quiet)
        time.sleep(rng.uniform(3.0, 12.0))
        if number % 2 and (victims := workers(running.pid)):  # the batch goes on by itself, and is killed later
            rng.choice(victims).kill()
            time.sleep(rng.uniform(2.0, 6.0))
        running.kill()
        running.wait()


def processes_of(pid: int) -> list[psutil.Process]:
    """Return the processes that analyse below a process."""
    with suppress(psutil.NoSuchProcess):
        return [one for one in psutil.Process(pid).children(recursive=True) if "spawn_main" in " ".join(one.cmdline())]
    return []


def sessions_and_files(home: Path) -> tuple[int, int]:
    """Return how many sessions a store has, replaced ones among them, and of how many files."""
    before = os.environ.get("GAITLAB_DATA_DIR")
    os.environ["GAITLAB_DATA_DIR"] = str(home)
    try:
        store = open_store()
        files = [header.file for header in store.sessions(limit=None)]
        store.close()
        return len(files), len(set(files))
    finally:
        os.environ.pop("GAITLAB_DATA_DIR")
        if before is not None:
            os.environ["GAITLAB_DATA_DIR"] = before


def main() -> int:
    """Run the trial and print what it found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--clips", type=int, default=200)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--model", default="movenet-lightning-int8")
    args = parser.parse_args()
    sources = sorted(one for camera in _CAMERAS for one in args.folder.rglob(camera))
    failures: list[str] = []
    with tempfile.TemporaryDirectory(prefix="gaitlab-batch-") as name:
        work = Path(name)
        (work / "clips").mkdir()
        clips = cut_clips(sources, work / "clips", args.clips)
        manifest = work / "clips.csv"
        rows = [f"clips/{clip.name},{clip.stem[4:]},{number % 4 + 1}" for number, clip in enumerate(clips)]
        manifest.write_text("\n".join(["file,person,site", *rows]) + "\n", encoding="utf-8")
        tables: dict[str, bytes] = {}
        for processes in (1, 2):
            told = f"--processes {processes}"
            home, table = work / f"home{processes}", work / f"{processes}.csv"
            tables[told], took_s = run_table(manifest, table, args.model, told.split(), home)
            print(f"{told}: {took_s:.0f} s, sessions and files {sessions_and_files(home)}")
        home, table = work / "home-killed", work / "killed.csv"
        crew_of = ["--processes", "2"]
        kill_some(manifest, table, args.model, crew_of, home, kills=args.kills, workers=processes_of)
        tables["processes killed"], _ = run_table(manifest, table, args.model, crew_of, home)
        failures += _double(home, f"{args.kills} kills with processes")
        with dask_cluster(3, environment(work / "home-workers")) as (address, crew):
            crew_of, home, table = ["--scheduler", address], work / "home-cluster", work / "cluster.csv"
            tables["cluster"], took_s = run_table(manifest, table, args.model, crew_of, home)
            print(f"cluster of 3: {took_s:.0f} s, sessions and files {sessions_and_files(home)}")
            home, table = work / "home-cluster-killed", work / "cluster-killed.csv"
            of_crew = {"kills": args.kills, "workers": lambda _: processes_of(crew.pid)}
            kill_some(manifest, table, args.model, crew_of, home, **of_crew)
            tables["cluster killed"], _ = run_table(manifest, table, args.model, crew_of, home)
            failures += _double(home, f"{args.kills} kills on the cluster")
        expected = tables["--processes 1"]
        failures += [f"the table of {told} is another one" for told, table in tables.items() if table != expected]
        print(f"{len(tables)} tables of {len(expected)} bytes, {len(set(tables.values()))} different")
    print("\n".join(failures) or "all the same, nothing missing, nothing double")
    return 1 if failures else 0


def _double(home: Path, told: str) -> list[str]:
    sessions, files = sessions_and_files(home)
    print(f"{told}: {sessions} sessions of {files} files")
    return [] if sessions == files else [f"{told}: {sessions} sessions of {files} files"]


if __name__ == "__main__":
    sys.exit(main())
