"""Walks turned, tilted, at odd rates and at another speed: the right cadence, or none with the reason.

The keypoints of real walks are changed as a changed video would change them, so the network need not run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from gaitlab.archive.samples import analyse_sample, samples
from gaitlab.formats.csv import read_track
from gaitlab.motion.level import turned
from gaitlab.pipeline import analyse_track
from gaitlab.records import Analysis, FloatArray, PoseTrack, SourceInfo
from gaitlab.settings import AnalysisSettings
from tests.regression.test_instrumented import truth_of

pytestmark = pytest.mark.accuracy

RIGHT_WITHIN = 0.03
Change = Callable[[PoseTrack], PoseTrack]


def at(track: PoseTrack, when_s: FloatArray) -> PoseTrack:
    """Return the poses between frames along straight lines, as frames that are blended show them."""
    after = np.clip(np.searchsorted(track.time_s, when_s, side="right"), 1, len(track) - 1)
    before = after - 1
    share = ((when_s - track.time_s[before]) / (track.time_s[after] - track.time_s[before])).clip(0, 1)
    xy = track.xy_px[before] + share[:, np.newaxis, np.newaxis] * (track.xy_px[after] - track.xy_px[before])
    return replace(track, time_s=when_s, xy_px=xy, score=np.minimum(track.score[before], track.score[after]))


def at_rate(fps: float) -> Change:
    """Return the change to fewer frames, each a real one."""

    def change(track: PoseTrack) -> PoseTrack:
        wanted = np.arange(track.time_s[0], track.time_s[-1], 1 / fps)
        rows = np.unique([int(np.argmin(np.abs(track.time_s - when_s))) for when_s in wanted])
        return replace(track, time_s=track.time_s[rows], xy_px=track.xy_px[rows], score=track.score[rows])

    return change


def blended(track: PoseTrack) -> PoseTrack:
    slow = at_rate(24.0)(track)
    return at(slow, np.arange(slow.time_s[0], slow.time_s[-1], 1 / 60))


def ramped(slower: float) -> Change:
    def change(track: PoseTrack) -> PoseTrack:
        first_s, last_s = np.quantile(track.time_s, [0.3, 0.65])
        slow_s = (slower - 1) * (track.time_s.clip(first_s, last_s) - first_s)
        return replace(track, time_s=track.time_s + slow_s)

    return change


SAME: Mapping[str, Change] = {
    "7.5 frames/s": at_rate(7.5),
    "12 frames/s": at_rate(12.0),
    "60 blended": blended,
    **{f"turned by {deg:g}": partial(turned, clockwise_deg=deg) for deg in (5.0, -10.0, 15.0, 90.0, -90.0, 180.0)},
}
WRONG_SPEED: Mapping[str, tuple[Change, str]] = {
    "half": (lambda track: replace(track, time_s=2.0 * track.time_s), "slow-motion factor to 2"),
    "double": (lambda track: replace(track, time_s=0.5 * track.time_s), "slow-motion factor to 0.5"),
    "ramp to half": (ramped(2.0), "unequal times"),
    "ramp to a quarter": (ramped(4.0), "unequal times"),
    "ramp to double": (ramped(0.5), "unequal times"),
}


def analysed(track: PoseTrack) -> Analysis:
    source = SourceInfo(file="track", frames=len(track), duration_s=None, fps_mean=None)
    return analyse_track(track, AnalysisSettings(activity="gait"), source=source)


@pytest.fixture(scope="module")
def walks(shared_data: Path) -> Mapping[str, tuple[PoseTrack, float]]:
    """Every third walker with sensors, and the recorded clips, with their cadence."""
    found = {
        case["file"]: (read_track(shared_data / case["file"]), float(case["truth"]["cadence_spm"]))
        for case in truth_of(shared_data, "gait_tracks")[::3]
    }
    for sample in samples():
        if sample.activity == "gait":
            analysis = analyse_sample(sample)
            assert analysis.metrics[0].value is not None
            if analysis.subject.view == "side":
                found[sample.file] = (analysis.track_raw, analysis.metrics[0].value)
    return found


@pytest.mark.parametrize("name", SAME)
def test_a_changed_walk_keeps_its_cadence(walks: Mapping[str, tuple[PoseTrack, float]], name: str) -> None:
    for file, (track, cadence_spm) in walks.items():
        cadence = analysed(SAME[name](track)).metrics[0]
        assert cadence.value == pytest.approx(cadence_spm, rel=RIGHT_WITHIN), file


@pytest.mark.parametrize("name", WRONG_SPEED)
def test_a_walk_at_another_speed_has_no_wrong_cadence_that_is_sure(
    walks: Mapping[str, tuple[PoseTrack, float]], name: str
) -> None:
    change, reason = WRONG_SPEED[name]
    n_told = 0
    for file, (track, cadence_spm) in walks.items():
        analysis = analysed(change(track))
        cadence = analysis.metrics[0]
        right = cadence.value is not None and cadence.value == pytest.approx(cadence_spm, rel=RIGHT_WITHIN)
        assert right or cadence.value is None or cadence.confidence < 0.8, file
        n_told += right or any(reason in text for text in (*analysis.notes, str(cadence.reason)))
    assert n_told >= len(walks) - 2  # a part at a quarter of the speed may leave too few steps to see a change
