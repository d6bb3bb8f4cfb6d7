"""The networks that browsers run say what the server's networks say, of pictures of real clips."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, Route

from gaitlab.live import Follower
from gaitlab.pose.detection import Detection
from gaitlab.pose.network_pool import NetworkPool
from gaitlab.pose.networks.load import load_pose_model
from gaitlab.pose.weights.resolve import find_model
from gaitlab.records import Picture, UInt8Array
from gaitlab.ui.live.networks import networks_for_browsers
from gaitlab.video import frames
from gaitlab.video.picture import upright_rgb
from gaitlab.video.stills import write_picture
from tests.browser.conftest import watched_context
from tests.served_routes import served_routes

pytestmark = [pytest.mark.browser, pytest.mark.accuracy, pytest.mark.usefixtures("web_networks")]

#: Clip, and the frame of it in which somebody moves.
FRAMES = {
    "exercise/posetest__squat1.mp4": 120,
    "exercise/aitrainer__curls1.mp4": 60,
    "exercise/mrpose__squat.mp4": 45,
    "exercise/jj_webcam.mp4": 30,
    "exercise/lunges_first_2.mp4": 40,
    "exercise/jacks_front_6.mp4": 50,
    "exercise/dollarpy__pushup5.mp4": 30,
    "gait/walking-gait-as__walk.mp4": 60,
    "gait/jacky__run.mp4": 40,
    "gait/biomech-of-gait_normal_01.mp4": 60,
}
WITHIN = 0.01  # of the picture's longer side
SURE = 0.3
SIDE_PX = 640  # as cameras give it
#: What runs a network on four cores where these files of the libraries are broken.
LEFT_WITHOUT = {
    "WebAssembly": ["litert_wasm_threaded_internal.wasm"],
    "WebAssembly with 2 threads": ["litert_wasm_internal.wasm"],
    "older WebAssembly": ["litert.js", "tfjs-backend-wasm-threaded-simd.wasm"],
    "older WebAssembly with 2 threads": ["litert.js", "tfjs-backend-wasm-simd.wasm"],
}
LOOK = """async ({ networks, pictures }) => {
    const worker = new Worker(networks.worker);
    const heard = () => new Promise((resolve) => { worker.onmessage = ({ data }) => resolve(data); });
    const told = heard();
    worker.postMessage({ kind: "load", networks });
    const loaded = await told;
    const poses = [];
    for (const picture of pictures) {
        const bytes = Uint8Array.from(atob(picture), (one) => one.charCodeAt(0));
        const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
        worker.postMessage({ kind: "start" });
        const pose = heard();
        worker.postMessage({ kind: "frame", picture: bitmap, takenMs: 0 }, [bitmap]);
        poses.push(await pose);
    }
    worker.terminate();
    return { loaded, poses };
}"""


@pytest.fixture(scope="module")
def pictures(shared_data: Path) -> list[UInt8Array]:
    """Return one frame of each clip, as large as a camera's."""
    found = []
    for name, number in FRAMES.items():
        (frame,) = islice(frames(shared_data / name), number, number + 1)
        scale = min(1.0, SIDE_PX / max(frame.picture.wh))
        wide, high = (round(side * scale) for side in frame.picture.wh)
        found.append(upright_rgb(frame.picture, wh=(wide, high)))
    return found


def nothing(route: Route) -> None:
    """Answer as the server does, with its headers, and with a page on which nothing is."""
    route.fulfill(response=route.fetch(), status=200, content_type="text/html", body="<p>Nothing.</p>")


def with_four_cores(route: Route) -> None:
    """Answer with the worker's script on a computer that has, as it says, four cores."""
    answer = route.fetch()
    cores = "Object.defineProperty(navigator, 'hardwareConcurrency', { value: 4 });"
    route.fulfill(response=answer, body=cores + answer.text())


@pytest.fixture
def blank(browser: Browser) -> Iterator[Page]:
    """Open a page of GaitLab's own routes, on which nothing is, on a computer with four cores."""
    with served_routes() as address, watched_context(browser, base_url=address) as context:
        page = context.new_page()
        page.route("**/blank", nothing)
        page.route("**/worker.js?*", with_four_cores)
        page.goto("/blank")
        yield page


def networks_of(name: str, *, broken: Iterable[str]) -> dict[str, Any]:
    """Return the data for the worker, of one network; some files of the libraries are broken."""
    networks = networks_for_browsers()
    assert networks is not None
    (network,) = (one for one in networks["networks"] if one["name"] == f"movenet-{name}-web")
    runtime = networks["runtime"] | dict.fromkeys(broken, network["check"])
    return {**networks, "networks": [network], "runtime": runtime}


def seen_by_server(name: str, pictures: list[UInt8Array]) -> list[Detection | None]:
    found = find_model(name)
    assert found is not None
    with closing(NetworkPool([load_pose_model(found.path, threads=1)])) as pool:
        return [Follower(pool).follow(Picture.of_rgb(rgb), 0.0) for rgb in pictures]


@pytest.mark.parametrize("backend", LEFT_WITHOUT)
@pytest.mark.parametrize("name", ["lightning", "thunder"])
def test_ten_frames_of_real_clips_have_the_same_keypoints_in_the_browser(
    name: str, backend: str, pictures: list[UInt8Array], blank: Page, tmp_path: Path
) -> None:
    written = []
    for i, rgb in enumerate(pictures):
        write_picture(rgb, tmp_path / f"{i}.png")
        written.append(base64.b64encode((tmp_path / f"{i}.png").read_bytes()).decode())
    networks = networks_of(name, broken=LEFT_WITHOUT[backend])
    answer = blank.evaluate(LOOK, {"networks": networks, "pictures": written})
    assert answer["loaded"]["kind"] == "loaded", answer["loaded"]
    assert answer["loaded"]["backend"] == backend

    off = []
    for rgb, pose, expected in zip(
        pictures, answer["poses"], seen_by_server(f"movenet-{name}-fp16", pictures), strict=True
    ):
        assert (pose["detection"] is None) == (expected is None)
        if expected is not None:
            sure = expected.score >= SURE
            assert sure.sum() >= 8
            apart = np.abs(np.array(pose["detection"]["xy"]) - expected.xy_px)[sure].max(axis=1) / max(rgb.shape)
            off.append(apart.max())
    assert len(off) >= 9
    assert max(off) <= WITHIN


def test_a_page_that_is_not_kept_apart_has_no_threads(blank: Page) -> None:
    blank.route("**/blank", lambda route: route.fulfill(status=200, content_type="text/html", body="<p>Nothing.</p>"))
    blank.goto("/blank")
    networks = networks_of("lightning", broken=["litert_wasm_internal.wasm", "tfjs-backend-wasm-simd.wasm"])
    loaded = blank.evaluate(LOOK, {"networks": networks, "pictures": []})["loaded"]
    assert loaded == {"kind": "unable", "reason": "this browser cannot run the pose network"}
