"""What stands out in a report: one sentence with the main result and what is out of the ordinary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Final

from gaitlab.gait.symmetry import longer_side
from gaitlab.history.verdict import half_width
from gaitlab.metrics.confidence import FAIR_MIN, is_result
from gaitlab.metrics.table import row_of
from gaitlab.metrics.words import metric_label, metric_name, metric_value
from gaitlab.records import Analysis, ExerciseSummary, Metric
from gaitlab.repetitions.sets import best_and_worst
from gaitlab.repetitions.standards import FORM_RULES
from gaitlab.reports.sentences import are_alike, plain_sentences, typical_range

__all__ = ["highlight", "uncertainty"]

#: More than two findings are a list, and the tables have it (ours).
_FINDINGS_MAX: Final = 2


def uncertainty(metric: Metric) -> float | None:
    """Return what a value may be off by, in its unit: half of its 95 % interval; None where that is not known.

    The interval is that of the mean over steps or repetitions; where walks beside plates and sensors showed a larger
    error, it is that one.
    """
    row = row_of(metric.name)
    known = row.error if metric.unit == row.unit else 0.0
    return max(half_width(metric.sd, metric.n) or 0.0, known) or None


def highlight(analysis: Analysis) -> str:
    """Return one sentence: the main result, then at most two findings; `analysis` is in the reader's units."""
    main = plain_sentences(analysis)[0].rstrip(".")
    found = _of_exercise(analysis.exercise) if analysis.exercise else _of_gait(analysis)
    return "; ".join((main, *islice(found, _FINDINGS_MAX))) + "."


def _of_gait(analysis: Analysis) -> Iterator[str]:
    if analysis.gait is None:
        return
    if any(one.name == "cadence" and one.value and one.confidence < FAIR_MIN for one in analysis.gait.metrics):
        yield "this number is not sure"
    longer = longer_side(analysis.gait.metrics, analysis.subject.view)
    if longer is not None:
        index = next(one.value for one in analysis.gait.metrics if one.name == "step_time_symmetry_index")
        yield f"{longer} steps take {index:.0f} % longer than {'right' if longer == 'left' else 'left'} ones"
    beyond: dict[tuple[str, str], list[Metric]] = {}
    for metric in analysis.gait.metrics:
        where = _beyond(metric, analysis)
        if where and not row_of(metric.name).is_headline:  # the main sentence says so of those
            beyond.setdefault((metric_name(metric), where), []).append(metric)
    for (name, where), metrics in beyond.items():
        values = ", ".join(f"{one.side or ''} {metric_value(one)}".strip() for one in metrics)
        yield f"{name.lower()} {where} what is typical ({values})"


def _beyond(metric: Metric, analysis: Analysis) -> str:
    """Return whether a value lies below or above its typical range, by more than it may be off; else ""."""
    ends = typical_range(metric, analysis)
    error = uncertainty(metric)
    if ends is None or error is None or metric.value is None or metric.confidence < FAIR_MIN:
        return ""
    if metric.value + error < ends[0]:
        return "below"
    return "above" if metric.value - error > ends[1] else ""


def _of_exercise(exercise: ExerciseSummary) -> Iterator[str]:
    remarked = Counter(rule for rep in exercise.repetitions for rule in dict.fromkeys(note.rule for note in rep.form))
    for rule, count in remarked.most_common():
        short = FORM_RULES[rule].short if rule in FORM_RULES else rule
        yield f"{short} in {count} of {len(exercise.repetitions)}"
    if (pair := best_and_worst(exercise.repetitions)) is not None:
        yield f"number {pair[0].index} done best, number {pair[1].index} least well"
    elif are_alike(exercise):
        yield "alike as far as can be measured"
    slopes = [one for one in exercise.metrics if one.name.startswith("fatigue_slope")]
    for one in slopes:
        if one.value is not None:
            yield f"{metric_label(one)} {metric_value(one)}"
    if slopes and all(one.value is None and is_result(one) for one in slopes):
        yield "no more fatigue than by chance"
