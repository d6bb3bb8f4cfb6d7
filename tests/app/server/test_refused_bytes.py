"""What is logged of bytes that are no message: one line; of every other error all of it."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from gaitlab.ui.server import refused_bytes
from gaitlab.ui.server.refused_bytes import log_in_one_line

SOCKET = "streamlit.web.server.starlette.starlette_websocket"


@pytest.fixture(autouse=True)
def shortened() -> Iterator[None]:
    log_in_one_line()
    yield
    for name in refused_bytes._LOGS:
        logging.getLogger(name).removeFilter(refused_bytes._shortened)


def logged(caplog: pytest.LogCaptureFixture, error: Exception) -> str:
    log = logging.getLogger(SOCKET)
    log.addHandler(caplog.handler)
    try:
        log.warning("Error deserializing back message", exc_info=error)
    finally:
        log.removeHandler(caplog.handler)
    return caplog.text


def test_a_message_that_cannot_be_read_is_told_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(Exception, match="parsing") as caught:
        BackMsg().ParseFromString(b"\xff\xff")
    text = logged(caplog, caught.value)
    assert "bytes that cannot be read were refused: DecodeError" in text
    assert "Traceback" not in text


def test_a_fault_of_the_program_is_told_in_full(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        1 / 0  # noqa: B018
    assert "Traceback" in logged(caplog, caught.value)
