"""Recorded exercises played before a live session: the same counts as in the analysis."""

from __future__ import annotations

import pytest

from gaitlab.pipeline import analyse_track
from gaitlab.settings import AnalysisSettings
from gaitlab.types import SourceInfo
from tests.exercise_clips import EXERCISE_CLIPS, ExerciseClip, recorded
from tests.unit.test_live import readings


@pytest.mark.parametrize("clip", EXERCISE_CLIPS, ids=[clip.name for clip in EXERCISE_CLIPS])
def test_live_counts_what_the_analysis_counts_and_takes_nothing_back(clip: ExerciseClip) -> None:
    track = recorded(clip)
    source = SourceInfo(file="recorded", frames=len(track), duration_s=None, fps_mean=None)
    exercise = analyse_track(track, AnalysisSettings(activity=clip.activity), source=source).exercise
    assert exercise is not None
    counts = [reading.count or 0 for _, reading in readings(track, clip.activity)]
    assert counts == sorted(counts)
    # One that the clip breaks off has not come back yet.
    assert counts[-1] == sum("cut off" not in one.notes for one in exercise.repetitions)
