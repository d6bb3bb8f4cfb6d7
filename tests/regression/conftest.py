"""Each real clip goes through the network once a run."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from gaitlab.pipeline import PoseEngine, analyse_video, open_engine
from gaitlab.pose.engine import FINDER
from gaitlab.settings import AnalysisSettings, PoseSettings
from gaitlab.types import Analysis

Analyse = Callable[[str], Analysis]


@pytest.fixture(scope="session")
def engine(thunder: Path) -> PoseEngine:
    """Return the default engine; `thunder` skips where there is no model."""
    engine = open_engine(PoseSettings())
    if not engine.crew.finds_several:
        pytest.skip(
            f"the model that tells people apart is not on this machine; `gaitlab models fetch {FINDER}` gets it"
        )
    return engine


@pytest.fixture(scope="session")
def analysed(shared_data: Path, engine: PoseEngine) -> Analyse:
    """Return a function from the name of a real clip to its analysis, activity found by itself."""

    @cache
    def analyse(name: str) -> Analysis:
        return analyse_video(shared_data / name, AnalysisSettings(), engine=engine)

    return analyse
