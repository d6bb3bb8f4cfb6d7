"""Hostile frames for the sockets of a real server, and hostile bytes instead of requests.

Nothing of it is a failure but a traceback in the server's log, silence, too much memory, and the end of the server.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from benchmarks.attack_sockets import hello, mutated
from gaitlab.ui.live.socket import LIVE_URL
from tests.browser.conftest import LOGGED_FAULTS, ServedApp

__all__ = ["ServerAttack"]

_PAGES: Final = ("", "live", "session", "history", "compare", "people", "settings", "nowhere")


class ServerAttack:
    """A served app that is attacked; made by `served`."""

    def __init__(self, app: ServedApp) -> None:
        self._app, self._read = app, 0
        self.peak_mb = 0

    @classmethod
    @contextmanager
    def served(cls, folder: Path) -> Iterator[ServerAttack]:
        """Serve the app with its data in a folder."""
        app = ServedApp(folder / "data", folder / "server.log")
        app.start()
        try:
            yield cls(app)
        finally:
            app.stop()
            shutil.rmtree(folder / "data", ignore_errors=True)

    def failure(self, seed: int) -> str:
        """Attack with a seed; return what was wrong, "" for nothing."""
        rng = random.Random(f"server {seed}")
        start_s = time.monotonic()
        way = rng.choice((self._pages_socket, self._pages_socket, self._live_hello, self._no_request))
        try:
            asyncio.run(asyncio.wait_for(self._then_health(way(rng)), 20.0))
        except TimeoutError:
            return f"no answer for {time.monotonic() - start_s:.0f} s"
        except OSError as error:
            return f"the server is not there: {error}"
        process = psutil.Process(self._app.pid)
        self.peak_mb = max(self.peak_mb, process.memory_info().rss >> 20)
        if self.peak_mb > 1024:
            return f"{self.peak_mb} MB"
        return self._logged()

    def _logged(self) -> str:
        """Return the exception that the server wrote to its log since the last look."""
        written = self._app.log.read_bytes()
        log, self._read = written[self._read :].decode(errors="replace"), len(written)
        return " ".join(log.split())[-700:] if any(words in log for words in LOGGED_FAULTS) else ""

    async def _then_health(self, attack: Any) -> None:
        with suppress(WebSocketException, ConnectionError, EOFError, TimeoutError):
            await asyncio.wait_for(attack, 8.0)
        status = await self._answer(f"GET /_stcore/health HTTP/1.1\r\nHost: {self._netloc}\r\n\r\n".encode())
        if not status.startswith(b"HTTP/1.1 200"):
            raise ConnectionError(status.decode(errors="replace"))

    @property
    def _netloc(self) -> str:
        return f"127.0.0.1:{self._app.port}"

    async def _answer(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._app.port)
        try:
            writer.write(request)
            await writer.drain()
            return await reader.read(200)
        finally:
            writer.close()

    async def _pages_socket(self, rng: random.Random) -> None:
        """Send Streamlit's messages, with hostile values or damaged bytes, and leave at some moment."""
        origin: Any = rng.choice((f"http://{self._netloc}",) * 4 + ("http://evil.example", None))
        address = f"ws://{self._netloc}/{rng.choice(('', '', 'people/'))}_stcore/stream"
        async with connect(address, origin=origin, subprotocols=["streamlit", "x"], max_size=None) as socket:  # type: ignore[list-item]
            for _ in range(rng.randrange(1, 5)):
                message = _back_message(rng).SerializeToString()
                if rng.random() < 0.4:
                    message = mutated(message or b"\0", rng)
                elif rng.random() < 0.1:
                    message = rng.randbytes(rng.choice((1, 100, 9 << 20)))
                await socket.send(message if rng.random() < 0.95 else "a text")
                with suppress(TimeoutError):
                    await asyncio.wait_for(socket.recv(), rng.choice((0.0, 0.05, 0.5)))
            if rng.random() < 0.3:
                socket.transport.abort()

    async def _live_hello(self, rng: random.Random) -> None:
        async with connect(f"ws://{self._netloc}{LIVE_URL}", origin=f"http://{self._netloc}") as socket:  # type: ignore[arg-type]
            await socket.send(hello(rng) if rng.random() < 0.9 else bytes(9 << 20))
            if rng.random() < 0.5:
                await socket.recv()
            if rng.random() < 0.3:
                socket.transport.abort()

    async def _no_request(self, rng: random.Random) -> None:
        path = (
            f"/{rng.choice(_PAGES)}/{rng.choice(('', '%00', '../' * 9 + 'etc/passwd', '_stcore/health', 'x' * 9000))}"
        )
        first = f"{rng.choice(('GET', 'POST', 'BREW'))} {path} HTTP/1.1\r\nHost: {self._netloc}\r\n"
        more = rng.choice(("", "Content-Length: 999\r\n", "Transfer-Encoding: chunked\r\n", "Range: bytes=9-1\r\n"))
        request = f"{first}{more}\r\nzz\r\n".encode()
        answer = await self._answer(mutated(request, rng) if rng.random() < 0.5 else request)
        if answer.startswith(b"HTTP/1.1 5"):
            raise OSError(answer[:60].decode(errors="replace"))


def _back_message(rng: random.Random) -> BackMsg:
    message = BackMsg()
    way = rng.randrange(6)
    if way == 0:
        message.clear_cache = True
    elif way == 1:
        message.stop_script = True
    elif way == 2:
        message.debug_shutdown_runtime = True
    elif way == 3:
        message.app_heartbeat = True
    else:
        state = message.rerun_script
        state.query_string = rng.choice(("", "session=1", "session=" + "9" * 400, "person=%00", "x=" * 2000))
        state.page_script_hash = rng.choice(("", "0" * 32, "../../x"))
        state.page_name = rng.choice(_PAGES)
        state.fragment_id = rng.choice(("", "", "nowhere"))
        for _ in range(rng.randrange(4)):
            widget = state.widget_states.widgets.add(id=rng.choice(("", "$$ID-0-x", "$$ID-" + "f" * 32 + "-person")))
            widget.string_value = rng.choice(("", "x" * 300_000, "<script>"))
            if rng.random() < 0.3:
                widget.json_value = rng.choice(("[" * 20_000, "{}", "NaN"))
    return message
