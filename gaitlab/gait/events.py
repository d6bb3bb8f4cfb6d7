"""Foot events, steps and strides of each pass in one direction."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from gaitlab.gait.backward import cut_at_reversals, goes_backward
from gaitlab.gait.rhythm import parabola_peak, range_px, rolling_range, stride_period_s
from gaitlab.motion.geometry import midpoint
from gaitlab.motion.runs import nearest_row, rows_within, true_runs
from gaitlab.records import Contact, ContactKind, FloatArray, PoseTrack, Stride
from gaitlab.records.skeleton import SIDES, Keypoint, OneSide
from gaitlab.settings import GaitSettings

__all__ = [
    "LEGS",
    "N_LEAST_STEPS",
    "N_MIN_STEPS_A_SIDE",
    "N_MIN_STRIDES",
    "OPPOSITE_CORRELATION",
    "REGULAR_SHARES",
    "Event",
    "Leg",
    "Pass",
    "Step",
    "as_contacts",
    "between",
    "contacts_in_steps",
    "find_events",
    "find_passes",
    "find_steps",
    "join_strides",
    "regular_steps",
    "strikes_by_foot",
    "times_by_foot",
]

Leg = OneSide
LEGS: Final = SIDES
_MIN_FRAMES = 10
_SWING_MIN_LEGS = 0.15  # least range of r, in leg lengths, that is a step and not swaying (ours)
_STANDING_WINDOW, _STANDING_SHARE = 0.3, 0.1  # of the stride period, of the range of the ankle separation (ours)
_STANDING_LEAST = 0.15  # of the stride period; what is shorter is a foot that passes slowly (ours)
_EDGE_LEVEL = 0.25  # an event near the edge of what is seen must come this close to the others, in ranges (ours)
_FLIGHT_SHARE = 0.25  # of the stride period, the longest flight before a running heel strike (ours)
_EDGE_SHARE = 0.05  # of the stride period; nearer to the edge a maximum is not one yet (ours)
_DOUBLE_SHARE = 0.75  # of the stride period; nearer heel strikes of one foot are one (ours)
_STEP_MAX_SHARE = 0.8  # of the stride period; a longer step has a strike missing in it (ours)
_REGULAR_MIN_STEPS = 3

#: Steps shorter or longer, in shares of the median step, are not steady (ours).
REGULAR_SHARES: Final = (0.65, 1.5)
#: Of the two ankles: -0.9 in walking from the side, -0.4 to -0.7 from the front; 0.9 in squats and jumps (ours).
OPPOSITE_CORRELATION: Final = -0.3
#: Fewer steady steps give no cadence (ours).
N_LEAST_STEPS: Final = 3
#: So many steps or strides of a side are wanted; a mean over fewer is less sure, and a spread says nothing.
N_MIN_STEPS_A_SIDE: Final = 2
N_MIN_STRIDES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A foot event at a time between frames."""

    side: Leg
    kind: ContactKind
    time_s: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pass:
    """A stretch in one walking direction.

    Attributes
    ----------
    time_s : ndarray, shape (T,)
    ahead_px : ndarray, shape (T, 2)
        r of the left and right ankle: the distance ahead of the mid-hip in the walking direction, NaN = unknown.
    leg_px, period_s : float
    standing : ndarray of bool, shape (T,)
    backward : bool
        The person walks in the direction their back faces; then "ahead" is behind the body.
    """

    time_s: FloatArray
    ahead_px: FloatArray
    leg_px: float
    period_s: float
    standing: NDArray[np.bool_]
    backward: bool = False

    @property
    def separation_px(self) -> FloatArray:
        """Distance of the left ankle ahead of the right ankle."""
        return np.asarray(self.ahead_px[:, 0] - self.ahead_px[:, 1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """From the heel strike of the other foot to that of `side`; `steady` unless it starts from or ends in standing."""

    side: Leg
    start_s: float
    end_s: float
    steady: bool


def _whole_range(time_s: FloatArray, values: FloatArray, window_s: float) -> FloatArray:
    """Return the rolling range; NaN also where the window goes beyond the first or last sample."""
    whole = (time_s - window_s / 2 >= time_s[0] - 1e-9) & (time_s + window_s / 2 <= time_s[-1] + 1e-9)
    return np.where(whole, rolling_range(time_s, values, window_s), np.nan)


def find_passes(track: PoseTrack, forward: FloatArray, settings: GaitSettings) -> list[Pass]:
    """Cut the track where the body or the walking direction turns; keep the stretches in which the legs swing.

    Parameters
    ----------
    track : PoseTrack
    forward : ndarray, shape (T,)
        The direction the body faces: +1 right, -1 left, 0 unclear.
    settings : GaitSettings
    """
    xy = track.xy_px
    hip = midpoint(xy[:, Keypoint.LEFT_HIP], xy[:, Keypoint.RIGHT_HIP])
    ankles = xy[:, [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]]
    offset = ankles - hip[:, np.newaxis]
    ahead, below = offset[..., 0] * forward[:, np.newaxis], offset[..., 1]
    leg_px = float(np.nanmedian(np.linalg.norm(offset, axis=-1))) if np.isfinite(ahead).any() else float("nan")
    borders = np.flatnonzero(np.diff(forward)) + 1
    passes: list[Pass] = []
    for start, stop in zip([0, *borders], [*borders, len(track)], strict=True):
        if forward[start] == 0:
            continue
        rows = slice(start, stop)
        parts = cut_at_reversals(track.time_s[rows], hip[rows, 0], ahead[rows], below[rows], leg_px=leg_px)
        for part in (slice(start + one.start, start + one.stop) for one in parts):
            walk = _pass(track.time_s[part], ahead[part], below[part], leg_px, settings)
            passes += [walk] if walk else []
    return passes


def _pass(
    time_s: FloatArray, ahead: FloatArray, below: FloatArray, leg_px: float, settings: GaitSettings
) -> Pass | None:
    """Return a stretch in one direction as a pass if the legs swing alternately in it."""
    if np.isfinite(ahead).all(axis=1).sum() < _MIN_FRAMES:
        return None
    separation = ahead[:, 0] - ahead[:, 1]
    period = stride_period_s(time_s, separation, settings)
    if not np.isfinite(period) or range_px(ahead[:, 0]) < _SWING_MIN_LEGS * leg_px or _in_phase(ahead):
        return None
    backward = goes_backward(time_s, ahead, below)
    return Pass(
        time_s=time_s,
        ahead_px=-ahead if backward else ahead,
        leg_px=leg_px,
        period_s=period,
        standing=_standing(time_s, separation, period),
        backward=backward,
    )


def _standing(time_s: FloatArray, separation: FloatArray, period_s: float) -> NDArray[np.bool_]:
    """Return the mask of standing, shape (T,): the ankles keep their distance for a while, not for a frame or two.

    What is seen of it at the start and at the end of a pass may be short.
    """
    ranges = _whole_range(time_s, separation, _STANDING_WINDOW * period_s)
    seen = np.flatnonzero(np.isfinite(ranges))
    standing = np.zeros(len(time_s), dtype=bool)
    for run in true_runs(ranges < _STANDING_SHARE * range_px(separation)):
        at_edge = run.start == seen[0] or run.stop - 1 == seen[-1]
        standing[run] = at_edge or np.ptp(time_s[run]) >= _STANDING_LEAST * period_s
    return standing


def _in_phase(ahead: FloatArray) -> bool:
    """Return whether both ankles move in phase against the hips, as in a squat; in walking they move in antiphase."""
    left, right = ahead[np.isfinite(ahead).all(axis=1)].T
    return bool(np.corrcoef(left, right)[0, 1] > OPPOSITE_CORRELATION)


def _maxima_s(
    time_s: FloatArray, values: FloatArray, *, prominence: float, distance_s: float, edge_s: float
) -> list[float]:
    """Return the times of the prominent maxima of `values`, shape (T,), in each stretch without NaN.

    At the edge of a stretch only the inner side of a maximum is seen. Such a maximum counts when its prominence to that
    side suffices, when it is about as high as the others and when it is at least `edge_s` from the edge, because
    filtering makes false maxima at the edge.
    """
    step = float(np.median(np.diff(time_s)))
    inside: list[tuple[float, float]] = []
    edge: list[tuple[float, float]] = []
    for run in true_runs(np.isfinite(values)):
        stretch, t = values[run], time_s[run]
        if len(stretch) < 3:
            continue
        walled = np.concatenate([[stretch.min() - prominence], stretch, [stretch.min() - prominence]])
        peaks, shape = find_peaks(walled, prominence=prominence, distance=max(1, int(distance_s / step)), wlen=None)
        for peak, left, right in zip(peaks - 1, shape["left_bases"] - 1, shape["right_bases"] - 1, strict=True):
            if not 0 < peak < len(stretch) - 1:
                continue
            before, after = stretch[max(left, 0) : peak + 1].min(), stretch[peak : right + 1].min()
            found = parabola_peak(t, stretch, int(peak)), float(stretch[peak])
            if stretch[peak] - max(before, after) >= prominence:
                inside.append(found)
            elif min(t[peak] - t[0], t[-1] - t[peak]) >= edge_s:
                edge.append(found)
    level = np.median([height for _, height in inside]) - _EDGE_LEVEL * range_px(values) if inside else np.inf
    return sorted([time for time, _ in inside] + [time for time, height in edge if height >= level])


def find_events(walk: Pass, settings: GaitSettings) -> list[Event]:
    """Return heel strikes and toe-offs of one pass in time order, none while the person stands."""
    events = []
    kinds: tuple[tuple[ContactKind, float], ...] = (("heel_strike", 1.0), ("toe_off", -1.0))
    for column, side in enumerate(LEGS):
        for kind, sign in kinds:
            signal = sign * walk.ahead_px[:, column]
            times = _maxima_s(
                walk.time_s,
                signal,
                prominence=max(settings.prominence_share * range_px(signal), 0.05 * walk.leg_px),
                distance_s=settings.distance_share * walk.period_s,
                edge_s=_EDGE_SHARE * walk.period_s,
            )
            events += [Event(side=side, kind=kind, time_s=time) for time in times if not _stands(walk, time)]
    return _without_doubles(walk, sorted(events, key=lambda event: event.time_s))


def _without_doubles(walk: Pass, events: list[Event]) -> list[Event]:
    """Keep one of two heel strikes of one foot that are too close, without a strike of the other foot between them.

    Too close is much less than a stride. The strike that stays is the one nearer to half a stride from the strikes of
    the other foot before and after the two.
    """
    strikes = [event for event in events if event.kind == "heel_strike"]
    number = 0
    while number < len(strikes) - 1:
        pair = strikes[number : number + 2]
        near = pair[1].time_s - pair[0].time_s < _DOUBLE_SHARE * walk.period_s
        if pair[0].side != pair[1].side or not near:
            number += 1
            continue
        around = [one.time_s for one in strikes[max(0, number - 1) : number] + strikes[number + 2 : number + 3]]
        misfit = [sum(abs(abs(one.time_s - other) - walk.period_s / 2) for other in around) for one in pair]
        del strikes[number + (1 if misfit[0] <= misfit[1] else 0)]
        number = max(0, number - 1)
    kept = set(strikes)
    return [event for event in events if event.kind == "toe_off" or event in kept]


def _stands(walk: Pass, time_s: float) -> bool:
    return bool(walk.standing[nearest_row(walk.time_s, time_s)])


def _stood_between(walk: Pass, start_s: float, end_s: float) -> bool:
    return bool(walk.standing[rows_within(walk.time_s, start_s, end_s)].any())


def find_steps(walk: Pass, events: Sequence[Event], settings: GaitSettings) -> list[Step]:
    """Return the steps whose events come in order: heel strike, toe-off of the other foot, its heel strike.

    In running the other foot has left the ground before the heel strike.
    """
    strikes = [event for event in events if event.kind == "heel_strike"]
    lifts_s = times_by_foot(events, "toe_off")
    steps = []
    for number, (first, second) in enumerate(pairwise(strikes)):
        duration = second.time_s - first.time_s
        earliest_s = first.time_s - _FLIGHT_SHARE * walk.period_s
        toe_off = between(lifts_s[second.side], earliest_s, second.time_s)
        longest = min(settings.stride_max_s / 2, _STEP_MAX_SHARE * walk.period_s)
        possible = settings.stride_min_s / 2 <= duration <= longest
        if first.side == second.side or not toe_off or not possible:
            continue
        from_standing = number == 0 and _stood_between(walk, first.time_s - walk.period_s, first.time_s)
        to_standing = number == len(strikes) - 2 and _stood_between(walk, second.time_s, second.time_s + walk.period_s)
        steady = not (from_standing or to_standing or _stood_between(walk, first.time_s, second.time_s))
        steps.append(Step(side=second.side, start_s=first.time_s, end_s=second.time_s, steady=steady))
    return steps


def regular_steps(walked: Sequence[Sequence[Step]]) -> list[list[Step]]:
    """Leave out steps far from the median duration: they have a missing or a false heel strike.

    Far is less than 0.65 or more than 1.5 times the median *(ours)*; a limp in which one step takes twice as long as
    the other stays within these limits. Nothing is left out of fewer than three steps.
    """
    durations = [step.end_s - step.start_s for steps in walked for step in steps]
    if len(durations) < _REGULAR_MIN_STEPS:
        return [list(steps) for steps in walked]
    shortest, longest = np.median(durations) * np.array(REGULAR_SHARES)
    return [[step for step in steps if shortest <= step.end_s - step.start_s <= longest] for steps in walked]


def contacts_in_steps(events: Sequence[Sequence[Event]], steps: Sequence[Step]) -> list[Event]:
    """Return the heel strikes that begin or end a step; a single heel strike is not reliable."""
    used = {time_s for step in steps for time_s in (step.start_s, step.end_s)}
    strikes = [event for found in events for event in found if event.kind == "heel_strike" and event.time_s in used]
    return sorted(strikes, key=lambda event: event.time_s)


def as_contacts(events: Iterable[Event], track: PoseTrack) -> tuple[Contact, ...]:
    """Return events as contacts, each with the nearest frame of the track."""
    return tuple(
        Contact(
            side=event.side,
            kind=event.kind,
            time_s=event.time_s,
            frame=nearest_row(track.time_s, event.time_s),
        )
        for event in events
    )


def times_by_foot(events: Iterable[Event | Contact], kind: ContactKind) -> dict[Leg, list[float]]:
    """Return the times of the events of one kind, in order, for each foot."""
    times_s: dict[Leg, list[float]] = {side: [] for side in LEGS}
    for event in events:
        if event.kind == kind:
            times_s[event.side].append(event.time_s)
    return {side: sorted(own_s) for side, own_s in times_s.items()}


def between(times_s: Sequence[float], after_s: float, before_s: float) -> Sequence[float]:
    """Return those of ordered times that lie between two moments, without these."""
    return times_s[bisect_right(times_s, after_s) : bisect_left(times_s, before_s)]


def strikes_by_foot(walked: Sequence[Sequence[Step]]) -> list[list[float]]:
    """Return the times of the heel strikes that begin or end a step, in order, for each pass and foot."""
    found = []
    for steps in walked:
        strikes: dict[Leg, set[float]] = {"left": set(), "right": set()}
        for step in steps:
            strikes[step.side].add(step.end_s)
            strikes["left" if step.side == "right" else "right"].add(step.start_s)
        found += [sorted(strikes[side]) for side in LEGS]
    return found


def join_strides(walked: Sequence[Sequence[Step]], settings: GaitSettings) -> list[Stride]:
    """Join every two successive steps into a stride of the foot whose heel strikes begin and end it."""
    strides = [
        Stride(side=second.side, start_s=first.start_s, end_s=second.end_s)
        for steps in walked
        for first, second in pairwise(steps)
        if abs(first.end_s - second.start_s) < 1e-9
    ]
    plausible = (one for one in strides if settings.stride_min_s <= one.end_s - one.start_s <= settings.stride_max_s)
    return sorted(plausible, key=lambda stride: stride.start_s)
