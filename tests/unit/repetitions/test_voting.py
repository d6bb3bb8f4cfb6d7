"""A vote on when a movement turns: turning points of one signal, of many, and of the drawn exercises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest

from gaitlab.motion.smoothing import smooth_track
from gaitlab.records import FloatArray, PoseTrack
from gaitlab.records.skeleton import Keypoint
from gaitlab.repetitions.body import Body
from gaitlab.repetitions.body_signals import ONE_SIDED, RATE_HZ, TWO_SIDED, BodySignals
from gaitlab.repetitions.exercises import EXERCISES
from gaitlab.repetitions.finding import Movement
from gaitlab.repetitions.repeated import by_heights
from gaitlab.repetitions.turning_points import turning_points
from gaitlab.repetitions.voting import Turns, any_turns, named_turns, vote
from gaitlab.settings import RepetitionSettings, SmoothingSettings
from tests.builders import PLACED_FRAMES, PLACED_HEIGHT_PX, placed_body, standing, walker
from tests.builders_exercise import Plan, exerciser

STILL = np.zeros(round(RATE_HZ))
HILL_ROWS = 60


def hill(size: float = 1.0) -> FloatArray:
    """Return a rise from 0 to `size` and back on a cosine within two seconds, without the last sample."""
    return np.asarray(size * (1 - np.cos(2 * np.pi * np.arange(HILL_ROWS) / HILL_ROWS)) / 2)


def rows_of(signal: FloatArray, *, ends_at_turn: bool = False) -> list[int]:
    found = turning_points(signal, ends_at_turn=ends_at_turn)
    return [] if found is None else found.rows.tolist()


def movement(exercise: str, plan: Plan, *, yaw_deg: float = 0.0) -> Movement:
    track = exerciser(exercise, plan, yaw_deg=yaw_deg, noise_px=0.5).track
    return Movement(smooth_track(track, SmoothingSettings()).track, RepetitionSettings())


def test_each_hill_turns_at_its_top() -> None:
    assert rows_of(np.concatenate([STILL, hill(), hill(), STILL])) == [60, 120]


@pytest.mark.parametrize(("size", "n"), [(0.27, 3), (0.23, 2)])
def test_a_smaller_hill_from_rest_to_rest_counts_from_a_quarter_of_the_usual_size(size: float, n: int) -> None:
    assert len(rows_of(np.concatenate([STILL, hill(), hill(size), hill(), STILL]))) == n


def test_a_smaller_hill_at_the_top_of_another_one_is_shaking() -> None:
    signal = np.concatenate([STILL, hill(), hill(), hill(), STILL])
    signal[60 + HILL_ROWS - 6 : 60 + HILL_ROWS + 6] -= 0.4 * np.hanning(12)
    assert len(rows_of(signal)) == 3


def test_many_small_movements_do_not_hide_the_large_ones() -> None:
    """A minute of standing with a sway of a fiftieth, and three repetitions."""
    sway = 0.02 * np.sin(np.arange(round(60 * RATE_HZ)) / 5)
    assert rows_of(np.concatenate([sway, hill(), hill(), hill(), STILL])) == [1830, 1890, 1950]


def test_a_hold_turns_in_its_middle() -> None:
    top = np.ones(30)
    held = np.concatenate([hill()[:30], top, hill()[30:]])
    assert rows_of(np.concatenate([STILL, held, held, STILL])) == pytest.approx([30 + 45, 120 + 45], abs=2)


def test_a_hill_under_way_at_the_first_sample_counts_when_half_of_its_way_out_is_seen() -> None:
    signal = np.concatenate([hill(), hill(), STILL])
    # On a cosine half of the way is made at a quarter of the time, after 15 rows.
    assert [len(rows_of(signal[first:])) for first in (14, 16)] == [2, 1]


def test_a_last_hill_counts_once_it_came_back_by_a_tenth() -> None:
    signal = np.concatenate([STILL, hill(), hill()])
    # A tenth of the way back is made 6.1 rows after the top at row 120.
    assert [len(rows_of(signal[:stop])) for stop in (127, 129)] == [1, 2]


def test_a_last_hill_that_may_end_at_its_turn_counts_from_nine_tenths_of_the_height() -> None:
    signal = np.concatenate([STILL, hill(), hill()])
    # Nine tenths are reached 6.1 rows before the top at row 120.
    counts = [len(rows_of(signal[:stop], ends_at_turn=True)) for stop in (112, 117)]
    assert counts == [1, 2]


def test_a_signal_that_moves_by_less_than_a_twentieth_of_the_body_has_no_vote() -> None:
    assert turning_points(np.concatenate([STILL, hill(0.045), hill(0.045), STILL])) is None
    assert turning_points(np.concatenate([STILL, hill(0.055), hill(0.055), STILL])) is not None


@pytest.mark.parametrize(("share", "known"), [(0.25, False), (0.35, True)])
def test_a_signal_that_is_hardly_seen_has_no_vote(share: float, known: bool) -> None:
    signal = np.tile(hill(), 10)
    signal[round(share * len(signal)) :] = np.nan
    assert (turning_points(signal) is not None) == known


def test_a_turn_needs_the_weight_that_is_asked_for() -> None:
    twice, once = np.concatenate([STILL, hill(), hill(), STILL]), np.concatenate([STILL, hill(), 0 * hill(), STILL])
    signals = {"one": twice, "other": twice, "third": once}
    assert vote(signals, dict.fromkeys(signals, 1), share_min=0.5).rows.tolist() == [60, 120]
    assert vote({"one": twice, "third": once}, {"one": 1, "third": 1}, share_min=0.8).rows.tolist() == [60]


def test_signals_that_agree_are_surer_than_signals_that_do_not() -> None:
    twice, once = np.concatenate([STILL, hill(), hill(), STILL]), np.concatenate([STILL, hill(), 0 * hill(), STILL])
    alike = vote({"one": twice, "other": twice}, {"one": 1, "other": 1}, share_min=0.4)
    apart = vote({"one": twice, "other": once}, {"one": 1, "other": 1}, share_min=0.4)
    assert alike.agreement == pytest.approx(1.0)
    assert apart.agreement < 0.8


@pytest.mark.parametrize(("apart_rows", "n"), [(6, 2), (12, 0)])
def test_in_slow_movements_turns_a_fifth_of_a_second_apart_are_one(apart_rows: int, n: int) -> None:
    """Hills of six seconds, after which two signals turn three rows before and after the middle, or six."""
    slow = np.concatenate([np.repeat(hill(), 3), np.repeat(hill(), 3)])
    early = np.concatenate([STILL, slow, STILL])
    signals = {"one": early, "other": np.roll(early, apart_rows)}
    assert vote(signals, dict.fromkeys(signals, 1), share_min=0.8).rows.size == n


def test_two_signals_are_enough_for_a_turn() -> None:
    """Of somebody who shrugs only shoulders and hips are seen: the height of the shoulders, and that over the hips."""
    rises = 0.15 * PLACED_HEIGHT_PX * np.sin(np.pi * np.arange(PLACED_FRAMES) / (PLACED_FRAMES - 1))
    shoulders = np.stack([np.full(PLACED_FRAMES, 300.0), 100.0 - rises], axis=1)
    hips = (300.0, 220.0)
    seen = placed_body(LEFT_SHOULDER=shoulders, RIGHT_SHOULDER=shoulders, LEFT_HIP=hips, RIGHT_HIP=hips)
    assert any_turns(BodySignals(seen)).turns_s == pytest.approx([0.5], abs=0.05)


def test_a_single_turn_has_half_a_second_about_it() -> None:
    turns = any_turns(movement("squat", Plan(reps=1)).signals)
    assert (len(turns.turns_s), turns.near_s) == (1, 1.0)


def test_without_a_signal_there_is_no_turn() -> None:
    assert vote({"one": STILL}, {"one": 1}, share_min=0.5).rows.size == 0


@pytest.mark.parametrize("exercise", sorted(EXERCISES))
def test_the_signals_of_a_row_exist_and_what_carries_it_votes(exercise: str) -> None:
    counting = EXERCISES[exercise].counting
    signals = BodySignals(Body.of(standing()))
    assert all(np.isfinite(signals[name]).any() for name in (*counting.rises, *counting.falls))
    assert set(counting.carried_by) <= {*counting.rises, *counting.falls}


def test_the_height_of_a_joint_is_that_of_both_sides() -> None:
    """The left knee rises by a tenth of the body height while the right one sinks as far."""
    rises = 0.1 * PLACED_HEIGHT_PX * np.sin(np.pi * np.arange(PLACED_FRAMES) / (PLACED_FRAMES - 1))
    still = np.full(PLACED_FRAMES, 300.0)
    left, right = np.stack([still, 200.0 - rises], axis=1), np.stack([still, 200.0 + rises], axis=1)
    level = BodySignals(placed_body(LEFT_KNEE=left, RIGHT_KNEE=right))["knee_height"]
    rising = BodySignals(placed_body(LEFT_KNEE=left, RIGHT_KNEE=left))["knee_height"]
    assert np.ptp(level) == pytest.approx(0.0, abs=1e-6)
    assert np.ptp(rising) > 0.05


def test_every_signal_of_the_body_has_a_value_on_each_moment_of_the_clock() -> None:
    signals = BodySignals(Body.of(walker(n_strikes=8).track))
    assert {signals[name].shape for name in (*TWO_SIDED, *ONE_SIDED)} == {signals.time_s.shape}


@pytest.mark.parametrize("exercise", sorted(EXERCISES))
def test_the_vote_of_a_row_finds_the_turns_of_the_drawn_exercise(exercise: str) -> None:
    done = exerciser(exercise, Plan(reps=5), noise_px=0.5)
    found = Movement(smooth_track(done.track, SmoothingSettings()).track, RepetitionSettings())
    turns = named_turns(found.signals, EXERCISES[exercise].counting, takes_turns=False)
    assert turns.turns_s == pytest.approx(done.turns_s, abs=0.2)
    assert turns.likeness > 0.95


def test_the_counter_of_anything_is_asked_only_where_the_others_differ_if_a_count_must_be_quick() -> None:
    thorough = movement("squat", Plan(reps=5))
    quick = Movement(thorough.body.track, thorough.settings, asks_all=False)
    full, found = (one.found(EXERCISES["squat"]) for one in (thorough, quick))
    assert [one.turn for one in found.excursions] == [one.turn for one in full.excursions]
    assert "repeated" in vars(thorough)
    assert "repeated" not in vars(quick)
    assert found.confidence == pytest.approx(full.confidence * 0.9 / 0.98)


def test_a_movement_that_no_row_names_is_found_as_well() -> None:
    done = exerciser("leg-raise", Plan(reps=6), yaw_deg=90.0, noise_px=0.5)
    found = Movement(smooth_track(done.track, SmoothingSettings()).track, RepetitionSettings())
    assert len(any_turns(found.signals).turns_s) == 6


def test_ends_that_go_another_way_are_left_out_but_not_below_what_is_asked_for() -> None:
    turns = Turns(
        turns_s=np.arange(5.0), is_large=np.ones(5, bool), agreement=1.0, near_s=0.5,
        cosines=np.array([0.92, 0.94, 0.5, 1.0, 0.92]),
    )  # fmt: skip
    assert turns.without_unlike_ends(3).turns_s.tolist() == [1.0, 2.0, 3.0]
    assert turns.without_unlike_ends(4).turns_s.tolist() == [1.0, 2.0, 3.0, 4.0]


def test_small_ones_that_go_nearly_the_same_way_are_doubtful() -> None:
    turns = Turns(
        turns_s=np.arange(4.0), is_large=np.array([True, False, False, True]), agreement=1.0, near_s=0.5,
        cosines=np.array([0.9, 0.96, 0.98, 1.0]),
    )  # fmt: skip
    assert turns.without_doubtful_small_ones().turns_s.tolist() == [0.0, 2.0, 3.0]


def test_legs_step_in_walking_and_running_in_place_but_not_in_jacks_seen_from_the_front() -> None:
    walking = Movement(smooth_track(walker(n_strikes=14).track, SmoothingSettings()).track, RepetitionSettings())
    assert walking.steps
    assert not movement("jumping-jack", Plan(reps=6), yaw_deg=90.0).steps
    assert not movement("squat", Plan(reps=6)).steps


def upright(y_px: Mapping[str, FloatArray | float], n: int) -> Body:
    """Return somebody of whom these joints of both sides are seen, straight over each other."""
    xy_px = np.full((n, 17, 2), np.nan)
    for joint, y in y_px.items():
        for side in ("LEFT", "RIGHT"):
            xy_px[:, Keypoint[f"{side}_{joint}"]] = np.stack(np.broadcast_arrays(np.full(n, 300.0), y), axis=1)
    track = PoseTrack(time_s=np.arange(n) / RATE_HZ, xy_px=xy_px, score=np.ones(xy_px.shape[:2]), image_wh=(640, 480))
    return replace(Body.of(track), height_px=np.full(n, PLACED_HEIGHT_PX))


@pytest.mark.parametrize(("seen_rows", "n"), [(110, 0), (130, 1)])
def test_a_body_part_is_counted_that_is_seen_in_a_fifth_of_the_clip(seen_rows: int, n: int) -> None:
    """Of a clip of 600 rows the hands go up within the first 90."""
    hands = np.concatenate([np.zeros(15), hill(0.3), np.zeros(525)])
    hands[seen_rows:] = np.nan
    body = upright({"SHOULDER": 100.0, "WRIST": 200.0 - PLACED_HEIGHT_PX * hands}, 600)
    assert len(by_heights(body, RepetitionSettings())[0]) == n


def test_of_two_movements_the_even_one_is_counted_though_the_other_is_larger() -> None:
    """Hands go up by 0.30 and 0.24 of the body height in turn, hips sink by 0.25 each time.

    The hands make 1.08 in all, which is worth 0.94 as their sizes differ by a standard deviation of 0.13 of the mean;
    the hips make 1.00.
    """
    rest, n = np.zeros(15), 4
    hands = np.concatenate([rest, *(hill(0.30 if k % 2 else 0.24) for k in range(n)), rest])
    hips = np.concatenate([rest, *(hill(0.25) for _ in range(n)), rest])
    wrists, hips_y = 200.0 - PLACED_HEIGHT_PX * hands, 220.0 + PLACED_HEIGHT_PX * hips
    body = upright({"SHOULDER": 100.0, "WRIST": wrists, "HIP": hips_y, "KNEE": 360.0}, len(hands))
    found, height = by_heights(body, RepetitionSettings())
    assert len(found) == n
    assert float(np.ptp(height)) == pytest.approx(0.25, abs=0.01)


def test_a_walk_repeats_too_but_is_counted_with_little_confidence() -> None:
    walking = Movement(smooth_track(walker(n_strikes=14).track, SmoothingSettings()).track, RepetitionSettings())
    assert len(walking.repeated.excursions) > 2
    assert walking.repeated.confidence < 0.4  # 0.46 without the look at the legs


def test_a_clip_that_begins_in_a_movement_is_less_sure() -> None:
    whole = movement("squat", replace(Plan(), reps=5)).repeated
    done = exerciser("squat", Plan(reps=5), noise_px=0.5)
    first = int(np.argmin(np.abs(done.track.time_s - done.turns_s[0])))
    rows = slice(first, None)
    cut = replace(
        done.track, time_s=done.track.time_s[rows], xy_px=done.track.xy_px[rows], score=done.track.score[rows]
    )
    begun = Movement(smooth_track(cut, SmoothingSettings()).track, RepetitionSettings()).repeated
    assert len(begun.excursions) == 4
    assert begun.confidence < 0.8 <= whole.confidence


@pytest.mark.parametrize(("share_min", "n"), [(0.45, 2), (0.55, 1)])
def test_what_carries_a_movement_has_two_votes(share_min: float, n: int) -> None:
    """The carrier turns twice, two others once: the second turn has two of four votes."""
    twice, once = np.concatenate([STILL, hill(), hill(), STILL]), np.concatenate([STILL, hill(), 0 * hill(), STILL])
    signals = {"carrier": twice, "one": once, "other": once}
    assert vote(signals, dict.fromkeys(signals, 1), main=["carrier"], share_min=share_min).rows.size == n


def seen_every(gaps_s: Sequence[float]) -> FloatArray:
    """Return where the nose is known of somebody who is seen at moments so far apart."""
    time_s = np.concatenate([[0.0], np.cumsum(gaps_s)])
    xy_px = np.full((len(time_s), 17, 2), np.nan)
    xy_px[:, Keypoint.NOSE] = (300.0, 100.0)
    track = PoseTrack(time_s=time_s, xy_px=xy_px, score=np.ones((len(time_s), 17)), image_wh=(640, 480))
    body = replace(Body.of(track), height_px=np.full(len(time_s), PLACED_HEIGHT_PX))
    signals = BodySignals(body)
    return signals.time_s[np.isfinite(signals["nose_height"])]


def test_a_point_is_known_between_moments_less_than_eight_tenths_of_a_second_apart() -> None:
    assert seen_every([0.7] * 4)[[0, -1]] == pytest.approx([0.0, 2.8], abs=0.05)
    assert len(seen_every([0.7] * 4)) == round(2.8 * RATE_HZ) + 1


def test_a_point_is_unknown_in_a_long_gap_before_its_last_moment() -> None:
    known_s = seen_every([0.7] * 4 + [0.9])
    assert known_s[(known_s > 2.85) & (known_s < 3.65)].size == 0


def test_a_first_turn_of_which_only_the_way_back_is_seen_is_as_large_as_that_way() -> None:
    """Hands go up by 0.24 and three times by 0.30 of the body height; the clip begins in the first rise."""
    hands = np.concatenate([hill(0.24)[10:], *(hill(0.30) for _ in range(3)), np.zeros(15)])
    body = upright({"SHOULDER": 100.0, "WRIST": 200.0 - PLACED_HEIGHT_PX * hands}, len(hands))
    assert any_turns(BodySignals(body)).is_large.tolist() == [True] * 4


@pytest.mark.parametrize(("unseen_s", "sure"), [(3.75, 0.98), (3.65, 0.735)])
def test_a_clip_that_ends_more_than_half_way_to_a_turn_is_less_sure(unseen_s: float, sure: float) -> None:
    """The fourth squat begins 5 s before the end; 1.25 s later the hips are down by 0.49 of their way."""
    cut = movement("squat", Plan(reps=4, tempo_s=4.0, cut_end_s=unseen_s)).found(EXERCISES["squat"])
    assert len(cut.excursions) == 3
    assert cut.confidence == pytest.approx(sure, abs=0.01)
