"""The counter on people of the shared data: laboratories' tracks of good and bad form, and push-ups of many."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.evidence import EVIDENCE, entries, track_of
from gaitlab.pipeline import analyse_track
from gaitlab.records import ExerciseSummary, PoseTrack, SourceInfo
from gaitlab.settings import AnalysisSettings

pytestmark = pytest.mark.accuracy

Tracks = list[tuple[PoseTrack, Mapping[str, Any]]]


def tracks(which: str) -> Tracks:
    """Return the tracks of a set with what is known of them."""
    return [(track_of(name), entry) for name, entry in entries().items() if entry["set"] == which]


def counted(track: PoseTrack, activity: str) -> ExerciseSummary:
    source = SourceInfo(file="evidence", frames=len(track), duration_s=None, fps_mean=None)
    exercise = analyse_track(track, AnalysisSettings(activity=activity), source=source).exercise
    assert exercise is not None
    return exercise


def errors(found: list[tuple[int, int]]) -> np.ndarray[Any, Any]:
    return np.array([abs(count - true) for count, true in found])


@pytest.fixture(scope="module")
def people(shared_data: Path) -> Tracks:
    assert shared_data / "evidence" == EVIDENCE
    return tracks("uiprmd")


def test_any_movement_of_people_in_a_laboratory_is_counted(people: Tracks) -> None:
    correct = [(track, entry["truth"]) for track, entry in people if entry["truth"]["correct"]]
    whole = [(track, truth) for track, truth in correct if "seated_s" not in truth]
    off = errors([(counted(track, "repeated").count, truth["reps"]) for track, truth in whole])
    assert np.mean(off == 0) >= 0.95
    assert np.mean(off <= 1) >= 0.99


def test_named_exercises_of_people_in_a_laboratory_are_counted(people: Tracks) -> None:
    named = [(track, entry["truth"]) for track, entry in people if entry["truth"]["named"]]
    good, bad = (
        errors([(counted(t, truth["named"]).count, truth["reps"]) for t, truth in named if truth["correct"] == correct])
        for correct in (True, False)
    )
    assert np.mean(good == 0) >= 0.9
    assert np.mean(bad <= 1) >= 0.9


def test_five_rises_that_end_standing_are_five(people: Tracks) -> None:
    fives = [(track, entry) for track, entry in people if "rises5" in entry["name"]]
    assert [counted(track, "sit-to-stand").count for track, _ in fives] == [5] * len(fives)


@pytest.mark.usefixtures("shared_data")
def test_push_ups_of_many_people_are_found() -> None:
    found: dict[bool, list[bool]] = {True: [], False: []}
    for track, entry in tracks("pushfit"):
        found[entry["truth"]["correct"]].append(counted(track, "push-up").count > 0)
    assert np.mean(found[True]) >= 0.97
    assert np.mean(found[False]) >= 0.9
