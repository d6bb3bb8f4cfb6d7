"""Files made for one response: sent, and then removed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from gaitlab.errors import GaitLabError, NotAllowedError, NotFoundError, StoreError, UsageError
from gaitlab.workspace import WorkFolder

__all__ = ["PRIVATE_HEADERS", "answer_with_file"]

#: Headers of every file: no cache may keep it.
PRIVATE_HEADERS: Final = {"Cache-Control": "private, no-store"}
#: Kind of error → status; the first match is used.
_STATUS: Final[tuple[tuple[type[GaitLabError], int], ...]] = (
    (NotFoundError, 404),
    (NotAllowedError, 403),
    (UsageError, 400),
    (StoreError, 503),
    (GaitLabError, 500),
)


def answer_with_file(
    make: Callable[[Path], Path | tuple[Path, str]],
    *,
    media_type: str,
    file_name: str | None = None,
    headers: Mapping[str, str] = PRIVATE_HEADERS,
) -> Response:
    """Return a response with the file that `make` writes, or with an error message; no file remains.

    Parameters
    ----------
    make : callable
        Takes an empty folder and returns the file to send, or also its name in the browser; a file outside of that
        folder is kept.
    media_type : str
    file_name : str or None
        Name of the file in the browser; None = its own name.
    headers : mapping of str to str
    """
    try:
        folder = WorkFolder()
    except OSError:
        return PlainTextResponse("The data folder cannot be written to; is the disk full?", status_code=503)
    try:
        made = make(folder.path)
    except GaitLabError as error:
        folder.remove()
        return PlainTextResponse(error.on_page, next(code for kind, code in _STATUS if isinstance(error, kind)))
    except BaseException:
        folder.remove()
        raise
    path, name = made if isinstance(made, tuple) else (made, file_name or made.name)
    return _Temporary(path, folder=folder, media_type=media_type, filename=name, headers=headers)


class _Temporary(FileResponse):
    """Sends a file and then removes a folder, also after a bad Range or a lost connection."""

    def __init__(self, path: Path, *, folder: WorkFolder, **options: Any) -> None:
        super().__init__(path, **options)
        self._folder = folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await run_in_threadpool(self._folder.remove)
