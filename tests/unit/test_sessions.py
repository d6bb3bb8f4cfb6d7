"""The use case around the analysis: whose session a new one replaces, and a session that is put right."""

from __future__ import annotations

from pathlib import Path

import pytest

from gaitlab.errors import UsageError
from gaitlab.formats.csv import write_track
from gaitlab.pipeline import reanalyse
from gaitlab.records import Analysis
from gaitlab.records.edits import undone_last
from gaitlab.reports import document_of
from gaitlab.sessions import AnalysisRequest, recompute, request_of, run
from gaitlab.settings import AnalysisSettings, put_right_of
from gaitlab.storage import SessionFilter, SessionStore
from tests.app.scenes import LEFT, RIGHT, block_engine, people_clip
from tests.builders_scene import Box
from tests.unit.gait.test_gait_metrics import planted

ALL = SessionFilter(with_replaced=True)


@pytest.fixture
def recorded(empty_store: SessionStore, tmp_path: Path) -> int:
    """Return the number of a session of imported keypoints, of a walk without a scale."""
    write_track(tmp_path / "walk.csv", planted())
    request = AnalysisRequest(person="Ann", settings=AnalysisSettings(activity="auto"))
    number = run(tmp_path / "walk.csv", request, store=empty_store, open_engine=lambda _: block_engine()).session_id
    assert number is not None
    return number


def analysed(store: SessionStore, clip: Path, box: Box | None) -> int:
    """Return the number of the session of the block person in a box, or of whoever stands out."""
    at = None if box is None else (0.1, box[0] + box[2] / 2, box[1] + box[3] / 2)
    request = request_of("Me", "auto", subject_at=at)
    number = run(clip, request, store=store, open_engine=lambda _: block_engine()).session_id
    assert number is not None
    return number


def value(analysis: Analysis, name: str) -> float | None:
    return next((one.value for one in analysis.metrics if one.name == name), None)


class TestOneClipAgain:
    def test_two_people_in_it_are_two_sessions(self, empty_store: SessionStore, tmp_path: Path) -> None:
        clip = people_clip(tmp_path / "two.mp4", 2)
        left, right = (analysed(empty_store, clip, box) for box in (LEFT, RIGHT))
        assert [header.id for header in empty_store.sessions()] == [right, left]

    def test_each_again_replaces_that_of_the_same_person(self, empty_store: SessionStore, tmp_path: Path) -> None:
        clip = people_clip(tmp_path / "two.mp4", 2)
        left, right = (analysed(empty_store, clip, box) for box in (LEFT, RIGHT))
        again = analysed(empty_store, clip, LEFT)
        assert {header.id for header in empty_store.sessions()} == {right, again}
        assert {one.id for one in empty_store.versions(again)} == {left, again}

    def test_somebody_found_automatically_and_then_pointed_at_is_one(
        self, empty_store: SessionStore, tmp_path: Path
    ) -> None:
        clip = people_clip(tmp_path / "one.mp4", 1)
        found, pointed_at = (analysed(empty_store, clip, box) for box in (None, LEFT))
        assert [header.id for header in empty_store.sessions()] == [pointed_at]
        assert {one.id for one in empty_store.versions(found)} == {found, pointed_at}


class TestPuttingRight:
    def test_keypoints_of_another_program_get_a_scale_too(self, empty_store: SessionStore, recorded: int) -> None:
        assert value(empty_store.get(recorded).analysis, "speed") is None
        new = recompute(empty_store, recorded, {"px_per_m": 200.0})
        assert value(empty_store.get(new).analysis, "speed") is not None

    def test_the_former_results_stay_and_come_back(self, empty_store: SessionStore, recorded: int) -> None:
        new = recompute(empty_store, recorded, {"height_m": 1.75})
        assert [header.id for header in empty_store.sessions()] == [new]
        empty_store.use_version(recorded)
        assert [header.id for header in empty_store.sessions()] == [recorded]

    def test_the_report_names_it_with_what_was_before(self, empty_store: SessionStore, recorded: int) -> None:
        first = recompute(empty_store, recorded, {"activity": "squat"})
        second = recompute(empty_store, first, {"slow_motion": 2.0, "height_m": 1.75})
        note = document_of(empty_store.get(second).analysis).notes[-1]
        assert note == (
            "Put right by hand: activity Squats (before: Walking, detected); body height 1.75 m (before: none); "
            "slow-motion factor 2 (before: 1)."
        )

    def test_what_is_as_in_the_first_analysis_again_is_not_named(
        self, empty_store: SessionStore, recorded: int
    ) -> None:
        there = recompute(empty_store, recorded, {"activity": "squat", "height_m": 1.75})
        back = recompute(empty_store, there, {"activity": "auto", "height_m": None})
        analysis = empty_store.get(back).analysis
        assert put_right_of(analysis.provenance.settings) == {}
        assert not [note for note in document_of(analysis).notes if note.startswith("Put right")]

    def test_it_is_still_named_after_a_correction_by_hand(self, empty_store: SessionStore, recorded: int) -> None:
        new = recompute(empty_store, recorded, {"height_m": 1.75})
        edited = reanalyse(empty_store.get(new).analysis, edits=undone_last(()))
        assert empty_store.revise(new, edited) == new
        assert put_right_of(empty_store.get(new).analysis.provenance.settings) == {"height_m": None}

    def test_a_value_out_of_range_changes_nothing(self, empty_store: SessionStore, recorded: int) -> None:
        with pytest.raises(UsageError, match="slow_motion"):
            recompute(empty_store, recorded, {"slow_motion": 1000.0})
        assert [header.id for header in empty_store.sessions(where=ALL)] == [recorded]


@pytest.mark.parametrize("told", [None, [], "x", {"height_m": "tall"}, {"activity": 3}, {"pose": {}}, {"found": None}])
def test_what_cannot_have_been_put_right_is_left_out(told: object) -> None:
    assert put_right_of({"put_right": told}) == {}
    assert AnalysisSettings.from_json({"put_right": told}) == AnalysisSettings()
