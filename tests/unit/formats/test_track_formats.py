"""Files of other programs: what is written is read back, and what they cannot hold is not invented."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from gaitlab.errors import InputError, UsageError
from gaitlab.formats.any_keypoints import read_keypoints
from gaitlab.formats.coco import write_coco
from gaitlab.formats.mot import write_mot
from gaitlab.formats.openpose import write_openpose
from gaitlab.formats.trc import write_trc
from gaitlab.pose.recorded import sole_track
from gaitlab.records import PoseTrack
from gaitlab.records.skeleton import Keypoint
from tests.app.builders_ui import FPS, TIME_S, WH, knee_angles, moving_track
from tests.builders import with_feet


def read(path: Path, *, fps: float | None = None, image_wh: tuple[int, int] | None = None) -> PoseTrack:
    return sole_track(read_keypoints(path, fps=fps, image_wh=image_wh))


@pytest.fixture
def track() -> PoseTrack:
    """Somebody whose left wrist is out of sight in the first frame."""
    seen = moving_track()
    xy_px, score = seen.xy_px.copy(), seen.score.copy()
    xy_px[0, Keypoint.LEFT_WRIST], score[0, Keypoint.LEFT_WRIST] = np.nan, 0.0
    return PoseTrack(time_s=TIME_S, xy_px=xy_px, score=score, image_wh=WH)


def test_coco_gives_the_track_back(track: PoseTrack, tmp_path: Path) -> None:
    write_coco(tmp_path / "a.json", track, file="walk.mp4", provenance={"gaitlab": "1"})
    back = read(tmp_path / "a.json")
    np.testing.assert_allclose(back.xy_px, track.xy_px, atol=0.001)
    np.testing.assert_allclose(back.time_s, track.time_s, atol=1e-6)
    np.testing.assert_allclose(back.score, track.score, atol=0.001)
    assert back.image_wh == WH
    assert json.loads((tmp_path / "a.json").read_text())["info"]["gaitlab"] == "1"


def test_coco_of_another_program_needs_the_frame_rate(tmp_path: Path) -> None:
    points = [value for i in range(17) for value in (10 + 5 * i, 20 + 3 * i, 2)]
    foreign = {
        "images": [{"id": 7, "width": 64, "height": 48}, {"id": 8, "width": 64, "height": 48}],
        "annotations": [{"image_id": 8, "keypoints": points}],
    }
    (tmp_path / "a.json").write_text(json.dumps(foreign))
    with pytest.raises(UsageError, match="--fps"):
        read(tmp_path / "a.json")
    back = read(tmp_path / "a.json", fps=25.0)
    assert np.isnan(back.xy_px[0]).all()
    assert back.xy_px[1, Keypoint.NOSE].tolist() == [10, 20]
    assert back.time_s.tolist() == [0.0, 0.04]


def test_openpose_gives_the_track_back(track: PoseTrack, tmp_path: Path) -> None:
    write_openpose(tmp_path / "op", track, stem="walk", provenance={"gaitlab": "1"})
    back = read(tmp_path / "op", fps=FPS, image_wh=WH)
    np.testing.assert_allclose(back.xy_px, track.xy_px, atol=0.001)
    np.testing.assert_allclose(back.time_s, track.time_s, atol=1e-6)


def test_openpose_points_that_are_not_measured_are_zero_and_the_neck_is_between_the_shoulders(
    track: PoseTrack, tmp_path: Path
) -> None:
    write_openpose(tmp_path, track, stem="walk")
    frame = json.loads((tmp_path / "walk_000000000003_keypoints.json").read_text())
    points = np.array(frame["people"][0]["pose_keypoints_2d"]).reshape(25, 3)
    assert not points[19:25].any()  # toes and heels
    shoulders = track.xy_px[3, [Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER]]
    np.testing.assert_allclose(points[1, :2], shoulders.mean(axis=0), atol=0.001)


def test_feet_stand_at_the_places_of_openpose_and_small_toes_stay_zero(track: PoseTrack, tmp_path: Path) -> None:
    shod = with_feet(track)
    assert shod.feet is not None
    write_openpose(tmp_path / "a", shod, stem="walk")
    frame = json.loads((tmp_path / "a" / "walk_000000000003_keypoints.json").read_text())
    points = np.array(frame["people"][0]["pose_keypoints_2d"]).reshape(25, 3)
    # left big toe, left heel, right big toe, right heel
    np.testing.assert_allclose(points[[19, 21, 22, 24], :2], shod.feet.xy_px[3, [2, 0, 3, 1]], atol=0.001)
    assert (points[[19, 21, 22, 24], 2] > 0).all()
    assert not points[[20, 23]].any()


def test_feet_come_back_from_openpose_and_trc(track: PoseTrack, tmp_path: Path) -> None:
    shod = with_feet(track)
    assert shod.feet is not None
    write_openpose(tmp_path / "a", shod, stem="walk")
    write_trc(tmp_path / "a.trc", shod, px_per_m=None)
    for file, fps, up_px in ((tmp_path / "a", FPS, 0.0), (tmp_path / "a.trc", None, -WH[1])):
        back = read(file, fps=fps)
        assert back.feet is not None
        np.testing.assert_allclose(back.feet.xy_px - (0, up_px), shod.feet.xy_px, atol=0.001)


def test_trc_has_heels_and_toes_as_markers_after_the_others(track: PoseTrack, tmp_path: Path) -> None:
    shod = with_feet(track)
    assert shod.feet is not None
    write_trc(tmp_path / "a.trc", shod, px_per_m=None)
    lines = (tmp_path / "a.trc").read_text().splitlines()
    assert lines[2].split("\t")[3] == "21"
    assert lines[3].split("\t")[2 + 3 * 17 :: 3] == ["left_heel", "right_heel", "left_toe", "right_toe"]
    first = [float(cell) for cell in lines[6].split("\t")[2:]]
    np.testing.assert_allclose(first[3 * 17 : 3 * 17 + 2], shod.feet.xy_px[0, 0] * [1, -1] + [0, WH[1]], atol=1e-5)


def test_trc_in_pixels_gives_the_track_back_the_other_way_up(track: PoseTrack, tmp_path: Path) -> None:
    write_trc(tmp_path / "a.trc", track, px_per_m=None, provenance="made by a test")
    lines = (tmp_path / "a.trc").read_text().splitlines()
    assert lines[0].endswith("made by a test")
    assert lines[2].split("\t")[4] == "px"
    back = read(tmp_path / "a.trc")
    np.testing.assert_allclose(back.xy_px - (0, -WH[1]), track.xy_px, atol=0.001)
    np.testing.assert_allclose(back.time_s, track.time_s, atol=1e-6)


def test_trc_with_a_scale_is_in_metres_above_the_bottom_of_the_picture(track: PoseTrack, tmp_path: Path) -> None:
    write_trc(tmp_path / "a.trc", track, px_per_m=100.0)
    row = (tmp_path / "a.trc").read_text().splitlines()[6].split("\t")
    assert [float(cell) for cell in row[2:5]] == pytest.approx([1.65, 2.0, 0.0])  # nose at (165, 40) of 240 rows


@pytest.mark.parametrize("text", ["", "PathFileType\n", "a\nb\nc\td\te\tf\tmm\nFrame#\tTime\tLASI\n\n1\t0\t1\t2\t3\n"])
def test_another_file_called_trc_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.trc").write_text(text)
    with pytest.raises(InputError, match=r"a\.trc"):
        read(tmp_path / "a.trc")


@pytest.mark.parametrize("text", ["", "[]", '{"images": 3}', '{"images": [], "annotations": []}'])
def test_another_file_called_json_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(InputError, match=r"a\.json"):
        read(tmp_path / "a.json")


def test_an_empty_folder_is_no_openpose_clip(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="JSON files, one a frame"):
        read(tmp_path, fps=25.0)


def test_mot_has_a_header_and_one_row_a_frame(tmp_path: Path) -> None:
    write_mot(tmp_path / "a.mot", knee_angles(), provenance="{}")
    lines = (tmp_path / "a.mot").read_text().splitlines()
    end = lines.index("endheader")
    assert "inDegrees=yes" in lines[:end]
    assert f"nRows={len(TIME_S)}" in lines[:end]
    assert lines[end + 1].split("\t") == ["time", "left_knee", "right_knee", "trunk_lean"]
    assert len(lines) == end + 2 + len(TIME_S)
