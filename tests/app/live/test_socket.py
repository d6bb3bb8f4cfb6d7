"""The socket of the Live page: who may speak, what is answered, what is too much."""

from __future__ import annotations

import asyncio
import itertools
import json
import struct
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from starlette.applications import Starlette

from gaitlab.errors import ModelError
from gaitlab.live import LiveResult, LiveSession, Seen
from gaitlab.pose.detection import Detection
from gaitlab.records import Picture
from gaitlab.ui.live.places import LiveDesk, LiveLimits, Place
from gaitlab.ui.live.points import RECORD
from gaitlab.ui.live.socket import LIVE_URL, live_route
from gaitlab.ui.server import tokens
from gaitlab.ui.server.sign_in import ASKING, EVERYBODY
from gaitlab.video.picture import jpeg_of
from tests.builders import squatter, standing

HOST = "127.0.0.1:8501"
SOON_S = 20.0
JPEG = jpeg_of(Picture.of_rgb(np.zeros((480, 640, 3), dtype=np.uint8)), side_max_px=640)
Message = MutableMapping[str, Any]


def somebody(picture: Picture, time_s: float) -> Detection:
    track = standing(duration_s=0.1)
    return Detection(xy_px=track.xy_px[0] / 3, score=track.score[0], colour=np.zeros(3))


def frame(number: int, time_s: float, jpeg: bytes = JPEG) -> bytes:
    return struct.pack(">Id", number, time_s) + jpeg


def hello(**other: object) -> str:
    return json.dumps({"token": tokens.issue("live"), "activity": "squat", "model": "blocks", **other})


class Page:
    """The browser's side of one socket."""

    def __init__(self, app: Starlette, *, code: int = 1001) -> None:
        self._app, self._code = app, code
        self._sent: asyncio.Queue[Message] = asyncio.Queue()
        self.got: asyncio.Queue[Message] = asyncio.Queue()

    async def __aenter__(self) -> Page:
        scope = {
            "type": "websocket", "path": LIVE_URL, "root_path": "", "query_string": b"", "scheme": "ws",
            "headers": [(b"host", HOST.encode())], "subprotocols": [], "extensions": {},
        }  # fmt: skip
        self._sent.put_nowait({"type": "websocket.connect"})
        self._task = asyncio.create_task(self._app(scope, self._sent.get, self.got.put))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._sent.put_nowait({"type": "websocket.disconnect", "code": self._code})
        await asyncio.wait_for(self._task, SOON_S)

    def say(self, message: str | bytes) -> None:
        kind = "text" if isinstance(message, str) else "bytes"
        self._sent.put_nowait({"type": "websocket.receive", kind: message})

    async def hear(self, kind: str) -> dict[str, Any]:
        """Return the next message of a kind; others before it are passed over."""
        while True:
            message = await asyncio.wait_for(self.got.get(), SOON_S)
            if message["type"] == "websocket.close":
                assert kind == "close", f"closed with {message['code']} while waiting for {kind!r}"
                return dict(message)
            if message["type"] == "websocket.send":
                content: dict[str, Any] = json.loads(message["text"])
                if content["kind"] == kind:
                    return content

    async def left(self) -> None:
        """Wait until the server is done with it."""
        await asyncio.wait_for(asyncio.shield(self._task), SOON_S)

    async def end(self) -> tuple[int, str]:
        """Return with which code and sentence the server ends it."""
        sentence = (await self.hear("end"))["reason"]
        return (await self.hear("close"))["code"], sentence


Script = Callable[[Starlette], Awaitable[None]]


@pytest.fixture
def desk() -> Iterator[LiveDesk]:
    made = LiveDesk(lambda activity, model, at: LiveSession(somebody, activity), LiveLimits(sessions=1, idle_s=0.3))
    yield made
    made.close()


def visit(desk: LiveDesk, script: Script) -> None:
    asyncio.run(_run(script, Starlette(routes=[live_route(lambda: desk)])))


async def _run(script: Script, app: Starlette) -> None:
    await asyncio.wait_for(script(app), 4 * SOON_S)


