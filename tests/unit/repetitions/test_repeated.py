"""Poses of repeated pictures: what counts and what does not."""

from __future__ import annotations

import numpy as np
import pytest

from gaitlab.motion.repeated_frames import drop_repeats
from gaitlab.records import PoseTrack
from tests.builders import standing, walker


def repeated(track: PoseTrack, *rows: int) -> PoseTrack:
    mask = np.zeros(len(track), dtype=bool)
    mask[list(rows)] = True
    return drop_repeats(track, mask)


def unknown(track: PoseTrack) -> list[int]:
    return np.flatnonzero(np.isnan(track.xy_px).all(axis=(1, 2)) & (track.score == 0).all(axis=1)).tolist()


def test_duplicates_become_unknown() -> None:
    assert unknown(repeated(walker().track, 40, 44, 45)) == [40, 44, 45]


def test_a_frozen_file_becomes_unknown() -> None:
    """One second, after which the walker is somewhere else."""
    track = walker(fps=30.0).track
    assert unknown(repeated(track, *range(40, 70))) == list(range(40, 70))


def test_somebody_who_keeps_still_stays_known() -> None:
    assert unknown(repeated(standing(duration_s=4.0), *range(40, 70))) == []


def test_a_clip_that_ends_with_a_hold_keeps_it() -> None:
    track = standing(duration_s=4.0)
    assert unknown(repeated(track, *range(100, len(track)))) == []


def test_without_repeats_the_track_is_the_same() -> None:
    track = walker().track
    assert repeated(track) is track


@pytest.mark.parametrize("rows", [(0, 1), (0,)])
def test_the_first_frame_repeats_nothing_but_is_survived(rows: tuple[int, ...]) -> None:
    assert len(repeated(walker().track, *rows)) == len(walker().track)
