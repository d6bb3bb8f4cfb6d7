"""`gaitlab batch`."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from gaitlab.cli.main import main
from gaitlab.formats.csv import write_track
from gaitlab.study.batch.crew import Crew
from tests.builders import walker

pytestmark = pytest.mark.usefixtures("migrated")


@contextmanager
def threads(number: int) -> Iterator[Crew]:
    yield Crew(at_once=number, engage=lambda: ThreadPoolExecutor(number))


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gaitlab.cli.batch.processes", threads)
    monkeypatch.setattr("gaitlab.cli.batch._fetch_model", lambda model, clips: None)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A manifest with a walk of Eva and a row whose file is not there."""
    write_track(tmp_path / "walk.csv", walker(n_strikes=6).track)
    manifest = tmp_path / "study.csv"
    manifest.write_text("file,person,activity,site\nwalk.csv,Eva,gait,Bern\ngone.mp4,Eva,gait,Bern\n", encoding="utf-8")
    return manifest


def test_what_can_be_analysed_is_and_the_rest_is_named_with_exit_code_7(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, problems = tmp_path / "table.csv", tmp_path / "problems.csv"
    assert main(["batch", str(study), "--table", str(table), "--problems", str(problems)]) == 7
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [
        "gone.mp4: no such file; check the path",
        "1 clips analysed, 0 done before, 1 with a problem",
    ]
    rows = list(csv.DictReader(table.open(encoding="utf-8")))
    assert {row["site"] for row in rows} == {"Bern"}
    assert float(next(row["value"] for row in rows if row["name"] == "cadence")) == pytest.approx(110.0, abs=2.0)
    assert [row["file"] for row in csv.DictReader(problems.open(encoding="utf-8"))] == ["gone.mp4"]
    assert main(["batch", str(tmp_path / "walk.csv"), "--person", "Eva", "--activity", "gait"]) == 0
    assert "0 clips analysed, 1 done before" in capsys.readouterr().err


def test_a_dry_run_lists_the_clips_and_reads_none(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["batch", str(study), "--dry-run", "--table", str(tmp_path / "t.csv")]) == 0
    assert capsys.readouterr().out.splitlines() == ["walk.csv\tEva\tgait", "gone.mp4\tEva\tgait"]
    assert not (tmp_path / "t.csv").exists()


def test_a_report_of_each_session_is_written_once(study: Path, tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    for _ in range(2):
        main(["batch", str(study), "--reports", str(tmp_path / "reports"), "--format", "json"])
    [report] = (tmp_path / "reports").iterdir()
    assert report.name.startswith("Eva_")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--no-save"], "--table"),
        (["--no-save", "--table", "t.csv", "--reports", "nowhere"], "--no-save"),
        (["--table", "t.xlsx"], ".parquet"),
        (["--table", "nowhere/t.csv"], "folder"),
        (["--reports", "nowhere"], "folder"),
        (["--scheduler", "tcp://127.0.0.1:1", "--processes", "2"], "not allowed"),
        (["--person", "Eva", "--person-from", "folder"], "not allowed"),
    ],
)
def test_what_cannot_be_is_refused_before_any_work(
    options: list[str],
    told: str,
    study: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) if told == "not allowed" else nullcontext():
        assert main(["batch", str(study), *options]) == 2
    assert told in capsys.readouterr().err.splitlines()[-1]


def test_a_batch_that_is_interrupted_says_that_what_is_done_is_kept(
    study: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gaitlab.cli.batch.run_batch", interrupted)
    assert main(["batch", str(study)]) == 130
    assert "goes on from there" in capsys.readouterr().err


def test_without_sessions_there_is_only_the_table(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "table.csv"
    for _ in range(2):
        assert main(["batch", str(study), "--no-save", "--table", str(table)]) == 7
    assert "0 clips analysed, 1 done before" in capsys.readouterr().err
    assert main(["list"]) == 0
    assert "Eva" not in capsys.readouterr().out