def test_a_frame_is_answered_with_the_pose_and_now_and_then_a_reading(desk: LiveDesk) -> None:
    async def script(app: Starlette) -> None:
        async with Page(app) as page:
            page.say(hello())
            await page.hear("ready")
            for number in (1, 2):
                page.say(frame(number, number / 30))
                pose = await page.hear("pose")
                assert pose["number"] == number
                assert pose["points"][5] == pytest.approx(somebody(Picture.of_rgb(np.zeros((1, 1, 3), np.uint8)), 0)
                    .xy_px[5] / (640, 480), abs=1e-3)  # fmt: skip
            assert pose["reach"]["both"] == pytest.approx(0.0, abs=0.1)  # somebody stands
            while not desk.n_open:
                await asyncio.sleep(0.01)
            page.say(frame(3, 0.2))
            result = await page.hear("result")
            assert result["count"] == 0
            assert result["cue"]
        assert desk.n_open == 0

    visit(desk, script)


def test_a_camera_stops_when_the_sign_in_of_its_page_is_over(desk: LiveDesk) -> None:
    over = replace(EVERYBODY, owner="https://id.example mia", until_s=time.time() - 1.0)

    async def script(app: Starlette) -> None:
        ASKING.set(over)  # as the door of the routes does before
        async with Page(app) as page:
            page.say(hello())
            await page.hear("ready")
            page.say(frame(1, 0.1))
            assert await page.end() == (4401, "Your sign-in is over; sign in again.")

    visit(desk, script)


def test_a_count_that_changes_between_two_readings_is_told_with_its_frame() -> None:
    """The session counts one for each frame; a reading knows of none of them."""

    class Counting(LiveSession):
        n = 0

        def see(self, picture: Picture, time_s: float) -> Seen:
            self.n += 1
            return replace(super().see(picture, time_s), count=self.n)

        def read(self) -> LiveResult:
            return LiveResult(activity="squat", count=0)

    async def script(app: Starlette) -> None:
        async with Page(app) as page:
            page.say(hello())
            await page.hear("ready")
            counts: list[int] = []
            for number in range(1, 8):
                page.say(frame(number, number / 30))
                await page.hear("pose")
                if number > 1:
                    counts.append((await page.hear("result"))["count"])
            assert counts == [2, 3, 4, 5, 6, 7]

    slow_reading = LiveLimits(read_every_s=60.0)
    made = LiveDesk(lambda activity, model, at: Counting(somebody, activity), slow_reading)
    visit(made, script)
    made.close()


@pytest.mark.parametrize(("tells_turns", "pause_s"), [(False, 0.4), (True, 3.233)])
def test_where_turns_are_told_at_once_readings_take_three_hundredths_of_the_time(
    desk: LiveDesk, tells_turns: bool, pause_s: float
) -> None:
    assert desk.pause_s(0.1, tells_turns=tells_turns) == pytest.approx(pause_s, abs=0.001)


def test_a_slow_reading_is_not_waited_for_longer_than_a_quiet_camera_is(desk: LiveDesk) -> None:
    assert desk.pause_s(0.5, tells_turns=True) == pytest.approx(4.0)


@pytest.mark.parametrize("changes", [False, True])
def test_while_nothing_can_have_changed_there_is_no_other_reading(changes: bool) -> None:
    class Still(LiveSession):
        n_reads = 0

        def may_have_changed(self) -> bool:
            return changes

        def read(self) -> LiveResult:
            Still.n_reads += 1
            return super().read()

    async def script(app: Starlette) -> None:
        async with Page(app) as page:
            page.say(hello())
            await page.hear("ready")
            for number in range(1, 8):
                page.say(frame(number, number / 30))
                await page.hear("pose")
                await asyncio.sleep(0.05)

    made = LiveDesk(lambda activity, model, at: Still(somebody, activity), LiveLimits(read_every_s=0.0))
    visit(made, script)
    made.close()
    assert (Still.n_reads > 1) == changes


def test_the_newest_frame_wins_and_the_others_are_dropped() -> None:
    go_on, looked_at = threading.Event(), []

    def slow(picture: Picture, time_s: float) -> Detection | None:
        looked_at.append(round(time_s))
        go_on.wait(SOON_S)
        return None

    async def script(app: Starlette) -> None:
        async with Page(app) as page:
            page.say(hello())
            await page.hear("ready")
            page.say(frame(1, 1.0))
            while not looked_at:
                await asyncio.sleep(0.01)
            for number in range(2, 21):
                page.say(frame(number, float(number)))
            await asyncio.sleep(0.1)
            go_on.set()
            numbers = [(await page.hear("pose"))["number"] for _ in range(2)]
            assert numbers == [1, 20]

    slow_desk = LiveDesk(lambda activity, model, at: LiveSession(slow, activity))
    visit(slow_desk, script)
    slow_desk.close()
    assert looked_at == [1, 20]


