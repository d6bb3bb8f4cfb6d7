"""Pictures that repeat the one before: freezes and duplicates, and what is none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from gaitlab.records import Picture, UInt8Array
from gaitlab.records.findings import sentences_of
from gaitlab.video import VideoReader
from gaitlab.video.repeats import RepeatWatch
from tests.clips import every, moving, write_clip

FPS = 25


def watched(pictures: Sequence[UInt8Array]) -> tuple[list[bool], tuple[str, ...]]:
    watch = RepeatWatch()
    repeats = [watch.is_repeat(Picture.of_rgb(rgb), i / FPS) for i, rgb in enumerate(pictures)]
    return repeats, sentences_of(watch.findings())


def test_new_pictures_are_no_repeats() -> None:
    assert watched(moving(30)) == ([False] * 30, ())


def test_a_freeze_is_told_with_its_times() -> None:
    pictures = moving(60)
    repeats, notes = watched([*pictures[:20], *[pictures[20]] * 26, *pictures[21:40]])
    assert np.flatnonzero(repeats).tolist() == list(range(21, 46))
    assert notes == ("The picture stands still from 0.8 to 1.8 s: the video is frozen there, or nothing moves.",)


def test_duplicates_are_counted() -> None:
    doubled = [picture for picture in moving(20) for _ in range(2)]
    repeats, notes = watched(doubled)
    assert repeats == [False, True] * 20
    assert "20 of 40 frames repeat" in notes[0]
    assert "12 different frames per second" in notes[0]


def test_a_short_pause_is_not_worth_a_note() -> None:
    pictures = moving(60)
    assert watched([*pictures[:20], pictures[19], *pictures[20:]])[1] == ()


def test_a_small_person_who_moves_is_seen() -> None:
    """One part in a thousand of the picture."""
    pictures = [np.full((720, 1280, 3), 100, dtype=np.uint8) for _ in range(10)]
    for number, picture in enumerate(pictures):
        picture[300:345, 600 + 3 * number : 620 + 3 * number] = 180
    assert not any(watched(pictures)[0])


def test_what_moves_at_the_upper_edge_only_is_a_players_title() -> None:
    pictures = [np.full((720, 1280, 3), 100, dtype=np.uint8) for _ in range(10)]
    for number, picture in enumerate(pictures):
        picture[20:50, 100 + 10 * number : 400 + 10 * number] = 220
    assert watched(pictures)[0] == [False, *[True] * 9]


def test_repeats_survive_coding(tmp_path: Path) -> None:
    pictures = [picture for picture in moving(15, wh=(320, 240), noise=6) for _ in range(2)]
    as_phones = {"bf": "0"}  # with B-frames a repeat changes by 1.5 samples in 10,000 on processors with AVX-512
    clip = write_clip(
        tmp_path / "clip.mp4", times_ms=every(40, 30), wh=(320, 240), pictures=pictures, options=as_phones
    )
    with VideoReader(clip) as reader:
        repeats = [frame.is_repeat for frame in reader]
    assert repeats == [False, True] * 15


def test_the_frozen_start_of_a_recorded_screen(shared_data: Path) -> None:
    with VideoReader(shared_data / "hard" / "running-pose-vis__run.mp4") as reader:
        repeats = [frame.is_repeat for frame in reader]
    assert all(repeats[1:35])
    assert not any(repeats[45:51])
    assert "from 0.0 to 1.2 s" in sentences_of(reader.findings)[0]
