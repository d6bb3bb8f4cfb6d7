"""Values of a metric over sessions, for tests of verdicts and trends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gaitlab.records import Side, View

FIRST_DAY = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A `Reading`; session numbers count days."""

    session_id: int = 1
    value: float | None = 100.0
    side: Side | None = None
    unit: str = "steps/min"
    confidence: float = 0.9
    n: int = 8
    sd: float | None = 2.0
    kind: str = "gait"
    view: View = "side"
    fps_mean: float | None = 30.0
    model: str | None = "movenet-thunder-fp16"
    is_baseline: bool = False

    @property
    def recorded_at(self) -> datetime:
        return FIRST_DAY + timedelta(days=self.session_id)


def baseline(values: Sequence[float], *, side: Side | None = None, unit: str = "steps/min") -> list[Point]:
    """Sessions marked as baseline on days 1, 2, 3, ..."""
    return [
        Point(session_id=i, value=value, is_baseline=True, side=side, unit=unit)
        for i, value in enumerate(values, start=1)
    ]
