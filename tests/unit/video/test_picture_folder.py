"""Numbered pictures are the frames of a video: their numbers are time, and the rate is asked for."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from gaitlab.errors import InputError, UsageError
from gaitlab.formats.any_keypoints import holds_keypoints
from gaitlab.formats.picture_files import holds_pictures
from gaitlab.records.findings import sentences_of
from gaitlab.video import frames, open_clip

WH = (32, 24)


def pictures(folder: Path, numbers: Sequence[int], *, ending: str = ".png", wh: tuple[int, int] = WH) -> Path:
    """Grey pictures, twelve steps brighter with each number."""
    folder.mkdir(exist_ok=True)
    for number in numbers:
        cv2.imwrite(str(folder / f"walk_{number}{ending}"), np.full((wh[1], wh[0], 3), 12 * number, dtype=np.uint8))
    return folder


def zipped(path: Path, members: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize("ending", [".png", ".PNG", ".bmp", ".jpg"])
def test_pictures_come_in_the_order_of_their_numbers_at_the_rate(ending: str, tmp_path: Path) -> None:
    read = list(frames(pictures(tmp_path / "a", [9, 10, 11, 20], ending=ending), fps=25.0))
    assert [frame.time_s for frame in read] == pytest.approx([0.0, 0.04, 0.08, 0.44])  # 20 - 9 = 11 frames
    assert [int(frame.picture.planes[0][0, 0, 0]) for frame in read] == [108, 120, 132, 240]


def test_missing_numbers_are_gaps_and_told(tmp_path: Path) -> None:
    with open_clip(pictures(tmp_path / "a", [1, 2, 3, 6, 7]), fps=10.0) as reader:
        assert [frame.time_s for frame in reader] == pytest.approx([0.0, 0.1, 0.2, 0.5, 0.6])
        assert sentences_of(reader.findings) == (
            "Read as 5 pictures at 10 frames/s.",
            "2 of 7 frames are missing in the file; they were taken as gaps in time.",
        )
        assert (reader.info.width_px, reader.info.height_px) == WH
        assert reader.info.duration_s == pytest.approx(0.7)


def test_a_zip_of_pictures_is_the_same_clip(tmp_path: Path) -> None:
    folder = pictures(tmp_path / "a", [1, 2, 3])
    path = zipped(tmp_path / "a.zip", {f"walk/{one.name}": one.read_bytes() for one in folder.iterdir()})
    assert holds_pictures(path)
    assert not holds_keypoints(path)
    assert [frame.time_s for frame in frames(path, fps=10.0)] == pytest.approx([0.0, 0.1, 0.2])


def test_without_a_rate_pictures_are_refused_and_the_page_names_its_field(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--fps") as refused:
        open_clip(pictures(tmp_path / "a", [1, 2]))
    assert "Frames per second" in refused.value.on_page


def test_a_picture_that_cannot_be_read_is_a_gap_and_is_told(tmp_path: Path) -> None:
    folder = pictures(tmp_path / "a", [1, 2, 3])
    (folder / "walk_2.png").write_bytes(b"no picture")
    with open_clip(folder, fps=10.0) as reader:
        assert [frame.time_s for frame in reader] == pytest.approx([0.0, 0.2])
        assert "1 of the pictures cannot be read; they are gaps." in sentences_of(reader.findings)


def test_pictures_of_another_size_end_the_clip(tmp_path: Path) -> None:
    folder = pictures(pictures(tmp_path / "a", [1, 2]), [3], wh=(64, 48))
    with open_clip(folder, fps=10.0) as reader:
        assert len(list(reader)) == 2
        assert any(note.startswith("The frame size changes") for note in sentences_of(reader.findings))


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (["a.png"], "with their number"),
        (["a_1.png", "b_1.png"], "both frame 1"),
        (["a/1.png", "b/2.png"], "several folders"),
        (["1.png", "2.png"], "none of its 2 pictures"),
        (["1.png", "2.png", "3000000000.png"], "not the frames of one recording"),
    ],
)
def test_what_is_no_recording_is_refused_with_the_reason(names: list[str], reason: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=reason):
        open_clip(zipped(tmp_path / "a.zip", dict.fromkeys(names, b"x")), fps=10.0)


def test_a_zip_with_keypoints_beside_pictures_is_one_of_keypoints(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"1.png": b"", "1_keypoints.json": b"{}"})
    assert holds_keypoints(path)
