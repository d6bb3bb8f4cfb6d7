"""The real exercise clips of the shared data and what is true of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from gaitlab.motion.camera_view import find_facing, forward_direction
from gaitlab.motion.kinematics import joint_angles
from gaitlab.motion.leg_swaps import repair_leg_swaps
from gaitlab.motion.smoothing import smooth_track
from gaitlab.records import PoseTrack
from gaitlab.repetitions import Movement, count_repetitions
from gaitlab.repetitions.exercises import EXERCISES
from gaitlab.settings import RepetitionSettings, SmoothingSettings

TRACKS = Path(__file__).parent / "data" / "exercise_tracks.npz"
SCORE_STEPS = 50


@dataclass(frozen=True, kw_only=True)
class ExerciseClip:
    """A real clip of an exercise, and when its repetitions turn, read by eye."""

    name: str
    activity: str
    image_wh: tuple[int, int]
    turns_s: tuple[float, ...]

    @property
    def file(self) -> str:
        """Return the name in the shared data."""
        return f"exercise/{self.name}.mp4"


#: Every one of them.
EXERCISE_CLIPS = (
    ExerciseClip(
        name="posetest__situp",
        activity="sit-up",
        image_wh=(480, 360),
        turns_s=(2.16, 5.84, 9.56, 13.68, 17.68, 21.36, 25.16, 28.56, 32.36, 36.16),
    ),
    ExerciseClip(
        name="posetest__squat1",
        activity="squat",
        image_wh=(640, 360),
        turns_s=(5.96, 8.47, 11.05, 13.85, 16.60),
    ),
    ExerciseClip(
        name="mrpose__squat",
        activity="squat",
        image_wh=(1280, 720),
        turns_s=(2.75, 6.46, 11.05, 15.52, 20.02, 24.69, 28.70, 32.20, 36.04),
    ),
    ExerciseClip(
        name="pushup2_4",
        activity="push-up",
        image_wh=(1280, 720),
        turns_s=(1.37, 5.14, 8.74, 11.61),
    ),
    ExerciseClip(
        name="dollarpy__pushup5",
        activity="push-up",
        image_wh=(1280, 720),
        turns_s=(2.21, 5.67),
    ),
    ExerciseClip(
        name="jacks_front_6",
        activity="jumping-jack",
        image_wh=(1280, 720),
        turns_s=(0.70, 1.70, 2.77, 3.74, 4.80, 5.81),
    ),
    ExerciseClip(
        name="lunges_first_2",
        activity="lunge",
        image_wh=(360, 640),
        turns_s=(1.32, 5.72),
    ),
    ExerciseClip(
        name="pullup1_back_2",
        activity="pull-up",
        image_wh=(640, 480),
        turns_s=(2.50, 6.84),
    ),
    ExerciseClip(
        name="be-project__sample_shoulder_press",
        activity="shoulder-press",
        image_wh=(854, 480),
        turns_s=(0.93, 3.57),
    ),
    ExerciseClip(
        name="aitrainer__curls1",
        activity="biceps-curl",
        image_wh=(720, 1280),
        turns_s=(2.09, 4.25, 6.88, 9.51),
    ),
    ExerciseClip(
        name="sports2d__demo5",
        activity="lateral-raise",
        image_wh=(1280, 720),
        turns_s=(2.67, 7.01, 10.88, 14.91),
    ),
    ExerciseClip(
        name="be-project__barbell_highbarsquat_side",
        activity="squat",
        image_wh=(640, 360),
        turns_s=(3.00, 9.93),
    ),
)


@cache
def recorded(clip: ExerciseClip) -> PoseTrack:
    """Return the track recorded of a clip: every second frame, whole pixels, made by the default model."""
    with np.load(TRACKS) as stored:
        xy_px = stored[f"{clip.name}.xy"].astype(np.float64)
        score = stored[f"{clip.name}.score"] / SCORE_STEPS
        time_s = stored[f"{clip.name}.t"] / 1000
    unseen = (xy_px < 0).all(axis=2) & (score == 0)
    return PoseTrack(
        time_s=time_s, xy_px=np.where(unseen[..., np.newaxis], np.nan, xy_px), score=score, image_wh=clip.image_wh
    )


def counts_of_every_exercise(track: PoseTrack) -> dict[str, int]:
    """Return what each exercise counts in a track: as in an analysis by its name, but one `Movement` serves all."""
    smoothed = smooth_track(repair_leg_swaps(track)[0], SmoothingSettings(run_min=4))  # as before every count
    facing = find_facing(smoothed.track)
    angles = joint_angles(smoothed.track, forward=forward_direction(smoothed.track), facing=facing)
    movement = Movement(smoothed.track, RepetitionSettings())
    return {name: count_repetitions(movement, smoothed, angles, row).count for name, row in EXERCISES.items()}
