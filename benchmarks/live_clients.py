"""How late the count of the Live page is when many browsers send their points to one server at once.

    python -m benchmarks.live_clients [--clients 1 10 20]

The socket of the Live page is served by this process; another one plays the browsers: each sends the points of the
squats of a sample, fifteen frames a second, in their own time. The delay of a count goes from the moment at which the
frame of the turn is sent until the number comes. Is a part of ``make bench-live``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any, Final

import numpy as np
import uvicorn
from numpy.typing import NDArray
from starlette.applications import Starlette
from websockets.asyncio.client import connect

from benchmarks.results import markdown_table
from gaitlab.archive.samples import analyse_sample, sample_track, samples
from gaitlab.live import LiveSession
from gaitlab.ui.live.places import LiveDesk, LiveLimits
from gaitlab.ui.live.points import RECORD
from gaitlab.ui.live.socket import LIVE_URL, live_route
from gaitlab.ui.server import tokens

__all__ = ["ManyClients", "clients_table", "many_clients"]

_SAMPLE: Final = "squat-side.csv.gz"
_FPS: Final = 15.0
_TIMES: Final = 3  # the set is done again and again
_AFTER_S: Final = 3.0
_LONGEST_S: Final = 180.0
_LIMIT_S: Final = 0.3  # asked for: issue "Live"


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyClients:
    """What some browsers saw that sent points at once.

    Attributes
    ----------
    n : int
    delays_s : sequence of float
        Of all counts of all browsers, from the turn on.
    counts : sequence of int
        The last one of each browser.
    expected : int
    server_share : float
        Processor time of the server for each browser, as a share of one core.
    """

    n: int
    delays_s: Sequence[float]
    counts: Sequence[int]
    expected: int
    server_share: float


def _set_of_squats() -> tuple[NDArray[np.void], list[float]]:
    """Return the frames of the squats, done several times, and the moments at which they turn, in seconds."""
    sample = next(one for one in samples() if one.file == _SAMPLE and not one.is_visit)
    track, exercise = sample_track(sample), analyse_sample(sample).exercise
    assert exercise is not None
    time_s = track.time_s - track.time_s[0]
    rows = np.searchsorted(time_s, np.arange(0.0, time_s[-1], 1 / _FPS))
    once = np.zeros(len(rows), dtype=RECORD)
    once["time_s"], once["wh"] = time_s[rows], track.image_wh
    points = np.concatenate([track.xy_px[rows], track.score[rows][..., np.newaxis]], axis=2)
    once["points"] = np.nan_to_num(points)
    made, length_s = np.concatenate([once] * _TIMES, dtype=RECORD), len(once) / _FPS
    later_s = np.repeat(length_s * np.arange(_TIMES), len(once))
    made["time_s"] += later_s
    made["number"] = np.arange(1, len(made) + 1)
    turns_s = [one.turn_s - track.time_s[0] + length_s * i for i in range(_TIMES) for one in exercise.repetitions]
    return made, turns_s


async def _one(url: str, token: str, start_s: float, records: NDArray[np.void]) -> list[tuple[float, int]]:
    """Send the frames, each in its time after the start; return when which count came."""
    told: list[tuple[float, int]] = []
    await asyncio.sleep(start_s - 1.0 - time.monotonic())
    async with connect(url) as socket:
        await socket.send(json.dumps({"token": token, "activity": "squat", "model": None, "camera": ""}))

        async def hear() -> None:
            async for message in socket:
                said = json.loads(message)
                if said["kind"] == "result":
                    told.append((time.monotonic() - start_s, said["count"]))

        hearing = asyncio.create_task(hear())
        for record in records:
            await asyncio.sleep(start_s + float(record["time_s"]) - time.monotonic())
            await socket.send(record.tobytes())
        await asyncio.sleep(_AFTER_S)
        hearing.cancel()
    return told


def _browsers(url: str, given: Sequence[str], results: Any) -> None:
    """Be several browsers that begin one after the other within three seconds."""
    records, _ = _set_of_squats()

    async def all_of_them() -> list[list[tuple[float, int]]]:
        starts_s = [time.monotonic() + 2.0 + 3.0 * i / len(given) for i in range(len(given))]
        pairs = zip(given, starts_s, strict=True)
        return await asyncio.gather(*(_one(url, token, start_s, records) for token, start_s in pairs))

    results.put(asyncio.run(all_of_them()))


def _delays_s(told: Sequence[tuple[float, int]], turns_s: Sequence[float]) -> list[float]:
    """Return how long after each turn, and before the next one, the number rose; nothing where it did not."""
    rises_s = [at_s for (at_s, count), (_, before) in zip(told[1:], told, strict=False) if count > before]
    delays_s = []
    for turn_s, next_s in pairwise([*turns_s, float("inf")]):
        delays_s += [at_s - turn_s for at_s in rises_s if turn_s <= at_s < next_s][:1]
    return delays_s


def many_clients(n: int) -> ManyClients:
    """Serve the socket, let browsers send their points, and return how late the counts were."""

    def no_network(activity: str, model: str, at: object) -> LiveSession:
        raise AssertionError(f"a network was asked for: {activity}, {model}, {at}")

    desk = LiveDesk(no_network, LiveLimits(point_sessions=n))
    app = Starlette(routes=[live_route(lambda: desk)])
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    given = [tokens.issue("live") for _ in range(n)]
    playing = context.Process(target=_browsers, args=(f"ws://127.0.0.1:{port}{LIVE_URL}", given, results))
    playing.start()
    used_s, since_s = time.process_time(), time.monotonic()
    told = results.get(timeout=_LONGEST_S)
    share = (time.process_time() - used_s) / (time.monotonic() - since_s) / n
    playing.join()
    server.should_exit = True
    thread.join()
    desk.close()
    _, turns_s = _set_of_squats()
    delays_s = [delay_s for one in told for delay_s in _delays_s(one, turns_s)]
    return ManyClients(
        n=n,
        delays_s=delays_s,
        counts=[one[-1][1] if one else 0 for one in told],
        expected=len(turns_s),
        server_share=share,
    )


def clients_table(runs: Sequence[ManyClients]) -> str:
    """Return a row for each number of browsers."""
    rows = [
        (
            str(run.n),
            f"{median(run.delays_s):.2f}",
            f"{np.quantile(run.delays_s, 0.9):.2f}",
            f"{min(run.counts)}-{max(run.counts)} of {run.expected}",
            f"{100 * run.server_share:.0f} %",
        )
        for run in runs
    ]
    head = ("browsers that send points", "delay of a count s", "90 % s", "counts", "of a core, each")
    missed = [str(run.n) for run in runs if not median(run.delays_s) <= _LIMIT_S]
    verdict = f"missed with {', '.join(missed)} browsers" if missed else "kept by all"
    return f"{markdown_table(head, rows)}\n\nLimit {_LIMIT_S:g} s (median): {verdict}.\n"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how late counts are when many browsers send points.")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 10, 20])
    args = parser.parse_args()
    print(clients_table([many_clients(n) for n in args.clients]))


if __name__ == "__main__":
    main()
