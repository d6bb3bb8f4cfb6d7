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


class Analyse(Protocol):
    """From the name of a real clip to its analysis, activity found by itself."""

    def __call__(self, name: str, *, subject: str = "auto") -> Analysis: ...


@pytest.fixture(scope="session")
def analysed(shared_data: Path, engine: PoseEngine) -> Analyse:
    """Return what analyses a clip once, and finds another subject among those it has followed."""
    followed: dict[Path, TrackedPeople] = {}

    def follow_once(
        reader: VideoReader, pool: NetworkPool, *, on_frame: Callable[[int], None] | None = None
    ) -> TrackedPeople:
        path = reader.info.path
        if path not in followed:
            followed[path] = estimate_people(reader, pool, on_frame=on_frame)
        return followed[path]

    @cache
    def analyse(name: str, *, subject: str = "auto") -> Analysis:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pipeline, "estimate_people", follow_once)
            settings = AnalysisSettings(pose=PoseSettings(subject=subject))
            return analyse_video(shared_data / name, settings, engine=engine)

    return analyse
