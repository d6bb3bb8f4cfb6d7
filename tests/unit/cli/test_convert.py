"""`gaitlab convert` and `gaitlab formats`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gaitlab.cli.main import main
from gaitlab.formats.any_keypoints import read_keypoints
from gaitlab.pose.recorded import sole_track
from gaitlab.reports import EXPORTS
from tests.unit.formats import foreign


@pytest.mark.parametrize("ending", [".csv", ".csv.gz", ".dlc.csv", ".json", "", ".trc", ".c3d"])
def test_openpose_is_converted_to_every_other_format_and_reads_back_the_same(ending: str, tmp_path: Path) -> None:
    if ending == ".c3d":
        pytest.importorskip("ezc3d", reason="C3D needs the extra formats")
    track = foreign.walk()
    folder = foreign.openpose(tmp_path / "op", [(i, [one]) for i, one in enumerate(foreign.people(track))])
    out = tmp_path / f"out{ending}"
    assert main(["convert", str(folder), str(out), "--fps", "30"]) == 0
    back = sole_track(read_keypoints(out, fps=30.0))
    shift = np.nanmedian(back.xy_px - track.xy_px, axis=(0, 1))  # markers have their own zero of y
    np.testing.assert_allclose(back.xy_px - shift, track.xy_px, atol=0.02)
    np.testing.assert_allclose(back.time_s, track.time_s, atol=1e-4)


def test_the_person_is_chosen_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    track = foreign.walk()
    walk, still = foreign.people(track), foreign.bystander(track)
    folder = foreign.openpose(tmp_path / "op", [(i, [still[i], one]) for i, one in enumerate(walk)])
    assert main(["convert", str(folder), str(tmp_path / "out.csv"), "--fps", "30", "--subject", "2"]) == 0
    assert "2 people are in the file; number 2" in capsys.readouterr().err
    back = sole_track(read_keypoints(tmp_path / "out.csv"))
    assert np.nanstd(back.xy_px[:, 0, 0]) < 5  # the bystander


@pytest.mark.parametrize("name", ["out.xyz", "in.csv"])
def test_an_unknown_ending_and_the_input_itself_are_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = foreign.table(tmp_path / "in.csv", foreign.walk())
    before = path.read_bytes()
    assert main(["convert", str(path), str(tmp_path / name)]) == 2
    assert path.read_bytes() == before
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("command", [["analyze"], ["convert", "out.csv"]])
@pytest.mark.parametrize("option", ["--fps 30", "--image-wh 640x360"])
def test_what_a_video_knows_itself_is_refused_and_not_left_unused(
    command: list[str], option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "walk.mp4").write_bytes(b"film")
    name, *rest = command
    assert main([name, str(tmp_path / "walk.mp4"), *rest, *option.split()]) == 2
    assert "a video knows its own" in capsys.readouterr().err


def test_the_list_of_formats_names_every_export_of_keypoints_and_angles(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["formats"]) == 0
    text = capsys.readouterr().out
    reports = {"pdf", "one-page", "playing", "html", "json", "csv", "settings"}
    assert [name for name in EXPORTS if name not in reports and f" {name} " not in text] == []
