"""Live counts beside the analysis of the same clips, each played through the real tracker and network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import median

import numpy as np
import pytest

from benchmarks.evidence_live import LiveCount, live_counts
from benchmarks.results import SHARED_DATA
from gaitlab.pipeline import analyse_track
from gaitlab.records import ExerciseSummary
from gaitlab.settings import AnalysisSettings
from tests.regression.conftest import Analyse

pytestmark = pytest.mark.accuracy


@pytest.fixture(scope="module")
def counts(shared_data: Path, analysed: Analyse) -> Sequence[LiveCount]:
    """Return every development clip of an exercise, analysed and played live: some minutes."""
    assert shared_data == SHARED_DATA

    def counted(clip: Path, activity: str) -> ExerciseSummary | None:
        found = analysed(clip.relative_to(SHARED_DATA).as_posix())
        return analyse_track(found.track_raw, AnalysisSettings(activity=activity), source=found.source).exercise

    return live_counts(counted=counted)


def test_live_and_analysis_differ_by_one_at_most_and_mostly_agree(counts: Sequence[LiveCount]) -> None:
    errors = {one.name: one.error for one in counts}
    assert {name: error for name, error in errors.items() if abs(error) > 1} == {}
    assert np.mean([error == 0 for error in errors.values()]) >= 0.85


def test_a_count_is_told_soon_after_the_turn(counts: Sequence[LiveCount]) -> None:
    assert median(delay_s for one in counts for delay_s in one.delays_s) <= 0.3


def test_counts_hardly_ever_go_down(counts: Sequence[LiveCount]) -> None:
    assert sum(one.n_falls for one in counts) <= 2
