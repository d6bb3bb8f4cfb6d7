"""A drawn exerciser: every exercise by forward kinematics in three dimensions, seen from any side, with the truth.

Axes of the world: forward (where the person would look when upright), to the person's left, up; in body heights. Bones
are given by two angles: `pitch` from hanging straight down to pointing forward (90), and `spread` outward from there
(90 = straight to the side). One number, the bend, runs from 0 at rest to 1 at the turning point of a repetition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from gaitlab.records import FloatArray, PoseTrack, Side
from gaitlab.records.skeleton import N_KEYPOINTS, Keypoint
from tests.builders import FOREARM, IMAGE_WH, SCORE, SHANK, THIGH, TRUNK, UPPER_ARM

SHOULDER_HALF, HIP_HALF, HEAD, NECK = 0.125, 0.08, 0.04, 0.10
SIDE, OBLIQUE, FRONT, BACK = 0.0, 45.0, 90.0, 270.0  # yaw of the person in degrees
WALK_PERIOD_S, WALK_SWING_DEG, WALK_SPEED = 1.1, 25.0, 0.7  # a stride, thigh amplitude, body heights a second

Pose = Mapping[str, FloatArray]
"""Joint name (and "side_name" for limbs) -> positions in the world, shape (T, 3)."""


def _bone(length: float, pitch_deg: ArrayLike, spread_deg: ArrayLike = 0.0, *, outward: float = 1.0) -> FloatArray:
    """Return a bone as a vector, shape (T, 3); `outward` is +1 for the left side and -1 for the right one."""
    pitch, spread = np.broadcast_arrays(np.radians(pitch_deg), np.radians(spread_deg))
    forward, up = np.sin(pitch) * np.cos(spread), -np.cos(pitch) * np.cos(spread)
    return np.asarray(length * np.stack([forward, outward * np.sin(spread), up], axis=-1))


@dataclass(frozen=True, kw_only=True)
class Limbs:
    """World angles of one side's bones, each shape (T,) or a number, in degrees: pitch and spread."""

    thigh: tuple[ArrayLike, ArrayLike] = (0.0, 0.0)
    shank: tuple[ArrayLike, ArrayLike] = (0.0, 0.0)
    upper_arm: tuple[ArrayLike, ArrayLike] = (0.0, 8.0)
    forearm: tuple[ArrayLike, ArrayLike] = (10.0, 5.0)


@dataclass(frozen=True, kw_only=True)
class Posture:
    """A whole body: trunk pitch (90 = prone, -90 = supine), both sides, and what is fixed in the world."""

    trunk_deg: ArrayLike
    left: Limbs
    right: Limbs
    fixed: str  # "lowest ankle", "hips" or "wrists"
    at: tuple[float, float, float] = (0.0, 0.0, 0.0)


def _chord(bend_deg: FloatArray) -> FloatArray:
    """Return the distance of shoulder and wrist of an arm whose elbow is bent so far."""
    cos = np.cos(np.radians(bend_deg))
    return np.asarray(np.sqrt(UPPER_ARM**2 + FOREARM**2 + 2 * UPPER_ARM * FOREARM * cos))


