"""The report as JSON (CLI.md), as rows and as text."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from gaitlab.pipeline import analyse_track
from gaitlab.records import Analysis, PoseTrack, SourceInfo
from gaitlab.records.findings import Said, sentence_of
from gaitlab.records.skeleton import KEYPOINT_NAMES
from gaitlab.reports.report_json import METRIC_COLUMNS, metric_rows, poses_to_json, to_json
from gaitlab.settings import AnalysisSettings
from tests.builders import figure, squatter, standing, walker


def analysed(track: PoseTrack, **settings: Any) -> Analysis:
    source = SourceInfo(
        file="clip.mp4", frames=len(track), duration_s=float(track.time_s[-1]), fps_mean=track.fps_mean,
        width_px=1920, height_px=1080,
    )  # fmt: skip
    return analyse_track(track, AnalysisSettings(**settings), source=source, model="a-model", model_sha256="f" * 64)


@pytest.fixture(scope="module")
def walk() -> Analysis:
    return analysed(walker().track)


@pytest.fixture(scope="module")
def squats() -> Analysis:
    return analysed(squatter(reps=2, view="front"))


@pytest.fixture(scope="module")
def nothing() -> Analysis:
    return analysed(standing())


def as_read(analysis: Analysis, **options: Any) -> dict[str, Any]:
    """Return the report as another program reads it; NaN and infinity would fail here."""
    report: dict[str, Any] = json.loads(json.dumps(to_json(analysis, **options), allow_nan=False))
    return report


def test_the_report_has_the_parts_of_the_contract(walk: Analysis) -> None:
    report = as_read(walk)
    parts = {
        "schema",
        "session",
        "input",
        "subject",
        "activity",
        "gait",
        "exercise",
        "metrics",
        "notes",
        "note_codes",
        "provenance",
    }
    assert set(report) >= parts
    assert report["schema"] == 2
    inputs = {"file", "width_px", "height_px", "frames", "duration_s", "fps_mean", "rotation_deg"}
    assert set(report["input"]) >= inputs
    assert set(report["subject"]) >= {"people_seen", "frames_tracked", "view", "facing", "people"}
    assert set(report["activity"]) >= {"kind", "chosen_by", "confidence"}
    assert set(report["provenance"]) >= {"gaitlab", "model", "model_sha256", "settings"}


def test_a_walk_reports_contacts_and_strides_and_no_exercise(walk: Analysis) -> None:
    report = as_read(walk)
    assert report["gait"]["mode"] == "walk"
    assert set(report["gait"]["contacts"][0]) == {"side", "kind", "time_s", "frame"}
    assert set(report["gait"]["strides"][0]) == {"side", "start_s", "end_s"}
    kinds = [contact["kind"] for contact in report["gait"]["contacts"]]
    assert kinds == ["heel_strike", *["toe_off", "heel_strike"] * 9]
    assert report["exercise"] is None


def test_a_walk_reports_its_angles_over_the_gait_cycle(walk: Analysis) -> None:
    curves = as_read(walk)["gait"]["curves"]
    names = ("knee_flexion", "hip_flexion", "trunk_lean")
    assert [(curve["name"], curve["side"]) for curve in curves] == [
        (name, side) for name in names for side in ("left", "right")
    ]
    for curve in curves:
        assert set(curve) == {"name", "side", "n", "percent_step", "mean_deg", "sd_deg"}
        assert (len(curve["mean_deg"]), len(curve["sd_deg"])) == (101, 101)
        assert curve["n"] >= 3


def test_squats_report_repetitions_and_no_gait(squats: Analysis) -> None:
    report = as_read(squats)
    assert (report["exercise"]["name"], report["exercise"]["count"], report["exercise"]["partial"]) == ("squat", 2, 0)
    assert set(report["exercise"]["repetitions"][0]) >= {"side", "start_s", "turn_s", "end_s", "range_deg", "notes"}
    assert report["gait"] is None


def test_shallow_repetitions_are_counted_and_marked(squats: Analysis) -> None:
    assert squats.exercise is not None
    first, *others = squats.exercise.repetitions
    exercise = replace(squats.exercise, partial=1, repetitions=(replace(first, is_shallow=True), *others))
    report = as_read(replace(squats, exercise=exercise))["exercise"]
    assert (report["count"], report["partial"], report["sets"][0]["count"], report["sets"][0]["partial"]) == (
        2,
        1,
        2,
        1,
    )
    assert [one["is_shallow"] for one in report["repetitions"]] == [True, False]
    assert "partials" not in report


def test_an_exercise_reports_its_sets(squats: Analysis) -> None:
    (one_set,) = as_read(squats)["exercise"]["sets"]
    assert (one_set["index"], one_set["count"], one_set["partial"]) == (1, 2, 0)
    assert one_set["tempo_per_min"] == pytest.approx(20.0, abs=0.2)
    assert one_set["range_slope"] is None


def test_nothing_recognised_reports_neither_and_says_so(nothing: Analysis) -> None:
    report = as_read(nothing)
    assert (report["gait"], report["exercise"], report["metrics"]) == (None, None, [])
    assert report["activity"]["kind"] == "none"
    assert any("recognised" in note for note in report["notes"])


def test_every_metric_has_every_key(walk: Analysis, squats: Analysis) -> None:
    keys = {"name", "value", "unit", "side", "n", "sd", "confidence", "reason", "reason_code", "reason_values"}
    assert [set(metric) for metric in as_read(walk)["metrics"] + as_read(squats)["metrics"]] == [keys] * (
        len(walk.metrics) + len(squats.metrics)
    )


def test_a_withheld_metric_is_null_with_a_reason(squats: Analysis) -> None:
    (motion,) = [one for one in as_read(squats)["metrics"] if one["name"] == "range_of_motion"]
    assert motion["value"] is None
    assert motion["confidence"] == 0.0
    assert motion["reason"] == sentence_of(Said(motion["reason_code"], motion["reason_values"]))


def test_each_note_has_its_code_beside_it(walk: Analysis, squats: Analysis) -> None:
    for report in (as_read(walk), as_read(squats)):
        assert report["notes"] == [sentence_of(Said(one["code"], one["values"])) for one in report["note_codes"]]
    assert {"code": "angle_error", "values": {}} in as_read(walk)["note_codes"]


def test_an_angle_that_was_not_seen_is_null(squats: Analysis) -> None:
    assert as_read(squats)["exercise"]["repetitions"][0]["range_deg"] is None


def test_a_keypoint_file_has_no_picture_and_no_model() -> None:
    track = replace(walker().track, image_wh=None)
    source = SourceInfo(file="walk.csv", frames=len(track), duration_s=None, fps_mean=None)
    report = as_read(analyse_track(track, AnalysisSettings(), source=source))
    assert (report["input"]["width_px"], report["input"]["duration_s"]) == (None, None)
    assert report["provenance"]["model"] is None


def test_a_saved_session_is_named_by_its_number(walk: Analysis) -> None:
    assert as_read(walk)["session"] == {"id": None, "saved": False}
    assert as_read(walk, session_id=12)["session"] == {"id": 12, "saved": True}


def test_numbers_are_rounded_but_settings_are_not(walk: Analysis) -> None:
    exact = replace(walk, provenance=replace(walk.provenance, settings={"gap_max_s": 0.123456}))
    report = as_read(exact)
    assert report["provenance"]["settings"] == {"gap_max_s": 0.123456}
    times = [contact["time_s"] for contact in report["gait"]["contacts"]]
    assert times == [round(time_s, 4) for time_s in times]


def test_the_time_of_recording_is_written_with_its_zone(walk: Analysis) -> None:
    at = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    report = as_read(replace(walk, source=replace(walk.source, recorded_at=at)))
    assert report["input"]["recorded_at"] == "2026-03-01T09:30:00+00:00"


def test_rows_hold_one_metric_each(walk: Analysis) -> None:
    rows = [dict(zip(METRIC_COLUMNS, row, strict=True)) for row in metric_rows(walk)]
    assert [row["name"] for row in rows] == [metric.name for metric in walk.metrics]
    assert rows[0]["unit"] == "steps/min"


def test_a_pose_names_its_seventeen_keypoints() -> None:
    report = poses_to_json([(figure([[300.0, 400.0]])[0], np.full(17, 0.8))], (500, 610))
    assert (report["width_px"], report["height_px"]) == (500, 610)
    (pose,) = report["poses"]
    assert pose["score"] == pytest.approx(0.8)
    assert [point["name"] for point in pose["keypoints"]] == list(KEYPOINT_NAMES)
    assert set(pose["keypoints"][0]) == {"name", "x", "y", "score"}


def test_a_picture_in_which_nobody_is_seen_has_no_pose() -> None:
    assert poses_to_json([], (500, 610))["poses"] == []
