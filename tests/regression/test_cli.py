"""The command line as another program uses it: exit codes, streams, JSON, and what is saved."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from gaitlab.cli.main import main
from gaitlab.formats.csv import write_track
from gaitlab.storage import open_store
from gaitlab.video import frames, probe
from gaitlab.video.picture import upright_rgb
from tests.builders import squatter, walker
from tests.clips import corners, every, first_seconds, write_clip

WALK = "gait/walking-gait-as__walk.mp4"
MIRROR = "gait/biomech-of-gait_normal_01.mp4"
TWO_PEOPLE = "hard/pose2sim__Demo_MultiPerson_cam01.mp4"


@dataclass(frozen=True, kw_only=True)
class Done:
    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


def gaitlab(*arguments: str | Path) -> Done:
    """Run the command line in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stop:  # argparse: --help and wrong usage
            code = int(stop.code or 0)
    return Done(code=code, out=out.getvalue(), err=err.getvalue())


def saved_sessions() -> int:
    store = open_store()
    try:
        return len(store.sessions())
    finally:
        store.close()


@pytest.fixture
def walk_csv(tmp_path: Path) -> Path:
    path = tmp_path / "walk.csv"
    write_track(path, walker(cadence_spm=110.0).track)
    return path


@pytest.fixture
def short_walk(shared_data: Path, tmp_path: Path) -> Path:
    """Return the beginning of a clip of somebody who walks, quick to analyse."""
    return first_seconds(shared_data / WALK, tmp_path / "walk.mp4", seconds=1.5)


@pytest.fixture
def squat_csv(tmp_path: Path) -> Path:
    path = tmp_path / "squats.csv"
    write_track(path, squatter(reps=3))
    return path


def test_a_keypoint_csv_is_analysed_saved_listed_shown_and_deleted(walk_csv: Path) -> None:
    report = gaitlab("analyze", walk_csv, "--person", "Ana", "--json", "-").json()
    assert report["session"]["saved"] is True
    assert report["activity"]["kind"] == "gait"
    assert report["metrics"][0]["value"] == pytest.approx(110.0, rel=0.01)
    number = str(report["session"]["id"])
    (listed,) = gaitlab("list", "--person", "Ana", "--json", "-").json()["sessions"]
    assert (str(listed["id"]), listed["person"], listed["kind"]) == (number, "Ana", "gait")
    assert gaitlab("show", number, "--json", "-").json() == report
    assert gaitlab("delete", number).code == 0
    assert gaitlab("show", number).code == 6
    assert saved_sessions() == 0


def test_no_save_keeps_nothing(squat_csv: Path) -> None:
    report = gaitlab("analyze", squat_csv, "--no-save", "--json", "-").json()
    assert report["session"] == {"id": None, "saved": False}
    assert report["exercise"]["count"] == 3
    assert not (Path(os.environ["GAITLAB_DATA_DIR"]) / "gaitlab.db").exists()


def test_a_csv_has_no_model_and_no_picture(walk_csv: Path) -> None:
    report = gaitlab("analyze", walk_csv, "--no-save", "--json", "-").json()
    assert report["provenance"]["model"] is None
    assert (report["input"]["width_px"], report["input"]["height_px"]) == (None, None)
    sized = gaitlab("analyze", walk_csv, "--no-save", "--image-wh", "1280x720", "--json", "-").json()
    assert (sized["input"]["width_px"], sized["input"]["height_px"]) == (1280, 720)


def test_slow_motion_divides_time(walk_csv: Path) -> None:
    """A clip that plays 110 steps/min and was filmed at 1.5 times the rate shows 165 steps/min."""
    report = gaitlab("analyze", walk_csv, "--slow-motion", "1.5", "--no-save", "--json", "-").json()
    assert report["metrics"][0]["value"] == pytest.approx(165.0, rel=0.01)


def test_two_points_and_their_distance_give_metres(walk_csv: Path) -> None:
    points = ("--scale-points", "100,900,700,900", "--scale-length-m", "3")
    by_points = gaitlab("analyze", walk_csv, "--no-save", "--json", "-", *points).json()
    by_scale = gaitlab("analyze", walk_csv, "--no-save", "--json", "-", "--px-per-m", "200").json()
    assert by_points["metrics"] == by_scale["metrics"]
    assert by_points["provenance"]["settings"]["scale_line"] == {"points_px": [100, 900, 700, 900], "length_m": 3}


