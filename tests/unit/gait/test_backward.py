"""Walking backward: told by the feet and the knees, its touch-downs behind the body, stance withheld."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitlab.gait.backward import cut_at_reversals
from gaitlab.pipeline import analyse_track
from gaitlab.records import Analysis, FloatArray, PoseTrack, SourceInfo
from gaitlab.records.skeleton import Keypoint
from gaitlab.settings import AnalysisSettings
from tests.builders import STANCE, STEP_LENGTH, Walk, mirrored, track_of, walker
from tests.examples import examples
from tests.unit.gait.test_gait_metrics import BODY_PX, STEP_S, planted

HEAD = [Keypoint.NOSE, Keypoint.LEFT_EYE, Keypoint.RIGHT_EYE, Keypoint.LEFT_EAR, Keypoint.RIGHT_EAR]


def played_backward(track: PoseTrack) -> PoseTrack:
    return replace(
        track, time_s=track.time_s[-1] - track.time_s[::-1], xy_px=track.xy_px[::-1], score=track.score[::-1]
    )


def seen_by_a_following_camera(track: PoseTrack, sway_px: FloatArray | float = 0.0) -> PoseTrack:
    """Return the track with the hips in the middle of the picture, or swaying about it."""
    hip_x = track.xy_px[:, [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP], 0].mean(axis=1)
    shift = np.stack([960.0 + sway_px - hip_x, np.zeros(len(track))], axis=1)
    return replace(track, xy_px=track.xy_px + shift[:, np.newaxis])


def lift_offs(walk: Walk, *, cadence_spm: float) -> list[tuple[str, float]]:
    """Return when which foot leaves the ground: 60 % of a stride after each heel strike, and before the first ones."""
    stride_s = 120.0 / cadence_spm
    after = [(side, time_s + STANCE * stride_s) for side, time_s in walk.strikes]
    before = [(side, time_s - (1 - STANCE) * stride_s) for side, time_s in walk.strikes[:2]]
    return sorted([*before, *after], key=lambda one: one[1])


def analysed(track: PoseTrack, **known: float) -> Analysis:
    source = SourceInfo(file="drawn", frames=len(track), duration_s=None, fps_mean=None)
    return analyse_track(track, AnalysisSettings(activity="gait", **known), source=source)  # type: ignore[arg-type]


def value(analysis: Analysis, name: str, side: str | None = None) -> float | None:
    (found,) = [one for one in analysis.metrics if (one.name, one.side) == (name, side)]
    return found.value


@pytest.mark.parametrize("direction", [1, -1])
def test_who_walks_backward_is_told_from_who_walks_forward(direction: int) -> None:
    walk = walker(direction=1 if direction > 0 else -1).track
    facing = "right" if direction > 0 else "left"
    assert (analysed(walk).subject.direction, analysed(walk).subject.facing) == ("forward", facing)
    backward = analysed(played_backward(walk))
    assert (backward.subject.direction, backward.subject.facing) == ("backward", facing)
    assert any("walks backward" in note for note in backward.notes)


@pytest.mark.parametrize("hidden", [[], HEAD], ids=["whole body", "no head"])
@pytest.mark.parametrize("sway_px", [0.0, 150.0])
def test_backward_is_told_where_the_hips_do_not_travel(hidden: list[Keypoint], sway_px: float) -> None:
    """On a treadmill or before a panning camera, even one that runs ahead and falls back; also without a head."""
    for track, direction in ((walker(n_strikes=14).track, "forward"), (None, "backward")):
        walk = track or played_backward(walker(n_strikes=14).track)
        still = seen_by_a_following_camera(walk, sway_px * np.sin(2 * np.pi * walk.time_s / 2.5))
        score = still.score.copy()
        score[:, hidden] = 0.0
        found = analysed(replace(still, score=score))
        assert found.subject.direction == direction
        assert value(found, "cadence") == pytest.approx(110.0, rel=0.02)
        assert value(found, "speed") is None


@pytest.mark.parametrize("cadence_spm", [80.0, 110.0, 135.0])
def test_touch_downs_come_where_the_foot_is_behind_and_falls(cadence_spm: float) -> None:
    """The drawn foot falls fastest a tenth of a stride before it lands."""
    walk = walker(cadence_spm=cadence_spm, fps=60.0)
    analysis = analysed(played_backward(walk.track))
    end_s = float(walk.track.time_s[-1])
    landed = [(side, end_s - time_s) for side, time_s in lift_offs(walk, cadence_spm=cadence_spm)]
    assert analysis.gait is not None
    assert {one.kind for one in analysis.gait.contacts} == {"heel_strike"}
    assert len(analysis.gait.contacts) >= 9
    for contact in analysis.gait.contacts:
        late_s = min(abs(contact.time_s - at) for side, at in landed if side == contact.side)
        assert late_s <= 0.11 * 120.0 / cadence_spm
    assert value(analysis, "cadence") == pytest.approx(cadence_spm, rel=0.01)


def test_stance_and_swing_are_withheld_walking_backward() -> None:
    analysis = analysed(played_backward(walker().track))
    withheld = [one for one in analysis.metrics if one.name.startswith(("stance", "swing", "double"))]
    assert [one.value for one in withheld] == [None] * len(withheld)
    assert all("walking backward" in str(one.reason) for one in withheld)


def test_step_length_and_speed_are_those_of_the_way_walked() -> None:
    step_m = STEP_LENGTH * BODY_PX / 200.0
    for track in (planted(), played_backward(planted())):
        analysis = analysed(track, px_per_m=200.0)
        for side in ("left", "right"):
            assert value(analysis, "step_length", side) == pytest.approx(step_m, rel=0.03)
        assert value(analysis, "speed") == pytest.approx(step_m / STEP_S, rel=0.03)


def test_joint_angles_do_not_depend_on_the_way_walked() -> None:
    """The same movement played backward bends hip and knee as far."""
    walk = walker(n_strikes=12, fps=60.0).track
    forward, backward = analysed(walk), analysed(played_backward(walk))
    np.testing.assert_allclose(backward.angles.deg[::-1], forward.angles.deg, atol=0.5)


def test_forward_and_then_backward_measures_the_longer_part_and_tells() -> None:
    """Ten steps to the right, a rest, and six steps back, all the time facing right."""
    there, back = walker(n_strikes=10, stand_after_s=1.0).track, walker(n_strikes=6).track
    start_px = there.xy_px[-1, Keypoint.LEFT_HIP, 0] - back.xy_px[-1, Keypoint.LEFT_HIP, 0]
    xy_px = np.concatenate([there.xy_px, played_backward(back).xy_px + np.array([start_px, 0.0])])
    analysis = analysed(track_of(xy_px))
    assert analysis.subject.direction == "forward"
    assert analysis.gait is not None
    assert max(one.time_s for one in analysis.gait.contacts) < there.time_s[-1]
    assert any("walks backward; this part was not measured" in note for note in analysis.notes)
    assert value(analysis, "cadence") == pytest.approx(110.0, rel=0.02)


@settings(max_examples=examples(15), deadline=None)
@given(
    cadence_spm=st.floats(70, 140),
    fps=st.sampled_from([25.0, 30.0, 60.0]),
    yaw_deg=st.floats(-20, 20),
    noise_px=st.floats(0, 1.5),
    seed=st.integers(0, 99),
)
def test_time_reversal_turns_forward_into_backward_and_mirroring_does_not(
    cadence_spm: float, fps: float, yaw_deg: float, noise_px: float, seed: int
) -> None:
    track = walker(cadence_spm=cadence_spm, fps=fps, yaw_deg=yaw_deg, noise_px=noise_px, n_strikes=12, seed=seed).track
    expected = {"forward": track, "backward": played_backward(track)}
    for direction, one in expected.items():
        assert {analysed(one).subject.direction, analysed(mirrored(one)).subject.direction} == {direction}


@pytest.mark.parametrize(("legs_per_s", "n"), [(0.45, 1), (0.55, 2)])
def test_a_walk_is_cut_where_the_hips_turn_back_from_half_a_leg_a_second_on(legs_per_s: float, n: int) -> None:
    """Feet that swing forward for four seconds, and then against the way the body faces."""
    time_s, leg_px = np.arange(0.0, 8.0, 1 / 30), 150.0
    phase, first = 2 * np.pi * time_s / 1.1, time_s < 4.0
    ahead_px = 40.0 * np.stack([np.sin(phase), -np.sin(phase)], axis=1)
    below_px = -10.0 * np.where(first, 1.0, -1.0)[:, np.newaxis] * np.stack([np.cos(phase), -np.cos(phase)], axis=1)
    hip_x_px = legs_per_s * leg_px * (4.0 - np.abs(time_s - 4.0))
    assert len(cut_at_reversals(time_s, hip_x_px, ahead_px, below_px, leg_px=leg_px)) == n
