"""The app and the command line make the same report of the same clip of the same person."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gaitlab import pipeline, sessions
from gaitlab.cli.main import main
from gaitlab.formats.csv import write_track
from gaitlab.paths import data_dir
from gaitlab.records import Analysis, SourceInfo
from gaitlab.reports.report_json import to_json
from gaitlab.sessions import AnalysisRequest, request_of
from gaitlab.settings import AnalysisSettings
from gaitlab.storage import SessionStore, open_store
from gaitlab.storage.preferences import Preferences, write_preferences
from gaitlab.ui.analyse.queues import in_shares, jobs, submit_clip
from tests.app.scenes import block_engine, people_clip
from tests.unit.gait.test_gait_metrics import planted

pytestmark = pytest.mark.usefixtures("own_resources")

HEIGHT_M = 1.75
SOON_S = 180.0  # a recorded clip on a busy machine
WALK = "gait/walking-gait-as__walk.mp4"
Cli = Callable[..., Any]


@pytest.fixture
def ann(sessions: SessionStore) -> SessionStore:
    """Return the store in which Ann and her body height are known."""
    with_height(sessions)
    return sessions


def with_height(store: SessionStore) -> None:
    store.save(pipeline.analyse_track(planted(), AnalysisSettings(), source=source_of("other.csv")), person="Ann")
    store.update_person(replace(store.person("Ann"), height_m=HEIGHT_M))


@pytest.fixture
def by_command(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Return a function that has the command line analyse a file and returns its JSON report."""

    def report(clip: Path, *arguments: str) -> Any:
        capsys.readouterr()
        assert main(["analyze", str(clip), "--person", "Ann", "--json", "-", *arguments]) == 0
        return json.loads(capsys.readouterr().out)

    return report


def source_of(file: str) -> SourceInfo:
    return SourceInfo(file=file, frames=len(planted()), duration_s=None, fps_mean=30.0)


def walk_csv(path: Path) -> Path:
    write_track(path, planted())
    return path


def by_app(store: SessionStore, clip: Path, folder: Path) -> Any:
    """Have a copy of the clip analysed as an upload of Ann's, and return the JSON report."""
    folder.mkdir()
    upload = folder / clip.name
    upload.write_bytes(clip.read_bytes())
    number = submit_clip(upload, request_of("Ann", "auto"))
    until_s = time.monotonic() + SOON_S
    while (job := jobs().snapshot(number)) and job.active:
        assert time.monotonic() < until_s
        time.sleep(0.05)
    assert job is not None
    assert job.result is not None, job.message
    return to_json(store.get(job.result).analysis, session_id=job.result)


def values(report: Any) -> dict[str, Any]:
    return {metric["name"]: metric["value"] for metric in report["metrics"]}


def assert_same_with_lengths(one: Any, other: Any) -> None:
    assert values(one)["step_length"] is not None
    assert values(one)["speed"] is not None
    assert one["provenance"]["settings"]["height_m"] == HEIGHT_M
    assert {**one, "session": None} == {**other, "session": None}


