"""Each real clip goes through the network once a run."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Protocol

import pytest

from gaitlab import pipeline
from gaitlab.pipeline import PoseEngine, analyse_video
from gaitlab.pose.estimate import TrackedPeople, estimate_people
from gaitlab.pose.network_pool import NetworkPool
from gaitlab.records import Analysis
from gaitlab.settings import AnalysisSettings, PoseSettings
from gaitlab.video import VideoReader
from tests.clips import first_seconds


class Analyse(Protocol):
    """From the name of a real clip to its analysis, activity found by itself."""

    def __call__(self, name: str, *, subject: str = "auto") -> Analysis: ...


#: Clips of which the beginning is enough. In this one only legs are seen, and each frame is searched for somebody.
BEGINNINGS_S = {"gait/partial-openpose__walking.mp4": 4.0}


@pytest.fixture(scope="session")
def analysed(shared_data: Path, engine: PoseEngine, tmp_path_factory: pytest.TempPathFactory) -> Analyse:
    """Return what analyses a clip once, and finds another subject among those it has followed."""
    followed: dict[Path, TrackedPeople] = {}

    def follow_once(
        reader: VideoReader, pool: NetworkPool, *, feet: bool, on_frame: Callable[[int], None]
    ) -> TrackedPeople:
        path = reader.info.path
        if path not in followed:
            followed[path] = estimate_people(reader, pool, feet=feet, on_frame=on_frame)
        return followed[path]

    @cache
    def analyse(name: str, *, subject: str = "auto") -> Analysis:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pipeline, "estimate_people", follow_once)
            settings = AnalysisSettings(pose=PoseSettings(subject=subject))
            clip = shared_data / name
            if name in BEGINNINGS_S:
                clip = first_seconds(clip, tmp_path_factory.mktemp("clips") / clip.name, seconds=BEGINNINGS_S[name])
            return analyse_video(clip, settings, engine=engine)

    return analyse
