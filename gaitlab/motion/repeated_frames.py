"""Repeated frames show nothing new: the choice of their poses that may count."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from gaitlab.motion.runs import true_runs
from gaitlab.records import FeetTrack, PoseTrack
from gaitlab.settings import GAP_MAX_S

__all__ = ["drop_repeats"]

_STAYED_MAX = 0.05  # body extents
_Points = TypeVar("_Points", PoseTrack, FeetTrack)


def drop_repeats(track: PoseTrack, is_repeat: NDArray[np.bool_]) -> PoseTrack:
    """Return the track without the poses of frames in which nothing was recorded.

    Duplicates of up to 0.12 s become unknown, so that smoothing fills them in from the new frames around them. In a
    longer stretch the person may have kept still before a still camera: the poses stay when the next new frame shows
    the body at the same place, within 0.05 body extents *(ours)*. Otherwise the file is frozen, and they become
    unknown.

    Parameters
    ----------
    track : PoseTrack
    is_repeat : ndarray of bool, shape (T,)

    Returns
    -------
    PoseTrack
        NaN with score 0 where nothing counts; the same track when there is nothing to drop.
    """
    drop = np.zeros(len(track), dtype=bool)
    for run in true_runs(is_repeat):
        before, after = run.start - 1, run.stop
        length_s = track.time_s[after - 1] - track.time_s[max(before, 0)]
        drop[run] = length_s <= GAP_MAX_S or not _stayed(track, before, after)
    if not drop.any():
        return track
    feet = None if track.feet is None else _without(track.feet, drop)
    return replace(_without(track, drop), feet=feet)


def _without(points: _Points, drop: NDArray[np.bool_]) -> _Points:
    """Return the points, NaN with score 0 in the frames to drop."""
    xy_px, score = points.xy_px.copy(), points.score.copy()
    xy_px[drop], score[drop] = np.nan, 0.0
    return replace(points, xy_px=xy_px, score=score)


def _stayed(track: PoseTrack, before: int, after: int) -> bool:
    """Return whether the body is at the same place in two frames; yes when the clip ends with the stretch."""
    if after >= len(track) or before < 0:
        return True
    away = np.linalg.norm(track.xy_px[after] - track.xy_px[before], axis=1)
    extent = np.hypot(*(track.xy_px[before].max(axis=0) - track.xy_px[before].min(axis=0)))
    return bool(np.median(away) <= _STAYED_MAX * extent)
