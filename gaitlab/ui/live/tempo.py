"""The target tempo of a repetition: a code such as 4-2-1-0, in seconds."""

from __future__ import annotations

import re
from typing import Any, Final

from gaitlab.errors import InputError
from gaitlab.repetitions.exercises import exercise_of

__all__ = ["tempo_parts"]

_CODE: Final = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{1,2})-(\d{1,2})")


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
    InputError
        For another text, or where the two ways take no time.
    """
    found = _CODE.fullmatch(code.strip())
    down_s, bottom_s, up_s, top_s = (int(one) for one in found.groups()) if found else (0, 0, 0, 0)
    if not (down_s and up_s):
        raise InputError(
            f"tempo {code.strip()[:20]!r}: expected seconds of the way down, the hold, the way up and the hold, as in "
            "4-2-1-0"
        )
    way_down = [{"word": "down", "s": down_s}, {"word": "hold", "s": bottom_s}]
    way_up = [{"word": "up", "s": up_s}, {"word": "hold", "s": top_s}]
    row = exercise_of(activity)
    return way_down + way_up if row is None or row.goes_down_first else way_up + way_down
