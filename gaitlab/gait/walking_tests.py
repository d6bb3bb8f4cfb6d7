"""The named walking tests of one clip: Timed Up and Go, 4-metre and 10-metre walk, and the turns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gaitlab.gait.marked_walk import find_marked_walks, marked_walk_metrics
from gaitlab.gait.scale import KnownLengths, px_per_m_of
from gaitlab.gait.up_and_go import UpAndGo, find_up_and_go, up_and_go_metrics
from gaitlab.metrics.confidence import computed, confidence, leg_quality, measured, withheld
from gaitlab.motion.camera_view import find_turns
from gaitlab.records import FloatArray, Metric, SmoothedTrack, View
from gaitlab.records.findings import Said, said
from gaitlab.settings import WalkingTestSettings

__all__ = ["walking_tests"]

_TURN_TRUST = 0.75  # where a turn begins and ends is a convention (ours: never "sure", 0.8)


def walking_tests(
    smoothed: SmoothedTrack, forward: FloatArray, *, view: View, asked: WalkingTestSettings, known: KnownLengths
) -> tuple[tuple[Metric, ...], tuple[Said, ...]]:
    """Return the metrics of the tests that are asked for or seen, and the findings for the reader.

    The Timed Up and Go is given where it is asked for, or where somebody gets up from a seat and walks away; the walk
    between marks where marks are given; turns where there are any.

    Parameters
    ----------
    smoothed : SmoothedTrack
    forward : ndarray, shape (T,)
        By `gaitlab.motion.camera_view.forward_direction`.
    view : {"side", "front", "ambiguous"}
    asked : WalkingTestSettings
    known : KnownLengths
    """
    track = smoothed.track
    turns = [] if view == "front" else find_turns(track, forward)
    metrics, findings = _up_and_go(
        smoothed, turns, view=view, asked=asked.up_and_go, px_per_m=px_per_m_of(track, known)
    )
    if asked.marks is not None:
        found = find_marked_walks(track, asked.marks)
        more, further = marked_walk_metrics(found, smoothed, length_m=asked.marks.length_m, view=view)
        metrics, findings = (*metrics, *more), (*findings, *further)
    return (*metrics, *_turn_metrics(smoothed, turns, view)), findings


def _up_and_go(
    smoothed: SmoothedTrack,
    turns: Sequence[tuple[float, float] | None],
    *,
    view: View,
    asked: bool,
    px_per_m: float | None,
) -> tuple[tuple[Metric, ...], tuple[Said, ...]]:
    found = "view" if view == "front" else find_up_and_go(smoothed.track, turns)
    if not asked and found != "not_seated_again" and not isinstance(found, UpAndGo):
        return (), ()
    metrics = up_and_go_metrics(found, smoothed, view=view, px_per_m=px_per_m)
    return metrics, (said("up_and_go_timed"),) if metrics[0].value is not None else ()


def _turn_metrics(
    smoothed: SmoothedTrack, turns: Sequence[tuple[float, float] | None], view: View
) -> tuple[Metric, ...]:
    """Return the number of half turns and how long one takes; nothing without turns."""
    if not turns:
        return ()
    time_s = smoothed.track.time_s
    seen = [turn for turn in turns if turn is not None and turn[0] >= time_s[0] and turn[1] <= time_s[-1]]
    rows = [np.flatnonzero((time_s >= start) & (time_s <= end)) for start, end in seen]
    coverage, interpolated = leg_quality(smoothed, np.concatenate(rows)) if rows else (1.0, 0.0)
    sure = _TURN_TRUST * confidence(view=view, coverage=coverage, interpolated=interpolated, n=1, n_min=1)
    return (
        computed("turn_count", float(len(turns)), n=len(turns), confidence=sure),
        measured("turn_time", [end - start for start, end in seen], confidence=sure)
        if seen
        else withheld("turn_time", "no_turn_seen", n=len(turns)),
    )
