"""The results of an analysis in plain sentences, and the best and the worst repetition."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from gaitlab.gait.cycle_curves import CycleCurve
from gaitlab.gait.norms import NormGroup, has_norm, usual_speed
from gaitlab.gait.symmetry import longer_side
from gaitlab.metrics.confidence import FAIR_MIN, is_never_measured, is_result
from gaitlab.metrics.table import row_of
from gaitlab.metrics.units import in_unit
from gaitlab.metrics.words import metric_label, metric_value, rounded
from gaitlab.records import Analysis, ExerciseSummary, GaitMode, GaitSummary, Metric, Repetition
from gaitlab.records.findings import said, sentences_of
from gaitlab.repetitions.activities import activity_label
from gaitlab.repetitions.sets import best_and_worst
from gaitlab.repetitions.standards import FORM_RULES
from gaitlab.settings import put_right_of

__all__ = [
    "are_alike",
    "cycle_words",
    "headline_words",
    "moving_label",
    "norm_sentences",
    "note_words",
    "pair_words",
    "plain_sentences",
    "remark_words",
    "repetition_words",
    "typical_range",
    "typical_words",
]

_MOVING: Final[Mapping[GaitMode, str]] = {"run": "Running", "unknown": "Walking or running"}
#: Settings that can be put right, in words.
_SETTINGS: Final[Mapping[str, str]] = {
    "activity": "activity",
    "height_m": "body height",
    "treadmill_mps": "belt speed",
    "px_per_m": "scale",
    "slow_motion": "slow-motion factor",
}
_SETTING_UNITS: Final[Mapping[str, str]] = {
    "height_m": "{:.2f} m",
    "treadmill_mps": "{:.2f} m/s",
    "px_per_m": "{:.0f} px per m",
    "slow_motion": "{:g}",
}


def typical_words(metric: Metric, analysis: Analysis) -> str:
    """Return the typical range of a metric with its unit, "100–120 steps/min"; empty where there is none."""
    ends = typical_range(metric, analysis)
    return "" if ends is None else f"{ends[0]:g}–{ends[1]:g} {metric.unit}"


def typical_range(metric: Metric, analysis: Analysis) -> tuple[float, float] | None:
    """Return both ends of the typical range of a metric, in its unit and rounding; None where there is none."""
    ends, gait = _typical_ends(metric), analysis.gait
    if ends is None or gait is None or gait.mode != "walk":
        return None
    low, high = (float(end.value or 0.0) for end in ends)
    return low, high


def _typical_ends(metric: Metric) -> tuple[Metric, Metric] | None:
    """Return both ends of the typical range of a metric, in its unit and rounding; None where there is none."""
    row = row_of(metric.name)
    if row.typical is None:
        return None
    ends = (Metric(name=row.name, value=end, unit=row.unit) for end in (row.typical.low, row.typical.high))
    low, high = (rounded(in_unit(end, metric.unit)) for end in ends)
    return low, high


def repetition_words(count: int, shallow: int) -> str:
    """Return the number of repetitions and of the shallow ones among them: "8 repetitions, 3 of them shallow"."""
    if count == 1:
        return "1 shallow repetition" if shallow else "1 repetition"
    of_them = "all" if shallow == count else str(shallow)
    return f"{count} repetitions, {of_them} of them shallow" if shallow else f"{count} repetitions"


def moving_label(kind: str, mode: GaitMode | None) -> str:
    """Return the name of an activity; of gait the one of how the person walks: "Running"."""
    return _MOVING.get(mode or "walk", activity_label(kind)) if kind == "gait" else activity_label(kind)


def headline_words(kind: str, metric: Metric | None, *, shallow: int = 0, mode: GaitMode | None = None) -> str:
    """Return the activity of a session and its main number: "Squats: 9 repetitions", "Walking: 112 steps/min".

    Parameters
    ----------
    kind : str
        The activity.
    metric : Metric or None
        The metric that sums the session up; without a value only the activity is returned.
    shallow : int
        How many of the repetitions are shallow.
    mode : {"walk", "run", "unknown"}, optional
        How the person walks; the title says "Running" where the sentences do.
    """
    label = moving_label(kind, mode)
    if metric is None or metric.value is None:
        return label
    if metric.name == "repetition_count":
        return f"{label}: {repetition_words(round(metric.value), shallow)}"
    return f"{label}: {metric_value(metric)}"


def plain_sentences(analysis: Analysis) -> tuple[str, ...]:
    """Return the results as a few sentences without technical terms; the first is the most important."""
    sentences: list[str] = []
    if analysis.exercise:
        sentences += _of_exercise(analysis.exercise)
    if analysis.gait:
        sentences += _of_gait(analysis.gait, analysis)
    if not sentences and analysis.gait:
        sentences.append("The steps were not seen well enough for a cadence.")
    elif not sentences:
        sentences.append("Neither walking nor an exercise was recognised in this clip, so there is nothing to count.")
    missing = sum(not is_result(metric) and not is_never_measured(metric) for metric in analysis.metrics)
    if missing:
        left_out = f"{missing} numbers" if missing > 1 else "One number"
        sentences.append(f"{left_out} could not be measured in this clip; the reasons are below.")
    return tuple(sentences)


def _metric(metrics: Sequence[Metric], name: str) -> Metric | None:
    return next((m for m in metrics if m.name == name and m.value is not None and m.side in (None, "both")), None)


def _of_exercise(exercise: ExerciseSummary) -> Iterator[str]:
    label = activity_label(exercise.name)
    if _metric(exercise.metrics, "repetition_count") is None:
        yield f"{label}: the repetitions were not seen well enough to be counted."
        return
    each = _metric(exercise.metrics, "repetition_duration")
    pace = f"; {each.value:.1f} seconds each on average" if each is not None and each.value is not None else ""
    yield f"{label}: {repetition_words(exercise.count, exercise.partial)}{pace}."
    if (pair := best_and_worst(exercise.repetitions)) is not None:
        best, worst = pair
        yield f"Number {best.index} was done best{_movement(best)}, number {worst.index} least well{_movement(worst)}."
    elif are_alike(exercise):
        yield "They were alike, as far as can be measured."
    if _is_even(exercise):
        yield "Range and duration do not change over the set more than by chance."
    remarks = [note for rep in exercise.repetitions for note in rep.form]
    if remarks:
        yield f"{len(remarks)} remark{'s' if len(remarks) > 1 else ''} on form; they stand with the repetitions."


def are_alike(exercise: ExerciseSummary) -> bool:
    """Return whether the range of all whole repetitions is known, and none of them is better than the others."""
    whole = [rep for rep in exercise.repetitions if rep.is_whole]
    is_known = len(whole) > 1 and all(rep.range_deg is not None for rep in whole)
    return is_known and best_and_worst(exercise.repetitions) is None


def _is_even(exercise: ExerciseSummary) -> bool:
    """Return whether neither range nor duration changes over the set."""
    slopes = [one for one in exercise.metrics if one.name.startswith("fatigue_slope")]
    return bool(slopes) and all(one.value is None and is_result(one) for one in slopes)


def norm_sentences(
    analysis: Analysis,
    *,
    sex: str | None,
    age: int | None,
    in_units: Callable[[Metric], Metric] = lambda metric: metric,
) -> tuple[str, ...]:
    """Return the usual walking speed of healthy people of that sex and age (years), as sentences.

    `in_units` converts the speed to the units of the reader. The result is empty for a walk without a speed over
    ground, and on a treadmill, since somebody set the speed of its belt.
    """
    usual = usual_speed(sex, age)
    walked = analysis.gait is not None and _metric(analysis.gait.metrics, "speed") is not None
    on_belt = analysis.provenance.settings.get("treadmill_mps") is not None
    if usual is None or not walked or not has_norm(analysis) or on_belt:
        return ()
    speed = metric_value(in_units(usual.metric))
    return (f"Healthy {usual.people} walk at {speed} on average at a speed of their choice ({usual.source}).",)


def pair_words(pair: tuple[Repetition, Repetition]) -> tuple[str, str]:
    """Return the differences of the best and the worst repetition: remarks on form, depth, range of motion."""
    remarked = any(one.form for one in pair)
    best, worst = pair
    return _qualities(best, remarked=remarked), _qualities(worst, remarked=remarked)


def _qualities(repetition: Repetition, *, remarked: bool) -> str:
    """Return the qualities that `sets.best_and_worst` compares, in its order."""
    parts = []
    if remarked:
        parts.append("; ".join(dict.fromkeys(note.text for note in repetition.form)) or "no remark on form")
    if repetition.depth is not None:
        percent = f"{100.0 * repetition.depth:.0f}"
        parts.append("full depth" if repetition.depth >= 1.0 else f"{percent} % of full depth")
    if repetition.range_deg is not None:
        parts.append(f"{repetition.range_deg:.0f}° of movement")
    return " · ".join(parts)


def _movement(repetition: Repetition) -> str:
    return "" if repetition.range_deg is None else f" ({repetition.range_deg:.0f}° of movement)"


def _of_gait(gait: GaitSummary, analysis: Analysis) -> Iterator[str]:
    cadence = _metric(gait.metrics, "cadence")
    if cadence is not None and cadence.value is not None:
        moving = "Running" if gait.mode == "run" else "Walking"
        yield f"{moving} at {cadence.value:.0f} steps per minute{_beside(cadence, analysis)}."
        if cadence.confidence < FAIR_MIN:
            yield "That number is not sure: few steps were seen, or not well."
    evenness = _metric(gait.metrics, "step_time_symmetry_index")
    if evenness is not None and evenness.value is not None:
        longer = longer_side(gait.metrics, analysis.subject.view)
        words = "uneven in time" if longer else "even in time as far as can be measured"
        yield f"Left and right steps are {words}: they differ by {evenness.value:.0f} %{_doubt(evenness)}."
    speed = _metric(gait.metrics, "speed")
    if speed is not None:
        yield f"{metric_label(speed)}: {metric_value(speed)}{_doubt(speed)}."
    both = _metric(gait.metrics, "double_support_percent")
    if both is not None:
        beside = f"{_beside(both, analysis)}{_doubt(both)}"
        yield f"Both feet are on the ground for {metric_value(both)} of the time{beside}."


def _doubt(metric: Metric) -> str:
    """Return the end of a sentence that marks a metric of low confidence as not sure; empty for other metrics."""
    return "" if metric.confidence >= FAIR_MIN else "; this number is not sure"


def _beside(metric: Metric, analysis: Analysis) -> str:
    """Return the end of a sentence that compares a value with its typical range; empty when it is not sure."""
    ends = typical_range(metric, analysis)
    if ends is None or metric.value is None or metric.confidence < FAIR_MIN:
        return ""
    low, high = ends
    shown, error = rounded(metric).value or 0.0, row_of(metric.name).error
    within = "as far as can be measured within" if error else "within"
    # By more than its error, and as it is shown: 99.6 reads 100.
    is_below, is_above = shown < low and metric.value < low - error, shown > high and metric.value > high + error
    where = "below" if is_below else "above" if is_above else within
    return f"; {where} what is typical of healthy adults ({low:g} to {high:g})"


def note_words(analysis: Analysis) -> tuple[str, ...]:
    """Return the notes of an analysis in the words of the pages.

    The notes number people by their first appearance, but the picture for choosing a person numbers them from left to
    right. So the pages name the person analysed without a number, unless the user asked for a number.
    """
    pose = analysis.provenance.settings.get("pose") or {}
    code = "people_seen_chosen" if pose.get("subject_at") else "people_seen_auto"
    named = bool(pose.get("subject_at")) or pose.get("subject") == "auto"
    findings = (
        said(code, n=one.values["n"]) if named and one.code == "people_seen" else one for one in analysis.findings
    )
    return (*sentences_of(findings), *_live_words(analysis), *_put_right_words(analysis))


def _live_words(analysis: Analysis) -> tuple[str, ...]:
    """Return what the Live page told of the recording beside what this report says."""
    told = analysis.provenance.settings.get("live_told")
    if not isinstance(told, int | float):
        return ()
    if analysis.exercise is not None:
        counted = analysis.exercise.count
        here = "as this report does" if told == counted else f"this report {counted}: it has seen all of the recording"
        return (f"Live counted {told:g}, {here}.",)
    cadence = analysis.gait.metrics[0].value if analysis.gait is not None else None
    here = "this report tells none" if cadence is None else f"this report {cadence:.0f} of the whole recording"
    return (f"Live told {told:.0f} at the end, {here}.",)


def _put_right_words(analysis: Analysis) -> tuple[str, ...]:
    """Return the note on settings that were put right after the first analysis."""
    settings = analysis.provenance.settings
    first = put_right_of(settings)
    changed = []
    for name, words in _SETTINGS.items():
        if name in first:
            now, then = (_setting_words(name, value) for value in (settings.get(name), first[name]))
            if then == activity_label("auto") and "found" in first:
                then = f"{activity_label(first['found'])}, detected"
            changed.append(f"{words} {now} (before: {then})")
    return (f"Put right by hand: {'; '.join(changed)}.",) if changed else ()


def _setting_words(name: str, value: Any) -> str:
    """Return a setting in words, as on the command line: metric."""
    if name == "activity":
        return activity_label(str(value))
    return "none" if value is None else _SETTING_UNITS[name].format(value)


def remark_words(analysis: Analysis) -> tuple[str, ...]:
    """Return how well each rule that made a remark is known to tell wrong from right, once per rule."""
    if analysis.exercise is None:
        return ()
    made = dict.fromkeys(note.rule for rep in analysis.exercise.repetitions for note in rep.form)
    rules = [FORM_RULES[name] for name in made if name in FORM_RULES]
    return tuple(f"Remark “{rule.short}”: {rule.evidence}." for rule in rules)


def cycle_words(curves: Sequence[CycleCurve], norm: NormGroup | None) -> str:
    """Return the caption of a chart over the gait cycle: number of strides, and people and source of the norm."""
    counted = " and ".join(f"{curve.n} {curve.side}" for curve in curves)
    shown = f"Lines and shades: mean and spread (standard deviation) of {counted} strides, heel strike to heel strike."
    is_hip = any(curve.name == "hip_flexion" for curve in curves)
    shown += " Hip: the thigh against the trunk." if is_hip else ""
    if norm is None:
        return shown
    pelvis = "; against the pelvis, its mean tilt taken off" if is_hip else ""
    return (
        f"{shown} Grey: {norm.people} ({norm.source}{pelvis}). Other ages, speeds, running and treadmills have other "
        "curves, and one camera measures 5-8° otherwise than a laboratory: look at the shape."
    )
