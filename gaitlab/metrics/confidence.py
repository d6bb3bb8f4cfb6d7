"""Confidence, and the sentences that say why a number is missing and how to film it better."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gaitlab.records import Metric, Side, SmoothedTrack, View
from gaitlab.records.skeleton import LEG_KEYPOINTS

__all__ = [
    "FAIR_MIN",
    "HIGH_MIN",
    "REASONS",
    "Trust",
    "confidence",
    "leg_quality",
    "measured",
    "never_measured",
    "one_of_a_side",
    "withheld",
]

#: Confidence from which the words for it are "high", and from which they are "fair" and no longer "low" *(ours)*.
HIGH_MIN: Final = 0.8
FAIR_MIN: Final = 0.5

#: Confidence of a metric over so many samples when it wants so many.
Trust = Callable[[int, int], float]

#: Why a metric is withheld and what to do about it.
REASONS: Final[dict[str, str]] = {
    "view": "This needs a view from the side: place the camera at hip height, square to the walkway.",
    "no_steps": "Not enough steps are visible: film at least six steps from the side, whole body in the picture.",
    "few_steps": "Fewer than three steady steps are visible: let the person walk on for at least six steps.",
    "few_strides": "No full stride of this leg is visible: let the person walk on, both feet in the picture.",
    "implausible": "The steps found are too fast or too slow for walking or running: if the clip was filmed in slow "
    "motion, set its factor.",
    "disagreement": "The steps found do not fit the rhythm of the legs: film from the side, one person, 30 frames a "
    "second or more.",
    "irregular": "The steps found are too irregular to be one walk: film one person walking on, from the side.",
    "doubtful_steps": "The steps this rests on are doubtful: see the reason given for cadence.",
    "no_toe_off": "It is not seen when the feet leave the ground: keep both ankles in the picture.",
    "running": "In running the ankle does not show when the foot leaves the ground, and no toe is tracked: stance and "
    "swing are only given for walking.",
    "slowed": "Both feet are off the ground between the steps, as in running, but nobody runs so slowly: the clip is "
    "slowed down. Set its slow-motion factor.",
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
    "frame_rate": "The frames are too far apart: they would make steps look uneven that are not; film at 60 frames a "
    "second.",
    "facing": "It is unclear which way the person faces: film from the side, with the head in the picture.",
    "unseen": "The joints are not visible long enough: keep the whole body in the picture and avoid loose clothing.",
    "no_repetitions": "No full repetition was found: keep the whole body in the picture from before the first to "
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
    "level_by_chance": "The repetitions of the set do not change more than by chance.",
}

#: Asked for, but not to be told from these keypoints from any view: name, unit, reason. Step lengths: over
#: eleven people with sensors the signed difference between the feet was off by 13.5 % of their mean (correlation 0.35).
_NEVER: Final[tuple[tuple[str, str, str], ...]] = (
    ("step_length_symmetry_index", "%", "feet_apart"),
    ("ankle_angle", "deg", "no_foot"),
    ("foot_strike_type", "", "no_foot"),
    ("foot_progression_angle", "deg", "no_foot"),
    ("toe_clearance", "m", "no_foot"),
)

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
        Number of steps, strides or repetitions, and how many the metric wants.
    """
    fit = 1.0 if view is None else _VIEW_FIT[view]
    value = fit * coverage * (1.0 - 0.5 * interpolated) * min(1.0, n / n_min)
    return float(np.clip(value, 0.0, 1.0))


def withheld(name: str, unit: str, reason: str, *, side: Side | None = None, n: int = 0) -> Metric:
    """Return a metric without a value; `reason` is a key of `REASONS`."""
    return Metric(name=name, value=None, unit=unit, side=side, n=n, reason=REASONS[reason])


def leg_quality(smoothed: SmoothedTrack, rows: NDArray[np.integer]) -> tuple[float, float]:
    """Return coverage and interpolated share of the leg joints over some frames of a track, 0 without any."""
    if not rows.size:
        return 0.0, 0.0
    legs = list(LEG_KEYPOINTS)
    known = np.isfinite(smoothed.track.xy_px[rows][:, legs, 0])
    return float(known.mean()), float(smoothed.interpolated[rows][:, legs].mean())


def measured(
    name: str, unit: str, samples: ArrayLike | Sequence[float], *, confidence: float, side: Side | None = None
) -> Metric:
    """Return the mean of at least one sample, with n and the standard deviation (ddof 1; None for one sample)."""
    values = np.asarray(samples, dtype=np.float64)
    sd = float(np.std(values, ddof=1)) if values.size > 1 else None
    return Metric(
        name=name, value=float(np.mean(values)), unit=unit, side=side, n=values.size, sd=sd, confidence=confidence
    )


def one_of_a_side(
    name: str, unit: str, samples: Sequence[float], trust: Trust, *, n_min: int, missing: str, side: Side
) -> Metric:
    """Return the mean of one side's samples, or the metric withheld for the reason `missing` where there are none."""
    if not samples:
        return withheld(name, unit, missing, side=side)
    return measured(name, unit, samples, confidence=trust(len(samples), n_min), side=side)


def never_measured() -> list[Metric]:
    """Return the gait metrics that are withheld from every view, since no heel and no toe are tracked."""
    return [withheld(name, unit, reason) for name, unit, reason in _NEVER]
