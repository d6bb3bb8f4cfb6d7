"""Numbers of runners, on a drawn one whose hips, feet and shins are known, and each reason why one is withheld."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from gaitlab.gait.events import Pass, Step
from gaitlab.gait.running import running_metrics
from gaitlab.gait.scale import KnownLengths
from gaitlab.metrics.confidence import is_never_measured
from gaitlab.records import FloatArray, Metric, PoseTrack
from gaitlab.records.skeleton import Keypoint
from tests.builders import with_feet

STEP_S, N_STEPS, PX_PER_M = 0.4, 10, 200.0
TIME_S = np.arange(0, 401) / 100.0
BOUNCE_M, AHEAD_M, SHIN_DEG = 0.08, 0.20, 10.0
SCALED = KnownLengths(px_per_m=PX_PER_M)


def runner(*, floor_px: FloatArray | float = 0.0, slope_px_s: float = 0.0, way: float = 1.0) -> PoseTrack:
    """Return somebody on a treadmill: at each landing the hips are half-way up, and ankle and shin as stated.

    Parameters
    ----------
    floor_px : ndarray, shape (401,), or float
        How much lower the feet are, as where the camera moves up.
    slope_px_s : float
        How much lower everything gets in a second, as where the camera is tilted and the person goes across.
    way : float
        +1 to the right.
    """
    xy_px = np.full((len(TIME_S), 17, 2), np.nan)
    down = slope_px_s * TIME_S
    hips = 300.0 - BOUNCE_M / 2 * PX_PER_M * np.sin(2 * np.pi * TIME_S / STEP_S) + down
    for side in ("LEFT", "RIGHT"):
        swing = np.cos(2 * np.pi * TIME_S / (2 * STEP_S) + (np.pi if side == "RIGHT" else 0.0))
        ankle = np.column_stack(
            [500.0 + way * AHEAD_M * PX_PER_M * swing, 480.0 - 40.0 * (1 - swing) + down + floor_px]
        )
        knee = ankle + 90.0 * np.array([-way * np.sin(np.radians(SHIN_DEG)), -np.cos(np.radians(SHIN_DEG))])
        for name, place in (("HIP", np.column_stack([np.full(len(TIME_S), 500.0), hips])), ("KNEE", knee)):
            xy_px[:, Keypoint[f"{side}_{name}"]] = place
        xy_px[:, Keypoint[f"{side}_ANKLE"]] = ankle
    score = np.where(np.isfinite(xy_px).all(axis=2), 0.9, 0.0)
    return with_feet(PoseTrack(time_s=TIME_S, xy_px=xy_px, score=score, image_wh=None))


def landings(track: PoseTrack, *, way: float = 1.0, n: int = N_STEPS) -> list[tuple[Pass, Sequence[Step]]]:
    """Return the left foot landing at 0, 0.8 s and so on, and the right one between."""
    ankles = track.xy_px[:, [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE], 0]
    walk = Pass(
        time_s=TIME_S,
        ahead_px=way * (ankles - 500.0),
        leg_px=180.0,
        period_s=2 * STEP_S,
        standing=np.zeros(len(TIME_S), dtype=bool),
    )
    sides = ("right", "left") * n
    steps = [
        Step(side=sides[i], start_s=i * STEP_S, end_s=(i + 1) * STEP_S, steady=True)  # type: ignore[arg-type]
        for i in range(n)
    ]
    return [(walk, steps)]


def measured(track: PoseTrack, *, way: float = 1.0, n: int = N_STEPS, known: KnownLengths = SCALED) -> list[Metric]:
    steady = landings(track, way=way, n=n)
    return running_metrics(track, steady, lambda n, n_min: min(1.0, n / n_min), known=known)


def number(found: Sequence[Metric], name: str, side: str | None = None) -> Metric:
    (one,) = [one for one in found if (one.name, one.side) == (name, side)]
    return one


@pytest.mark.parametrize("way", [1.0, -1.0])
def test_hips_ankle_and_shin_of_the_drawn_runner_come_out(way: float) -> None:
    found = measured(runner(way=way), way=way)
    assert number(found, "vertical_oscillation").value == pytest.approx(BOUNCE_M, abs=0.001)
    for side in ("left", "right"):
        assert number(found, "overstride", side).value == pytest.approx(AHEAD_M, abs=0.001)
        assert number(found, "shank_angle_at_contact", side).value == pytest.approx(SHIN_DEG, abs=0.1)
    assert max(one.confidence for one in found) == pytest.approx(0.7)


def test_a_tilted_camera_past_which_somebody_runs_adds_nothing_to_the_oscillation() -> None:
    assert number(measured(runner(slope_px_s=20.0)), "vertical_oscillation").value == pytest.approx(BOUNCE_M, abs=0.001)


@pytest.mark.parametrize(("shake_px", "given"), [(6.0, True), (8.0, False)])
def test_feet_that_stand_at_unequal_heights_tell_that_the_camera_shakes(shake_px: float, given: bool) -> None:
    """Up and down at 0.6 times the rate of the steps: an SD of 0.7 times the shake, of hips that go 16 px."""
    shaken = runner(floor_px=shake_px * np.sin(2 * np.pi * 0.6 * TIME_S / STEP_S))
    found = number(measured(shaken), "vertical_oscillation")
    assert (found.value is not None) is given
    assert given or "something firm" in str(found.reason)


@pytest.mark.parametrize(("n", "given"), [(3, False), (4, True)])
def test_three_steps_do_not_tell_whether_the_camera_shakes(n: int, given: bool) -> None:
    assert (number(measured(runner(), n=n), "vertical_oscillation").value is not None) is given


def test_lengths_take_a_scale_and_the_shin_takes_none() -> None:
    found = measured(runner(), known=KnownLengths())
    withheld = {one.name for one in found if one.value is None}
    assert withheld == {"vertical_oscillation", "overstride"}
    assert {one.why.code for one in found if one.why} == {"no_scale"}


@pytest.mark.parametrize(("every", "given"), [(8, False), (12, True)])
def test_hips_are_seen_in_nine_tenths_of_a_step(every: int, given: bool) -> None:
    track = runner()
    unseen = track.xy_px.copy()
    for hip in (Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP):
        unseen[every // 2 :: every, hip] = np.nan
    assert (number(measured(replace(track, xy_px=unseen)), "vertical_oscillation").value is not None) is given


@pytest.mark.parametrize(("share", "given"), [(0.28, False), (0.32, True)])
def test_the_floor_is_where_an_ankle_is_lowest_soon_after_its_landing(share: float, given: bool) -> None:
    """At every other landing of the left foot the foot stands 90 px lower for a moment."""
    lower = np.zeros(len(TIME_S))
    for number_of_step in range(0, N_STEPS, 4):
        lower[np.abs(TIME_S - (number_of_step + 2 * share) * STEP_S) < 0.006] = 90.0
    assert (number(measured(runner(floor_px=lower)), "vertical_oscillation").value is not None) is given


def from_a_network(track: PoseTrack) -> PoseTrack:
    """Return a track whose scores differ from frame to frame."""
    return replace(track, score=track.score * np.linspace(0.9, 1.0, len(TIME_S))[:, np.newaxis])


def in_a_plane(track: PoseTrack) -> PoseTrack:
    """Return a track as it is read from a file whose markers all lie in one plane: a network may have seen them."""
    assert track.feet is not None
    return replace(track, feet=replace(track.feet, score=0.9 * track.feet.score))


def without_feet(track: PoseTrack) -> PoseTrack:
    return replace(track, feet=None)


@pytest.mark.parametrize("of", [from_a_network, in_a_plane, without_feet])
def test_what_may_come_from_a_video_gives_none_of_the_numbers(of: Callable[[PoseTrack], PoseTrack]) -> None:
    found = measured(of(runner()))
    assert {one.why.code for one in found if one.why} == {"running_in_video"}
    assert len(found) == 5
    assert all(is_never_measured(one) for one in found)