def test_metrics_as_a_table(walk_csv: Path, tmp_path: Path) -> None:
    table = tmp_path / "metrics.csv"
    assert gaitlab("analyze", walk_csv, "--no-save", "--csv", table).code == 0
    header, first, *_ = table.read_text().splitlines()
    assert header.startswith("person,recorded_at,activity,file,name,side,value,unit,n,sd,confidence,reason,gaitlab")
    assert ",gait,walk.csv,cadence,," in first
    assert "smoothing" in json.loads((tmp_path / "metrics.settings.json").read_text())["settings"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--overlay", "drawn.mp4"], "no picture"),
        (["--activity", "juggling"], "invalid choice"),
        (["--slow-motion", "0"], "slow_motion"),
        (["--height-m", "17.5"], "height_m"),
        (["--image-wh", "wide"], "1280x720"),
        (["--scale-points", "1,2,3"], "X1,Y1,X2,Y2"),
        (["--scale-points", "1,2,300,4"], "--scale-length-m"),
        (["--scale-points", "1,2,3,4", "--scale-length-m", "1"], "farther apart"),
        (["--json", "no/such/folder/report.json"], "folder does not exist"),
    ],
)
def test_wrong_usage_is_exit_2(walk_csv: Path, arguments: list[str], message: str) -> None:
    done = gaitlab("analyze", walk_csv, *arguments)
    assert done.code == 2
    assert message in done.err
    assert done.out == ""
    assert saved_sessions() == 0


def bad_input(kind: str, folder: Path) -> Path:
    path = folder / f"{kind}.mp4"
    if kind == "empty":
        path.touch()
    elif kind == "text":
        path.write_text("no video at all\n" * 50)
    elif kind == "picture":
        path = folder / "picture.jpg"
        cv2.imwrite(str(path), corners(64, 48))
    elif kind == "csv":
        path = folder / "table.csv"
        path.write_text("a,b\n1,2\n")
    return path


@pytest.mark.usefixtures("thunder")  # which is looked for before the clip is opened
@pytest.mark.parametrize("kind", ["missing", "empty", "text", "picture", "csv"])
def test_what_cannot_be_read_is_exit_3_with_one_line(tmp_path: Path, kind: str) -> None:
    done = gaitlab("analyze", bad_input(kind, tmp_path))
    assert done.code == 3
    assert len(done.err.strip().splitlines()) == 1
    assert done.out == ""
    assert saved_sessions() == 0


def test_sound_only_is_exit_3(shared_data: Path) -> None:
    done = gaitlab("analyze", shared_data / "hard/audio_only.mov")
    assert (done.code, len(done.err.strip().splitlines())) == (3, 1)
    assert saved_sessions() == 0


def test_a_damaged_model_is_exit_4_and_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clip = write_clip(tmp_path / "clip.mp4", times_ms=every(40, 25))
    (tmp_path / "movenet_singlepose_thunder_float16.tflite").write_bytes(b"half a model")
    monkeypatch.setenv("GAITLAB_MODEL_DIR", str(tmp_path))
    done = gaitlab("analyze", clip)
    assert (done.code, len(done.err.strip().splitlines())) == (4, 1)
    assert "movenet_singlepose_thunder_float16.tflite" in done.err
    assert saved_sessions() == 0


