"""The counter that knows no exercise: excursions of the height of the body part that moves most regularly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from gaitlab.motion.runs import known_median
from gaitlab.records import FloatArray
from gaitlab.repetitions.body import Body
from gaitlab.repetitions.counting import Excursion, find_excursions
from gaitlab.settings import RepetitionSettings

__all__ = ["by_heights"]

_RANGE_MIN = 0.08  # of the body height: a forearm that turns by 30 degrees (ours)
_UPPER_LOWER: Final = (
    ("WRIST", "SHOULDER"),
    ("WRIST", "ELBOW"),
    ("ELBOW", "SHOULDER"),
    ("HIP", "KNEE"),
    ("HIP", "ANKLE"),
    ("SHOULDER", "HIP"),
)
_ALIKE_SHARE = 0.6  # of the usual way: turning points further apart than that are another movement (ours)
_SPEED_MAX = 3.0  # body heights per second: no exercise moves a hand faster (ours)
_KNOWN_MIN = 0.2  # share of the clip in which a body part must be seen (ours)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Candidate:
    """A signal and its excursions; `worth` grows with the size and the evenness of the movement."""

    signal: FloatArray
    excursions: tuple[Excursion, ...]
    worth: float


def by_heights(body: Body, settings: RepetitionSettings) -> tuple[list[Excursion], FloatArray]:
    """Return the excursions of the height of the body part that moves most regularly, and that height.

    The candidate signals are heights of hands, elbows, hips and knees over the joints above or below: of both sides
    together, of the higher and of the lower side, upward and downward. They are vertical, so that the camera view does
    not matter, and without left and right, so that sides may alternate. The signal with the largest and most even
    excursions counts; excursions whose posture at the turning point is unlike the others' are left out.
    """
    heights = _heights(body)
    candidates = [one for column in heights.T if (one := _better_way(body.track.time_s, column, settings)) is not None]
    if not candidates:
        return [], np.full(len(body.track), np.nan)
    best = max(candidates, key=lambda one: one.worth)
    return _alike(heights, best.excursions), best.signal


def _heights(body: Body) -> FloatArray:
    """Return heights of joints over others in body heights, shape (T, 3 x pairs): mean, higher and lower side."""
    columns = []
    for one, other in _UPPER_LOWER:
        rise = body.above(body.pair(one), body.pair(other), 1.0)
        known = np.isfinite(rise)
        higher, lower = np.fmax.reduce(rise, axis=1), np.fmin.reduce(rise, axis=1)
        if known.any(axis=1).mean() >= _KNOWN_MIN:
            columns += [(higher + lower) / 2, higher, lower]
    return np.stack(columns, axis=1) if columns else np.empty((len(body.track), 0))


def _better_way(time_s: FloatArray, signal: FloatArray, settings: RepetitionSettings) -> _Candidate | None:
    """Return the excursions upward or downward, whichever are more: a start and end at rest adds one that way."""
    ways = [_candidate(time_s, way, settings) for way in (signal, -signal)]
    known = [one for one in ways if one.excursions]
    if not known:
        return None
    # The way that the first sample is at rest for wins a tie.
    return max(known, key=lambda one: (len(one.excursions), -_first_share(one.signal)))


def _first_share(signal: FloatArray) -> float:
    known = signal[np.isfinite(signal)]
    low, high = np.percentile(known, [2, 98])
    return float((known[0] - low) / (high - low))


def _candidate(time_s: FloatArray, signal: FloatArray, settings: RepetitionSettings) -> _Candidate:
    found = find_excursions(time_s, signal, range_min=_RANGE_MIN, settings=settings)
    full = tuple(one for one in found if one.full and not _jumps(time_s, signal, one))
    heights = np.array([signal[one.turn] - signal[one.start] for one in full])
    worth = float(heights.sum()) * _evenness(heights) * _evenness(np.array([one.end - one.start for one in full]))
    return _Candidate(signal=signal, excursions=full, worth=worth)


def _jumps(time_s: FloatArray, signal: FloatArray, one: Excursion) -> bool:
    """Return whether the signal jumps, as when the model confuses two joints or one side goes out of sight."""
    rows = np.arange(one.start, one.end + 1)
    rows = rows[np.isfinite(signal[rows])]
    return bool(np.max(np.abs(np.diff(signal[rows]) / np.diff(time_s[rows])), initial=0.0) > _SPEED_MAX)


def _evenness(values: FloatArray) -> float:
    """Return the evenness of values: 1 for equal ones, less the more they differ, never below 0.1."""
    if values.size < 2 or values.mean() <= 0:
        return 0.5
    return float(np.clip(1.0 - values.std(ddof=1) / values.mean(), 0.1, 1.0))


def _alike(heights: FloatArray, excursions: Sequence[Excursion]) -> list[Excursion]:
    """Return the excursions whose turning point is like the usual one, by all heights that are seen."""
    turns = np.stack([heights[one.turn] for one in excursions])
    starts = np.stack([heights[one.start] for one in excursions])
    with np.errstate(all="ignore"):
        usual = np.array([known_median(column) for column in turns.T])
        way = np.array([known_median(column) for column in (turns - starts).T])
    length = float(np.sqrt(np.nansum(way**2)))
    away = np.sqrt(np.nansum((turns - usual) ** 2, axis=1))
    return [replace(one) for one, far in zip(excursions, away, strict=True) if far <= _ALIKE_SHARE * length]
