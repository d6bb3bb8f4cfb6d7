"""The same walk mirrored, smaller, brighter, darker or at half the rate has the same cadence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from gaitlab.picture import upright_rgb
from gaitlab.pipeline import PoseEngine, analyse_track
from gaitlab.pose.estimate import estimate_people
from gaitlab.pose.people import join_stretches, whole_track
from gaitlab.settings import AnalysisSettings
from gaitlab.types import FloatArray, Frame, Picture, SourceInfo, UInt8Array
from gaitlab.video import frames

pytestmark = pytest.mark.accuracy

#: Cadence by the heel strikes that were read by eye, steps/min.
WALKS = {"gait/walking-gait-as__walk.mp4": 85.3, "gait/biomech-of-gait_normal_01.mp4": 102.8}
LOOKS: dict[str, Callable[[UInt8Array], UInt8Array]] = {
    "mirrored": lambda rgb: np.ascontiguousarray(rgb[:, ::-1]),
    "half size": lambda rgb: np.asarray(cv2.resize(rgb, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8),
    "brighter": lambda rgb: np.clip(rgb * 1.4 + 10, 0, 255).astype(np.uint8),
    "darker": lambda rgb: (rgb * 0.5).astype(np.uint8),
    "half rate": lambda rgb: rgb,
}


def changed(clip: Path, look: str) -> Iterator[Frame]:
    kept = (frame for frame in frames(clip) if look != "half rate" or frame.index % 2 == 0)
    for index, frame in enumerate(kept):
        picture = Picture.of_rgb(LOOKS[look](upright_rgb(frame.picture)))
        yield Frame(index=index, time_s=frame.time_s, picture=picture)


def cadence_spm(clip: Path, look: str, engine: PoseEngine) -> float | None:
    sighting = estimate_people(changed(clip, look), engine.crew)
    largest = max(join_stretches(sighting.stretches), key=len)
    times: FloatArray = sighting.time_s
    track = whole_track(largest, time_s=times, image_wh=(960, 540))
    source = SourceInfo(file=clip.name, frames=len(times), duration_s=None, fps_mean=None)
    gait = analyse_track(track, AnalysisSettings(activity="gait"), source=source).gait
    return gait.metrics[0].value if gait else None


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("walk", WALKS)
def test_a_changed_picture_gives_the_same_cadence(shared_data: Path, engine: PoseEngine, walk: str, look: str) -> None:
    assert cadence_spm(shared_data / walk, look, engine) == pytest.approx(WALKS[walk], rel=0.03)
