"""`gaitlab analyze --compare`: the same frames, person and activity with other networks."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gaitlab.cli.compare_networks import by_network_json, compared
from gaitlab.cli.main import main
from gaitlab.errors import ModelError, NoPersonError
from gaitlab.pipeline import analyse_track
from gaitlab.records import Analysis, SourceInfo
from gaitlab.settings import AnalysisSettings
from tests.app.scenes import block_engine, people_clip
from tests.builders import walker


def walk(settings: AnalysisSettings, model: str, *, cadence_spm: float = 110.0) -> Analysis:
    source = SourceInfo(file="walk.mp4", width_px=1280, height_px=720, frames=300, duration_s=None, fps_mean=None)
    return analyse_track(walker(cadence_spm=cadence_spm).track, settings, source=source, model=model)


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return walk(AnalysisSettings(height_m=1.75), "first")


def test_the_others_are_asked_for_the_same_person_and_activity(analysis: Analysis) -> None:
    asked: list[AnalysisSettings] = []

    def analyse(settings: AnalysisSettings) -> Analysis:
        asked.append(settings)
        return walk(settings, settings.pose.model, cadence_spm=112.0)

    numbers = compared(analysis, ("second",), analyse)
    (settings,) = asked
    assert (settings.activity, settings.height_m, settings.pose.model) == ("gait", 1.75, "second")
    assert settings.pose.subject_at is not None
    at_s, x_px, y_px = settings.pose.subject_at
    row = int(np.argmin(np.abs(analysis.track_raw.time_s - at_s)))
    torso_px = analysis.track_raw.xy_px[row, [5, 6, 11, 12]].mean(axis=0)
    assert (x_px, y_px) == pytest.approx(tuple(torso_px))
    cadence = by_network_json(numbers)[0]
    assert cadence["name"] == "cadence"
    assert list(cadence["values"]) == ["first", "second"]
    assert cadence["spread"] == pytest.approx(2.0, abs=1.0)


def test_a_network_counts_once(analysis: Analysis) -> None:
    numbers = compared(analysis, ("first", "other.tflite"), lambda settings: analysis)
    assert list(numbers[0].values) == ["first"]
    assert numbers[0].spread is None


def test_a_network_that_finds_nobody_gives_no_number(analysis: Analysis) -> None:
    def analyse(settings: AnalysisSettings) -> Analysis:
        raise NoPersonError("nobody")

    numbers = compared(analysis, ("blind",), analyse)
    assert {one.values["blind"] for one in numbers} == {None}


def test_nothing_recognised_is_compared_without_an_activity(analysis: Analysis) -> None:
    unknown = replace(analysis, activity=replace(analysis.activity, kind="unknown"))
    asked: list[str] = []

    def analyse(settings: AnalysisSettings) -> Analysis:
        asked.append(settings.activity)
        return unknown

    compared(unknown, ("second",), analyse)
    assert asked == ["auto"]


@pytest.mark.usefixtures("migrated")
@pytest.mark.parametrize(
    ("error", "words"),
    [(ModelError("the network is damaged"), "the network is damaged"), (KeyboardInterrupt(), "stopped")],
)
def test_what_stops_the_other_networks_costs_no_analysis(
    error: BaseException,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def stopped(*_: object) -> None:
        raise error

    monkeypatch.setattr("gaitlab.cli.analyze._fetch", lambda _: None)
    monkeypatch.setattr("gaitlab.cli.analyze.open_pose_engine", lambda _: block_engine())
    monkeypatch.setattr("gaitlab.cli.analyze.compared", stopped)
    clip = people_clip(tmp_path / "one.mp4", 1)
    assert main(["analyze", str(clip), "--compare", "second", "--json", str(tmp_path / "one.json")]) == 0
    assert f"gaitlab: not compared with other networks: {words}" in capsys.readouterr().err
    report = json.loads((tmp_path / "one.json").read_text(encoding="utf-8"))
    assert report["session"]["id"] == 1
    assert report["networks"] == []


def test_keypoints_have_no_frames_to_compare_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "walk.csv").write_text("frame,time_s\n")
    assert main(["analyze", str(tmp_path / "walk.csv"), "--compare", "movenet-thunder-int8"]) == 2
    assert "--compare needs a video" in capsys.readouterr().err


def test_an_unknown_network_is_told_before_the_analysis(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyze", str(tmp_path / "no-such.mp4"), "--compare", "nonsense"]) == 2
    assert "no model is called 'nonsense'" in capsys.readouterr().err
