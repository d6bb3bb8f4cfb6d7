"""`gaitlab pose` and `gaitlab analyze` with networks of one's own, made for the test."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from gaitlab.cli.main import main
from gaitlab.paths import user_model_dir
from gaitlab.records import FloatArray
from gaitlab.video import read_picture
from tests.builders_posenet import person, tensors_of
from tests.builders_tflite import as_multi_person, write_tflite
from tests.clips import every, write_clip

GREY = 90
WH = (257, 353)
ANNA, BERT = person(60.0, 120.0), person(190.0, 130.0)


@pytest.fixture
def no_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave no other network on this machine, so that the file alone finds people."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("GAITLAB_MODEL_DIR", str(tmp_path / "none"))


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "grey.png"
    cv2.imwrite(str(path), np.full((WH[1], WH[0], 3), GREY, dtype=np.uint8))
    return path


def first_file(path: Path, *people: FloatArray) -> Path:
    return write_tflite(path, tensors_of(*people, cells=9, stride_px=32))


def second_file(path: Path, *people: FloatArray) -> Path:
    return write_tflite(path, as_multi_person(tensors_of(*people, cells=17, rows=23)), input_shape=(1, WH[1], WH[0], 3))


def large(x_px: float, y_px: float) -> FloatArray:
    """Return somebody whose crop stays as large as it is: the hips in the middle, 0.4 of the side above and below."""
    return np.asarray((person(0.0, -56.0)) * 1.75 + [x_px, y_px])


def poses(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> list[dict[str, Any]]:
    assert main(["pose", *map(str, arguments), "--json", "-"]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["poses"]
    return found


def failed(capsys: pytest.CaptureFixture[str], code: int, *arguments: str | Path) -> str:
    assert main([str(one) for one in arguments]) == code
    (line,) = capsys.readouterr().err.splitlines()
    return line


@pytest.mark.parametrize("make", [first_file, second_file])
def test_a_file_of_each_shape_finds_single_and_several_people(
    no_models: None, tmp_path: Path, picture: Path, capsys: pytest.CaptureFixture[str], make: Any
) -> None:
    file = make(tmp_path / "mine.tflite", ANNA, BERT)
    assert len(poses(capsys, picture, "--model", file, "--people", "several")) == 2
    (one,) = poses(capsys, picture, "--model", file, "--people", "single")
    assert one["score"] == pytest.approx(0.9, abs=1e-3)


def test_what_is_drawn_lies_where_the_numbers_say(
    no_models: None, tmp_path: Path, picture: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = second_file(tmp_path / "mine.tflite", ANNA)
    for flip, x_px in (([], 60.5), (["--flip-horizontal"], 257 - 60.5)):
        drawn = tmp_path / "drawn.png"
        (one,) = poses(capsys, picture, "--model", file, "--people", "single", "--draw", drawn, *flip)
        assert one["keypoints"][0] == {"name": "nose", "x": x_px, "y": 120.5, "score": 0.9}
        left_ankle = one["keypoints"][15]
        at = (round(left_ankle["y"]), round(left_ankle["x"]))
        rgb = read_picture(drawn)
        assert rgb[at].tolist() != [GREY] * 3
        assert rgb[5, 5].tolist() == [GREY] * 3


def test_a_drawing_has_an_ending_that_is_written(picture: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "expected a name that ends in .png or .jpg" in failed(capsys, 2, "pose", picture, "--draw", "x.gif")


def test_a_file_that_is_no_pose_model_is_an_ordinary_error(
    no_models: None, tmp_path: Path, picture: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write_tflite(tmp_path / "labels.tflite", [np.zeros((1, 1001), np.float32)], input_shape=(1, 224, 224, 3))
    line = failed(capsys, 4, "pose", picture, "--model", file)
    assert "labels.tflite is no pose model that is known: expected a picture" in line
    assert line.endswith("outputs float32 [1, 1001]")


def test_a_parameter_that_is_not_understood_is_wrong_usage(
    no_models: None, tmp_path: Path, picture: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write_tflite(tmp_path / "movenet.tflite", [np.zeros((1, 1, 17, 3), np.float32)])
    line = failed(capsys, 2, "pose", picture, "--model", file, "--nms-radius-px", "20")
    assert "MoveNet SinglePose does not understand it, PoseNet does" in line


@pytest.mark.parametrize("make", [first_file, second_file])
def test_a_clip_is_analysed_with_a_file_of_each_shape(
    no_models: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], make: Any
) -> None:
    """The network sees somebody in the middle of everything: nothing that could be counted, but a person."""
    file = make(tmp_path / "mine.tflite", large(128.0, 128.0 if make is first_file else 176.0))
    clip = write_clip(tmp_path / "clip.mp4", times_ms=every(33, 30), wh=(160, 160))
    assert main(["analyze", str(clip), "--model", str(file), "--no-save", "--json", "-"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["subject"]["frames_tracked"] == 30
    made = report["provenance"]
    assert (made["model"], made["settings"]["pose"]["model"]) == ("mine.tflite", "mine.tflite")
    assert made["model_sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_published_file_in_the_cache_is_found_by_its_name_and_called_unchecked(
    no_models: None, tmp_path: Path, picture: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    user_model_dir().mkdir(parents=True)
    second_file(user_model_dir() / "multi_person_mobilenet_v1_075_float.tflite", ANNA, BERT)
    assert len(poses(capsys, picture, "--model", "posenet-multi-person-075", "--people", "several")) == 2
    assert main(["models", "verify"]) == 0
    assert capsys.readouterr().out.startswith("UNCHECKED posenet-multi-person-075")


def test_a_published_file_that_is_not_here_is_named_with_its_address(
    no_models: None, picture: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = failed(capsys, 4, "models", "fetch", "posenet-mobilenet-100-257")
    assert "get posenet_mobilenet_v1_100_257x257_multi_kpt_stripped.tflite from https://storage.googleapis.com/" in line
    assert "no checksum of it is known" in line
    assert "nobody could check this address" in line
