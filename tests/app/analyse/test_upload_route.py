"""The upload route: onto the disk and into the queue, or refused with nothing left behind."""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import AsyncIterator, Callable, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette

from gaitlab.errors import InputError, StoreError
from gaitlab.sessions import AnalysisRequest, request_of
from gaitlab.ui.analyse.upload_route import TOKEN_HEADER, UPLOAD_URL, in_time, receive_clip, upload_route
from gaitlab.ui.server import tokens

HOST = "127.0.0.1:8501"
LIMIT_BYTES = 3 << 20
CLIP = bytes(range(256)) * 4096  # 1 MB
Answer = tuple[int, dict[str, Any]]


class Desk:
    """Takes the clips that have arrived."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.got = folder, list[tuple[str, bytes, AnalysisRequest]]()
        self.held = list[Path]()

    def submit(self, clip: Path, order: AnalysisRequest) -> str:
        self.got.append((clip.name, clip.read_bytes(), order))
        return "job-1"

    def hold(self, clip: Path) -> str:
        self.held.append(clip)
        return "clip-1"

    def post(
        self,
        *pieces: bytes,
        leaves: bool = False,
        falls_silent: bool = False,
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Send a clip in pieces; `leaves` breaks the connection off after the last, `falls_silent` leaves it open."""
        asked = query or {"name": "live.webm", "person": "Ann", "activity": "squat"}
        given = {"host": HOST, TOKEN_HEADER: tokens.issue("upload"), **(headers or {})}
        route = upload_route(self.submit, self.hold, folder=lambda: self.folder, limit_bytes=lambda: LIMIT_BYTES)
        app = Starlette(routes=[route])
        return asyncio.run(_post(app, pieces, urlencode(asked), given, leaves=leaves, falls_silent=falls_silent))

    @property
    def left_behind(self) -> list[Path]:
        return list(self.folder.rglob("*")) if self.folder.exists() else []


async def _post(
    app: Starlette, pieces: tuple[bytes, ...], query: str, headers: dict[str, str], *, leaves: bool, falls_silent: bool
) -> Answer:
    coming = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    coming.append({"type": "http.disconnect"} if leaves else {"type": "http.request", "body": b"", "more_body": False})
    status, body = 0, b""

    async def receive() -> MutableMapping[str, Any]:
        if falls_silent and len(coming) == 1:
            await asyncio.Event().wait()
        return coming.pop(0)

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal status, body
        status, body = message.get("status", status), body + message.get("body", b"")

    scope = {
        "type": "http", "method": "POST", "path": UPLOAD_URL, "root_path": "", "query_string": query.encode(),
        "scheme": "http", "headers": [(key.lower().encode(), value.encode()) for key, value in headers.items()],
    }  # fmt: skip
    await app(scope, receive, send)
    return status, json.loads(body)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "uploads")


def test_a_clip_arrives_whole_and_is_queued_for_the_person(desk: Desk) -> None:
    assert desk.post(CLIP[:1000], CLIP[1000:], CLIP) == (200, {"job": "job-1"})
    assert desk.got == [("live.webm", CLIP + CLIP, request_of("Ann", "squat"))]


def test_a_recording_of_the_live_page_brings_what_that_told(desk: Desk) -> None:
    desk.post(CLIP, query={"name": "live.webm", "person": "Ann", "activity": "squat", "live": "9"})
    assert desk.got == [("live.webm", CLIP, request_of("Ann", "squat", live_told=9.0))]


def test_a_recording_of_the_live_page_brings_whom_somebody_pointed_at(desk: Desk) -> None:
    asked = {"name": "live.webm", "person": "Ann", "activity": "squat", "subject_at": "1.50,320.00,200.25"}
    desk.post(CLIP, query=asked)
    assert desk.got == [("live.webm", CLIP, request_of("Ann", "squat", (1.5, 320.0, 200.25)))]


def test_a_clip_that_shall_wait_needs_a_name_only(desk: Desk) -> None:
    assert desk.post(CLIP, query={"hold": "1", "name": "../walk.mp4"}) == (200, {"held": "clip-1"})
    assert [(clip.name, clip.read_bytes()) for clip in desk.held] == [("walk.mp4", CLIP)]
    assert desk.got == []


@pytest.mark.parametrize(
    "headers",
    [
        {TOKEN_HEADER: ""},
        {TOKEN_HEADER: tokens.issue("live")},
        {TOKEN_HEADER: tokens.issue("upload", now_s=0.0)},
    ],
    ids=["no token", "a token for another door", "an old token"],
)
def test_only_who_has_a_token_may_send(desk: Desk, headers: dict[str, str]) -> None:
    status, answer = desk.post(CLIP, headers=headers)
    assert (status, desk.got, desk.left_behind) == (403, [], [])
    assert answer["error"]


