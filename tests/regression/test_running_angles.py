"""A figure driven by a recorded run: hip and knee angles come back through the whole pipeline.

The run's joint angles (inverse kinematics of 0.8 s of overground running, 150 Hz) move hips, knees and ankles of a
drawn figure whose trunk stands rigid on the pelvis; it is projected under a view angle, shaken, and analysed as a
track. Smoothing at 6 Hz costs at most 0.4 degrees against 10 Hz here, and shaking keypoints cost less.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gaitlab.pipeline import analyse_track
from gaitlab.records import Analysis, FloatArray, PoseTrack, SourceInfo
from gaitlab.settings import AnalysisSettings
from tests.builders import figure, track_of, turned

BODY_M, BODY_PX = 1.75, 500.0
ANGLES = {"left_knee": "knee_angle_l", "right_knee": "knee_angle_r", "left_hip": "hip_flexion_l"} | {
    "right_hip": "hip_flexion_r"
}
Motion = dict[str, FloatArray]


@pytest.fixture(scope="module")
def run(shared_data: Path) -> Motion:
    """Return the columns of the joint-angle file: degrees, metres, seconds; the pelvis tilts backward if positive."""
    lines = (shared_data / "mocap/ik_output_run_from_BMC.mot").read_text().splitlines()
    head = lines.index("endheader")
    table = np.array([[float(cell) for cell in line.split()] for line in lines[head + 2 :] if line.strip()])
    return dict(zip(lines[head + 1].split(), table.T, strict=True))


@pytest.fixture(scope="module")
def long_run(run: Motion) -> Motion:
    """Return eight strides of the same: the one stride in the file again and again, its ends blended over 0.1 s."""
    step_s = run["time"][1]
    names = [*ANGLES.values(), "pelvis_tilt", "pelvis_ty"]
    signals = np.stack([run[name] for name in names], axis=1)
    scaled = signals / signals.std(axis=0)
    n_blend = round(0.1 / step_s)
    lags = range(round(0.6 / step_s), len(signals) - n_blend)
    lag = min(lags, key=lambda one: float(np.abs(scaled[one : one + n_blend] - scaled[:n_blend]).mean()))
    share = np.linspace(1.0, 0.0, n_blend)[:, np.newaxis]
    stride = signals[:lag].copy()
    stride[:n_blend] = share * signals[lag : lag + n_blend] + (1 - share) * signals[:n_blend]
    looped = dict(zip(names, np.tile(stride, (8, 1)).T, strict=True))
    time_s = np.arange(8 * lag) * step_s
    return looped | {"time": time_s, "pelvis_tx": 2.7 * time_s}


def projected(motion: Motion, *, fps: float, yaw_deg: float, noise_px: float, seed: int = 0) -> PoseTrack:
    """Return the figure as a camera sees it from the runner's right, or `yaw_deg` past that."""
    time_s = np.arange(0.0, motion["time"][-1] + 1e-9, 1.0 / fps)
    at = {name: np.interp(time_s, motion["time"], values) for name, values in motion.items()}
    px_per_m = BODY_PX / BODY_M
    hip = np.stack([300.0 + px_per_m * at["pelvis_tx"], 900.0 - px_per_m * at["pelvis_ty"]], axis=1)
    flexion = np.stack([at["hip_flexion_l"], at["hip_flexion_r"]], axis=1)
    xy_px = figure(
        hip,
        thigh_deg=flexion + at["pelvis_tilt"][:, np.newaxis],
        knee_deg=np.stack([at["knee_angle_l"], at["knee_angle_r"]], axis=1),
        trunk_deg=-at["pelvis_tilt"],
        body_px=BODY_PX,
    )
    return track_of(turned(xy_px, yaw_deg, BODY_PX), time_s=time_s, noise_px=noise_px, seed=seed)


def analysed(track: PoseTrack) -> Analysis:
    source = SourceInfo(file="figure", frames=len(track), duration_s=None, fps_mean=None)
    return analyse_track(track, AnalysisSettings(activity="gait"), source=source)


def rmse_deg(analysis: Analysis, motion: Motion) -> dict[str, float]:
    """Return the root mean square error of each angle; nearly every frame must have one."""
    time_s = analysis.angles.time_s
    errors = {
        name: analysis.angles.angle(name) - np.interp(time_s, motion["time"], motion[own])
        for name, own in ANGLES.items()
    }
    assert min(np.isfinite(error).mean() for error in errors.values()) >= 0.95
    return {name: round(float(np.sqrt(np.nanmean(error**2))), 2) for name, error in errors.items()}


@pytest.mark.parametrize("fps", [30.0, 60.0, 150.0])
@pytest.mark.parametrize("yaw_deg", [0.0, 15.0, -15.0, 20.0, -20.0])
def test_hip_and_knee_of_the_recorded_run(run: Motion, yaw_deg: float, fps: float) -> None:
    """Six degrees are asked for; 1.0 to 3.2 are left, most of it from the view and the shaking keypoints."""
    for noise_px in (1.0, 2.0):
        errors = rmse_deg(analysed(projected(run, fps=fps, yaw_deg=yaw_deg, noise_px=noise_px)), run)
        print(f"{fps:g} frames/s, {yaw_deg:+g} deg, {noise_px:g} px: {errors}")  # noqa: T201  shown by -s
        assert max(errors.values()) <= 4.0


@pytest.mark.parametrize("yaw_deg", [0.0, 15.0, -15.0])
def test_a_longer_run_is_a_run_with_its_peaks(long_run: Motion, yaw_deg: float) -> None:
    analysis = analysed(projected(long_run, fps=60.0, yaw_deg=yaw_deg, noise_px=1.5))
    errors = rmse_deg(analysis, long_run)
    cadence = analysis.metrics[0]
    peaks = {str(one.side): one.value for one in analysis.metrics if one.name == "knee_flexion_peak"}
    true = {side: float(long_run[f"knee_angle_{side[0]}"].max()) for side in ("left", "right")}
    print(f"{yaw_deg:+g} deg: {cadence.value} steps/min, {errors}, peaks {peaks} for {true}")  # noqa: T201
    assert analysis.gait is not None
    assert analysis.gait.mode == "run"
    assert cadence.value == pytest.approx(120.0 * 8 / (long_run["time"][-1] + long_run["time"][1]), rel=0.01)
    assert max(errors.values()) <= 4.0
    for side, value in true.items():
        assert peaks[side] == pytest.approx(value, abs=4.0)