@pytest.mark.parametrize(
    ("first", "code"),
    [
        (lambda: "no json", 4400),
        (lambda: "[]", 4400),
        (lambda: "{}", 4400),
        (lambda: hello(token="1.2.3"), 4401),
        (lambda: hello(token=tokens.issue("upload")), 4401),
        (lambda: hello(token=tokens.issue("live", now_s=0.0)), 4401),
        (lambda: hello(activity="chess"), 4500),
        (lambda: hello(model="m" * 2000), 4400),
        (lambda: hello(at=[0.5]), 4400),
        (lambda: hello(at=[0.5, 1.01]), 4400),
        (lambda: hello(at=[0.5, float("nan")]), 4400),
        (lambda: hello(at=[10**400, 0.5]), 4400),
        (lambda: "[" * 999, 4400),
        (lambda: "[" * 200_000, 4400),
    ],
    ids=[
        "no json",
        "no object",
        "nothing in it",
        "made up",
        "for another door",
        "expired",
        "unknown activity",
        "too long",
        "half a place",
        "beside the picture",
        "no number",
        "too large a number",
        "deep",
        "very deep",
    ],
)
def test_the_first_message_must_be_right(desk: LiveDesk, first: Callable[[], str], code: int) -> None:
    async def script(app: Starlette) -> None:
        async with Page(app) as page:
            page.say(first())
            got, sentence = await page.end()
            assert got == code
            assert sentence

    visit(desk, script)


def test_there_are_no_more_sessions_than_places(desk: LiveDesk) -> None:
    async def script(app: Starlette) -> None:
        async with Page(app) as first:
            first.say(hello())
            await first.hear("ready")
            async with Page(app) as second:
                second.say(hello())
                code, sentence = await second.end()
                assert (code, "1 cameras are live" in sentence) == (4429, True)
        async with Page(app) as third:
            third.say(hello())
            await third.hear("ready")

    visit(desk, script)


def test_no_more_connections_wait_with_a_first_message_than_places(desk: LiveDesk) -> None:
    desk.limits = replace(desk.limits, waiting=1)

    async def script(app: Starlette) -> None:
        async with Page(app):
            while not desk.n_waiting:
                await asyncio.sleep(0.01)
            async with Page(app) as second:
                code, sentence = await second.end()
                assert (code, "try again" in sentence) == (4429, True)
        assert desk.n_waiting == 0

    visit(desk, script)


def test_who_was_pointed_at_is_told_to_the_one_who_follows() -> None:
    asked: list[Place | None] = []

    def noting(activity: str, model: str, at: Place | None) -> LiveSession:
        asked.append(at)
        return LiveSession(somebody, activity)

    async def script(app: Starlette) -> None:
        for at in ([0.25, 1], None):
            async with Page(app) as page:
                page.say(hello(at=at))
                await page.hear("ready")

    noted = LiveDesk(noting)
    visit(noted, script)
    noted.close()
    assert asked == [(0.25, 1.0), None]


def test_who_leaves_while_the_model_is_loaded_gives_the_place_back() -> None:
    loading, loaded = threading.Event(), threading.Event()

    def slow(activity: str, model: str, at: Place | None) -> LiveSession:
        loading.set()
        loaded.wait(SOON_S)
        return LiveSession(somebody, activity)

    async def script(app: Starlette) -> None:
        async with Page(app) as page:
            page.say(hello())
            await asyncio.to_thread(loading.wait, SOON_S)
            assert slow_desk.n_open == 1
        assert slow_desk.n_open == 0
        loaded.set()

    slow_desk = LiveDesk(slow)
    visit(slow_desk, script)
    slow_desk.close()


