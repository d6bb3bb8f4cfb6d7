"""Form rules: measures of the form of a repetition, and the moment at which a fault is largest.

Each function measures over one repetition. The rows in `gaitlab.repetitions.standards` hold the limit of each rule and
the views in which it applies. Heels and toes are not seen, so there are no rules for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from gaitlab.motion.geometry import angle_at_deg, midpoint, segment_length_px, vertical_angle_deg
from gaitlab.motion.runs import true_runs
from gaitlab.records import FloatArray, FormNote
from gaitlab.records.skeleton import SIDES, OneSide
from gaitlab.repetitions.measures import MEASURES, UPPER_ARM_SHARE, joint_of, longest_px
from gaitlab.repetitions.standards import FORM_RULES, Aspect, FormRule, Measure

__all__ = ["Seen", "form_notes", "is_seen", "judged", "moment_words"]

_SUSTAINED_S = 0.15  # a limit passed for less than that is no remark (ours: four frames at 30 frames/s)
_KNOWN_SHARE = 0.5  # of the repetition in which the joints of a rule must be known (ours)
_BENT_DEG = 45.0  # thighs steeper than that tell nothing of knees falling in: half-way from upright to level (ours)
_END_ON_MIN = 1.5  # width of the shoulders over the length of a trunk seen end-on; 0.9 where it is seen square (ours)
_STANCE_MIN = 0.5  # ankles nearer to each other than half the hips' width tell nothing of the knees (ours)
# Distance of the hips over the length of the trunk from which the legs are seen from the front: people of the evidence
# have 0.30 or more from the front, 0.13 at most from the side (ours).
_HIPS_MIN = 0.25
_DEEPEST_DEG = 10.0  # so near to its lowest a thigh is at the bottom (ours)
_HANDS_LOW_SHARE, _RISING = 0.3, (0.25, 0.75)  # see the rule's row; between a quarter and three quarters of the way up


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """The data of one repetition that the form rules use.

    Attributes
    ----------
    time_s : ndarray, shape (T,)
    xy_px : ndarray, shape (T, 17, 2)
    lean_deg : ndarray, shape (T,)
        Forward lean of the trunk; NaN where the facing direction is unclear.
    measure : str or None
        Name of the measure of depth.
    sides : tuple of {"left", "right"}
        The sides that move.
    aspect : {"side", "oblique", "front"}
    """

    time_s: FloatArray
    xy_px: FloatArray
    lean_deg: FloatArray
    measure: Measure | None
    sides: tuple[OneSide, ...]
    aspect: Aspect

    def middle(self, name: str) -> FloatArray:
        """Return the middle of a left and a right joint, shape (T, 2); where one is unknown, the other one."""
        return midpoint(joint_of(self.xy_px, "left", name), joint_of(self.xy_px, "right", name))


def _apart(seen: Seen, name: str) -> FloatArray:
    return np.asarray((joint_of(seen.xy_px, "left", name) - joint_of(seen.xy_px, "right", name))[:, 0])


def _knees_in(seen: Seen) -> FloatArray:
    """Return the percentage by which the knees are closer together than the ankles, while the thighs slope.

    The width of the hips tells whether the legs are seen from the front: arms overhead narrow the shoulders.
    """
    ankles, hips = _apart(seen, "ankle"), np.abs(_apart(seen, "hip"))
    trunk = longest_px(segment_length_px(seen.middle("hip"), seen.middle("shoulder")))
    bent = np.fmin(*(MEASURES["thigh"](seen.xy_px, side) for side in SIDES)) >= _BENT_DEG
    known = hips[np.isfinite(hips)]
    from_front = known.size > 0 and float(np.median(known)) >= _HIPS_MIN * trunk
    usable = from_front & bent & (np.abs(ankles) >= _STANCE_MIN * hips) & (np.abs(ankles) > 0)
    return np.asarray(100.0 * (1.0 - _apart(seen, "knee") / np.where(usable, ankles, np.nan)))


def _hips_below_line(seen: Seen) -> FloatArray:
    """Return the bend at the hips of the line from the shoulders to the feet, hips low positive."""
    shoulder, hip, knee, ankle = (seen.middle(name) for name in ("shoulder", "hip", "knee", "ankle"))
    foot = np.where(np.isfinite(ankle), ankle, knee)
    bend = 180.0 - angle_at_deg(shoulder, hip, foot)
    along = foot - shoulder
    share = np.sum((hip - shoulder) * along, axis=1) / np.sum(along**2, axis=1)
    line_y = shoulder[:, 1] + share * along[:, 1]
    return np.asarray(np.where(hip[:, 1] >= line_y, bend, -bend))


def _lean_either_way(seen: Seen) -> FloatArray:
    return np.asarray(vertical_angle_deg(seen.middle("hip"), seen.middle("shoulder")))


def _swing(seen: Seen) -> FloatArray:
    """Return the change of the trunk angle since the start of the repetition."""
    return _since_start(_lean_either_way(seen))


def _since_start(values: FloatArray) -> FloatArray:
    """Return the absolute change since the first known value."""
    known = values[np.isfinite(values)]
    return np.abs(values - known[0]) if known.size else values


def _leans(seen: Seen) -> FloatArray:
    return np.abs(_lean_either_way(seen))


def _leans_rising(seen: Seen) -> FloatArray:
    """Return the lean of the trunk until the hips are highest."""
    hips = seen.middle("hip")[:, 1]
    if not np.isfinite(hips).any():
        return np.full(len(hips), np.nan)
    return np.where(np.arange(len(hips)) <= np.nanargmin(hips), _leans(seen), np.nan)


def _sways(seen: Seen) -> FloatArray:
    """Return the change of the sideways lean of the trunk since the start of the repetition.

    A joint that is hidden would move the middle of the two, so both shoulders and both hips must be known.
    """
    hips, shoulders = (
        (joint_of(seen.xy_px, "left", name) + joint_of(seen.xy_px, "right", name)) / 2.0 for name in ("hip", "shoulder")
    )
    return _since_start(np.degrees(np.arctan2(shoulders[:, 0] - hips[:, 0], hips[:, 1] - shoulders[:, 1])))


def _above_level(seen: Seen) -> FloatArray:
    """Return how far from level the thighs stay, mean of the sides, while they are near their lowest."""
    thighs = np.mean([MEASURES["thigh"](seen.xy_px, side) for side in seen.sides], axis=0)
    deepest = float(np.nanmax(thighs)) if np.isfinite(thighs).any() else np.nan
    return np.where(thighs >= deepest - _DEEPEST_DEG, 90.0 - deepest, np.nan)


def _legs_bend(seen: Seen) -> FloatArray:
    hip, knee, ankle = (seen.middle(name) for name in ("hip", "knee", "ankle"))
    return np.asarray(180.0 - angle_at_deg(hip, knee, ankle))


def _head_drops(seen: Seen) -> FloatArray:
    """Return the angle by which the line from the shoulders to the ears points below that from hips to shoulders."""
    shoulder = seen.middle("shoulder")
    trunk, neck = shoulder - seen.middle("hip"), seen.middle("ear") - shoulder
    across = trunk[:, 0] * neck[:, 1] - trunk[:, 1] * neck[:, 0]
    return np.asarray(np.degrees(np.arctan2(across, np.sum(trunk * neck, axis=1))) * np.sign(trunk[:, 0]))


def _most(measure: Measure) -> Callable[[Seen], FloatArray]:
    return lambda seen: np.fmax.reduce([MEASURES[measure](seen.xy_px, side) for side in seen.sides])


def _flare(seen: Seen) -> FloatArray:
    """Return the angle of the upper arms to the long axis of the body, from the distance of the elbows to the side.

    Known only where the camera sees the trunk end-on, so that it is shorter in the picture than the shoulders are wide.
    """
    shoulders = segment_length_px(joint_of(seen.xy_px, "left", "shoulder"), joint_of(seen.xy_px, "right", "shoulder"))
    end_on = shoulders > _END_ON_MIN * segment_length_px(seen.middle("hip"), seen.middle("shoulder"))
    flares = []
    for side in seen.sides:
        shoulder, elbow, wrist = (joint_of(seen.xy_px, side, name) for name in ("shoulder", "elbow", "wrist"))
        upper_arm = UPPER_ARM_SHARE * longest_px(segment_length_px(shoulder, wrist))
        out = np.abs(elbow[:, 0] - shoulder[:, 0]) / (upper_arm if upper_arm > 0 else np.nan)
        flares.append(np.degrees(np.arcsin(np.clip(out, 0.0, 1.0))))
    return np.asarray(np.where(end_on, np.fmax.reduce(flares), np.nan))


def _uneven(seen: Seen) -> FloatArray:
    """Return the difference of the two sides where both move together."""
    if len(seen.sides) < 2 or seen.measure is None:
        return np.full(len(seen.time_s), np.nan)
    left, right = (MEASURES[seen.measure](seen.xy_px, side) for side in seen.sides)
    return np.asarray(np.abs(left - right))


def _hands_low(seen: Seen) -> FloatArray:
    """Return the distance of the lower hand below 30 % of the trunk's height, midway up, in percent of that height."""
    hips, shoulders = seen.middle("hip")[:, 1], seen.middle("shoulder")[:, 1]
    hands = np.fmax(*(joint_of(seen.xy_px, side, "wrist")[:, 1] for side in SIDES))
    if not np.isfinite(hips).any():
        return np.full(len(hips), np.nan)
    top = int(np.nanargmin(hips))
    risen = (np.nanmax(hips) - hips) / (np.nanmax(hips) - np.nanmin(hips) or np.nan)
    middle = (np.arange(len(hips)) < top) & (risen > _RISING[0]) & (risen < _RISING[1])
    share = (hips - hands) / np.where(middle & (hips > shoulders), hips - shoulders, np.nan)
    return np.asarray(100.0 * (_HANDS_LOW_SHARE - share))


