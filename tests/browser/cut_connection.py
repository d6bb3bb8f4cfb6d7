"""A connection that can be cut: a relay between a browser and a server on this machine."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

__all__ = ["Relay", "relay_to"]


class Relay:
    """Passes on what comes until it is cut; then nothing gets through, and nobody is told."""

    def __init__(self, loop: asyncio.AbstractEventLoop, server: asyncio.Server) -> None:
        self._loop = loop
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self.is_cut = False
        self._connections: set[asyncio.StreamWriter] = set()

    def cut(self) -> None:
        """Let nothing through from now on."""
        self.is_cut = True

    def mend(self) -> None:
        """Let new connections through; the old ones are lost."""
        asyncio.run_coroutine_threadsafe(self.lose_all(), self._loop).result()
        self.is_cut = False

    async def lose_all(self) -> None:
        """End all connections."""
        for writer in self._connections:
            writer.transport.abort()
        while self._connections:
            await asyncio.sleep(0.01)

    async def meet(self, target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take a connection to the target."""
        if self.is_cut:
            writer.transport.abort()
            return
        there = urlsplit(target)
        their_reader, their_writer = await asyncio.open_connection(there.hostname, there.port)
        ends = {writer, their_writer}
        self._connections |= ends
        await asyncio.gather(self._pass_on(reader, their_writer), self._pass_on(their_reader, writer))
        self._connections -= ends

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while content := await reader.read(1 << 16):
                if not self.is_cut:
                    writer.write(content)
                    await writer.drain()
        except OSError:
            pass
        writer.close()


@contextmanager
def relay_to(target: str) -> Iterator[Relay]:
    """Give a relay to the server at this address, in a thread of its own."""
    loop = asyncio.new_event_loop()

    async def begin() -> tuple[Relay, asyncio.Server]:
        made: list[Relay] = []
        server = await asyncio.start_server(lambda r, w: made[0].meet(target, r, w), "127.0.0.1", 0)
        made.append(Relay(loop, server))
        return made[0], server

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    relay, server = asyncio.run_coroutine_threadsafe(begin(), loop).result()
    yield relay
    loop.call_soon_threadsafe(server.close)
    asyncio.run_coroutine_threadsafe(relay.lose_all(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
