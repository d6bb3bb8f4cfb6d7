"""How much numbers depend on the pose network that found the keypoints: an uncertainty that no one network shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gaitlab.metrics.words import metric_label, metric_value, rounded
from gaitlab.records import Analysis, Metric
from gaitlab.records.findings import said

__all__ = ["ByNetwork", "by_network", "with_networks"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ByNetwork:
    """One number as several networks give it, for the same frames and the same person.

    Attributes
    ----------
    metric : Metric
        As the first network gives it.
    values : mapping of str to float or None
        By name of the network, in its unit; None where it was withheld.
    """

    metric: Metric
    values: Mapping[str, float | None]

    @property
    def spread(self) -> float | None:
        """Largest less smallest value; None where fewer than two networks give one."""
        given = [value for value in self.values.values() if value is not None]
        return max(given) - min(given) if len(given) > 1 else None


def by_network(metrics: Mapping[str, Sequence[Metric]]) -> tuple[ByNetwork, ...]:
    """Return every number of the first network with what the others say, matched by name and side.

    Parameters
    ----------
    metrics : mapping of str to sequence of Metric
        By name of the network; the first one is that of the report. Values are compared as they are shown.
    """
    tables = {
        network: {(one.name, one.side): rounded(one).value for one in reversed(numbers)}
        for network, numbers in metrics.items()
    }
    first = next(iter(metrics.values()), ())
    return tuple(
        ByNetwork(
            metric=metric,
            values={network: table.get((metric.name, metric.side)) for network, table in tables.items()},
        )
        for metric in first
    )


def with_networks(analysis: Analysis, numbers: Sequence[ByNetwork]) -> Analysis:
    """Return an analysis that says by how much its numbers differ between networks, and which only it gives.

    The line stays when the analysis is put right later, as an analysis of the track alone cannot find it again.
    """
    if not numbers:
        return analysis
    differ = [
        f"{metric_label(one.metric)} {metric_value(replace(one.metric, value=one.spread))}"
        for one in numbers
        if one.spread is not None
    ]
    # Where the network of the report gives no number, its reason stands there.
    only = [metric_label(one.metric) for one in numbers if one.metric.value is not None and one.spread is None]
    line = said("by_network", networks=list(numbers[0].values), differ=differ, only=only)
    return replace(analysis, findings=(*analysis.findings, line), input_findings=(*analysis.input_findings, line))
