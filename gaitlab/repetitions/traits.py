"""Traits of a movement that tell its name: the posture at rest and at the turn, and what moves on the way.

Heights are in lengths of the segment concerned, so that they describe the position of a joint from every side: an arm
is at -1 hanging, at 0 level, at +1 overhead; a thigh is at 1 standing and at 0 level. Angles are in degrees. "Moving"
means the sides that move.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Final

import numpy as np

from gaitlab.motion.anthropometry import ARM, LEG, SHANK, TRUNK, UPPER_ARM
from gaitlab.motion.geometry import angle_at_deg, midpoint
from gaitlab.motion.runs import known_median
from gaitlab.records import FloatArray
from gaitlab.records.skeleton import SIDES, Keypoint
from gaitlab.repetitions.body import Body
from gaitlab.repetitions.counting import Excursion
from gaitlab.repetitions.exercise_row import Measured, Signal, Trait
from gaitlab.repetitions.signals import SIGNALS

__all__ = ["MEASURED", "Posture", "degree"]

_AT_MOST = 40  # or so: repetitions, spread over the clip, say what is usual in it (ours)
_LEVEL = 0.5  # of the arm's height: nearer to level than 30 degrees its direction shows (ours)
_FULL_SPREAD = 0.85  # shoulder width over trunk, seen square from the front
_SIDE_SPREAD, _FRONT_SPREAD = 0.2, 0.5  # over trunk: from the side at most, from the front at least (ours)
_LOWEST = 0.12  # of a thigh: so near to its lowest the body is down (ours)
_SEATED_SHIFT = (0.1, 0.25)  # of a leg: weight so far behind the feet falls, but on a chair (ours)
_SEATED_TRUNK = (0.87, 0.95)  # of its height standing: a squat leans the trunk, a chair does not (ours)
_SEATED_THIGH = (0.5, 0.3)  # the trunk is judged where the thighs are as level as that (ours)
_SEATED_HIPS = (0.38, 0.46)  # of a leg: a seat is not lower than that (ours)
_STILL_PX = 1e-9
_UNSEEN = 0.8  # for what is not seen: neither for nor against, but less than what is seen (ours)
_LEAST = 0.03  # one trait alone does not exclude a name for good (ours)


class Posture:
    """The traits of a body over time; made once, asked for the excursions of every exercise.

    Parameters
    ----------
    body : Body
    begins_seated : bool
        Whether the clip shows the person on a seat at first.
    """

    def __init__(self, body: Body, *, begins_seated: bool = False) -> None:
        self._body, self._begins_seated = body, begins_seated
        self._made: dict[str, FloatArray] = {}

    def over(self, high: str, low: str, share: float) -> FloatArray:
        """Return the height of a joint over another one, left and right, shape (T, 2)."""
        return self._once(f"{high} {low}", lambda: self._body.above(self._body.pair(high), self._body.pair(low), share))

    def angle(self, *joints: str) -> FloatArray:
        """Return the inner angle of the second of three joints, left and right, shape (T, 2)."""
        return self._once(" ".join(joints), lambda: angle_at_deg(*(self._body.pair(joint) for joint in joints)))

    def signal(self, name: Signal) -> FloatArray:
        """Return a signal of `gaitlab.repetitions.signals`, shape (T,) or (T, 2)."""
        return self._once(f"signal {name}", lambda: SIGNALS[name](self._body))

    def apart(self, joint: str, share: float) -> FloatArray:
        """Return the horizontal distance of left and right, shape (T,)."""
        x = self._body.pair(joint)[..., 0]
        return np.asarray(np.abs(x[:, 0] - x[:, 1]) / (share * self._body.height_px))

    @property
    def trunk(self) -> FloatArray:
        """Height of the shoulders over the hips, shape (T,)."""
        return self.signal("trunk_rise")

    @property
    def thighs(self) -> FloatArray:
        """Height of each hip over its knee, shape (T, 2)."""
        return -self.signal("knee_lift")

    @cached_property
    def shift(self) -> FloatArray:
        """Horizontal distance of the middle of the trunk from the feet, in leg lengths, shape (T,)."""
        middle = midpoint(self._body.middle("SHOULDER"), self._body.middle("HIP"))
        return np.asarray(np.abs(middle - self._body.middle("ANKLE"))[:, 0] / (LEG * self._body.height_px))

    @property
    def hip_height(self) -> FloatArray:
        """Height of the hips over the lower foot, in leg lengths, shape (T,)."""
        return -self.signal("hip_drop")

    @cached_property
    def foot_lift(self) -> FloatArray:
        """Height of each foot over the lower one, in leg lengths, shape (T, 2)."""
        y = self._body.pair("ANKLE")[..., 1]
        lower = np.fmax(y[:, 0], y[:, 1])
        return np.asarray((lower[:, np.newaxis] - y) / (LEG * self._body.height_px[:, np.newaxis]))

    @cached_property
    def ahead(self) -> FloatArray:
        """Horizontal distance of each hand from its shoulder toward where the nose is, in arms, shape (T, 2)."""
        hands = (self._body.pair("WRIST") - self._body.pair("SHOULDER"))[..., 0]
        nose = self._body.track.xy_px[:, Keypoint.NOSE, 0] - self._body.middle("SHOULDER")[:, 0]
        return np.asarray(hands * np.sign(nose)[:, np.newaxis] / (ARM * self._body.height_px[:, np.newaxis]))

    def spread(self, one: Excursion) -> float:
        """Return the width of the shoulders over the length of a trunk: from where the body is seen."""
        return known_median(self._once("spread", lambda: self.apart("SHOULDER", TRUNK))[one.start : one.end + 1])

    def travel(self, joint: str, one: Excursion) -> float:
        """Return the way of a joint in the picture from start to turn, in body heights."""
        points = self._body.middle(joint)[one.start : one.turn + 1]
        known = points[np.isfinite(points).all(axis=1)]
        if len(known) < 2:
            return float("nan")
        return float(np.hypot(*(known[-1] - known[0]))) / known_median(self._body.height_px[one.start : one.end + 1])

    def bounce(self, one: Excursion) -> float:
        """Return the standard deviation of the shoulders' vertical speed, in body heights per second."""
        rows = slice(one.start, one.end + 1)
        y = self._body.middle("SHOULDER")[rows, 1] / self._body.height_px[rows]
        known = np.isfinite(y)
        if known.sum() < 4:
            return float("nan")
        return float(np.std(np.diff(y[known]) / np.diff(self._body.track.time_s[rows][known])))

    def jump(self, one: Excursion) -> float:
        """Return by how much of a leg the feet part, or the bounce where that is more: feet may be out of sight."""
        apart = self.over_time("feet_apart")
        parts = known_median(apart[one.around_turn]) - known_median(apart[one.around_start])
        return float(np.fmax(parts, self.bounce(one)))

    def azimuth_deg(self, one: Excursion) -> float:
        """Return the direction in which the arms are raised: 0 to the front, 90 to the side; NaN where it is unclear.

        From what is seen while the arms are about level. Two arms that are raised to the sides go apart in the picture,
        two that are raised to the front go together; one arm alone is clear from the front and from the side only.
        """
        rows, columns = slice(one.start, one.end + 1), _columns(one)
        way = (self._body.pair("WRIST") - self._body.pair("SHOULDER"))[rows][:, columns]
        length = np.hypot(way[..., 0], way[..., 1])
        if not np.isfinite(length).any(axis=0).all():
            return float("nan")
        arm = np.nanpercentile(length, 95, axis=0)
        level = (np.abs(way[..., 1]) < _LEVEL * arm).all(axis=1)
        if not level.any():
            return float("nan")
        x, y = way[level, :, 0], way[level, :, 1]
        reach = np.sqrt(np.maximum((arm**2).mean() - (y**2).mean(axis=1), _STILL_PX))
        spread = self.spread(one)
        if len(columns) == 1:
            out = along = known_median(np.abs(x[:, 0]) / reach)
        else:
            out, along = (known_median(np.abs(x[:, 0] + sign * x[:, 1]) / 2 / reach) for sign in (-1, 1))
        if spread >= _FRONT_SPREAD:
            return float(np.degrees(np.arcsin(min(1.0, out))))
        if spread <= _SIDE_SPREAD:
            return float(np.degrees(np.arccos(min(1.0, along))))
        if len(columns) == 1:
            return float("nan")
        seen = spread / _FULL_SPREAD
        return float(np.degrees(np.arctan2(out / seen, along / np.sqrt(1 - seen**2))))

    def seated(self, one: Excursion) -> float:
        """Return whether the body rests on a seat when it is down, 0..1.

        Nobody stays up with the weight behind the feet: that is seen from the side. With level thighs an upright trunk
        needs a seat too: that is seen from everywhere.
        """
        if self._begins_seated:
            return 1.0
        rows = slice(one.start, one.end + 1)
        thighs = np.fmax(*self.thighs[rows].T)
        if not np.isfinite(thighs).any():
            return float("nan")
        down = thighs <= np.nanmin(thighs) + _LOWEST
        shift, trunk, standing = (
            _high(values) for values in (self.shift[rows][down], self.trunk[rows][down], self.trunk[rows])
        )
        behind = _ramp(shift, _SEATED_SHIFT) if self.spread(one) < _FRONT_SPREAD else 0.0
        hips = self.hip_height[rows][down]
        upright = (
            _ramp(trunk / standing, _SEATED_TRUNK)
            * _ramp(float(np.nanmin(thighs)), _SEATED_THIGH)
            * _ramp(known_median(hips), _SEATED_HIPS)
        )
        return float(np.nanmax([behind, upright, 0.0]))

    def over_time(self, name: Measured) -> FloatArray:
        """Return what has a value at rest and another one at the turn, over the clip."""
        return self._once(name, lambda: _OVER_TIME[name](self))

    def _once(self, name: str, make: Callable[[], FloatArray]) -> FloatArray:
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]


