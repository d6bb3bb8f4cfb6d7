"""Heel strikes and toe-offs of drawn feet, whose time is known by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitlab.gait.events import Event, Pass, find_passes
from gaitlab.gait.feet.contacts import heel_strikes, toe_offs
from gaitlab.gait.feet.positions import Feet, feet_of, floor_speed_px_s, walking_speed_px_s
from gaitlab.gait.markers import has_marked_feet
from gaitlab.motion.camera_view import forward_direction
from gaitlab.records import FloatArray, PoseTrack
from gaitlab.settings import GaitSettings
from tests.builders import mirrored, walker, with_feet

FPS = 100.0
TIME_S = np.arange(300) / FPS
WALKING_PX_S = 100.0
STRIKES = [Event(side="left", kind="heel_strike", time_s=0.5), Event(side="left", kind="heel_strike", time_s=1.5)]
OFFS = [Event(side="left", kind="toe_off", time_s=1.1), Event(side="left", kind="toe_off", time_s=2.1)]


def a_pass() -> Pass:
    """Return legs that stand on the floor all the time: it goes back under the hips at 100 px/s."""
    ahead = np.repeat(-WALKING_PX_S * TIME_S[:, np.newaxis], 2, axis=1)
    return Pass(time_s=TIME_S, ahead_px=ahead, leg_px=100.0, period_s=1.0, standing=np.zeros(len(TIME_S), bool))


def bumps(at_s: list[float], width_s: float = 0.04) -> FloatArray:
    """Return a speed that is 1 at some moments, and 0 far from them."""
    return np.asarray(np.sum([np.exp(-0.5 * ((TIME_S - one) / width_s) ** 2) for one in at_s], axis=0))


def ramps(at_s: list[float], slope_s: float) -> FloatArray:
    """Return a speed that rises from 0 at some moments by 1 each `slope_s`, for 0.15 s."""
    since = [TIME_S - one for one in at_s]
    speeds = [np.where((after >= 0.0) & (after < 0.15), after / slope_s, 0.0) for after in since]
    return np.asarray(np.sum(speeds, axis=0))


def moving(forward_px_s: FloatArray, up_px_s: FloatArray) -> FloatArray:
    """Return the way of a point of both feet, shape (T, 2, 2)."""
    way = np.stack([np.cumsum(forward_px_s), np.cumsum(up_px_s)], axis=1) / FPS
    return np.repeat(way[:, np.newaxis], 2, axis=1)


def falling(share: float, at_s: list[float], heel_px_s: FloatArray | None = None) -> Feet:
    """Return feet whose middle falls at most at a share of the walking speed."""
    fall = -2.0 * share * WALKING_PX_S * bumps(at_s)  # of the toe alone: twice that of the middle
    heel = np.zeros_like(TIME_S) if heel_px_s is None else heel_px_s
    return Feet(heel_px=moving(heel, np.zeros_like(TIME_S)), toe_px=moving(heel, fall))


def lifted(at_s: list[float], slope_s: float = 0.02) -> Feet:
    """Return toes that start to go forward at some moments, by one walking speed each `slope_s`."""
    still = np.zeros_like(TIME_S)
    return Feet(heel_px=moving(still, still), toe_px=moving(WALKING_PX_S * ramps(at_s, slope_s), still))


def times(events: list[Event] | None) -> list[float]:
    assert events is not None
    return [one.time_s for one in events]


def test_a_heel_strikes_where_the_foot_falls_fastest() -> None:
    assert times(heel_strikes(a_pass(), falling(0.5, [0.53, 1.52]), STRIKES)) == pytest.approx([0.53, 1.52], abs=0.006)


@pytest.mark.parametrize(("share", "strikes_s"), [(0.21, 0.53), (0.19, 0.505)])
def test_a_foot_that_hardly_falls_has_landed_when_its_heel_has_nearly_stopped(share: float, strikes_s: float) -> None:
    slowing = WALKING_PX_S * np.clip((0.51 - TIME_S) / 0.01, 0.0, 1.0)  # half of it at 0.505 s
    found = times(heel_strikes(a_pass(), falling(share, [0.53], slowing), STRIKES[:1]))
    assert found == pytest.approx([strikes_s], abs=0.006)


def test_a_toe_is_off_52_ms_before_it_goes_at_2_2_times_the_walking_speed() -> None:
    found = times(toe_offs(a_pass(), lifted([1.1, 2.15]), [*STRIKES, *OFFS]))
    assert found == pytest.approx([1.1 + 2.2 * 0.02 - 0.052, 2.15 + 2.2 * 0.02 - 0.052], abs=0.006)


@pytest.mark.parametrize(("later_s", "is_seen"), [(-0.04, True), (-0.07, False), (0.10, True), (0.14, False)])
def test_a_foot_falls_near_the_foremost_moment_of_its_ankle(later_s: float, is_seen: bool) -> None:
    found = heel_strikes(a_pass(), falling(0.5, [0.5 + later_s]), STRIKES[:1])
    assert (found is not None and found[0].time_s == pytest.approx(0.5 + later_s, abs=0.006)) is is_seen


@pytest.mark.parametrize(("away_s", "is_seen"), [(-0.12, False), (-0.08, True), (0.23, True), (0.27, False)])
def test_a_toe_leaves_near_the_rearmost_moment_of_its_ankle(away_s: float, is_seen: bool) -> None:
    feet = lifted([1.1 + away_s - 2.2 * 0.02])
    assert (toe_offs(a_pass(), feet, [*STRIKES, OFFS[0]]) is not None) is is_seen


def test_a_contact_whose_foot_is_not_seen_moves_like_the_others() -> None:
    feet = falling(0.5, [0.53, 1.53])
    unseen = np.where(((TIME_S > 1.4) & (TIME_S < 1.7))[:, np.newaxis, np.newaxis], np.nan, feet.toe_px)
    assert times(heel_strikes(a_pass(), replace(feet, toe_px=unseen), STRIKES))[1] == pytest.approx(1.53, abs=0.006)


def test_feet_that_are_hardly_ever_seen_leave_it_to_the_ankles() -> None:
    nowhere = np.full((len(TIME_S), 2, 2), np.nan)
    assert heel_strikes(a_pass(), Feet(heel_px=nowhere, toe_px=nowhere), STRIKES) is None
    assert toe_offs(a_pass(), Feet(heel_px=nowhere, toe_px=nowhere), OFFS) is None


def test_on_a_treadmill_speeds_are_those_over_the_belt() -> None:
    belt = np.zeros((len(TIME_S), 2, 2))
    belt[:, :, 0] = -WALKING_PX_S * TIME_S[:, np.newaxis]
    feet = lifted([1.1, 2.1])
    on_belt = Feet(heel_px=feet.heel_px + belt, toe_px=feet.toe_px + belt)
    events = [*STRIKES, *OFFS]
    assert floor_speed_px_s(a_pass(), on_belt, events) == pytest.approx(-WALKING_PX_S)
    assert walking_speed_px_s(a_pass(), events) == pytest.approx(WALKING_PX_S)
    assert times(toe_offs(a_pass(), on_belt, events)) == pytest.approx(times(toe_offs(a_pass(), feet, events)))


@given(later_s=st.floats(-5.0, 5.0), larger=st.floats(0.2, 5.0))
def test_contacts_move_with_time_and_do_not_depend_on_the_size_of_the_picture(later_s: float, larger: float) -> None:
    feet, walk, events = falling(0.5, [0.53, 1.53]), a_pass(), [*STRIKES, *OFFS]
    shifted = replace(walk, time_s=walk.time_s + later_s, ahead_px=larger * walk.ahead_px)
    scaled = Feet(heel_px=larger * feet.heel_px, toe_px=larger * feet.toe_px)
    moved = [replace(one, time_s=one.time_s + later_s) for one in events]
    plain = times(heel_strikes(walk, feet, events))
    assert times(heel_strikes(shifted, scaled, moved)) == pytest.approx([one + later_s for one in plain], abs=1e-6)


def test_forward_and_up_are_those_of_the_person_in_the_mirror_too() -> None:
    track = walker(fps=60.0).track
    there = _feet(with_feet(track, heel_px=(-12.0, 14.0), toe_px=(30.0, 16.0)))
    back = _feet(with_feet(mirrored(track), heel_px=(12.0, 14.0), toe_px=(-30.0, 16.0)))
    for one, other in ((there.heel_px, back.heel_px), (there.toe_px, back.toe_px)):
        assert np.diff(one, axis=0) == pytest.approx(np.diff(other[:, ::-1], axis=0), abs=1e-6)


def _feet(track: PoseTrack) -> Feet:
    (walk,) = find_passes(track, forward_direction(track), GaitSettings())
    feet = feet_of(track, walk)
    assert feet is not None
    return feet


def test_only_feet_of_markers_are_measured_with() -> None:
    track = walker().track
    doubted = track.score.copy()
    doubted[3, 5] = 0.8
    assert not has_marked_feet(track)
    assert has_marked_feet(with_feet(track))
    assert not has_marked_feet(replace(with_feet(track), score=doubted))
