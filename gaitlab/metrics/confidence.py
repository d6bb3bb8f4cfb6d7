"""Confidence, and the sentences that say why a number is missing and how to film it better."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gaitlab.metrics.table import METRICS
from gaitlab.records import Metric, Side, SmoothedTrack, View
from gaitlab.records.skeleton import LEG_KEYPOINTS

__all__ = [
    "FAIR_MIN",
    "HIGH_MIN",
    "REASONS",
    "Trust",
    "computed",
    "confidence",
    "is_never_measured",
    "is_result",
    "leg_quality",
    "measured",
    "never_measured",
    "one_of_a_side",
    "withheld",
    "without_value",
]

#: Confidence from which the words for it are "high", and from which they are "fair" and no longer "low" *(ours)*.
HIGH_MIN: Final = 0.8
FAIR_MIN: Final = 0.5

#: Returns the confidence of a metric from the number of its samples and the number it needs.
Trust = Callable[[int, int], float]

#: Why a metric is withheld and what to do about it.
REASONS: Final[dict[str, str]] = {
    "view": "This needs a view from the side: place the camera at hip height, square to the walkway.",
    "no_steps": "Not enough steps are visible: film at least six steps from the side, whole body in the picture.",
    "few_steps": "Fewer than three steady steps are visible: let the person walk on for at least six steps.",
    "few_strides": "No full stride of this leg is visible: let the person walk on, both feet in the picture.",
    "implausible": "The steps found are too fast or too slow for walking or running: if the clip does not play at the "
    "speed of life, set its slow-motion factor (4 = four times slower, 0.5 = twice as fast).",
    "disagreement": "The steps found do not fit the rhythm of the legs: film from the side, one person, 30 frames "
    "per second or more.",
    "irregular": "The steps found are too irregular to be one walk: film one person walking on, from the side.",
    "doubtful_steps": "The steps this rests on are doubtful: see the reason given for cadence.",
    "no_toe_off": "It is not seen when the feet leave the ground: keep both ankles in the picture.",
    "running": "In running the ankle does not show when the foot leaves the ground, and no toe is tracked: stance and "
    "swing are only given for walking.",
    "slowed": "Each leg takes longer to swing forward than anybody's who walks or runs: the clip is slowed down. Set "
    "its slow-motion factor.",
    "too_fast": "The legs swing forward faster than anybody's who walks: the clip is played too fast. Set its "
    "slow-motion factor below 1, 0.5 for double speed.",
    "speed_changes": "Strides that reach equally far take unequal times, as in a clip that changes between normal "
    "speed and slow motion: cut it where its speed changes, or film again at one speed.",
    "backward": "Walking backward, the toes touch down first and the heel leaves the ground last, and neither is "
    "tracked: stance and swing are only given for walking forward.",
    "no_scale": "Metres need a scale: give the body height, the length of something in the picture or, on a "
    "treadmill, the belt speed.",
    "no_body_height": "The body height gives no scale, as shoulders, hips and a nearly straight leg are not seen "
    "together: keep the whole body in the picture.",
    "ground_moves": "The hips do not travel through the picture, as on a treadmill or before a camera that follows: "
    "give the belt speed, or film with a camera that stands still.",
    "implausible_speed": "The speed found is impossible: check the scale or the body height.",
    "few_per_side": "This needs at least three steady strides of each leg: let the person walk on, or film several "
    "passes.",
    "uneven_by_chance": "The steps vary too much to compare the legs: film more steps, the whole body in the picture.",
    "feet_apart": "The near and the far foot are not seen alike, so step lengths of left and right are not compared: "
    "beside sensors the difference was off by 13 %, no better than a guess. See the symmetry of step times.",
    "no_foot": "The pose model knows no heel and no toe, so this is not measured and not guessed.",
    "frame_rate": "The frames are too far apart: they would make steps look uneven that are not; film at 60 frames "
    "per second.",
    "facing": "It is unclear which way the person faces: film from the side, with the head in the picture.",
    "unseen": "The joints are not visible long enough: keep the whole body in the picture and avoid loose clothing.",
    "no_repetitions": "No whole repetition was found: keep the whole body in the picture from before the first to "
    "after the last repetition.",
    "few_repetitions": "This needs at least two repetitions.",
    "view_front": "This needs a view from the front: place the camera at chest height, square to the chest.",
    "no_angle": "No joint stands for this movement: name the exercise to get its range of motion.",
    "sides_hidden": "From the side the near arm or leg hides the far one: film from the front.",
    "few_of_each_side": "This needs at least two repetitions of each side with their range seen.",
    "few_for_fatigue": "This needs at least four whole repetitions in one set.",
    "few_stands": "The test needs five full stands in a row: start sitting and stand up five times without a pause.",
    "clip_short": "The test takes 30 s from the first rise, the clip shows {seen_s:.0f} s of it: film on.",
    "arms_help": "The hands are low while standing up, as if they helped, and with the arms' help these tests score 0: "
    "cross the arms before the chest.",
    "no_chair": "It is not seen that the person sits on a chair between the stands: film knees "
    "and hips in the picture, on a chair of usual height.",
    "no_seat": "It is not seen that the person sits on a chair: the Timed Up and Go begins and ends seated. Film from "
    "before the rise until the person sits again, chair and line in the picture.",
    "no_walk_from_seat": "The person does not walk from the chair to a line and back: the Timed Up and Go needs 3 m of "
    "way, all of it in the picture.",
    "not_seated_again": "The person gets up and walks, but is not seen to sit down again: film until the end of the "
    "Timed Up and Go.",
    "other_seat": "The person does not come back to the chair: the Timed Up and Go ends where it begins.",
    "no_turn_seen": "The turn is not seen: film from the side, so that the shoulders show while they turn.",
    "cut_seat": "It is not seen how the person sits before the first movement, or after the last: start to film a "
    "second before, and stop a second after.",
    "not_three_metres": "The person turns {reach_m:.1f} m from the chair; the line of the Timed Up and Go is 3 m away. "
    "Check the scale.",
    "marks_do_not_fit": "The marks do not fit the size of the person: check where they are and how far apart.",
    "marks_not_passed": "No foot is seen to pass the first and then the second mark: film the whole way, both marks "
    "and the feet in the picture.",
    "beside_the_marks": "The person does not walk along the line between the marks: put them where the feet pass.",
    "walking_start": "The walk of the SPPB starts from standing, both feet at the first mark; this one starts walking.",
    "sppb_incomplete": "The total needs three parts: type in the points of the part that this clip does not show.",
    "level_by_chance": "The repetitions of the set do not change more than by chance.",
}

_VIEW_FIT: Final[dict[View, float]] = {"side": 1.0, "ambiguous": 0.6, "front": 0.0}


def confidence(*, view: View | None, coverage: float, interpolated: float, n: int, n_min: int) -> float:
    """Return ``view fit * coverage * (1 - 0.5 * interpolated share) * min(1, n / n_min)``, 0..1.

    Parameters
    ----------
    view : {"side", "front", "ambiguous"} or None
        For metrics that need a side view; None where the view does not matter.
    coverage : float
        Share of frames in which the joints needed are known.
    interpolated : float
        Share of those that were filled in.
    n, n_min : int
        Number of steps, strides or repetitions, and the number the metric needs.
    """
    fit = 1.0 if view is None else _VIEW_FIT[view]
    value = fit * coverage * (1.0 - 0.5 * interpolated) * min(1.0, n / n_min)
    return float(np.clip(value, 0.0, 1.0))


def withheld(name: str, reason: str, *, side: Side | None = None, n: int = 0, unit: str | None = None) -> Metric:
    """Return a metric without a value.

    Parameters
    ----------
    name : str
        Of a row of the table of metrics, which gives the unit.
    reason : str
        Key of `REASONS`.
    side : Side, optional
    n : int
        Steps, strides or repetitions that were seen all the same.
    unit : str, optional
        One of the row's other units.
    """
    return without_value(name, REASONS[reason], side=side, n=n, unit=unit)


def without_value(name: str, sentence: str, *, side: Side | None = None, n: int = 0, unit: str | None = None) -> Metric:
    """Return a metric that is withheld for a reason whose text contains numbers; other parameters as for `withheld`."""
    return Metric(name=name, value=None, unit=_unit(name, unit), side=side, n=n, reason=sentence)


def _unit(name: str, wanted: str | None) -> str:
    """Return the unit of a metric; raises KeyError for a name without a row, ValueError for a unit not in the row."""
    row = METRICS[name]
    if wanted is not None and wanted not in (row.unit, *row.other_units):
        raise ValueError(f"{name}: expected a unit of {(row.unit, *row.other_units)}, got {wanted!r}")
    return row.unit if wanted is None else wanted


def leg_quality(smoothed: SmoothedTrack, rows: NDArray[np.integer]) -> tuple[float, float]:
    """Return coverage and interpolated share of the leg joints over some frames of a track; both 0 without frames."""
    if not rows.size:
        return 0.0, 0.0
    legs = list(LEG_KEYPOINTS)
    known = np.isfinite(smoothed.track.xy_px[rows][:, legs, 0])
    return float(known.mean()), float(smoothed.interpolated[rows][:, legs].mean())


def computed(
    name: str,
    value: float,
    *,
    n: int,
    confidence: float,
    sd: float | None = None,
    side: Side | None = None,
    unit: str | None = None,
) -> Metric:
    """Return a metric whose value is not the mean of its samples.

    Parameters
    ----------
    name : str
        Of a row of the table of metrics, which gives the unit.
    value : float
    n : int
        Steps, strides or repetitions it rests on.
    confidence : float
    sd : float, optional
    side : Side, optional
    unit : str, optional
        One of the row's other units.
    """
    return Metric(name=name, value=value, unit=_unit(name, unit), side=side, n=n, sd=sd, confidence=confidence)


def measured(name: str, samples: ArrayLike | Sequence[float], *, confidence: float, side: Side | None = None) -> Metric:
    """Return the mean of at least one sample, with n and the standard deviation (ddof 1; None for one sample)."""
    values = np.asarray(samples, dtype=np.float64)
    sd = float(np.std(values, ddof=1)) if values.size > 1 else None
    return computed(name, float(np.mean(values)), n=values.size, sd=sd, confidence=confidence, side=side)


def one_of_a_side(name: str, samples: Sequence[float], trust: Trust, *, n_min: int, missing: str, side: Side) -> Metric:
    """Return the mean of one side's samples, or the metric withheld for the reason `missing` where there are none."""
    if not samples:
        return withheld(name, missing, side=side)
    return measured(name, samples, confidence=trust(len(samples), n_min), side=side)


def is_result(metric: Metric) -> bool:
    """Return whether a metric tells something: it has a value, or there is nothing but chance to tell of."""
    return metric.value is not None or metric.reason == REASONS["level_by_chance"]


def is_never_measured(metric: Metric) -> bool:
    """Return whether a metric is withheld from every clip, however it is filmed."""
    row = METRICS.get(metric.name)
    return metric.value is None and row is not None and row.never is not None


def never_measured() -> list[Metric]:
    """Return the gait metrics that are withheld from every view, since no heel and no toe are tracked."""
    return [withheld(row.name, row.never) for row in METRICS.values() if row.never is not None]
