"""Keypoint CSV: written and read back, and refused in one line that names the place."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gaitlab.errors import InputError
from gaitlab.formats.csv import is_keypoint_csv, read_track, write_rows, write_track
from gaitlab.records.skeleton import KEYPOINT_NAMES, Keypoint
from tests.builders import standing, walker, with_feet, with_rows

Rows = list[list[str]]


def written(folder: Path, *, name: str = "walk.csv") -> Path:
    path = folder / name
    write_track(path, walker(n_strikes=2, noise_px=1.0).track)
    return path


def changed(path: Path, change: Callable[[Rows], Rows]) -> Path:
    """Rewrite the cells of a CSV."""
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("\n".join(",".join(row) for row in change(rows)) + "\n", encoding="utf-8")
    return path


def with_cell(row: int, column: str, text: str) -> Callable[[Rows], Rows]:
    """Return a change of one cell; `row` counts from 1 at the header, as a spreadsheet does."""

    def change(rows: Rows) -> Rows:
        rows[row - 1][rows[0].index(column)] = text
        return rows

    return change


def without_column(column: str) -> Callable[[Rows], Rows]:
    def change(rows: Rows) -> Rows:
        at = rows[0].index(column)
        return [row[:at] + row[at + 1 :] for row in rows]

    return change


@pytest.mark.parametrize("name", ["walk.csv", "walk.csv.gz"])
def test_a_track_that_is_written_is_read_back(tmp_path: Path, name: str) -> None:
    track = walker(n_strikes=2, noise_px=1.0).track
    write_track(tmp_path / name, track)
    read = read_track(tmp_path / name, image_wh=(1920, 1080))
    np.testing.assert_allclose(read.time_s, track.time_s, atol=1e-6)
    np.testing.assert_allclose(read.xy_px, track.xy_px, atol=0.005 + 1e-9)
    np.testing.assert_allclose(read.score, track.score, atol=0.0005)
    assert read.image_wh == (1920, 1080)


def test_feet_are_further_columns_and_come_back(tmp_path: Path) -> None:
    shod = with_feet(walker(n_strikes=2, noise_px=1.0).track)
    write_track(tmp_path / "track.csv", shod, digits=3)
    assert (tmp_path / "track.csv").read_text().splitlines()[0].endswith("right_toe_x,right_toe_y,right_toe_score")
    back = read_track(tmp_path / "track.csv")
    assert shod.feet is not None
    assert back.feet is not None
    np.testing.assert_allclose(back.feet.xy_px, shod.feet.xy_px, atol=0.001)
    np.testing.assert_allclose(back.feet.score, shod.feet.score, atol=0.001)


def test_the_header_is_the_one_of_the_command_line(tmp_path: Path) -> None:
    header = written(tmp_path).read_text(encoding="utf-8").splitlines()[0].split(",")
    assert header[:6] == ["frame", "time_s", "nose_x", "nose_y", "nose_score", "left_eye_x"]
    assert len(header) == 2 + 3 * 17


def test_without_a_stated_size_the_picture_is_unknown(tmp_path: Path) -> None:
    assert read_track(written(tmp_path)).image_wh is None


def test_an_unknown_point_is_written_empty_and_read_as_unknown(tmp_path: Path) -> None:
    track = with_rows(walker(n_strikes=2).track, slice(3, 4), Keypoint.LEFT_WRIST, xy_px=(np.nan, np.nan), score=0.0)
    write_track(tmp_path / "walk.csv", track)
    read = read_track(tmp_path / "walk.csv")
    unknown = np.argwhere(np.isnan(read.xy_px[..., 0])).tolist()
    assert unknown == [[3, Keypoint.LEFT_WRIST]]
    assert read.score[3, Keypoint.LEFT_WRIST] == 0.0


@pytest.mark.parametrize("column", ["nose_x", "nose_y", "nose_score"])
def test_a_point_with_an_empty_cell_is_unknown(tmp_path: Path, column: str) -> None:
    read = read_track(changed(written(tmp_path), with_cell(2, column, "")))
    assert np.isnan(read.xy_px[0, Keypoint.NOSE]).all()
    assert read.score[0, Keypoint.NOSE] == 0.0


def test_a_point_with_score_zero_is_unknown(tmp_path: Path) -> None:
    read = read_track(changed(written(tmp_path), with_cell(2, "nose_score", "0")))
    assert np.isnan(read.xy_px[0, Keypoint.NOSE]).all()


def test_columns_may_stand_in_any_order_and_frame_may_be_missing(tmp_path: Path) -> None:
    path = written(tmp_path)
    expected = read_track(path)
    backwards = changed(changed(path, without_column("frame")), lambda rows: [row[::-1] for row in rows])
    np.testing.assert_array_equal(read_track(backwards).xy_px, expected.xy_px)


@pytest.mark.parametrize("column", ["time_s", "left_knee_y", "right_ankle_score"])
def test_a_missing_column_is_named(tmp_path: Path, column: str) -> None:
    with pytest.raises(InputError, match=f"'{column}' is missing"):
        read_track(changed(written(tmp_path), without_column(column)))


def test_a_word_for_a_number_is_named_by_row_and_column(tmp_path: Path) -> None:
    path = changed(written(tmp_path), with_cell(3, "left_hip_y", "wide"))
    with pytest.raises(InputError, match=r"walk\.csv: row 3, column left_hip_y: expected a number, got 'wide'"):
        read_track(path)


@pytest.mark.parametrize("time_s", ["0.0", "-1"])
def test_time_that_does_not_increase_is_refused(tmp_path: Path, time_s: str) -> None:
    with pytest.raises(InputError, match="strictly increasing"):
        read_track(changed(written(tmp_path), with_cell(3, "time_s", time_s)))


def test_a_row_without_a_time_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="finite times"):
        read_track(changed(written(tmp_path), with_cell(3, "time_s", "")))


def test_a_score_above_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="score"):
        read_track(changed(written(tmp_path), with_cell(3, "nose_score", "87")))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "expected the columns"),
        (b"hello\nworld\n", "expected the columns"),
        (b"\xff\xfe\x00\x00", "cannot be read"),
    ],
    ids=["empty", "some text", "no text"],
)
def test_a_file_that_is_no_keypoint_csv_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "walk.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_track(path)


def test_a_header_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected one row per frame, got none"):
        read_track(changed(written(tmp_path), lambda rows: rows[:1]))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_track(tmp_path / "nowhere.csv")


def test_a_gz_file_that_is_not_compressed_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path).rename(tmp_path / "walk.csv.gz")
    with pytest.raises(InputError, match="cannot be read"):
        read_track(path)


def test_a_compressed_file_that_ends_early_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, name="walk.csv.gz")
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(InputError, match="cannot be read"):
        read_track(path)


def test_an_error_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read_track(changed(written(tmp_path), with_cell(3, "time_s", "0.0")))
    assert "\n" not in str(refused.value)


def test_equal_tracks_give_equal_compressed_files(tmp_path: Path) -> None:
    one = written(tmp_path, name="walk.csv.gz").read_bytes()
    assert written(tmp_path, name="walk.csv.gz").read_bytes() == one
    assert gzip.decompress(one).startswith(b"frame,time_s,nose_x")


def test_scores_and_positions_may_be_written_finer(tmp_path: Path) -> None:
    track = replace(walker(n_strikes=2, noise_px=1.0).track, image_wh=None)
    write_track(tmp_path / "fine.csv", track, digits=6)
    np.testing.assert_allclose(read_track(tmp_path / "fine.csv").xy_px, track.xy_px, atol=1e-6)


@pytest.mark.parametrize(("name", "expected"), [("a.csv", True), ("A.CSV.GZ", True), ("a.mp4", False), ("csv", False)])
def test_a_keypoint_file_is_known_by_its_name(name: str, expected: bool) -> None:
    assert is_keypoint_csv(Path(name)) is expected


def test_none_becomes_an_empty_cell(tmp_path: Path) -> None:
    write_rows(tmp_path / "rows.csv", ("name", "value"), [("cadence", None), ("n", 3)])
    assert (tmp_path / "rows.csv").read_text(encoding="utf-8") == "name,value\ncadence,\nn,3\n"


def test_every_keypoint_has_its_three_columns(tmp_path: Path) -> None:
    header = written(tmp_path).read_text(encoding="utf-8").splitlines()[0].split(",")
    assert [f"{name}_{part}" for name in KEYPOINT_NAMES for part in ("x", "y", "score")] == header[2:]


def test_infinity_is_no_position(tmp_path: Path) -> None:
    path = tmp_path / "track.csv"
    write_track(path, standing(duration_s=1.0))
    lines = path.read_text().splitlines()
    cells = lines[1].split(",")
    cells[2] = "inf"
    path.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]))
    with pytest.raises(InputError, match="row 2, column nose_x"):
        read_track(path)


def test_the_mark_of_a_spreadsheet_before_the_first_column_is_skipped(tmp_path: Path) -> None:
    path = tmp_path / "track.csv"
    write_track(path, standing(duration_s=1.0))
    # Without the frame column, so that the mark sits on one that is needed.
    table = [line.split(",", 1)[1] for line in path.read_text().splitlines()]
    path.write_text("\ufeff" + "\n".join(table), encoding="utf-8")
    assert len(read_track(path)) == 30
