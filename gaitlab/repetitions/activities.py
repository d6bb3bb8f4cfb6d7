"""What a clip can show, the exercises and walking alike: what can be asked for, what it is called, how it is filmed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gaitlab.metrics.words import spoken
from gaitlab.repetitions.exercise_row import Filming
from gaitlab.repetitions.exercises import EXERCISES, REPEATED, exercise_of

__all__ = ["activities", "activity_label", "filming_of", "kinds"]

#: What is not in the table of exercises.
_LABELS: Final[Mapping[str, str]] = {
    "auto": "Find out by itself",
    "gait": "Walking",
    "none": "Nothing recognised",
}
_UNKNOWN: Final = Filming(
    view="side",
    in_picture="whole body in the picture; a few metres of walking, or an exercise with a moment of standing before "
    "and after",
    walks=True,
)
_WALKING: Final = Filming(
    view="side",
    or_else="or walking towards the camera",
    in_picture="whole body in the picture, six steps or more",
    walks=True,
    needs=("feet",),
)


def activities() -> tuple[str, ...]:
    """List what can be asked for, as on the command line."""
    return ("auto", "gait", *EXERCISES, REPEATED)


def kinds() -> tuple[str, ...]:
    """List what a session can turn out to show."""
    return ("gait", *EXERCISES, REPEATED, "none")


def activity_label(kind: str) -> str:
    """Say an activity as it is shown to people."""
    row = exercise_of(kind)
    return row.title if row else _LABELS.get(kind, spoken(kind))


def filming_of(activity: str) -> Filming:
    """Find how an activity is filmed; of one that is not known, how anything is."""
    row = exercise_of(activity)
    if row:
        return row.filming
    return _WALKING if activity == "gait" else _UNKNOWN