def _arm_pitches(bend_deg: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return by how much upper arm and forearm leave the straight line from shoulder to wrist, opposite ways."""
    chord = _chord(bend_deg)
    upper = np.degrees(np.arcsin(np.clip(FOREARM * np.sin(np.radians(bend_deg)) / chord, -1, 1)))
    return upper, bend_deg - upper


# Each takes the bends of the left and the right side, shape (T,), and the range in degrees at bend 1.
Bends = tuple[FloatArray, FloatArray]


def _squat(bends: Bends, range_deg: float) -> Posture:
    knee = range_deg * bends[0]
    legs = Limbs(thigh=(0.65 * knee, 5.0), shank=(-0.35 * knee, 0.0), upper_arm=(0.6 * knee, 5.0),
                 forearm=(0.6 * knee + 10, 0.0))  # fmt: skip
    return Posture(trunk_deg=0.35 * knee, left=legs, right=legs, fixed="lowest ankle")


def _lunge(bends: Bends, range_deg: float) -> Posture:
    """Step forward with the bending side; both knees bend alike, the hind foot stays."""
    limbs = []
    for own, other in (bends, bends[::-1]):
        ahead, behind = range_deg * own, range_deg * other
        limbs.append(Limbs(thigh=(ahead - 0.05 * behind, 3.0), shank=(-0.95 * behind, 0.0)))
    return Posture(trunk_deg=0.0, left=limbs[0], right=limbs[1], fixed="hind ankle")


def _push_up(bends: Bends, range_deg: float) -> Posture:
    """Lower the body; the forearms stay nearly upright, the elbows go back and out."""
    elbow = 10.0 + range_deg * bends[0]
    upper, fore, out = -0.85 * elbow, 0.15 * elbow, 0.3 * elbow
    height = UPPER_ARM * np.cos(np.radians(upper)) * np.cos(np.radians(out)) + FOREARM * np.cos(np.radians(fore))
    # Ankle 0.05 above the ground, a straight body of 0.8 from there up to the shoulders.
    slope = np.degrees(np.arcsin((height - 0.05) / (TRUNK + THIGH + SHANK)))
    legs = (slope - 90.0, 0.0)
    arms = Limbs(thigh=legs, shank=legs, upper_arm=(upper, out), forearm=(fore, 0.0))
    return Posture(trunk_deg=90.0 - slope, left=arms, right=arms, fixed="wrists")


def _curl(bends: Bends, range_deg: float) -> Posture:
    limbs = [Limbs(upper_arm=(5.0 * bend, 5.0), forearm=(10.0 + range_deg * bend, 3.0)) for bend in bends]
    return Posture(trunk_deg=0.0, left=limbs[0], right=limbs[1], fixed="lowest ankle")


def _press(bends: Bends, range_deg: float) -> Posture:
    limbs = [Limbs(upper_arm=(0.0, 60.0 + range_deg * bend), forearm=(0.0, 172.0 - 5 * bend)) for bend in bends]
    return Posture(trunk_deg=0.0, left=limbs[0], right=limbs[1], fixed="lowest ankle")


def _jack(bends: Bends, range_deg: float) -> Posture:
    arm, leg = 12.0 + range_deg * bends[0], 3.0 + range_deg / 5 * bends[0]
    limbs = Limbs(thigh=(0.0, leg), shank=(0.0, leg), upper_arm=(0.0, arm), forearm=(0.0, arm))
    return Posture(trunk_deg=0.0, left=limbs, right=limbs, fixed="lowest ankle")


def _sit_up(bends: Bends, range_deg: float) -> Posture:
    trunk = -85.0 + range_deg * bends[0]
    limbs = Limbs(thigh=(135.0, 3.0), shank=(45.0, 0.0), upper_arm=(-trunk + 20, 0.0), forearm=(170.0 - trunk, -20.0))
    return Posture(trunk_deg=trunk, left=limbs, right=limbs, fixed="hips")


def _pull_up(bends: Bends, range_deg: float) -> Posture:
    elbow = 12.0 + range_deg * bends[0]
    upper, fore = _arm_pitches(elbow)
    limbs = Limbs(upper_arm=(0.0, 176.0 - upper), forearm=(0.0, 176.0 + fore), thigh=(5.0, 0.0), shank=(-20.0, 0.0))
    return Posture(trunk_deg=0.0, left=limbs, right=limbs, fixed="wrists", at=(0.0, 0.0, 1.3))


def _deadlift(bends: Bends, range_deg: float) -> Posture:
    lean = range_deg * bends[0]
    limbs = Limbs(thigh=(0.45 * lean, 4.0), shank=(-0.1 * lean, 0.0), upper_arm=(3.0, 6.0), forearm=(5.0, 4.0))
    return Posture(trunk_deg=lean, left=limbs, right=limbs, fixed="lowest ankle")


def _lateral_raise(bends: Bends, range_deg: float) -> Posture:
    limbs = [Limbs(upper_arm=(0.0, 8 + range_deg * bend), forearm=(4.0, 5 + range_deg * bend)) for bend in bends]
    return Posture(trunk_deg=0.0, left=limbs[0], right=limbs[1], fixed="lowest ankle")


def _front_raise(bends: Bends, range_deg: float) -> Posture:
    limbs = [Limbs(upper_arm=(range_deg * bend, 6.0), forearm=(5 + range_deg * bend, 4.0)) for bend in bends]
    return Posture(trunk_deg=0.0, left=limbs[0], right=limbs[1], fixed="lowest ankle")


def _sit_to_stand(bends: Bends, range_deg: float) -> Posture:
    """Rest is sitting: the knee is bent by `range_deg`; standing up, the trunk leans forward on the way."""
    knee = range_deg * (1 - bends[0])
    lean = 5.0 + 30.0 * np.sin(np.pi * np.clip(bends[0], 0, 1)) ** 2
    limbs = Limbs(thigh=(0.9 * knee, 6.0), shank=(-0.1 * knee, 0.0), upper_arm=(25.0, 0.0), forearm=(110.0, -30.0))
    return Posture(trunk_deg=lean, left=limbs, right=limbs, fixed="lowest ankle")


def _abduction(bends: Bends, range_deg: float) -> Posture:
    limbs = [Limbs(upper_arm=(0.0, 8 + range_deg * bend), forearm=(0.0, 6 + range_deg * bend)) for bend in bends]
    return Posture(trunk_deg=0.0, left=limbs[0], right=limbs[1], fixed="lowest ankle")


def _rotation(bends: Bends, range_deg: float) -> Posture:
    """Turn the forearms up about level upper arms that point to the sides."""
    limbs = [Limbs(upper_arm=(0.0, 88.0), forearm=(35.0 + range_deg * bend, 0.0)) for bend in bends]
    return Posture(trunk_deg=0.0, left=limbs[0], right=limbs[1], fixed="lowest ankle")


def _hurdle_step(bends: Bends, range_deg: float) -> Posture:
    limbs = [Limbs(thigh=(3 + range_deg * bend, 3.0), shank=(-15.0 * bend, 0.0)) for bend in bends]
    return Posture(trunk_deg=0.0, left=limbs[0], right=limbs[1], fixed="lowest ankle")


def _straight_leg_raise(bends: Bends, range_deg: float) -> Posture:
    limbs = [Limbs(thigh=(range_deg * bend, 3.0), shank=(range_deg * bend, 0.0)) for bend in bends]
    return Posture(trunk_deg=0.0, left=limbs[0], right=limbs[1], fixed="lowest ankle")


def _side_lunge(bends: Bends, range_deg: float) -> Posture:
    """Stand with the feet wide apart and sink over one of them; the other leg stays straight."""
    wide_deg, limbs = 25.0, []
    for own, other in (bends, bends[::-1]):
        knee, hips = range_deg * own, range_deg * other
        over = np.cos(np.radians(wide_deg)) * (THIGH * np.cos(np.radians(0.65 * hips))
                                               + SHANK * np.cos(np.radians(0.35 * hips)))  # fmt: skip
        straight = np.degrees(np.arccos(over / (THIGH + SHANK)))
        out = np.where(other > own, straight, wide_deg)
        limbs.append(Limbs(thigh=(0.65 * knee, out), shank=(-0.35 * knee, out)))
    lean = 0.3 * range_deg * np.maximum(*bends)
    return Posture(trunk_deg=lean, left=limbs[0], right=limbs[1], fixed="lowest ankle")


def _leg_raise(bends: Bends, range_deg: float) -> Posture:
    """Raise a straight leg to the side: a repeated movement that is none of the exercises."""
    limbs = [Limbs(thigh=(0.0, 3 + range_deg * bend), shank=(0.0, 3 + range_deg * bend)) for bend in bends]
    return Posture(trunk_deg=0.0, left=limbs[0], right=limbs[1], fixed="hips", at=(0.0, 0.0, THIGH + SHANK))


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """How one exercise is drawn.

    Usual range in degrees, the least one with which it still is this exercise in full, usual views (yaw), and the sides
    it is done with in turn.
    """

    posture: Callable[[Bends, float], Posture]
    range_deg: float
    least_deg: float
    yaws_deg: tuple[float, ...]
    sides: tuple[Side, ...] = ("both",)


DRAWN: Final[Mapping[str, Drawn]] = MappingProxyType(
    {
        "squat": Drawn(posture=_squat, range_deg=115.0, least_deg=90.0, yaws_deg=(SIDE, OBLIQUE, FRONT)),
        "push-up": Drawn(posture=_push_up, range_deg=95.0, least_deg=92.0, yaws_deg=(SIDE, OBLIQUE, FRONT)),
        "lunge": Drawn(
            posture=_lunge, range_deg=85.0, least_deg=68.0, yaws_deg=(SIDE, OBLIQUE, FRONT), sides=("left", "right")
        ),
        "biceps-curl": Drawn(posture=_curl, range_deg=120.0, least_deg=80.0, yaws_deg=(SIDE, OBLIQUE, FRONT)),
        "shoulder-press": Drawn(posture=_press, range_deg=105.0, least_deg=68.0, yaws_deg=(OBLIQUE, FRONT)),
        "jumping-jack": Drawn(posture=_jack, range_deg=145.0, least_deg=115.0, yaws_deg=(OBLIQUE, FRONT)),
        "sit-up": Drawn(posture=_sit_up, range_deg=70.0, least_deg=45.0, yaws_deg=(SIDE, 20.0)),
        "pull-up": Drawn(posture=_pull_up, range_deg=125.0, least_deg=115.0, yaws_deg=(OBLIQUE, FRONT, BACK)),
        "deadlift": Drawn(posture=_deadlift, range_deg=85.0, least_deg=75.0, yaws_deg=(SIDE, OBLIQUE)),
        "lateral-raise": Drawn(posture=_lateral_raise, range_deg=80.0, least_deg=75.0, yaws_deg=(OBLIQUE, FRONT)),
        "front-raise": Drawn(posture=_front_raise, range_deg=90.0, least_deg=80.0, yaws_deg=(SIDE, OBLIQUE)),
        "sit-to-stand": Drawn(posture=_sit_to_stand, range_deg=88.0, least_deg=82.0, yaws_deg=(SIDE, OBLIQUE, FRONT)),
        "shoulder-abduction": Drawn(posture=_abduction, range_deg=140.0, least_deg=120.0, yaws_deg=(OBLIQUE, FRONT)),
        "shoulder-rotation": Drawn(posture=_rotation, range_deg=130.0, least_deg=105.0, yaws_deg=(SIDE, FRONT)),
        "hurdle-step": Drawn(
            posture=_hurdle_step, range_deg=85.0, least_deg=74.0, yaws_deg=(SIDE, OBLIQUE, FRONT), sides=("right",)
        ),
        "straight-leg-raise": Drawn(
            posture=_straight_leg_raise,
            range_deg=75.0,
            least_deg=64.0,
            yaws_deg=(SIDE, FRONT),
            sides=("left",),
        ),
        "side-lunge": Drawn(
            posture=_side_lunge, range_deg=100.0, least_deg=85.0, yaws_deg=(OBLIQUE, FRONT), sides=("left", "right")
        ),
        "leg-raise": Drawn(posture=_leg_raise, range_deg=40.0, least_deg=25.0, yaws_deg=(FRONT,), sides=("left",)),
    }
)


def body(posture: Posture, n: int) -> FloatArray:
    """Return the keypoints of a posture in the world, shape (n, 17, 3)."""
    trunk_down = _bone(TRUNK, -np.broadcast_to(posture.trunk_deg, n))
    up = -trunk_down / TRUNK
    facing = np.stack([up[:, 2], np.zeros(n), -up[:, 0]], axis=-1)
    xyz = np.zeros((n, N_KEYPOINTS, 3))
    head = (TRUNK + NECK) * up
    xyz[:, Keypoint.NOSE] = head + HEAD * facing
    for limbs, own, outward in ((posture.left, 0, 1.0), (posture.right, 1, -1.0)):
        left = np.array([0.0, outward, 0.0])
        xyz[:, Keypoint.LEFT_EYE + own] = head + 0.7 * HEAD * facing + 0.02 * left + 0.015 * up
        xyz[:, Keypoint.LEFT_EAR + own] = head + 0.04 * left
        chains = (
            ("SHOULDER", "ELBOW", "WRIST", SHOULDER_HALF * left - trunk_down, (UPPER_ARM, FOREARM),
             (limbs.upper_arm, limbs.forearm)),
            ("HIP", "KNEE", "ANKLE", HIP_HALF * left, (THIGH, SHANK), (limbs.thigh, limbs.shank)),
        )  # fmt: skip
        for first, middle, last, start, lengths, angles in chains:
            xyz[:, Keypoint[f"LEFT_{first}"] + own] = start
            bent = start + _bone(lengths[0], *angles[0], outward=outward)
            xyz[:, Keypoint[f"LEFT_{middle}"] + own] = bent
            xyz[:, Keypoint[f"LEFT_{last}"] + own] = bent + _bone(lengths[1], *angles[1], outward=outward)
    return np.asarray(xyz - _anchor(xyz, posture.fixed)[:, np.newaxis] + np.asarray(posture.at))


def _anchor(xyz: FloatArray, fixed: str) -> FloatArray:
    ankles = xyz[:, [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]]
    rows = np.arange(len(xyz))
    if fixed == "hips":
        return np.zeros((len(xyz), 3))
    if fixed == "wrists":
        return np.asarray(xyz[:, [Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST]].mean(axis=1), dtype=np.float64)
    along = 0 if fixed == "hind ankle" else 2
    anchor = ankles[rows, np.argmin(ankles[:, :, along], axis=1)]
    anchor[:, 1] = 0.0
    return np.asarray(anchor)


def camera(
    xyz: FloatArray, *, yaw_deg: float, body_px: float = 300.0, at_px: tuple[float, float] = (960.0, 800.0)
) -> FloatArray:
    """Return what a far, level camera sees, shape (T, 17, 2): yaw 0 = from the right side, 90 = from the front."""
    yaw = np.radians(yaw_deg)
    across = xyz[..., 0] * np.cos(yaw) + xyz[..., 1] * np.sin(yaw)
    return np.asarray(np.stack([across, -xyz[..., 2]], axis=-1) * body_px + np.asarray(at_px))


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is done: repetitions in time order, and what else happens.

    Attributes
    ----------
    reps : int
        Full repetitions.
    tempo_s : float
        Out, hold and return of one.
    rest_s : float
        Between two.
    depths : sequence of float, optional
        Of each repetition; 1 = the whole range.
    sides : sequence of {"left", "right", "both"}, optional
        Of each, in turn; by default as the exercise is usually done.
    hold_share : float
        Of the tempo, spent at the turning point.
    jitter : float
        Shaking during the hold, as a share of the range, at 4 Hz.
    set_of, set_rest_s : int or None, float
        After so many, a longer rest.
    before_s, after_s : float
        At rest before the first and after the last.
    walk_in_s : float
        Of walking into place before that; for exercises that begin upright.
    cut_end_s : float
        How much of the end the clip does not show.
    """

    reps: int = 5
    tempo_s: float = 2.0
    rest_s: float = 0.3
    depths: Sequence[float] | None = None
    sides: Sequence[Side] | None = None
    hold_share: float = 0.0
    jitter: float = 0.0
    set_of: int | None = None
    set_rest_s: float = 6.0
    before_s: float = 1.0
    after_s: float = 1.0
    walk_in_s: float = 0.0
    cut_end_s: float = 0.0

    def start_s(self, k: int) -> float:
        """Return when repetition `k`, from 0, leaves the rest position."""
        longer = (k // self.set_of) * (self.set_rest_s - self.rest_s) if self.set_of else 0.0
        return self.walk_in_s + self.before_s + k * (self.tempo_s + self.rest_s) + longer

    @property
    def end_s(self) -> float:
        """Return when the clip ends."""
        last = self.start_s(self.reps - 1) + self.tempo_s if self.reps else self.walk_in_s + self.before_s
        return last + self.after_s - self.cut_end_s


@dataclass(frozen=True, kw_only=True)
class Exercising:
    """A track with its truth; the turn of a held repetition is the middle of its hold."""

    track: PoseTrack
    turns_s: tuple[float, ...]
    sides: tuple[Side, ...]
    depths: tuple[float, ...] = field(default=())
    range_deg: float = 0.0


def bend_of(
    time_s: FloatArray, plan: Plan, in_turn: Sequence[Side], side: Side, rng: np.random.Generator
) -> FloatArray:
    """Return the bend of one side over time, shape (T,), where the repetitions are done by these sides in turn."""
    bend = np.zeros_like(time_s)
    moving_s = plan.tempo_s * (1 - plan.hold_share) / 2
    for k in range(plan.reps):
        if in_turn[k % len(in_turn)] not in (side, "both"):
            continue
        since = time_s - plan.start_s(k)
        way = np.minimum(since, plan.tempo_s - since) / moving_s
        depth = plan.depths[k % len(plan.depths)] if plan.depths is not None else 1.0
        bend += depth * (1 - np.cos(np.pi * np.clip(way, 0, 1))) / 2
        holding = way >= 1
        phase = rng.uniform(0, 2 * np.pi)
        bend[holding] += plan.jitter * (np.sin(2 * np.pi * 4.0 * since[holding] + phase) - 1) / 2
    return bend


def _walking_in(xyz: FloatArray, time_s: FloatArray, plan: Plan) -> FloatArray:
    """Return the body with its legs swinging and its place ahead of where it will stand, until it is there."""
    left_s = np.maximum(plan.walk_in_s - time_s, 0.0)
    swing = WALK_SWING_DEG * np.sin(2 * np.pi * left_s / WALK_PERIOD_S)
    moved = xyz.copy()
    moved[..., 0] -= (WALK_SPEED * left_s)[:, np.newaxis]
    for knee, ankle, sign in (
        (Keypoint.LEFT_KNEE, Keypoint.LEFT_ANKLE, 1),
        (Keypoint.RIGHT_KNEE, Keypoint.RIGHT_ANKLE, -1),
    ):
        reach = np.sin(np.radians(sign * swing))
        moved[:, knee, 0] += THIGH * reach
        moved[:, ankle, 0] += (THIGH + SHANK) * reach
    return moved


def exerciser(
    exercise: str,
    plan: Plan = Plan(),
    *,
    yaw_deg: float | None = None,
    range_deg: float | None = None,
    fps: float = 30.0,
    body_px: float = 300.0,
    noise_px: float = 0.0,
    drift_px_per_s: float = 0.0,
    posture: Callable[[Bends, float], Posture] | None = None,
    seed: int = 0,
) -> Exercising:
    """Return somebody who does an exercise of `DRAWN` as planned.

    `drift_px_per_s` moves the picture slowly to the side and down; `posture` draws the exercise in another manner.
    """
    drawn = DRAWN[exercise]
    degrees = drawn.range_deg if range_deg is None else range_deg
    rng = np.random.default_rng(seed)
    time_s = np.arange(round(plan.end_s * fps) + 1) / fps
    in_turn = drawn.sides if plan.sides is None else tuple(plan.sides)
    bends = (bend_of(time_s, plan, in_turn, "left", rng), bend_of(time_s, plan, in_turn, "right", rng))
    xyz = body((posture or drawn.posture)(bends, degrees), len(time_s))
    xy_px = camera(_walking_in(xyz, time_s, plan), yaw_deg=drawn.yaws_deg[0] if yaw_deg is None else yaw_deg,
                   body_px=body_px)  # fmt: skip
    xy_px += drift_px_per_s * time_s[:, np.newaxis, np.newaxis] * np.array([0.8, 0.6])
    xy_px += noise_px * rng.standard_normal(xy_px.shape)
    score = np.full(xy_px.shape[:2], SCORE)
    return Exercising(
        track=PoseTrack(time_s=time_s, xy_px=xy_px, score=score, image_wh=IMAGE_WH),
        turns_s=tuple(plan.start_s(k) + plan.tempo_s / 2 for k in range(plan.reps)),
        sides=tuple(in_turn[k % len(in_turn)] for k in range(plan.reps)),
        depths=tuple(plan.depths[k % len(plan.depths)] if plan.depths else 1.0 for k in range(plan.reps)),
        range_deg=degrees,
    )
