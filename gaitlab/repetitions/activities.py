"""The activities of a clip, walking and exercises: their names, their labels and the way to film them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gaitlab.errors import UsageError
from gaitlab.metrics.words import spoken
from gaitlab.repetitions.exercise_row import Filming
from gaitlab.repetitions.exercises import EXERCISES, REPEATED, exercise_of

__all__ = ["activities", "activity_label", "checked_activity", "counted_activities", "filming_of", "kinds"]

#: Activities that are not in the table of exercises.
_LABELS: Final[Mapping[str, str]] = {
    "auto": "Detect automatically",
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
    """List the activities that a user can ask for, as on the command line."""
    return ("auto", "gait", *counted_activities())


def counted_activities() -> tuple[str, ...]:
    """List the activities whose repetitions are counted and whose name is known before: what can be trained in sets."""
    return (*EXERCISES, REPEATED)


def checked_activity(activity: str) -> str:
    """Return an activity that a user asks for; UsageError when there is no such one."""
    if activity not in activities():
        raise UsageError(f"activity {activity[:40]!r} is not available; choose one of {', '.join(activities())}")
    return activity


def kinds() -> tuple[str, ...]:
    """List the activities that a session can have."""
    return ("gait", *EXERCISES, REPEATED, "none")


def activity_label(kind: str) -> str:
    """Return the label of an activity for people."""
    row = exercise_of(kind)
    return row.title if row else _LABELS.get(kind, spoken(kind))


def filming_of(activity: str) -> Filming:
    """Return the filming guide of an activity; for an unknown activity the general guide."""
    row = exercise_of(activity)
    if row:
        return row.filming
    return _WALKING if activity == "gait" else _UNKNOWN
