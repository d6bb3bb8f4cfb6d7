"""Heads are hidden where they are, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gaitlab.errors import UsageError
from gaitlab.records import FloatArray, Frame, Picture, PoseTrack
from gaitlab.records.skeleton import Keypoint
from gaitlab.video import frames
from gaitlab.video.faces import blur_head, head_circles, passing_head_circles
from gaitlab.video.overlay import write_blurred_copy, write_overlay
from gaitlab.video.picture import upright_rgb
from tests.app.builders_ui import TIME_S, WH, moving_track


def noise(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (WH[1], WH[0], 3)).astype(np.uint8)


def around_nose(rgb: np.ndarray, track: PoseTrack, *, row: int, reach_px: int = 12) -> np.ndarray:
    x, y = track.xy_px[row, Keypoint.NOSE].round().astype(int)
    return rgb[y - reach_px : y + reach_px, x - reach_px : x + reach_px]


def detail(rgb: np.ndarray) -> float:
    """Mean difference of neighbouring pixels: what a face is recognised by."""
    return float(np.abs(np.diff(rgb.astype(np.float64), axis=1)).mean())


def test_a_blurred_head_has_no_detail_left_and_the_rest_keeps_every_pixel() -> None:
    rgb, track = noise(), moving_track()
    before = rgb.copy()
    x, y, radius = head_circles(track)[0]
    blur_head(rgb, head_circles(track)[0])
    assert detail(around_nose(rgb, track, row=0)) < 0.05 * detail(around_nose(before, track, row=0))
    rows, columns = np.indices(rgb.shape[:2])
    outside = np.hypot(columns - x, rows - y) > radius
    np.testing.assert_array_equal(rgb[outside], before[outside])


@pytest.mark.parametrize("center", [(0.0, 0.0), (WH[0] - 1.0, WH[1] - 1.0), (-500.0, 20.0)])
def test_a_head_at_or_beyond_the_edge_of_the_picture_is_no_error(center: tuple[float, float]) -> None:
    blur_head(noise(), np.array([*center, 30.0]))


def test_the_circle_reaches_from_shoulder_height_to_above_the_eyes() -> None:
    track = moving_track()
    _, y, radius = head_circles(track)[0]
    assert y + radius > 55  # the chin is half-way from the nose (40) to the shoulders (70)
    assert y - radius < 36 - 10  # the crown is above the eyes (36)


def test_a_head_out_of_sight_is_taken_where_it_was_last_seen_with_more_room() -> None:
    track = moving_track()
    xy_px = track.xy_px.copy()
    xy_px[100:110, : Keypoint.LEFT_SHOULDER] = np.nan
    circles = head_circles(PoseTrack(time_s=TIME_S, xy_px=xy_px, score=track.score, image_wh=WH))
    assert np.isfinite(circles).all()
    np.testing.assert_allclose(circles[102, :2], circles[99, :2])
    assert circles[102, 2] == pytest.approx(2 * circles[99, 2])


def test_a_head_never_seen_is_refused_instead_of_shown() -> None:
    xy_px = moving_track().xy_px.copy()
    xy_px[:, : Keypoint.LEFT_SHOULDER] = np.nan
    with pytest.raises(UsageError, match="head was never found"):
        head_circles(PoseTrack(time_s=TIME_S, xy_px=xy_px, score=moving_track().score, image_wh=WH))


def flickering(time_s: FloatArray, *, wh: tuple[int, int] = WH) -> list[Frame]:
    """Pictures with stripes, which survive the encoder."""
    rgb = np.zeros((wh[1], wh[0], 3), dtype=np.uint8)
    rgb[:, (np.arange(wh[0]) // 4) % 2 == 0] = 255
    return [Frame(index=i, time_s=float(t), picture=Picture.of_rgb(rgb)) for i, t in enumerate(time_s)]


def test_the_annotated_clip_hides_the_head_in_every_frame(tmp_path: Path) -> None:
    track = moving_track()
    open_clip, hidden_clip = tmp_path / "open.mp4", tmp_path / "hidden.mp4"
    write_overlay(flickering(TIME_S), track, open_clip)
    write_overlay(flickering(TIME_S), track, hidden_clip, hidden_in=track)
    for shown, hidden in zip(frames(open_clip), frames(hidden_clip), strict=True):
        before = detail(around_nose(upright_rgb(shown.picture), track, row=shown.index))
        after = detail(around_nose(upright_rgb(hidden.picture), track, row=shown.index))
        assert after < 0.5 * before  # the skeleton is drawn over it: its lines remain


def test_a_kept_clip_of_half_the_size_is_hidden_at_the_right_place(tmp_path: Path) -> None:
    track = moving_track()
    half = (WH[0] // 2, WH[1] // 2)
    kept, copy = tmp_path / "kept.mp4", tmp_path / "copy.mp4"
    write_overlay(flickering(TIME_S[:10], wh=half), track, kept)
    write_blurred_copy(frames(kept), track, copy)
    picture = upright_rgb(next(iter(frames(copy))).picture)
    x, y = (track.xy_px[0, Keypoint.NOSE] / 2).round().astype(int)
    assert detail(picture[y - 4 : y + 4, x - 4 : x + 4]) < 10
    assert detail(picture[80:100, 20:60]) > 40


def seen_from_to(first_s: float, last_s: float, *, dx_px: float = 0.0) -> PoseTrack:
    """Return somebody who stands beside and is seen for a while."""
    track = moving_track()
    xy_px = track.xy_px + np.array([dx_px, 0.0])
    xy_px[(first_s > TIME_S) | (last_s < TIME_S)] = np.nan
    return PoseTrack(time_s=TIME_S, xy_px=xy_px, score=track.score, image_wh=WH)


def test_who_passes_by_is_hidden_from_a_second_before_to_a_second_after_they_are_seen() -> None:
    first_s, last_s = float(TIME_S[40]), float(TIME_S[60])
    hidden_s = TIME_S[np.isfinite(passing_head_circles(seen_from_to(first_s, last_s))).all(axis=1)]
    assert hidden_s[0] == TIME_S[first_s - 1.0 <= TIME_S][0]
    assert hidden_s[-1] == TIME_S[last_s + 1.0 >= TIME_S][-1]
    assert len(hidden_s) < len(TIME_S)


def test_somebody_whose_head_is_never_seen_hides_nothing() -> None:
    rgb = noise()
    circles = passing_head_circles(seen_from_to(1e9, 1e9))
    assert np.isnan(circles).all()
    blur_head(rgb, circles[0])
    np.testing.assert_array_equal(rgb, noise())


def test_the_copy_hides_the_heads_of_all_others_too(tmp_path: Path) -> None:
    track, other = moving_track(), seen_from_to(0.0, 1e9, dx_px=60.0)
    kept, copy = tmp_path / "kept.mp4", tmp_path / "copy.mp4"
    write_overlay(flickering(TIME_S[:5]), track, kept)
    write_blurred_copy(frames(kept), track, copy, others=[other])
    for shown, hidden in zip(frames(kept), frames(copy), strict=True):
        before, after = (around_nose(upright_rgb(one.picture), other, row=one.index) for one in (shown, hidden))
        assert detail(after) < 0.1 * detail(before)
