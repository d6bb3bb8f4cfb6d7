"""Metrics in words: labels, values with units, spread, confidence and dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Final

from gaitlab.metrics.confidence import FAIR_MIN, HIGH_MIN
from gaitlab.metrics.table import row_of, spoken
from gaitlab.metrics.units import unit_of
from gaitlab.records import Metric

__all__ = [
    "CONFIDENCE_HELP",
    "TYPICAL_HELP",
    "amount",
    "angle_label",
    "confidence_words",
    "date_words",
    "exact_amount",
    "metric_basis",
    "metric_help",
    "metric_label",
    "metric_name",
    "metric_spread",
    "metric_value",
    "rate_words",
    "rounded",
    "shortened",
    "spoken",
    "view_words",
]

CONFIDENCE_HELP: Final = (
    "Confidence says how well and how often a movement was seen; ± how much it varied from one to the next (standard "
    "deviation)."
)


TYPICAL_HELP: Final = (
    "Typical: rounded textbook ranges of healthy adults walking at their own speed; an orientation, not a limit."
)


_VIEWS: Final[Mapping[str, str]] = {
    "side": "from the side",
    "front": "from the front",
    "ambiguous": "from an unclear angle",
}


def shortened(text: str, most: int) -> str:
    """Return words in one line of at most `most` characters; what is cut off, within a word too, is told by "…".

    >>> shortened("the heel comes up early", 12)
    'the heel co…'
    """
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def angle_label(joint: str) -> str:
    """Return the label of a joint angle: "knee_flexion" → "Knee"."""
    return spoken(joint.removesuffix("_flexion"))


def metric_name(metric: Metric) -> str:
    """Return the label of a metric, without its side."""
    return row_of(metric.name).label


def metric_label(metric: Metric) -> str:
    """Return the label of a metric, with its side."""
    return f"{metric_name(metric)}, {metric.side}" if metric.side in {"left", "right"} else metric_name(metric)


def metric_help(metric: Metric) -> str | None:
    """Return one sentence that explains a metric; None for an unknown one."""
    return row_of(metric.name).help


def _decimals(metric: Metric) -> int:
    decimals = row_of(metric.name).decimals
    return unit_of(metric.unit).decimals if decimals is None else decimals


def _number(metric: Metric, number: float) -> str:
    decimals = _decimals(metric)
    shown = f"{round(number, decimals) + 0.0:.{decimals}f}"  # + 0.0 turns -0.0 into 0.0
    return shown.replace("-", "−")


def metric_value(metric: Metric) -> str:
    """Return the value of a metric with its unit, as readers see it; a dash when it was withheld."""
    if metric.value is None:
        return "–"
    return _number(metric, metric.value) + unit_of(metric.unit).written


def rounded(metric: Metric) -> Metric:
    """Return a metric with its value rounded as shown, so that differences of shown values add up."""
    return metric if metric.value is None else replace(metric, value=round(metric.value, _decimals(metric)) + 0.0)


def metric_spread(metric: Metric) -> str | None:
    """Return the standard deviation of a metric with one decimal more than its value; None where it has none.

    One that would round to zero is written "under ...".
    """
    if metric.sd is None:
        return None
    decimals = _decimals(metric) + 1
    least = 10.0**-decimals
    return f"under {least:g}" if 0.0 < metric.sd < least / 2 else f"{metric.sd:.{decimals}f}"


def amount(number: float, unit: str) -> str:
    """Return a number with three significant digits and its unit, for differences and limits: "0.0450 s", "12.3°".

    A count has no decimals.
    """
    known = unit_of(unit)
    if known.is_counted and float(number).is_integer():
        return f"{number:.0f}"
    return f"{number:#.3g}".removesuffix(".").replace("-", "−") + known.written


def exact_amount(number: float, unit: str) -> str:
    """Return a number as a user entered it, with its unit: "110 steps/min", "1.25 m/s"."""
    return f"{number:g}{unit_of(unit).written}"


def rate_words(fps: float | None) -> str:
    """Return the frame rate of a clip in words; `fps` is the real rate, also of a clip in slow motion."""
    return "an unknown frame rate" if fps is None else f"{f'{fps:.1f}'.removesuffix('.0')} frames per second"


def view_words(view: str) -> str:
    """Return the view in words: "from the side"."""
    return _VIEWS.get(view, view)


def metric_basis(metric: Metric) -> str:
    """Return the basis of a value: confidence in words, spread and number of samples."""
    parts = [confidence_words(metric.confidence)]
    if metric.sd is not None:
        parts.append(f"±\u00a0{metric_spread(metric)}")
    noun = row_of(metric.name).noun
    if metric.n and noun:
        parts.append(f"from {metric.n} {noun}{'s' if metric.n != 1 else ''}")
    return " · ".join(parts)


def confidence_words(confidence: float) -> str:
    """Return a confidence of 0..1 in words."""
    if confidence >= HIGH_MIN:
        return "high confidence"
    return "fair confidence" if confidence >= FAIR_MIN else "low confidence"


def date_words(when: datetime, zone: tzinfo | None) -> str:
    """Return date and time in a time zone (None = this machine's), for example "5 May 2016, 05:04"."""
    local = when.astimezone(zone)
    return f"{local.day} {local:%b %Y, %H:%M}"
