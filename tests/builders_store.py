"""Small analyses for tests of the store; nothing in them was measured.

The frozen databases in tests/migrations hold `a_walk()` and `a_squat_set()`, from 0002 on `a_set_in_detail()` and from
0003 on `an_edited_walk()` too: leave these as they are. Up to 0004 the shallow repetitions stood apart.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from gaitlab.records import (
    Activity,
    Analysis,
    AngleSeries,
    Contact,
    Edit,
    ExerciseSummary,
    FormNote,
    GaitSummary,
    Metric,
    PoseTrack,
    Provenance,
    Repetition,
    SourceInfo,
    Stride,
    SubjectInfo,
    SubjectPerson,
)
from gaitlab.records.findings import as_written, said
from gaitlab.storage import ProgrammeItem

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
SHA_WALK = "a" * 64
SHA_SQUAT = "b" * 64


#: Squats with all that an item can have, and lunges with no more than one needs.
A_PROGRAMME = (
    ProgrammeItem(exercise="squat", sets=3, repetitions=10, rest_s=60, tempo="4-2-1-0", range_left_pct=80),
    ProgrammeItem(exercise="lunge", sets=2, repetitions=8, rest_s=90),
)


def a_track(*, n: int = 12, seed: int = 1, image_wh: tuple[int, int] | None = (640, 352)) -> PoseTrack:
    xy_px = (np.arange(n * 34.0) * (seed + 0.37) % 640).reshape(n, 17, 2)
    xy_px[3, 15] = np.nan
    score = (np.arange(n * 17.0) * (seed + 0.61) % 1).reshape(n, 17)
    return PoseTrack(time_s=np.arange(n) / 30, xy_px=xy_px, score=score, image_wh=image_wh)


def a_source(
    *, file: str = "walk.mp4", sha256: str | None = SHA_WALK, recorded_at: datetime | None = None
) -> SourceInfo:
    return SourceInfo(
        file=file,
        frames=12,
        duration_s=0.4,
        fps_mean=30000 / 1001,
        width_px=640,
        height_px=352,
        rotation_deg=90,
        sha256=sha256,
        recorded_at=recorded_at,
    )


def a_walk(*, cadence_spm: float | None = 104.25, source: SourceInfo | None = None) -> Analysis:
    withheld = None if cadence_spm is not None else as_written("Too few steps; film at least six.")
    confidence = 0.9 if cadence_spm is not None else 0.0
    track = a_track(seed=2)
    return Analysis(
        source=source or a_source(),
        subject=SubjectInfo(
            people_seen=2,
            frames_tracked=11,
            view="side",
            facing="right",
            people=(SubjectPerson(index=1, first_s=0.0, last_s=0.4, box_px=(210, 60, 330, 340)),),
        ),
        activity=Activity(kind="gait", chosen_by="auto", confidence=0.93),
        track_raw=a_track(seed=1),
        track=track,
        angles=AngleSeries(
            time_s=track.time_s,
            names=("left_knee", "trunk_lean"),
            deg=np.column_stack([np.linspace(0, 60, 12), np.full(12, np.nan)]),
            facing="right",
        ),
        gait=GaitSummary(
            mode="walk",
            contacts=(
                Contact(side="left", kind="heel_strike", time_s=0.1, frame=3),
                Contact(side="right", kind="toe_off", time_s=0.15, frame=4),
                Contact(side="left", kind="heel_strike", time_s=0.35, frame=10),
            ),
            strides=(Stride(side="left", start_s=0.1, end_s=0.35),),
            metrics=(
                Metric(name="step_time", value=0.5, unit="s", side="left", n=2, sd=0.01, confidence=0.8),
                Metric(name="step_time", value=0.52, unit="s", side="right", n=2, sd=None, confidence=0.7),
                Metric(name="cadence", value=cadence_spm, unit="steps/min", n=3, confidence=confidence, why=withheld),
            ),
        ),
        exercise=None,
        findings=(as_written("Only a part of the file could be read."),),
        provenance=Provenance(
            gaitlab="0.1.0",
            model="movenet-thunder-fp16",
            model_sha256="c" * 64,
            settings={"activity": "auto", "height_m": 1.75, "smoothing": {"cutoff_hz": 6.0}},
        ),
    )


def a_squat_set(*, count: int = 2, source: SourceInfo | None = None) -> Analysis:
    repetitions = tuple(
        Repetition(
            index=i,
            side="both",
            start_s=i - 1.0,
            turn_s=i - 0.5,
            end_s=float(i),
            range_deg=92.5 if i > 1 else None,
            notes=("shallow", "cut off") if i == count else (),
            confidence=0.75,
            is_shallow=i == count,
        )
        for i in range(1, count + 1)
    )
    metric = Metric(name="repetition_count", value=float(count), unit="", n=count, confidence=1.0)
    return replace(
        a_walk(source=source or a_source(file="squat.csv", sha256=SHA_SQUAT)),
        activity=Activity(kind="squat", chosen_by="user", confidence=1.0),
        track_raw=a_track(image_wh=None),
        track=a_track(seed=3, image_wh=None),
        gait=None,
        exercise=ExerciseSummary(name="squat", count=count, partial=1, repetitions=repetitions, metrics=(metric,)),
        provenance=Provenance(gaitlab="0.1.0", model=None, model_sha256=None, settings={}),
    )


def a_set_in_detail() -> Analysis:
    deep = Repetition(
        index=1,
        side="both",
        start_s=1.0,
        turn_s=1.75,
        end_s=2.5,
        range_deg=101.5,
        confidence=0.875,
        set_index=2,
        outward_s=0.625,
        hold_s=0.25,
        return_s=0.5,
        depth=1.0625,
        left_right_difference_deg=-4.5,
        form=(
            FormNote(rule="trunk_lean", time_s=1.5, text="trunk leans 48 degrees", value=48.0),
            FormNote(rule="heels", time_s=1.75, text="heels leave the ground"),
        ),
    )
    shallow = replace(deep, turn_s=1.5, depth=0.5, form=(), set_index=1, notes=("shallow",), is_shallow=True)
    metric = Metric(name="repetition_count", value=2.0, unit="", n=2, confidence=1.0)
    return replace(
        a_squat_set(),
        exercise=ExerciseSummary(
            name="squat", count=2, partial=1, repetitions=(shallow, replace(deep, index=2)), metrics=(metric,)
        ),
    )


def an_edited_walk() -> Analysis:
    edits = (
        Edit(kind="move_contact", side="left", contact="heel_strike", time_s=0.08, to_s=0.1, created_at=TUESDAY),
        Edit(kind="swap_sides", time_s=0.2, to_s=0.3, undone=True),
    )
    return replace(a_walk(), edits=edits, input_findings=a_walk().findings)


def a_walk_with_findings() -> Analysis:
    """Return a walk whose reasons and notes have codes and values."""
    walk, read = a_walk(source=a_source(file="findings.mp4", sha256="f" * 64)), said("frames_missing", n=5, n_frames=40)
    gait = GaitSummary(
        mode="unknown",
        contacts=(),
        strides=(),
        metrics=(
            Metric(name="cadence", value=None, unit="steps/min", n=1, why=said("few_steps")),
            Metric(name="timed_up_and_go", value=None, unit="s", why=said("not_three_metres", reach_m=4.625)),
        ),
    )
    findings = (read, said("legs_swapped", ranges_s=[(0.25, 0.5)]), said("corrected", edits=[_MOVED]))
    return replace(walk, gait=gait, findings=findings, input_findings=(read,))


_MOVED = {"kind": "move_contact", "side": "left", "contact": "heel_strike", "time_s": 0.08, "to_s": 0.1}


def with_settings(analysis: Analysis, settings: dict[str, Any]) -> Analysis:
    return replace(analysis, provenance=replace(analysis.provenance, settings=settings))


def a_clip(folder: Path, *, name: str = "overlay.mp4", content: bytes = b"not really a film") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def assert_equal_tracks(got: PoseTrack, expected: PoseTrack) -> None:
    np.testing.assert_array_equal(got.time_s, expected.time_s)
    np.testing.assert_array_equal(got.xy_px, expected.xy_px)
    np.testing.assert_array_equal(got.score, expected.score)
    assert (got.feet is None) == (expected.feet is None)
    if got.feet is not None and expected.feet is not None:
        np.testing.assert_array_equal(got.feet.xy_px, expected.feet.xy_px)
        np.testing.assert_array_equal(got.feet.score, expected.feet.score)
    assert got.image_wh == expected.image_wh


def assert_equal_analyses(got: Analysis, expected: Analysis) -> None:
    """Compare every field exactly; NaN equals NaN."""
    for name in (
        "source",
        "subject",
        "activity",
        "gait",
        "exercise",
        "findings",
        "input_findings",
        "edits",
        "provenance",
    ):
        assert getattr(got, name) == getattr(expected, name), name
    assert_equal_tracks(got.track_raw, expected.track_raw)
    assert_equal_tracks(got.track, expected.track)
    np.testing.assert_array_equal(got.angles.time_s, expected.angles.time_s)
    np.testing.assert_array_equal(got.angles.deg, expected.angles.deg)
    assert (got.angles.names, got.angles.facing) == (expected.angles.names, expected.angles.facing)
