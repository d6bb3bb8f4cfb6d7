"""How small a repetition may be and is still counted: what a programme can ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["least_range_pct"]

_FULL_PCT: Final = 100
#: In percent of the way from rest to the turn of a full repetition (ours): four repetitions of so much, as
#: `tests/builders_exercise.py` draws them, are all counted; of squats, lunges and raises none that are a tenth smaller.
#: What is not here is only known to be counted where it is full.
_LEAST_PCT: Final[Mapping[str, int]] = {
    "squat": 60,
    "push-up": 40,
    "lunge": 60,
    "biceps-curl": 40,
    "shoulder-press": 55,
    "jumping-jack": 50,
    "sit-up": 60,
    "pull-up": 40,
    "lateral-raise": 65,
    "front-raise": 75,
    "sit-to-stand": 70,
    "shoulder-abduction": 40,
    "shoulder-rotation": 50,
    "hurdle-step": 50,
    "straight-leg-raise": 60,
    "side-lunge": 85,
}


def least_range_pct(exercise: str) -> int:
    """Return the smallest repetition that is counted, in percent of the way from rest to the turn of a full one."""
    return _LEAST_PCT.get(exercise, _FULL_PCT)
