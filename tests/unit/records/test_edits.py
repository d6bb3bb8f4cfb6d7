"""Corrections by hand: the numbers follow, and taking them back brings back what was there."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitlab.archive.samples import analyse_sample, samples
from gaitlab.pipeline import reanalyse
from gaitlab.records import Analysis, Contact, Edit, Metric
from gaitlab.records.edits import may_redo, redone, stretched, swap_sides, undone_last
from gaitlab.records.findings import as_written
from gaitlab.records.skeleton import Keypoint
from gaitlab.reports.report_json import to_json
from gaitlab.settings import AnalysisSettings, PoseSettings
from tests.builders_store import a_track, assert_equal_analyses, assert_equal_tracks


@pytest.fixture(scope="module")
def walk() -> Analysis:
    return analyse_sample(next(one for one in samples() if one.title == "Walking from standing"))


@pytest.fixture(scope="module")
def squats() -> Analysis:
    return analyse_sample(next(one for one in samples() if one.title == "Squats from the front"))


def strikes(analysis: Analysis, side: str | None = None) -> list[Contact]:
    assert analysis.gait is not None
    return [one for one in analysis.gait.contacts if one.kind == "heel_strike" and side in (None, one.side)]


def number(analysis: Analysis, name: str, side: str | None = None) -> Metric:
    return next(one for one in analysis.metrics if one.name == name and one.side == side)


def moved(contact: Contact, by_s: float) -> Edit:
    time_s = contact.time_s
    return Edit(kind="move_contact", side=contact.side, contact=contact.kind, time_s=time_s, to_s=time_s + by_s)


class TestReanalysis:
    def test_without_changes_it_gives_the_same(self, walk: Analysis) -> None:
        assert_equal_analyses(reanalyse(walk), walk)

    def test_what_reading_the_file_told_is_kept(self, walk: Analysis) -> None:
        part = as_written("Only a part was read.")
        damaged = replace(walk, findings=(part, *walk.findings), input_findings=(part,))

        assert reanalyse(damaged).notes == damaged.notes

    def test_other_settings_give_other_numbers_from_the_same_raw_track(self, walk: Analysis) -> None:
        settings = AnalysisSettings(activity="gait", slow_motion=1.25)

        again = reanalyse(walk, settings=settings)

        cadence = number(walk, "cadence").value
        assert cadence is not None
        assert number(again, "cadence").value == pytest.approx(1.25 * cadence, rel=0.1)  # smoothed in real time
        assert_equal_tracks(again.track_raw, walk.track_raw)
        assert again.provenance.settings == settings.to_json()

    def test_settings_come_back_from_what_a_session_keeps_of_them(self) -> None:
        settings = AnalysisSettings(height_m=1.8, pose=PoseSettings(subject_at=(1.0, 2.0, 3.0)))
        kept = {**settings.to_json(), "of another version": 1}
        kept["pose"] = {**kept["pose"], "subject_at": [1.0, 2.0, 3.0]}

        assert AnalysisSettings.from_json(kept) == settings


class TestContacts:
    def test_a_moved_heel_strike_moves_the_steps_that_rest_on_it(self, walk: Analysis) -> None:
        strike = strikes(walk)[2]

        edited = reanalyse(walk, edits=[moved(strike, 0.05)])

        assert strike.time_s + 0.05 in [one.time_s for one in strikes(edited)]
        before, after = number(walk, "step_time", strike.side), number(edited, "step_time", strike.side)
        assert before.value is not None
        assert after.value is not None
        assert after.value - before.value == pytest.approx(0.05 / after.n, abs=1e-6)

    def test_a_deleted_heel_strike_takes_its_steps_with_it(self, walk: Analysis) -> None:
        strike = strikes(walk)[-1]
        edit = Edit(kind="delete_contact", side=strike.side, contact="heel_strike", time_s=strike.time_s)

        edited = reanalyse(walk, edits=[edit])

        assert strike not in strikes(edited)
        assert number(edited, "step_time", strike.side).n == number(walk, "step_time", strike.side).n - 1

    def test_a_heel_strike_deleted_and_added_again_gives_the_same_numbers(self, walk: Analysis) -> None:
        strike = strikes(walk)[1]
        where = Edit(kind="delete_contact", side=strike.side, contact="heel_strike", time_s=strike.time_s)

        edited = reanalyse(walk, edits=[where, replace(where, kind="add_contact")])

        assert edited.gait == walk.gait

    def test_a_moved_toe_off_changes_the_stance_of_its_foot(self, walk: Analysis) -> None:
        assert walk.gait is not None
        lift = next(one for one in walk.gait.contacts if one.kind == "toe_off" and one.time_s > strikes(walk)[2].time_s)

        edited = reanalyse(walk, edits=[moved(lift, 0.04)])

        before, after = (number(one, "stance_time", lift.side).value for one in (walk, edited))
        assert before is not None
        assert after is not None
        assert after > before

    def test_an_edit_that_means_no_contact_changes_no_number(self, walk: Analysis) -> None:
        nowhere = Edit(kind="delete_contact", side="left", contact="heel_strike", time_s=-5.0)

        assert reanalyse(walk, edits=[nowhere]).gait == walk.gait


def turns(analysis: Analysis) -> list[float]:
    assert analysis.exercise is not None
    return [one.turn_s for one in analysis.exercise.repetitions]


class TestRepetitions:
    def test_one_that_was_deleted_and_added_again_is_where_it_was(self, squats: Analysis) -> None:
        turn_s = turns(squats)[1]
        deleted = Edit(kind="delete_repetition", time_s=turn_s)

        without = reanalyse(squats, edits=[deleted])
        again = reanalyse(squats, edits=[deleted, Edit(kind="add_repetition", time_s=turn_s + 0.1)])

        assert turns(without) == [one for one in turns(squats) if one != turn_s]
        assert turns(again) == pytest.approx(turns(squats), abs=0.04)
        assert again.exercise is not None
        added = again.exercise.repetitions[1]
        assert (added.index, added.confidence) == (2, 1.0)

    def test_an_added_one_leaves_its_neighbours_their_turns_and_lies_between_them(self, squats: Analysis) -> None:
        assert squats.exercise is not None
        first, second = squats.exercise.repetitions[:2]

        edited = reanalyse(squats, edits=[Edit(kind="add_repetition", time_s=0.7 * first.turn_s + 0.3 * second.turn_s)])

        assert edited.exercise is not None
        before, *_, after = edited.exercise.repetitions[:3]
        assert (before.turn_s, after.turn_s) == (first.turn_s, second.turn_s)
        spans = [(one.start_s, one.end_s) for one in edited.exercise.repetitions]
        assert all(end <= start for (_, end), (start, _) in pairwise(spans))

    def test_where_the_body_does_not_turn_nothing_is_added(self, squats: Analysis) -> None:
        assert turns(reanalyse(squats, edits=[Edit(kind="add_repetition", time_s=0.0)])) == turns(squats)

    def test_contacts_and_sides_leave_repetitions_alone(self, squats: Analysis) -> None:
        edit = Edit(kind="add_contact", time_s=1.0, side="left", contact="heel_strike")

        assert turns(reanalyse(squats, edits=[edit])) == turns(squats)

    def test_a_deleted_repetition_is_not_counted(self, squats: Analysis) -> None:
        assert squats.exercise is not None
        second = squats.exercise.repetitions[1]

        edited = reanalyse(squats, edits=[Edit(kind="delete_repetition", time_s=second.turn_s)]).exercise

        assert edited is not None
        assert edited.count == squats.exercise.count - 1
        assert edited.metrics[0].value == edited.count
        assert [one.index for one in edited.repetitions] == list(range(1, edited.count + 1))
        assert second.turn_s not in [one.turn_s for one in edited.repetitions]

    def test_an_exercise_found_automatically_stays_it_with_few_repetitions_left(self, squats: Analysis) -> None:
        found = reanalyse(squats, settings=AnalysisSettings())
        assert found.exercise is not None
        all_of_them = [Edit(kind="delete_repetition", time_s=one.turn_s) for one in found.exercise.repetitions]

        edited = reanalyse(found, edits=all_of_them)

        assert edited.exercise is not None
        assert edited.exercise.count == 0
        assert edited.activity == found.activity
        assert edited.provenance == found.provenance


class TestSides:
    def test_swapping_the_whole_clip_exchanges_the_numbers_of_the_legs(self, walk: Analysis) -> None:
        whole = Edit(kind="swap_sides", time_s=0.0, to_s=float(walk.track.time_s[-1]))

        edited = reanalyse(walk, edits=[whole])

        assert number(edited, "step_time", "left").value == pytest.approx(number(walk, "step_time", "right").value)
        assert_equal_tracks(edited.track_raw, walk.track_raw)

    @given(start=st.integers(0, 11), length=st.integers(0, 11))
    def test_swapping_twice_changes_nothing(self, start: int, length: int) -> None:
        edit = Edit(kind="swap_sides", time_s=start / 30, to_s=(start + length) / 30)

        assert_equal_tracks(swap_sides(a_track(), [edit, edit]), a_track())

    def test_only_the_named_stretch_is_swapped(self) -> None:
        track = a_track()

        swapped = swap_sides(track, [Edit(kind="swap_sides", time_s=5 / 30, to_s=6 / 30)])

        changed = (swapped.xy_px[:, Keypoint.LEFT_KNEE] == track.xy_px[:, Keypoint.RIGHT_KNEE]).all(axis=1)
        assert np.flatnonzero(changed).tolist() == [5, 6]
        np.testing.assert_array_equal(swapped.xy_px[:, Keypoint.NOSE], track.xy_px[:, Keypoint.NOSE])


class TestTheLayer:
    def test_undoing_brings_back_every_number(self, walk: Analysis) -> None:
        edited = reanalyse(walk, edits=[moved(strikes(walk)[2], 0.05)])

        undone = reanalyse(edited, edits=undone_last(edited.edits))

        assert_equal_analyses(replace(undone, edits=()), walk)
        assert len(undone.edits) == 1

    def test_undo_takes_back_the_last_that_has_an_effect(self) -> None:
        layer = tuple(Edit(kind="delete_repetition", time_s=float(i), undone=i == 2) for i in range(3))

        assert [edit.undone for edit in undone_last(layer)] == [False, True, True]
        assert undone_last(()) == ()

    @given(n=st.integers(1, 5), times=st.integers(1, 5))
    def test_redo_brings_back_what_undo_took_back_in_the_same_order(self, n: int, times: int) -> None:
        layer = tuple(Edit(kind="delete_repetition", time_s=float(i)) for i in range(n))

        back = layer
        for _ in range(min(n, times)):
            back = undone_last(back)
        assert may_redo(back)
        for _ in range(min(n, times)):
            back = redone(back)

        assert back == layer
        assert not may_redo(back)
        assert redone(back) == back

    def test_after_a_new_correction_nothing_that_was_taken_back_can_be_redone(self) -> None:
        layer = undone_last((Edit(kind="delete_repetition", time_s=1.0),))

        assert not may_redo((*layer, Edit(kind="delete_repetition", time_s=2.0)))

    def test_the_report_tells_what_was_corrected(self, walk: Analysis) -> None:
        edit = moved(strikes(walk, "left")[0], 0.05)

        edited = reanalyse(walk, edits=[edit])

        assert "Corrected by hand: the left heel strike moved from" in edited.notes[-1]
        assert to_json(edited)["edits"][0]["kind"] == "move_contact"
        assert to_json(walk)["edits"] == []

    def test_edits_stay_where_they_are_when_the_clip_turns_out_to_be_slow_motion(self, walk: Analysis) -> None:
        edited = reanalyse(walk, edits=[moved(strikes(walk)[2], 0.05)])

        faster = reanalyse(edited, settings=AnalysisSettings(activity="gait", slow_motion=2.0))

        assert faster.edits == stretched(edited.edits, 0.5)
        assert faster.edits[0].to_s in [one.time_s for one in strikes(faster)]

    @pytest.mark.parametrize(
        ("edit", "message"),
        [
            ({"kind": "shout", "time_s": 1.0}, "expected one of move_contact"),
            ({"kind": "swap_sides", "time_s": 1.0}, "expected a second time"),
            ({"kind": "swap_sides", "time_s": 1.0, "to_s": 0.5}, "expected a start before the end"),
            ({"kind": "delete_contact", "time_s": 1.0}, "expected side and kind of a contact"),
            ({"kind": "delete_repetition", "time_s": 1.0, "side": "left"}, "expected no side"),
        ],
    )
    def test_an_edit_that_makes_no_sense_is_refused(self, edit: dict[str, object], message: str) -> None:
        with pytest.raises(ValueError, match=message):
            Edit(**edit)  # type: ignore[arg-type]
