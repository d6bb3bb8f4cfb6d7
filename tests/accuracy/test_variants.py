"""The same clip mirrored, smaller, brighter, darker, recompressed or at half the rate gives the same number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import takewhile
from pathlib import Path

import cv2
import numpy as np
import pytest

from gaitlab.pipeline import PoseEngine, analyse_track
from gaitlab.pose.estimate import estimate_people
from gaitlab.pose.people import join_stretches, whole_track
from gaitlab.records import Analysis, Frame, Picture, SourceInfo, UInt8Array
from gaitlab.settings import AnalysisSettings
from gaitlab.video import frames
from gaitlab.video.picture import upright_rgb
from tests.exercise_clips import EXERCISE_CLIPS, ExerciseClip

pytestmark = pytest.mark.accuracy

#: Cadence by the heel strikes that were read by eye, steps/min.
WALKS = {"gait/walking-gait-as__walk.mp4": 85.3, "gait/biomech-of-gait_normal_01.mp4": 102.8}
JPEG_QUALITY = 35
N_ENOUGH = 5


def recompressed(rgb: UInt8Array) -> UInt8Array:
    _, coded = cv2.imencode(".jpg", rgb, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)


LOOKS: dict[str, Callable[[UInt8Array], UInt8Array]] = {
    "mirrored": lambda rgb: np.ascontiguousarray(rgb[:, ::-1]),
    "half size": lambda rgb: np.asarray(cv2.resize(rgb, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8),
    "brighter": lambda rgb: np.clip(rgb * 1.4 + 10, 0, 255).astype(np.uint8),
    "darker": lambda rgb: (rgb * 0.5).astype(np.uint8),
    "recompressed": recompressed,
    "half rate": lambda rgb: rgb,
}


def changed(clip: Path, look: str) -> Iterator[Frame]:
    kept = (frame for frame in frames(clip) if look != "half rate" or frame.index % 2 == 0)
    for index, frame in enumerate(kept):
        picture = Picture.of_rgb(LOOKS[look](upright_rgb(frame.picture)))
        yield Frame(index=index, time_s=frame.time_s, picture=picture)


def analysed(clip: Path, look: str, engine: PoseEngine, *, activity: str, until_s: float = float("inf")) -> Analysis:
    tracked = estimate_people(takewhile(lambda frame: frame.time_s < until_s, changed(clip, look)), engine.pool)
    largest = max(join_stretches(tracked.stretches), key=len)
    times = tracked.time_s
    track = whole_track(largest, time_s=times, image_wh=(960, 540))
    source = SourceInfo(file=clip.name, frames=len(times), duration_s=None, fps_mean=None)
    return analyse_track(track, AnalysisSettings(activity=activity), source=source)


def beginning(clip: ExerciseClip) -> tuple[int, float]:
    """Return how many repetitions are looked at, and until when: of ten the first five tell the same."""
    if len(clip.turns_s) <= N_ENOUGH:
        return len(clip.turns_s), float("inf")
    return N_ENOUGH, (clip.turns_s[N_ENOUGH - 1] + clip.turns_s[N_ENOUGH]) / 2


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("walk", WALKS)
def test_a_changed_picture_gives_the_same_cadence(shared_data: Path, engine: PoseEngine, walk: str, look: str) -> None:
    gait = analysed(shared_data / walk, look, engine, activity="gait").gait
    assert gait is not None
    assert gait.metrics[0].value == pytest.approx(WALKS[walk], rel=0.03)


def in_turn() -> Iterator[object]:
    """Yield every exercise clip with two changes, so that each change meets four clips or more."""
    looks = sorted(set(LOOKS) - {"darker"})
    for number, clip in enumerate(EXERCISE_CLIPS):
        for look in (looks[number % len(looks)], looks[(number + 2) % len(looks)]):
            yield pytest.param(clip, look, id=f"{clip.name}-{look}")


@pytest.mark.parametrize(("clip", "look"), list(in_turn()))
def test_a_changed_picture_gives_the_same_count(
    shared_data: Path, engine: PoseEngine, clip: ExerciseClip, look: str
) -> None:
    n, until_s = beginning(clip)
    exercise = analysed(shared_data / clip.file, look, engine, activity=clip.activity, until_s=until_s).exercise
    assert exercise is not None
    assert exercise.count == n
