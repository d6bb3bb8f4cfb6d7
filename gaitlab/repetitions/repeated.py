"""Any movement that repeats, whatever it is: how far the posture is from where it rests."""

from __future__ import annotations

from gaitlab.exercises import REPEATED
from gaitlab.settings import RepetitionSettings
from gaitlab.types import AngleSeries, ExerciseSummary, SmoothedTrack

__all__ = ["count_repeated"]


def count_repeated(smoothed: SmoothedTrack, angles: AngleSeries, settings: RepetitionSettings) -> ExerciseSummary:
    """Count any movement that repeats."""
    return ExerciseSummary(name=REPEATED, count=0, partial=0, repetitions=(), metrics=())
