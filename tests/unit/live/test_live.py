"""Live: what is counted while the movement goes on, and what the person is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from gaitlab.errors import UsageError
from gaitlab.live import Follower, LiveResult, LiveSession
from gaitlab.live.cues import cue_for
from gaitlab.live.session import Follow, believed
from gaitlab.live.tally import Shown, Tally, Total
from gaitlab.live.turns import Levels, Since, Turn, TurnWatch, last_return_s, n_repetitions, sure_turns
from gaitlab.live.window import TrackWindow
from gaitlab.pose.detection import Detection
from gaitlab.records import Analysis, FormNote, Picture, PoseTrack, Repetition
from gaitlab.records.skeleton import Keypoint
from gaitlab.repetitions.exercises import EXERCISES
from gaitlab.ui.shared.help_texts import live_unit
from tests.app.builders_ui import squats
from tests.builders import squatter, standing, walker, with_rows
from tests.builders_scene import FPS, GREEN, RED, WH, Box, draw, places, pool

BLANK = Picture.of_rgb(np.zeros((8, 8, 3), dtype=np.uint8))
READ_EVERY_S = 1.5


def follow_of(track: PoseTrack) -> Follow:
    """Return what finds the pose of the track in the picture of its time."""

    def follow(picture: Picture, time_s: float) -> Detection | None:
        at = int(np.searchsorted(track.time_s, time_s - 1e-9))
        if not (track.score[at] > 0).any():
            return None
        return Detection(xy_px=track.xy_px[at], score=track.score[at], colour=np.zeros(3))

    return follow


def results(track: PoseTrack, activity: str, *, every_s: float = READ_EVERY_S) -> Iterator[tuple[float, LiveResult]]:
    """Play a track before a live session and yield what it says now and then, and at the end."""
    session = LiveSession(follow_of(track), activity)
    next_s = 0.0
    for time_s in track.time_s.tolist():
        session.see(BLANK, time_s)
        if time_s >= next_s:
            next_s += every_s
            yield time_s, session.read()
    yield time_s, session.read()


def final(track: PoseTrack, activity: str) -> LiveResult:
    *_, (_, last) = results(track, activity)
    return last


def repetition(turn_s: float, *, notes: tuple[str, ...] = ()) -> Repetition:
    return Repetition(
        index=1, side="both", start_s=turn_s - 1, turn_s=turn_s, end_s=turn_s + 1, range_deg=None, notes=notes
    )


def after(track: PoseTrack, pause_s: float, then: PoseTrack) -> PoseTrack:
    """Return one track after another."""
    return PoseTrack(
        time_s=np.concatenate([track.time_s, then.time_s + track.time_s[-1] + pause_s]),
        xy_px=np.concatenate([track.xy_px, then.xy_px]),
        score=np.concatenate([track.score, then.score]),
        image_wh=track.image_wh,
    )


def test_every_squat_is_counted_soon_after_it_and_none_is_taken_back() -> None:
    track = squatter(reps=5, fps=15)
    counts = [result.count for _, result in results(track, "squat")]
    assert counts == sorted(counts, key=lambda one: one or 0)
    assert counts[-1] == 5


def test_the_count_goes_on_when_the_first_squats_have_left_the_window() -> None:
    set_of_two, rest = squatter(reps=2, fps=10), standing(duration_s=31.0, fps=10)
    track = after(after(set_of_two, 0.1, rest), 0.1, set_of_two)
    assert final(track, "squat").count == 4


def test_shallow_squats_are_counted_and_told() -> None:
    result = final(squatter(reps=3, fps=15, depth_deg=70.0), "squat")
    assert (result.count, result.shallow, result.asks_for_more) == (3, 3, True)
    full = final(squatter(reps=3, fps=15), "squat")
    assert (full.shallow, full.asks_for_more) == (0, False)
    assert live_unit("squat", shallow=3) == "Squats, 3 shallow"
    assert live_unit("squat") == "Squats"


def test_standing_is_not_counted() -> None:
    assert final(standing(duration_s=6.0, noise_px=1.0), "squat").count == 0


def test_the_tempo_is_that_of_the_squats() -> None:
    assert final(squatter(reps=4, tempo_s=2.0, rest_s=1.0, fps=15), "squat").tempo_per_min == pytest.approx(
        20.0, rel=0.03
    )


def test_the_parts_of_the_last_squat_are_those_of_its_movement() -> None:
    phases_s = final(squatter(reps=2, tempo_s=3.0, rest_s=1.0), "squat").phases_s
    assert phases_s == pytest.approx((1.25, 0.0, 1.25), abs=0.2)  # the counted way is a little shorter
    assert final(squatter(reps=0, tempo_s=3.0, rest_s=4.0), "squat").phases_s is None


def test_walking_gives_its_cadence_and_no_count() -> None:
    result = final(walker(cadence_spm=104.0, n_strikes=12).track, "gait")
    assert result.cadence_spm == pytest.approx(104.0, rel=0.03)
    assert result.count is None


@pytest.mark.parametrize(("unevenness", "is_uneven"), [(0.0, False), (0.2, True)])
def test_steps_that_differ_by_more_than_can_be_measured_are_uneven(unevenness: float, is_uneven: bool) -> None:
    result = final(walker(cadence_spm=104.0, n_strikes=12, unevenness=unevenness).track, "gait")
    assert result.step_asymmetry_pct == pytest.approx(200 * unevenness, abs=4.0)
    assert result.is_uneven is is_uneven


def test_too_few_steps_say_nothing_of_evenness() -> None:
    result = final(walker(cadence_spm=104.0, n_strikes=5).track, "gait")
    assert result.step_asymmetry_pct is None


def test_a_cadence_that_cannot_be_told_is_missing_and_the_cue_says_why() -> None:
    result = final(standing(duration_s=4.0), "gait")
    assert result.cadence_spm is None
    assert "steps" in result.cue


def test_an_exercise_is_recognised_with_its_third_repetition_and_none_is_lost() -> None:
    told = [(result.activity, result.count) for _, result in results(squatter(reps=5, fps=15), "auto")]
    assert told[0] == ("auto", None)
    assert list(dict.fromkeys(told))[1:] == [("squat", 3), ("squat", 4), ("squat", 5)]


def test_what_was_recognised_once_stays_when_the_person_walks_off() -> None:
    track = after(squatter(reps=3, fps=15), 0.1, walker(cadence_spm=104.0, n_strikes=12).track)
    assert (final(track, "auto").activity, final(track, "auto").count) == ("squat", 3)


def test_walking_is_recognised_by_its_cadence() -> None:
    result = final(walker(cadence_spm=104.0, n_strikes=12).track, "auto")
    assert (result.activity, result.count) == ("gait", None)
    assert result.cadence_spm == pytest.approx(104.0, rel=0.03)


@pytest.mark.parametrize(("activity", "words"), [("auto", "three times"), ("repeated", "third time")])
def test_what_is_not_known_yet_is_asked_to_go_on(activity: str, words: str) -> None:
    result = final(squatter(reps=2, fps=15), activity)
    assert result.count is None
    assert words in result.cue


def test_any_movement_is_counted_from_the_third_time_on_also_beyond_the_window() -> None:
    track = squatter(reps=20, tempo_s=2.0, rest_s=1.0, fps=8)
    counts = [result.count for _, result in results(track, "repeated", every_s=3.0)]
    assert list(dict.fromkeys(counts)) == [None, *range(3, 21)]


def test_an_activity_that_is_not_known_is_refused_with_those_that_are() -> None:
    with pytest.raises(UsageError, match="gait, squat"):
        LiveSession(follow_of(standing()), "chess")


def test_a_frame_from_the_past_is_refused() -> None:
    session = LiveSession(follow_of(standing()), "squat")
    session.see(BLANK, 1.0)
    with pytest.raises(ValueError, match="more than"):
        session.see(BLANK, 1.0)


def test_joints_that_are_hardly_seen_are_not_drawn() -> None:
    track = with_rows(standing(), slice(None), Keypoint.LEFT_WRIST, xy_px=(5.0, 5.0), score=0.1)
    seen = LiveSession(follow_of(track), "squat").see(BLANK, 0.0)
    assert np.isnan(seen.xy_px[Keypoint.LEFT_WRIST]).all()
    assert np.isfinite(seen.xy_px[Keypoint.RIGHT_WRIST]).all()


def watched(track: PoseTrack, *, quiet_s: float = 4.0) -> LiveSession:
    """Play a track before a session that is read where the count may have changed, and now and then."""
    session, read_s = LiveSession(follow_of(track), "squat"), -np.inf
    for time_s in track.time_s.tolist():
        session.see(BLANK, time_s)
        if time_s - read_s >= (0.5 if session.may_have_changed() else quiet_s):
            session.read()
            read_s = time_s
    return session


def test_a_rest_in_which_the_last_squat_leaves_what_is_watched_changes_nothing() -> None:
    rested = watched(after(squatter(reps=4, tempo_s=3.0), 1 / 30, standing(duration_s=12.0)))
    assert rested.tells_turns
    assert not rested.may_have_changed()


def test_where_what_is_watched_does_not_show_what_is_counted_each_reading_may_change_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(TurnWatch, "last_return_s", lambda *_: -np.inf)
    session = watched(squatter(reps=5, tempo_s=3.0))
    assert session.read().count == 5
    assert session.may_have_changed()


def test_after_three_squats_a_reading_may_change_the_count_only_when_another_one_has_come_back() -> None:
    track = squatter(reps=5, tempo_s=3.0, rest_s=1.0)  # they turn at 2.5, 6.5 ... and are back at 4, 8 ... seconds
    session = LiveSession(follow_of(track), "squat")
    changes = []
    for time_s in track.time_s.tolist():
        session.see(BLANK, time_s)
        if session.may_have_changed():
            session.read()
            changes.append(time_s)
    after_two = (track.time_s > 8.5) & (track.time_s < 9.5)
    assert set(track.time_s[after_two].tolist()) <= set(changes)
    late = [time_s for time_s in changes if time_s > 12.0]
    assert late == pytest.approx([15.3, 19.3], abs=0.5)


@pytest.mark.parametrize("activity", ["gait", "repeated", "auto"])
def test_where_no_turn_is_watched_each_reading_may_tell_something_else(activity: str) -> None:
    session = LiveSession(follow_of(walker(n_strikes=12).track), activity)
    session.see(BLANK, 0.5)
    session.read()
    assert session.may_have_changed()


class TestTally:
    """Counts of overlapping windows become one."""

    def looks(self, seconds: int, shift_s: Callable[[int], float]) -> list[int]:
        """Return the count at each look a second at movements of three seconds, as a window of a minute shows them."""
        tally, counts = Tally(window_s=60.0, since_s=0.0), []
        for now_s in range(seconds):
            turns_s = np.arange(1.0, seconds, 3.0) + shift_s(now_s)
            seen = turns_s[(turns_s > now_s - 60) & (turns_s < now_s - 1)].tolist()
            counts.append(tally.update([repetition(turn_s) for turn_s in seen], now_s=float(now_s)).count)
        return counts

    def test_those_that_have_left_the_window_stay_counted(self) -> None:
        assert self.looks(302, lambda _: 0.0)[-1] == 100

    def test_looks_half_a_period_apart_add_nothing_up(self) -> None:
        assert abs(self.looks(302, lambda look: 1.5 * (look % 2))[-1] - 100) <= 2

    def test_turning_points_that_tremble_are_not_counted_twice(self) -> None:
        chance = np.random.default_rng(1)
        assert self.looks(302, lambda _: chance.uniform(-0.3, 0.3))[-1] == 100

    def test_each_count_replaces_the_one_before(self) -> None:
        tally = Tally(window_s=30.0, since_s=0.0)
        assert [tally.update(seen, now_s=9.0).count for seen in ([repetition(2.0)], [], [repetition(2.5)])] == [1, 0, 1]

    @pytest.mark.parametrize(("now_s", "left"), [(27.0, 0), (27.1, 1)])
    def test_the_older_half_of_a_window_is_settled_when_nine_tenths_of_it_are_full(
        self, now_s: float, left: int
    ) -> None:
        tally = Tally(window_s=30.0, since_s=0.0)
        tally.update([repetition(2.0)], now_s=now_s)
        assert tally.update([], now_s=now_s).count == left

    def test_what_came_before_the_first_frame_of_the_window_is_not_counted(self) -> None:
        assert Tally(window_s=30.0, since_s=40.0).update([repetition(39.0), repetition(45.0)], now_s=50.0).count == 1

    def test_two_more_at_once_are_believed_when_they_are_seen_again(self) -> None:
        tally, one, three = (
            Tally(window_s=30.0, since_s=0.0),
            [repetition(2.0)],
            [repetition(t) for t in (2.0, 4.0, 6.0)],
        )
        assert [tally.update(seen, now_s=8.0).count for seen in (one, three, one, three, three)] == [1, 2, 1, 2, 3]

    def test_one_on_its_way_back_counts_and_shallow_ones_are_told(self) -> None:
        seen = [repetition(2.0), replace(repetition(4.0, notes=("cut off",)), is_shallow=True)]
        assert Tally(window_s=30.0, since_s=0.0).update(seen, now_s=5.0) == Total(2, 1)


class TestBelieved:
    """What is unlike the first repetitions waits until more of them are seen."""

    @pytest.mark.parametrize(
        ("sure", "n"),
        [((0.3, 0.9), 1), ((0.49, 0.9, 0.9), 2), ((0.5, 0.9), 2), ((0.3, 0.9, 0.9, 0.9), 4)],
    )
    def test_what_is_less_sure_is_told_when_three_are_sure(self, sure: tuple[float, ...], n: int) -> None:
        assert len(believed([replace(repetition(2.0 * i), confidence=one) for i, one in enumerate(sure)])) == n

    @pytest.mark.parametrize(("sure", "n"), [((0.3, 0.3), 2), ((0.7, 0.3, 0.3), 3), ((0.7, 0.3), 1)])
    def test_where_most_are_unsure_all_are_told(self, sure: tuple[float, ...], n: int) -> None:
        assert len(believed([replace(repetition(2.0 * i), confidence=one) for i, one in enumerate(sure)])) == n

    def test_none_are_none(self) -> None:
        assert list(believed([])) == []


class TestShown:
    """The number on the page hardly ever goes down."""

    @pytest.mark.parametrize(("now_s", "shown"), [(5.9, 3), (6.1, 2)])
    def test_it_falls_when_counts_have_been_lower_for_three_seconds(self, now_s: float, shown: int) -> None:
        number = Shown()
        number.update(3, now_s=3.0)
        number.update(2, now_s=4.0)
        assert number.update(2, now_s=now_s) == shown

    def test_one_count_that_agrees_begins_the_time_anew(self) -> None:
        number = Shown()
        assert [number.update(n, now_s=t) for t, n in ((0.0, 3), (2.0, 2), (2.5, 3), (5.0, 2))] == [3, 3, 3, 3]

    def test_it_falls_by_one_at_a_time(self) -> None:
        number = Shown()
        assert [number.update(n, now_s=t) for t, n in ((0.0, 3), (3.1, 0), (3.2, 0), (6.3, 0))] == [3, 2, 2, 1]


def times(values: Sequence[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.arange(float(len(values)))


class TestTurns:
    """Repetitions told at their turn; a signal with ten values a second, from rest at 0 to the turn at 1."""

    LEVELS = Levels.usual(0.0, 1.0)

    def turns(self, *values: float) -> list[Turn]:
        return sure_turns(times(values) / 10, np.array(values), self.LEVELS)

    def test_a_turn_is_told_with_the_last_moment_at_rest_and_the_highest_one(self) -> None:
        assert self.turns(0.0, 0.3, 0.8, 1.0, 0.9, 0.0, 0.2, 0.9, 0.8) == [Turn(0.1, 0.3), Turn(0.6, 0.7)]

    @pytest.mark.parametrize(("back", "n"), [(0.975, 0), (0.965, 1)])
    def test_it_has_turned_when_it_has_come_back_by_three_hundredths_of_the_way(self, back: float, n: int) -> None:
        assert len(self.turns(0.0, 1.0, back)) == n

    def test_one_that_is_held_has_not_turned_because_it_may_not_come_back(self) -> None:
        assert self.turns(0.0, *[1.0] * 20) == []

    @pytest.mark.parametrize(("top", "n"), [(0.74, 0), (0.76, 1)])
    def test_one_that_turns_before_three_quarters_of_the_way_is_left_to_the_count(self, top: float, n: int) -> None:
        assert len(self.turns(0.0, top, 0.5, 0.0)) == n

    @pytest.mark.parametrize(("valley", "n"), [(0.36, 1), (0.34, 2)])
    def test_one_that_does_not_come_to_rest_between_is_one(self, valley: float, n: int) -> None:
        assert len(self.turns(0.0, 1.0, valley, 1.0, 0.5)) == n

    def test_a_movement_under_way_when_it_comes_into_sight_is_none(self) -> None:
        assert self.turns(0.6, *[1.0] * 5, 0.5) == []

    def test_what_is_not_seen_is_passed_over(self) -> None:
        assert self.turns(0.0, np.nan, 1.0, np.nan, 0.5) == [Turn(0.0, 0.2)]

    @pytest.mark.parametrize(("other_s", "n"), [(0.9, 1), (1.1, 2)])
    def test_limbs_that_leave_rest_within_half_the_way_out_of_one_are_one(self, other_s: float, n: int) -> None:
        assert n_repetitions([Turn(other_s, 2.6), Turn(0.0, 2.0)]) == n

    def test_a_first_repetition_needs_the_levels_of_the_row(self) -> None:
        row = EXERCISES["squat"].counting
        levels = Levels.of_row(row)
        deep, shallow = ([-1.0, row.full_level + more, -1.0] for more in (0.01, -0.01))
        assert len(sure_turns(times(deep), np.array(deep), levels)) == 1
        assert sure_turns(times(shallow), np.array(shallow), levels) == []


class TestLastReturn:
    """The last turn from which the signal came half the way back, also where it turned early."""

    def last_s(self, *values: float) -> float:
        return last_return_s(times(values), np.array(values), Levels.usual(0.0, 1.0))

    @pytest.mark.parametrize(("back", "turn_s"), [(0.51, -np.inf), (0.49, 1.0)])
    def test_half_the_way_back_is_a_return(self, back: float, turn_s: float) -> None:
        assert self.last_s(0.0, 1.0, back) == turn_s

    def test_one_that_turned_early_is_one_too(self) -> None:
        assert self.last_s(0.0, 0.6, 0.1) == 1.0

    def test_without_one_it_is_long_ago(self) -> None:
        assert self.last_s(0.0, 0.3, 0.0, np.nan) == -np.inf

    def test_of_several_the_last_one_is_told_when_it_has_come_back(self) -> None:
        assert self.last_s(0.0, 1.0, 0.0, 1.0) == 1.0
        assert self.last_s(0.0, 1.0, 0.0, 1.0, 0.4) == 3.0


class TestTurnWatch:
    """Squats of three seconds with a second of rest, seen frame by frame; they turn at 2.5, 6.5 ... seconds."""

    SQUAT = EXERCISES["squat"]
    WH = (1920, 1080)

    def watch(self, track: PoseTrack, until_s: float) -> TurnWatch:
        watch = TurnWatch()
        for time_s, xy_px in zip(track.time_s.tolist(), track.xy_px, strict=True):
            if time_s <= until_s:
                watch.add(time_s, xy_px)
        return watch

    def n_turns(self, track: PoseTrack, since: Since, until_s: float = np.inf) -> int:
        return self.watch(track, until_s).n_turns(self.SQUAT, since, self.WH)

    def test_nothing_is_seen_before_two_frames(self) -> None:
        watch = TurnWatch()
        assert watch.n_turns(self.SQUAT, Since(-np.inf, -np.inf), self.WH) == 0
        watch.learn(self.SQUAT, [repetition(2.0)], self.WH)

    def test_a_squat_is_told_once_and_soon_after_its_turn(self) -> None:
        track = squatter(reps=1, tempo_s=3.0, rest_s=1.0)
        told = [self.n_turns(track, Since(-np.inf, -np.inf), until_s) for until_s in (2.4, 2.8, 4.0)]
        assert told == [0, 1, 1]

    def test_one_that_a_count_knows_is_not_told_again(self) -> None:
        track = squatter(reps=1, tempo_s=3.0, rest_s=1.0)
        assert self.n_turns(track, Since(2.5, -np.inf)) == 0
        assert self.n_turns(track, Since(-np.inf, 3.0)) == 0

    def test_a_signal_that_did_not_move_in_what_was_counted_is_not_watched(self) -> None:
        track = squatter(reps=1, tempo_s=3.0, rest_s=1.0)
        watch = self.watch(track, np.inf)
        still = replace(repetition(0.6), start_s=0.2, end_s=0.9)
        watch.learn(self.SQUAT, [still], self.WH)
        assert watch.n_turns(self.SQUAT, Since(-np.inf, -np.inf), self.WH) == 0

    def test_shallow_squats_are_told_when_the_others_were_as_shallow(self) -> None:
        track = squatter(reps=2, tempo_s=3.0, rest_s=1.0, depth_deg=70.0)
        first = replace(repetition(2.5), start_s=1.0, end_s=4.0)
        watch = self.watch(track, np.inf)
        since = Since(2.5, 2.5)
        before = watch.n_turns(self.SQUAT, since, self.WH)
        watch.learn(self.SQUAT, [first], self.WH)
        assert (before, watch.n_turns(self.SQUAT, since, self.WH)) == (0, 1)

    def test_reach_goes_from_rest_to_the_turn_of_a_full_squat(self) -> None:
        track = squatter(reps=1, tempo_s=3.0, rest_s=1.0)
        reach = {at_s: self.watch(track, at_s).reach(self.SQUAT, self.WH)["both"] for at_s in (0.9, 1.75, 2.5)}
        assert reach[0.9] == pytest.approx(0.0, abs=0.05)
        assert 0.1 < reach[1.75] < reach[2.5]
        assert reach[2.5] > 1.0

    def test_a_shallow_squat_stays_below_one(self) -> None:
        track = squatter(reps=1, tempo_s=3.0, rest_s=1.0, depth_deg=70.0)
        assert 0.5 < self.watch(track, 2.5).reach(self.SQUAT, self.WH)["both"] < 1.0

    def test_rest_is_where_the_repetitions_of_the_person_begin(self) -> None:
        track = squatter(reps=1, tempo_s=3.0, rest_s=1.0)
        watch = self.watch(track, np.inf)
        watch.learn(self.SQUAT, [replace(repetition(2.5), start_s=1.0, end_s=4.0)], self.WH)
        assert watch.reach(self.SQUAT, self.WH)["both"] == pytest.approx(0.0, abs=0.02)

    def test_a_side_that_is_not_seen_now_or_not_watched_has_no_reach(self) -> None:
        track = squatter(reps=1, tempo_s=3.0, rest_s=1.0)
        watch = self.watch(track, np.inf)
        watch.learn(self.SQUAT, [replace(repetition(0.6), start_s=0.2, end_s=0.9)], self.WH)
        assert watch.reach(self.SQUAT, self.WH) == {}
        unseen = self.watch(track, np.inf)
        unseen.add(float(track.time_s[-1]) + 0.1, np.full((17, 2), np.nan))
        assert unseen.reach(self.SQUAT, self.WH) == {}
        assert TurnWatch().reach(self.SQUAT, self.WH) == {}


class TestWindow:
    """The newest frames and no more."""

    def test_it_keeps_the_last_seconds(self) -> None:
        window = TrackWindow(length_s=2.0, fps_max=30.0)
        for i in range(300):
            window.add(i / 30, np.full((17, 2), float(i)), np.ones(17))
        track = window.track((640, 480))
        assert track is not None
        assert track.time_s[[0, -1]].tolist() == pytest.approx([299 / 30 - 2.0 + 1 / 30, 299 / 30], abs=0.04)
        assert track.xy_px[-1, 0, 0] == 299.0
        assert np.all(np.diff(track.time_s) > 0)

    def test_frames_that_come_too_fast_are_thinned_out(self) -> None:
        window = TrackWindow(length_s=2.0, fps_max=30.0)
        for i in range(240):
            window.add(i / 120, None, None)
        track = window.track((640, 480))
        assert track is not None
        assert len(track) == pytest.approx(60, abs=1)

    def test_a_single_frame_is_no_track(self) -> None:
        window = TrackWindow(length_s=2.0, fps_max=30.0)
        window.add(0.0, None, None)
        assert window.track((640, 480)) is None


class TestCues:
    """One sentence, the most urgent one."""

    def test_nobody_before_the_camera(self) -> None:
        empty = standing(duration_s=2.0)
        empty = PoseTrack(time_s=empty.time_s, xy_px=empty.xy_px, score=np.zeros((60, 17)), image_wh=empty.image_wh)
        assert "Nobody is seen" in cue_for(empty, None, needs=(), waiting="Go on.")

    def test_the_first_moment_is_no_reproach(self) -> None:
        assert cue_for(None, None, needs=(), waiting="Go on.") == "One moment…"
        assert cue_for(standing(duration_s=0.2), None, needs=(), waiting="Go on.") == "One moment…"

    def test_feet_outside_the_picture(self) -> None:
        track = squatter(reps=2)
        for ankle in (Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE):
            track = with_rows(track, slice(None), ankle, xy_px=(0.0, 0.0), score=0.05)
        assert "feet" in final(track, "squat").cue

    def test_a_squat_well_done_is_praised_and_then_forgotten(self) -> None:
        track = after(squatter(reps=2, fps=15, depth_deg=115.0), 0.1, standing(duration_s=8.0, fps=15))
        cues = [result.cue for _, result in results(track, "squat")]
        assert "Good." in cues
        assert cues[-1].startswith("Ready")

    def test_a_shallow_repetition_is_told(self) -> None:
        shallow = replace(self._last(), is_shallow=True)
        told = self._with(repetitions=(replace(shallow, turn_s=0.2, start_s=0.1, end_s=0.4, is_shallow=False), shallow))
        assert "shallow" in cue_for(standing(duration_s=2.0), told, needs=(), waiting="Go on.")

    def test_a_full_repetition_after_a_shallow_one_is_no_shallow_one(self) -> None:
        before = replace(self._last(), turn_s=0.2, start_s=0.1, end_s=0.4, is_shallow=True)
        told = self._with(repetitions=(before, self._last()))
        assert cue_for(standing(duration_s=2.0), told, needs=(), waiting="Go on.") == "Good."

    def test_what_was_noticed_of_the_last_repetition_is_said_as_a_sentence(self) -> None:
        note = FormNote(rule="trunk_lean", time_s=1.5, text="trunk leans 48 degrees", value=48.0)
        told = self._with(repetitions=(self._last(note),))
        assert cue_for(standing(duration_s=2.0), told, needs=(), waiting="Go on.") == "Trunk leans 48 degrees."

    def _last(self, *form: FormNote) -> Repetition:
        return replace(repetition(1.0), start_s=0.5, end_s=1.5, form=form)

    def _with(self, *, repetitions: tuple[Repetition, ...]) -> Analysis:
        analysis = squats()
        assert analysis.exercise is not None
        return replace(analysis, exercise=replace(analysis.exercise, repetitions=repetitions))


class TestFollower:
    """Following coloured blocks, whose places are known."""

    AT: Box = (250, 90, 90, 200)

    def test_the_skeleton_is_where_the_person_is(self) -> None:
        with closing(pool()) as blocks:
            follower = Follower(blocks)
            looks = [follower.follow(Picture.of_rgb(draw([(RED, self._moved(i))])), i / FPS) for i in range(10)]
        last = looks[-1]
        assert last is not None
        assert np.abs(last.xy_px - places(self._moved(9))).max() < 6.0

    def test_an_empty_picture_shows_nobody(self) -> None:
        with closing(pool()) as blocks:
            assert Follower(blocks).follow(Picture.of_rgb(draw([])), 0.0) is None

    def test_somebody_larger_who_comes_later_does_not_take_over(self) -> None:
        with closing(pool()) as blocks:
            follower = Follower(blocks)
            follower.follow(Picture.of_rgb(draw([(RED, self.AT)])), 0.0)
            both = Picture.of_rgb(draw([(RED, self.AT), (GREEN, (450, 20, 150, 330))]))
            look = follower.follow(both, 0.1)
        assert look is not None
        assert np.abs(look.xy_px - places(self.AT)).max() < 6.0

    def test_of_two_the_larger_one_is_followed_and_of_two_as_large_the_one_in_the_middle(self) -> None:
        far, near, middle = (40, 120, 70, 160), (450, 60, 120, 270), (270, 90, 90, 200)
        assert self._followed([(RED, near), (GREEN, far)]) == near
        assert self._followed([(RED, (40, 90, 90, 200)), (GREEN, middle)]) == middle

    def test_who_was_pointed_at_is_followed_and_if_nobody_stands_there_the_next_one(self) -> None:
        far, near = (40, 120, 70, 160), (450, 60, 120, 270)
        assert self._followed([(RED, near), (GREEN, far)], at=(0.11, 0.5)) == far
        assert self._followed([(RED, near), (GREEN, far)], at=(0.3, 0.5)) == far
        assert self._followed([(RED, near), (GREEN, far)], at=(0.6, 0.5)) == near

    @pytest.mark.parametrize(("after_s", "follows"), [(1.9, "the same one"), (2.1, "the nearest one")])
    def test_who_was_not_looked_for_in_two_seconds_may_be_anywhere(self, after_s: float, follows: str) -> None:
        near = (450, 20, 150, 330)
        with closing(pool()) as blocks:
            follower = Follower(blocks)
            follower.follow(Picture.of_rgb(draw([(RED, self.AT)])), 0.0)
            look = follower.follow(Picture.of_rgb(draw([(RED, self.AT), (GREEN, near)])), after_s)
        assert look is not None
        box = self.AT if follows == "the same one" else near
        assert np.abs(look.xy_px - places(box)).max() < 6.0

    def test_who_was_pointed_at_may_leave_then_the_nearest_is_followed(self) -> None:
        far, near = (40, 120, 70, 160), (450, 60, 120, 270)
        with closing(pool()) as blocks:
            follower = Follower(blocks, at=(0.11, 0.5))
            follower.follow(Picture.of_rgb(draw([(RED, near), (GREEN, far)])), 0.0)
            looks = [follower.follow(Picture.of_rgb(draw([(RED, near)])), 0.1 * i) for i in range(1, 10)]
        assert looks[-1] is not None
        assert np.abs(looks[-1].xy_px - places(near)).max() < 6.0

    def _followed(self, people: list[tuple[int, Box]], *, at: tuple[float, float] | None = None) -> Box | None:
        with closing(pool()) as blocks:
            seen = Follower(blocks, at=at).follow(Picture.of_rgb(draw(people)), 0.0)
        assert seen is not None
        return next((box for _, box in people if np.abs(seen.xy_px - places(box)).max() < 6.0), None)

    def test_who_has_left_is_looked_for_anew(self) -> None:
        elsewhere: Box = (20, 60, 120, 260)
        with closing(pool()) as blocks:
            follower = Follower(blocks)
            follower.follow(Picture.of_rgb(draw([(RED, self.AT)])), 0.0)
            new = Picture.of_rgb(draw([(RED, elsewhere)]))
            looks = [follower.follow(new, 0.1 * i) for i in range(1, 10)]
        assert looks[0] is None
        assert looks[-1] is not None
        assert np.abs(looks[-1].xy_px - places(elsewhere)).max() < 6.0

    def test_a_camera_that_is_turned_starts_anew(self) -> None:
        with closing(pool()) as blocks:
            follower = Follower(blocks)
            follower.follow(Picture.of_rgb(draw([(RED, self.AT)])), 0.0)
            small = Picture.of_rgb(np.ascontiguousarray(draw([(RED, self.AT)])[:, : WH[0] - 100]))
            assert follower.follow(small, 0.3) is not None

    def _moved(self, i: int) -> Box:
        left, top, width, height = self.AT
        return (left + 2 * i, top, width, height)
