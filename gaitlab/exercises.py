"""The exercises as data: a new exercise is a new row.

A row names the signal that is counted (a function of body-relative keypoint positions in `gaitlab.repetitions`), how
large its excursion must be, the position the person must be in, and the joint angles that describe the range of motion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

__all__ = ["EXERCISES", "Exercise", "Position", "Signal"]

Signal = Literal["thigh_drop"]
Position = Literal["upright"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """How one exercise is counted.

    Attributes
    ----------
    name : str
        As on the command line.
    title : str
        As shown to people.
    signal : str
        Rises toward the turning point; in units of a body segment, so that it does not depend on the picture's scale.
    range_min : float
        Least range (p2-p98) of the signal over the clip; with less there is no repetition.
    full_level, partial_level : float
        What the signal must reach at the turning point of a full and of a partial repetition.
    rest_level : float
        What it must have been below at the start of each.
    position : str
        What holds at the turning point of every repetition.
    angles : tuple of str
        Joint angles whose range is the range of motion, valid from the side.
    filming : str
        How to film it.
    """

    name: str
    title: str
    signal: Signal
    range_min: float
    full_level: float
    partial_level: float
    rest_level: float
    position: Position
    angles: tuple[str, ...]
    filming: str


_ROWS: Final = (
    Exercise(
        name="squat",
        title="Squat",
        signal="thigh_drop",
        range_min=0.2,
        full_level=-0.65,  # thighs about 50 degrees or more from the vertical; walking and running stay above that
        partial_level=-0.75,
        rest_level=-0.8,
        position="upright",
        angles=("left_knee", "right_knee"),
        filming="from the side or the front, whole body in the picture from before the first to after the last squat",
    ),
)

#: Exercises by name.
EXERCISES: Final[Mapping[str, Exercise]] = MappingProxyType({row.name: row for row in _ROWS})
