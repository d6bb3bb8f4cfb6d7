"""The 4-metre and the 10-metre walk: the time between two marks on the floor, whose places in the picture are known.

- Walking start (10-metre walk, Rehabilitation Measures Database: 10 m, of which the middle 6 m are timed): from the
  leading foot's passing the first mark to its passing the second one. There the toes count. No toe is tracked; the
  leading ankle passes both marks by as much later, so that the time between them is the same.
- Standing start (4-metre walk of the Short Physical Performance Battery): from the first movement of a foot of somebody
  who stands before the first mark to one foot's being over the second mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from gaitlab.gait.first_movement import left_rest_s
from gaitlab.gait.rhythm import rolling_range
from gaitlab.metrics.confidence import computed, confidence, leg_quality, withheld
from gaitlab.metrics.sppb import gait_points
from gaitlab.motion.geometry import segment_length_px
from gaitlab.motion.runs import known_median, true_runs
from gaitlab.records import FloatArray, Metric, PoseTrack, SmoothedTrack, View
from gaitlab.records.findings import Said, said
from gaitlab.records.skeleton import LEG_CHAINS, Keypoint
from gaitlab.settings import ScaleLine

__all__ = ["MarkedWalk", "find_marked_walks", "marked_walk_metrics"]

#: Names of time and speed by the distance of the marks in m; of the ten-metre walk the middle six are timed, or all.
_NAMES: Final = {
    4.0: ("four_metre_walk", "four_metre_walk_speed"),
    6.0: (None, "ten_metre_walk_speed"),
    10.0: ("ten_metre_walk", "ten_metre_walk_speed"),
}
# The leg between hip and ankle is 0.491 of the height: 0.4 to 1.1 m from a child of 0.8 m to a man of 2.2 m. Else the
# marks or their distance are wrong (ours).
_LEG_MIN_M, _LEG_MAX_M = 0.38, 1.15
# Of the lower ankle from the line through the marks; an ankle is 0.07 to 0.1 m above the floor (ours).
_BESIDE_MAX_M = 0.4
# Both ankles move by less within the window, for that much longer: 0.6 s in all; a slow walker has both feet on the
# floor for 0.4 s (ours).
_STILL_M, _STILL_WINDOW_S, _STILL_LEAST_S = 0.08, 0.4, 0.2
_BEFORE_MAX_M = 0.6  # how far behind the mark the ankles of somebody are who stands at it (ours)
_FIRST_STEP_M, _FIRST_STEP_MAX_S = 0.5, 1.5  # the way of the first foot whose start is read, and its time (ours)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedWalk:
    """One walk from mark to mark: start and end of the time in s, and whether it starts from standing."""

    start_s: float
    end_s: float
    from_standing: bool

    @property
    def seconds(self) -> float:
        """The time it takes."""
        return self.end_s - self.start_s


def find_marked_walks(track: PoseTrack, marks: ScaleLine) -> list[MarkedWalk] | str:
    """Return the walks between two marks in time order, or the code of the reason why there is none.

    Parameters
    ----------
    track : PoseTrack
    marks : ScaleLine
        Where they are on the floor. A walk may begin at either of them.
    """
    along, beside = _on_the_line(track, marks)
    leg_m = known_median(_legs_px(track)) / marks.px_per_m
    if not np.isfinite(leg_m):
        return "unseen"
    if not _LEG_MIN_M <= leg_m <= _LEG_MAX_M:
        return "marks_do_not_fit"
    walks = sorted(
        (walk for way in (along, marks.length_m - along) for walk in _one_way(track.time_s, way, marks.length_m)),
        key=lambda walk: walk.start_s,
    )
    if not walks:
        return "marks_not_passed"
    rows = np.concatenate([np.flatnonzero((track.time_s >= w.start_s) & (track.time_s <= w.end_s)) for w in walks])
    if abs(known_median(beside[rows])) > _BESIDE_MAX_M:
        return "beside_the_marks"
    return walks


def _legs_px(track: PoseTrack) -> FloatArray:
    xy = track.xy_px
    return np.stack(
        [
            segment_length_px(xy[:, hip], xy[:, knee]) + segment_length_px(xy[:, knee], xy[:, ankle])
            for hip, knee, ankle in LEG_CHAINS
        ]
    )


def _on_the_line(track: PoseTrack, marks: ScaleLine) -> tuple[FloatArray, FloatArray]:
    """Return how far each ankle is past the first mark, (T, 2), and the lower one beside the line, (T,), both in m."""
    x1, y1, x2, y2 = marks.points_px
    direction = np.array([x2 - x1, y2 - y1]) / marks.distance_px
    ankles = track.xy_px[:, [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]] - np.array([x1, y1])
    across = np.array([-direction[1], direction[0]]) * (1 if direction[0] >= 0 else -1)  # downward in the picture
    return ankles @ direction / marks.px_per_m, np.fmax.reduce(ankles @ across, axis=1) / marks.px_per_m


def _one_way(time_s: FloatArray, along_m: FloatArray, length_m: float) -> list[MarkedWalk]:
    """Return the walks in the direction in which `along_m` grows."""
    lead = np.fmax(along_m[:, 0], along_m[:, 1])
    known = np.isfinite(lead)
    times, lead = time_s[known], lead[known]
    starts, ends = (_passed_s(times, lead, level) for level in (0.0, length_m))
    walks = []
    for end_s in ends:
        start_s = max((one for one in starts if one < end_s), default=None)
        if start_s is None or any(start_s < other < end_s for other in ends):
            continue
        standing_s = _start_from_standing_s(time_s, along_m, start_s)
        walks.append(
            MarkedWalk(
                start_s=start_s if standing_s is None else standing_s, end_s=end_s, from_standing=standing_s is not None
            )
        )
    return walks


def _passed_s(time_s: FloatArray, lead: FloatArray, level: float) -> list[float]:
    """Return when the leading foot comes over a level."""
    rows = np.flatnonzero((lead[:-1] < level) & (lead[1:] >= level))
    share = (level - lead[rows]) / (lead[rows + 1] - lead[rows])
    return [float(one) for one in time_s[rows] + share * (time_s[rows + 1] - time_s[rows])]


def _start_from_standing_s(time_s: FloatArray, along_m: FloatArray, passed_s: float) -> float | None:
    """Return when somebody who stands before the mark begins to walk; None for a walking start."""
    still = np.all([rolling_range(time_s, foot, _STILL_WINDOW_S) < _STILL_M for foot in along_m.T], axis=0)
    stands = [
        run
        for run in true_runs(still & (time_s < passed_s))
        if time_s[run.stop - 1] - time_s[run.start] >= _STILL_LEAST_S
    ]
    if not stands:
        return None
    last = stands[-1]
    place = np.array([known_median(along_m[last, foot]) for foot in (0, 1)])
    moved = time_s[(time_s >= time_s[last.start]) & (time_s <= passed_s)]
    # Between standing and the mark lies the first step: more is a walk to the mark.
    if not place.min() >= -_BEFORE_MAX_M or moved[-1] - time_s[last.stop - 1] > _FIRST_STEP_MAX_S:
        return None
    rows = slice(last.start, int(np.searchsorted(time_s, passed_s)) + 1)
    begins = [left_rest_s(time_s[rows], along_m[rows, foot] - place[foot], _FIRST_STEP_M) for foot in (0, 1)]
    begins = [one for one in begins if np.isfinite(one)]
    return min(begins) if begins else None


def marked_walk_metrics(
    found: Sequence[MarkedWalk] | str, smoothed: SmoothedTrack, *, length_m: float, view: View
) -> tuple[tuple[Metric, ...], tuple[Said, ...]]:
    """Return time and speed of the walk, of four metres with the points of the SPPB, and the findings.

    Of several walks the four-metre walk takes the fastest one, as the SPPB does, and the ten-metre walk their mean.

    Parameters
    ----------
    found : sequence of MarkedWalk or str
        By `find_marked_walks`.
    smoothed : SmoothedTrack
    length_m : float
        The distance of the marks: 4, 6 or 10.
    view : {"side", "front", "ambiguous"}
    """
    time_name, speed_name = _NAMES[length_m]
    names = [name for name in (time_name, speed_name) if name]
    if length_m == 4.0:
        names.append("sppb_gait_points")
    if view == "front":
        found = "view"
    if isinstance(found, str):
        return tuple(withheld(name, found) for name in names), ()
    chosen = [min(found, key=lambda walk: walk.seconds)] if length_m == 4.0 else list(found)
    seconds = np.array([walk.seconds for walk in chosen])
    time_s = smoothed.track.time_s
    rows = np.concatenate([np.flatnonzero((time_s >= walk.start_s) & (time_s <= walk.end_s)) for walk in chosen])
    coverage, interpolated = leg_quality(smoothed, rows)
    sure = confidence(view=view, coverage=coverage, interpolated=interpolated, n=1, n_min=1)
    speeds = length_m / seconds
    metrics = []
    for name, values in ((time_name, seconds), (speed_name, speeds)):
        if name:
            sd = float(np.std(values, ddof=1)) if len(values) > 1 else None
            metrics.append(computed(name, float(np.mean(values)), n=len(values), sd=sd, confidence=sure))
    if length_m == 4.0:
        metrics.append(_points(chosen[0], sure))
    return tuple(metrics), (_start(chosen),)


def _points(walk: MarkedWalk, sure: float) -> Metric:
    if not walk.from_standing:
        return withheld("sppb_gait_points", "walking_start", n=1)
    return computed("sppb_gait_points", float(gait_points(walk.seconds)), n=1, confidence=sure)


def _start(walks: Sequence[MarkedWalk]) -> Said:
    """Return how the walks begin, as their times are compared with those of walks that begin alike."""
    if all(walk.from_standing for walk in walks):
        return said("timed_from_standing")
    return said("timed_both_ways" if any(walk.from_standing for walk in walks) else "timed_walking")
