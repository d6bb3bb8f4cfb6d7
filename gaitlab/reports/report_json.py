"""The report of an analysis as JSON (the format of the command line) and as rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from gaitlab.gait.cycle_curves import cycle_curves
from gaitlab.records import Analysis, Edit, ExerciseSummary, FloatArray, GaitSummary, Metric
from gaitlab.records.skeleton import KEYPOINT_NAMES
from gaitlab.repetitions.sets import summarise_sets

__all__ = ["METRIC_COLUMNS", "SCHEMA", "metric_rows", "poses_to_json", "to_json"]

#: Of the report. From 2 on `exercise.count` is all repetitions; in 1 the shallow ones were not among them.
SCHEMA: Final = 2
_POSES_SCHEMA: Final = 1
_DIGITS: Final = 4
_CURVE_DIGITS: Final = 2

#: Columns of `metric_rows`.
METRIC_COLUMNS: Final[tuple[str, ...]] = ("name", "side", "value", "unit", "n", "sd", "confidence", "reason")


def _rounded(value: Any) -> Any:
    """Round every float of a JSON value to four digits after the point."""
    if isinstance(value, float):
        return round(value, _DIGITS)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return value


def _metric(metric: Metric) -> dict[str, Any]:
    order = ("name", "value", "unit", "side", "n", "sd", "confidence", "reason")
    code, values = (metric.why.code, dict(metric.why.values)) if metric.why else (None, None)
    return {key: getattr(metric, key) for key in order} | {"reason_code": code, "reason_values": values}


def _edit(edit: Edit) -> dict[str, Any]:
    return asdict(edit) | {"created_at": edit.created_at.isoformat() if edit.created_at else None}


def _without_metrics(summary: GaitSummary | ExerciseSummary) -> dict[str, Any]:
    """Return a summary as JSON values without its metrics, which are in the list of the report."""
    return {key: value for key, value in asdict(summary).items() if key != "metrics"}


def _curves(analysis: Analysis) -> list[dict[str, Any]]:
    """Return the angles over the gait cycle as JSON values, at 0, 1, .. 100 %."""
    return [
        {
            "name": curve.name,
            "side": curve.side,
            "n": curve.n,
            "percent_step": 1,
            "mean_deg": curve.mean_deg.round(_CURVE_DIGITS).tolist(),
            "sd_deg": curve.sd_deg.round(_CURVE_DIGITS).tolist(),
        }
        for curve in cycle_curves(analysis)
    ]


def _sets(exercise: ExerciseSummary) -> list[dict[str, Any]]:
    return [asdict(one) for one in summarise_sets(exercise.repetitions)]


def to_json(analysis: Analysis, *, session_id: int | None = None) -> dict[str, Any]:
    """Return the report as JSON values.

    Parameters
    ----------
    analysis : Analysis
    session_id : int, optional
        Number in the store; None = not saved.

    Returns
    -------
    dict
        Times in s, lengths in m, angles in degrees, percents 0..100; unknown is None.
    """
    source, gait, exercise = analysis.source, analysis.gait, analysis.exercise
    report = {
        "schema": SCHEMA,
        "session": {"id": session_id, "saved": session_id is not None},
        "input": {
            "file": source.file,
            "width_px": source.width_px,
            "height_px": source.height_px,
            "frames": source.frames,
            "duration_s": source.duration_s,
            "fps_mean": source.fps_mean,
            "rotation_deg": source.rotation_deg,
            "sha256": source.sha256,
            "recorded_at": source.recorded_at.isoformat() if source.recorded_at else None,
        },
        "subject": asdict(analysis.subject),
        "activity": asdict(analysis.activity),
        "gait": {**_without_metrics(gait), "curves": _curves(analysis)} if gait else None,
        "exercise": {**_without_metrics(exercise), "sets": _sets(exercise)} if exercise else None,
        "metrics": [_metric(metric) for metric in analysis.metrics],
        "notes": list(analysis.notes),
        "note_codes": [asdict(one) for one in analysis.findings],
        "edits": [_edit(edit) for edit in analysis.edits],
        "provenance": {
            "gaitlab": analysis.provenance.gaitlab,
            "model": analysis.provenance.model,
            "model_sha256": analysis.provenance.model_sha256,
            "settings": dict(analysis.provenance.settings),
        },
    }
    rounded: dict[str, Any] = _rounded(report)
    rounded["provenance"] = report["provenance"]
    return rounded


def poses_to_json(poses: Sequence[tuple[FloatArray, FloatArray]], image_wh: tuple[int, int]) -> dict[str, Any]:
    """Return the poses of a still picture as JSON values.

    Parameters
    ----------
    poses : sequence of (xy_px, score)
        Of shapes (17, 2) and (17,), best first.
    image_wh : tuple of int
    """
    return {
        "schema": _POSES_SCHEMA,
        "width_px": image_wh[0],
        "height_px": image_wh[1],
        "poses": [
            {"score": round(float(score.mean()), 3), "keypoints": _keypoints(xy_px, score)} for xy_px, score in poses
        ],
    }


def _keypoints(xy_px: FloatArray, score: FloatArray) -> list[dict[str, Any]]:
    return [
        {"name": name, "x": round(float(x), 2), "y": round(float(y), 2), "score": round(float(sure), 3)}
        for name, (x, y), sure in zip(KEYPOINT_NAMES, xy_px, score, strict=True)
    ]


def metric_rows(analysis: Analysis) -> list[tuple[Any, ...]]:
    """Return one row per metric, in the order of `METRIC_COLUMNS`; None = unknown."""
    return [tuple(getattr(metric, column) for column in METRIC_COLUMNS) for metric in analysis.metrics]
