"""Each real clip goes through the network once a run."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from gaitlab.pipeline import PoseEngine, analyse_video
from gaitlab.records import Analysis
from gaitlab.settings import AnalysisSettings

Analyse = Callable[[str], Analysis]


@pytest.fixture(scope="session")
def analysed(shared_data: Path, engine: PoseEngine) -> Analyse:
    """Return a function from the name of a real clip to its analysis, activity found by itself."""

    @cache
    def analyse(name: str) -> Analysis:
        return analyse_video(shared_data / name, AnalysisSettings(), engine=engine)

    return analyse
