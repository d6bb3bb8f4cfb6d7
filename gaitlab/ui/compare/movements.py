"""A stride or repetition made fit to be laid over one of another session: in phase, as large, facing right.

The hips of one lie on the hips of the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from gaitlab.gait.cycle_curves import stretch
from gaitlab.motion.anthropometry import SHANK, THIGH, TRUNK
from gaitlab.motion.geometry import midpoint, segment_length_px
from gaitlab.motion.phase import N_POINTS, known_in_phase, most_typical, phase_times, values_at
from gaitlab.records import Analysis, FloatArray, Repetition
from gaitlab.records.skeleton import LEG_CHAINS, SIDES, Keypoint, Side
from gaitlab.repetitions.exercises import standard_of
from gaitlab.repetitions.measures import longest_px
from gaitlab.repetitions.repetition_curves import events_of, whole_repetitions
from gaitlab.ui.shared.overlay import ClipPlace, Cycle

__all__ = ["Movement", "body_height_px", "choose_repetition", "cycle_of", "lengths_px", "movements"]

#: Shares of the body height of trunk, thigh and shank.
_SHARES: Final = np.array([TRUNK, THIGH, SHANK])


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """A stride, or a repetition: its name and its events in seconds."""

    title: str
    events_s: tuple[float, ...]


def movements(analysis: Analysis) -> dict[Side, Movement]:
    """Return the most typical stride of each foot, or repetition of each side: the nearest to the mean of all.

    A side is left out where the hips are not seen at the start and at the end of any of them.
    """
    found: dict[Side, Movement] = {}
    if analysis.exercise:
        for side in dict.fromkeys(rep.side for rep in whole_repetitions(analysis)):
            own = [
                rep for rep in whole_repetitions(analysis) if rep.side == side and _is_seen(analysis, events_of(rep))
            ]
            if own:
                found[side] = _repetition(own[_typical_repetition(analysis, own)])
    elif analysis.gait:
        for side in SIDES:
            strides = [stride for stride in analysis.gait.strides if stride.side == side]
            seen = [stride for stride in strides if _is_seen(analysis, (stride.start_s, stride.end_s))]
            curves = [(one, stretch(analysis.angles, f"{side}_knee", one)) for one in seen]
            known = [(stride, curve) for stride, curve in curves if curve is not None]
            if known:
                stride = known[most_typical([curve for _, curve in known])][0]
                title = f"stride {strides.index(stride) + 1} of {len(strides)}, {stride.end_s - stride.start_s:.2f} s"
                found[side] = Movement(title=title, events_s=(stride.start_s, stride.end_s))
    return found


def choose_repetition(analysis: Analysis, index: int) -> dict[Side, Movement]:
    """Return the repetition of that number by its side; nothing where its hips are not seen."""
    chosen = [rep for rep in whole_repetitions(analysis) if rep.index == index and _is_seen(analysis, events_of(rep))]
    return {rep.side: _repetition(rep) for rep in chosen}


def _repetition(rep: Repetition) -> Movement:
    return Movement(title=f"repetition {rep.index}, {rep.end_s - rep.start_s:.1f} s", events_s=events_of(rep))


def _typical_repetition(analysis: Analysis, repetitions: Sequence[Repetition]) -> int:
    """Return which repetition is nearest to the mean curve of the exercise's angle; else the one in the middle."""
    angle = standard_of(analysis.activity.kind).angle
    for name in (f"left_{angle}", f"right_{angle}", str(angle)):
        if name in analysis.angles.names:
            deg = analysis.angles.angle(name)
            curves = [known_in_phase(analysis.angles.time_s, deg, events_of(rep)) for rep in repetitions]
            known = [(i, curve) for i, curve in enumerate(curves) if curve is not None]
            if known:
                return known[most_typical([curve for _, curve in known])][0]
    return len(repetitions) // 2


