"""Routes that export a person or the whole store as one file, made on request and then removed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gaitlab.archive import back_up, export_person, rehearse
from gaitlab.errors import GaitLabError
from gaitlab.reports import export_name
from gaitlab.storage import SessionStore
from gaitlab.ui.resources import need
from gaitlab.ui.server.one_time_files import answer_with_file
from gaitlab.ui.server.sign_in import visitor
from gaitlab.ui.server.tokens import signed

__all__ = ["archive_routes", "backup_url", "person_url"]

_BACKUP: Final = "/gaitlab/backup"
_PERSON_PREFIX: Final = "/gaitlab/person"
_NAME: Final = "gaitlab.zip"


def person_url(person_id: int) -> str:
    """Return the address of the archive of a person, signed."""
    return signed(f"{_PERSON_PREFIX}/{person_id:d}")


def backup_url() -> str:
    """Return the address of a backup of everything, signed."""
    return signed(_BACKUP)


def archive_routes(open_sessions: Callable[[], SessionStore]) -> tuple[Route, ...]:
    """Return the routes for a person's archive and for a backup.

    Parameters
    ----------
    open_sessions : callable
        Returns the store.
    """
    one_at_a_time = threading.Lock()

    def hand_out(write: Callable[[Path], None], file_name: str) -> Response:
        if not one_at_a_time.acquire(blocking=False):
            return PlainTextResponse("Another file is being made; try again when it has come.", status_code=429)
        try:
            return answer_with_file(
                lambda own: _written(write, own / _NAME),
                media_type="application/zip",
                file_name=file_name,
            )
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
        return hand_out(lambda path: export_person(open_sessions(), name, path), _name_of(name, "GaitLab archive"))

    def backup(_: Request) -> Response:
        def checked(path: Path) -> None:
            need("administrator")
            back_up(path, by=visitor().subject)
            rehearse(path)

        return hand_out(checked, _name_of("everybody", "GaitLab backup"))

    return (
        Route(f"{_PERSON_PREFIX}/{{person_id:int}}", person, methods=["GET"]),
        Route(_BACKUP, backup, methods=["GET"]),
    )


def _name_of(whose: str, what: str) -> str:
    return export_name(whose, datetime.now().astimezone(), what, suffix=".zip")


def _written(write: Callable[[Path], None], path: Path) -> Path:
    write(path)
    return path
