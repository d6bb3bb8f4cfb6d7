"""Analyses of older archives: shallow repetitions stood apart in version 1."""

from __future__ import annotations

from typing import Any

import pytest

from gaitlab.archive.older import modernised


def analysis(*, full: int, shallow: int, listed: bool = True) -> dict[str, Any]:
    """Return an analysis of version 1: shallow repetitions turn between the full ones."""
    value, reason = (float(full), None) if full else (None, "No full repetition was found.")
    counted = {"name": "repetition_count", "value": value, "n": full, "confidence": 0.75 if full else 0.0}
    exercise: dict[str, Any] = {
        "count": full,
        "partial": shallow,
        "repetitions": [{"index": i + 1, "turn_s": 2.0 * i, "confidence": 0.5} for i in range(full)],
        "metrics": [{**counted, "reason": reason}, {"name": "tempo", "value": 20.0, "n": 2}],
    }
    if listed:
        exercise["partials"] = [{"index": i + 1, "turn_s": 2.0 * i + 1, "confidence": 0.5} for i in range(shallow)]
    return {"exercise": exercise, "notes": []}


def test_shallow_repetitions_come_in_the_order_of_their_turns_and_count() -> None:
    exercise = modernised(analysis(full=3, shallow=2), version=1)["exercise"]
    assert (exercise["count"], exercise["partial"]) == (5, 2)
    assert [one["turn_s"] for one in exercise["repetitions"]] == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert [one["index"] for one in exercise["repetitions"]] == [1, 2, 3, 4, 5]
    assert [one["is_shallow"] for one in exercise["repetitions"]] == [False, True, False, True, False]


def test_only_the_number_of_repetitions_changes() -> None:
    count, tempo = modernised(analysis(full=3, shallow=2), version=1)["exercise"]["metrics"]
    assert (count["value"], count["n"], count["confidence"]) == (5.0, 5, 0.75)
    assert tempo == {"name": "tempo", "value": 20.0, "n": 2, "why": None}


@pytest.mark.parametrize(("listed", "confidence"), [(True, 0.5), (False, 0.0)])
def test_a_count_that_was_withheld_for_want_of_full_ones_is_given(listed: bool, confidence: float) -> None:
    count, _ = modernised(analysis(full=0, shallow=2, listed=listed), version=1)["exercise"]["metrics"]
    assert (count["value"], count["n"], count["confidence"], count["why"]) == (2, 2, confidence, None)


@pytest.mark.parametrize(
    ("values", "version"),
    [(analysis(full=3, shallow=0), 1), (analysis(full=3, shallow=2), 2)],
    ids=["none shallow", "counted among the others"],
)
def test_the_repetitions_of_others_stay_as_they_are(values: dict[str, Any], version: int) -> None:
    exercise = modernised(values, version=version)["exercise"]
    assert {**exercise, "metrics": None} == {**values["exercise"], "metrics": None}


def test_an_analysis_of_this_program_stays_as_it_is() -> None:
    assert modernised(analysis(full=3, shallow=2), version=3) == analysis(full=3, shallow=2)


@pytest.mark.parametrize("version", [1, 2])
def test_sentences_become_findings_where_they_are_recognised(version: int) -> None:
    metric = {"name": "cadence", "value": None, "reason": "This needs at least two repetitions."}
    values = {"gait": {"metrics": [metric]}, "notes": ["It was dark.", "5 of 40 frames are missing in the file; "
              "they were taken as gaps in time."], "input_notes": ["It was dark."]}  # fmt: skip
    got = modernised(values, version=version)
    dark = {"code": "as_written", "values": {"text": "It was dark."}}
    assert got["gait"]["metrics"][0]["why"] == {"code": "few_repetitions", "values": {}}
    assert got["findings"] == [dark, {"code": "frames_missing", "values": {"n": 5, "n_frames": 40}}]
    assert got["input_findings"] == [dark]
