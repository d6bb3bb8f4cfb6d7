"""`gaitlab export` and `analyze --report`, on a sample recording."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest

from gaitlab.cli.main import main
from gaitlab.errors import StoreError
from gaitlab.formats.coco import write_coco
from gaitlab.formats.openpose import write_openpose
from gaitlab.paths import data_dir
from gaitlab.reports import EXPORTS
from gaitlab.storage import open_store
from tests.app.builders_ui import TIME_S, WH, drawn_clip, moving_track, squats

pytestmark = pytest.mark.usefixtures("migrated")


def kept_session(tmp_path: Path, *, with_clip: bool = False) -> int:
    store = open_store()
    media = {"overlay": drawn_clip(tmp_path / "overlay.mp4")} if with_clip else None
    number = store.save(squats(), person="Anna", media=media)
    store.close()
    return number


@pytest.mark.parametrize("name", EXPORTS)
def test_a_saved_session_is_written_in_every_format(name: str, tmp_path: Path) -> None:
    if name == "c3d":
        pytest.importorskip("ezc3d", reason="C3D needs the extra formats")
    out = tmp_path / f"out{EXPORTS[name].suffix}"
    assert main(["export", str(kept_session(tmp_path)), "--format", name, "--out", str(out)]) == 0
    assert out.stat().st_size > 100


def test_without_a_name_the_file_says_whose_it_is_from_when_and_what(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store = open_store()
    number = store.save(squats(), person="Anna / Ελένη", recorded_at=datetime(2026, 3, 2, 12, tzinfo=UTC))
    store.close()
    main(["export", str(number), "--format", "json"])
    path = tmp_path / f"Anna-Ελένη_2026-03-02_squat_session-{number}.json"
    assert json.loads(path.read_text())["session"]["id"] == number


@pytest.mark.parametrize("name", [name for name, export in EXPORTS.items() if export.needs_settings])
def test_a_table_has_its_settings_once_in_a_file_beside_it(name: str, tmp_path: Path) -> None:
    number = kept_session(tmp_path)
    assert main(["export", str(number), "--format", name, "--out", str(tmp_path / "walk.csv")]) == 0
    beside = json.loads((tmp_path / "walk.settings.json").read_text())
    assert (beside["person"], beside["session"], beside["activity"]) == ("Anna", number, "squat")
    assert {"gaitlab", "model", "model_sha256", "settings", "source"} <= set(beside)


def test_the_video_leaves_with_or_without_a_face(tmp_path: Path) -> None:
    number = str(kept_session(tmp_path, with_clip=True))
    plain, hidden = tmp_path / "plain.mp4", tmp_path / "hidden.mp4"
    assert main(["export", number, "--format", "video", "--out", str(plain)]) == 0
    assert main(["export", number, "--format", "video", "--out", str(hidden), "--blur-faces"]) == 0
    assert plain.read_bytes() == (tmp_path / "overlay.mp4").read_bytes()
    assert hidden.read_bytes() != plain.read_bytes()


@pytest.mark.parametrize("option", ["--blur-faces", "--blur-everybody"])
@pytest.mark.parametrize(
    ("format_", "said"), [("csv", "for the format video or one-page or playing"), ("playing", "add --with-clip")]
)
def test_hiding_heads_where_no_clip_is_shown_is_refused(
    option: str, format_: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    number = str(kept_session(tmp_path, with_clip=True))
    assert main(["export", number, "--format", format_, option, "--out", str(tmp_path / "out")]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_hiding_heads_without_an_overlay_is_refused_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyze", str(tmp_path / "a.mp4"), "--blur-faces", "--no-save"]) == 2
    assert "add --overlay" in capsys.readouterr().err


def test_a_session_without_a_video_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(kept_session(tmp_path)), "--format", "video"]) == 6
    assert "no video is kept" in capsys.readouterr().err


def test_an_unknown_session_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "99", "--format", "pdf"]) == 6
    assert capsys.readouterr().err.count("\n") == 1


def test_a_report_of_an_unknown_kind_is_refused_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyze", str(tmp_path / "a.csv"), "--report", str(tmp_path / "a.docx"), "--no-save"]) == 2
    assert ".html or .pdf" in capsys.readouterr().err


def test_a_report_tells_the_goals_of_the_person(tmp_path: Path) -> None:
    number = kept_session(tmp_path)
    store = open_store()
    store.set_goal("Anna", metric="repetition_count", side=None, target=8.0, direction="at_least")
    store.close()
    write_coco(tmp_path / "a.json", moving_track(), file="a.mp4")
    analyze = ["analyze", str(tmp_path / "a.json"), "--activity", "squat", "--person", "Anna"]
    assert main(["export", str(number), "--format", "html", "--out", str(tmp_path / "a.html")]) == 0
    assert main([*analyze, "--report", str(tmp_path / "b.html")]) == 0
    for name in ("a.html", "b.html"):
        assert "goal: at least 8" in (tmp_path / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("suffix", ["html", "pdf"])
def test_keypoints_of_another_program_become_a_report(suffix: str, tmp_path: Path) -> None:
    write_coco(tmp_path / "a.json", moving_track(), file="a.mp4")
    report = tmp_path / f"report.{suffix}"
    assert main(["analyze", str(tmp_path / "a.json"), "--report", str(report), "--no-save"]) == 0
    assert report.stat().st_size > 1000


def test_openpose_needs_the_frame_rate_and_then_gives_the_same_times(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "op"
    write_openpose(folder, moving_track(), stem="a")
    assert main(["analyze", str(folder), "--no-save"]) == 2
    assert "--fps" in capsys.readouterr().err
    wh = f"{WH[0]}x{WH[1]}"
    assert main(["analyze", str(folder), "--fps", "25", "--image-wh", wh, "--no-save", "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["input"]["frames"] == len(TIME_S)


def test_a_store_that_cannot_be_opened_is_told_before_the_analysis(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_early(*_: object) -> None:
        raise AssertionError("the analysis has begun")

    def closed() -> None:
        raise StoreError("sessions: it may only be read")

    monkeypatch.setattr("gaitlab.cli.analyze._run", too_early)
    monkeypatch.setattr("gaitlab.cli.analyze.open_store", closed)
    assert main(["analyze", str(tmp_path / "walk.mp4")]) == StoreError.exit_code


def test_damaged_preferences_stop_reports_and_not_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    number = str(kept_session(tmp_path))
    (data_dir() / "preferences.json").write_text("{bad")
    assert main(["show", number, "--json", "-"]) == 0
    assert main(["export", number, "--format", "csv", "--out", str(tmp_path / "a.csv")]) == 0
    assert main(["show", number]) == StoreError.exit_code
    assert "preferences.json" in capsys.readouterr().err


def test_damaged_preferences_are_told_before_the_analysis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_early(*_: object, **__: object) -> None:
        raise AssertionError("the analysis has begun")

    monkeypatch.setattr("gaitlab.sessions.run", too_early)
    data_dir().mkdir(parents=True, exist_ok=True)
    (data_dir() / "preferences.json").write_text("{bad")
    assert main(["analyze", str(tmp_path / "walk.mp4"), "--no-save"]) == StoreError.exit_code


def test_question_and_paper_reach_the_one_page(tmp_path: Path) -> None:
    out = tmp_path / "one.pdf"
    asked = ["--question", "Deep enough?", "--paper", "letter", "--out", str(out)]
    assert main(["export", str(kept_session(tmp_path)), "--format", "one-page", *asked]) == 0
    (page,) = pypdfium2.PdfDocument(out)
    assert "Deep enough?" in page.get_textpage().get_text_range()
    assert round(page.get_height()) == 792


def test_clip_and_comments_reach_the_page_that_plays(tmp_path: Path) -> None:
    number, out = str(kept_session(tmp_path, with_clip=True)), tmp_path / "page.html"
    asked = ["--with-clip", "--comment", "2.0 deep", "--comment", "6 deeper", "--out", str(out)]
    assert main(["export", number, "--format", "playing", *asked]) == 0
    page = out.read_text(encoding="utf-8")
    assert "data:video/mp4" in page
    assert "deeper" in page


@pytest.mark.parametrize(
    ("asked", "code", "words"),
    [
        (["--comment", "deep"], 2, "a moment in seconds and words"),
        (["--comment", "99 deep"], 2, "from 0.00 to 7.96 s"),
        (["--with-clip"], 6, "no video is kept"),
    ],
)
def test_what_cannot_stand_on_the_page_is_refused(
    asked: list[str], code: int, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "page.html"
    assert main(["export", str(kept_session(tmp_path)), "--format", "playing", *asked, "--out", str(out)]) == code
    assert words in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    ("name", "asked", "places"),
    [
        ("pdf", ["--question", "Why?"], "one-page"),
        ("html", ["--paper", "a4"], "one-page"),
        ("one-page", ["--comment", "2.0 deep"], "playing"),
        ("html", ["--with-clip"], "one-page or playing"),
        ("video", ["--with-clip"], "one-page or playing"),
    ],
)
def test_what_a_format_has_no_place_for_is_refused(
    name: str, asked: list[str], places: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["export", str(kept_session(tmp_path)), "--format", name, *asked, "--out", str(out)]) == 2
    assert f"{asked[0]} is for the format {places}, not for {name}" in capsys.readouterr().err
    assert not out.exists()
