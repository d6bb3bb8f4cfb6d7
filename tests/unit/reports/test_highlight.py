"""What stands out in a report, in one sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gaitlab.records import Analysis, Metric
from gaitlab.records.movement import FormNote
from gaitlab.reports.highlight import highlight
from tests.app.builders_ui import nothing, squats, walk


def walked(*metrics: Metric) -> Analysis:
    analysis = walk()
    assert analysis.gait is not None
    cadence = analysis.gait.metrics[0]
    return replace(analysis, gait=replace(analysis.gait, metrics=(cadence, *metrics)))


def double_support(value: float, *, confidence: float = 0.9) -> Metric:
    return Metric(name="double_support_percent", value=value, unit="%", n=9, sd=1.0, confidence=confidence)


def step_time(side: str, value: float) -> Metric:
    return Metric(name="step_time", value=value, unit="s", side=side, n=9, sd=0.01, confidence=0.7)  # type: ignore[arg-type]


def test_a_usual_walk_has_the_main_sentence_only() -> None:
    said = highlight(walked())
    assert said.startswith("Walking at 104 steps per minute; within what is typical")
    assert said.count(";") == 1


@pytest.mark.parametrize(("confidence", "is_sure"), [(0.5, True), (0.49, False)])
def test_a_cadence_that_is_not_sure_is_called_so(confidence: float, is_sure: bool) -> None:
    analysis = walked()
    assert analysis.gait is not None
    cadence = replace(analysis.gait.metrics[0], confidence=confidence)
    said = highlight(replace(analysis, gait=replace(analysis.gait, metrics=(cadence,))))
    assert ("; this number is not sure" in said) != is_sure


@pytest.mark.parametrize(("cadence", "where"), [(99.6, "within"), (99.4, "below"), (120.4, "within"), (120.6, "above")])
def test_a_value_is_compared_with_what_is_typical_as_it_is_shown(cadence: float, where: str) -> None:
    assert f"; {where} what is typical of healthy adults (100 to 120)" in highlight(walk(cadence=cadence))


# typical 15-25 %, off by up to 9 %
@pytest.mark.parametrize(("value", "stands_out"), [(34.0, False), (34.1, True), (6.0, False), (5.9, True)])
def test_a_number_stands_out_only_where_its_error_leaves_no_doubt(value: float, stands_out: bool) -> None:
    assert ("double support" in highlight(walked(double_support(value)))) == stands_out


def test_a_number_that_is_not_sure_does_not_stand_out() -> None:
    assert "double support" not in highlight(walked(double_support(60.0, confidence=0.4)))


def test_the_leg_with_the_longer_steps_is_named() -> None:
    uneven = Metric(name="step_time_symmetry_index", value=20.0, unit="%", n=9, confidence=0.7)
    said = highlight(walked(step_time("left", 0.6), step_time("right", 0.49), uneven))
    assert "; left steps take 20 % longer than right ones" in said


def test_remarks_on_form_are_counted_and_two_findings_are_enough() -> None:
    analysis = squats(count=3)
    assert analysis.exercise is not None
    note = FormNote(rule="knee_over_toes", text="", time_s=1.0)
    notes = tuple(replace(note, rule=rule) for rule in ("a", "b", "c"))
    first, *others = analysis.exercise.repetitions
    repetitions = (replace(first, form=notes), *(replace(one, form=notes[:1]) for one in others))
    said = highlight(replace(analysis, exercise=replace(analysis.exercise, repetitions=repetitions)))
    assert said.endswith("; a in 3 of 3; b in 1 of 3.")


@pytest.mark.parametrize(
    ("range_deg", "words"),
    [(88.0, "number 1 done best, number 3 least well"), (90.0, "alike as far as can be measured")],
)
def test_the_best_repetition_is_named_where_one_is_better(range_deg: float, words: str) -> None:
    analysis = squats(count=3)
    assert analysis.exercise is not None
    ranges_deg = (97.0, 95.0, range_deg)
    repetitions = tuple(
        replace(rep, notes=(), range_deg=deg)
        for rep, deg in zip(analysis.exercise.repetitions, ranges_deg, strict=True)
    )
    said = highlight(replace(analysis, exercise=replace(analysis.exercise, repetitions=repetitions)))
    assert f"; {words}" in said


def test_where_nothing_was_recognised_that_is_the_sentence() -> None:
    assert highlight(nothing()) == (
        "Neither walking nor an exercise was recognised in this clip, so there is nothing to count."
    )
