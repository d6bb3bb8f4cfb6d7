"""A long recording takes as long per minute as a short one, in every stage from the track to the page."""

from __future__ import annotations

import pytest

from benchmarks.long import TRACKS, of_track, per_minute

#: The measured stages stay within 1.2 on a quiet machine; one that grows with the square would be at 10.
GROWS_MAX = 2.0


@pytest.mark.accuracy
@pytest.mark.parametrize("what", sorted(TRACKS))
def test_ten_minutes_take_ten_times_a_minute(what: str) -> None:
    track_of = TRACKS[what]
    of_track(track_of(0.2))  # what is loaded at the first use is loaded
    grows = per_minute(of_track(track_of(10)), of_track(track_of(1)), 10)
    assert {name: round(times, 1) for name, times in grows.items() if times > GROWS_MAX} == {}
