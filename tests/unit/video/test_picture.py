"""Pictures as planes: the part that is cut out looks as if the whole picture had been converted and turned first."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from av.video.reformatter import ColorRange, Colorspace

from gaitlab.records import Picture, UInt8Array
from gaitlab.video.picture import ColorMatrix, jpeg_of, resampled, rgb_from_yuv, shrunk, upright_rgb

SPACES: dict[ColorMatrix, Colorspace] = {"bt601": Colorspace.ITU601, "bt709": Colorspace.ITU709}


def scene(wh: tuple[int, int]) -> UInt8Array:
    """Return soft coloured blobs without any symmetry."""
    coarse = np.random.default_rng(4).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, wh, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def stored(rgb: UInt8Array, *, pixels: str, matrix: ColorMatrix, full: bool) -> av.VideoFrame:
    """Return a picture as a decoder would give it."""
    return av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(
        format=pixels,
        dst_colorspace=SPACES[matrix],
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.JPEG if full else ColorRange.MPEG,
    )


def as_planes(
    frame: av.VideoFrame, *, matrix: ColorMatrix, full: bool, turn: int = 0, mirrored: bool = False
) -> Picture:
    planes = tuple(
        np.frombuffer(memoryview(plane), dtype=np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
        for plane in frame.planes
    )
    wh = (frame.width, frame.height) if turn in (0, 180) else (frame.height, frame.width)
    return Picture(
        planes=planes,
        wh=wh,
        rgb_from_yuv=rgb_from_yuv(matrix, full_range=full),
        rotation_deg=turn,
        is_mirrored=mirrored,
    )


def upright(rgb: UInt8Array, *, turn: int, mirrored: bool) -> UInt8Array:
    flipped = rgb[:, ::-1] if mirrored else rgb
    return np.ascontiguousarray(np.rot90(flipped, -turn // 90))


@pytest.mark.parametrize("matrix", SPACES)
@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("pixels", ["yuv420p", "yuv422p", "yuv444p"])
@pytest.mark.parametrize(("wh", "tolerance"), [((320, 240), 1.2), ((321, 181), 3.0)])
def test_a_cut_of_the_planes_is_a_cut_of_the_converted_picture(
    matrix: ColorMatrix, full: bool, pixels: str, wh: tuple[int, int], tolerance: float
) -> None:
    """The test's own encoder stretches the colour planes of odd sizes by half a pixel: hence their tolerance."""
    rgb = scene(wh)
    picture = as_planes(stored(rgb, pixels=pixels, matrix=matrix, full=full), matrix=matrix, full=full)
    for region in [(30.3, 20.7, 100.0, 100.0), (-40.0, -60.0, 400.0, 400.0), (5.5, 5.5, 48.0, 48.0)]:
        expected = resampled(Picture.of_rgb(rgb), region, wh=(64, 64)).astype(int)
        error = np.abs(resampled(picture, region, wh=(64, 64)) - expected)
        assert error.mean() < tolerance


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_cut_is_upright(turn: int, mirrored: bool) -> None:
    rgb = scene((320, 180))
    frame = stored(rgb, pixels="yuv420p", matrix="bt709", full=False)
    picture = as_planes(frame, matrix="bt709", full=False, turn=turn, mirrored=mirrored)
    region = (20.3, 30.7, 90.0, 90.0)
    expected = resampled(Picture.of_rgb(upright(rgb, turn=turn, mirrored=mirrored)), region, wh=(64, 64)).astype(int)
    assert np.abs(resampled(picture, region, wh=(64, 64)) - expected).mean() < 1


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_whole_turned_rgb_picture_keeps_every_pixel(turn: int) -> None:
    rgb = np.random.default_rng(1).integers(0, 256, (31, 46, 3), dtype=np.uint8)
    wh = (46, 31) if turn in (0, 180) else (31, 46)
    picture = Picture(planes=(rgb,), wh=wh, rotation_deg=turn)
    np.testing.assert_array_equal(upright_rgb(picture), np.rot90(rgb, -turn // 90))


def test_pixels_that_are_not_square_are_made_square() -> None:
    """A circle stored at half its width comes out as a circle."""
    circle = np.zeros((100, 50, 3), dtype=np.uint8)
    cv2.ellipse(circle, (25, 50), (15, 30), 0, 0, 360, (255, 255, 255), -1)
    light = upright_rgb(Picture(planes=(circle,), wh=(100, 100)))[..., 0] > 127
    assert np.ptp(np.flatnonzero(light.any(axis=0))) == pytest.approx(np.ptp(np.flatnonzero(light.any(axis=1))), abs=2)


@pytest.mark.parametrize("full", [False, True])
def test_outside_the_picture_is_black(full: bool) -> None:
    frame = stored(np.full((40, 60, 3), 255, dtype=np.uint8), pixels="yuv420p", matrix="bt601", full=full)
    picture = as_planes(frame, matrix="bt601", full=full)
    assert resampled(picture, (-500.0, 0.0, 40.0, 40.0), wh=(16, 16)).max() == 0
    cut = resampled(picture, (-40.0, 0.0, 80.0, 40.0), wh=(80, 40))
    assert cut[:, :39].max() == 0
    assert cut[2:-2, 42:].min() >= 252


@pytest.mark.parametrize(
    ("matrix", "full", "yuv", "rgb"),
    [
        ("bt709", False, (235, 128, 128), (255, 255, 255)),
        ("bt709", False, (16, 128, 128), (0, 0, 0)),
        ("bt709", False, (63, 102, 240), (255, 0, 0)),
        ("bt601", False, (81, 90, 240), (255, 0, 0)),
        ("bt601", True, (150, 44, 21), (0, 255, 0)),
    ],
)
def test_the_standards_own_colours(matrix: ColorMatrix, full: bool, yuv: tuple[int, ...], rgb: tuple[int, ...]) -> None:
    got = rgb_from_yuv(matrix, full_range=full) @ [*yuv, 1]
    np.testing.assert_allclose(got, rgb, atol=2)


def test_planes_without_a_matrix_are_refused() -> None:
    plane = np.zeros((4, 4), dtype=np.uint8)
    with pytest.raises(ValueError, match="matrix"):
        Picture(planes=(plane, plane, plane), wh=(4, 4))


TASKS = Path("/proc/self/task")
COUNT_THREADS = """
import os, cv2, numpy as np
from gaitlab.video.picture import resampled, rgb_from_yuv, stay_on_calling_thread
from gaitlab.records import Picture
cv2.setNumThreads(4)
stay_on_calling_thread()
planes = tuple(np.zeros(shape, dtype=np.uint8) for shape in [(1080, 1920), (540, 960), (540, 960)])
picture = Picture(planes=planes, wh=(1920, 1080), rgb_from_yuv=rgb_from_yuv("bt709", full_range=False))
before = len(os.listdir("/proc/self/task"))
for side in (200.0, 900.0, 1920.0):
    resampled(picture, (10.3, 20.2, side, side), wh=(256, 256))
print(len(os.listdir("/proc/self/task")) - before)
"""


@pytest.mark.skipif(not TASKS.exists(), reason="threads are counted in /proc")
def test_a_cut_starts_no_threads_of_its_own() -> None:
    """They would take the processor from the networks."""
    done = subprocess.run([sys.executable, "-c", COUNT_THREADS], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"


@pytest.mark.parametrize("times", [3, 5])
def test_each_pixel_of_a_shrunk_picture_is_the_mean_of_its_block(times: int) -> None:
    """The last blocks are made whole with the pixels at the edge."""
    rgb = np.random.default_rng(times).integers(0, 256, (46, 64, 3), dtype=np.uint8)
    high, wide = -(-46 // times), -(-64 // times)
    whole = np.pad(rgb, ((0, high * times - 46), (0, wide * times - 64), (0, 0)), mode="edge")
    means = whole.reshape(high, times, wide, times, 3).mean(axis=(1, 3))
    (plane,) = shrunk(Picture(planes=(rgb,), wh=(64, 46)), side_px=round(64 / times)).planes
    assert np.array_equal(plane, np.rint(means))


@pytest.mark.parametrize(("rotation_deg", "wh"), [(0, (80, 60)), (90, (60, 80))])
def test_a_jpeg_is_upright_in_its_true_colours_and_no_larger_than_asked_for(
    rotation_deg: int, wh: tuple[int, int]
) -> None:
    upright_wh = (wh[0] * 2, wh[1] * 2)
    picture = Picture(planes=(scene((160, 120)),), wh=upright_wh, rotation_deg=rotation_deg)
    decoded = cv2.imdecode(np.frombuffer(jpeg_of(picture, side_max_px=80), dtype=np.uint8), cv2.IMREAD_COLOR_RGB)
    assert decoded is not None
    expected = upright_rgb(picture, wh=wh)
    assert decoded.shape == expected.shape
    assert np.abs(decoded.astype(int) - expected).mean() < 3


def test_a_region_turned_clockwise_has_the_pictures_right_side_on_top() -> None:
    rgb = scene((64, 64))
    turned = resampled(Picture.of_rgb(rgb), (0.0, 0.0, 64.0, 64.0), wh=(64, 64), clockwise_deg=90.0)
    np.testing.assert_allclose(turned, np.rot90(rgb), atol=1)
