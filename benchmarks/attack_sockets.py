"""Hostile messages for the socket of the Live page, in memory and with a stand-in for the networks."""

from __future__ import annotations

import asyncio
import json
import random
import struct
from collections.abc import MutableMapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from starlette.applications import Starlette

from gaitlab.live import LiveSession
from gaitlab.pose.detection import Detection
from gaitlab.records import Picture
from gaitlab.ui.live.places import LiveDesk, LiveLimits
from gaitlab.ui.live.socket import LIVE_URL, live_route
from gaitlab.ui.server import tokens
from gaitlab.video.picture import jpeg_of
from tests.clips import corners

__all__ = ["hello", "live_socket", "mutated"]

_HOST: Final = "127.0.0.1:8501"
_ANSWER_S: Final = 15.0
_UNEXPECTED: Final = "Something went wrong"
_NASTY: Final[tuple[Any, ...]] = (
    "",
    "x" * 3000,
    "a\0b",
    "<b>",
    "\ud800",
    "../..",
    10**400,
    -1,
    None,
    True,
    [],
    {},
    1e308,
    float("nan"),
)
_TIMES_S: Final = (0.0, -1.0, 1e308, -1e308, float("nan"), float("inf"), 1e-300)


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Flip, cut, repeat or overwrite some of the bytes; the beginning, where sizes stand, more often."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 3, 20))):
        at = rng.randrange(min(len(changed), 400) if rng.random() < 0.5 else len(changed))
        way = rng.randrange(4)
        if way == 0:
            changed[at] ^= 1 << rng.randrange(8)
        elif way == 1:
            changed[at : at + 4] = rng.choice((b"\xff" * 4, bytes(4), struct.pack(">I", rng.getrandbits(32))))
        elif way == 2:
            changed[at : at + 64] = changed[at // 2 : at // 2 + 64]
        else:
            del changed[at : at + 16 if rng.random() < 0.8 else None]
        changed = changed or bytearray(b"\0")
    return bytes(changed)


@cache
def _jpeg() -> bytes:
    return jpeg_of(Picture.of_rgb(corners(64, 48)), side_max_px=64)


@cache
def _desk() -> LiveDesk:
    def sways(picture: Picture, time_s: float) -> Detection:
        xy_px = np.zeros((17, 2)) + np.linspace(5, 40, 17)[:, np.newaxis] + np.sin(time_s)
        return Detection(xy_px=xy_px, score=np.full(17, 0.9), colour=np.zeros(3))

    return LiveDesk(lambda activity, *_: LiveSession(sways, activity), LiveLimits(hello_s=0.2, idle_s=0.2))


def live_socket(rng: random.Random, folder: Path) -> None:
    """Speak to the socket of the Live page: a hello that may be wrong, and frames that may be none."""
    assert folder.is_dir()
    said = [hello(rng), *(_frame(rng, number) for number in range(rng.randrange(12)))]
    app = Starlette(routes=[live_route(_desk)])
    answers = asyncio.run(asyncio.wait_for(_speak(app, said, waits=rng.random() < 0.8), _ANSWER_S))
    for answer in answers:
        if _UNEXPECTED in answer.get("text", ""):
            raise RuntimeError(answer["text"][:200])
    if (n := _desk().n_open + _desk().n_waiting) != 0:
        raise RuntimeError(f"{n} places are not given back")


def hello(rng: random.Random) -> str | bytes:
    """Return a first message for that socket, as likely a wrong one as a right one."""
    said: dict[str, Any] = {"token": tokens.issue("live"), "activity": "squat", "model": "blocks"}
    if rng.random() < 0.5:
        said[rng.choice(list(said))] = rng.choice(_NASTY)
    text = json.dumps(said)
    if rng.random() < 0.7:
        return text
    deep = rng.choice("[{") * rng.choice((900, 200_000))
    return rng.choice((text.encode(), deep, text[: rng.randrange(len(text))], text * 20, "NaN", "1" * 5000))


def _frame(rng: random.Random, number: int) -> str | bytes:
    time_s = rng.choice(_TIMES_S) if rng.random() < 0.1 else number / 30
    jpeg = _jpeg() if rng.random() < 0.6 else mutated(_jpeg(), rng)
    frame = struct.pack(">Id", rng.choice((number, 2**32 - 1)), time_s) + jpeg
    if rng.random() < 0.9:
        return frame
    return rng.choice((frame[: rng.randrange(30)], b"", "a text", bytes(700_000), rng.randbytes(500)))


async def _speak(app: Starlette, said: list[str | bytes], *, waits: bool) -> list[MutableMapping[str, Any]]:
    """Say all of it, wait for an answer each where `waits`, leave, and return all that was answered."""
    sent: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
    answers: list[MutableMapping[str, Any]] = []
    answered = asyncio.Event()

    async def send(message: MutableMapping[str, Any]) -> None:
        answers.append(message)
        answered.set()

    scope = {
        "type": "websocket", "path": LIVE_URL, "root_path": "", "query_string": b"", "scheme": "ws",
        "headers": [(b"host", _HOST.encode())], "subprotocols": [], "extensions": {},
    }  # fmt: skip
    sent.put_nowait({"type": "websocket.connect"})
    task = asyncio.create_task(app(scope, sent.get, send))
    for one in said:
        answered.clear()
        sent.put_nowait({"type": "websocket.receive", "text" if isinstance(one, str) else "bytes": one})
        if waits:
            with suppress(TimeoutError):
                await asyncio.wait_for(answered.wait(), 0.1)
    sent.put_nowait({"type": "websocket.disconnect", "code": 1001})
    await task
    return answers
