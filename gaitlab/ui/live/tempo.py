"""The target tempo of a repetition: a code such as 4-2-1-0, in seconds."""

from __future__ import annotations

from typing import Any

from gaitlab.repetitions.exercises import exercise_of
from gaitlab.storage import tempo_seconds

__all__ = ["tempo_parts"]


def tempo_parts(code: str, activity: str) -> list[dict[str, Any]]:
    """Return the parts of a repetition in their order, each with its word and its seconds.

    Parameters
    ----------
    code : str
        Seconds of the way down, the hold at the bottom, the way up and the hold at the top: "4-2-1-0".
    activity : str
        Exercises that go up first begin with the way up.

    Raises
    ------
    UsageError
        As `tempo_seconds`.
    """
    down_s, bottom_s, up_s, top_s = tempo_seconds(code)
    way_down = [{"word": "down", "s": down_s}, {"word": "hold", "s": bottom_s}]
    way_up = [{"word": "up", "s": up_s}, {"word": "hold", "s": top_s}]
    row = exercise_of(activity)
    return way_down + way_up if row is None or row.goes_down_first else way_up + way_down
