"""The annotated clip, written from synthetic pictures and read back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from gaitlab.errors import AnalysisCancelled, InputError, StoreError
from gaitlab.records import FloatArray, Frame, Picture, PoseTrack, Progress
from gaitlab.records.skeleton import Keypoint
from gaitlab.video import frames, probe
from gaitlab.video.overlay import Mark, draw_pose, event_marks, write_overlay
from gaitlab.video.picture import upright_rgb
from tests.app.builders_ui import squats, walk

BLUE, ORANGE = (0, 114, 178), (213, 94, 0)
STEADY_S = np.arange(12) / 25.0


def gray_frames(time_s: FloatArray, *, wh: tuple[int, int] = (64, 48)) -> Iterator[Frame]:
    rgb = np.full((wh[1], wh[0], 3), 128, dtype=np.uint8)
    return (Frame(index=i, time_s=float(t), picture=Picture.of_rgb(rgb)) for i, t in enumerate(time_s))


def track_without_person(time_s: FloatArray, *, wh: tuple[int, int] = (64, 48)) -> PoseTrack:
    n = len(time_s)
    return PoseTrack(time_s=time_s, xy_px=np.full((n, 17, 2), np.nan), score=np.zeros((n, 17)), image_wh=wh)


def standing_pose() -> FloatArray:
    xy_px = np.full((17, 2), np.nan)
    xy_px[Keypoint.LEFT_HIP], xy_px[Keypoint.LEFT_KNEE] = (20, 10), (20, 40)
    xy_px[Keypoint.RIGHT_HIP], xy_px[Keypoint.RIGHT_KNEE] = (50, 10), (50, 40)
    return xy_px


def written(out: Path, time_s: FloatArray = STEADY_S, *, wh: tuple[int, int] = (64, 48)) -> Path:
    write_overlay(gray_frames(time_s, wh=wh), track_without_person(time_s, wh=wh), out)
    return out


def test_the_left_leg_is_blue_and_the_right_leg_is_orange() -> None:
    rgb = np.zeros((48, 64, 3), dtype=np.uint8)
    draw_pose(rgb, standing_pose())
    assert tuple(rgb[25, 20]) == BLUE
    assert tuple(rgb[25, 50]) == ORANGE


def test_an_unknown_knee_leaves_its_bones_out() -> None:
    xy_px = standing_pose()
    xy_px[Keypoint.LEFT_KNEE] = np.nan
    rgb = np.zeros((48, 64, 3), dtype=np.uint8)
    draw_pose(rgb, xy_px)
    assert not rgb[25, 20].any()
    assert rgb[25, 50].any()


def test_a_keypoint_far_outside_the_picture_does_no_harm() -> None:
    xy_px = standing_pose()
    xy_px[Keypoint.LEFT_KNEE] = (1e12, -1e12)
    draw_pose(np.zeros((48, 64, 3), dtype=np.uint8), xy_px)


def test_every_frame_keeps_its_own_time_at_a_variable_rate(tmp_path: Path) -> None:
    time_s = np.array([0.0, 0.04, 0.05, 0.2, 0.21, 0.7])
    clip = written(tmp_path / "out.mp4", time_s)
    assert [frame.time_s for frame in frames(clip)] == pytest.approx(time_s, abs=1e-4)


def test_every_second_or_so_a_picture_stands_alone_so_that_the_page_seeks_quickly(tmp_path: Path) -> None:
    clip = written(tmp_path / "out.mp4", np.arange(100) / 25.0)
    with av.open(str(clip)) as container:
        alone = [i for i, packet in enumerate(container.demux(video=0)) if packet.is_keyframe]
    assert max(np.diff([*alone, 100])) <= 30


def test_odd_sizes_become_even_and_tall_pictures_shrink(tmp_path: Path) -> None:
    clip = written(tmp_path / "out.mp4", wh=(811, 1443))
    info = probe(clip)
    assert (info.width_px, info.height_px) == (404, 720)


def test_colours_survive_the_encoding(tmp_path: Path) -> None:
    clip = written(tmp_path / "out.mp4")
    assert upright_rgb(next(frames(clip)).picture).mean(axis=(0, 1)) == pytest.approx([128, 128, 128], abs=3)


def test_the_skeleton_is_scaled_with_the_picture(tmp_path: Path) -> None:
    time_s = np.arange(3) / 25.0
    xy_px = np.broadcast_to(standing_pose() * 20, (3, 17, 2))
    track = PoseTrack(time_s=time_s, xy_px=xy_px, score=np.ones((3, 17)), image_wh=(1280, 960))
    write_overlay(gray_frames(time_s, wh=(1280, 960)), track, tmp_path / "out.mp4", height_max_px=480)
    rgb = upright_rgb(next(frames(tmp_path / "out.mp4")).picture).astype(int)
    assert rgb[250, 200, 2] - rgb[250, 200, 0] > 100  # blue at half the original position


def test_frames_beyond_the_track_are_kept_without_a_skeleton(tmp_path: Path) -> None:
    track = track_without_person(STEADY_S[:5])
    write_overlay(gray_frames(STEADY_S), track, tmp_path / "out.mp4")
    assert len(list(frames(tmp_path / "out.mp4"))) == len(STEADY_S)


def test_a_mark_shows_for_half_a_second(tmp_path: Path) -> None:
    time_s = np.arange(50) / 25.0
    marks = (Mark(time_s=0.4, text="repetition 1", side="both"),)
    track = track_without_person(time_s, wh=(320, 240))
    write_overlay(gray_frames(time_s, wh=(320, 240)), track, tmp_path / "out.mp4", marks=marks)
    green = [
        f.time_s for f in frames(tmp_path / "out.mp4") if upright_rgb(f.picture)[14, 14].astype(int) @ [-1, 1, 0] > 60
    ]
    assert (green[0], green[-1]) == pytest.approx((0.4, 0.88), abs=0.001)


def test_marks_are_heel_strikes_and_turning_points() -> None:
    assert [mark.text for mark in event_marks(walk())][:2] == ["right heel strike", "left heel strike"]
    assert [mark.text for mark in event_marks(squats(partial=1))] == ["repetition 1, shallow", "repetition 2"]
    assert [(mark.time_s, mark.text) for mark in event_marks(squats())] == [
        (2.0, "repetition 1"),
        (6.0, "repetition 2"),
    ]


def test_marks_of_a_slow_motion_clip_are_in_the_time_of_the_file() -> None:
    analysis = squats()
    slow = replace(analysis, track_raw=replace(analysis.track_raw, time_s=analysis.track_raw.time_s * 4))
    assert [mark.time_s for mark in event_marks(slow)] == pytest.approx([8.0, 24.0])


def test_progress_counts_every_frame(tmp_path: Path) -> None:
    seen: list[Progress] = []
    write_overlay(gray_frames(STEADY_S), track_without_person(STEADY_S), tmp_path / "out.mp4", on_progress=seen.append)
    assert [p.done for p in seen] == list(range(1, 13))
    assert {p.total for p in seen} == {12}


def test_a_cancelled_clip_leaves_no_file(tmp_path: Path) -> None:
    def cancel(progress: Progress) -> None:
        raise AnalysisCancelled("stopped")

    with pytest.raises(AnalysisCancelled):
        write_overlay(gray_frames(STEADY_S), track_without_person(STEADY_S), tmp_path / "out.mp4", on_progress=cancel)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_no_frames_is_refused_and_an_older_clip_is_kept(tmp_path: Path) -> None:
    clip = written(tmp_path / "out.mp4")
    before = clip.read_bytes()
    with pytest.raises(InputError, match="at least one frame"):
        write_overlay(iter(()), track_without_person(STEADY_S), clip)
    assert clip.read_bytes() == before
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [clip]


def test_a_folder_that_does_not_exist_is_a_store_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="could not be written"):
        written(tmp_path / "missing" / "out.mp4")
