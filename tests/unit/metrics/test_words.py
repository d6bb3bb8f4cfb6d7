"""What things are called on the pages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from gaitlab.gait.cycle_curves import CycleCurve
from gaitlab.gait.norms import GROUPS
from gaitlab.metrics.words import confidence_words, date_words, metric_basis, metric_label, metric_value
from gaitlab.records import Analysis, Metric
from gaitlab.records.findings import said
from gaitlab.repetitions.activities import activity_label
from gaitlab.reports.sentences import cycle_words, note_words
from gaitlab.settings import AnalysisSettings, PoseSettings
from gaitlab.ui.shared.help_texts import duration_words, markdown_text
from tests.app.builders_ui import squats, walk


@pytest.mark.parametrize(
    ("metric", "words"),
    [
        (Metric(name="cadence", value=85.26, unit="steps/min"), "85 steps/min"),
        (Metric(name="step_time", value=0.5, unit="s"), "0.50 s"),
        (Metric(name="stance_percent", value=61.24, unit="%"), "61 %"),
        (Metric(name="knee_range", value=58.6, unit="deg"), "59°"),
        (Metric(name="repetition_count", value=9.0, unit="count"), "9"),
        (Metric(name="repetition_count", value=9.0, unit="repetitions"), "9"),
        (Metric(name="tempo", value=22.46, unit="repetitions/min"), "22.5 /min"),
        (Metric(name="trunk_lean_mean", value=-0.2, unit="deg"), "0°"),
        (Metric(name="trunk_lean_mean", value=-5.2, unit="deg"), "−5°"),
        (Metric(name="speed", value=None, unit="m/s", why=said("no_scale")), "–"),
    ],
)
def test_values_carry_their_unit(metric: Metric, words: str) -> None:
    assert metric_value(metric) == words


def test_a_chart_over_the_gait_cycle_says_how_many_strides_and_whose_norm() -> None:
    flat: dict[str, Any] = {"name": "knee_flexion", "mean_deg": np.zeros(101), "sd_deg": np.ones(101)}
    curves = [CycleCurve(side="left", n=4, **flat), CycleCurve(side="right", n=5, **flat)]
    alone = cycle_words(curves, None)
    assert "4 left and 5 right strides" in alone
    assert "Grey" not in alone
    assert "thigh against the trunk" in cycle_words([replace(curves[0], name="hip_flexion")], None)
    beside = cycle_words(curves, GROUPS["adults"])
    for word in ("22-72 years", "1.2 m/s", "Bovi et al. 2011", "running", "treadmills"):
        assert word in beside


def test_a_value_says_what_it_rests_on() -> None:
    metric = Metric(name="cadence", value=85.3, unit="steps/min", n=3, sd=1.94, confidence=0.9)
    assert metric_basis(metric) == "high confidence · ±\u00a01.9 · from 3 steps"


def test_a_spread_too_small_to_show_is_not_called_nothing() -> None:
    metric = Metric(name="step_time", value=0.7, unit="s", n=2, sd=0.0004, confidence=0.9)
    assert "±\u00a0under 0.001" in metric_basis(metric)


def test_a_value_from_one_stride_says_so() -> None:
    metric = Metric(name="stride_time", value=1.37, unit="s", n=1, confidence=0.2)
    assert metric_basis(metric) == "low confidence · from 1 stride"


def test_a_count_does_not_say_what_it_was_counted_from() -> None:
    assert metric_basis(Metric(name="repetition_count", value=9.0, unit="count", n=9, confidence=0.9)) == (
        "high confidence"
    )


def test_a_number_of_one_side_says_which() -> None:
    assert metric_label(Metric(name="knee_range", value=1.0, unit="deg", side="left")) == "Knee range, left"
    assert metric_label(Metric(name="knee_range", value=1.0, unit="deg", side="both")) == "Knee range"


def test_an_unknown_number_still_has_a_readable_name() -> None:
    assert metric_label(Metric(name="toe_clearance_mean", value=1.0, unit="m")) == "Toe clearance mean"


def test_an_unknown_activity_still_has_a_readable_name() -> None:
    assert activity_label("wall-sit") == "Wall sit"


@pytest.mark.parametrize(("confidence", "words"), [(1.0, "high"), (0.8, "high"), (0.5, "fair"), (0.1, "low")])
def test_confidence_in_words(confidence: float, words: str) -> None:
    assert confidence_words(confidence) == f"{words} confidence"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(3, "a few seconds left"), (41, "about 50 seconds left"), (91, "about 2 minutes left")],
)
def test_time_left_is_no_more_exact_than_an_estimate(seconds: float, words: str) -> None:
    assert duration_words(seconds) == words


def test_dates_are_shown_in_the_readers_time_zone() -> None:
    assert date_words(datetime(2026, 1, 31, 23, 30, tzinfo=UTC), ZoneInfo("Asia/Tokyo")) == "1 Feb 2026, 08:30"


@pytest.mark.parametrize("text", ["**bold**", "[a](b)", "<b>", ":red[x]", "$x$", "`code`", "~~gone~~", "# title"])
def test_markup_in_a_name_is_escaped(text: str) -> None:
    escaped = markdown_text(text)
    assert escaped.replace("\\", "") == text
    assert not any(escaped[i] in "*[<:$`~#" and escaped[i - 1 : i] != "\\" for i in range(len(escaped)))


@pytest.mark.parametrize("text", ["http://a.example", "HTTPS://a.example/x", "www.a.example", "ann@a.example"])
def test_an_address_in_a_name_is_no_link(text: str) -> None:
    """Pages find addresses with these patterns after the escapes are gone (GitHub Flavored Markdown, 6.9)."""
    shown = markdown_text(text).replace("\\", "")
    assert not re.search(r"https?://|www\.|[\w.+-]@[\w.-]", shown, re.IGNORECASE)
    assert shown.replace("\u2060", "") == text


def test_line_breaks_in_a_name_become_spaces() -> None:
    assert markdown_text("a\n\n# b") == "a \\# b"


@pytest.mark.parametrize(
    ("pose", "told"),
    [
        (PoseSettings(), "the skeleton and the numbers are those of the one who stood out most."),
        (PoseSettings(subject_at=(1.0, 2.0, 3.0)), "the skeleton and the numbers are those of the one you chose."),
        (PoseSettings(subject="1"), "number 1, by first appearance, was analysed."),
    ],
)
def test_the_note_on_who_was_analysed_has_no_number_that_the_page_did_not_show(pose: PoseSettings, told: str) -> None:
    settings = AnalysisSettings(pose=pose).to_json()
    one = squats(notes=("2 people were seen; number 1, by first appearance, was analysed.", "It was dark."))
    analysis = replace(
        one,
        subject=replace(one.subject, people_seen=2),
        provenance=replace(one.provenance, settings=settings),
    )
    assert note_words(analysis) == (f"2 people were seen; {told}", "It was dark.")


def live(analysis: Analysis, told: float | None) -> Analysis:
    settings = AnalysisSettings(live_told=told).to_json()
    return replace(analysis, findings=(), provenance=replace(analysis.provenance, settings=settings))


def test_a_report_says_what_the_live_page_told_of_the_same_recording() -> None:
    two = squats()
    assert two.exercise is not None
    assert two.exercise.count == 2
    assert note_words(live(two, 2.0)) == ("Live counted 2, as this report does.",)
    assert note_words(live(two, 3.0)) == ("Live counted 3, this report 2: it has seen all of the recording.",)
    assert note_words(live(walk(cadence=104.0), 110.4)) == (
        "Live told 110 at the end, this report 104 of the whole recording.",
    )
    assert note_words(live(two, None)) == ()