@pytest.mark.parametrize("turns", range(6))
def test_who_leaves_at_the_moment_in_which_the_model_is_loaded_is_no_fault(
    turns: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Both are known in the same turn of the event loop; which turn that is depends on how threads report."""
    loaded = threading.Event()

    def open_session(activity: str, model: str, at: Place | None) -> LiveSession:
        loaded.set()
        return LiveSession(somebody, activity)

    said: list[Message] = [{"type": "websocket.connect"}, {"type": "websocket.receive", "text": hello()}]

    async def receive() -> Message:
        if said:
            return said.pop(0)
        while not loaded.is_set():
            await asyncio.sleep(0.001)
        time.sleep(0.02)  # the thread ends while the loop stands still
        for _ in range(turns):
            await asyncio.sleep(0)
        return {"type": "websocket.disconnect", "code": 1001}

    async def send(_: Message) -> None:
        return

    opening = LiveDesk(open_session)
    scope = {"type": "websocket", "path": LIVE_URL, "root_path": "", "query_string": b"", "subprotocols": []}
    app = Starlette(routes=[live_route(lambda: opening)])
    asyncio.run(app({**scope, "headers": [(b"host", HOST.encode())]}, receive, send))
    opening.close()
    assert caplog.records == []
    assert opening.n_open == 0


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"\xff" * 700_000, 4413),
        (b"short", 4500),
        (frame(1, 1.0, b"no picture"), 4500),
        ("a text", 4400),
    ],
    ids=["too large", "no header", "no picture", "no frame"],
)
def test_what_is_no_frame_ends_it_with_a_sentence(desk: LiveDesk, message: str | bytes, code: int) -> None:
    async def script(app: Starlette) -> None:
        async with Page(app) as page:
            page.say(hello())
            await page.hear("ready")
            page.say(message)
            assert (await page.end())[0] == code

    visit(desk, script)


def test_more_frames_than_agreed_end_it(desk: LiveDesk) -> None:
    async def script(app: Starlette) -> None:
        async with Page(app) as page:
            page.say(hello())
            await page.hear("ready")
            for number in range(200):
                page.say(frame(number, float(number)))
            assert (await page.end())[0] == 4413

    visit(desk, script)


def test_a_camera_that_sends_nothing_gives_its_place_back(desk: LiveDesk) -> None:
    async def script(app: Starlette) -> None:
        async with Page(app) as page:
            page.say(hello())
            await page.hear("ready")
            assert (await page.end())[0] == 4408
        assert desk.n_open == 0

    visit(desk, script)


@pytest.mark.parametrize("time_s", [1.0, 0.5, float("nan"), float("inf")])
def test_a_frame_whose_time_does_not_go_on_is_passed_over(desk: LiveDesk, time_s: float) -> None:
    async def script(app: Starlette) -> None:
        async with Page(app) as page:
            page.say(hello())
            await page.hear("ready")
            page.say(frame(1, 1.0))
            await page.hear("pose")
            page.say(frame(2, time_s))
            assert (await page.hear("pose"))["points"] is None

    visit(desk, script)


def test_a_model_that_is_missing_is_said() -> None:
    def missing(activity: str, model: str, at: Place | None) -> LiveSession:
        raise ModelError("the model is not on this machine; fetch it")

    async def script(app: Starlette) -> None:
        async with Page(app) as page:
            page.say(hello())
            code, sentence = await page.end()
            assert (code, sentence) == (4500, "the model is not on this machine; fetch it")

    desk = LiveDesk(missing)
    visit(desk, script)
    desk.close()


def points(*numbers: int, xy: float = 200.0) -> bytes:
    """Return frames in which somebody stands, numbered, fifteen a second."""
    made = np.zeros(len(numbers), dtype=RECORD)
    made["number"], made["time_s"], made["wh"] = numbers, np.array(numbers) / 15, (640, 480)
    made["points"] = (xy, xy, 0.9)
    return made.tobytes()


async def go_on(page: Page, *, since: int) -> None:
    for number in itertools.count(since):
        page.say(points(number))
        await asyncio.sleep(0.02)


def test_points_are_heard_in_their_order_and_counted_and_no_network_is_loaded() -> None:
    def no_network(activity: str, model: str, at: Place | None) -> LiveSession:
        raise AssertionError("a network was asked for")

    async def script(app: Starlette) -> None:
        async with Page(app) as page:
            page.say(hello(model=None))
            await page.hear("ready")
            for numbers in ((1,), (2, 3, 4), (5,)):
                page.say(points(*numbers))
            assert [(await page.hear("heard"))["number"] for _ in range(3)] == [1, 4, 5]
            assert made.n_open_for_points == 1
            going_on = asyncio.create_task(go_on(page, since=6))
            result = await page.hear("result")
            going_on.cancel()
            assert (result["activity"], result["count"]) == ("squat", 0)
        assert made.n_open_for_points == 0

    made = LiveDesk(no_network)
    visit(made, script)
    made.close()


def test_points_and_frames_have_places_of_their_own(desk: LiveDesk) -> None:
    desk.limits = replace(desk.limits, sessions=1, point_sessions=1)

    async def script(app: Starlette) -> None:
        async with Page(app) as frames, Page(app) as first, Page(app) as second:
            frames.say(hello())
            await frames.hear("ready")
            first.say(hello(model=None))
            await first.hear("ready")
            second.say(hello(model=None))
            assert (await second.end())[0] == 4429

    visit(desk, script)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"short", 4500),
        (points(1, xy=float("nan")), 4500),
        (frame(1, 1.0), 4500),
        (bytes(220 * 151), 4500),
        ("a text", 4400),
    ],
    ids=["no record", "no number", "a picture", "too many", "no points"],
)
def test_what_is_no_points_ends_it_with_a_sentence(desk: LiveDesk, message: str | bytes, code: int) -> None:
    async def script(app: Starlette) -> None:
        async with Page(app) as page:
            page.say(hello(model=None))
            await page.hear("ready")
            page.say(message)
            got, sentence = await page.end()
            assert got == code
            assert sentence

    visit(desk, script)


def test_more_points_than_a_camera_gives_end_it(desk: LiveDesk) -> None:
    desk.limits = replace(desk.limits, points=10)

    async def script(app: Starlette) -> None:
        async with Page(app) as page:
            page.say(hello(model=None))
            await page.hear("ready")
            for number in range(1, 1000):
                page.say(points(number))
            assert (await page.end())[0] == 4413

    visit(desk, script)


def test_points_that_came_before_are_passed_over(desk: LiveDesk) -> None:
    async def script(app: Starlette) -> None:
        async with Page(app) as page:
            page.say(hello(model=None))
            await page.hear("ready")
            for numbers in ((1, 2, 3), (2, 3, 4)):
                page.say(points(*numbers))
            assert [(await page.hear("heard"))["number"] for _ in range(2)] == [3, 4]

    visit(desk, script)


def stays_named(camera: str) -> str:
    return hello(model=None, camera=camera)


async def named(page: Page) -> tuple[str, int]:
    ready = await page.hear("ready")
    return ready["camera"], ready["number"]


def test_a_camera_whose_connection_breaks_off_goes_on_where_it_was(desk: LiveDesk) -> None:
    async def script(app: Starlette) -> None:
        async with Page(app) as before:
            before.say(stays_named(""))
            camera, number = await named(before)
            assert number == 0
            before.say(points(1, 2, 3))
            await before.hear("heard")
        async with Page(app) as after:
            after.say(stays_named(camera))
            assert await named(after) == (camera, 3)
            after.say(points(3, 4, 5))
            assert (await after.hear("heard"))["number"] == 5

    visit(desk, script)


def test_a_camera_that_comes_back_before_its_connection_is_known_to_be_broken_takes_its_place(desk: LiveDesk) -> None:
    desk.limits = replace(desk.limits, point_sessions=1, idle_s=SOON_S)

    async def script(app: Starlette) -> None:
        async with Page(app) as before, Page(app) as after:
            before.say(stays_named(""))
            camera, _ = await named(before)
            after.say(stays_named(camera))
            assert (await named(after))[0] == camera
            assert desk.n_open_for_points == 1
            after.say(points(1))
            assert (await after.hear("heard"))["number"] == 1

    visit(desk, script)


def test_of_two_pages_that_come_back_with_one_camera_the_last_one_has_it(desk: LiveDesk) -> None:
    desk.limits = replace(desk.limits, idle_s=SOON_S)

    async def script(app: Starlette) -> None:
        async with Page(app) as before, Page(app) as one, Page(app) as other:
            before.say(stays_named(""))
            camera, _ = await named(before)
            for page in (one, other):
                page.say(stays_named(camera))
            assert [(await named(page))[0] for page in (one, other)] == [camera, camera]
            await one.left()
            other.say(points(1))
            assert (await other.hear("heard"))["number"] == 1

    visit(desk, script)


@pytest.mark.parametrize(
    ("change", "code"),
    [({"activity": "lunge"}, 1001), ({"camera": "of somebody else"}, 1001), ({}, 1000)],
    ids=["another activity", "another name", "stopped by its page"],
)
def test_a_camera_that_is_not_waited_for_begins_anew(desk: LiveDesk, change: dict[str, str], code: int) -> None:
    async def script(app: Starlette) -> None:
        async with Page(app, code=code) as before:
            before.say(stays_named(""))
            camera, _ = await named(before)
            before.say(points(1, 2, 3))
            await before.hear("heard")
        async with Page(app) as after:
            after.say(hello(**{"model": None, "camera": camera, **change}))
            name, number = await named(after)
            assert name != camera
            assert number == 0

    visit(desk, script)


def test_a_camera_is_waited_for_so_long_and_not_longer(desk: LiveDesk) -> None:
    async def script(app: Starlette) -> None:
        for kept_s, number in ((60.0, 1), (0.0, 0)):
            desk.limits = replace(desk.limits, kept_s=kept_s)
            async with Page(app) as before:
                before.say(stays_named(""))
                camera, _ = await named(before)
                before.say(points(1))
                await before.hear("heard")
            async with Page(app) as after:
                after.say(stays_named(camera))
                assert (await named(after))[1] == number

    visit(desk, script)


def test_of_cameras_that_are_away_the_last_ones_are_waited_for(desk: LiveDesk) -> None:
    desk.limits = replace(desk.limits, point_sessions=1)

    async def script(app: Starlette) -> None:
        names = []
        for _ in range(2):
            async with Page(app) as page:
                page.say(stays_named(""))
                names.append((await named(page))[0])
        for camera, is_known in ((names[0], False), (names[1], True)):
            async with Page(app, code=1000) as page:
                page.say(stays_named(camera))
                assert ((await named(page))[0] == camera) == is_known

    visit(desk, script)


def test_somebody_else_who_knows_the_name_of_a_camera_does_not_get_it(desk: LiveDesk) -> None:
    async def script(app: Starlette) -> None:
        async with Page(app) as mine:
            mine.say(stays_named(""))
            camera, _ = await named(mine)
        asking = ASKING.set(replace(EVERYBODY, owner="https://issuer.test ben"))
        async with Page(app) as theirs:
            theirs.say(stays_named(camera))
            assert (await named(theirs))[0] != camera
        ASKING.reset(asking)

    visit(desk, script)


def squats(reps: int) -> NDArray[np.void]:
    """Return the points of squats, a record a frame."""
    track = squatter(reps=reps, tempo_s=1.5, fps=15.0)
    made = np.zeros(len(track), dtype=RECORD)
    made["number"], made["time_s"] = np.arange(1, len(track) + 1), track.time_s
    made["wh"], made["points"] = track.image_wh, np.concatenate([track.xy_px, track.score[..., np.newaxis]], axis=2)
    return made


async def stand(page: Page, last: NDArray[np.void]) -> None:
    """Send the last frame again and again, fifteen a second, quicker than that."""
    for i in itertools.count(1):
        made = last.copy()
        made["number"] += i
        made["time_s"] += i / 15
        page.say(made.tobytes())
        await asyncio.sleep(0.02)


def test_what_is_sent_at_once_after_a_broken_connection_is_counted_as_if_it_had_come_frame_by_frame() -> None:
    """A reading knows half a minute; here more comes at once."""
    records = squats(16)

    async def script(app: Starlette) -> None:
        async with Page(app) as page:
            page.say(stays_named(""))
            await page.hear("ready")
            for first in range(0, len(records), 150):
                page.say(records[first : first + 150].tobytes())
            standing_on = asyncio.create_task(stand(page, records[-1:]))
            counts = [0]
            while counts[-1] < 16:
                counts.append((await page.hear("result"))["count"])
            standing_on.cancel()
        assert counts[-1] == 16
        assert counts == sorted(counts)

    desk = LiveDesk(lambda activity, model, at: LiveSession(somebody, activity))
    visit(desk, script)
    desk.close()
