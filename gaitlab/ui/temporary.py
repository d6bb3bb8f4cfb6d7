"""The answer that sends a file made for it alone."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse
from starlette.types import Receive, Scope, Send

__all__ = ["TemporaryFile"]


class TemporaryFile(FileResponse):
    """Sends a file and then removes a folder, however the sending ends: a bad Range or a lost connection, too.

    Parameters
    ----------
    path : Path
    folder : Path
        What is removed with all that is in it.
    **options
        As of Starlette's FileResponse.
    """

    def __init__(self, path: Path, *, folder: Path, **options: Any) -> None:
        super().__init__(path, **options)
        self._folder = folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            await run_in_threadpool(shutil.rmtree, self._folder, ignore_errors=True)
