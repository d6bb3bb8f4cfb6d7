"""Cutting a square: where pixels land, what is black, what is averaged."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from gaitlab.pose.crop import CropSquare, full_square
from gaitlab.pose.network_pool import cut_box
from gaitlab.records import FloatArray, Picture, UInt8Array
from gaitlab.video.picture import shrunk


def square(left: float, top: float, side: float) -> CropSquare:
    return CropSquare(left_px=left, top_px=top, side_px=side)


def cut_square(picture: Picture, cut: CropSquare, *, size_px: int) -> UInt8Array:
    wh = (size_px, size_px)
    return cut_box(picture, cut.box(wh), wh=wh)


def centre_of_light(picture: UInt8Array) -> FloatArray:
    """Return the centre of brightness as (x, y) in pixels; the first pixel reaches from 0 to 1."""
    light = picture[..., 0].astype(np.float64)
    rows, columns = np.indices(light.shape) + 0.5
    return np.asarray([(light * columns).sum() / light.sum(), (light * rows).sum() / light.sum()])


def dark_with_light(x: float, y: float, *, wh: tuple[int, int] = (200, 160), width_px: float = 5.0) -> UInt8Array:
    """Return a picture with a soft round light at (x, y)."""
    rows, columns = np.indices((wh[1], wh[0])) + 0.5
    light = 255 * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * width_px**2))
    return np.repeat(light[..., np.newaxis], 3, axis=2).round().astype(np.uint8)


def test_a_square_of_the_models_size_is_cut_unchanged() -> None:
    rgb = np.random.default_rng(1).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    np.testing.assert_array_equal(cut_square(Picture.of_rgb(rgb), square(20, 10, 32), size_px=32), rgb[10:42, 20:52])


@pytest.mark.parametrize("side", [50.0, 64.0, 90.0, 128.0, 300.0])
def test_a_light_lands_where_the_square_says(side: float) -> None:
    cut = square(100.3 - side / 2, 82.0 - side / 2, side)
    picture = cut_square(Picture.of_rgb(dark_with_light(97.0, 80.0)), cut, size_px=32)
    found_px = cut.box((32, 32)).to_source(centre_of_light(picture) / 32)
    np.testing.assert_allclose(found_px, [97.0, 80.0], atol=0.03 * side / 32)


def test_a_square_between_pixels_is_cut_to_the_fraction() -> None:
    ramp = np.repeat(np.arange(0, 200, 2, dtype=np.uint8)[np.newaxis, :, np.newaxis], 100, axis=0).repeat(3, axis=2)
    picture = cut_square(Picture.of_rgb(ramp), square(20.5, 30.0, 32.0), size_px=32)
    # Brightness is 2 a pixel: the first pixel lies half way between 40 and 42.
    assert picture[5, :4, 0].tolist() == [41, 43, 45, 47]


def test_what_lies_outside_the_picture_is_black() -> None:
    white = np.full((100, 200, 3), 255, dtype=np.uint8)
    picture = cut_square(Picture.of_rgb(white), full_square((200, 100)), size_px=40)
    # A band of a quarter of the height above and below.
    assert picture[:9].max() == 0
    assert picture[31:].max() == 0
    assert picture[11:29, 1:-1].min() == 255


def test_a_square_wholly_outside_is_black() -> None:
    white = np.full((100, 200, 3), 255, dtype=np.uint8)
    assert cut_square(Picture.of_rgb(white), square(-500, -500, 50), size_px=16).max() == 0


@pytest.mark.parametrize("column", range(100, 108))
def test_a_thin_line_does_not_fall_between_the_pixels_of_a_shrunken_picture(column: int) -> None:
    line = np.zeros((256, 256, 3), dtype=np.uint8)
    line[:, column] = 240
    # Eight columns become one: 30 of 240 on average, nothing where pixels are skipped.
    assert cut_square(Picture.of_rgb(line), square(0, 0, 256), size_px=32)[16, :, 0].max() >= 10


def test_colours_keep_their_order() -> None:
    red = np.zeros((50, 50, 3), dtype=np.uint8)
    red[..., 0] = 250
    assert cut_square(Picture.of_rgb(red), square(5, 5, 40), size_px=16)[8, 8].tolist() == [250, 0, 0]


@pytest.mark.parametrize("degrees", [0, 90])
def test_a_shrunk_picture_shows_the_same_at_the_same_place(degrees: int) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (400, 600, 3), dtype=np.uint8)
    rgb = np.asarray(cv2.GaussianBlur(noise, (0, 0), 12), dtype=np.uint8)
    whole = replace(Picture.of_rgb(rgb), rotation_deg=degrees, wh=(600, 400) if degrees == 0 else (400, 600))
    small = shrunk(whole, side_px=300)
    assert (small.wh, small.planes[0].shape) == (whole.wh, (200, 300, 3))
    cuts = [cut_square(picture, square(60.0, 40.0, 250.0), size_px=64).astype(int) for picture in (whole, small)]
    assert np.abs(cuts[0] - cuts[1]).max() <= 3


def test_a_small_picture_is_not_shrunk() -> None:
    picture = Picture.of_rgb(np.zeros((400, 600, 3), dtype=np.uint8))
    assert shrunk(picture, side_px=500) is picture
