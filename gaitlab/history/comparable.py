"""The rule for comparing sessions of a person: same way of measuring and enough confidence."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Protocol

from gaitlab.metrics.confidence import FAIR_MIN
from gaitlab.metrics.words import rate_words, view_words
from gaitlab.records import Metric, Side, View
from gaitlab.repetitions.activities import activity_label

__all__ = ["CONFIDENCE_MIN", "Measurement", "is_comparable", "reasons_not_comparable", "usable"]

#: Below this, confidence is called "low" *(ours)*: such a number gets no verdict and is compared with no other.
CONFIDENCE_MIN: Final = FAIR_MIN
#: Frame rates that differ by up to a quarter count as similar *(ours)*: 24, 25 and 30 are one group, 50 and 60 another.
#: The error that the frame grid adds to a time (interval / sqrt(6)) then also differs by at most a quarter; from 30 to
#: 60 it halves.
_RATE_RATIO_MAX: Final = 1.26


class Measurement(Protocol):
    """One value of a metric and the conditions of its measurement, such as a point of the store's history."""

    @property
    def session_id(self) -> int: ...  # noqa: D102
    @property
    def recorded_at(self) -> datetime: ...  # noqa: D102
    @property
    def side(self) -> Side | None: ...  # noqa: D102
    @property
    def value(self) -> float | None: ...  # noqa: D102
    @property
    def unit(self) -> str: ...  # noqa: D102
    @property
    def confidence(self) -> float: ...  # noqa: D102
    @property
    def n(self) -> int: ...  # noqa: D102
    @property
    def sd(self) -> float | None: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def view(self) -> View: ...  # noqa: D102
    @property
    def fps_mean(self) -> float | None: ...  # noqa: D102
    @property
    def model(self) -> str | None: ...  # noqa: D102
    @property
    def is_baseline(self) -> bool: ...  # noqa: D102


def reasons_not_comparable(a: Measurement, b: Measurement) -> tuple[str, ...]:
    """Return the reasons why two sessions cannot be compared, as ends of "the session …"; empty when they can."""
    reasons = []
    if a.kind != b.kind:
        reasons.append(f"shows something else ({activity_label(b.kind).lower()})")
    if a.view != b.view:
        reasons.append(f"was seen {view_words(b.view)}, not {view_words(a.view)}")
    if not _similar_rate(a.fps_mean, b.fps_mean):
        reasons.append(f"has {rate_words(b.fps_mean)}, not {rate_words(a.fps_mean)}")
    if a.model != b.model:
        reasons.append("was measured with another pose model")
    if a.unit != b.unit:
        reasons.append("has another unit")
    return tuple(reasons)


def _similar_rate(a: float | None, b: float | None) -> bool:
    if a is None or b is None:
        return a is b
    return max(a, b) <= _RATE_RATIO_MAX * min(a, b)


def usable(measurement: Measurement | Metric) -> bool:
    """Return whether a measurement has a value with enough confidence to be compared."""
    return measurement.value is not None and measurement.confidence >= CONFIDENCE_MIN


def is_comparable(new: Measurement, earlier: Measurement) -> bool:
    """Return whether an earlier session can be compared with a new one."""
    return usable(earlier) and not reasons_not_comparable(new, earlier)