_RULES: Final[Mapping[str, Callable[[Seen], FloatArray]]] = {
    "knees_in": _knees_in,
    "hips_sag": _hips_below_line,
    "hips_high": lambda seen: -_hips_below_line(seen),
    "legs_bend": _legs_bend,
    "head_drops": _head_drops,
    "not_deep": _above_level,
    "trunk_leans": _leans,
    "trunk_leans_in_lunge": _leans,
    "trunk_leans_rising": _leans_rising,
    "trunk_sways": _sways,
    "trunk_leans_back": lambda seen: -seen.lean_deg,
    "trunk_swings": _swing,
    "elbows_drift": _most("upper_arm"),
    "elbows_flare": _flare,
    "uneven": _uneven,
    "arms_help": _hands_low,
}
# Rules that are judged in a part of the repetition only.
_IN_PART: Final = ("knees_in", "arms_help", "not_deep", "trunk_leans_rising")


def form_notes(seen: Seen, rules: tuple[str, ...]) -> tuple[FormNote, ...]:
    """Return the remarks on one repetition, in time order.

    A rule makes a note only in its views, when its joints are known for half of the repetition, and when its limit is
    exceeded for 0.15 s. The time of the note is that of the largest excess.
    """
    notes = (judged(FORM_RULES[name], seen) for name in rules)
    return tuple(sorted((note for note in notes if note is not None), key=lambda note: note.time_s))


