"""One document of a session: what stands in it, and that all who show it say the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gaitlab.metrics.confidence import never_measured, withheld
from gaitlab.records import Analysis, FormNote, GaitMode
from gaitlab.repetitions.standards import FORM_RULES
from gaitlab.reports import About, Document, document_of, html_report, text_report
from gaitlab.reports.document import tables_of
from gaitlab.reports.events import HEEL_STRIKE, Events
from gaitlab.reports.sentences import repetition_words
from gaitlab.storage import Goal
from tests.app.builders_ui import long_walk, measured_walk, nothing, squats, walk


def goal(target: float) -> Goal:
    return Goal(
        id=1, metric="speed", side=None, target=target, direction="at_least", due=None, created_at=datetime.now(UTC)
    )


def number(document: Document, name: str) -> str:
    return next(one.value for one in document.numbers if one.metric.name == name)


def test_the_number_that_sums_it_up_is_first_and_in_the_title() -> None:
    document = document_of(walk())
    assert document.numbers[0].is_headline
    assert document.title == f"Walking: {document.numbers[0].value}"
    assert document_of(squats()).title == "Squats: 2 repetitions"
    assert document_of(nothing()).title == "Nothing recognised"


def a_gait(*, mode: GaitMode, cadence: float | None) -> Analysis:
    gait = walk(cadence=cadence).gait
    assert gait is not None
    return replace(walk(cadence=cadence), gait=replace(gait, mode=mode))


@pytest.mark.parametrize(
    ("analysis", "title", "sentence"),
    [
        (a_gait(mode="walk", cadence=104.0), "Walking: 104 steps/min", "Walking at 104 steps per minute"),
        (a_gait(mode="run", cadence=174.0), "Running: 174 steps/min", "Running at 174 steps per minute"),
        (a_gait(mode="unknown", cadence=None), "Walking or running", "The steps were not seen well enough"),
        (squats(count=0), "Squats", "Squats: the repetitions were not seen well enough"),
        (nothing(), "Nothing recognised", "Neither walking nor an exercise was recognised"),
    ],
)
def test_title_and_first_sentence_say_the_same(analysis: Analysis, title: str, sentence: str) -> None:
    document = document_of(analysis)
    assert document.title == title
    assert document.plain[0].startswith(sentence)
    assert any("Neither walking" in one for one in document.plain) == (analysis.activity.kind == "none")


@pytest.mark.parametrize("analysis", [walk(), squats(), long_walk(), a_gait(mode="unknown", cadence=None)])
def test_as_many_numbers_are_told_to_be_missing_as_have_a_reason(analysis: Analysis) -> None:
    document = document_of(analysis)
    told = next((one for one in document.plain if "could not be measured" in one), "0")
    assert int(told.replace("One", "1").split()[0]) == len(document.missing)


@pytest.mark.parametrize(
    ("count", "shallow", "words"),
    [
        (0, 0, "0 repetitions"),
        (1, 0, "1 repetition"),
        (1, 1, "1 shallow repetition"),
        (3, 3, "3 repetitions, all of them shallow"),
        (8, 1, "8 repetitions, 1 of them shallow"),
    ],
)
def test_shallow_repetitions_are_told_with_the_count(count: int, shallow: int, words: str) -> None:
    assert repetition_words(count, shallow) == words


def test_every_face_of_a_report_tells_the_shallow_repetitions() -> None:
    document = document_of(squats(count=3, partial=1))
    assert document.title == "Squats: 3 repetitions, 1 of them shallow"
    assert document.plain[0].startswith("Squats: 3 repetitions, 1 of them shallow; ")
    assert number(document, "repetition_count") == "3 (1 shallow)"
    assert document.events.rows[0]["Notes"] == "shallow"
    page, text = html_report(document), text_report(document)
    for words in (document.title, document.plain[0], "3 (1 shallow)"):
        assert words in page
        assert words in text
    assert [panel.heading for panel in document.drawings if "brackets" in panel.heading] == [
        "Knee angle, shallow repetitions in brackets",
        "Trunk angle, shallow repetitions in brackets",
    ]


def test_numbers_goals_and_sentences_come_in_the_readers_units() -> None:
    metric, imperial = (
        document_of(measured_walk(speed_mps=1.2), About(goals=[goal(1.4)], units=units))
        for units in ("metric", "imperial")
    )
    assert number(metric, "speed") == "1.20 m/s"
    assert number(imperial, "speed") == "2.68 mph"
    of_speed = next(one for one in imperial.numbers if one.metric.name == "speed")
    assert of_speed.goal == "at least 3.132 mph – 0.45 mph more to go"
    assert any("2.68 mph" in sentence for sentence in imperial.plain)


def test_a_goal_that_is_missed_by_less_than_its_digits_is_not_reached_in_any_unit() -> None:
    for units in ("metric", "imperial"):
        document = document_of(measured_walk(speed_mps=1.1999), About(goals=[goal(1.2)], units=units))
        (of_speed,) = [one for one in document.numbers if one.metric.name == "speed"]
        assert "reached" not in of_speed.goal


def test_what_was_not_measured_is_listed_with_its_reason() -> None:
    document = document_of(long_walk())
    (table,) = [table for table in tables_of(document) if table.title == "Not measured, and why"]
    assert {row[0] for row in table.rows} == {one.label for one in (*document.missing, *document.never)}
    assert all(reason for _, reason in table.rows)


def test_what_no_clip_gives_is_not_counted_as_missing_from_this_one() -> None:
    analysis = walk()
    assert analysis.gait is not None
    metrics = (*analysis.gait.metrics, *never_measured())
    document = document_of(replace(analysis, gait=replace(analysis.gait, metrics=metrics)))
    names = [one.name for one in document.never]
    assert "Ankle angle" in names
    assert not set(names) & {one.name for one in document.missing}


def test_a_set_that_does_not_change_is_a_result_and_no_missing_number() -> None:
    analysis = squats()
    assert analysis.exercise is not None
    level = tuple(withheld(name, "level_by_chance") for name in ("fatigue_slope", "fatigue_slope_duration"))
    rest = tuple(one for one in analysis.exercise.metrics if not one.name.startswith("fatigue"))
    document = document_of(replace(analysis, exercise=replace(analysis.exercise, metrics=(*rest, *level))))
    assert "Range and duration do not change over the set more than by chance." in document.plain
    assert not [one for one in document.missing if one.name.startswith("Fatigue")]
    assert len([one for one in document.without_value if one.name.startswith("Fatigue")]) == 2


def test_a_column_that_says_nothing_is_left_out() -> None:
    (table,) = [table for table in tables_of(document_of(walk())) if table.title == "All numbers"]
    assert "Goal" not in table.head
    assert "Typical" in table.head


def test_heel_strikes_alone_are_counted_from_one() -> None:
    events = document_of(long_walk()).events
    strikes = events.only(HEEL_STRIKE)
    assert [row["#"] for row in strikes.rows] == list(range(1, len(strikes.rows) + 1))
    assert 0 < len(strikes.rows) < len(events.rows)
    assert "Event" not in strikes.columns


def test_remarks_on_form_stand_with_the_repetition() -> None:
    analysis = squats()
    assert analysis.exercise is not None
    note = FormNote(rule="trunk_lean", time_s=1.5, text="trunk far forward", value=50.0)
    first, *others = analysis.exercise.repetitions
    remarked = replace(analysis.exercise, repetitions=(replace(first, form=(note,)), *others))
    document = document_of(replace(analysis, exercise=remarked))
    assert document.events.rows[0]["Notes"] == "trunk far forward at 1.50 s"
    assert "trunk far forward at 1.50 s" in text_report(document)


def test_how_well_a_remark_is_known_to_tell_wrong_from_right_stands_once_in_a_report() -> None:
    """A rule with figures, one without, and one that an older version made."""
    analysis = squats()
    assert analysis.exercise is not None
    rules = ("knees_in", "uneven", "of another version")
    form = tuple(FormNote(rule=rule, time_s=2.0, text=rule) for rule in rules)
    repetitions = tuple(replace(one, form=form) for one in analysis.exercise.repetitions)
    document = document_of(replace(analysis, exercise=replace(analysis.exercise, repetitions=repetitions)))
    assert document.notes[-2:] == (
        f"Remark “knees fall in”: {FORM_RULES['knees_in'].evidence}.",
        "Remark “left and right differ”: not tested on people.",
    )
    assert document_of(walk()).notes == walk().notes


@pytest.mark.parametrize("analysis", [squats(), walk(), nothing()], ids=["squats", "walk", "nothing"])
def test_the_text_gives_every_value_or_the_reason_why_not(analysis: Analysis) -> None:
    text = text_report(document_of(analysis))
    for one in document_of(analysis).numbers:
        (line,) = [line for line in text.splitlines() if line.startswith(f"  {one.label} ") and one.value in line]
        assert (one.metric.reason or one.value) in line
    for note in analysis.notes:
        assert f"note: {note}" in text


@pytest.mark.parametrize("units", ["metric", "imperial"])
def test_the_web_page_and_the_text_say_each_number_with_the_same_digits(units: str) -> None:
    document = document_of(measured_walk(speed_mps=1.234), About(units=units))  # type: ignore[arg-type]
    page, text = html_report(document), text_report(document)
    for one in document.measured:
        for words in (one.value, one.spread):
            assert words in page
            assert words in text


def test_moments_tell_neighbouring_frames_apart_and_nothing_is_minus_zero() -> None:
    contact = {"Time (s)": 1.2042, "Left - right (°)": -0.3}
    assert Events(title="", rows=(contact,)).words == (("1.204", "0"),)


def test_words_of_others_stay_on_their_line_and_send_nothing_to_the_terminal() -> None:
    text = text_report(document_of(walk(), About(remark="two\nlines \x1b[31mred")))
    assert "two lines  [31mred" in text
    assert "\x1b" not in text
