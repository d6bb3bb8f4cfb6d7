"""Foot events, strides and gait metrics from the side.

Events follow Zeni et al. (2008): with ``r`` = how far the ankle is ahead of the mid-hip in the walking direction, a
heel strike is a maximum of ``r`` and a toe-off a minimum. Against force plates the ankle's maxima come 10-21 ms before
the heel strike; its minima come 60-75 ms before the toe-off in walking, so toe-offs serve to check the order of events
and nothing that depends on their time is reported.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from gaitlab.quality import confidence, measured, withheld
from gaitlab.settings import GaitSettings
from gaitlab.skeleton import LEG_KEYPOINTS, Keypoint
from gaitlab.types import (
    AngleSeries,
    Contact,
    ContactKind,
    FloatArray,
    GaitSummary,
    Metric,
    PoseTrack,
    SmoothedTrack,
    Stride,
    View,
)

__all__ = ["analyse_gait", "spectral_cadence_spm", "stride_period_s"]

Leg = Literal["left", "right"]
LEGS: Final[tuple[Leg, Leg]] = ("left", "right")
_ANKLE: Final = {"left": Keypoint.LEFT_ANKLE, "right": Keypoint.RIGHT_ANKLE}
_N_MIN_STEPS, _N_MIN_STRIDES = 4, 3
_SWING_MIN_LEGS = 0.15  # least range of r, in leg lengths, that is a step and not swaying (ours)
_STANDING_WINDOW, _STANDING_SHARE = 0.3, 0.1  # of the stride period, of the range of the ankle separation (ours)
_EDGE_LEVEL = 0.25  # an event near the edge of what is seen must come this close to the others, in ranges (ours)
_OPPOSITE_CORRELATION = -0.3  # of the two ankles; about -0.9 in walking (ours)
_RUN_MIN_CADENCE_SPM = 140.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    side: Leg
    kind: ContactKind
    time_s: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Pass:
    """A stretch in one walking direction: `ahead_px` is r of the left and right ankle, shape (T, 2), NaN = unknown."""

    time_s: FloatArray
    ahead_px: FloatArray
    leg_px: float
    period_s: float
    standing: NDArray[np.bool_]

    @property
    def separation_px(self) -> FloatArray:
        return np.asarray(self.ahead_px[:, 0] - self.ahead_px[:, 1])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """From the heel strike of the other foot to that of `side`; `steady` unless it starts from or ends in standing."""

    side: Leg
    start_s: float
    end_s: float
    steady: bool


def _range_px(values: FloatArray) -> float:
    known = values[np.isfinite(values)]
    return float(np.subtract(*np.percentile(known, [98, 2]))) if known.size else 0.0


def _filled(time_s: FloatArray, values: FloatArray) -> FloatArray:
    """Interpolate over NaN, ends held; for period estimates only."""
    known = np.isfinite(values)
    return np.interp(time_s, time_s[known], values[known])


def stride_period_s(time_s: FloatArray, separation_px: FloatArray, settings: GaitSettings) -> float:
    """Return the stride period by autocorrelation of the ankle separation; NaN when there is none.

    Parameters
    ----------
    time_s, separation_px : ndarray, shape (T,)
        The signed distance of the ankles repeats once a stride; NaN is interpolated.
    settings : GaitSettings
        Periods from `stride_min_s` to `stride_max_s`, at most two thirds of the stretch.
    """
    if np.isfinite(separation_px).sum() < 10:
        return float("nan")
    step = float((time_s[-1] - time_s[0]) / (len(time_s) - 1))
    grid = np.arange(time_s[0], time_s[-1] + step / 2, step)
    signal = np.interp(grid, time_s, _filled(time_s, separation_px))
    signal = signal - signal.mean()
    n = len(signal)
    overlap = np.arange(n, 0, -1)
    correlation = np.correlate(signal, signal, mode="full")[n - 1 :] / overlap
    longest = min(int(settings.stride_max_s / step), 2 * n // 3)
    lags = np.arange(max(2, int(settings.stride_min_s / step)), longest)
    if len(lags) < 3 or correlation[0] <= 0:
        return float("nan")
    peaks, _ = find_peaks(correlation[lags])
    if len(peaks) == 0:
        return float("nan")
    heights = correlation[lags][peaks]
    if heights.max() <= 0:
        return float("nan")
    # The first peak nearly as high as the highest: later ones are two or three strides.
    first = peaks[np.flatnonzero(heights >= 0.8 * heights.max())[0]]
    return float(lags[first] * step)


def spectral_cadence_spm(time_s: FloatArray, separation_px: FloatArray, settings: GaitSettings) -> float:
    """Return the cadence by a least-squares sinusoid on the ankle separation; an estimate that knows no events.

    The frequency, from 0.3 Hz up, of the sinusoid that explains most of the variance is the stride frequency; two
    steps a stride. NaN with fewer than ten known frames.
    """
    known = np.isfinite(separation_px)
    if known.sum() < 10:
        return float("nan")
    t, y = time_s[known] - time_s[known].mean(), separation_px[known] - separation_px[known].mean()
    stride_hz = np.arange(1.0 / settings.stride_max_s, 1.0 / settings.stride_min_s, 0.005)
    phase = 2 * np.pi * stride_hz[:, np.newaxis] * t
    basis = np.stack([np.cos(phase), np.sin(phase), np.ones_like(phase)], axis=-1)
    gram = np.einsum("fti,ftj->fij", basis, basis)
    moment = np.einsum("fti,t->fi", basis, y)
    power = np.einsum("fi,fi->f", moment, np.linalg.solve(gram, moment[..., np.newaxis])[..., 0])
    return float(120.0 * stride_hz[int(np.argmax(power))])


def _rolling_range(time_s: FloatArray, values: FloatArray, window_s: float) -> FloatArray:
    """Return max - min over +-window/2 around each sample; NaN where the window is not wholly known."""
    first = np.searchsorted(time_s, time_s - window_s / 2)
    last = np.searchsorted(time_s, time_s + window_s / 2, side="right")
    spans = np.array([np.ptp(values[a:b]) for a, b in zip(first, last, strict=True)])
    whole = (time_s - window_s / 2 >= time_s[0] - 1e-9) & (time_s + window_s / 2 <= time_s[-1] + 1e-9)
    return np.where(whole, spans, np.nan)


def _passes(track: PoseTrack, forward: FloatArray, settings: GaitSettings) -> list[_Pass]:
    """Cut the track where the direction changes; keep stretches in which the legs swing."""
    xy = track.xy_px
    hip = (xy[:, Keypoint.LEFT_HIP] + xy[:, Keypoint.RIGHT_HIP]) / 2
    ankles = xy[:, [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]]
    ahead = (ankles[..., 0] - hip[:, np.newaxis, 0]) * forward[:, np.newaxis]
    leg_px = np.nanmedian(np.linalg.norm(ankles - hip[:, np.newaxis], axis=-1)) if np.isfinite(ahead).any() else np.nan
    borders = np.flatnonzero(np.diff(forward)) + 1
    passes = []
    for start, stop in zip([0, *borders], [*borders, len(track)], strict=True):
        rows = slice(start, stop)
        if forward[start] == 0 or np.isfinite(ahead[rows]).all(axis=1).sum() < 10:
            continue
        separation = ahead[rows, 0] - ahead[rows, 1]
        period = stride_period_s(track.time_s[rows], separation, settings)
        if not np.isfinite(period) or _range_px(ahead[rows, 0]) < _SWING_MIN_LEGS * leg_px:
            continue
        if _in_phase(ahead[rows]):
            continue
        activity = _rolling_range(track.time_s[rows], separation, _STANDING_WINDOW * period)
        passes.append(
            _Pass(
                time_s=track.time_s[rows],
                ahead_px=ahead[rows],
                leg_px=float(leg_px),
                period_s=period,
                standing=activity < _STANDING_SHARE * _range_px(separation),
            )
        )
    return passes


def _in_phase(ahead: FloatArray) -> bool:
    """Return whether both ankles move against the hips together, as in a squat; in walking they move oppositely."""
    left, right = ahead[np.isfinite(ahead).all(axis=1)].T
    return bool(np.corrcoef(left, right)[0, 1] > _OPPOSITE_CORRELATION)


def _parabola_peak_s(time_s: FloatArray, values: FloatArray, i: int) -> float:
    """Return the time of the vertex of the parabola through three samples around a maximum."""
    low, mid, high = values[i - 1 : i + 2]
    bend = low - 2 * mid + high
    shift = 0.5 * (low - high) / bend if bend < 0 else 0.0
    neighbour = i + 1 if shift > 0 else i - 1
    return float(time_s[i] + abs(shift) * (time_s[neighbour] - time_s[i]))


def _maxima_s(time_s: FloatArray, values: FloatArray, *, prominence: float, distance_s: float) -> list[float]:
    """Return the times of the prominent maxima of `values`, shape (T,), in each stretch without NaN.

    At the edge of a stretch only the inner side of a maximum is seen: it counts when it is as prominent to that side
    and about as high as the others.
    """
    step = float(np.median(np.diff(time_s)))
    inside: list[tuple[float, float]] = []
    edge: list[tuple[float, float]] = []
    known = np.concatenate([[False], np.isfinite(values), [False]])
    borders = np.flatnonzero(np.diff(known.astype(int)))
    for start, stop in zip(borders[::2], borders[1::2], strict=True):
        if stop - start < 3:
            continue
        stretch, t = values[start:stop], time_s[start:stop]
        walled = np.concatenate([[stretch.min() - prominence], stretch, [stretch.min() - prominence]])
        peaks, shape = find_peaks(walled, prominence=prominence, distance=max(1, int(distance_s / step)), wlen=None)
        for peak, left, right in zip(peaks - 1, shape["left_bases"] - 1, shape["right_bases"] - 1, strict=True):
            if not 0 < peak < len(stretch) - 1:
                continue
            before, after = stretch[max(left, 0) : peak + 1].min(), stretch[peak : right + 1].min()
            full = stretch[peak] - max(before, after) >= prominence
            (inside if full else edge).append((_parabola_peak_s(t, stretch, int(peak)), float(stretch[peak])))
    level = np.median([height for _, height in inside]) - _EDGE_LEVEL * _range_px(values) if inside else np.inf
    return sorted(time for time, height in inside + edge if (time, height) in inside or height >= level)


def _events(walk: _Pass, settings: GaitSettings) -> list[_Event]:
    """Return heel strikes and toe-offs of one pass in time order, none while the person stands."""
    events = []
    kinds: tuple[tuple[ContactKind, float], ...] = (("heel_strike", 1.0), ("toe_off", -1.0))
    for column, side in enumerate(LEGS):
        for kind, sign in kinds:
            signal = sign * walk.ahead_px[:, column]
            times = _maxima_s(
                walk.time_s,
                signal,
                prominence=max(settings.prominence_share * _range_px(signal), 0.05 * walk.leg_px),
                distance_s=settings.distance_share * walk.period_s,
            )
            events += [_Event(side=side, kind=kind, time_s=time) for time in times if not _stands(walk, time)]
    return sorted(events, key=lambda event: event.time_s)


def _stands(walk: _Pass, time_s: float) -> bool:
    return bool(walk.standing[int(np.argmin(np.abs(walk.time_s - time_s)))])


def _stood_between(walk: _Pass, start_s: float, end_s: float) -> bool:
    return bool(walk.standing[(walk.time_s >= start_s) & (walk.time_s <= end_s)].any())


def _steps(walk: _Pass, events: Sequence[_Event], settings: GaitSettings) -> list[_Step]:
    """Return the steps whose events come in order: heel strike, toe-off of the other foot, its heel strike."""
    strikes = [event for event in events if event.kind == "heel_strike"]
    steps = []
    for number, (first, second) in enumerate(pairwise(strikes)):
        duration = second.time_s - first.time_s
        toe_off = any(
            event.kind == "toe_off" and event.side == second.side and first.time_s < event.time_s < second.time_s
            for event in events
        )
        possible = settings.stride_min_s / 2 <= duration <= settings.stride_max_s / 2
        if first.side == second.side or not toe_off or not possible:
            continue
        from_standing = number == 0 and _stood_between(walk, first.time_s - walk.period_s, first.time_s)
        to_standing = number == len(strikes) - 2 and _stood_between(walk, second.time_s, second.time_s + walk.period_s)
        steady = not (from_standing or to_standing or _stood_between(walk, first.time_s, second.time_s))
        steps.append(_Step(side=second.side, start_s=first.time_s, end_s=second.time_s, steady=steady))
    return steps


def _contacts_in_steps(events: Sequence[Sequence[_Event]], steps: Sequence[_Step]) -> list[_Event]:
    """Return the heel strikes that begin or end a step; one by itself may be anything."""
    used = {time_s for step in steps for time_s in (step.start_s, step.end_s)}
    strikes = [event for found in events for event in found if event.kind == "heel_strike" and event.time_s in used]
    return sorted(strikes, key=lambda event: event.time_s)


def _strides(walked: Sequence[Sequence[_Step]], settings: GaitSettings) -> list[Stride]:
    """Join two steps that follow one another to a stride of the foot that begins and ends it."""
    strides = [
        Stride(side=second.side, start_s=first.start_s, end_s=second.end_s)
        for steps in walked
        for first, second in pairwise(steps)
        if abs(first.end_s - second.start_s) < 1e-9
    ]
    plausible = (one for one in strides if settings.stride_min_s <= one.end_s - one.start_s <= settings.stride_max_s)
    return sorted(plausible, key=lambda stride: stride.start_s)


def analyse_gait(
    smoothed: SmoothedTrack,
    angles: AngleSeries,
    *,
    forward: FloatArray,
    view: View,
    settings: GaitSettings,
) -> tuple[GaitSummary, tuple[str, ...]]:
    """Return foot events, strides and metrics, and what a reader must know.

    Parameters
    ----------
    smoothed : SmoothedTrack
    angles : AngleSeries
        On the same times.
    forward : ndarray, shape (T,)
        Walking direction in the picture, +1 right, -1 left, 0 while turning; each direction is analysed by itself.
    view : {"side", "front", "ambiguous"}
        From the front nothing is measured: the events need a side view.
    settings : GaitSettings

    Returns
    -------
    GaitSummary
    notes : tuple of str
    """
    track = smoothed.track
    passes = _passes(track, forward, settings) if view != "front" else []
    events = [_events(walk, settings) for walk in passes]
    walked = [_steps(walk, found, settings) for walk, found in zip(passes, events, strict=True)]
    steps = [step for found in walked for step in found]
    strides = _strides(walked, settings)
    steady = _strides([[step for step in found if step.steady] for found in walked], settings)
    quality = _quality(smoothed, passes)

    def trust(n: int, n_min: int) -> float:
        return confidence(view=view, coverage=quality[0], interpolated=quality[1], n=n, n_min=n_min)

    cadence, notes = _cadence(steps, passes, trust, view, settings)
    metrics = (
        cadence,
        *_times("step_time", [(s.side, s.end_s - s.start_s) for s in steps if s.steady], trust, _N_MIN_STEPS),
        *_times("stride_time", [(s.side, s.end_s - s.start_s) for s in steady], trust, _N_MIN_STRIDES),
        *_angle_metrics(angles, steady, trust),
    )
    contacts = _contacts_in_steps(events, steps)
    summary = GaitSummary(
        mode=_mode(cadence),
        contacts=tuple(
            Contact(
                side=event.side,
                kind=event.kind,
                time_s=event.time_s,
                frame=int(np.argmin(np.abs(track.time_s - event.time_s))),
            )
            for event in contacts
        ),
        strides=tuple(strides),
        metrics=metrics,
    )
    return summary, notes


def _mode(cadence: Metric) -> Literal["walk", "run", "unknown"]:
    if cadence.value is None:
        return "unknown"
    return "run" if cadence.value >= _RUN_MIN_CADENCE_SPM else "walk"


def _quality(smoothed: SmoothedTrack, passes: Sequence[_Pass]) -> tuple[float, float]:
    """Return coverage and interpolated share of the leg joints over all passes, 0 without any."""
    times = [time for walk in passes for time in walk.time_s[~walk.standing]]
    if not times:
        return 0.0, 0.0
    rows = np.searchsorted(smoothed.track.time_s, times)
    legs = list(LEG_KEYPOINTS)
    known = np.isfinite(smoothed.track.xy_px[rows][:, legs, 0])
    return float(known.mean()), float(smoothed.interpolated[rows][:, legs].mean())


def _cadence(
    steps: Sequence[_Step],
    passes: Sequence[_Pass],
    trust: Callable[[int, int], float],
    view: View,
    settings: GaitSettings,
) -> tuple[Metric, tuple[str, ...]]:
    """Return 60 / mean steady step time, both feet, checked against the spectral estimate."""
    name, unit = "cadence", "steps/min"
    durations = np.array([step.end_s - step.start_s for step in steps if step.steady])
    if view == "front":
        return withheld(name, unit, "view"), ()
    if durations.size < 2:
        return withheld(name, unit, "few_steps" if durations.size else "no_steps", n=durations.size), ()
    value = 60.0 / float(durations.mean())
    if not settings.cadence_min_spm <= value <= settings.cadence_max_spm:
        return withheld(name, unit, "implausible", n=durations.size), ()
    spread = float(np.std(60.0 / durations, ddof=1))
    sure = trust(durations.size, _N_MIN_STEPS)
    notes: tuple[str, ...] = ()
    spectral = _spectral_check(passes, settings)
    if np.isfinite(spectral) and abs(spectral - value) > settings.disagreement_max * value:
        sure *= 0.7
        notes = (
            f"Two ways to measure cadence disagree: {value:.0f} steps/min from events, {spectral:.0f} from rhythm.",
        )
    return Metric(name=name, value=value, unit=unit, n=durations.size, sd=spread, confidence=sure), notes


def _spectral_check(passes: Sequence[_Pass], settings: GaitSettings) -> float:
    """Return the spectral cadence of the walking part of the longest pass; NaN when it is shorter than two strides."""
    if not passes:
        return float("nan")
    walk = max(passes, key=lambda one: int((~one.standing).sum()))
    moving = ~walk.standing & np.isfinite(walk.separation_px)
    t = walk.time_s[moving]
    if t.size == 0 or t[-1] - t[0] < 2 * walk.period_s:
        return float("nan")
    return spectral_cadence_spm(t, walk.separation_px[moving], settings)


def _times(
    name: str, samples: Sequence[tuple[Leg, float]], trust: Callable[[int, int], float], n_min: int
) -> list[Metric]:
    """Return one duration metric per side."""
    metrics = []
    for side in LEGS:
        values = [value for which, value in samples if which == side]
        if values:
            metrics.append(measured(name, "s", values, confidence=trust(len(values), n_min // 2), side=side))
        else:
            metrics.append(withheld(name, "s", "few_strides", side=side))
    return metrics


def _per_stride(angles: AngleSeries, name: str, strides: Sequence[Stride]) -> list[FloatArray]:
    """Return the values of an angle in each stride in which it is known nearly throughout."""
    curves = []
    for stride in strides:
        values = angles.angle(name)[(angles.time_s >= stride.start_s) & (angles.time_s <= stride.end_s)]
        if values.size and np.isfinite(values).mean() >= 0.9:
            curves.append(values[np.isfinite(values)])
    return curves


def _angle_metrics(angles: AngleSeries, strides: Sequence[Stride], trust: Callable[[int, int], float]) -> list[Metric]:
    """Return peak and range of the leg angles per side, and the mean trunk lean, over whole strides."""

    def metric(name: str, angle: str, side: Leg | None, value: Callable[[FloatArray], float]) -> Metric:
        own = [stride for stride in strides if side in (None, stride.side)]
        values = [value(curve) for curve in _per_stride(angles, angle, own)]
        if values:
            return measured(name, "deg", values, confidence=trust(len(values), _N_MIN_STRIDES), side=side)
        signed = name in ("hip_range", "trunk_lean_mean")
        known = np.isfinite(angles.angle(angle)).any()
        reason = "facing" if signed and own and not known else "few_strides"
        return withheld(name, "deg", reason, side=side)

    return [
        *(metric("knee_flexion_peak", f"{side}_knee", side, lambda deg: float(deg.max())) for side in LEGS),
        *(metric("knee_range", f"{side}_knee", side, lambda deg: float(np.ptp(deg))) for side in LEGS),
        *(metric("hip_range", f"{side}_hip", side, lambda deg: float(np.ptp(deg))) for side in LEGS),
        metric("trunk_lean_mean", "trunk_lean", None, lambda deg: float(deg.mean())),
    ]
