"""A long recording takes as long per minute as a short one, in every stage from the track to the page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from benchmarks.long import TRACKS, of_track, per_minute
from gaitlab.records import PoseTrack

#: The measured stages stay within 1.2 on a quiet machine; one that grows with the square would be at 10.
GROWS_MAX = 2.0


@pytest.mark.accuracy
@pytest.mark.parametrize("what", sorted(TRACKS))
def test_ten_minutes_take_ten_times_a_minute(what: str) -> None:
    track_of = TRACKS[what]
    of_track(track_of(0.2))  # what is loaded at the first use is loaded
    too_long = set(grown(track_of))
    if too_long:  # on a busy machine a short stage takes many times as long now and then, but not twice
        too_long &= set(grown(track_of))
    assert too_long == set()


def grown(track_of: Callable[[float], PoseTrack]) -> list[str]:
    """Return the stages that take more per minute of ten minutes than of one."""
    grows = per_minute(of_track(track_of(10)), of_track(track_of(1)), 10)
    return [name for name, times in grows.items() if times > GROWS_MAX]
