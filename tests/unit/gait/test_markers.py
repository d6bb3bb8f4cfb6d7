"""Contacts of markers: moved together, and only where feet land as those of people do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.gait.events import Event, Pass
from gaitlab.gait.markers import comes_from_markers, landing_delay_s, moved
from gaitlab.records import FloatArray
from tests.builders import walker

FPS = 100.0
TIME_S = np.arange(200) / FPS
STRIKES = [Event(side="left", kind="heel_strike", time_s=0.5), Event(side="right", kind="heel_strike", time_s=1.0)]


def landing(slowing_s: float) -> Pass:
    """Return feet that go back at 100 px/s, but for the time before and after each strike in which they slow down.

    From the foremost moment on the ankle falls back faster and faster, until after `slowing_s` it stands on the floor.
    """
    ahead = np.stack([_ahead(TIME_S - 0.5, slowing_s), _ahead(TIME_S - 1.0, slowing_s)], axis=1)
    return Pass(time_s=TIME_S, ahead_px=ahead, leg_px=100.0, period_s=1.0, standing=np.zeros(len(TIME_S), bool))


def _ahead(after_s: FloatArray, slowing_s: float) -> FloatArray:
    speed = np.where(after_s < 0, 150.0, -100.0 * np.clip(after_s / slowing_s, 0.0, 1.0))
    return np.cumsum(speed) / FPS


def test_a_foot_has_landed_when_it_keeps_three_tenths_of_the_walking_speed() -> None:
    assert landing_delay_s(landing(0.04), STRIKES) == pytest.approx(0.7 * 0.04, abs=0.01)


@pytest.mark.parametrize(("slowing_s", "is_moved"), [(0.07, True), (0.10, False)])
def test_feet_that_take_longer_than_six_hundredths_of_a_stride_are_left_alone(slowing_s: float, is_moved: bool) -> None:
    assert (landing_delay_s(landing(slowing_s), STRIKES) > 0) is is_moved


def test_nothing_is_moved_in_walking_backward() -> None:
    assert landing_delay_s(replace(landing(0.04), backward=True), STRIKES) == 0.0


def test_all_contacts_move_alike() -> None:
    assert [one.time_s for one in moved(STRIKES, 0.03)] == pytest.approx([0.53, 1.03])


def test_a_network_doubts_some_points_more_than_others() -> None:
    track = walker().track
    doubted = track.score.copy()
    doubted[3, 5] = 0.8
    assert comes_from_markers(track)
    assert not comes_from_markers(replace(track, score=doubted))


def test_points_with_a_score_of_zero_are_not_known_and_tell_nothing() -> None:
    track = walker().track
    score = track.score.copy()
    score[3, 5] = 0.0
    assert comes_from_markers(replace(track, score=score))
