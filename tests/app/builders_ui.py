"""Small, complete analyses for the pages to show."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from gaitlab.pipeline import analyse_track
from gaitlab.records import (
    Activity,
    Analysis,
    AngleSeries,
    Contact,
    ExerciseSummary,
    FloatArray,
    Frame,
    GaitSummary,
    Metric,
    Picture,
    PoseTrack,
    Provenance,
    Repetition,
    SourceInfo,
    Stride,
    SubjectInfo,
)
from gaitlab.records.findings import as_written, recalled
from gaitlab.records.skeleton import Keypoint
from gaitlab.settings import AnalysisSettings
from gaitlab.video.overlay import write_overlay
from tests.builders import walker

FPS, DURATION_S = 25.0, 8.0
TIME_S: FloatArray = np.arange(int(FPS * DURATION_S)) / FPS
WH = (320, 240)

_STANDING = {
    Keypoint.NOSE: (165, 40),
    Keypoint.LEFT_EYE: (163, 36),
    Keypoint.RIGHT_EYE: (161, 36),
    Keypoint.LEFT_EAR: (156, 38),
    Keypoint.RIGHT_EAR: (154, 38),
    Keypoint.LEFT_SHOULDER: (158, 70),
    Keypoint.RIGHT_SHOULDER: (150, 70),
    Keypoint.LEFT_ELBOW: (175, 85),
    Keypoint.RIGHT_ELBOW: (140, 85),
    Keypoint.LEFT_WRIST: (195, 80),
    Keypoint.RIGHT_WRIST: (125, 80),
    Keypoint.LEFT_HIP: (157, 125),
    Keypoint.RIGHT_HIP: (151, 125),
    Keypoint.LEFT_KNEE: (162, 165),
    Keypoint.RIGHT_KNEE: (150, 165),
    Keypoint.LEFT_ANKLE: (157, 210),
    Keypoint.RIGHT_ANKLE: (149, 210),
}
UNSEEN = as_written("The knees were not seen.")
FEW_REPETITIONS = as_written("Fewer than three repetitions; film more of them.")
FEW_STEPS = as_written("Fewer than two steps; film a longer walk.")


def moving_track() -> PoseTrack:
    """Somebody who bobs up and down twice in eight seconds, feet on the floor."""
    pose = np.array([_STANDING[k] for k in Keypoint], dtype=np.float64)
    xy_px = np.repeat(pose[None], len(TIME_S), axis=0)
    depth = 20 * (1 - np.cos(2 * np.pi * TIME_S / 4))
    upper = [k for k in Keypoint if k < Keypoint.LEFT_KNEE]
    xy_px[:, upper, 1] += depth[:, None]
    xy_px[:, [Keypoint.LEFT_KNEE, Keypoint.RIGHT_KNEE], 0] += depth[:, None] / 2
    return PoseTrack(time_s=TIME_S, xy_px=xy_px, score=np.full((len(TIME_S), 17), 0.9), image_wh=WH)


def knee_angles() -> AngleSeries:
    bend = 50 * (1 - np.cos(2 * np.pi * TIME_S / 4))
    deg = np.stack([bend, bend * 0.95 + 3, bend / 4], axis=1)
    return AngleSeries(time_s=TIME_S, names=("left_knee", "right_knee", "trunk_lean"), deg=deg, facing="right")


def squats(
    *,
    file: str = "squats.mp4",
    notes: tuple[str, ...] = (),
    count: int = 2,
    partial: int = 0,
    range_deg: float | None = 95.0,
) -> Analysis:
    """An analysis of two squats, the first `partial` shallow, or of one where the count was withheld for `count=0`."""
    reps = tuple(
        Repetition(
            index=i + 1, side="both", start_s=4 * i + 0.5, turn_s=4 * i + 2.0, end_s=4 * i + 3.5, range_deg=range_deg,
            notes=("cut off",) if i else (), confidence=0.9, is_shallow=i < partial,
        )
        for i in range(count)
    )  # fmt: skip
    metrics = (
        Metric(name="repetition_duration", value=3.0, unit="s", n=count, sd=0.12, confidence=0.9),
        Metric(name="repetition_count", value=float(count), unit="repetitions", n=count, confidence=0.9)
        if count
        else Metric(name="repetition_count", value=None, unit="repetitions", why=UNSEEN),
        Metric(name="range_of_motion", value=95.2, unit="deg", n=count, sd=2.5, confidence=0.6),
        Metric(
            name="tempo",
            value=None,
            unit="repetitions/min",
            why=FEW_REPETITIONS,
        ),
        Metric(
            name="fatigue_slope",
            value=None,
            unit="deg/repetition",
            why=FEW_REPETITIONS,
        ),
    )
    summary = ExerciseSummary(name="squat", count=count, partial=partial, repetitions=reps, metrics=metrics)
    return _analysis(file=file, kind="squat", exercise=summary, notes=notes)


def walk(*, file: str = "walk.mp4", cadence: float | None = 104.2, day: int = 1) -> Analysis:
    """An analysis of four steps; the metres are withheld."""
    contacts = tuple(
        Contact(side="left" if i % 2 else "right", kind="heel_strike", time_s=1.0 + 0.6 * i, frame=25 + 15 * i)
        for i in range(4)
    )
    metrics = (
        Metric(name="cadence", value=cadence, unit="steps/min", n=3, sd=2.1, confidence=0.85)
        if cadence is not None
        else Metric(name="cadence", value=None, unit="steps/min", why=FEW_STEPS),
        Metric(name="step_time", value=0.58, unit="s", side="left", n=2, sd=0.02, confidence=0.7),
        Metric(name="step_time", value=0.57, unit="s", side="right", n=2, sd=0.02, confidence=0.7),
        Metric(name="step_length", value=None, unit="m", why=as_written("No scale; give the body height.")),
    )
    strides = (Stride(side="right", start_s=1.0, end_s=2.2), Stride(side="left", start_s=1.6, end_s=2.8))
    summary = GaitSummary(mode="walk", contacts=contacts, strides=strides, metrics=metrics)
    return _analysis(file=file, kind="gait", gait=summary, day=day)


def long_walk() -> Analysis:
    """The analysis of a drawn walk of fourteen steps seen from the side."""
    track = walker(n_strikes=14).track
    source = SourceInfo(file="long.mp4", frames=len(track), duration_s=None, fps_mean=None, sha256="0" * 64)
    return analyse_track(track, AnalysisSettings(), source=source)


def measured_walk(*, speed_mps: float) -> Analysis:
    """The same walk, with a speed over ground."""
    analysis = long_walk()
    assert analysis.gait is not None
    speed = Metric(name="speed", value=speed_mps, unit="m/s", n=12, confidence=0.9)
    others = (metric for metric in analysis.gait.metrics if metric.name != "speed")
    return replace(analysis, gait=replace(analysis.gait, metrics=(speed, *others)))


def nothing() -> Analysis:
    """An analysis that recognised no activity."""
    return _analysis(file="cat.mp4", kind="none", notes=("No walking and no known exercise was found.",))


def _analysis(
    *,
    file: str,
    kind: str,
    exercise: ExerciseSummary | None = None,
    gait: GaitSummary | None = None,
    notes: tuple[str, ...] = (),
    day: int = 1,
) -> Analysis:
    track = moving_track()
    source = SourceInfo(
        file=file,
        frames=len(track),
        duration_s=DURATION_S,
        fps_mean=FPS,
        width_px=WH[0],
        height_px=WH[1],
        sha256=f"{len(file):064x}",
        recorded_at=datetime(2026, 3, day, 10, 0, tzinfo=UTC),
    )
    return Analysis(
        source=source,
        subject=SubjectInfo(people_seen=1, frames_tracked=len(track), view="side", facing="right"),
        activity=Activity(kind=kind, chosen_by="auto", confidence=0.9),
        track_raw=track,
        track=track,
        angles=knee_angles(),
        gait=gait,
        exercise=exercise,
        findings=tuple(recalled(note) for note in notes),
        provenance=Provenance(gaitlab="0.1.0", model="movenet-thunder-fp16", model_sha256="0" * 64),
    )


def drawn_clip(out: Path) -> Path:
    """Write the moving track on a gray background as an MP4."""
    rgb = np.full((WH[1], WH[0], 3), 90, dtype=np.uint8)
    pictures = (Frame(index=i, time_s=float(t), picture=Picture.of_rgb(rgb)) for i, t in enumerate(TIME_S))
    write_overlay(pictures, moving_track(), out)
    return out
