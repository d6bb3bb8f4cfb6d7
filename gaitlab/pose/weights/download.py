"""Downloads that survive a broken connection: what has come stays on disk and the next call asks for the rest."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from http.client import HTTPResponse
from pathlib import Path
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from gaitlab.records import Progress

__all__ = ["OnProgress", "copy_stream", "download", "reason_of"]

OnProgress = Callable[[Progress], None]

_CHUNK_BYTES = 1 << 18
_SILENCE_S = 10.0


def download(url: str, part: Path, *, stage: str, on_progress: OnProgress, answer_s: float = 5.0) -> None:
    """Append to `part` what it lacks of the file at `url`.

    Parameters
    ----------
    url : str
    part : Path
        Kept when the connection breaks. Started anew when the server cannot continue it; whether the result is the file
        that was wanted is for the caller to check.
    stage : str
        For the progress reports, which count the bytes of the whole file.
    on_progress : callable
        An exception it raises stops the download.
    answer_s : float
        How long to wait for the server to begin.

    Raises
    ------
    OSError, http.client.HTTPException
        The server does not answer in time, refuses, or the connection ends early.
    """
    start = part.stat().st_size if part.is_file() else 0
    response = _open_rest(url, start, answer_s) if start else None
    if response is None:
        start = 0
        response = _open(url, {}, answer_s)
    with response as reader:
        length = reader.headers.get("Content-Length", "")
        total = start + int(length) if length.isdigit() else None
        with part.open("ab" if start else "wb") as writer:
            done = copy_stream(reader, writer, Progress(stage=stage, done=start, total=total), on_progress)
    if total is not None and done < total:
        raise ConnectionError(f"the connection ended after {done} of {total} bytes; run this again to continue")


def copy_stream(reader: IO[bytes] | HTTPResponse, writer: IO[bytes], begin: Progress, on_progress: OnProgress) -> int:
    """Copy to the end and down to the disk; return the bytes done, counted on from those of `begin`."""
    done = begin.done
    on_progress(begin)
    while chunk := reader.read(_CHUNK_BYTES):
        writer.write(chunk)
        done += len(chunk)
        on_progress(Progress(stage=begin.stage, done=done, total=begin.total))
    writer.flush()
    os.fsync(writer.fileno())
    return done


def reason_of(error: Exception) -> str:
    """Say in one line what went wrong, without the wrapping that urllib puts around it."""
    inner = error.reason if isinstance(error, URLError) and not isinstance(error, HTTPError) else error
    return " ".join(str(inner).split()) or type(error).__name__


def _open(url: str, headers: dict[str, str], answer_s: float) -> HTTPResponse:
    """Return the server's answer, or give up.

    A thread waits, because no timeout of a socket bounds the search for the address nor the tries at each of several.
    """
    answer: Future[HTTPResponse] = Future()

    def ask() -> None:
        try:
            response = urlopen(Request(url, headers={"User-Agent": "gaitlab", **headers}), timeout=_SILENCE_S)
        except Exception as error:  # noqa: BLE001 - handed to whoever waits
            if answer.set_running_or_notify_cancel():
                answer.set_exception(error)
        else:
            if answer.set_running_or_notify_cancel():
                answer.set_result(response)
            else:
                response.close()

    threading.Thread(target=ask, daemon=True).start()
    try:
        return answer.result(timeout=answer_s)
    except TimeoutError:
        answer.cancel()
        raise TimeoutError(f"no answer within {answer_s:g} s") from None


def _open_rest(url: str, start: int, answer_s: float) -> HTTPResponse | None:
    """Ask for the file from byte `start` on; None when the server sends something else."""
    try:
        response = _open(url, {"Range": f"bytes={start}-"}, answer_s)
    except HTTPError as error:
        error.close()
        if error.code == 416:
            return None
        raise
    if response.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
        return response
    response.close()
    return None
