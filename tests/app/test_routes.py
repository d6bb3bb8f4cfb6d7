"""The media route: the right clip, in ranges, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from gaitlab.errors import StoreError
from gaitlab.storage import SessionStore
from gaitlab.ui.shared.clip_route import clip_url, media_route
from tests.app.builders_ui import walk

CLIP = bytes(range(256)) * 8


class Answer:
    """Status, headers and body of one request."""

    def __init__(self) -> None:
        self.status, self.headers, self.body = 0, dict[str, str](), b""

    async def take(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {key.decode(): value.decode() for key, value in message["headers"]}
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")


def get(app: Starlette, path: str, **headers: str) -> Answer:
    answer = Answer()

    async def receive() -> MutableMapping[str, Any]:
        await asyncio.Event().wait()  # a client that stays
        raise AssertionError

    scope = {
        "type": "http", "method": "GET", "path": path.partition("?")[0], "root_path": "",
        "query_string": path.partition("?")[2].encode(), "scheme": "http",
        "headers": [(key.lower().encode(), value.encode()) for key, value in headers.items()],
    }  # fmt: skip
    asyncio.run(app(scope, receive, answer.take))
    return answer


@pytest.fixture
def sessions(empty_store: SessionStore, tmp_path: Path) -> SessionStore:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(CLIP)
    empty_store.save(walk(), person="Ann", media={"overlay": clip})
    empty_store.save(walk(day=2), person="Ann")
    return empty_store


@pytest.fixture
def app(sessions: SessionStore) -> Starlette:
    return Starlette(routes=[media_route(lambda: sessions)])


def test_the_clip_of_a_session_is_shown_in_the_page_and_not_downloaded(app: Starlette) -> None:
    answer = get(app, clip_url(1))
    assert (answer.status, answer.body) == (200, CLIP)
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["content-disposition"].startswith("inline")


def test_a_range_is_answered_with_that_part(app: Starlette) -> None:
    answer = get(app, clip_url(1), Range="bytes=100-199")
    assert (answer.status, answer.body) == (206, CLIP[100:200])
    assert answer.headers["content-range"] == f"bytes 100-199/{len(CLIP)}"


@pytest.mark.parametrize("session_id", [2, 3, 10**30])
def test_the_clip_of_no_session_is_not_found(app: Starlette, session_id: int) -> None:
    assert get(app, clip_url(session_id)).status == 404


@pytest.mark.parametrize("path", ["/gaitlab/media/../../etc/passwd", "/gaitlab/media/x", "/gaitlab/media/"])
def test_what_is_not_there_is_not_found(app: Starlette, path: str) -> None:
    assert get(app, path).status == 404


def test_a_store_that_cannot_be_read_is_said_without_details() -> None:
    def broken() -> SessionStore:
        raise StoreError("/secret/path: cannot be read")

    answer = get(Starlette(routes=[media_route(broken)]), clip_url(1))
    assert answer.status == 503
    assert b"secret" not in answer.body
