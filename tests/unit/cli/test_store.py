"""Commands on people and on the whole store."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gaitlab.archive.samples import analyse_sample, samples
from gaitlab.cli.main import main
from gaitlab.formats.csv import write_track
from gaitlab.paths import data_dir
from gaitlab.storage import SessionFilter, open_store
from gaitlab.workspace import work_folder
from tests.builders_store import MONDAY, a_walk

pytestmark = pytest.mark.usefixtures("migrated")

EVERY = SessionFilter(with_replaced=True)


@pytest.fixture(scope="module")
def walk_csv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clips") / "walk.csv"
    sample = next(one for one in samples() if one.title == "Walking from standing")
    write_track(path, analyse_sample(sample).track_raw)
    os.utime(path, (MONDAY.timestamp(), MONDAY.timestamp()))
    return path


def save(person: str) -> int:
    with closing(open_store()) as store:
        return store.save(a_walk(), person=person)


def people() -> list[str]:
    with closing(open_store()) as store:
        return [person.name for person in store.people()]


def test_a_person_is_exported_erased_and_imported_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save("Ann")
    file = str(tmp_path / "ann.zip")

    assert main(["person", "export", "Ann", file]) == 0
    assert main(["person", "erase", "Ann"]) == 0
    assert people() == []
    assert main(["person", "import", file, "--as", "Ann B."]) == 0

    assert people() == ["Ann B."]
    assert "taken in: Ann B." in capsys.readouterr().err


def test_what_is_known_of_a_person_is_changed_and_listed(capsys: pytest.CaptureFixture[str]) -> None:
    save("Anm")

    assert main(["person", "set", "Anm", "--rename", "Ann", "--height-m", "1.7", "--birth-year", "1950"]) == 0
    assert main(["person", "list", "--json", "-"]) == 0

    listed = json.loads(capsys.readouterr().out)["people"]
    assert listed == [
        {"name": "Ann", "height_m": 1.7, "sex": None, "birth_year": 1950, "remark": "", "sessions": 1},
    ]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["person", "erase", "Nobody"], 6),
        (["person", "export", "Nobody", "n.zip"], 6),
        (["person", "import", "missing.zip"], 6),
        (["person", "set", "Ann", "--height-m", "170"], 2),
        (["reanalyze", "99"], 6),
        (["db", "restore", "missing.zip"], 6),
    ],
)
def test_what_cannot_be_done_is_one_line(
    arguments: list[str], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    save("Ann")

    assert main(arguments) == code

    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("name", ["copy.db", "copy.zip"])
def test_a_backup_brings_back_what_was_erased(name: str, tmp_path: Path) -> None:
    save("Ann")
    file = str(tmp_path / name)

    assert main(["db", "backup", file]) == 0
    assert main(["person", "erase", "Ann"]) == 0
    assert main(["db", "restore", file]) == 0

    assert people() == ["Ann"]


@pytest.mark.parametrize(("name", "aside"), [("copy.db", ".before-"), ("copy.zip", "gaitlab-before-")])
def test_erasing_names_the_older_copies_that_still_hold_the_data(
    name: str, aside: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save("Ann")
    main(["db", "backup", str(tmp_path / name)])
    main(["db", "restore", str(tmp_path / name)])

    main(["person", "erase", "Ann"])

    assert aside in capsys.readouterr().err.splitlines()[-1]


def test_erasing_names_what_another_program_is_just_writing(capsys: pytest.CaptureFixture[str]) -> None:
    save("Ann")

    with work_folder() as folder:
        main(["person", "erase", "Ann"])
        assert f"{folder}: this copy may still hold the data" in capsys.readouterr().err

        assert main(["person", "erase", "Ann"]) == 6  # there is nobody of that name, but there may be in the copy
        assert str(folder) in capsys.readouterr().err


def test_a_file_analysed_again_takes_the_place_of_its_older_session(
    walk_csv: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for options in ([], ["--slow-motion", "2"]):
        assert main(["analyze", str(walk_csv), "--activity", "gait", "--person", "Ann", *options]) == 0

    assert "session 1 is of the same file" in capsys.readouterr().err
    with closing(open_store()) as store:
        assert [header.id for header in store.sessions()] == [2]
        assert [header.id for header in store.versions(1)] == [2, 1]
        assert store.get(1).header.recorded_at == MONDAY
        assert store.get(1).header.recorded_from == "file_time"


def test_both_sessions_of_a_file_stay_when_asked_to(walk_csv: Path) -> None:
    for _ in range(2):
        assert main(["analyze", str(walk_csv), "--activity", "gait", "--as-new"]) == 0

    with closing(open_store()) as store:
        assert store.count_sessions() == 2


def test_the_time_of_recording_can_be_told_with_its_zone(walk_csv: Path) -> None:
    assert main(["analyze", str(walk_csv), "--activity", "gait", "--recorded-at", "2025-05-01T10:00+02:00"]) == 0

    with closing(open_store()) as store:
        header = store.sessions()[0]
    assert (header.recorded_at, header.recorded_from) == (datetime(2025, 5, 1, 8, tzinfo=UTC), "user")
    assert header.recorded_at.utcoffset() == timedelta(0)


@pytest.fixture
def in_los_angeles() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "America/Los_Angeles")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("in_los_angeles")
def test_people_read_the_clock_of_their_computer(walk_csv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for at in ("2025-05-01T23:30", "2025-05-02T23:45"):
        main(["analyze", str(walk_csv), "--activity", "gait", "--person", "Ann", "--as-new", "--recorded-at", at])
    capsys.readouterr()
    main(["list"])
    main(["compare", "1", "2"])
    main(["trend", "--person", "Ann", "--metric", "cadence"])
    told = capsys.readouterr().out
    assert told.count("2025-05-01 23:30") == 2
    assert told.count("2025-05-02 23:45") == 2
    assert "  2025-05-02  session 2" in told
    assert "2025-05-03" not in told


def test_a_session_is_computed_anew_without_its_file(walk_csv: Path, tmp_path: Path) -> None:
    copy = tmp_path / "walk.csv"
    copy.write_bytes(walk_csv.read_bytes())
    main(["analyze", str(copy), "--activity", "gait"])
    copy.unlink()

    assert main(["reanalyze", "1", "--slow-motion", "1.25"]) == 0

    with closing(open_store()) as store:
        old, new = (store.get(number).header.cadence for number in (1, 2))
        assert store.versions(1)[0].id == 2
    assert old is not None
    assert new is not None
    assert new.value == pytest.approx(1.25 * (old.value or 0.0), rel=0.1)


def test_computing_anew_with_the_same_settings_makes_no_new_session(walk_csv: Path) -> None:
    main(["analyze", str(walk_csv), "--activity", "gait"])

    assert main(["reanalyze", "1"]) == 0

    with closing(open_store()) as store:
        assert store.count_sessions(where=EVERY) == 1


def test_a_sound_store_is_told_with_its_counts(capsys: pytest.CaptureFixture[str]) -> None:
    save("Ann")
    assert main(["db", "check"]) == 0
    assert capsys.readouterr().err.splitlines()[-1].endswith("sound; 1 people, 1 sessions, 0 kept files")


@pytest.mark.parametrize("name", ["copy.db", "copy.zip"])
def test_a_backup_and_a_restored_store_are_checked(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save("Ann")
    assert main(["db", "backup", str(tmp_path / name)]) == 0
    assert "restored for a trial and checked: 1 people, 1 sessions" in capsys.readouterr().err
    assert main(["db", "restore", str(tmp_path / name)]) == 0
    assert "checked: 1 people, 1 sessions" in capsys.readouterr().err


def test_every_fault_is_a_line_that_says_what_to_do_and_the_end_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save("Ann")
    with closing(sqlite3.connect(data_dir() / "gaitlab.db")) as connection, connection:
        connection.execute("DELETE FROM track")
    for command in (["check"], ["backup", str(tmp_path / "copy.db")], ["restore", str(tmp_path / "copy.db")]):
        assert main(["db", *command]) == 6
        lines = capsys.readouterr().err.splitlines()
        assert any(line.startswith("fault: session 1:") and "gaitlab delete 1" in line for line in lines)
        assert lines[-1].endswith("1 faults; each line above says what to do")
