"""A number that GaitLab does not know, for tests that show what a new one needs: a row of the table and its values."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, cast

import pytest

from gaitlab.metrics.table import METRICS, Bound, MetricRow, Typical
from gaitlab.records import Analysis, Metric

STEP_WIDTH: Final = MetricRow(
    name="step_width",
    unit="m",
    label="Step width",
    help="Distance of the feet across the way.",
    noun="placement",
    better="less",
    bound=Bound(change=0.03, source="a drawn study"),
    typical=Typical(low=0.05, high=0.13, source="drawn for a test"),
    needs_side_view=True,
)


def with_row(monkeypatch: pytest.MonkeyPatch, row: MetricRow) -> MetricRow:
    """Add a row to the table of metrics for the length of a test."""
    monkeypatch.setitem(cast("dict[str, MetricRow]", METRICS), row.name, row)
    return row


def with_metric(analysis: Analysis, metric: Metric) -> Analysis:
    """Add a number to an analysis of a walk, as the stage would that measures it."""
    assert analysis.gait is not None
    return replace(analysis, gait=replace(analysis.gait, metrics=(*analysis.gait.metrics, metric)))
