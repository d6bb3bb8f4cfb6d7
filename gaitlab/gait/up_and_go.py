"""Timed Up and Go: rise from a chair, walk to a line 3 m away, turn, walk back, turn and sit down, in seconds.

The test is that of Podsiadlo & Richardson 1991 (J Am Geriatr Soc 39:142-148). There the clock starts at the word "go"
and stops when the person sits again. A clip does not show the word: the time starts with the first movement of the
trunk, so the reaction time is not in it, and ends when trunk and hips come down to rest on the seat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np

from gaitlab.gait.first_movement import left_rest_s
from gaitlab.metrics.confidence import computed, confidence, leg_quality, withheld
from gaitlab.motion.geometry import angle_at_deg, midpoint, segment_length_px
from gaitlab.motion.runs import known_median, true_runs, without_gaps
from gaitlab.records import FloatArray, Metric, PoseTrack, SmoothedTrack, View
from gaitlab.records.findings import said
from gaitlab.records.skeleton import LEG_CHAINS, Keypoint

__all__ = ["UpAndGo", "find_up_and_go", "up_and_go_metrics"]

_NAMES: Final = (
    "timed_up_and_go",
    "up_and_go_rise",
    "up_and_go_walk_out",
    "up_and_go_turn",
    "up_and_go_walk_back",
    "up_and_go_sit",
)
# Hips above the lower ankle as a share of the leg: on a chair of usual height a half, in walking at least 0.88 (ours).
_SEATED_MAX, _UPRIGHT_MIN = 0.70, 0.85
_SEATED_LEAST_S, _REST_S = 0.3, 3.0  # (ours)
# Of the hips, from the seat, in lengths of the trunk (about half a metre): less is no walk to a line (ours).
_N_UPRIGHT = 10  # frames
_REACH_MIN, _BACK_MAX = 3.0, 1.5
# In metres, from seat to turn: the line is at 3 m, the hips begin behind the edge of the seat and turn about it (ours).
_REACH_MIN_M, _REACH_MAX_M = 2.3, 4.2
_UNMEASURED_TRUST = 0.75  # where no scale tells that the line is 3 m away (ours: never "sure", 0.8)
_PHASE_TRUST = 0.75  # where one phase ends and the next begins is a convention (ours)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpAndGo:
    """One Timed Up and Go: when its phases begin and when it ends, in s, and how far the person went.

    `turn` is start and end of the turn at the line; `sit_s` is where the turn before the chair begins, or sitting down
    where no such turn is seen; `reach_px` is the way of the hips from the seat to the turn.
    """

    start_s: float
    walk_s: float
    turn: tuple[float, float]
    sit_s: float
    end_s: float
    reach_px: float

    @property
    def phases_s(self) -> tuple[float, float, float, float, float]:
        """How long rising, walking, turning, walking back, and turning and sitting down take."""
        borders = (self.start_s, self.walk_s, *self.turn, self.sit_s, self.end_s)
        rise, out, turn, back, sit = np.diff(borders).tolist()
        return rise, out, turn, back, sit


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    """What the test is read from: hips and shoulders, (T, 2), and the lower ankle, (T,), in pixels.

    `height` is that of the hips over the lower ankle in lengths of the leg, (T,), without gaps; `knees_deg` the mean
    angle of the knees, (T,), 180 when they are straight.
    """

    time_s: FloatArray
    hips: FloatArray
    shoulders: FloatArray
    feet_y: FloatArray
    height: FloatArray
    knees_deg: FloatArray
    torso_px: float
    leg_px: float


def find_up_and_go(track: PoseTrack, turns: Sequence[tuple[float, float] | None]) -> UpAndGo | str:
    """Return the first whole Timed Up and Go, or the code of the reason why there is none.

    Parameters
    ----------
    track : PoseTrack
    turns : sequence
        By `gaitlab.motion.camera_view.find_turns`.
    """
    body = _body_of(track)
    if body is None:
        return "unseen"
    seats = [run for run in true_runs(body.height < _SEATED_MAX) if _lasts_s(body, run) >= _SEATED_LEAST_S]
    if not seats:
        return "no_seat"
    walks = [(one, other) for one, other in pairwise(seats) if _goes_far(body, one.stop, other.start)]
    if not walks:
        if _goes_far(body, seats[-1].stop, len(track)):
            return "not_seated_again"
        return "cut_seat" if _goes_far(body, 0, seats[0].start) else "no_walk_from_seat"
    reason = ""
    for seat, again in walks:
        found = _test_of(body, seat, again, turns)
        if isinstance(found, UpAndGo):
            return found
        reason = reason or found
    return reason


def _body_of(track: PoseTrack) -> _Body | None:
    xy = track.xy_px
    hips = midpoint(xy[:, Keypoint.LEFT_HIP], xy[:, Keypoint.RIGHT_HIP])
    shoulders = midpoint(xy[:, Keypoint.LEFT_SHOULDER], xy[:, Keypoint.RIGHT_SHOULDER])
    legs = np.stack(
        [
            segment_length_px(xy[:, hip], xy[:, knee]) + segment_length_px(xy[:, knee], xy[:, ankle])
            for hip, knee, ankle in LEG_CHAINS
        ]
    )
    feet_y = np.fmax(xy[:, Keypoint.LEFT_ANKLE, 1], xy[:, Keypoint.RIGHT_ANKLE, 1])
    leg_px, torso_px = known_median(legs), known_median(segment_length_px(hips, shoulders))
    height = (feet_y - hips[:, 1]) / leg_px
    if not (np.isfinite(height).any() and np.isfinite(torso_px)):
        return None
    return _Body(
        time_s=track.time_s,
        hips=hips,
        shoulders=shoulders,
        feet_y=feet_y,
        height=without_gaps(track.time_s, height),
        knees_deg=midpoint(*(angle_at_deg(xy[:, hip], xy[:, knee], xy[:, ankle]) for hip, knee, ankle in LEG_CHAINS)),
        torso_px=torso_px,
        leg_px=leg_px,
    )


def _lasts_s(body: _Body, run: slice) -> float:
    return float(body.time_s[run.stop - 1] - body.time_s[run.start])


def _goes_far(body: _Body, start: int, stop: int) -> bool:
    """Return whether the hips leave the place of `start` by the least way to a line."""
    return _reach_px(body, start, stop) >= _REACH_MIN * body.torso_px


def _reach_px(body: _Body, start: int, stop: int) -> float:
    x = body.hips[start:stop, 0]
    x = x[np.isfinite(x)]
    return float(np.abs(x - x[0]).max()) if x.size else 0.0


def _test_of(body: _Body, seat: slice, again: slice, turns: Sequence[tuple[float, float] | None]) -> UpAndGo | str:
    """Return the test between two stays on the seat, or why it is none."""
    up = slice(seat.stop, again.start)
    x = body.hips[up, 0]
    x = x[np.isfinite(x)]
    if abs(x[-1] - x[0]) > _BACK_MAX * body.torso_px:
        return "other_seat"
    first_s, last_s = body.time_s[up.start], body.time_s[up.stop - 1]
    inside = [turn for turn in turns if turn is not None and first_s < sum(turn) / 2 < last_s]
    if not inside:
        return "no_turn_seen"
    tall = float(np.percentile(body.height[up], 95))
    rise = _rise_of(body, slice(max(seat.start, _row(body, first_s - _REST_S)), up.stop), seat.stop, tall)
    # Sitting down is rising, backward in time.
    mirror = _backward(body)
    n = len(body.time_s)
    until = min(again.stop, _row(body, last_s + _REST_S))
    sit = _rise_of(mirror, slice(n - until, n - up.start), n - again.start, tall)
    start_s, _, up_s = rise
    _, end_s, down_s = (-one for one in sit)
    if not np.isfinite([start_s, up_s, end_s, down_s]).all():
        return "cut_seat"
    return UpAndGo(
        start_s=start_s,
        walk_s=up_s,
        turn=inside[0],
        sit_s=min([down_s, *(turn[0] for turn in inside[1:])]),
        end_s=end_s,
        reach_px=_reach_px(body, up.start, up.stop),
    )


def _row(body: _Body, at_s: float) -> int:
    return int(np.searchsorted(body.time_s, at_s))


def _backward(body: _Body) -> _Body:
    return replace(
        body,
        time_s=-body.time_s[::-1],
        hips=body.hips[::-1],
        shoulders=body.shoulders[::-1],
        feet_y=body.feet_y[::-1],
        height=body.height[::-1],
        knees_deg=body.knees_deg[::-1],
    )


def _rise_of(body: _Body, rows: slice, leaves: int, tall: float) -> tuple[float, float, float]:
    """Return when the body begins to move, when it begins to move up, and when the hips are up; NaN where not seen.

    Parameters
    ----------
    body : _Body
    rows : slice
        From sitting until standing and farther.
    leaves : int
        The row at which the hips are that high that the person no longer sits.
    tall : float
        How high the hips are in walking, at most.
    """
    rest = slice(rows.start, rows.start + max(1, (leaves - rows.start) // 2))
    time_s, trunk = body.time_s[rows], (body.hips + body.shoulders) / 2
    x, y = (known_median(trunk[rest, axis]) for axis in (0, 1))
    height = (known_median(body.feet_y[rest]) - body.hips[rows, 1]) / body.leg_px
    sat = known_median((known_median(body.feet_y[rest]) - body.hips[rest, 1]) / body.leg_px)
    standing = np.flatnonzero(height >= _UPRIGHT_MIN * tall)
    if not standing.size:
        return (float("nan"),) * 3
    away, risen = segment_length_px(trunk[rows], np.array([x, y])), y - trunk[rows, 1]
    near = slice(0, standing[0] + 1)
    starts_s = left_rest_s(time_s[near], away[near], known_median(away[standing[:_N_UPRIGHT]]))
    rises_s = left_rest_s(time_s[near], risen[near], known_median(risen[standing[:_N_UPRIGHT]]))
    hips_s = left_rest_s(time_s[near], height[near] - sat, tall - sat)
    # The knees gather and lose speed alike: they are half straight half-way from the start to the end.
    knees = body.knees_deg[rows]
    half = np.flatnonzero(knees >= (known_median(body.knees_deg[rest]) + np.nanpercentile(knees[standing], 75)) / 2)
    up_s = 2 * float(time_s[half[0]]) - hips_s if half.size else float("nan")
    return starts_s, rises_s, up_s


def up_and_go_metrics(
    found: UpAndGo | str, smoothed: SmoothedTrack, *, view: View, px_per_m: float | None
) -> tuple[Metric, ...]:
    """Return the time of the test and of its phases, withheld where the clip does not show the test.

    Parameters
    ----------
    found : UpAndGo or str
        By `find_up_and_go`.
    smoothed : SmoothedTrack
    view : {"side", "front", "ambiguous"}
    px_per_m : float or None
        With a scale the way to the line is looked at.
    """
    if isinstance(found, str):
        return tuple(withheld(name, found) for name in _NAMES)
    if px_per_m is not None and not _REACH_MIN_M <= found.reach_px / px_per_m <= _REACH_MAX_M:
        too_near_or_far = said("not_three_metres", reach_m=found.reach_px / px_per_m)
        return tuple(withheld(name, too_near_or_far) for name in _NAMES)
    time_s = smoothed.track.time_s
    rows = np.flatnonzero((time_s >= found.start_s) & (time_s <= found.end_s))
    coverage, interpolated = leg_quality(smoothed, rows)
    sure = confidence(view=view, coverage=coverage, interpolated=interpolated, n=1, n_min=1)
    sure *= 1.0 if px_per_m is not None else _UNMEASURED_TRUST
    total, *phases = _NAMES
    return (
        computed(total, found.end_s - found.start_s, n=1, confidence=sure),
        *(
            computed(name, seconds, n=1, confidence=_PHASE_TRUST * sure)
            for name, seconds in zip(phases, found.phases_s, strict=True)
        ),
    )
