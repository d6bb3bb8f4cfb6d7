"""What numbers are called, and how a number is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Final

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


#: Name → label, one sentence of explanation, and what its values were measured from.
_METRICS: Final[Mapping[str, tuple[str, str, str]]] = {
    "cadence": ("Cadence", "Steps a minute, both feet counted.", "step"),
    "step_time": ("Step time", "From the heel strike of one foot to that of the other.", "step"),
    "stride_time": ("Stride time", "From one heel strike to the next of the same foot.", "stride"),
    "stance_time": ("Stance time", "How long the foot is on the ground.", "stride"),
    "swing_time": ("Swing time", "How long the foot is in the air.", "stride"),
    "stance_percent": ("Stance", "Share of the stride with the foot on the ground.", "stride"),
    "swing_percent": ("Swing", "Share of the stride with the foot in the air.", "stride"),
    "double_support_percent": ("Double support", "Share of the stride with both feet on the ground.", "stride"),
    "step_length": ("Step length", "Distance from one foot placement to the next of the other foot.", "step"),
    "stride_length": ("Stride length", "Distance from one foot placement to the next of the same foot.", "stride"),
    "speed": ("Speed", "How fast the body moves forward.", "stride"),
    "step_time_symmetry_index": ("Step time asymmetry", "Difference of left and right; 0 means equal.", "step"),
    "step_length_symmetry_index": ("Step length asymmetry", "Difference of left and right; 0 means equal.", "step"),
    "step_time_cv": ("Step time variability", "Spread of the step times relative to their mean.", "step"),
    "knee_flexion_peak": ("Largest knee bend", "Highest knee flexion; a straight leg is 0°.", "stride"),
    "knee_range": ("Knee range", "Difference of the largest and smallest knee angle.", "stride"),
    "hip_range": ("Hip range", "Difference of the largest and smallest hip angle.", "stride"),
    "trunk_lean_mean": ("Trunk lean", "Mean lean of the trunk from the vertical, forward positive.", "stride"),
    "ankle_angle": ("Ankle angle", "Angle between shank and foot.", "stride"),
    "foot_strike_type": ("Kind of foot strike", "Whether heel, midfoot or forefoot touches down first.", "step"),
    "foot_progression_angle": ("Foot turn-out", "How far the foot points away from the walking direction.", "step"),
    "toe_clearance": ("Toe clearance", "How far the toe passes above the ground.", "step"),
    "repetition_count": ("Repetitions", "Full repetitions; shallow ones are counted apart.", ""),
    "tempo": ("Tempo", "Repetitions a minute.", "interval"),
    "repetition_duration": ("Time a repetition", "From leaving the start position to the return.", "repetition"),
    "range_of_motion": ("Range of motion", "Range of the exercise's main joint angle over a repetition.", "repetition"),
    "left_right_difference": ("Left-right difference", "Range of the left side minus that of the right.", "repetition"),
    "five_times_sit_to_stand": (
        "Five times sit-to-stand",
        "From the start of the first rise to the fifth full stand, arms crossed.",
        "",
    ),
    "sppb_chair_points": ("Chair stand points", "0 to 4 points of the Short Physical Performance Battery.", ""),
    "chair_stands_30s": ("Stands in 30 seconds", "Full stands within 30 s of the first rise, arms crossed.", ""),
    "fatigue_slope": (
        "Fatigue: range",
        "Change of the range of motion from one repetition to the next over the longest set; ± is its standard error.",
        "repetition",
    ),
    "fatigue_slope_duration": (
        "Fatigue: duration",
        "Change of the time a repetition takes, from one to the next over the longest set; ± is its standard error.",
        "repetition",
    ),
}


#: Ends of the names of numbers without decimals; shares of the stride are known to about 2 % of it.
_WHOLE: Final = ("_count", "_percent")


_DECIMALS: Final[Mapping[str, int]] = {
    "s": 2,
    "m": 2,
    "m/s": 2,
    "ft": 2,
    "mph": 2,
    "": 0,
    "deg": 0,
    "s/repetition": 2,
    "steps/min": 0,
    "count": 0,
}


_UNIT_WORDS: Final[Mapping[str, str]] = {
    "deg": "°",
    "": "",
    "count": "",
    "stands": "",
    "repetitions": "",
    "repetitions/min": " /min",
    "deg/repetition": "° a repetition",
    "s/repetition": " s a repetition",
    "%/repetition": " % a repetition",
}


_COUNTED: Final = frozenset({"count", "stands", "repetitions"})


_VIEWS: Final[Mapping[str, str]] = {
    "side": "from the side",
    "front": "from the front",
    "ambiguous": "from an unclear angle",
}


def spoken(name: str) -> str:
    """Make words of a name: "trunk_lean" → "Trunk lean"."""
    return name.replace("_", " ").replace("-", " ").capitalize()


def angle_label(joint: str) -> str:
    """Return what a joint angle is called: "knee_flexion" → "Knee"."""
    return spoken(joint.removesuffix("_flexion"))


def metric_name(metric: Metric) -> str:
    """Return what a number is called, whatever its side."""
    return _METRICS[metric.name][0] if metric.name in _METRICS else spoken(metric.name)


def metric_label(metric: Metric) -> str:
    """Return what a number is called, with its side."""
    return f"{metric_name(metric)}, {metric.side}" if metric.side in {"left", "right"} else metric_name(metric)


def metric_help(metric: Metric) -> str | None:
    """Return one sentence on what a number means; None for an unknown one."""
    return _METRICS[metric.name][1] if metric.name in _METRICS else None


def _decimals(metric: Metric) -> int:
    return 0 if metric.name.endswith(_WHOLE) else _DECIMALS.get(metric.unit, 1)


def _number(metric: Metric, number: float) -> str:
    decimals = _decimals(metric)
    shown = f"{round(number, decimals) + 0.0:.{decimals}f}"  # + 0.0 turns -0.0 into 0.0
    return shown.replace("-", "−")


def _spread(metric: Metric, sd: float) -> str:
    """Return a spread as exact as its value; one too small for that is not called nothing."""
    least = 10.0 ** -_decimals(metric)
    return f"under {least:g}" if 0.0 < sd < least / 2 else _number(metric, sd)


def metric_value(metric: Metric) -> str:
    """Return a value with its unit as a reader expects it; a dash when it was withheld."""
    if metric.value is None:
        return "–"
    return _number(metric, metric.value) + _UNIT_WORDS.get(metric.unit, f" {metric.unit}")


def rounded(metric: Metric) -> Metric:
    """Return a number as it is shown, so that what is computed from it fits what stands beside it."""
    return metric if metric.value is None else replace(metric, value=round(metric.value, _decimals(metric)) + 0.0)


def metric_spread(metric: Metric) -> str | None:
    """Return a standard deviation with one digit more than its value has; None where there is none."""
    return None if metric.sd is None else f"{metric.sd:.{_decimals(metric) + 1}f}"


def amount(number: float, unit: str) -> str:
    """Return a number of a unit with three digits that count, as differences and limits need: "0.0450 s", "12.3°".

    What was counted has no decimals.
    """
    if unit in _COUNTED and float(number).is_integer():
        return f"{number:.0f}"
    return f"{number:#.3g}".removesuffix(".").replace("-", "−") + _UNIT_WORDS.get(unit, f" {unit}")


def exact_amount(number: float, unit: str) -> str:
    """Return a number that somebody chose, with its unit: "110 steps/min", "1.25 m/s"."""
    return f"{number:g}" + _UNIT_WORDS.get(unit, f" {unit}")


def rate_words(fps: float | None) -> str:
    """Return how finely in time a clip shows a movement; for a clip in slow motion give its real rate."""
    return "an unknown frame rate" if fps is None else f"{f'{fps:.1f}'.removesuffix('.0')} pictures a second"


def view_words(view: str) -> str:
    """Return from where the person was seen."""
    return _VIEWS.get(view, view)


def metric_basis(metric: Metric) -> str:
    """Return what a value rests on: confidence in words, spread, and how many it was measured from."""
    parts = [confidence_words(metric.confidence)]
    if metric.sd is not None:
        parts.append(f"±\u00a0{_spread(metric, metric.sd)}")
    counted = _METRICS[metric.name][2] if metric.name in _METRICS else "measurement"
    if metric.n and counted:
        parts.append(f"from {metric.n} {counted}{'s' if metric.n != 1 else ''}")
    return " · ".join(parts)


def confidence_words(confidence: float) -> str:
    """Return a confidence of 0..1 in words."""
    if confidence >= 0.8:
        return "high confidence"
    return "fair confidence" if confidence >= 0.5 else "low confidence"


def date_words(when: datetime, zone: tzinfo | None) -> str:
    """Return date and time in a time zone (None = this machine's), for example "5 May 2016, 05:04"."""
    local = when.astimezone(zone)
    return f"{local.day} {local:%b %Y, %H:%M}"
