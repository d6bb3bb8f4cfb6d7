"""A camera that is a file: what Chromium's ``--use-file-for-fake-video-capture`` plays, again and again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
from playwright.sync_api import Browser, Page, Playwright

from gaitlab.records import UInt8Array
from gaitlab.video import frames
from gaitlab.video.picture import upright_rgb
from tests.browser.conftest import CHROMIUM_FLAGS

__all__ = ["browser_with_camera", "film_for_camera", "page_with_camera", "somebody_standing"]

_FPS = 30  # Chromium plays MJPEG at this rate, whatever the file says


def film_for_camera(
    clip: Path,
    target: Path,
    *,
    wh: tuple[int, int],
    from_s: float = 0.0,
    to_s: float = float("inf"),
    before_s: float = 0.0,
    still_s: float = 0.0,
) -> Path:
    """Write a part of a clip as MJPEG, 30 frames per second; it stands still before the part and after it.

    A file of this kind is one JPEG after the other, so that a picture that is shown again is coded once.
    """
    coder = av.CodecContext.create("mjpeg", "w")
    assert isinstance(coder, av.VideoCodecContext)
    coder.width, coder.height, coder.pix_fmt = *wh, "yuvj420p"
    coder.options, coder.time_base = {"qmin": "3", "qmax": "5"}, Fraction(1, _FPS)
    shown, jpeg = None, b""
    with target.open("wb") as film:
        for number, rgb in enumerate(_evenly(clip, wh, from_s - before_s, (from_s, to_s), still_s)):
            if rgb is not shown:
                picture = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(format="yuvj420p")
                picture.pts, picture.time_base = number, Fraction(1, _FPS)
                shown, jpeg = rgb, b"".join(bytes(packet) for packet in coder.encode(picture))
            film.write(jpeg)
    return target


@contextmanager
def somebody_standing(playwright: Playwright, chromium: Path, shared_data: Path, folder: Path) -> Iterator[Browser]:
    """Start Chromium with somebody who stands before its camera."""
    clip = shared_data / "exercise" / "posetest__squat1.mp4"
    browser = browser_with_camera(
        playwright, chromium, film_for_camera(clip, folder / "standing.mjpeg", wh=(640, 360), to_s=1.0)
    )
    yield browser
    browser.close()


def _evenly(
    clip: Path, wh: tuple[int, int], start_s: float, part_s: tuple[float, float], still_s: float
) -> Iterator[UInt8Array]:
    n, rgb = 0, None
    for frame in frames(clip):
        if not part_s[0] <= frame.time_s <= part_s[1]:
            continue
        rgb = upright_rgb(frame.picture, wh=wh)
        while n <= (frame.time_s - start_s) * _FPS:
            yield rgb
            n += 1
    assert rgb is not None
    for _ in range(round(still_s * _FPS)):
        yield rgb


def _flags(film: Path) -> list[str]:
    return [
        *CHROMIUM_FLAGS,
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]


def browser_with_camera(playwright: Playwright, chromium: Path, film: Path) -> Browser:
    """Start Chromium with the film as its only camera, which every page may use."""
    return playwright.chromium.launch(executable_path=str(chromium), args=_flags(film))


@contextmanager
def page_with_camera(playwright: Playwright, chromium: Path, film: Path, profile: Path) -> Iterator[Page]:
    """Open a page as a user has it: with a profile on the disk, not in memory as the pages of the tests."""
    context = playwright.chromium.launch_persistent_context(
        str(profile), executable_path=str(chromium), args=_flags(film), viewport={"width": 1280, "height": 900}
    )
    try:
        yield context.new_page()
    finally:
        context.close()
