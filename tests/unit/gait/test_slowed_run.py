"""Somebody who runs in slow motion: nothing that depends on time is given, and the factor is suggested."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gaitlab.pipeline import analyse_track
from gaitlab.records import Analysis, PoseTrack, SourceInfo
from gaitlab.settings import AnalysisSettings
from tests.builders import walker

CADENCE_SPM, SLOWER = 170.0, 4.0


def runner(*, slower: float = 1.0) -> PoseTrack:
    """Return somebody whose feet are down for 25 % of the stride, played `slower` times as slow, 30 frames a second."""
    track = walker(cadence_spm=CADENCE_SPM, stance=0.25, n_strikes=16, fps=30.0 * slower, body_px=200.0).track
    return replace(track, time_s=track.time_s * slower)


def analysed(track: PoseTrack, *, slow_motion: float = 1.0) -> Analysis:
    source = SourceInfo(file="run", frames=len(track), duration_s=None, fps_mean=None)
    return analyse_track(track, AnalysisSettings(slow_motion=slow_motion), source=source)


def test_a_run_as_filmed_has_its_cadence() -> None:
    analysis = analysed(runner())
    assert analysis.gait is not None
    assert analysis.gait.mode == "run"
    assert analysis.metrics[0].value == pytest.approx(CADENCE_SPM, rel=0.01)


def test_a_run_at_a_quarter_of_its_speed_has_steps_but_no_times() -> None:
    analysis = analysed(runner(slower=SLOWER))
    assert analysis.gait is not None
    assert (analysis.activity.kind, analysis.gait.mode) == ("gait", "run")
    assert "slowed down" in str(analysis.metrics[0].reason)
    assert len(analysis.gait.contacts) >= 12
    assert {one.unit for one in analysis.metrics if one.value is not None} == {"deg"}
    assert any("slow-motion factor to 4" in note for note in analysis.notes)


def test_with_its_factor_it_is_the_run_as_filmed() -> None:
    cadence = analysed(runner(slower=SLOWER), slow_motion=SLOWER).metrics[0]
    assert cadence.value == pytest.approx(CADENCE_SPM, rel=0.01)


def test_a_very_slow_walk_is_no_slowed_run() -> None:
    """Who walks slowly stands longer: the swing takes no longer than usual."""
    assert analysed(walker(cadence_spm=48.0, stance=0.75).track).metrics[0].value == pytest.approx(48.0, rel=0.01)
