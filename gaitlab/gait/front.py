"""Cadence from the front: people who walk towards the camera, away from it or on a treadmill before it.

From the front the legs do not swing sideways, but the ankles alternate: the raised ankle behind is higher in the
picture than the ankle in front. The distance ``d`` of the left ankle below the right ankle oscillates once per stride,
and the two ankles are level once per step. The ankles are level some time before the foot touches down. This lead
depends on the height and distance of the camera, but it is the same in every stride: so cadence, mean step time and
stride time are reliable, while contacts are only known to about a tenth of a second, and from behind not at all. (A
walk recorded with markers, its contacts with force plates, projected to 24 camera positions from 2 to 50 m before the
person and 0.5 to 1.6 m high, gave a lead of 0.02 to 0.18 s; a treadmill clip read by eye gave 0.11 to 0.18 s.) For the
same reason the two sides are not compared.

Three signs distinguish movement on the spot from walking: both ankles move together (squats, jumps), the hips sink
towards the standing foot (lunges), or there is no rhythm (shifting the feet).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter
from scipy.signal import butter, filtfilt, find_peaks

from gaitlab.gait.cadence import agreement
from gaitlab.gait.events import (
    LEGS,
    N_LEAST_STEPS,
    N_MIN_STRIDES,
    REGULAR_SHARES,
    Event,
    Leg,
    as_contacts,
)
from gaitlab.gait.pace import front_at_its_pace
from gaitlab.gait.rhythm import harmonic_cadence_spm, range_px, rolling_range, stride_period_s
from gaitlab.gait.timing import gait_mode
from gaitlab.metrics.confidence import (
    computed,
    confidence,
    leg_quality,
    measured,
    never_measured,
    one_of_a_side,
    withheld,
)
from gaitlab.metrics.table import METRICS
from gaitlab.motion.geometry import midpoint
from gaitlab.motion.runs import true_runs, without_gaps
from gaitlab.records import Contact, FloatArray, GaitSummary, Metric, PoseTrack, SmoothedTrack, Stride
from gaitlab.records.findings import Said, said
from gaitlab.records.skeleton import Keypoint
from gaitlab.settings import GaitSettings

__all__ = ["FrontBout", "Passing", "analyse_front", "find_front_bouts", "find_passings"]

_HIPS = [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]
_ANKLES = [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]
# Shares of the leg length (all ours). Hips: 0.22 to 0.27 wide from the front, at most 0.11 from the side. One ankle
# against the other ranges over 0.3 to 1.1 in the projected walks. The hips come 0.08 to 0.19 nearer to the mean of the
# ankles in walking, 0.46 in lunges and 0.29 in jumps.
_HIPS_MIN_LEGS, _LIFT_MIN_LEGS, _SINK_MAX_LEGS, _CUT_LEGS = 0.12, 0.15, 0.25, 0.5
_LEG_WINDOW_S = 2.0  # the leg grows as the person comes near, slowly against this
# Walkers and runners have 0.71 to 0.97, also before a camera that goes along; jumps 0.06, standing below 0.4 (ours).
_ALTERNATION_MIN = 0.6
_RHYTHM_MIN = 0.5  # least autocorrelation after one stride, 1 when all are alike (ours)
_STANDING_WINDOW, _STANDING_SHARE = 0.5, 0.3  # half a stride takes a walker from one extreme to the other (ours)
_BOUT_MIN_STRIDES = 1.5
# Twice the stride rate: keeps what makes steps uneven and drops the double bumps of a view from behind (ours).
_CUTOFF_STRIDES = 2.0
_EXTREME_SHARE, _EXTREME_DISTANCE = 0.3, 0.6  # of the range, of the stride period (ours)
_CONTACT_STRIDES = 1 / 12  # from passing to contact, the middle of what was measured (ours)
_N_MIN_STEPS = 6
_IRREGULAR_MAX_CV = 0.15  # of the stride times (ours)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FrontBout:
    """A stretch of walking on an even time grid; `drop` (T,) is the left ankle below the right one, in leg lengths."""

    time_s: FloatArray
    drop: FloatArray
    period_s: float
    toward_camera: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """The time at which the ankle of `side`, on its way down, passes the height of the other ankle."""

    side: Leg
    time_s: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Legs:
    """Ankles below the mid-hip (T, 2) and hip width, left minus right (T,), all in leg lengths; NaN = unknown."""

    time_s: FloatArray
    below: FloatArray
    width: FloatArray
    cut: NDArray[np.bool_]


def _legs(track: PoseTrack) -> _Legs:
    hips, ankles = track.xy_px[:, _HIPS], track.xy_px[:, _ANKLES]
    hip = midpoint(hips[:, 0], hips[:, 1])
    below_px = ankles[..., 1] - hip[:, np.newaxis, 1]
    longest = np.fmax(below_px[:, 0], below_px[:, 1])
    known = np.isfinite(longest) & (longest > 0)
    leg_px = np.full(len(track), np.nan)
    if known.sum() > 1:
        step_s = float(np.median(np.diff(track.time_s)))
        size = 2 * int(_LEG_WINDOW_S / step_s / 2) + 1
        # Over the known frames only: somebody else before a gap does not lengthen the leg by more than half a window.
        leg_px[known] = median_filter(longest[known], size=size, mode="nearest")
    moved = np.linalg.norm(np.diff(hip, axis=0, prepend=hip[:1]), axis=1)
    return _Legs(
        time_s=track.time_s,
        below=below_px / leg_px[:, np.newaxis],
        width=(hips[:, 0, 0] - hips[:, 1, 0]) / leg_px,
        cut=moved > _CUT_LEGS * leg_px,
    )


def find_front_bouts(track: PoseTrack, settings: GaitSettings) -> list[FrontBout]:
    """Return the walking bouts, seen from the front or from behind.

    Parameters
    ----------
    track : PoseTrack
        Smoothed. A stretch ends where an ankle or both hips are unknown, the hips are seen from the side (turning) or
        jump by half a leg length, and where the person stands.
    settings : GaitSettings

    Returns
    -------
    list of FrontBout
        At least one and a half strides each.
    """
    legs = _legs(track)
    known = np.isfinite(legs.below).all(axis=1)
    with np.errstate(invalid="ignore"):
        ways = [known & (sign * legs.width >= _HIPS_MIN_LEGS) for sign in (1, -1)]
    bouts = []
    for toward, mask in zip((True, False), ways, strict=True):
        for run in true_runs(mask):
            borders = [run.start, *(run.start + 1 + np.flatnonzero(legs.cut[run.start + 1 : run.stop])), run.stop]
            for start, stop in pairwise(borders):
                bouts += _bouts_in(legs, slice(int(start), int(stop)), toward, settings)
    return sorted(bouts, key=lambda bout: float(bout.time_s[0]))


def _bouts_in(legs: _Legs, rows: slice, toward: bool, settings: GaitSettings) -> list[FrontBout]:
    """Return the walking bouts in a stretch without gaps."""
    drop = legs.below[rows, 0] - legs.below[rows, 1]
    period = stride_period_s(legs.time_s[rows], drop, settings)
    if not np.isfinite(period):
        return []
    bouts = []
    for run in true_runs(~_standing(legs.time_s[rows], drop, period)):
        part = slice(rows.start + run.start, rows.start + run.stop)
        bout = _bout(legs, part, toward, settings)
        bouts += [bout] if bout else []
    return bouts


def _standing(time_s: FloatArray, drop: FloatArray, period_s: float) -> NDArray[np.bool_]:
    """Return the mask of standing, shape (T,): both ankles keep their heights for half a stride."""
    spans = rolling_range(time_s, drop, _STANDING_WINDOW * period_s)
    return np.asarray(spans < _STANDING_SHARE * range_px(drop))


def _bout(legs: _Legs, rows: slice, toward: bool, settings: GaitSettings) -> FrontBout | None:
    """Return a stretch as a bout if it is walking."""
    t, below = legs.time_s[rows], legs.below[rows]
    if len(t) < 10:
        return None
    drop = below[:, 0] - below[:, 1]
    period = stride_period_s(t, drop, settings)
    if not np.isfinite(period) or t[-1] - t[0] < _BOUT_MIN_STRIDES * period or not _walks(t, below, period):
        return None
    step = float((t[-1] - t[0]) / (len(t) - 1))
    grid = np.linspace(t[0], t[-1], len(t))
    even = np.interp(grid, t, without_gaps(t, drop))
    if _repeats(even, round(period / step)) < _RHYTHM_MIN:
        return None
    return FrontBout(time_s=grid, drop=even, period_s=period, toward_camera=toward)


def _walks(time_s: FloatArray, below: FloatArray, period_s: float) -> bool:
    """Return whether the ankles alternate, far enough, while the hips stay up."""
    lift, sink = range_px(below[:, 0] - below[:, 1]), range_px(below.mean(axis=1))
    far = lift >= _LIFT_MIN_LEGS and sink <= _SINK_MAX_LEGS
    return far and _alternation(time_s, below, period_s) >= _ALTERNATION_MIN


def _alternation(time_s: FloatArray, below: FloatArray, period_s: float) -> float:
    """Return ``|L - R| / (|L - R| + |L + R|)`` of the two ankles' waves at the stride frequency, 0..1.

    1 where they move in opposite directions, 0 where they move together.
    """
    drift = np.polynomial.legendre.legvander(np.linspace(-1.0, 1.0, len(time_s)), 3)
    angles = 2.0 * np.pi * (time_s - time_s[0]) / period_s
    basis = np.column_stack([drift, np.cos(angles), np.sin(angles)])
    wave = np.linalg.lstsq(basis, below, rcond=None)[0][-2:]
    opposite, together = (float(np.linalg.norm(wave @ (1.0, sign))) for sign in (-1.0, 1.0))
    return opposite / max(opposite + together, 1e-9)


def _repeats(signal: FloatArray, lag: int) -> float:
    """Return the correlation of a signal with itself `lag` samples later, 0 where fewer than ten are left."""
    if len(signal) - lag < 10:
        return 0.0
    return float(np.corrcoef(signal[lag:], signal[:-lag])[0, 1])


def find_passings(bout: FrontBout) -> list[Passing]:
    """Return the times at which the ankles pass each other's height, in time order, left and right alternately.

    The difference of the ankle heights is low-pass filtered at twice the stride rate. Between two successive extremes
    the passing is the time at which the difference is half-way between them, so that a tilted camera or a sloping floor
    does not matter. A straight line between two frames gives the time within a frame.
    """
    step = float(bout.time_s[1] - bout.time_s[0])
    cutoff_hz = min(_CUTOFF_STRIDES / bout.period_s, 0.4 / step)
    b, a = butter(2, cutoff_hz, fs=1 / step)
    smooth = filtfilt(b, a, bout.drop, padlen=min(len(bout.drop) - 1, round(bout.period_s / step)))
    passings = []
    for first, second in pairwise(_extremes(smooth, bout, step)):
        level = (smooth[first] + smooth[second]) / 2
        sign = 1.0 if smooth[second] > smooth[first] else -1.0
        i = first + int(np.argmax(sign * (smooth[first : second + 1] - level) >= 0))
        share = (level - smooth[i - 1]) / (smooth[i] - smooth[i - 1])
        passings.append(Passing(side="left" if sign > 0 else "right", time_s=float(bout.time_s[i - 1] + share * step)))
    return passings


def _extremes(smooth: FloatArray, bout: FrontBout, step: float) -> list[int]:
    """Return the rows of alternate maxima and minima; of two successive maxima or minima, the more extreme."""
    need = _EXTREME_SHARE * range_px(smooth)
    distance = max(1, int(_EXTREME_DISTANCE * bout.period_s / step))
    rows: list[int] = []
    kinds = [
        (int(i), sign) for sign in (1, -1) for i in find_peaks(sign * smooth, prominence=need, distance=distance)[0]
    ]
    last_sign = 0
    for row, sign in sorted(kinds):
        if sign != last_sign:
            rows.append(row)
        elif sign * smooth[row] > sign * smooth[rows[-1]]:
            rows[-1] = row
        last_sign = sign
    return rows


def analyse_front(
    smoothed: SmoothedTrack, settings: GaitSettings, *, slow_motion: float = 1.0
) -> tuple[GaitSummary, tuple[Said, ...]]:
    """Return cadence, mean step time and stride times from the front, all else withheld with the reason.

    Parameters
    ----------
    smoothed : SmoothedTrack
    settings : GaitSettings
    slow_motion : float
        The factor that the times were divided by, for the findings.

    Returns
    -------
    GaitSummary
        Contacts and strides only where the person faces the camera (contacts to about 0.1 s).
    findings : tuple of Said
        For the reader of the report.
    """
    bouts = find_front_bouts(smoothed.track, settings)
    passings = [find_passings(bout) for bout in bouts]
    cadence, findings = _cadence(bouts, passings, smoothed, settings)
    cadence, of_pace = front_at_its_pace(cadence, slow_motion=slow_motion)
    known = cadence.value is not None
    missing = "few_strides" if known else "doubtful_steps" if cadence.n else "no_steps"
    if not known:
        passings = [[] for _ in bouts]
    contacts, strides = _contacts(bouts, passings, smoothed.track)
    metrics = (
        cadence,
        _step_time(cadence, passings) if known else withheld("step_time", missing),
        *_stride_times(passings, smoothed, bouts, missing),
        *_side_only(),
        *never_measured(),
    )
    summary = GaitSummary(mode=gait_mode(cadence, ()), contacts=contacts, strides=strides, metrics=metrics)
    return summary, (*of_pace, *findings, *((said("front_contacts"),) if contacts else ()))


def _step_time(cadence: Metric, passings: Sequence[Sequence[Passing]]) -> Metric:
    """Return the mean step time that goes with a cadence."""
    assert cadence.value is not None
    of_steps = measured("step_time", _steps_s(passings), confidence=cadence.confidence)
    return replace(of_steps, value=60.0 / cadence.value)


def _side_only() -> list[Metric]:
    """Return the metrics that are withheld in a view from the front."""
    return [
        withheld(row.name, "view", side=side)
        for row in METRICS.values()
        if row.needs_side_view
        for side in (LEGS if row.is_per_leg else (None,))
    ]


def _steps_s(passings: Sequence[Sequence[Passing]]) -> list[float]:
    """Return the step times, without those that hold a missing or a false step."""
    times = [second.time_s - first.time_s for found in passings for first, second in pairwise(found)]
    shortest, longest = np.median(times) * np.array(REGULAR_SHARES) if times else (0.0, 0.0)
    return [time for time in times if shortest <= time <= longest]


def _strides_s(passings: Sequence[Sequence[Passing]], side: Leg) -> list[float]:
    own = [[one.time_s for one in found if one.side == side] for found in passings]
    return [second - first for times in own for first, second in pairwise(times)]


def _trust(smoothed: SmoothedTrack, bouts: Sequence[FrontBout], n: int, n_min: int) -> float:
    """Return the confidence of a metric that the front view does not weaken: leg joints known and not filled in."""
    t = smoothed.track.time_s
    inside = np.zeros(len(t), dtype=bool)
    for bout in bouts:
        inside |= (t >= bout.time_s[0]) & (t <= bout.time_s[-1])
    coverage, interpolated = leg_quality(smoothed, np.flatnonzero(inside))
    return confidence(view=None, coverage=coverage, interpolated=interpolated, n=n, n_min=n_min)


def _cadence(
    bouts: Sequence[FrontBout],
    passings: Sequence[Sequence[Passing]],
    smoothed: SmoothedTrack,
    settings: GaitSettings,
) -> tuple[Metric, tuple[Said, ...]]:
    """Return the rhythm of the ankles' heights, in steps of both feet, if the steps that were found agree.

    The moments of the steps are known to a tenth of a second only, so the rhythm is nearer to the truth than they are.
    """
    name = "cadence"
    steps = _steps_s(passings)
    n = len(steps)
    if n < N_LEAST_STEPS:
        return withheld(name, "few_steps" if n else "no_steps", n=n), ()
    own = 60.0 / float(np.mean(steps))
    if not settings.cadence_min_spm <= own <= settings.cadence_max_spm:
        return withheld(name, "implausible", n=n), ()
    strides = [time for side in LEGS for time in _strides_s(passings, side)]
    if len(strides) > 1 and np.std(strides, ddof=1) > _IRREGULAR_MAX_CV * np.mean(strides):
        return withheld(name, "irregular", n=n), ()
    value = _rhythm_spm(bouts, settings)
    disagreement = abs(value - own) / own
    if not disagreement <= settings.disagreement_max:
        return withheld(name, "disagreement", n=n), (said("two_cadences", steps_spm=own, rhythm_spm=value),)
    sd = float(np.std(60.0 / np.array(steps), ddof=1))
    n_strides = max(float(np.ptp(bout.time_s)) / bout.period_s for bout in bouts)
    sure = _trust(smoothed, bouts, n, _N_MIN_STEPS) * agreement(n_strides, disagreement)
    return computed(name, value, n=n, sd=sd, confidence=sure), ()


def _rhythm_spm(bouts: Sequence[FrontBout], settings: GaitSettings) -> float:
    """Return the rhythm of all bouts, the longer ones counting for more."""
    found = [harmonic_cadence_spm(bout.time_s, bout.drop[:, np.newaxis], settings) for bout in bouts]
    return float(np.average(found, weights=[float(np.ptp(bout.time_s)) for bout in bouts]))


def _stride_times(
    passings: Sequence[Sequence[Passing]], smoothed: SmoothedTrack, bouts: Sequence[FrontBout], missing: str
) -> list[Metric]:
    def trust(n: int, n_min: int) -> float:
        return _trust(smoothed, bouts, n, n_min)

    return [
        one_of_a_side("stride_time", _strides_s(passings, side), trust, n_min=N_MIN_STRIDES, missing=missing, side=side)
        for side in LEGS
    ]


def _contacts(
    bouts: Sequence[FrontBout], passings: Sequence[Sequence[Passing]], track: PoseTrack
) -> tuple[tuple[Contact, ...], tuple[Stride, ...]]:
    """Return the heel strikes and strides of bouts in which the person faces the camera."""
    strikes: list[Event] = []
    strides: list[Stride] = []
    for bout, found in zip(bouts, passings, strict=True):
        if not bout.toward_camera:
            continue
        landed = [
            Event(side=one.side, kind="heel_strike", time_s=one.time_s + _CONTACT_STRIDES * bout.period_s)
            for one in found
        ]
        strikes += landed
        strides += [
            Stride(side=one.side, start_s=one.time_s, end_s=next_one.time_s)
            for one, next_one in zip(landed, landed[2:], strict=False)
        ]
    return as_contacts(strikes, track), tuple(sorted(strides, key=lambda stride: stride.start_s))