def _is_seen(analysis: Analysis, events_s: Sequence[float]) -> bool:
    """Return whether the hips are known at the start and the end of a movement within the track."""
    time_s = analysis.track.time_s
    if len(time_s) < 2 or events_s[0] < time_s[0] or events_s[-1] > time_s[-1]:
        return False
    ends = values_at(time_s, _mid_hip(analysis.track.xy_px), np.array([events_s[0], events_s[-1]]))
    return bool(np.isfinite(ends).all())


def _mid_hip(xy: FloatArray) -> FloatArray:
    return midpoint(xy[:, Keypoint.LEFT_HIP], xy[:, Keypoint.RIGHT_HIP])


def _poses(analysis: Analysis, movement: Movement) -> FloatArray:
    """Return the poses of a movement in phase, shape (101, 17, 2), in pixels."""
    return values_at(analysis.track.time_s, analysis.track.xy_px, phase_times(movement.events_s))


def lengths_px(analysis: Analysis, movement: Movement) -> FloatArray:
    """Return the lengths of trunk, thigh and shank during a movement, shape (3,); NaN where one is not seen.

    Each is the length that is hardly ever exceeded: a segment that points to the camera looks short.
    """
    xy = _poses(analysis, movement)
    shoulders = midpoint(xy[:, Keypoint.LEFT_SHOULDER], xy[:, Keypoint.RIGHT_SHOULDER])
    thighs, shanks = (
        np.concatenate([segment_length_px(xy[:, chain[part]], xy[:, chain[part + 1]]) for chain in LEG_CHAINS])
        for part in (0, 1)
    )
    return np.array([longest_px(own) for own in (segment_length_px(shoulders, _mid_hip(xy)), thighs, shanks)])


def body_height_px(lengths: Sequence[FloatArray]) -> list[float]:
    """Return the body heights of several people in pixels, from those of trunk, thigh and shank that all of them have.

    Empty where there is no such segment.
    """
    stack = np.array(lengths).reshape(-1, len(_SHARES))
    common = (np.isfinite(stack) & (stack > 0.0)).all(axis=0)
    if not common.any():
        return []
    return [float(own[common].sum() / _SHARES[common].sum()) for own in stack]


def cycle_of(analysis: Analysis, movement: Movement, *, height_px: float) -> Cycle:
    """Return a movement as it is laid over another one.

    The middle of the hips is put at 0 along the straight way from where it is at the start to where it is at the end:
    so a walker walks on the spot, and somebody who squats goes down.

    Parameters
    ----------
    analysis : Analysis
    movement : Movement
        Of `movements`.
    height_px : float
        Of `body_height_px`.
    """
    xy = _poses(analysis, movement)
    start, end = _mid_hip(xy)[[0, -1]]
    way = start + np.linspace(0.0, 1.0, N_POINTS)[:, None] * (end - start)
    is_mirrored = _faces_left(analysis, movement, xy)
    across = np.array([-1.0 if is_mirrored else 1.0, 1.0])
    file_s = np.interp(movement.events_s, analysis.track.time_s, analysis.track_raw.time_s)
    place = ClipPlace(
        start_px=(float(start[0]), float(start[1])),
        end_px=(float(end[0]), float(end[1])),
        px_per_height=height_px,
        is_mirrored=is_mirrored,
    )
    return Cycle(
        title=movement.title,
        events_s=tuple(float(time_s) for time_s in file_s),
        xy=(xy - way[:, None]) / height_px * across,
        place=place,
    )


def _faces_left(analysis: Analysis, movement: Movement, xy: FloatArray) -> bool:
    """Return whether the angles of a movement are those of somebody who faces left.

    The thigh's angle is positive in front of the hip, so it tells where the front is; it is unknown from the front.
    """
    angles, at_s = analysis.angles, phase_times(movement.events_s)
    ahead = 0.0
    for side, (hip, knee, _) in zip(SIDES, LEG_CHAINS, strict=True):
        if (name := f"{side}_thigh") in angles.names:
            deg = values_at(angles.time_s, angles.angle(name)[:, None], at_s)[:, 0]
            ahead += float(np.nansum(np.sin(np.radians(deg)) * (xy[:, knee, 0] - xy[:, hip, 0])))
    return ahead < 0.0
