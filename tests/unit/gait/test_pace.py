"""Clips that do not play at the speed of life: by the time the legs swing, and by strides of unequal length in time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gaitlab.pipeline import analyse_track
from gaitlab.records import Analysis, PoseTrack, SourceInfo
from gaitlab.settings import AnalysisSettings
from tests.builders import track_of, walker


def analysed(track: PoseTrack, *, slow_motion: float = 1.0) -> Analysis:
    source = SourceInfo(file="walk", frames=len(track), duration_s=None, fps_mean=None)
    return analyse_track(track, AnalysisSettings(slow_motion=slow_motion), source=source)


def played(track: PoseTrack, speed: float) -> PoseTrack:
    return replace(track, time_s=track.time_s / speed)


def ramped(track: PoseTrack, slower: float, *, first: float = 0.4, last: float = 0.7) -> PoseTrack:
    """Return the clip with the part between two shares of it played `slower` times as slow."""
    t = track.time_s
    a, b = (share * t[-1] for share in (first, last))
    return track_of(track.xy_px, time_s=t + (slower - 1.0) * (t.clip(a, b) - a))


@pytest.mark.parametrize(
    ("speed", "word", "factor"),
    [(0.5, "slowed down", "to 2"), (0.25, "", "to 4"), (2.0, "played too fast", "to 0.5")],
)
def test_a_walk_at_another_speed_has_no_cadence_but_the_factor(speed: float, word: str, factor: str) -> None:
    analysis = analysed(played(walker(cadence_spm=100.0, fps=60.0, n_strikes=14).track, speed))
    assert all(one.value is None for one in analysis.metrics if one.name == "cadence")
    assert not word or word in str(analysis.metrics[0].reason)
    (note,) = [note for note in analysis.notes if f"slow-motion factor {factor}" in note]
    assert ("this is slow motion" if speed < 1 else "the clip plays too fast") in note


@pytest.mark.parametrize("factor", [2.0, 0.5])
def test_with_its_factor_it_is_the_walk_as_filmed(factor: float) -> None:
    walk = played(walker(cadence_spm=100.0, fps=60.0).track, 1.0 / factor)
    assert analysed(walk, slow_motion=factor).metrics[0].value == pytest.approx(100.0, rel=0.01)


# A drawn walker's toe-off is found late, so a swing of 0.38 of the stride measures some 0.33.
@pytest.mark.parametrize(
    ("cadence_spm", "is_given", "is_sure"),
    [(63.0, False, False), (66.0, True, False), (68.0, True, False), (72.0, True, True)],
)
def test_the_slower_the_legs_swing_the_less_sure(cadence_spm: float, is_given: bool, is_sure: bool) -> None:
    cadence = analysed(walker(cadence_spm=cadence_spm, n_strikes=14).track).metrics[0]
    assert (cadence.value is not None, cadence.confidence >= 0.8) == (is_given, is_sure)


@pytest.mark.parametrize(
    ("cadence_spm", "is_given", "is_sure"),
    [(178.0, False, False), (168.0, True, False), (135.0, True, False), (125.0, True, True)],
)
def test_the_faster_the_legs_swing_the_less_sure(cadence_spm: float, is_given: bool, is_sure: bool) -> None:
    cadence = analysed(walker(cadence_spm=cadence_spm, fps=60.0, n_strikes=14).track).metrics[0]
    assert (cadence.value is not None, cadence.confidence >= 0.8) == (is_given, is_sure)


@pytest.mark.parametrize(("slower", "is_given"), [(1.15, True), (1.5, False), (2.0, False), (4.0, False)])
def test_a_part_in_slow_motion_is_told_and_there_is_no_cadence(slower: float, is_given: bool) -> None:
    analysis = analysed(ramped(walker(n_strikes=14, fps=60.0).track, slower))
    given = [one for one in analysis.metrics if one.name == "cadence" and one.value is not None]
    told = [text for text in (*analysis.notes, str(analysis.metrics[0].reason)) if "unequal times" in text]
    assert (bool(given), bool(told)) == (is_given, not is_given)


def test_a_limp_is_no_change_of_speed() -> None:
    assert analysed(walker(unevenness=0.2, n_strikes=14, fps=60.0).track).metrics[0].value == pytest.approx(
        110, rel=0.01
    )


def test_a_pause_is_no_change_of_speed() -> None:
    walk = walker(n_strikes=10, stand_before_s=2.0, stand_after_s=2.0).track
    assert analysed(walk).metrics[0].value == pytest.approx(110.0, rel=0.01)