def test_a_clip_that_says_it_is_too_large_is_refused_before_anything_is_written(desk: Desk) -> None:
    status, answer = desk.post(CLIP, headers={"content-length": str(LIMIT_BYTES + 1)})
    assert (status, desk.left_behind) == (400, [])
    assert "3 MB" in answer["error"]


def test_a_clip_that_turns_out_too_large_leaves_nothing(desk: Desk) -> None:
    status, answer = desk.post(*[CLIP] * 4)
    assert (status, desk.left_behind) == (400, [])
    assert "3 MB" in answer["error"]


@pytest.mark.parametrize("pieces", [(), (b"",)])
def test_an_empty_clip_leaves_nothing(desk: Desk, pieces: tuple[bytes, ...]) -> None:
    status, answer = desk.post(*pieces)
    assert (status, desk.left_behind) == (400, [])
    assert "empty" in answer["error"]


def test_an_upload_that_is_broken_off_leaves_nothing(desk: Desk) -> None:
    status, _ = desk.post(CLIP, CLIP, leaves=True)
    assert (status, desk.got, desk.left_behind) == (400, [], [])


@pytest.mark.parametrize(
    "query",
    [
        {"name": "a.webm", "person": "Ann", "activity": "chess"},
        {"name": "a.webm", "person": "  ", "activity": "squat"},
        {"name": "a.webm", "person": "x" * 81, "activity": "squat"},
        {"name": "a.webm", "person": "Ann", "activity": "squat", "live": "nine"},
        {"name": "a.webm", "person": "Ann", "activity": "squat", "live": "nan"},
        {"name": "a.webm", "person": "Ann", "activity": "squat", "live": "-1"},
        {"name": "a.webm", "person": "Ann", "activity": "squat", "subject_at": "1,2"},
        {"name": "a.webm", "person": "Ann", "activity": "squat", "subject_at": "1,2,nan"},
    ],
)
def test_an_order_that_makes_no_sense_is_refused_before_anything_is_written(desk: Desk, query: dict[str, str]) -> None:
    status, answer = desk.post(CLIP, query=query)
    assert (status, desk.left_behind) == (400, [])
    assert answer["error"]


def test_a_name_cannot_leave_the_folder(desk: Desk) -> None:
    desk.post(CLIP, query={"name": "../../evil.webm", "person": "Ann", "activity": "squat"})
    assert desk.got[0][0] == "evil.webm"


def test_a_queue_that_cannot_take_it_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(clip: Path, order: AnalysisRequest) -> str:
        raise StoreError("the store cannot be written; free some space")

    monkeypatch.setattr(desk, "submit", full)
    status, answer = desk.post(CLIP)
    assert (status, answer["error"]) == (503, "the store cannot be written; free some space")
    assert [path for path in desk.left_behind if path.is_file()] == []


def test_a_disk_that_cannot_be_written_is_an_error_of_the_store(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")

    async def pieces() -> AsyncIterator[bytes]:
        yield CLIP

    with pytest.raises(StoreError, match="could not be kept"):
        asyncio.run(receive_clip(pieces(), "a.webm", folder=blocked, limit_bytes=LIMIT_BYTES))
    with pytest.raises(InputError):
        asyncio.run(receive_clip(pieces(), "a.webm", folder=tmp_path, limit_bytes=10))


async def silence() -> AsyncIterator[bytes]:
    await asyncio.Event().wait()
    yield b""


async def a_byte_now_and_then() -> AsyncIterator[bytes]:
    while True:
        await asyncio.sleep(0.001)
        yield b"x"


async def all_of(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


@pytest.mark.parametrize("pieces", [silence, a_byte_now_and_then])
def test_an_upload_that_stands_still_gives_up_its_place(pieces: Callable[[], AsyncIterator[bytes]]) -> None:
    """Four connections that sent nothing kept everybody else out for as long as they lived (F11)."""
    with pytest.raises(InputError, match="stands still"):
        asyncio.run(all_of(in_time(pieces(), min_bytes=10_000, window_s=0.02)))


def test_an_upload_that_goes_on_arrives_whole() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield CLIP

    assert asyncio.run(all_of(in_time(pieces(), min_bytes=len(CLIP), window_s=600.0))) == 5 * CLIP


def test_the_route_breaks_off_an_idle_upload_and_keeps_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gaitlab.ui.analyse.upload_route.in_time", functools.partial(in_time, window_s=0.02))
    status, answer = desk.post(CLIP, falls_silent=True)
    assert status == 400
    assert "stands still" in answer["error"]
    assert desk.left_behind == []
