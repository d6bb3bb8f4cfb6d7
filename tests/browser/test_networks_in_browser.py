"""The networks that browsers run say what the server's networks say, of pictures of real clips."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

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

pytestmark = [pytest.mark.browser, pytest.mark.accuracy]

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


@pytest.fixture
def blank(browser: Browser) -> Iterator[Page]:
    """Open a page of GaitLab's own routes, on which nothing is."""
    with served_routes() as address, watched_context(browser, base_url=address) as context:
        page = context.new_page()
        page.route(
            "**/blank", lambda route: route.fulfill(status=200, content_type="text/html", body="<p>Nothing.</p>")
        )
        page.goto("/blank")
        yield page


def seen_by_server(name: str, pictures: list[UInt8Array]) -> list[Detection | None]:
    found = find_model(name)
    assert found is not None
    with closing(NetworkPool([load_pose_model(found.path, threads=1)])) as pool:
        return [Follower(pool).follow(Picture.of_rgb(rgb), 0.0) for rgb in pictures]


@pytest.mark.usefixtures("web_networks")
@pytest.mark.parametrize(
    ("web", "of_server"),
    [("movenet-lightning-web", "movenet-lightning-fp16"), ("movenet-thunder-web", "movenet-thunder-fp16")],
)
def test_ten_frames_of_real_clips_have_the_same_keypoints_in_the_browser(
    web: str, of_server: str, pictures: list[UInt8Array], blank: Page, tmp_path: Path
) -> None:
    networks = networks_for_browsers()
    assert networks is not None
    networks["networks"] = [one for one in networks["networks"] if one["name"] == web]
    written = []
    for i, rgb in enumerate(pictures):
        write_picture(rgb, tmp_path / f"{i}.png")
        written.append(base64.b64encode((tmp_path / f"{i}.png").read_bytes()).decode())
    answer = blank.evaluate(LOOK, {"networks": networks, "pictures": written})
    assert answer["loaded"]["kind"] == "loaded", answer["loaded"]

    off = []
    for rgb, pose, expected in zip(pictures, answer["poses"], seen_by_server(of_server, pictures), strict=True):
        assert (pose["detection"] is None) == (expected is None)
        if expected is not None:
            sure = expected.score >= SURE
            assert sure.sum() >= 8
            apart = np.abs(np.array(pose["detection"]["xy"]) - expected.xy_px)[sure].max(axis=1) / max(rgb.shape)
            off.append(apart.max())
    assert len(off) >= 9
    assert max(off) <= WITHIN
