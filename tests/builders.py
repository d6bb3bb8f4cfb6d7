"""Drawn people whose movement is known in closed form: tracks with the truth beside them.

A figure is set up from joint angles (`figure`); a walker, a squatter and a few others move it. Lengths are shares of
the body's height: trunk 0.30, thigh 0.25, shank 0.25.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from gaitlab.records import FeetTrack, FloatArray, PoseTrack
from gaitlab.records.skeleton import MIRROR, N_KEYPOINTS, Keypoint
from gaitlab.repetitions.body import Body

TRUNK, THIGH, SHANK = 0.30, 0.25, 0.25
UPPER_ARM, FOREARM, ELBOW_DEG = 0.17, 0.15, 20.0
# A walker's stride: the foot is on the ground for 60 % of it, from 0.22 ahead of the hip to 0.22 behind.
STANCE, REACH = 0.60, 0.22
HIP_HEIGHT, HIP_DIP, LIFT = 0.49, 0.052, 0.08
STEP_LENGTH = REACH / STANCE
# Largest knee flexion of a walker, in mid-swing: two bones of 0.25 span 0.49 - 0.08 = 0.41.
SWING_KNEE_DEG = 2 * float(np.degrees(np.arccos((HIP_HEIGHT - LIFT) / (THIGH + SHANK))))
IMAGE_WH = (1920, 1080)
SCORE = 0.9

Leg = Literal["left", "right"]
SideOrFront = Literal["side", "front"]


@dataclass(frozen=True, kw_only=True)
class Walk:
    """A walker's track, and when which foot touches down."""

    track: PoseTrack
    strikes: tuple[tuple[Leg, float], ...]

    @property
    def strike_times_s(self) -> list[float]:
        return [time_s for _, time_s in self.strikes]


def _toward(length: float, from_down_deg: FloatArray, forward: FloatArray) -> FloatArray:
    """Return a bone as a vector, (..., 2): 0 degrees hangs down, positive points forward; forward 0 hides the depth."""
    angle = np.radians(from_down_deg)
    return np.stack([length * forward * np.sin(angle), length * np.cos(angle)], axis=-1)


def figure(
    mid_hip_px: ArrayLike,
    *,
    thigh_deg: ArrayLike = (0.0, 0.0),
    knee_deg: ArrayLike = (0.0, 0.0),
    trunk_deg: ArrayLike = 0.0,
    forward: ArrayLike = 1.0,
    body_px: float = 300.0,
) -> FloatArray:
    """Return the keypoints of a figure.

    Parameters
    ----------
    mid_hip_px : array, shape (T, 2)
    thigh_deg, knee_deg : array, shape (T, 2)
        Left and right; thigh against the vertical, knee flexion.
    trunk_deg, forward : array, shape (T,)
        Forward lean; +1 looks right, -1 left, 0 into the camera (then left and right stand apart).
    body_px : float

    Returns
    -------
    ndarray, shape (T, 17, 2)
    """
    hip = np.atleast_2d(np.asarray(mid_hip_px, dtype=np.float64))
    n = len(hip)
    ahead = np.broadcast_to(np.asarray(forward, dtype=np.float64), n)
    trunk = np.broadcast_to(np.asarray(trunk_deg, dtype=np.float64), n)
    thighs, knees = (np.broadcast_to(np.asarray(deg, dtype=np.float64), (n, 2)) for deg in (thigh_deg, knee_deg))
    shoulder = hip - _toward(TRUNK * body_px, -trunk, ahead)
    head = shoulder + body_px * np.stack([0.02 * ahead, np.full(n, -0.10)], axis=-1)
    front = np.all(ahead == 0)
    # Seen from the front the person's left is on the right of the picture.
    shoulder_half, hip_half, face_half = (0.125, 0.08, 0.02) if front else (0.01, 0.01, 0.0)
    xy_px = np.empty((n, N_KEYPOINTS, 2))
    xy_px[:, Keypoint.NOSE] = head + body_px * 0.04 * np.stack([ahead, np.zeros(n)], axis=-1)
    for leg, apart in enumerate((1.0, -1.0)):
        sideways = np.array([apart * body_px, 0.0])
        xy_px[:, Keypoint.LEFT_EYE + leg] = head + face_half * sideways
        xy_px[:, Keypoint.LEFT_EAR + leg] = head + 2 * face_half * sideways
        xy_px[:, Keypoint.LEFT_SHOULDER + leg] = shoulder + shoulder_half * sideways
        elbow = xy_px[:, Keypoint.LEFT_SHOULDER + leg] + _toward(UPPER_ARM * body_px, np.zeros(n), ahead)
        xy_px[:, Keypoint.LEFT_ELBOW + leg] = elbow
        xy_px[:, Keypoint.LEFT_WRIST + leg] = elbow + _toward(FOREARM * body_px, np.full(n, ELBOW_DEG), ahead)
        xy_px[:, Keypoint.LEFT_HIP + leg] = hip + hip_half * sideways
        knee = xy_px[:, Keypoint.LEFT_HIP + leg] + _toward(THIGH * body_px, thighs[:, leg], ahead)
        xy_px[:, Keypoint.LEFT_KNEE + leg] = knee
        shank = _toward(SHANK * body_px, thighs[:, leg] - knees[:, leg], ahead)
        xy_px[:, Keypoint.LEFT_ANKLE + leg] = knee + shank
    return xy_px