def test_as_a_program_stdout_is_json_and_stderr_is_silent(squat_csv: Path) -> None:
    command = [sys.executable, "-m", "gaitlab", "analyze", str(squat_csv), "--no-save", "--json", "-"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["exercise"]["count"] == 3
    assert done.stderr == ""


def test_nobody_there_is_exit_5(tmp_path: Path, thunder: Path) -> None:
    clip = write_clip(tmp_path / "corners.mp4", times_ms=every(40, 30), wh=(320, 240))
    done = gaitlab("analyze", clip)
    assert (done.code, len(done.err.strip().splitlines())) == (5, 1)
    assert "whole body" in done.err
    assert saved_sessions() == 0


def test_an_unreadable_store_is_exit_6_and_keeps_the_file(walk_csv: Path) -> None:
    folder = Path(os.environ["GAITLAB_DATA_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    database = folder / "gaitlab.db"
    database.write_text("not a database, but somebody's file")
    done = gaitlab("analyze", walk_csv)
    assert (done.code, len(done.err.strip().splitlines())) == (6, 1)
    assert database.read_text() == "not a database, but somebody's file"


def test_a_real_clip_with_overlay(short_walk: Path, thunder: Path, tmp_path: Path) -> None:
    drawn = tmp_path / "drawn.mp4"
    done = gaitlab("analyze", short_walk, "--overlay", drawn, "--json", "-")
    assert done.code == 0
    assert done.err == ""
    report = done.json()
    assert report["provenance"]["model"] == "movenet-thunder-fp16"
    assert report["provenance"]["model_sha256"]
    assert probe(drawn).n_frames == report["input"]["frames"] == 45


def test_a_truncated_clip_is_analysed_with_a_note(shared_data: Path, thunder: Path, tmp_path: Path) -> None:
    """The walk as Matroska, which keeps what was written when the recording breaks off."""
    pictures = [upright_rgb(frame.picture) for frame in islice(frames(shared_data / WALK), 20, 110)]
    whole = write_clip(tmp_path / "whole.mkv", times_ms=every(33, len(pictures)), wh=(640, 352), pictures=pictures)
    content = whole.read_bytes()
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(content[: int(len(content) * 0.6)])
    report = gaitlab("analyze", cut, "--json", "-").json()
    assert 30 < report["input"]["frames"] < 90
    assert any("breaks off" in note or "damaged" in note for note in report["notes"])
    assert saved_sessions() == 1


def test_pose_of_a_picture(shared_data: Path, thunder: Path) -> None:
    report = gaitlab("pose", shared_data / "images/coral__squat.bmp", "--json", "-").json()
    assert (report["schema"], report["width_px"], report["height_px"]) == (1, 500, 610)
    (pose,) = report["poses"]
    assert pose["keypoints"][0]["name"] == "nose"
    assert np.hypot(pose["keypoints"][0]["x"] - 294.1, pose["keypoints"][0]["y"] - 207.1) < 10


@pytest.mark.parametrize(
    "command", [[], ["analyze"], ["pose"], ["list"], ["show"], ["delete"], ["models"], ["db"], ["app"]]
)
def test_every_help_shows_an_example(command: list[str]) -> None:
    done = gaitlab(*command, "--help")
    assert done.code == 0
    assert "example: gaitlab" in done.out


def test_the_other_of_two_people_can_be_chosen(shared_data: Path, thunder: Path, tmp_path: Path) -> None:
    clip = first_seconds(shared_data / TWO_PEOPLE, tmp_path / "two.mp4", seconds=0.7)
    report = gaitlab("analyze", clip, "--subject", "2", "--no-save", "--json", "-").json()
    assert (report["subject"]["people_seen"], report["subject"]["index"]) == (2, 2)
    assert [person["index"] for person in report["subject"]["people"]] == [1, 2]


@pytest.mark.parametrize("subject", ["9", "0", "tallest"])
def test_a_person_who_is_not_there_is_wrong_usage(short_walk: Path, thunder: Path, subject: str) -> None:
    done = gaitlab("analyze", short_walk, "--subject", subject)
    assert done.code == 2
    assert "expected" in done.err
    assert saved_sessions() == 0


@pytest.mark.accuracy
def test_the_number_of_workers_changes_nothing(shared_data: Path, thunder: Path, tmp_path: Path) -> None:
    """A second of a walk in which somebody and her mirror image come in."""
    seen = [upright_rgb(frame.picture) for frame in islice(frames(shared_data / MIRROR), 12, 48)]
    clip = write_clip(tmp_path / "part.mp4", times_ms=every(33, len(seen)), wh=seen[0].shape[1::-1], pictures=seen)
    reports = [gaitlab("analyze", clip, "--workers", str(n), "--no-save", "--json", "-").json() for n in (1, 2, 4)]
    for report in reports:
        del report["provenance"]["settings"]
    assert reports[0] == reports[1] == reports[2]