def _high(values: FloatArray) -> float:
    return float(np.nanpercentile(values, 90)) if np.isfinite(values).any() else float("nan")


def _ramp(value: float, ends: tuple[float, float]) -> float:
    """Return 0 up to the first end, 1 from the other one on, and even steps between; NaN for NaN."""
    return float(np.clip((value - ends[0]) / (ends[1] - ends[0]), 0.0, 1.0))


def _columns(one: Excursion) -> list[int]:
    return {"left": [0], "right": [1]}.get(one.side, [0, 1])


def _other_columns(one: Excursion) -> list[int]:
    return {"left": [1], "right": [0]}.get(one.side, [0, 1])


#: What has a value at rest and another one at the turn: over the clip, shape (T,) or (T, 2) for left and right.
_OVER_TIME: Final[Mapping[Measured, Callable[[Posture], FloatArray]]] = {
    "trunk": lambda body: body.trunk,
    "flatter_thigh": lambda body: np.fmin(*body.thighs.T),
    "steeper_thigh": lambda body: np.fmax(*body.thighs.T),
    "thighs_differ": lambda body: np.abs(np.subtract(*body.thighs.T)),
    "moving_thigh": lambda body: body.thighs,
    "other_thigh": lambda body: body.thighs,
    "moving_shank": lambda body: body.over("KNEE", "ANKLE", SHANK),
    "shank_over_thigh": lambda body: body.over("KNEE", "ANKLE", SHANK) - np.maximum(body.thighs, 0.0),
    "moving_foot": lambda body: body.foot_lift,
    "feet_apart": lambda body: body.apart("ANKLE", LEG),
    "hip_height": lambda body: body.hip_height,
    "knees_differ": lambda body: np.abs(np.subtract(*body.angle("HIP", "KNEE", "ANKLE").T)),
    "knee_angle": lambda body: body.angle("HIP", "KNEE", "ANKLE"),
    "hip_angle": lambda body: body.angle("SHOULDER", "HIP", "KNEE"),
    "hand": lambda body: body.signal("hand_rise"),
    "hand_ahead": lambda body: body.ahead,
    "upper_arm": lambda body: body.over("ELBOW", "SHOULDER", UPPER_ARM),
    "forearm": lambda body: body.signal("forearm_rise"),
    "elbow_angle": lambda body: body.angle("SHOULDER", "ELBOW", "WRIST"),
    "shoulder_angle": lambda body: body.angle("HIP", "SHOULDER", "ELBOW"),
    "shift": lambda body: body.shift,
}
_OF_BOTH: Final = ("hip_angle", "knee_angle")
_OF_THE_OTHER: Final = ("other_thigh",)
#: What is one value of the whole way.
_OF_WAY: Final[Mapping[Measured, Callable[[Posture, Excursion], float]]] = {
    "hip_travel": lambda body, one: body.travel("HIP", one),
    "shoulder_travel": lambda body, one: body.travel("SHOULDER", one),
    "hand_share": lambda body, one: body.travel("WRIST", one) / max(body.travel("SHOULDER", one), 0.02),
    "bounce": lambda body, one: body.bounce(one),
    "arm_azimuth": lambda body, one: body.azimuth_deg(one),
    "seated": lambda body, one: body.seated(one),
    "jump": lambda body, one: body.jump(one),
}
#: By how much a value may be off, as a standard deviation; segment lengths for those that are not listed (ours).
_SOFT: Final[Mapping[Measured, float]] = {
    "knees_differ": 12.0,
    "knee_angle": 12.0,
    "hip_angle": 12.0,
    "elbow_angle": 12.0,
    "shoulder_angle": 12.0,
    "arm_azimuth": 4.0,
    "thighs_differ": 0.05,
    "hip_height": 0.06,
    "hip_travel": 0.02,
    "shoulder_travel": 0.02,
    "bounce": 0.03,
    "hand_share": 0.15,
    "seated": 0.2,
    "one_sided": 0.1,
    "shift": 0.05,
}
_SOFT_LENGTH: Final = 0.12
#: The names of all that is measured.
MEASURED: Final = (*_OVER_TIME, *_OF_WAY, "one_sided")


