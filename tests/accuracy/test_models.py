"""Every model that can be had follows the walker and measures the walk, or says why not."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from gaitlab.pipeline import analyse_video, open_engine
from gaitlab.pose.weights.manifest import pose_models
from gaitlab.pose.weights.resolve import find_model
from gaitlab.settings import AnalysisSettings, PoseSettings

pytestmark = pytest.mark.accuracy

#: Share of the cadence read by eye, from three steps; the other models: 0.1.
WITHIN = {"movenet-thunder-fp16": 0.03, "movenet-thunder-int8": 0.05}


@pytest.mark.parametrize("name", [model.name for model in pose_models() if model.can_be_checked])
def test_a_walk_with_every_model(shared_data: Path, name: str) -> None:
    if find_model(name) is None:
        pytest.skip(f"the model is not on this machine; `gaitlab models fetch {name}` gets it")
    settings = AnalysisSettings(activity="gait", pose=PoseSettings(model=name))
    with closing(open_engine(settings.pose)) as engine:
        analysis = analyse_video(shared_data / "gait/walking-gait-as__walk.mp4", settings, engine=engine)
    assert analysis.gait is not None
    cadence = analysis.gait.metrics[0]
    assert analysis.subject.frames_tracked > 100
    share = WITHIN.get(name, 0.1)
    assert cadence.reason if cadence.value is None else cadence.value == pytest.approx(85.3, rel=share)
