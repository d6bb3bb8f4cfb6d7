"""Reading video: times, rotation, colour, and files that are not what they seem."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from gaitlab.errors import InputError
from gaitlab.records.findings import sentences_of
from gaitlab.video import VideoReader, frames, probe, read_picture
from gaitlab.video.picture import upright_rgb
from tests.clips import BLUE, GREEN, RED, WHITE, corners, every, moving, turned, write_clip


def quarter_colours(rgb: np.ndarray) -> list[tuple[int, ...]]:
    """Return the colours at the middle of each quarter: top left, top right, bottom left, bottom right."""
    h, w = rgb.shape[:2]
    return [tuple(int(c) for c in rgb[y, x]) for y in (h // 4, 3 * h // 4) for x in (w // 4, 3 * w // 4)]


def assert_colours(rgb: np.ndarray, expected: list[tuple[int, int, int]]) -> None:
    np.testing.assert_allclose(quarter_colours(rgb), expected, atol=12)


def test_probe_tells_size_rate_and_duration(tmp_path: Path) -> None:
    info = probe(write_clip(tmp_path / "clip.mp4", times_ms=every(40, 25), wh=(64, 48)))
    assert (info.width_px, info.height_px, info.rotation_deg) == (64, 48, 0)
    assert info.fps_nominal == pytest.approx(25.0, rel=0.05)
    assert info.n_frames == 25


def test_frames_are_rgb(tmp_path: Path) -> None:
    (first, *_) = frames(write_clip(tmp_path / "clip.mp4", times_ms=every(40, 3)))
    assert_colours(upright_rgb(first.picture), [RED, GREEN, BLUE, WHITE])


def test_times_are_those_of_the_container_and_start_at_zero(tmp_path: Path) -> None:
    times_ms = [500, 533, 600, 700, 733, 900]
    clip = write_clip(tmp_path / "variable.mkv", times_ms=times_ms)
    got = [frame.time_s for frame in frames(clip)]
    np.testing.assert_allclose(got, (np.array(times_ms) - 500) / 1000, atol=1e-3)


def test_indices_count_from_zero(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", times_ms=every(40, 4))
    assert [frame.index for frame in frames(clip)] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("degrees", "mirrored", "expected"),
    [
        (90, False, [BLUE, RED, WHITE, GREEN]),
        (180, False, [WHITE, BLUE, GREEN, RED]),
        (270, False, [GREEN, WHITE, RED, BLUE]),
        (0, True, [GREEN, RED, WHITE, BLUE]),
        (90, True, [WHITE, GREEN, BLUE, RED]),
        (180, True, [BLUE, WHITE, RED, GREEN]),
        (270, True, [RED, BLUE, GREEN, WHITE]),
    ],
)
def test_rotation_metadata_is_applied(
    tmp_path: Path, degrees: int, mirrored: bool, expected: list[tuple[int, int, int]]
) -> None:
    plain = write_clip(tmp_path / "plain.mp4", times_ms=every(40, 3), wh=(64, 48))
    clip = turned(plain, tmp_path / "turned.mp4", degrees=degrees, mirrored=mirrored)
    info = probe(clip)
    (first, *_) = frames(clip)
    assert info.rotation_deg == degrees
    assert (info.width_px, info.height_px) == ((64, 48) if degrees in (0, 180) else (48, 64))
    assert upright_rgb(first.picture).shape[:2] == (info.height_px, info.width_px)
    assert_colours(upright_rgb(first.picture), expected)


def test_unmarked_hd_is_read_as_bt709(tmp_path: Path) -> None:
    """The encoder writes BT.601 numbers without saying so; players take HD for BT.709, so green shifts."""
    small = next(frames(write_clip(tmp_path / "small.mp4", times_ms=[0, 40], wh=(64, 48))))
    large = next(frames(write_clip(tmp_path / "large.mp4", times_ms=[0, 40], wh=(1280, 720))))
    green_small, green_large = (
        quarter_colours(upright_rgb(small.picture))[1],
        quarter_colours(upright_rgb(large.picture))[1],
    )
    assert green_small == pytest.approx(GREEN, abs=12)
    assert max(abs(a - b) for a, b in zip(green_large, GREEN, strict=True)) > 12


def test_a_clip_that_breaks_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    noise = [rng.integers(0, 255, (48, 64, 3), dtype=np.uint8) for _ in range(100)]
    whole = write_clip(tmp_path / "whole.mkv", times_ms=every(40, 100), pictures=noise)
    broken = tmp_path / "broken.mkv"
    content = whole.read_bytes()
    broken.write_bytes(content[: len(content) // 2])
    with VideoReader(broken) as reader:
        n = sum(1 for _ in reader)
    assert 30 < n < 70
    assert any("breaks off" in note or "damaged" in note for note in sentences_of(reader.findings))


def test_a_whole_clip_has_no_note(tmp_path: Path) -> None:
    with VideoReader(write_clip(tmp_path / "clip.mp4", times_ms=every(40, 30), pictures=moving(30))) as reader:
        assert sum(1 for _ in reader) == 30
    assert sentences_of(reader.findings) == ()


def bad_files(folder: Path) -> dict[str, Path]:
    picture = folder / "picture.png"
    cv2.imwrite(str(picture), corners(64, 48))
    disguised = folder / "picture.mp4"
    disguised.write_bytes(picture.read_bytes())
    (folder / "empty.mp4").touch()
    (folder / "text.mp4").write_text("This is no video.\n" * 100)
    (folder / "playlist.mp4").write_text("#EXTM3U\n#EXTINF:1,\nother.ts\n")
    whole = write_clip(folder / "whole.mp4", times_ms=every(40, 50))
    (folder / "headless.mp4").write_bytes(whole.read_bytes()[:600])
    return {
        "missing": folder / "nowhere.mp4",
        "folder": folder,
        "empty": folder / "empty.mp4",
        "text": folder / "text.mp4",
        "picture": picture,
        "disguised": disguised,
        "playlist": folder / "playlist.mp4",
        "headless": folder / "headless.mp4",
    }


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("missing", "no such file"),
        ("folder", "folder"),
        ("empty", "empty"),
        ("text", "not a video"),
        ("picture", "still picture"),
        ("disguised", "still picture"),
        ("playlist", "not a video"),
        ("headless", "not finished"),
    ],
)
def test_what_is_no_video_is_refused_in_one_line(tmp_path: Path, kind: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        probe(bad_files(tmp_path)[kind])
    assert "\n" not in str(caught.value)


def test_a_picture_that_is_none_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "photo.jpg"
    text.write_text("no picture")
    with pytest.raises(InputError, match="not a picture"):
        read_picture(text)
