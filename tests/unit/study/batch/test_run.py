"""A batch: order, what is done already, and clips that cannot be analysed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gaitlab.formats.csv import write_track
from gaitlab.records import PoseTrack
from gaitlab.sessions import AnalysisRequest, recompute
from gaitlab.settings import AnalysisSettings
from gaitlab.storage import SessionStore
from gaitlab.study.batch import (
    BatchClip,
    BatchProgress,
    BatchResult,
    ClipDefaults,
    KeptInFolder,
    KeptInStore,
    list_clips,
    run_batch,
    write_table,
)
from gaitlab.study.batch.crew import Crew, outcomes
from gaitlab.study.batch.keeping import Kept
from gaitlab.study.batch.work import analyse_clip
from tests.builders import walker

THREADS = Crew(at_once=2, engage=lambda: ThreadPoolExecutor(2))
GAIT = AnalysisSettings(activity="gait")  # takes less time than looking for every exercise
ANNA = ClipDefaults(request=AnalysisRequest(person="Anna", settings=GAIT))


class Breaking(Executor):
    """Runs at once; the process of a clip of this name dies, and with it all that are handed in afterwards."""

    def __init__(self, name: str) -> None:
        self._name, self._broken = name, False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if self._broken:
            raise BrokenProcessPool
        future: Future[Any] = Future()
        if args[0].label == self._name:
            self._broken = True
            future.set_exception(BrokenProcessPool())
        else:
            future.set_result(fn(*args, **kwargs))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        del wait, cancel_futures


@pytest.fixture(scope="module")
def tracks() -> tuple[PoseTrack, ...]:
    return tuple(walker(cadence_spm=cadence_spm, n_strikes=6).track for cadence_spm in (96.0, 104.0, 112.0))


@pytest.fixture
def folder(tracks: Sequence[PoseTrack], tmp_path: Path) -> Path:
    """A folder with three clips as keypoints."""
    (tmp_path / "clips").mkdir()
    for number, track in enumerate(tracks):
        write_track(tmp_path / "clips" / f"clip{number}.csv.gz", track)
    return tmp_path / "clips"


def clips_in(folder: Path, defaults: ClipDefaults = ANNA) -> tuple[BatchClip, ...]:
    return list_clips([str(folder / "*")], defaults)[0]


def batch(folder: Path, kept: Kept, crew: Crew = THREADS, **more: Any) -> BatchResult:
    return run_batch(clips_in(folder), crew=crew, kept=kept, **more)


def test_every_clip_becomes_a_session_and_rows_in_the_order_of_the_list(
    folder: Path, empty_store: SessionStore
) -> None:
    result = batch(folder, KeptInStore(store=empty_store))
    assert (result.analysed, result.known, result.problems) == (3, 0, ())
    assert list(dict.fromkeys(row["file"] for row in result.rows)) == ["clip0.csv.gz", "clip1.csv.gz", "clip2.csv.gz"]
    saved = sorted(empty_store.sessions(person="Anna"), key=lambda one: one.id)
    assert [one.file for one in saved] == ["clip0.csv.gz", "clip1.csv.gz", "clip2.csv.gz"]
    cadence = next(row for row in result.rows if row["name"] == "cadence")
    assert cadence["value"] == empty_store.get(saved[0].id).analysis.gait.metrics[0].value  # type: ignore[union-attr]


def test_a_batch_that_is_begun_again_analyses_nothing_and_gives_the_same_rows(
    folder: Path, empty_store: SessionStore, tmp_path: Path
) -> None:
    for kept in (KeptInStore(store=empty_store), KeptInFolder(folder=tmp_path / "done")):
        first, again = batch(folder, kept), batch(folder, kept)
        assert (again.analysed, again.known) == (0, 3)
        assert again.rows == first.rows
    assert empty_store.count_sessions() == 3


def test_a_batch_that_ended_early_goes_on_where_it_was(folder: Path, empty_store: SessionStore) -> None:
    def end(progress: BatchProgress) -> None:
        if progress.done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        batch(folder, KeptInStore(store=empty_store), on_progress=end)
    assert 0 < empty_store.count_sessions() < 3
    batch(folder, KeptInStore(store=empty_store))
    assert empty_store.count_sessions() == 3


def test_other_settings_and_another_version_are_analysed_again_in_place_of_the_old_session(
    folder: Path, empty_store: SessionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = KeptInStore(store=empty_store)
    batch(folder, kept)
    tall = ClipDefaults(request=replace(ANNA.request, settings=replace(ANNA.request.settings, height_m=1.8)))
    assert run_batch(clips_in(folder, tall), crew=THREADS, kept=kept).analysed == 3
    assert empty_store.count_sessions() == 3
    monkeypatch.setattr("gaitlab.study.batch.keeping.__version__", "9.9")
    assert run_batch(clips_in(folder, tall), crew=THREADS, kept=kept).analysed == 3


def test_what_was_put_right_by_hand_is_not_analysed_again(
    folder: Path, empty_store: SessionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = KeptInStore(store=empty_store)
    batch(folder, kept)
    walk = next(one for one in empty_store.sessions() if one.file == "clip0.csv.gz")
    recompute(empty_store, walk.id, {"treadmill_mps": 1.2})
    monkeypatch.setattr("gaitlab.study.batch.keeping.__version__", "9.9")
    result = batch(folder, kept)
    assert (result.analysed, result.known) == (2, 1)
    assert next(row["value"] for row in result.rows if row["name"] == "speed") == pytest.approx(1.2)


def test_one_wrong_file_stops_nobody(folder: Path, empty_store: SessionStore) -> None:
    (folder / "broken.mp4").write_bytes(b"no film")
    nobody = walker(n_strikes=6).track
    write_track(folder / "nobody.csv", replace(nobody, score=np.zeros_like(nobody.score)))
    clips = (*clips_in(folder), BatchClip(place=str(folder / "gone.mp4"), label="gone.mp4", request=ANNA.request))
    result = run_batch(clips, crew=THREADS, kept=KeptInStore(store=empty_store))
    assert result.analysed == 3
    assert [(one.file, one.exit_code) for one in result.problems] == [
        ("broken.mp4", 3),
        ("nobody.csv", 5),
        ("gone.mp4", 3),
    ]
    assert "no such file" in result.problems[2].reason


def test_a_file_that_vanishes_before_its_turn_is_a_problem(folder: Path) -> None:
    [clip, *_] = clips_in(folder)
    (folder / clip.label).unlink()
    outcome = analyse_clip(clip)
    assert outcome.analysis is None
    assert outcome.problem is not None
    assert outcome.problem.exit_code == 3


def test_a_copy_of_a_clip_is_told_and_done_once(folder: Path, empty_store: SessionStore) -> None:
    shutil.copy(folder / "clip0.csv.gz", folder / "copy.csv.gz")
    result = batch(folder, KeptInStore(store=empty_store))
    assert result.same == (("copy.csv.gz", "clip0.csv.gz"),)
    assert empty_store.count_sessions() == 3


def test_a_clip_that_ends_its_process_twice_is_the_only_one_with_a_problem(
    folder: Path, empty_store: SessionStore
) -> None:
    crew = Crew(at_once=2, engage=lambda: Breaking("clip1.csv.gz"))
    result = batch(folder, KeptInStore(store=empty_store), crew)
    assert result.analysed == 2
    [problem] = result.problems
    assert (problem.file, problem.exit_code) == ("clip1.csv.gz", 1)
    assert "memory" in problem.reason


def test_an_error_of_the_program_is_told_with_its_clip(
    folder: Path, empty_store: SessionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(clip: BatchClip) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr("gaitlab.study.batch.crew.analyse_clip", fails)
    result = batch(folder, KeptInStore(store=empty_store))
    assert [one.file for one in result.problems] == ["clip0.csv.gz", "clip1.csv.gz", "clip2.csv.gz"]
    assert "ZeroDivisionError: by nothing" in result.problems[0].reason


def test_a_worker_with_another_version_is_told(
    folder: Path, empty_store: SessionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gaitlab.study.batch.run.__version__", "9.9")
    result = batch(folder, KeptInStore(store=empty_store))
    assert result.analysed == 0
    assert "install the same everywhere" in result.problems[0].reason


def test_few_clips_are_ahead_of_the_one_whose_turn_it_is(folder: Path) -> None:
    handed_out = []

    def listed() -> Any:
        for number in range(100):
            handed_out.append(number)
            yield BatchClip(place=str(folder / "gone"), label=str(number), request=ANNA.request)

    next(outcomes(listed(), THREADS))
    assert len(handed_out) == 8  # four for each of two at once


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_the_table_has_withheld_numbers_and_columns_of_the_manifest(ending: str, folder: Path, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas", reason="tables are read with pandas here")
    clips = [replace(clip, columns={"site": "Bern"}) for clip in clips_in(folder)]
    rows = run_batch(clips, crew=THREADS, kept=KeptInFolder(folder=tmp_path / "done")).rows
    write_table(tmp_path / f"t{ending}", rows)
    read = pandas.read_csv if ending == ".csv" else pandas.read_parquet
    table = read(tmp_path / f"t{ending}")
    assert len(table) == len(rows)
    assert set(table["site"]) == {"Bern"}
    withheld = table[table["name"].eq("step_length") & table["file"].eq("clip0.csv.gz")].iloc[0]
    assert pandas.isna(withheld["value"])
    assert "belt speed" in withheld["reason"]


def test_a_clip_without_any_number_has_a_row_that_says_why(tmp_path: Path) -> None:
    (tmp_path / "clips").mkdir()
    still = walker().track
    write_track(tmp_path / "clips" / "still.csv", replace(still, xy_px=still.xy_px[:1].repeat(len(still), axis=0)))
    clips = clips_in(tmp_path / "clips", ClipDefaults(needs_person=False))
    [row] = run_batch(clips, crew=THREADS, kept=KeptInFolder(folder=tmp_path / "done")).rows
    assert (row["activity"], row["name"], row["value"]) == ("none", None, None)
    assert "recognised" in row["reason"]


def test_the_time_that_is_left_is_that_of_the_clips_so_far(folder: Path, empty_store: SessionStore) -> None:
    told: list[BatchProgress] = []
    batch(folder, KeptInStore(store=empty_store), on_progress=told.append)
    assert told[0].left_s is None
    assert (told[-1].done, told[-1].total, told[-1].left_s) == (3, 3, 0.0)
    assert [one.done for one in told] == sorted(one.done for one in told)
