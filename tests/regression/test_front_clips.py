"""Real clips from the front: legs on a treadmill, and people who do something else there."""

from __future__ import annotations

import pytest

from gaitlab.pipeline import analyse_track
from gaitlab.settings import AnalysisSettings
from tests.regression.conftest import Analyse

pytestmark = pytest.mark.accuracy  # walks and exercises before the camera are drawn or recorded in the unit tests


def test_legs_on_a_treadmill_give_their_cadence(analysed: Analyse) -> None:
    """The picture repeats itself after 29.2 frames: 123 steps/min."""
    analysis = analysed("gait/partial-openpose__walking.mp4")
    cadence = analysis.metrics[0]
    assert (analysis.activity.kind, analysis.subject.view, cadence.name) == ("gait", "front", "cadence")
    assert cadence.value == pytest.approx(123.0, rel=0.03)


@pytest.mark.parametrize("clip", ["jacks_front_6", "lunges_first_2"])
def test_jumps_and_lunges_before_the_camera_are_no_walk(analysed: Analyse, clip: str) -> None:
    analysis = analysed(f"exercise/{clip}.mp4")
    again = analyse_track(analysis.track_raw, AnalysisSettings(activity="gait"), source=analysis.source)
    assert again.gait is not None
    assert again.gait.contacts == ()
    assert again.gait.metrics[0].value is None