def use_drawn_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let both find a drawn walk in any clip."""

    def analyse(path: Path, settings: AnalysisSettings, **_: object) -> Analysis:
        return pipeline.analyse_track(planted(), settings, source=source_of(path.name))

    for place in ("gaitlab.sessions", "gaitlab.cli.analyze"):
        monkeypatch.setattr(f"{place}.analyse_video", analyse, raising=False)
    monkeypatch.setattr("gaitlab.cli.analyze.open_pose_engine", lambda _: block_engine())
    monkeypatch.setattr("gaitlab.ui.analyse.queues.engine", lambda _: block_engine())


def test_a_clip_gives_the_same_report_with_lengths(
    ann: SessionStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_command: Cli
) -> None:
    use_drawn_walk(monkeypatch)
    clip = people_clip(tmp_path / "walk.mp4", 1)
    assert_same_with_lengths(by_command(clip), by_app(ann, clip, tmp_path / "upload"))


def test_keypoints_give_the_same_report_with_lengths(ann: SessionStore, tmp_path: Path, by_command: Cli) -> None:
    track = walk_csv(tmp_path / "walk.csv")
    assert_same_with_lengths(by_command(track), by_app(ann, track, tmp_path / "upload"))


@pytest.mark.accuracy  # that of a drawn clip and that of keypoints are asked for each time
def test_a_recorded_clip_gives_the_same_report_with_lengths(
    ann: SessionStore, tmp_path: Path, by_command: Cli, shared_data: Path, both_models: None
) -> None:
    clip = shared_data / WALK
    assert_same_with_lengths(by_command(clip), by_app(ann, clip, tmp_path / "upload"))


@pytest.mark.usefixtures("ann")
def test_a_height_told_wins_over_the_stored_one(tmp_path: Path, by_command: Cli) -> None:
    track = walk_csv(tmp_path / "walk.csv")
    stored, told = by_command(track), by_command(track, "--height-m", "1.925")
    assert told["provenance"]["settings"]["height_m"] == 1.925
    assert values(told)["step_length"] == pytest.approx(1.1 * values(stored)["step_length"], rel=1e-3)


@pytest.mark.usefixtures("ann")
def test_what_is_not_saved_knows_nothing_of_the_person(tmp_path: Path, by_command: Cli) -> None:
    report = by_command(walk_csv(tmp_path / "walk.csv"), "--no-save")
    assert report["provenance"]["settings"]["height_m"] is None
    assert values(report)["step_length"] is None


def test_another_scale_is_compared_with_the_stored_height_as_in_the_app(
    empty_store: SessionStore, tmp_path: Path
) -> None:
    with_height(empty_store)
    request = AnalysisRequest(person="Ann", settings=AnalysisSettings(px_per_m=171.0))
    settings = analysed(walk_csv(tmp_path / "walk.csv"), request, empty_store).provenance.settings
    assert (settings["px_per_m"], settings["height_m"]) == (171.0, HEIGHT_M)


def analysed(path: Path, request: AnalysisRequest, store: SessionStore | None, **others: Any) -> Analysis:
    return sessions.run(path, request, store=store, open_engine=lambda _: block_engine(), **others).analysis


def test_damaged_preferences_are_told_before_the_analysis(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sessions, "_analysed", lambda *_: pytest.fail("the analysis has begun"))
    data_dir().mkdir(parents=True)
    (data_dir() / "preferences.json").write_text("{")
    assert main(["analyze", str(walk_csv(tmp_path / "walk.csv"))]) == 6
    assert "preferences" in capsys.readouterr().err


def test_the_overlay_asked_for_is_written_and_not_kept_where_only_coordinates_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_command: Cli
) -> None:
    use_drawn_walk(monkeypatch)
    write_preferences(data_dir(), Preferences(keep="coordinates"))
    drawn = tmp_path / "drawn.mp4"
    number = by_command(people_clip(tmp_path / "walk.mp4", 1), "--overlay", str(drawn))["session"]["id"]
    assert drawn.stat().st_size > 0
    with closing(open_store()) as store:
        assert store.get(number).media == {}


def test_an_overlay_only_to_keep_is_not_drawn_where_only_coordinates_are_kept(
    empty_store: SessionStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_drawn_walk(monkeypatch)
    drawn = tmp_path / "drawn.mp4"
    request = replace(request_of("Ann", "auto"), overlay=drawn, overlay_only_to_keep=True)
    clip = people_clip(tmp_path / "walk.mp4", 1)
    analysed(clip, request, empty_store, preferences=lambda: Preferences(keep="coordinates"))
    analysed(clip, request, None)
    assert not drawn.exists()


def test_feet_are_looked_at_unless_an_option_or_the_settings_say_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_command: Cli
) -> None:
    use_drawn_walk(monkeypatch)
    clip = people_clip(tmp_path / "walk.mp4", 1)

    def looks(*options: str) -> bool:
        return bool(by_command(clip, *options)["provenance"]["settings"]["pose"]["feet"])

    assert looks()
    assert not looks("--no-feet")
    write_preferences(data_dir(), Preferences(feet=False))
    assert not looks()


def test_progress_is_told_as_the_share_of_the_whole_job(empty_store: SessionStore, tmp_path: Path) -> None:
    told: list[tuple[str, float | None]] = []
    clip = people_clip(tmp_path / "walk.mp4", 2, n=30)
    request = replace(request_of("Ann", "auto"), overlay=tmp_path / "drawn.mp4")
    tell = in_shares(lambda stage, share: told.append((stage, share)))
    analysed(clip, request, empty_store, on_progress=tell)
    assert list(dict.fromkeys(stage for stage, _ in told)) == ["model", "pose", "overlay", "saving"]
    assert told[0] == ("model", None)
    shares = [share for _, share in told if share is not None]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
