"""One line in the log, without a traceback, for bytes that are no request or no message of a page.

Whoever reaches the port can send anything. The libraries below refuse it, close the connection, and write where in
their own code they did so; a thousand such entries would bury what is worth reading.
"""

from __future__ import annotations

import logging
from typing import Final

__all__ = ["log_in_one_line"]

#: Logs of the libraries in which it appears, and the packages whose errors mean that bytes were refused.
_LOGS: Final = ("asyncio", "uvicorn.error", "streamlit.web.server.starlette.starlette_websocket")
_READERS: Final = ("h11", "httptools", "google")


def log_in_one_line() -> None:
    """Shorten such entries from now on; all others stay as they are."""
    for name in _LOGS:
        logging.getLogger(name).addFilter(_shortened)


def _shortened(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    if error is not None and type(error).__module__.partition(".")[0] in _READERS:
        record.msg, record.args = "bytes that cannot be read were refused: %s", (type(error).__name__,)
        record.exc_info = record.exc_text = None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
    return True
