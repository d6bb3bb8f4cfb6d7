"""Drawn people who do a walking test, seen from the side, with the truth beside them.

The body turns in three dimensions, so that its breadth shows while it turns. Legs move as those of
`tests.builders.walker`; rising and sitting as in the exercise `sit-to-stand` of `tests.builders_exercise`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gaitlab.records import FloatArray, PoseTrack
from tests.builders import HIP_DIP, HIP_HEIGHT, IMAGE_WH, LIFT, REACH, SCORE, STANCE, STEP_LENGTH, _leg_angles
from tests.builders_exercise import Limbs, Posture, body

ARMS = {"upper_arm": (0.0, 8.0), "forearm": (20.0, 0.0)}
SEATED_KNEE_DEG, HEIGHT_M = 88.0, 1.70


@dataclass(frozen=True, kw_only=True)
class UpAndGo:
    """A Timed Up and Go: when each phase begins, and when the person sits again."""

    track: PoseTrack
    rise_s: float
    walk_out_s: float
    turn_s: float
    walk_back_s: float
    sit_s: float
    end_s: float
    turn_back_s: float


def ease(time_s: FloatArray, start_s: float, lasts_s: float) -> FloatArray:
    """Return 0 before a start, 1 after an end and half a cosine between."""
    return np.asarray((1 - np.cos(np.pi * np.clip((time_s - start_s) / lasts_s, 0, 1))) / 2)


def leg_swing(walked: FloatArray, n_steps: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return thigh and knee angles, each (T, 2), and the height of the hips of somebody who walked so many steps."""
    lift = LIFT * np.clip(np.minimum(walked, n_steps - walked) / 0.4, 0, 1)
    hip_height = HIP_HEIGHT - HIP_DIP * (1 + np.cos(2 * np.pi * (walked - 0.5))) / 2
    legs = []
    for offset in (0.8, 0.3):
        u = (walked / 2 + offset) % 1.0
        swing = np.clip((u - STANCE) / (1 - STANCE), 0, 1)
        ahead = REACH * np.where(u < STANCE, np.cos(np.pi * u / STANCE), -np.cos(np.pi * swing))
        legs.append(_leg_angles(ahead, hip_height - lift * np.sin(np.pi * swing) ** 2))
    thigh, knee = (np.stack([left, right], axis=1) for left, right in zip(*legs, strict=True))
    return thigh, knee, hip_height


def seen(xyz: FloatArray, *, fps: float, body_px: float, x_px: float, noise_px: float, seed: int) -> PoseTrack:
    """Return what a far, level camera at the side sees of a body in the world, shape (T, 17, 3), in body heights."""
    xy_px = np.stack([x_px + body_px * xyz[..., 0], 900.0 - body_px * xyz[..., 2]], axis=-1)
    xy_px += noise_px * np.random.default_rng(seed).standard_normal(xy_px.shape)
    score = np.full(xy_px.shape[:2], SCORE)
    return PoseTrack(time_s=np.arange(len(xyz)) / fps, xy_px=xy_px, score=score, image_wh=IMAGE_WH)


def up_and_go(
    *,
    before_s: float = 1.5,
    rise_s: float = 1.2,
    n_steps: int = 6,
    cadence_spm: float = 105.0,
    turn_s: float = 1.5,
    sit_s: float = 1.3,
    after_s: float = 1.5,
    fps: float = 30.0,
    body_px: float = 300.0,
    noise_px: float = 0.0,
    seed: int = 0,
) -> UpAndGo:
    """Return somebody who rises, walks to the right, turns, walks back, turns and sits down.

    Rising, sitting and turning each run on half a cosine. Six steps of 0.367 body heights are 3.7 m for 1.70 m.
    """
    walk_s = n_steps * 60.0 / cadence_spm
    lasts = np.array([rise_s, walk_s, turn_s, walk_s, turn_s, sit_s])
    rise, out, turn, back, turn_back, sit, end = before_s + np.concatenate([[0.0], np.cumsum(lasts)])
    time_s = np.arange(round((end + after_s) * fps) + 1) / fps
    stand = ease(time_s, rise, rise_s) - ease(time_s, sit, sit_s)
    walked = np.where(
        time_s < turn,
        np.clip((time_s - out) / walk_s, 0, 1) * n_steps,
        np.clip((time_s - back) / walk_s, 0, 1) * n_steps,
    )
    thigh, knee, hip_height = leg_swing(walked, n_steps)
    # A walker's upright knee is bent a little; the seated one joins it there.
    seated = (1 - stand)[:, np.newaxis]
    thigh = (1 - seated) * thigh + 0.9 * SEATED_KNEE_DEG * seated
    knee = (1 - seated) * knee + SEATED_KNEE_DEG * seated
    lean = 5.0 + 30.0 * np.sin(np.pi * stand) ** 2
    limbs = [Limbs(thigh=(thigh[:, leg], 0.0), shank=(thigh[:, leg] - knee[:, leg], 0.0), **ARMS) for leg in (0, 1)]
    on_feet = body(Posture(trunk_deg=lean, left=limbs[0], right=limbs[1], fixed="hips"), len(time_s))
    moving = (stand > 0.999)[:, np.newaxis]
    ankles = on_feet[:, [15, 16]]
    # Seated and rising the feet stand where they are; walking the hips go on evenly.
    hips = np.where(moving[:, 0], 0.0, -ankles[:, :, 0].mean(axis=1))
    up = np.where(moving[:, 0], hip_height, -ankles[:, :, 2].min(axis=1))
    on_feet[..., 0] += hips[:, np.newaxis]
    on_feet[..., 2] += up[:, np.newaxis]
    yaw = np.pi * (ease(time_s, turn, turn_s) + ease(time_s, turn_back, turn_s))
    place = STEP_LENGTH * np.where(time_s < turn, walked, n_steps - walked)
    x = on_feet[..., 0] * np.cos(yaw)[:, np.newaxis] - on_feet[..., 1] * np.sin(yaw)[:, np.newaxis]
    xyz = np.stack([x + place[:, np.newaxis], on_feet[..., 1], on_feet[..., 2]], axis=-1)
    return UpAndGo(
        track=seen(xyz, fps=fps, body_px=body_px, x_px=400.0, noise_px=noise_px, seed=seed),
        rise_s=rise, walk_out_s=out, turn_s=turn, walk_back_s=back, turn_back_s=turn_back, sit_s=sit, end_s=end,
    )  # fmt: skip
