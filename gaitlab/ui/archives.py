"""Routes that hand out everything of a person or of the whole store as one file, made when asked for, then removed."""

from __future__ import annotations

import re
import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gaitlab.archive import back_up, export_person
from gaitlab.errors import GaitLabError, NotFoundError
from gaitlab.storage import SessionStore
from gaitlab.ui.temporary import TemporaryFile

__all__ = ["BACKUP_URL", "archive_routes", "person_url"]

BACKUP_URL: Final = "/gaitlab/backup"
_PERSON_PREFIX: Final = "/gaitlab/person"
_NAME: Final = "gaitlab.zip"
_HEADERS: Final = {
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def person_url(person_id: int) -> str:
    """Return where everything of a person is handed out."""
    return f"{_PERSON_PREFIX}/{person_id:d}"


def archive_routes(open_sessions: Callable[[], SessionStore], *, folder: Callable[[], Path]) -> tuple[Route, ...]:
    """Return the routes for a person's archive and for a backup.

    Parameters
    ----------
    open_sessions : callable
        Returns the store.
    folder : callable
        Returns where files are made meanwhile: on the disk of the database, since /tmp may be memory.
    """
    one_at_a_time = threading.Lock()

    def hand_out(write: Callable[[Path], None], file_name: str) -> Response:
        if not one_at_a_time.acquire(blocking=False):
            return PlainTextResponse("Another file is being made; try again when it has come.", status_code=429)
        try:
            return _made(write, folder(), file_name)
        finally:
            one_at_a_time.release()

    def person(request: Request) -> Response:
        number = request.path_params["person_id"]
        try:
            name = next((one.name for one in open_sessions().people() if one.id == number), None)
        except GaitLabError as error:
            return PlainTextResponse(str(error), status_code=503)
        if name is None:
            return PlainTextResponse("There is nobody of that number.", status_code=404)
        plain = re.sub(r"[^\w-]+", "-", name).strip("-") or "person"
        return hand_out(lambda path: export_person(open_sessions(), name, path), f"gaitlab-{plain}.zip")

    def backup(_: Request) -> Response:
        return hand_out(back_up, "gaitlab-backup.zip")

    return (
        Route(f"{_PERSON_PREFIX}/{{person_id:int}}", person, methods=["GET"]),
        Route(BACKUP_URL, backup, methods=["GET"]),
    )


def _made(write: Callable[[Path], None], folder: Path, file_name: str) -> Response:
    folder.mkdir(parents=True, exist_ok=True)
    own = Path(tempfile.mkdtemp(prefix="upload-archive-", dir=folder))
    try:
        write(own / _NAME)
    except NotFoundError as error:
        return _refused(own, 404, error)
    except GaitLabError as error:
        return _refused(own, 503, error)
    except BaseException:
        shutil.rmtree(own, ignore_errors=True)
        raise
    return TemporaryFile(
        own / _NAME,
        folder=own,
        media_type="application/zip",
        filename=file_name,
        headers=_HEADERS,
    )


def _refused(own: Path, status: int, error: GaitLabError) -> Response:
    shutil.rmtree(own, ignore_errors=True)
    return PlainTextResponse(str(error), status_code=status)
