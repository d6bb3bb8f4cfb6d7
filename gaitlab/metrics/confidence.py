"""Confidence, and metrics with and without a value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gaitlab.metrics.table import METRICS
from gaitlab.records import Metric, Side, SmoothedTrack, View
from gaitlab.records.findings import Said, said
from gaitlab.records.skeleton import LEG_KEYPOINTS

__all__ = [
    "FAIR_MIN",
    "FEET_IN_VIDEO",
    "FOOT_TURN_OUT",
    "HIGH_MIN",
    "RUNNING_IN_VIDEO",
    "Trust",
    "computed",
    "confidence",
    "is_never_measured",
    "is_result",
    "is_withheld_as",
    "leg_quality",
    "measured",
    "never_measured",
    "one_of_a_side",
    "withheld",
]

#: Confidence from which the words for it are "high", and from which they are "fair" and no longer "low" *(ours)*.
HIGH_MIN: Final = 0.8
FAIR_MIN: Final = 0.5

#: Why numbers of the feet are withheld where a network tells heel and toe, and what one camera never sees of them.
FEET_IN_VIDEO: Final = "feet_in_video"
FOOT_TURN_OUT: Final = "foot_turn_out"
#: Why numbers of runners are withheld in a video.
RUNNING_IN_VIDEO: Final = "running_in_video"

#: Returns the confidence of a metric from the number of its samples and the number it needs.
Trust = Callable[[int, int], float]

_VIEW_FIT: Final[dict[View, float]] = {"side": 1.0, "ambiguous": 0.6, "front": 0.0}


def confidence(*, view: View | None, coverage: float, interpolated: float, n: int, n_min: int) -> float:
    """Return ``view fit * coverage * (1 - 0.5 * interpolated share) * min(1, n / n_min)``, 0..1.

    Parameters
    ----------
    view : {"side", "front", "ambiguous"} or None
        For metrics that need a side view; None where the view does not matter.
    coverage : float
        Share of frames in which the joints needed are known.
    interpolated : float
        Share of those that were filled in.
    n, n_min : int
        Number of steps, strides or repetitions, and the number the metric needs.
    """
    fit = 1.0 if view is None else _VIEW_FIT[view]
    value = fit * coverage * (1.0 - 0.5 * interpolated) * min(1.0, n / n_min)
    return float(np.clip(value, 0.0, 1.0))


def withheld(name: str, reason: str | Said, *, side: Side | None = None, n: int = 0, unit: str | None = None) -> Metric:
    """Return a metric without a value.

    Parameters
    ----------
    name : str
        Of a row of the table of metrics, which gives the unit.
    reason : str or Said
        Code of the table of sentences; with its values where the sentence has some.
    side : Side, optional
    n : int
        Steps, strides or repetitions that were seen all the same.
    unit : str, optional
        One of the row's other units.
    """
    why = reason if isinstance(reason, Said) else said(reason)
    return Metric(name=name, value=None, unit=_unit(name, unit), side=side, n=n, why=why)


def is_withheld_as(metric: Metric, *codes: str) -> bool:
    """Return whether a metric is withheld for one of the reasons."""
    return metric.why is not None and metric.why.code in codes


def _unit(name: str, wanted: str | None) -> str:
    """Return the unit of a metric; raises KeyError for a name without a row, ValueError for a unit not in the row."""
    row = METRICS[name]
    if wanted is not None and wanted not in (row.unit, *row.other_units):
        raise ValueError(f"{name}: expected a unit of {(row.unit, *row.other_units)}, got {wanted!r}")
    return row.unit if wanted is None else wanted


def leg_quality(smoothed: SmoothedTrack, rows: NDArray[np.integer]) -> tuple[float, float]:
    """Return coverage and interpolated share of the leg joints over some frames of a track; both 0 without frames."""
    if not rows.size:
        return 0.0, 0.0
    legs = list(LEG_KEYPOINTS)
    known = np.isfinite(smoothed.track.xy_px[rows][:, legs, 0])
    return float(known.mean()), float(smoothed.interpolated[rows][:, legs].mean())


def computed(
    name: str,
    value: float,
    *,
    n: int,
    confidence: float,
    sd: float | None = None,
    side: Side | None = None,
    unit: str | None = None,
) -> Metric:
    """Return a metric whose value is not the mean of its samples.

    Parameters
    ----------
    name : str
        Of a row of the table of metrics, which gives the unit.
    value : float
    n : int
        Steps, strides or repetitions it rests on.
    confidence : float
    sd : float, optional
    side : Side, optional
    unit : str, optional
        One of the row's other units.
    """
    return Metric(name=name, value=value, unit=_unit(name, unit), side=side, n=n, sd=sd, confidence=confidence)


def measured(name: str, samples: ArrayLike | Sequence[float], *, confidence: float, side: Side | None = None) -> Metric:
    """Return the mean of at least one sample, with n and the standard deviation (ddof 1; None for one sample)."""
    values = np.asarray(samples, dtype=np.float64)
    sd = float(np.std(values, ddof=1)) if values.size > 1 else None
    return computed(name, float(np.mean(values)), n=values.size, sd=sd, confidence=confidence, side=side)


def one_of_a_side(name: str, samples: Sequence[float], trust: Trust, *, n_min: int, missing: str, side: Side) -> Metric:
    """Return the mean of one side's samples, or the metric withheld for the reason `missing` where there are none."""
    if not samples:
        return withheld(name, missing, side=side)
    return measured(name, samples, confidence=trust(len(samples), n_min), side=side)


def is_result(metric: Metric) -> bool:
    """Return whether a metric tells something: it has a value, or there is nothing but chance to tell of."""
    return metric.value is not None or is_withheld_as(metric, "level_by_chance")


def is_never_measured(metric: Metric) -> bool:
    """Return whether a metric is withheld from every clip, however it is filmed."""
    row = METRICS.get(metric.name)
    if row is None or row.never is None:
        return is_withheld_as(metric, RUNNING_IN_VIDEO)
    return is_withheld_as(metric, row.never, FEET_IN_VIDEO, FOOT_TURN_OUT)


def never_measured() -> list[Metric]:
    """Return the gait metrics that are withheld from every view, since no heel and no toe are tracked."""
    return [withheld(row.name, row.never) for row in METRICS.values() if row.never is not None]
