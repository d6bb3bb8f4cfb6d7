"""Analyses in archives that older programs wrote, as this program would write them."""

from __future__ import annotations

from typing import Any, Final

from gaitlab.archive.codec import to_plain
from gaitlab.records.findings import recalled

__all__ = ["modernised"]

_LAST_WITH_SHALLOW_APART: Final = 1
_LAST_WITH_SENTENCES: Final = 2
_NOTES: Final = {"notes": "findings", "input_notes": "input_findings"}


def modernised(values: dict[str, Any], *, version: int) -> dict[str, Any]:
    """Return the JSON values of an analysis of an archive of that version as this program writes them.

    In version 1 the shallow repetitions were neither counted nor among the others. They come among them in the order of
    their turns and are counted, as migration 0005 does it; no other number changes. Up to version 2 reasons and notes
    were sentences; those that can be recognised become findings.
    """
    if version <= _LAST_WITH_SENTENCES:
        values = _with_findings(values)
    exercise = values.get("exercise")
    if version > _LAST_WITH_SHALLOW_APART or not exercise or not exercise["partial"]:
        return values
    listed = [{**one, "is_shallow": False} for one in exercise["repetitions"]]
    listed += [{**one, "is_shallow": True} for one in exercise.get("partials", ())]
    listed.sort(key=lambda one: one["turn_s"])
    sure = sum(one["confidence"] for one in listed) / len(listed) if listed else 0.0
    changed = {
        "count": exercise["count"] + exercise["partial"],
        "repetitions": [{**one, "index": number} for number, one in enumerate(listed, start=1)],
        "metrics": [_counted(one, exercise["partial"], sure) for one in exercise["metrics"]],
    }
    return {**values, "exercise": {**exercise, **changed}}


def _counted(metric: dict[str, Any], shallow: int, sure: float) -> dict[str, Any]:
    """Return the number of repetitions with the shallow ones; other metrics as they are."""
    if metric["name"] != "repetition_count":
        return metric
    n = metric["n"] + shallow
    if metric["value"] is None:  # there were shallow ones only
        return {**metric, "value": n, "n": n, "confidence": sure, "why": None}
    return {**metric, "value": metric["value"] + shallow, "n": n}


def _with_findings(values: dict[str, Any]) -> dict[str, Any]:
    notes = {new: [_recalled(one) for one in values.get(old, ())] for old, new in _NOTES.items()}
    parts = {part: _with_whys(values[part]) for part in ("gait", "exercise") if values.get(part)}
    return {**values, **notes, **parts}


def _with_whys(summary: dict[str, Any]) -> dict[str, Any]:
    return {**summary, "metrics": [{**one, "why": _recalled(one.get("reason"))} for one in summary["metrics"]]}


def _recalled(sentence: str | None) -> Any:
    return None if sentence is None else to_plain(recalled(sentence))