def is_seen(rule: FormRule, seen: Seen) -> bool:
    """Tell whether a rule can be judged: the view shows the fault, and its joints are known."""
    return _values(rule, seen) is not None


def judged(rule: FormRule, seen: Seen) -> FormNote | None:
    """Return the remark of one rule on one repetition, None where there is none to make."""
    values = _values(rule, seen)
    if values is None:
        return None
    over = np.isfinite(values) & (values > rule.limit)
    runs = [run for run in true_runs(over) if seen.time_s[run.stop - 1] - seen.time_s[run.start] >= _SUSTAINED_S]
    if not runs:
        return None
    worst = max((int(run.start + np.argmax(values[run])) for run in runs), key=lambda i: float(values[i]))
    value = float(values[worst])
    return FormNote(rule=rule.name, time_s=float(seen.time_s[worst]), text=rule.text.format(value=value), value=value)


def _values(rule: FormRule, seen: Seen) -> FloatArray | None:
    if seen.aspect not in rule.aspects:
        return None
    values = _RULES[rule.name](seen)
    known = np.isfinite(values)
    needed = 0.0 if rule.name in _IN_PART else _KNOWN_SHARE
    return values if known.any() and known.mean() >= needed else None


def moment_words(time_s: float) -> str:
    """Return a moment of a clip as a player shows it: minutes and whole seconds, "0:07"."""
    return f"{int(time_s) // 60}:{int(time_s) % 60:02d}"
