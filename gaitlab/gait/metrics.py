"""Gait metrics over the steps and strides, each with its confidence or the reason why it is withheld."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from gaitlab.gait.cadence import cadence_of_steps
from gaitlab.gait.corrections import corrected
from gaitlab.gait.events import (
    LEGS,
    N_LEAST_STEPS,
    N_MIN_STEPS_A_SIDE,
    N_MIN_STRIDES,
    Event,
    Leg,
    Pass,
    Step,
    as_contacts,
    contacts_in_steps,
    find_events,
    find_passes,
    find_steps,
    join_strides,
    regular_steps,
)
from gaitlab.gait.feet.contacts import heel_strikes, toe_offs
from gaitlab.gait.feet.positions import Feet, feet_of
from gaitlab.gait.front import analyse_front
from gaitlab.gait.lengths import length_metrics, measure_lengths
from gaitlab.gait.markers import comes_from_markers, has_marked_feet, landing_delay_s, moved
from gaitlab.gait.pace import at_its_pace, changes_speed, swing_time_s
from gaitlab.gait.running import running_metrics
from gaitlab.gait.scale import KnownLengths
from gaitlab.gait.symmetry import evenness_metrics, uneven_findings
from gaitlab.gait.timing import gait_mode, stance_metrics
from gaitlab.gait.toe_off import find_cycles, time_toe_offs, time_touch_downs, toe_offs_in_steps
from gaitlab.metrics.confidence import (
    Trust,
    confidence,
    leg_quality,
    measured,
    never_measured,
    one_of_a_side,
    withheld,
)
from gaitlab.motion.runs import rows_within
from gaitlab.records import (
    AngleSeries,
    Edit,
    FloatArray,
    GaitSummary,
    Metric,
    PoseTrack,
    SmoothedTrack,
    Stride,
    View,
    WalkingDirection,
)
from gaitlab.records.findings import Said, said
from gaitlab.settings import GaitSettings

__all__ = ["analyse_gait", "walking_direction"]

# Beside sensors on eleven walkers the largest knee flexion was 9.6 degrees off, up to 21 (ours: never "sure", 0.8).
_ANGLE_TRUST = 0.7
# Beside sensors the step times of one leg were more than 18 ms off in a quarter of the walks: their sum, the stride, is
# sure, but not how it is shared between the legs (ours).
_ONE_LEG_TRUST = 0.7


def analyse_gait(
    smoothed: SmoothedTrack,
    angles: AngleSeries,
    *,
    forward: FloatArray,
    view: View,
    settings: GaitSettings,
    known: KnownLengths = KnownLengths(),  # noqa: B008  frozen
    edits: Sequence[Edit] = (),
    slow_motion: float = 1.0,
) -> tuple[GaitSummary, tuple[Said, ...]]:
    """Return foot events, strides and metrics, and the findings for the reader of the report.

    Parameters
    ----------
    smoothed : SmoothedTrack
    angles : AngleSeries
        On the same times.
    forward : ndarray, shape (T,)
        The direction the body faces in the picture: +1 right, -1 left, 0 while turning; each direction is analysed by
        itself. The feet show whether the person walks forward or backward; where both occur, the longer part is
        measured.
    view : {"side", "front", "ambiguous"}
        From the front only cadence, step time and stride time are measured: see `gaitlab.gait.front`.
    settings : GaitSettings
    known : KnownLengths
        The data that turn pixels into metres; without them lengths and speed are withheld.
    edits : sequence of Edit
        Contacts corrected by hand; without effect in a view from the front.
    slow_motion : float
        The factor that the times of the track were divided by, for the findings.

    Returns
    -------
    GaitSummary
    findings : tuple of Said
    """
    if view == "front":
        return analyse_front(smoothed, settings, slow_motion=slow_motion)
    track = smoothed.track
    passes, of_way = _one_way(find_passes(track, forward, settings))
    found_events = [time_touch_downs(track, walk, find_events(walk, settings)) for walk in passes]
    seen = list(zip(passes, found_events, strict=True))
    events = [corrected(_with_strikes(track, *one), one[0], edits, "heel_strike") for one in seen]
    walked = regular_steps([find_steps(walk, found, settings) for walk, found in zip(passes, events, strict=True)])
    times = [time for walk in passes for time in walk.time_s[~walk.standing]]
    coverage, interpolated = leg_quality(smoothed, np.searchsorted(smoothed.track.time_s, times))

    def trust(n: int, n_min: int) -> float:
        return confidence(view=view, coverage=coverage, interpolated=interpolated, n=n, n_min=n_min)

    steady = [[step for step in steps if step.steady] for steps in walked]
    strides = join_strides(steady, settings)
    cadence, findings = cadence_of_steps(track, steady, strides, passes, trust, settings)
    missing = "few_strides"
    if cadence.value is None and cadence.n >= N_LEAST_STEPS:  # there are steps, but not the steps of walking
        walked, steady, strides, missing = [], [[] for _ in walked], [], "doubtful_steps"
    lifts = [one for walk, found in seen for one in corrected(_by_ankle(track, walk, found), walk, edits, "toe_off")]
    mode = gait_mode(cadence, find_cycles(strides, lifts))
    if mode == "walk":
        lifts = [one for walk, found in seen for one in corrected(_by_toe(track, walk, found), walk, edits, "toe_off")]
    cycles = find_cycles(strides, lifts)
    lengths = measure_lengths(track, passes, steady, known, settings, missing=missing)
    timing = [*_step_metrics(steady, strides, trust, missing)]
    no_stance = "backward" if _backward(passes) else "no_toe_off"
    timing += stance_metrics(cycles, trust, mode=mode, missing=no_stance if strides else missing)
    timing += length_metrics(lengths, trust, settings)
    timing += evenness_metrics(steady, strides, trust, interval_s=_interval_s(track), missing=missing)
    flat = [step for steps in walked for step in steps]
    contacts = [*contacts_in_steps(events, flat), *([] if mode == "run" else toe_offs_in_steps(lifts, flat))]
    given = [cadence, *timing, *_angle_metrics(angles, strides, trust, missing)]
    if mode == "run":
        given += running_metrics(track, list(zip(passes, steady, strict=True)), trust, known=known)
    given, of_pace = at_its_pace(
        given, swing_time_s(cadence, cycles, mode), changes=changes_speed(track, forward), slow_motion=slow_motion
    )
    summary = GaitSummary(
        mode=mode,
        contacts=as_contacts(sorted(contacts, key=lambda one: one.time_s), track),
        strides=tuple(join_strides(walked, settings)),
        metrics=(*given, *never_measured()),
    )
    return summary, (
        *(of_way if contacts else ()),
        *of_pace,
        *findings,
        *lengths.findings,
        *uneven_findings(timing, view),
    )


def _feet(track: PoseTrack, walk: Pass) -> Feet | None:
    """Return heels and toes of a pass where they tell the contacts: of markers, walking forward."""
    return feet_of(track, walk) if has_marked_feet(track) and not walk.backward else None


def _delay_s(track: PoseTrack, walk: Pass, found: Sequence[Event]) -> float:
    return landing_delay_s(walk, found) if comes_from_markers(track) else 0.0


def _with_strikes(track: PoseTrack, walk: Pass, found: Sequence[Event]) -> list[Event]:
    """Return the events of a pass with its heel strikes timed by heel and toe, else by the ankle."""
    moved_on = moved(found, _delay_s(track, walk, found))
    feet = _feet(track, walk)
    strikes = heel_strikes(walk, feet, found) if feet is not None else None
    if strikes is None:
        return moved_on
    return sorted([*strikes, *(one for one in moved_on if one.kind == "toe_off")], key=lambda one: one.time_s)


def _by_ankle(track: PoseTrack, walk: Pass, found: Sequence[Event]) -> list[Event]:
    return moved(time_toe_offs(track, walk, found), _delay_s(track, walk, found))


def _by_toe(track: PoseTrack, walk: Pass, found: Sequence[Event]) -> list[Event]:
    """Return the toe-offs of a walk by the toe, else by the ankle."""
    feet = _feet(track, walk)
    offs = toe_offs(walk, feet, found) if feet is not None else None
    return _by_ankle(track, walk, found) if offs is None else offs


def walking_direction(track: PoseTrack, forward: FloatArray, settings: GaitSettings) -> WalkingDirection:
    """Return whether the passes that are measured are walked forward or backward; "unknown" where there is none."""
    passes, _ = _one_way(find_passes(track, forward, settings))
    return "unknown" if not passes else "backward" if _backward(passes) else "forward"


def _backward(passes: Sequence[Pass]) -> bool:
    return any(walk.backward for walk in passes)


def _one_way(passes: Sequence[Pass]) -> tuple[list[Pass], tuple[Said, ...]]:
    """Return the passes walked forward, or those walked backward where these last longer, and the findings on them."""
    ways = {backward: [walk for walk in passes if walk.backward == backward] for backward in (False, True)}
    span_s = {way: sum(float(np.ptp(walk.time_s)) for walk in found) for way, found in ways.items()}
    way = span_s[True] > span_s[False]
    findings = [said("backward_contacts")] if way else []
    if ways[not way]:
        ranges_s = [(walk.time_s[0], walk.time_s[-1]) for walk in ways[not way]]
        findings.append(said("other_way", ranges_s=ranges_s, way="forward" if way else "backward"))
    return ways[way], tuple(findings)


def _interval_s(track: PoseTrack) -> float:
    return float(np.median(np.diff(track.time_s)))


def _step_metrics(
    steady: Sequence[Sequence[Step]], strides: Sequence[Stride], trust: Trust, missing: str
) -> list[Metric]:
    step_times = [(step.side, step.end_s - step.start_s) for steps in steady for step in steps]
    stride_times = [(stride.side, stride.end_s - stride.start_s) for stride in strides]

    def less_trust(n: int, n_min: int) -> float:
        return _ONE_LEG_TRUST * trust(n, n_min)

    return [
        *_times("step_time", step_times, less_trust, N_MIN_STEPS_A_SIDE, missing),
        *_times("stride_time", stride_times, trust, N_MIN_STRIDES, missing),
    ]


def _times(name: str, samples: Sequence[tuple[Leg, float]], trust: Trust, n_min: int, missing: str) -> list[Metric]:
    """Return one duration metric per side."""
    return [
        one_of_a_side(
            name, [s for which, s in samples if which == side], trust, n_min=n_min, missing=missing, side=side
        )
        for side in LEGS
    ]


def _per_stride(angles: AngleSeries, name: str, strides: Sequence[Stride]) -> list[FloatArray]:
    """Return the values of an angle in each stride in which it is known nearly throughout."""
    curves = []
    for stride in strides:
        values = angles.angle(name)[rows_within(angles.time_s, stride.start_s, stride.end_s)]
        if values.size and np.isfinite(values).mean() >= 0.9:
            curves.append(values[np.isfinite(values)])
    return curves


def _angle_metrics(angles: AngleSeries, strides: Sequence[Stride], trust: Trust, missing: str) -> list[Metric]:
    """Return peak and range of the leg angles per side, and the mean trunk lean, over whole strides."""

    def metric(name: str, angle: str, side: Leg | None, value: Callable[[FloatArray], float]) -> Metric:
        own = [stride for stride in strides if side in (None, stride.side)]
        values = [value(curve) for curve in _per_stride(angles, angle, own)]
        if values:
            sure = _ANGLE_TRUST * trust(len(values), N_MIN_STRIDES)
            return measured(name, values, confidence=sure, side=side)
        signed = name in ("hip_range", "trunk_lean_mean")
        known = np.isfinite(angles.angle(angle)).any()
        reason = "facing" if signed and own and not known else missing
        return withheld(name, reason, side=side)

    return [
        *(metric("knee_flexion_peak", f"{side}_knee", side, lambda deg: float(deg.max())) for side in LEGS),
        *(metric("knee_range", f"{side}_knee", side, lambda deg: float(np.ptp(deg))) for side in LEGS),
        *(metric("hip_range", f"{side}_hip", side, lambda deg: float(np.ptp(deg))) for side in LEGS),
        metric("trunk_lean_mean", "trunk_lean", None, lambda deg: float(deg.mean())),
    ]
