"""Verdicts on stored sessions, in the store and on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gaitlab.cli.main import main
from gaitlab.errors import NotFoundError, UsageError
from gaitlab.history.sessions import changes_of_session, compare_sessions, trend_of, trend_until, trends_of
from gaitlab.storage import SessionStore, open_store
from tests.app.builders_ui import squats, walk


@pytest.fixture
def store(empty_store: SessionStore) -> SessionStore:
    return empty_store


def fill(store: SessionStore, *, person: str = "Ann") -> None:
    """Three baseline walks of 98, 100 and 102 steps per minute on days 1 to 3, and one of 115 on day 9."""
    for day, cadence in ((1, 98.0), (2, 100.0), (3, 102.0), (9, 115.0)):
        number = store.save(walk(cadence=cadence, day=day), person=person)
        if day < 9:
            store.update_session(number, is_baseline=True)


def test_each_number_of_a_session_is_judged_against_the_baseline(store: SessionStore) -> None:
    fill(store)
    changes = changes_of_session(store, store.get(4))
    assert list(changes) == [("cadence", None), ("step_time", "left"), ("step_time", "right")]
    assert changes["cadence", None].verdict == "higher"
    assert changes["step_time", "left"].verdict == "cannot tell"


def test_a_goal_turns_higher_into_better(store: SessionStore) -> None:
    fill(store)
    store.set_goal("Ann", metric="cadence", target=110.0, direction="at_least")
    assert changes_of_session(store, store.get(4))["cadence", None].verdict == "better"
    assert trend_of(store, "Ann", "cadence").change == changes_of_session(store, store.get(4))["cadence", None]


def test_trends_have_the_goals_of_their_own_person(store: SessionStore) -> None:
    fill(store, person="Ann")
    fill(store, person="Ben")
    store.set_goal("Ann", metric="cadence", target=110.0, direction="at_least")
    store.set_goal("Ben", metric="cadence", target=110.0, direction="at_most")
    verdicts = []
    for person in ("Ann", "Ben"):
        (trend,) = trends_of(store, person, ["cadence"], kind="gait")
        assert trend.change is not None
        verdicts.append(trend.change.verdict)
    assert verdicts == ["better", "worse"]


def test_of_sessions_of_one_moment_only_those_before_are_in_the_trend(store: SessionStore) -> None:
    """Two walkers of one clip, or an older and a newer analysis of one recording."""
    numbers = [store.save(walk(file=f"{i}.mp4", cadence=100.0 + i), person="Ann") for i in range(3)]
    stored = store.get(numbers[1])
    trend = trend_until(store, stored, stored.analysis.metrics[0])
    assert [point.measurement.value for point in trend.points] == [100.0, 101.0]


def test_other_people_do_not_enter(store: SessionStore) -> None:
    fill(store, person="Ben")
    number = store.save(walk(cadence=150.0, day=20), person="Ann")
    assert changes_of_session(store, store.get(number))["cadence", None].reference is None


def test_two_sessions_stand_side_by_side_the_earlier_first(store: SessionStore) -> None:
    fill(store)
    comparison = compare_sessions(store, 4, 1)
    assert (comparison.first.header.id, comparison.second.header.id) == (1, 4)
    cadence = comparison.rows[0]
    assert (cadence.name, cadence.change.difference, cadence.change.verdict) == ("cadence", 17.0, "higher")
    assert "by chance" in comparison.note


def test_numbers_that_both_sessions_withheld_are_left_out(store: SessionStore) -> None:
    fill(store)
    assert "step_length" not in {row.name for row in compare_sessions(store, 1, 2).rows}


def test_a_number_that_one_session_has_not_is_told(store: SessionStore) -> None:
    store.save(walk(day=1), person="Ann")
    store.save(squats(), person="Ann")
    rows = {row.name: row for row in compare_sessions(store, 1, 2).rows}
    assert {row.change.verdict for row in rows.values()} == {"cannot tell"}
    assert any("has no such number" in row.change.why[0] for row in rows.values())


@pytest.mark.parametrize(("ids", "error"), [((1, 1), UsageError), ((1, 2), UsageError), ((1, 99), NotFoundError)])
def test_what_cannot_be_compared_is_refused(store: SessionStore, ids: tuple[int, int], error: type[Exception]) -> None:
    store.save(walk(), person="Ann")
    store.save(walk(), person="Ben")
    with pytest.raises(error):
        compare_sessions(store, *ids)


@pytest.fixture
def kept(new_sqlite_database: Callable[[Path], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four walks in the database that the command line finds."""
    monkeypatch.setenv("GAITLAB_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("GAITLAB_DATABASE_URL", raising=False)
    new_sqlite_database(tmp_path / "gaitlab.db")
    store = open_store()
    fill(store)
    store.save(replace(walk(day=10), gait=None), person="Ann")
    store.save(walk(day=1), person="Ben")
    store.close()


@pytest.mark.usefixtures("kept")
def test_compare_prints_a_verdict_and_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "1", "4"]) == 0
    out = capsys.readouterr().out
    assert "98        115  higher" in out
    assert "17.0 steps/min above the session compared with" in out


@pytest.mark.usefixtures("kept")
def test_compare_as_json_has_every_number_with_its_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "1", "4", "--json", "-"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["schema"], report["first"]["id"], report["second"]["id"]) == (2, 1, 4)
    cadence = report["metrics"][0]
    assert cadence["name"] == "cadence"
    assert (cadence["first"], cadence["second"], cadence["verdict"], cadence["basis"]) == (98.0, 115.0, "higher", "own")


@pytest.mark.usefixtures("kept")
def test_trend_prints_sessions_band_and_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trend", "--person", "Ann", "--metric", "cadence"]) == 0
    out = capsys.readouterr().out
    assert out.count("baseline\n") == 3
    assert "without a change, a session lies between 90.06 and 109.9" in out
    assert "newest session: higher." in out


@pytest.mark.usefixtures("kept")
def test_trend_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trend", "--person", "Ann", "--metric", "step_time", "--side", "left", "--json", "-"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["side"], report["unit"], len(report["points"])) == ("left", "s", 4)
    assert report["newest"]["verdict"] == "cannot tell"
    assert report["line"] is None


@pytest.mark.usefixtures("kept")
def test_marks_of_the_baseline_are_set_and_taken_away(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["baseline", "1", "2", "3", "--off"]) == 0
    assert main(["trend", "--person", "Ann", "--metric", "cadence", "--json", "-"]) == 0
    assert not any(point["baseline"] for point in json.loads(capsys.readouterr().out)["points"])


@pytest.mark.usefixtures("kept")
def test_a_replaced_session_as_baseline_is_told_with_the_one_to_mark(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reanalyze", "1", "--height-m", "1.8"]) == 0
    newer = max(header.id for header in open_store().sessions())
    capsys.readouterr()
    assert main(["baseline", "1"]) == 0
    assert f"`gaitlab baseline {newer}`" in capsys.readouterr().err


@pytest.mark.usefixtures("kept")
def test_the_list_of_somebody_unknown_says_where_names_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--person", "Nobody"]) == 0
    assert "no session of Nobody" in capsys.readouterr().err


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["compare", "1", "1"], 2),
        (["compare", "1", "6"], 2),
        (["compare", "1", "99"], 6),
        (["trend", "--person", "Nobody", "--metric", "cadence"], 6),
        (["trend", "--person", "Ann", "--metric", "nonsense"], 6),
        (["baseline", "1", "99"], 6),
    ],
)
def test_what_is_not_there_is_one_line_on_stderr(
    command: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.strip().splitlines()) == 1