def degree(body: Posture, trait: Trait, excursions: Sequence[Excursion]) -> float:
    """Return how well a movement has a trait: 1 where its usual value is within the limits, less the further it is off.

    Parameters
    ----------
    body : Posture
    trait : Trait
    excursions : sequence of Excursion
        Of one exercise, one or more.

    Returns
    -------
    float
        At least 0.03. 0.8 where the joints are not seen, 1 where the view does not show it.
    """
    some = excursions[:: max(1, len(excursions) // _AT_MOST)]
    if trait.seen_from != "anywhere":
        is_front = known_median(np.array([body.spread(one) for one in some])) >= _FRONT_SPREAD
        if is_front != (trait.seen_from == "front"):
            return 1.0
    if trait.name == "one_sided":
        value = max(sum(one.side == side for one in excursions) for side in SIDES) / len(excursions)
    else:
        value = known_median(np.array([_value(body, trait, one) for one in some]))
    if not np.isfinite(value):
        return _UNSEEN
    off = max(0.0, trait.least - value, value - trait.most)
    return max(_LEAST, float(np.exp(-0.5 * (off / _SOFT.get(trait.name, _SOFT_LENGTH)) ** 2)))


def _value(body: Posture, trait: Trait, one: Excursion) -> float:
    if trait.name in _OF_WAY:
        return _OF_WAY[trait.name](body, one)
    values = body.over_time(trait.name)
    if values.ndim > 1 and trait.name not in _OF_BOTH:
        values = values[:, _other_columns(one) if trait.name in _OF_THE_OTHER else _columns(one)]
    rest, turn = known_median(values[one.around_start]), known_median(values[one.around_turn])
    return {"rest": rest, "turn": turn, "change": turn - rest}[trait.at]