def track_of(
    xy_px: FloatArray, *, fps: float = 30.0, time_s: FloatArray | None = None, noise_px: float = 0.0, seed: int = 0
) -> PoseTrack:
    """Return keypoints, shape (T, 17, 2), as a track in which everything is seen well."""
    noise = noise_px * np.random.default_rng(seed).standard_normal(xy_px.shape)
    times = np.arange(len(xy_px)) / fps if time_s is None else time_s
    return PoseTrack(time_s=times, xy_px=xy_px + noise, score=np.full(xy_px.shape[:2], SCORE), image_wh=IMAGE_WH)


def _leg_angles(ahead: FloatArray, below: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return thigh and knee angle of a leg of two equal bones whose ankle is so far ahead of and below the hip."""
    half_knee = np.degrees(np.arccos(np.minimum(np.hypot(ahead, below) / (THIGH + SHANK), 1.0)))
    return np.degrees(np.arctan2(ahead, below)) + half_knee, 2 * half_knee


def turned(xy_px: FloatArray, yaw_deg: float, body_px: float) -> FloatArray:
    """Return what a far camera sees that has turned about the upright by `yaw_deg`: left and right stand apart."""
    sideways = np.zeros(N_KEYPOINTS)
    for joint, half_width in (("SHOULDER", 0.125), ("ELBOW", 0.125), ("WRIST", 0.125), ("EYE", 0.02), ("EAR", 0.04)):
        sideways[[Keypoint[f"LEFT_{joint}"], Keypoint[f"RIGHT_{joint}"]]] = half_width, -half_width
    for joint in ("HIP", "KNEE", "ANKLE"):
        sideways[[Keypoint[f"LEFT_{joint}"], Keypoint[f"RIGHT_{joint}"]]] = 0.08, -0.08
    middle, yaw = IMAGE_WH[0] / 2, np.radians(yaw_deg)
    x = middle + (xy_px[..., 0] - middle) * np.cos(yaw) + sideways * body_px * np.sin(yaw)
    return np.stack([x, xy_px[..., 1]], axis=-1)


def walker(
    *,
    cadence_spm: float = 110.0,
    n_strikes: int = 10,
    fps: float = 30.0,
    direction: Literal[1, -1] = 1,
    first: Leg = "left",
    start_x_px: float | None = None,
    body_px: float = 300.0,
    stand_before_s: float = 0.0,
    stand_after_s: float = 0.0,
    stance: float = STANCE,
    unevenness: float = 0.0,
    yaw_deg: float = 0.0,
    noise_px: float = 0.0,
    seed: int = 0,
) -> Walk:
    """Return somebody who walks past the camera.

    The walk begins and ends with the feet beside each other; the first heel strike comes 0.4 step times after its
    start, each further one a step time later. The ankle moves against the hip on half a cosine forward (swing) and
    half a cosine back (stance), so that a heel strike is a maximum and a toe-off, `stance` of a stride later, a
    minimum. Each step of the foot that is not `first` takes ``1 + unevenness`` step times, each further one of the
    other ``1 - unevenness`` (up to 0.2). The camera looks square at the way, or `yaw_deg` past that from afar.
    """
    step_s = 60.0 / cadence_spm
    end_s = stand_before_s + n_strikes * step_s
    time_s = np.arange(round((end_s + stand_after_s) * fps) + 1) / fps
    walked = np.clip((time_s - stand_before_s) / step_s, 0, n_strikes)
    # The lift grows from the standing foot's 0 over the first and last fifth of a stride.
    lift = LIFT * np.clip(np.minimum(walked, n_strikes - walked) / 0.4, 0, 1)
    late = unevenness / 2
    phases = [(walked / 2 + offset) % 1.0 for offset in ((0.8, 0.3 - late) if first == "left" else (0.3 - late, 0.8))]
    hip_height = HIP_HEIGHT - HIP_DIP * (1 + np.cos(2 * np.pi * (walked - 0.5 - late))) / 2
    legs = []
    for u in phases:
        swing = np.clip((u - stance) / (1 - stance), 0, 1)
        ahead = REACH * np.where(u < stance, np.cos(np.pi * u / stance), -np.cos(np.pi * swing))
        legs.append(_leg_angles(ahead, hip_height - lift * np.sin(np.pi * swing) ** 2))
    thigh_deg, knee_deg = (np.stack([left, right], axis=1) for left, right in zip(*legs, strict=True))
    start = start_x_px if start_x_px is not None else (150.0 if direction > 0 else IMAGE_WH[0] - 150.0)
    hip_x = start + direction * STEP_LENGTH * body_px * walked
    hip_y = 900.0 - hip_height * body_px
    xy_px = figure(
        np.stack([hip_x, hip_y], axis=1),
        thigh_deg=thigh_deg, knee_deg=knee_deg, forward=float(direction), body_px=body_px,
    )  # fmt: skip
    if yaw_deg:
        xy_px = turned(xy_px, yaw_deg, body_px)
    order: tuple[Leg, Leg] = ("left", "right") if first == "left" else ("right", "left")
    strikes = tuple(
        (order[k % 2], stand_before_s + (0.4 + k + unevenness * (k % 2)) * step_s) for k in range(n_strikes)
    )
    return Walk(track=track_of(xy_px, fps=fps, noise_px=noise_px, seed=seed), strikes=strikes)


def front_walker(
    *,
    cadence_spm: float = 110.0,
    n_strikes: int = 14,
    fps: float = 30.0,
    away: bool = False,
    nearer: float = 1.0,
    looking_down: float = 0.25,
    body_px: float = 300.0,
    stand_before_s: float = 0.0,
    noise_px: float = 0.0,
    seed: int = 0,
) -> Walk:
    """Return somebody who walks towards the camera, or away from it, left foot first.

    The legs move as those of `walker`; what is ahead stands lower in the picture by `looking_down` (height of the
    camera over its distance), higher when the person walks away. At the end the person is `nearer` times as large as at
    first.
    """
    step_s = 60.0 / cadence_spm
    time_s = np.arange(round((stand_before_s + n_strikes * step_s) * fps) + 1) / fps
    walked = np.maximum(time_s - stand_before_s, 0) / step_s
    moving = (walked > 0).astype(np.float64)
    below, ahead = np.empty((2, len(time_s), 2))
    for leg, offset in enumerate((0.8, 0.3)):
        u = (walked / 2 + offset) % 1.0
        swing = np.clip((u - STANCE) / (1 - STANCE), 0, 1)
        ahead[:, leg] = moving * REACH * np.where(u < STANCE, np.cos(np.pi * u / STANCE), -np.cos(np.pi * swing))
        below[:, leg] = HIP_HEIGHT - HIP_DIP / 2 - moving * LIFT * np.sin(np.pi * swing) ** 2
    knee_deg = 2 * np.degrees(np.arccos(below / (THIGH + SHANK)))
    xy_px = figure(
        np.tile([0.0, -HIP_HEIGHT * body_px], (len(time_s), 1)),
        thigh_deg=knee_deg / 2, knee_deg=knee_deg, forward=0.0, body_px=body_px,
    )  # fmt: skip
    lower = (-1 if away else 1) * looking_down * ahead * body_px
    xy_px[:, [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE], 1] += lower
    xy_px[:, [Keypoint.LEFT_KNEE, Keypoint.RIGHT_KNEE], 1] += lower / 2
    xy_px[..., 0] *= -1 if away else 1
    distance = np.linspace(nearer, 1.0, len(time_s)) / nearer
    xy_px = np.array([960.0, 500.0]) + xy_px / distance[:, np.newaxis, np.newaxis]
    strikes: tuple[tuple[Leg, float], ...] = tuple(
        ("left" if k % 2 == 0 else "right", stand_before_s + (0.4 + k) * step_s) for k in range(n_strikes)
    )
    return Walk(track=track_of(xy_px, fps=fps, noise_px=noise_px, seed=seed), strikes=strikes)


def there_and_back(*, cadence_spm: float = 110.0, n_strikes: int = 10, fps: float = 30.0) -> Walk:
    """Return somebody who walks to the right, stands for two seconds, turning in their middle, and walks back."""
    there = walker(cadence_spm=cadence_spm, n_strikes=n_strikes, fps=fps, stand_after_s=1.0)
    turn_x = 150.0 + STEP_LENGTH * 300.0 * n_strikes
    back = walker(
        cadence_spm=cadence_spm, n_strikes=n_strikes, fps=fps, direction=-1, start_x_px=turn_x, stand_before_s=1.0
    )
    later = there.track.time_s[-1] + 1.0 / fps
    xy_px = np.concatenate([there.track.xy_px, back.track.xy_px])
    strikes = there.strikes + tuple((side, time_s + float(later)) for side, time_s in back.strikes)
    return Walk(track=track_of(xy_px, fps=fps), strikes=strikes)


def squat_depths_deg(
    *, reps: int, tempo_s: float, depth_deg: float, rest_s: float = 1.0, fps: float = 30.0
) -> FloatArray:
    """Return knee flexion over time: rest, then `reps` times down and up on a cosine and rest, shape (T,)."""
    down_up = depth_deg * (1 - np.cos(2 * np.pi * np.arange(round(tempo_s * fps)) / round(tempo_s * fps))) / 2
    rest = np.zeros(round(rest_s * fps))
    return np.concatenate([rest, *([down_up, rest] * reps)])


def squatting(
    knee_deg: FloatArray,
    *,
    view: SideOrFront = "side",
    fps: float = 30.0,
    body_px: float = 300.0,
    direction: Literal[1, -1] = 1,
    trunk_share: float = 0.35,
    noise_px: float = 0.0,
    seed: int = 0,
) -> PoseTrack:
    """Return somebody who bends both knees by `knee_deg`, shape (T,), on the spot: a squat.

    Of the knee's flexion the thigh takes 0.65 and the shank 0.35, so that the thigh is level at 138 degrees; the trunk
    leans forward by `trunk_share` of it.
    """
    forward = float(direction) if view == "side" else 0.0
    thigh_deg, shank_deg = 0.65 * knee_deg, -0.35 * knee_deg
    ahead = np.full(len(knee_deg), forward)
    reach = _toward(THIGH * body_px, thigh_deg, ahead) + _toward(SHANK * body_px, shank_deg, ahead)
    xy_px = figure(
        np.array([960.0, 900.0]) - reach,
        thigh_deg=np.stack([thigh_deg] * 2, axis=1), knee_deg=np.stack([knee_deg] * 2, axis=1),
        trunk_deg=trunk_share * knee_deg, forward=forward, body_px=body_px,
    )  # fmt: skip
    return track_of(xy_px, fps=fps, noise_px=noise_px, seed=seed)


def squatter(
    *,
    reps: int = 3,
    tempo_s: float = 2.0,
    depth_deg: float = 100.0,
    rest_s: float = 1.0,
    view: SideOrFront = "side",
    fps: float = 30.0,
    direction: Literal[1, -1] = 1,
    noise_px: float = 0.0,
    seed: int = 0,
) -> PoseTrack:
    """Return somebody who squats `reps` times; the k-th turns at ``rest + (k + 0.5) tempo + k rest``, k from 0."""
    depths = squat_depths_deg(reps=reps, tempo_s=tempo_s, depth_deg=depth_deg, rest_s=rest_s, fps=fps)
    return squatting(depths, view=view, fps=fps, direction=direction, noise_px=noise_px, seed=seed)


def standing(*, duration_s: float = 4.0, fps: float = 30.0, noise_px: float = 0.0, seed: int = 0) -> PoseTrack:
    """Return somebody who stands still, facing right."""
    hip = np.tile([960.0, 750.0], (round(duration_s * fps), 1))
    return track_of(figure(hip), fps=fps, noise_px=noise_px, seed=seed)


def with_feet(track: PoseTrack, *, heel_px: ArrayLike = (-12.0, 14.0), toe_px: ArrayLike = (30.0, 16.0)) -> PoseTrack:
    """Return the track with feet that are seen well, at these places from the ankles."""
    ankles = track.xy_px[:, [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]]
    xy_px = np.concatenate([ankles + np.asarray(heel_px), ankles + np.asarray(toe_px)], axis=1)
    score = np.where(np.isfinite(xy_px).all(axis=2), SCORE, 0.0)
    return replace(track, feet=FeetTrack(xy_px=xy_px, score=score))


def mirrored(track: PoseTrack) -> PoseTrack:
    """Return the track as a mirror shows it: left is right, in the picture and of the person."""
    width = track.image_wh[0] if track.image_wh else 0
    xy_px = track.xy_px[:, list(MIRROR)] * np.array([-1.0, 1.0]) + np.array([float(width), 0.0])
    return replace(track, xy_px=xy_px, score=track.score[:, list(MIRROR)])


def with_rows(track: PoseTrack, rows: slice, keypoint: Keypoint, *, xy_px: ArrayLike, score: float) -> PoseTrack:
    """Return the track with one keypoint put elsewhere in some frames."""
    positions, scores = track.xy_px.copy(), track.score.copy()
    positions[rows, keypoint], scores[rows, keypoint] = xy_px, score
    return replace(track, xy_px=positions, score=scores)


def with_losses(track: PoseTrack, share: float, *, burst_s: float = 0.0, seed: int = 0) -> PoseTrack:
    """Return the track with this share of its keypoints unseen: far off, and scored as such.

    Keypoints are lost each by itself frame by frame, or in bursts of `burst_s` each.
    """
    chance = np.random.default_rng(seed)
    n, length = len(track), max(1, round(burst_s * track.fps_mean))
    # So many starts that `share` of the frames lie in at least one burst.
    starts = chance.random((n + length - 1, N_KEYPOINTS)) < 1 - (1 - share) ** (1 / length)
    lost = np.asarray(np.lib.stride_tricks.sliding_window_view(starts, length, axis=0).any(axis=-1))
    astray = track.xy_px + chance.normal(0.0, 50.0, track.xy_px.shape)
    return replace(
        track, xy_px=np.where(lost[..., np.newaxis], astray, track.xy_px), score=np.where(lost, 0.1, track.score)
    )


#: Frames of a placed body, at 30 frames/s, and its height.
PLACED_FRAMES, PLACED_HEIGHT_PX = 31, 400.0


def placed_body(**points: ArrayLike) -> Body:
    """Return somebody of whom only the points named ("LEFT_KNEE") are seen, each still or with a place a frame."""
    xy = np.full((PLACED_FRAMES, N_KEYPOINTS, 2), np.nan)
    for name, place in points.items():
        xy[:, Keypoint[name]] = place
    score = np.where(np.isfinite(xy).all(axis=2), 0.9, 0.0)
    track = PoseTrack(time_s=np.arange(PLACED_FRAMES) / 30.0, xy_px=xy, score=score, image_wh=(640, 480))
    return replace(Body.of(track), height_px=np.full(PLACED_FRAMES, PLACED_HEIGHT_PX))
